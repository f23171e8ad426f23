"""Cases in the database: a life, races, capacity, expiry, and that the acts tell the whole story."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import psycopg
import pytest

from shouxin.foundation.ids import new_id
from shouxin.foundation.refusal import Refusal
from shouxin.infra.access import cases
from shouxin.infra.access.audit import audit_of
from shouxin.infra.access.cases import ActKind, Case, CaseStatus, CaseUnknown, NewCase, QueueFull, Verdict
from shouxin.infra.access.queues import QUEUES
from shouxin.infra.db.connect import Connection, Target, connect
from shouxin.infra.db.keys_errors import SealBroken
from shouxin.infra.db.unit import Unit, in_unit
from tests.infra.access.staff import (
    AUDITOR,
    MANAGER,
    OFFICER,
    ONE_DAY,
    SECOND,
    TODAY,
    WHY,
    approve,
    case,
    customer,
    do,
    kept,
    opened,
)

WORDS = "客户王小明的流水与申报不符"
KINDS = ("referral", "contest", "dispute", "overlay")


@pytest.fixture(scope="module")
def desk(database: Target) -> Iterator[Connection]:
    """A connection as the application."""
    with connect(database.app) as connection:
        yield connection


def test_a_case_from_its_opening_to_its_decision(desk: Connection) -> None:
    key = customer(desk)
    first = opened(desk, key, yuan=800_000)
    do(desk, lambda unit: cases.take(unit, first, OFFICER, TODAY))
    do(desk, lambda unit: cases.decide(unit, first, OFFICER, approve(600_000, WORDS), TODAY, key))
    do(desk, lambda unit: cases.send_back(unit, first, MANAGER, "额度偏高，请重新测算", TODAY, key))
    proposal = do(desk, lambda unit: cases.decide(unit, first, OFFICER, approve(500_000, WORDS), TODAY + ONE_DAY, key))
    assert (proposal.status, proposal.granted, proposal.ended) == (CaseStatus.PROPOSED, 50_000_000, None)
    do(desk, lambda unit: cases.take(unit, first, MANAGER, TODAY + ONE_DAY))
    do(desk, lambda unit: cases.release(unit, first, MANAGER, TODAY + ONE_DAY))
    last = do(desk, lambda unit: cases.decide(unit, first, SECOND, approve(500_000), TODAY + ONE_DAY, key))
    assert last == kept(desk, first) == do(desk, lambda unit: cases.find_case(unit, first.case_id))
    assert (last.maker, last.checker, last.outcome, last.ended) == ("officer", "second", "approve", TODAY + ONE_DAY)
    acts = do(desk, lambda unit: cases.story(unit, last, key))
    assert [(each.kind.value, each.principal, each.granted, each.reason) for each in acts] == [
        ("opened", "portal", None, None),
        ("taken", "officer", None, None),
        ("proposed", "officer", 60_000_000, WORDS),
        ("sent_back", "manager", None, "额度偏高，请重新测算"),
        ("proposed", "officer", 50_000_000, WORDS),
        ("taken", "manager", None, None),
        ("released", "manager", None, None),
        ("decided", "second", 50_000_000, WHY),
    ]
    audited = [each.entry for each in do(desk, lambda unit: audit_of(unit, key.customer_id))]
    assert [(each.action, each.detail["act"], each.principal, each.about) for each in audited] == [
        (f"case.{action}", each.kind.value, each.principal, str(first.case_id))
        for each, action in zip(acts, ACTIONS, strict=True)
    ]


ACTIONS = ("open", "take", "decide", "decide", "decide", "take", "release", "decide")


def test_reasons_are_sealed(desk: Connection) -> None:
    key = customer(desk)
    found = opened(desk, key)
    verdict = Verdict("decline", None, WORDS)
    do(desk, lambda unit: cases.decide(unit, found, OFFICER, verdict, TODAY, key))
    rows: list[Any] = desk.execute(
        "SELECT case_act::text, encode(sealed, 'hex') FROM case_act WHERE case_id = %s", [found.case_id]
    ).fetchall()
    rows += desk.execute("SELECT audit::text, '' FROM audit WHERE customer_id = %s", [found.customer_id]).fetchall()
    desk.rollback()
    assert len(rows) == 4
    assert not any("王小明" in text or "王小明".encode().hex() in (sealed or "") for text, sealed in rows)
    assert WORDS not in repr(verdict)
    assert [each.reason for each in do(desk, lambda unit: cases.story(unit, found, None))] == [None, None]
    with pytest.raises(SealBroken):
        do(desk, lambda unit: cases.story(unit, found, replace(key, key=bytes(32))))


def test_a_case_that_there_is_not(desk: Connection) -> None:
    key, found = customer(desk), case()
    acts: list[Callable[[Unit], Any]] = [
        lambda unit: cases.take(unit, found, OFFICER, TODAY),
        lambda unit: cases.release(unit, found, OFFICER, TODAY),
        lambda unit: cases.decide(unit, found, AUDITOR, approve(0), TODAY, key),
        lambda unit: cases.send_back(unit, found, OFFICER, "", TODAY, key),
        lambda unit: cases.expire(unit, found, TODAY),
        lambda unit: cases.case_of(unit, found.customer_id, found.case_id),
        lambda unit: cases.find_case(unit, found.case_id),
    ]
    for act in acts:
        with pytest.raises(CaseUnknown):
            do(desk, act)
    others = opened(desk, key)
    with pytest.raises(CaseUnknown):
        do(desk, lambda unit: cases.case_of(unit, customer(desk).customer_id, others.case_id))


def test_a_repeat_writes_nothing(desk: Connection) -> None:
    key = customer(desk)
    found = opened(desk, key)
    for act in (cases.take, cases.take, cases.release, cases.release):
        do(desk, partial(act, case=found, by=OFFICER, today=TODAY))
    assert [each.kind for each in do(desk, lambda unit: cases.story(unit, found, key))] == ["opened", "taken", "released"]


def at_once(database: Target, works: Sequence[Callable[[Unit], Any]]) -> list[Any]:
    """What became of works that begin together, each on a connection of its own: its result, or its refusal."""
    got: list[Any] = []
    start = threading.Barrier(len(works))

    def run(work: Callable[[Unit], Any]) -> None:
        with connect(database.app) as own:
            start.wait()
            try:
                got.append(in_unit(own, work))
            except Refusal as refusal:
                got.append(refusal)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return got


def codes(found: Sequence[Any]) -> list[str]:
    return sorted(each.code if isinstance(each, Refusal) else "done" for each in found)


def test_of_two_who_take_a_case_one_has_it(desk: Connection, database: Target) -> None:
    for _ in range(5):
        found = opened(desk, customer(desk))
        who = (OFFICER, SECOND)
        got = at_once(database, [partial(cases.take, case=found, by=by, today=TODAY) for by in who])
        assert codes(got) == ["CaseTaken", "done"]
        [winner] = [each.taken_by for each in got if isinstance(each, Case)]
        assert kept(desk, found).taken_by == winner


def test_of_two_who_decide_a_case_one_has_decided_it(desk: Connection, database: Target) -> None:
    for _ in range(5):
        key = customer(desk)
        found = opened(desk, key)
        verdicts = ((OFFICER, approve(100)), (SECOND, Verdict("decline", None, WHY)))
        asked: dict[str, Any] = {"case": found, "today": TODAY, "key": key}
        got = at_once(database, [partial(cases.decide, by=by, verdict=verdict, **asked) for by, verdict in verdicts])
        assert codes(got) == ["CaseNotOpen", "done"]
        assert [each.kind for each in do(desk, partial(cases.story, case=found, key=key))] == ["opened", "decided"]


def test_a_queue_takes_no_more_than_it_can(desk: Connection, database: Target, monkeypatch: pytest.MonkeyPatch) -> None:
    waits = do(desk, cases.waiting)["overlays"]
    small = replace(QUEUES["overlays"], capacity=waits + 3)
    monkeypatch.setattr(cases, "QUEUES", {**QUEUES, "overlays": small})
    new = [NewCase(customer(desk).customer_id, "overlay", new_id(), 0, "en") for _ in range(8)]
    got = at_once(database, [partial(cases.open_case, new=each, today=TODAY) for each in new])
    assert codes(got) == ["QueueFull"] * 5 + ["done"] * 3
    assert do(desk, cases.waiting)["overlays"] == waits + 3
    assert QueueFull.passing
    done = next(each for each in got if isinstance(each, Case))
    do(desk, lambda unit: cases.expire(unit, done, done.expires + ONE_DAY))
    do(desk, lambda unit: cases.open_case(unit, new[0], TODAY))


def test_what_nobody_decides_expires(desk: Connection) -> None:
    key = customer(desk)
    dispute, referral = opened(desk, key, "dispute"), opened(desk, key)
    assert (dispute.expires - TODAY).days == 20 > (referral.expires - TODAY).days

    def ours(today: Any) -> list[uuid.UUID]:
        found = do(desk, lambda unit: cases.due(unit, today, KINDS, 1_000))
        return [each.case_id for each in found if each.customer_id == key.customer_id]

    assert ours(referral.expires) == []
    assert ours(referral.expires + ONE_DAY) == [referral.case_id]
    assert ours(dispute.expires + ONE_DAY) == [referral.case_id, dispute.case_id]
    assert len(do(desk, lambda unit: cases.due(unit, dispute.expires + ONE_DAY, KINDS, 1))) == 1
    do(desk, partial(cases.expire, case=referral, today=dispute.expires + ONE_DAY))
    for _ in range(2):
        do(desk, partial(cases.mark_late, case=dispute, today=dispute.expires + ONE_DAY))
    assert ours(dispute.expires + ONE_DAY) == []
    found = do(desk, lambda unit: cases.cases_of(unit, key.customer_id))
    assert [(each.case_id, each.status, each.outcome, each.late) for each in found] == [
        (dispute.case_id, "open", None, dispute.expires + ONE_DAY),
        (referral.case_id, "expired", "decline", None),
    ]
    ends = [do(desk, partial(cases.story, case=each, key=None))[-1] for each in (referral, dispute)]
    assert [(each.kind, each.principal, each.outcome, each.number) for each in ends] == [
        (ActKind.EXPIRED, "system", "decline", 2),
        (ActKind.LATE, "system", None, 2),
    ]


def test_a_queue_is_listed_by_expiry(desk: Connection) -> None:
    keys = [customer(desk) for _ in range(5)]
    for number, key in enumerate(keys):
        new = NewCase(key.customer_id, "contest", new_id(), 0, "zh")
        do(desk, partial(cases.open_case, new=new, today=TODAY + number % 3 * 7 * ONE_DAY))
    every = do(desk, lambda unit: cases.open_cases(unit, "contests", 1_000))
    assert len(every) == 5 and [each.expires for each in every] == sorted(each.expires for each in every)
    paged: list[Case] = []
    while page := do(desk, partial(cases.open_cases, queue="contests", limit=2, after=paged[-1] if paged else None)):
        paged += page
    assert paged == list(every)
    assert do(desk, cases.waiting)["contests"] == 5
    verdict = Verdict("stands", None, WHY)
    do(desk, lambda unit: cases.decide(unit, every[0], OFFICER, verdict, TODAY, keys[0]))
    assert do(desk, cases.waiting)["contests"] == 4
    assert set(do(desk, cases.waiting)) == set(QUEUES)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE case_act SET principal = 'x'",
        "DELETE FROM case_act",
        "DELETE FROM case_file",
        "UPDATE case_file SET amount = 1",
        "UPDATE case_file SET expires = expires + 100",
        "UPDATE case_file SET fallback = 'approve'",
    ],
)
def test_history_is_not_changed(change: str, desk: Connection) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        desk.execute(change.encode())
    desk.rollback()
