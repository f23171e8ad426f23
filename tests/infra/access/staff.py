"""People and cases for the tests of cases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from shouxin.foundation.ids import new_id
from shouxin.infra.access import cases
from shouxin.infra.access.case_model import Case, CaseStatus, NewCase, Verdict
from shouxin.infra.access.case_rules import opened as new_case
from shouxin.infra.access.principals import Kind, Principal
from shouxin.infra.db.connect import Connection
from shouxin.infra.db.keys import KeyRing
from shouxin.infra.db.keys_of_customers import CustomerKey, add_key
from shouxin.infra.db.unit import Unit, in_unit

T = TypeVar("T")
RING = KeyRing.fresh()
TODAY = dt.date(2026, 7, 1)
ONE_DAY = dt.timedelta(days=1)
YUAN = 100
WHY = "收入流水已核实，同意"

OFFICER = Principal("officer", Kind.PERSON, ("credit_officer",), TODAY)
SECOND = replace(OFFICER, name="second")
MANAGER = Principal("manager", Kind.PERSON, ("credit_manager",), TODAY)
CLERK = Principal("clerk", Kind.PERSON, ("operations",), TODAY)
AUDITOR = Principal("auditor", Kind.PERSON, ("auditor",), TODAY)
GONE = replace(AUDITOR, name="gone", active=False)
PROGRAM = replace(GONE, name="program", kind=Kind.SERVICE)


def asking(kind: str = "referral", yuan: int = 0) -> NewCase:
    """A case to open, of a customer who is nobody."""
    return NewCase(new_id(), kind, new_id(), yuan * YUAN, "zh", "portal")


def case(kind: str = "referral", yuan: int = 0) -> Case:
    """An open case of today."""
    return new_case(asking(kind, yuan), TODAY)


def taken_by(name: str, found: Case) -> Case:
    """The case with somebody who works on it."""
    status = CaseStatus.TAKEN if found.status is CaseStatus.OPEN else found.status
    return replace(found, status=status, taken_by=name)


def proposed(found: Case, yuan: int, maker: str = "officer") -> Case:
    """The case with an approval that waits for a second person."""
    return replace(found, status=CaseStatus.PROPOSED, maker=maker, outcome="approve", granted=yuan * YUAN)


def ended(found: Case) -> Case:
    """The case, declined long ago."""
    return replace(found, status=CaseStatus.DECIDED, maker="officer", outcome="decline", ended=TODAY)


def approve(yuan: int, reason: str = WHY) -> Verdict:
    """An approval."""
    return Verdict("approve", yuan * YUAN, reason)


def do(connection: Connection, work: Callable[[Unit], T]) -> T:
    """Work in a transaction of its own."""
    return in_unit(connection, work)


def customer(desk: Connection) -> CustomerKey:
    """Somebody new."""
    customer_id = new_id()

    def work(unit: Unit) -> CustomerKey:
        unit.write("INSERT INTO customer (customer_id, kind, since) VALUES (%s, 'person', %s)", (customer_id, TODAY))
        return add_key(unit, RING, customer_id)

    return do(desk, work)


def opened(desk: Connection, key: CustomerKey, kind: str = "referral", yuan: int = 0) -> Case:
    """A case of today, in the database."""
    new = NewCase(key.customer_id, kind, new_id(), yuan * YUAN, "zh", "portal")
    return do(desk, lambda unit: cases.open_case(unit, new, TODAY))


def kept(desk: Connection, found: Case) -> Case:
    """A case as it stands in the database."""
    return do(desk, lambda unit: cases.case_of(unit, found.customer_id, found.case_id))
