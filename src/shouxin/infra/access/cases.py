"""Cases: what a person decides, within their authority, before a day. Read first: `open_case`, `decide`.

Each act holds the case's row until the end of the transaction and looks at it as it stands then: of two persons who act at once
the second sees what the first has done. What the acts refuse, and in which order, is in `case_rules.py`. Nothing here tells the
customer: whoever calls does, in the same transaction. In the order of locks a case comes after its customer and what is theirs.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from shouxin.infra.access import case_rules as rules
from shouxin.infra.access.audit import Entry, note
from shouxin.infra.access.case_errors import CaseUnknown, QueueFull
from shouxin.infra.access.case_model import SYSTEM, Act, ActKind, Case, CaseStatus, NewCase, Verdict
from shouxin.infra.access.principals import Principal
from shouxin.infra.access.queues import QUEUES, queue_of
from shouxin.infra.db.keys_of_customers import CustomerKey, Where
from shouxin.infra.db.queries import load_queries
from shouxin.infra.db.unit import Unit

__all__ = [
    "Act",
    "ActKind",
    "Case",
    "CaseStatus",
    "CaseUnknown",
    "NewCase",
    "QueueFull",
    "Verdict",
    "case_of",
    "cases_of",
    "decide",
    "due",
    "expire",
    "find_case",
    "mark_late",
    "open_case",
    "open_cases",
    "release",
    "send_back",
    "story",
    "take",
    "waiting",
]

QUERIES = load_queries(__package__, "cases.sql")


def open_case(unit: Unit, new: NewCase, today: dt.date) -> Case:
    """A new case in the queue of its kind. Raises CaseKindUnknown; QueueFull, which is passing. A repeat opens another.

    Until the end of the transaction nobody else opens one in that queue.
    """
    case = rules.opened(new, today)
    queue = QUEUES[case.queue]
    unit.write(QUERIES["queue_held"], (queue.code,))
    [[found]] = unit.read((QUERIES["waiting_in_queue"], (queue.code,)))
    if found.waiting >= queue.capacity:
        raise QueueFull("queue", queue.code, capacity=queue.capacity)
    asked = (case.kind, case.queue, case.subject, case.amount, case.lang, case.opened, case.expires, case.default)
    unit.write(QUERIES["case_added"], (case.customer_id, case.case_id, *asked, *_state(case)))
    _tell(unit, case, (ActKind.OPENED, new.by, today))
    return case


def take(unit: Unit, case: Case, by: Principal, today: dt.date) -> Case:
    """Work on a case, so that nobody else does. Raises the refusals of `case_rules.TAKE_ORDER`. A repeat changes nothing."""
    held = _held(unit, case)
    return _become(unit, held, rules.taken(held, by, today), (ActKind.TAKEN, by.name, today))


def release(unit: Unit, case: Case, by: Principal, today: dt.date) -> Case:
    """Let others work on a case; who may reassign cases does it for somebody else. Raises the refusals of
    `case_rules.RELEASE_ORDER`. A repeat changes nothing."""
    held = _held(unit, case)
    return _become(unit, held, rules.released(held, by), (ActKind.RELEASED, by.name, today))


def decide(unit: Unit, case: Case, by: Principal, verdict: Verdict, today: dt.date, key: CustomerKey) -> Case:
    """Decide a case, or confirm what another person proposed. Raises the refusals of `case_rules.DECIDE_ORDER`; a repeat raises
    CaseNotOpen, or MakerIsChecker.

    Decided: within what the person may decide alone, or what a second person confirms. Proposed: above it, for a second person.
    key: the customer's, under which the reason is kept
    """
    held = _held(unit, case)
    after = rules.decided(held, by, verdict, today)
    kind = ActKind.DECIDED if after.status is CaseStatus.DECIDED else ActKind.PROPOSED
    return _become(unit, held, after, (kind, by.name, today), (key, verdict.reason))


def send_back(unit: Unit, case: Case, by: Principal, reason: str, today: dt.date, key: CustomerKey) -> Case:
    """Not confirm a proposal: the case is open again. Raises the refusals of `case_rules.SEND_BACK_ORDER`; a repeat raises
    CaseNotProposed."""
    held = _held(unit, case)
    after = rules.sent_back(held, by, reason, today)
    return _become(unit, held, after, (ActKind.SENT_BACK, by.name, today), (key, reason))


def expire(unit: Unit, case: Case, today: dt.date, by: str = SYSTEM) -> Case:
    """End a case that nobody decided in time: its default becomes the outcome. Raises the refusals of
    `case_rules.EXPIRE_ORDER`."""
    held = _held(unit, case)
    return _become(unit, held, rules.expired(held, today), (ActKind.EXPIRED, by, today))


def mark_late(unit: Unit, case: Case, today: dt.date, by: str = SYSTEM) -> Case:
    """Say of a case that its queue keeps open that nobody decided it in time; it is free for whoever decides it now. Raises the
    refusals of `case_rules.LATE_ORDER`. A repeat changes nothing."""
    held = _held(unit, case)
    return _become(unit, held, rules.late(held, today), (ActKind.LATE, by, today))


def due(unit: Unit, today: dt.date, kinds: Sequence[str], limit: int) -> Sequence[Case]:
    """Cases of some kinds that nobody decided in time, at most `limit`, those first that have waited longest; none is held. Those
    that were marked as late are not among them any more."""
    (rows,) = unit.read((QUERIES["cases_due"], (today, list(kinds), limit)))
    return [_case(each) for each in rows]


def case_of(unit: Unit, customer_id: uuid.UUID, case_id: uuid.UUID) -> Case:
    """A case of a customer. Raises CaseUnknown."""
    (rows,) = unit.read((QUERIES["case_read"], (customer_id, case_id)))
    return _only(rows, case_id)


def find_case(unit: Unit, case_id: uuid.UUID) -> Case:
    """A case, whosever it is. Raises CaseUnknown."""
    (rows,) = unit.read((QUERIES["case_found"], (case_id,)))
    return _only(rows, case_id)


def cases_of(unit: Unit, customer_id: uuid.UUID) -> Sequence[Case]:
    """All cases of a customer, the oldest first."""
    (rows,) = unit.read((QUERIES["cases_of"], (customer_id,)))
    return [_case(each) for each in rows]


def open_cases(unit: Unit, queue: str, limit: int, after: Case | None = None) -> Sequence[Case]:
    """Cases of a queue that are not ended, those first that expire first, at most `limit`; after: the last of those that were
    seen before. Raises QueueUnknown."""
    code = queue_of(queue).code
    begin = (after.expires, after.case_id) if after else (dt.date.min, uuid.UUID(int=0))
    (rows,) = unit.read((QUERIES["cases_in_queue"], (code, *begin, limit)))
    return [_case(each) for each in rows]


def waiting(unit: Unit) -> Mapping[str, int]:
    """How many cases wait in each queue, those without any too."""
    (rows,) = unit.read((QUERIES["waiting"], ()))
    found = {each.queue: each.waiting for each in rows}
    return {code: found.get(code, 0) for code in QUEUES}


def story(unit: Unit, case: Case, key: CustomerKey | None) -> Sequence[Act]:
    """All that was done about a case, the oldest first. Without a key the reasons stay closed. Raises SealBroken."""
    (rows,) = unit.read((QUERIES["acts_of"], (case.customer_id, case.case_id)))
    return [_act(case, each, key) for each in rows]


def _held(unit: Unit, case: Case) -> Case:
    """The case as it stands, held until the end of the transaction. Raises CaseUnknown."""
    (rows,) = unit.read((QUERIES["case_held"], (case.customer_id, case.case_id)))
    return _only(rows, case.case_id)


def _become(
    unit: Unit, before: Case, after: Case, who: tuple[ActKind, str, dt.date], why: tuple[CustomerKey, str] | None = None
) -> Case:
    """Write what an act made of a case, where it made something else of it."""
    if after == before:
        return before
    after = replace(after, acts=before.acts + 1)
    unit.write(QUERIES["case_changed"], (*_state(after), after.customer_id, after.case_id))
    _tell(unit, after, who, why)
    return after


def _tell(unit: Unit, case: Case, who: tuple[ActKind, str, dt.date], why: tuple[CustomerKey, str] | None = None) -> None:
    """The act as a row of the case, and in the audit."""
    kind, principal, day = who
    told = (case.outcome, case.granted) if kind in _WITH_OUTCOME else (None, None)
    sealed = why[0].seal(why[1].encode(), _place(case, case.acts)) if why else None
    unit.write(QUERIES["act_added"], (case.customer_id, case.case_id, case.acts, kind, principal, day, *told, sealed))
    detail: dict[str, Any] = {"act": kind.value, "kind": case.kind, "status": case.status.value}
    if told[0] is not None:
        detail |= {"outcome": told[0], "granted": told[1]}
    note(unit, Entry(principal, _ACTIONS[kind], day, case.customer_id, str(case.case_id), detail))


_WITH_OUTCOME = (ActKind.PROPOSED, ActKind.DECIDED, ActKind.EXPIRED)
_ACTIONS: Mapping[ActKind, str] = {
    ActKind.OPENED: "case.open",
    ActKind.TAKEN: "case.take",
    ActKind.RELEASED: "case.release",
    ActKind.PROPOSED: "case.decide",
    ActKind.SENT_BACK: "case.decide",
    ActKind.DECIDED: "case.decide",
    ActKind.EXPIRED: "case.expire",
    ActKind.LATE: "case.late",
}


def _place(case: Case, number: int) -> Where:
    return Where("case_act", "sealed", f"{case.case_id} {number}")


def _state(case: Case) -> tuple[Any, ...]:
    made = (case.maker, case.checker, case.outcome, case.granted)
    return (case.status, case.taken_by, *made, case.ended, case.acts, case.late)


def _only(rows: Sequence[Any], case_id: uuid.UUID) -> Case:
    if not rows:
        raise CaseUnknown("case", case_id)
    return _case(rows[0])


def _case(row: Any) -> Case:
    asked = (row.kind, row.queue, row.subject, row.amount, row.lang, row.opened, row.expires, row.fallback)
    made = (row.maker, row.checker, row.outcome, row.granted)
    return Case(row.customer_id, row.case_id, *asked, CaseStatus(row.status), row.taken_by, *made, row.ended, row.acts, row.late)


def _act(case: Case, row: Any, key: CustomerKey | None) -> Act:
    reason = key.open(row.sealed, _place(case, row.number)).decode() if key and row.sealed is not None else None
    return Act(row.number, ActKind(row.act), row.principal, row.day, row.at, row.outcome, row.granted, reason)
