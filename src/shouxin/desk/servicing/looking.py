"""Looking at a customer's lines, draws and loans without holding anything. Read first: `loan_on`.

A loan is folded from its events for the day that is asked about: what is shown needs no state that a command would have to bring
up to date first.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shouxin.book.customers.store import read_customer
from shouxin.book.facilities.model import Standing
from shouxin.book.facilities.store import begun, standing_of
from shouxin.book.ledger.chart import QUERIES as LEDGER_QUERIES
from shouxin.book.ledger.days import DAY, ONE_DAY, day_of
from shouxin.desk.servicing.errors import LoanUnknown
from shouxin.desk.servicing.written import KINDS, read_events
from shouxin.engines.loans.as_agreed import instalments_to_come
from shouxin.engines.loans.fold import fold
from shouxin.engines.loans.loan import Due, Loan
from shouxin.infra.db.queries import load_queries
from shouxin.infra.db.unit import Unit

QUERIES = load_queries(__package__, "looking.sql")
NO_KEY = ""  # no request has it


@dataclass(frozen=True, slots=True)
class Seen:
    """A loan on a day. funders: who lends the money, with shares in millionths; told: the rows of its events, by that day."""

    loan_id: uuid.UUID
    facility_id: uuid.UUID
    product: str
    opened: dt.date
    funders: Mapping[str, int]
    loan: Loan
    told: tuple[Any, ...]

    @property
    def to_come(self) -> tuple[Due, ...]:
        """The instalments that have not fallen due, as they will be if all is paid on its day."""
        return instalments_to_come(self.loan)


@dataclass(frozen=True, slots=True)
class BusinessDays:
    """open: the open day; first: the first there was; closed: the last that is sealed; unfinished: over, and not sealed yet."""

    open: dt.date
    first: dt.date
    closed: dt.date | None
    hash: bytes | None

    @property
    def unfinished(self) -> dt.date | None:
        """The day whose closing was stopped."""
        before = self.open - ONE_DAY
        return before if before >= self.first and before != self.closed else None


def business_days(unit: Unit) -> BusinessDays:
    """How far close of business has come. Raises LedgerWithoutDay."""
    days, sealed = unit.read(DAY, (LEDGER_QUERIES["last_closed_day"], ()))
    last = sealed[0] if sealed else None
    return BusinessDays(day_of(days), days[0].since, last and last.day, bytes(last.hash) if last else None)


def standing(unit: Unit, customer_id: uuid.UUID) -> Standing:
    """A customer's line and facilities. Raises CustomerUnknown, LedgerWithoutDay."""
    customer = read_customer(unit, customer_id)
    (rows,) = unit.read(begun(customer_id, NO_KEY))
    return standing_of(customer, rows, day_of(rows))


def draws(unit: Unit, customer_id: uuid.UUID) -> Sequence[Any]:
    """The rows of a customer's draws, newest first. Raises CustomerUnknown."""
    read_customer(unit, customer_id)
    (rows,) = unit.read((QUERIES["draws_seen"], (customer_id,)))
    return rows


def mandate_since(unit: Unit, customer_id: uuid.UUID) -> dt.date | None:
    """Since when the customer lets us debit what is due (代扣); None where they do not."""
    (rows,) = unit.read((QUERIES["mandate_seen"], (customer_id,)))
    return rows[0].since if rows else None


def loan_on(unit: Unit, customer_id: uuid.UUID, loan_id: uuid.UUID, day: dt.date) -> Seen:
    """One loan on a day. Raises CustomerUnknown, LoanUnknown, also before it was paid out."""
    read_customer(unit, customer_id)
    rows, told = unit.read((QUERIES["loan_seen"], (customer_id, loan_id)), (QUERIES["events_seen"], (customer_id, day)))
    found = _seen(rows, told, day)
    if not found:
        raise LoanUnknown("loan", loan_id)
    return found[0]


def loans_on(unit: Unit, customer_id: uuid.UUID, day: dt.date) -> tuple[Seen, ...]:
    """All loans of a customer that were paid out by a day, as they were on it, oldest first. Raises CustomerUnknown."""
    return happened(unit, customer_id, day)[0]


def happened(unit: Unit, customer_id: uuid.UUID, day: dt.date) -> tuple[tuple[Seen, ...], Sequence[Any]]:
    """The customer's loans on a day, and the rows of all events that were booked by then. Raises CustomerUnknown."""
    read_customer(unit, customer_id)
    rows, told = unit.read((QUERIES["loans_seen"], (customer_id,)), (QUERIES["events_seen"], (customer_id, day)))
    return _seen(rows, told, day), told


def _seen(rows: Sequence[Any], told: Sequence[Any], day: dt.date) -> tuple[Seen, ...]:
    of_loan: dict[uuid.UUID, list[Any]] = {}
    for each in told:
        if each.loan_id is not None and each.kind in KINDS:
            of_loan.setdefault(each.loan_id, []).append(each)
    return tuple(_one(row, found, day) for row in rows if (found := of_loan.get(row.loan_id)))


def _one(row: Any, found: Sequence[Any], day: dt.date) -> Seen:
    loan = fold(read_events(found), day, known_by=day)
    return Seen(row.loan_id, row.facility_id, row.product, row.opened, row.funders, loan, tuple(found))
