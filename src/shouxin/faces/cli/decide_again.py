"""`shouxin decide replay`: a kept decision made again from the facts and the bundle that were kept with it."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from shouxin.desk.decisions.store import Replayed, replay
from shouxin.faces.cli.answers_shown import Shown, show_lines
from shouxin.faces.cli.session import Session
from shouxin.foundation.ids import read_id
from shouxin.foundation.refusal import Refusal
from shouxin.foundation.texts import Text
from shouxin.infra.access.audit import Entry, note
from shouxin.infra.db.unit import Unit

LINES = {
    "decision": Text("审批结论编号", "decision"),
    "customer": Text("客户", "customer"),
    "kind": Text("用途", "made for"),
    "day": Text("营业日", "day"),
    "bundle": Text("策略包", "bundle"),
    "engine": Text("引擎版本", "engine"),
    "sha256": Text("存档校验值", "hash as kept"),
    "same": Text("重算结果", "made again"),
}
SAME = Text("逐字节一致", "the same bytes")


class DecisionDiffers(Refusal):
    """A kept decision that does not come out again, or whose bytes are not those that were hashed."""

    en = "the bytes whose hash was kept, and the same again from the kept facts; verify the database, or restore it from a backup"
    zh = "存档内容与校验值不符，或重算结果不一致，请核验数据库或用备份恢复"


def replayed(
    session: Session,
    decision: Annotated[str, typer.Argument(metavar="ID", help="The decision's id.")],
) -> Shown:
    """Decide once more from what was kept: the same bytes must come out. The audit notes who looked."""
    decision_id, today = read_id(decision, "decision"), session.today

    def look(unit: Unit) -> Replayed:
        found = replay(unit, session.house.ring, decision_id)
        note(unit, Entry(session.principal, "decision.read", today, found.kept.customer_id, str(decision_id)))
        return found

    found = session.look(look)
    if not (found.same and found.unaltered):
        raise DecisionDiffers("decision", decision_id)
    return _shown(found, session.lang)


def _shown(found: Replayed, lang: str) -> Shown:
    kept = found.kept
    about: dict[str, Any] = {
        "decision": str(kept.decision_id),
        "customer": str(kept.customer_id),
        "kind": kept.kind.value,
        "day": kept.day.isoformat(),
        "bundle": kept.bundle.hex()[:12],
        "engine": kept.engine,
        "sha256": kept.sha256.hex(),
    }
    lines = [(LINES[name].in_language(lang), value) for name, value in about.items()]
    again = (LINES["same"].in_language(lang), SAME.in_language(lang))
    return Shown({**about, "same": True, "decided": json.loads(found.again)}, lambda: show_lines([*lines, again]))
