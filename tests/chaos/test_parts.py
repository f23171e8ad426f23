"""The parts of the fault test that a run relies on without showing it."""

from __future__ import annotations

import uuid
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from tests.chaos.log import Intent, Log, read_logs
from tests.chaos.replay import replay

FACILITY = uuid.UUID(int=1)
GRANTED = (
    ("line.set", {"total": 1_000}),
    ("facility.offered", {"status": "offered", "most": 500, "pool": "p", "leads": True}),
    ("facility.opened", {"status": "active"}),
)


def events(*told: tuple[str, dict[str, Any]]) -> list[Any]:
    """Events of one facility, numbered."""
    return [SimpleNamespace(number=at, kind=kind, facility_id=FACILITY, body=body) for at, (kind, body) in enumerate(told, 1)]


def test_a_replay_ends_at_the_sums() -> None:
    paid_out = ("loan.paid_out", {"agreement": {"principal": 500}})
    repaid = ("loan.repaid", {"changed": {"principal_repaid": 120, "interest_paid": 3}})
    customer, complaints = replay(events(*GRANTED, ("draw.reserved", {"amount": 500}), paid_out, repaid))
    assert (customer.owed, customer.reserved, complaints) == (380, 0, [])


def test_a_replay_tells_of_a_draw_beyond_the_headroom() -> None:
    lowered = ("facility.limit_changed", {"most": 200})
    _, complaints = replay(events(*GRANTED, ("draw.reserved", {"amount": 150}), lowered, ("draw.reserved", {"amount": 51})))
    assert complaints == ["event 6: 51 drawn on a facility that is active, with room for 50"]


def test_a_log_goes_on_after_a_line_that_was_cut(tmp_path: Path) -> None:
    path, intent = tmp_path / "client.log", Intent("k1", FACILITY, "draw", {"amount": 1})
    first = Log(path)
    first.write("intent", intent.to_dict())
    first.close()
    with path.open("ab") as file:
        file.write(b'{"answer": {"key": "k1", "do')
    second = Log(path)
    assert second.before.unanswered == [intent]
    assert second.before.lives == 1
    second.write("answer", {"key": "k1", "done": True, "body": {}, "repeated": False})
    second.close()
    record = read_logs(tmp_path)
    assert (record.lives, record.unanswered, record.left) == (2, [], ["k1"])
