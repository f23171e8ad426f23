"""What a credit bureau is told of an account for a month. Pure. Read first: `Record`, then `loan_record`, `line_record`.

An account is a line under a product, or a loan. A record says what the account was at the end of the month's last day, as it was
known at the end of some day: of the same day for the month's own record, of a later one for a correction.

Months overdue are counted as in the second-generation credit reporting system of the People's Bank of China (二代征信): 1 for 1
to 30 days, 2 for 31 to 60, and so on to 7 for more than 180, which are the lender's own buckets (`BUCKETS`).
"""

from __future__ import annotations

import calendar
import datetime as dt
import hashlib
import json
import re
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

from shouxin.book.facilities.model import Facility
from shouxin.desk.servicing.accruing import classes_on
from shouxin.desk.servicing.reporting_errors import MonthUnreadable
from shouxin.engines.loans import events as ev
from shouxin.engines.loans.delinquency import BUCKETS
from shouxin.engines.loans.fold import fold, in_effect
from shouxin.engines.loans.loan import Loan

_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])", re.ASCII)
# Of all reasons for which a line is closed only this one is the customer's own (`book/facilities/acts.py`).
OWN_REASONS = ("BY_CHOICE",)
LOSS = "loss"


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A calendar month, by its first day."""

    first: dt.date

    @property
    def last(self) -> dt.date:
        """Its last day.

        >>> Month(dt.date(2028, 2, 1)).last
        datetime.date(2028, 2, 29)
        """
        return self.first.replace(day=calendar.monthrange(self.first.year, self.first.month)[1])

    @property
    def next(self) -> Month:
        """The month after it."""
        return Month(self.last + dt.timedelta(days=1))

    def __str__(self) -> str:
        return f"{self.first:%Y-%m}"


def month_of(day: dt.date) -> Month:
    """The month of a day."""
    return Month(day.replace(day=1))


def read_month(written: str, field: str = "month") -> Month:
    """A month written YYYY-MM; raises MonthUnreadable.

    >>> str(read_month("2026-07"))
    '2026-07'
    """
    if not _MONTH.fullmatch(written) or written.startswith("0000"):
        raise MonthUnreadable(field, written)
    return Month(dt.date.fromisoformat(f"{written}-01"))


class Kind(StrEnum):
    """A revolving line under a product, or a loan."""

    LINE = "line"
    LOAN = "loan"


class Status(StrEnum):
    """What an account is. A line is `closed`, a loan is `settled`; a line is overdue or written off where a loan of it is."""

    NORMAL = "normal"
    OVERDUE = "overdue"
    WRITTEN_OFF = "written_off"
    SETTLED = "settled"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Record:
    """What is said of an account for a month; `reporting_lines.FIELDS` documents each name. Amounts in minor units.

    line:   of a loan, the line under which it was drawn
    limit:  of a loan, what was paid out
    band:   the asset class (五级分类)
    claim:  what is still owed of what was written off
    """

    account: uuid.UUID
    kind: Kind
    line: uuid.UUID | None
    product: str
    opened: dt.date
    limit: int
    balance: int
    due: int
    paid: int
    overdue: int
    days_past_due: int
    months_overdue: int
    band: str
    status: Status
    claim: int
    written_off: dt.date | None
    closed: dt.date | None
    closed_by: str | None

    def open_in(self, month: Month) -> bool:
        """Whether the account was open on any day of the month."""
        return self.opened <= month.last and (self.closed is None or self.closed >= month.first)

    @property
    def sha256(self) -> bytes:
        """Over all that it says."""
        return hashlib.sha256(json.dumps(plain(self), separators=(",", ":")).encode()).digest()


def plain(record: Record) -> dict[str, Any]:
    """A record as JSON values, in the order of its fields; the asset class is called `class`."""
    return {written: _plain(getattr(record, name)) for name, written in _WRITTEN}


_WRITTEN = tuple((each.name, "class" if each.name == "band" else each.name) for each in fields(Record))


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, uuid.UUID | dt.date | StrEnum) else value


def months_overdue(days_past_due: int) -> int:
    """0 to 7.

    >>> [months_overdue(days) for days in (0, 1, 30, 31, 180, 181, 900)]
    [0, 1, 1, 2, 6, 7, 7]
    """
    return BUCKETS.bands.index(BUCKETS.band(days_past_due))


@dataclass(frozen=True, slots=True)
class LoanTold:
    """A loan and all its events, in the order of booking."""

    loan_id: uuid.UUID
    facility_id: uuid.UUID
    product: str
    events: tuple[ev.Event, ...]


def loan_record(told: LoanTold, month: Month, known_by: dt.date) -> Record | None:
    """A loan at the end of a month, from what was booked by the end of a day; None where it was not paid out by then."""
    known = [each for each in told.events if each.booked <= known_by]
    live = in_effect(known)
    if not live or live[0].effective > month.last:
        return None
    loan = fold(known, month.last)
    late = 0 if loan.settled else loan.days_past_due
    return Record(
        account=told.loan_id,
        kind=Kind.LOAN,
        line=told.facility_id,
        product=told.product,
        opened=loan.agreement.terms.shape.paid_out,
        limit=loan.totals.paid_out,
        balance=loan.principal,
        due=sum(each.principal + each.interest for each in loan.dues if month.first <= each.due <= month.last),
        paid=_paid(live, month),
        overdue=_overdue(loan),
        days_past_due=late,
        months_overdue=months_overdue(late),
        band=LOSS if loan.written_off and not loan.settled else classes_on(month.last).band(late).code,
        status=_status(loan, late),
        claim=loan.claim if loan.written_off else 0,
        written_off=loan.written_off,
        closed=loan.settled,
        closed_by=None,
    )


def _paid(live: Iterable[ev.Event], month: Month) -> int:
    paying = (each for each in live if isinstance(each, ev.Repaid | ev.Recovered))
    return sum(each.amount for each in paying if month.first <= each.effective <= month.last)


def _overdue(loan: Loan) -> int:
    if not loan.is_open:
        return 0
    return sum(each.unpaid_principal + each.unpaid_interest for each in loan.dues if each.late and each.settled is None)


def _status(loan: Loan, late: int) -> Status:
    if loan.settled:
        return Status.SETTLED
    if loan.written_off:
        return Status.WRITTEN_OFF
    return Status.OVERDUE if late else Status.NORMAL


def line_record(facility: Facility, loans: Sequence[Record], month: Month) -> Record | None:
    """A line at the end of a month: its limit and status as it was known, its sums those of the records of its loans.

    None where it was not open by then. Where a payment that had closed it turns out to have bounced, it was not closed.
    """
    if facility.opened is None or facility.opened > month.last:
        return None
    running = [each for each in loans if each.closed is None]
    late = max((each.days_past_due for each in running), default=0)
    written_off = [each.written_off for each in running if each.written_off]
    closed = facility.ended if facility.ended and facility.ended <= month.last and not running else None
    return Record(
        account=facility.id,
        kind=Kind.LINE,
        line=None,
        product=facility.product,
        opened=facility.opened,
        limit=facility.most,
        balance=sum(each.balance for each in loans),
        due=sum(each.due for each in loans),
        paid=sum(each.paid for each in loans),
        overdue=sum(each.overdue for each in loans),
        days_past_due=late,
        months_overdue=months_overdue(late),
        band=LOSS if written_off else classes_on(month.last).band(late).code,
        status=_line_status(closed, bool(written_off), late),
        claim=sum(each.claim for each in running),
        written_off=min(written_off, default=None),
        closed=closed,
        closed_by=_closed_by(facility) if closed else None,
    )


def _line_status(closed: dt.date | None, written_off: bool, late: int) -> Status:
    if closed:
        return Status.CLOSED
    if written_off:
        return Status.WRITTEN_OFF
    return Status.OVERDUE if late else Status.NORMAL


def _closed_by(facility: Facility) -> str:
    return "customer" if facility.reason in OWN_REASONS else "lender"
