"""Disputes that were not answered in time: the customer is told, staff see it, and the answer is still owed.

Regulation on the Administration of the Credit Reporting Industry (征信业管理条例, State Council Decree 631) art. 25: within 20
days of the day on which the dispute came in. Silence is no answer: nothing is decided by it. The case stays open and stands first
in its queue, free for whoever answers it; the account's records stay marked as under dispute.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator, Mapping
from typing import Any

from shouxin.book.facilities.work import Asker, Command, Work, ask_all
from shouxin.desk.servicing.reporting_disputes import KIND
from shouxin.infra.access import cases
from shouxin.infra.access.case_rules import LATE_ORDER as ORDER
from shouxin.infra.db.connect import Connection
from shouxin.infra.db.unit import Unit
from shouxin.infra.messages.history import About
from shouxin.infra.messages.notices import Notice, add_notice

__all__ = ["ORDER", "mark_late", "mark_late_disputes"]

PRINCIPAL, BATCH = "close of business", 100


def mark_late_disputes(connection: Connection, day: dt.date) -> int:
    """Mark the disputes that nobody answered before a day, some at a time; returns how many. A repeat finds nothing."""

    def find(unit: Unit) -> Iterator[tuple[Asker, Command]]:
        for each in cases.due(unit, day, (KIND,), BATCH):
            yield Asker(each.customer_id, PRINCIPAL, f"dispute {each.case_id} is late {day}"), mark_late(each.case_id)

    return ask_all(connection, find)


def mark_late(case_id: uuid.UUID) -> Command:
    """A dispute that nobody answered in time. Raises the refusals of `ORDER`."""
    return Command("bureau.dispute_late", {"case": case_id}, lambda work: _mark(work, case_id))


def _mark(work: Work, case_id: uuid.UUID) -> Mapping[str, Any]:
    unit, customer_id, today = work.unit, work.standing.customer.customer_id, work.standing.today
    case = cases.mark_late(unit, cases.case_of(unit, customer_id, case_id), today)
    work.tell("bureau.dispute_late", {"account": str(case.subject), "case": str(case_id)}, About())
    facts = {"day": case.opened.isoformat(), "due": case.expires.isoformat()}
    add_notice(unit, Notice(customer_id, "dispute_late", case.subject, today, facts, case.lang))
    return {"case": case_id, "account": case.subject, "late": case.late}
