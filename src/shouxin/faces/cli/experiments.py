"""`shouxin policy challenge` and its kin: a second bundle that watches the one in force, or decides a share of applications."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from shouxin.desk.decisions.experiments import Challenge, Experiment, challenge, end_experiment, experiments
from shouxin.desk.servicing.own_requests import perform_own
from shouxin.engines.policy.compile import compile_policy
from shouxin.faces.cli.answers_shown import Shown, show_table
from shouxin.faces.cli.session import Session
from shouxin.foundation.days import read_day
from shouxin.foundation.rates import read_percent, write_percent
from shouxin.foundation.texts import Text
from shouxin.infra.access.requests import Answer, Request
from shouxin.infra.db.unit import Unit

EXPERIMENT = (
    (Text("编号", "No."), True),
    (Text("策略包", "Bundle"), False),
    (Text("开始日", "From"), False),
    (Text("结束日", "Until"), False),
    (Text("分流比例", "Share"), True),
    (Text("申请上限", "At most"), True),
    (Text("已决定", "Decided"), True),
)


def begin(
    session: Session,
    bundle: Annotated[
        str, typer.Argument(metavar="DIR", help="The challenger: a bundle's folder, or the name of a shipped one.")
    ],
    since: Annotated[str, typer.Option("--from", metavar="DATE", help="The first day, YYYY-MM-DD.")],
    until: Annotated[str, typer.Option(metavar="DATE", help="The last day, YYYY-MM-DD.")],
    share: Annotated[str, typer.Option(help="Percent of the customers whose applications it decides; 0: it only watches.")] = "0",
    most: Annotated[int, typer.Option(min=0, help="How many applications it decides at most.")] = 0,
) -> Answer:
    """Let a second bundle watch, or decide a random share of the applications up to a cap; both decisions are kept."""
    policy = compile_policy(bundle)
    days = (read_day(since, "from"), read_day(until, "until"))
    wanted = Challenge(policy.bundle, *days, read_percent(share, "share"), most)
    body = {"bundle": policy.bundle.hash, "from": days[0], "until": days[1], "share_ppm": wanted.share_ppm, "most": most}
    today, principal = session.today, session.principal

    def act(unit: Unit) -> Mapping[str, Any]:
        return {"experiment": challenge(unit, wanted, principal, today).number}

    return perform_own(session.connection, Request(principal, session.key, "policy.challenge", body), act, today)


def end(session: Session, number: Annotated[int, typer.Argument(metavar="NUMBER", min=1)]) -> Answer:
    """End an experiment today."""
    today, principal = session.today, session.principal

    def act(unit: Unit) -> Mapping[str, Any]:
        end_experiment(unit, number, principal, today)
        return {"experiment": number}

    return perform_own(session.connection, Request(principal, session.key, "policy.challenge", {"end": number}), act, today)


def listed(session: Session) -> Shown:
    """Show all experiments, and how many applications each has decided."""
    return _shown(session.look(experiments), session.lang)


def _shown(found: Any, lang: str) -> Shown:
    def row(each: Experiment) -> tuple[str, ...]:
        days = (each.since.isoformat(), each.until.isoformat())
        return (
            str(each.number),
            each.bundle.hex()[:12],
            *days,
            f"{write_percent(each.share_ppm)}%",
            str(each.most),
            str(each.decided),
        )

    names = ("number", "bundle", "from", "until", "share", "most", "decided")
    rows = [row(each) for each in found]
    return Shown([dict(zip(names, each, strict=True)) for each in rows], lambda: show_table(EXPERIMENT, rows, lang))
