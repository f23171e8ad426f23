"""How an event of a loan reaches the books: folded, posted, stored, and counted on its facility, in one unit of work.

An event of today is added to the loan's state; one that is backdated, or that undoes another, folds the loan again from its
events, and the difference is posted today.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from shouxin.book.facilities.service import store_sums
from shouxin.book.facilities.work import Work
from shouxin.book.ledger.chart import BANK
from shouxin.book.ledger.journals import post
from shouxin.book.ledger.model import Entry
from shouxin.desk.servicing.booking import postings_for
from shouxin.desk.servicing.errors import LoanUnknown, RefundExceedsCredit
from shouxin.desk.servicing.settling import LoanKey, keep, passing
from shouxin.desk.servicing.state import Kept, column_values, read_state, write_state
from shouxin.desk.servicing.written import NAMES, read_agreement, read_events, write_event
from shouxin.engines.loans import events as ev
from shouxin.engines.loans.fold import fold, in_effect
from shouxin.engines.loans.loan import Loan, compact
from shouxin.engines.loans.record import Recorded, advance, record
from shouxin.engines.loans.roll import roll
from shouxin.foundation.money import show_amount, write_amount
from shouxin.infra.db.queries import load_queries
from shouxin.infra.db.unit import Statement, Unit
from shouxin.infra.messages.history import About

QUERIES = load_queries(__package__)


@dataclass(frozen=True, slots=True)
class HeldLoan:
    """A loan as it was read: its state is of `loan.on`, and an event that is booked may count only from `pending` on.

    stored: as its row has it, while `loan` is brought to today
    """

    id: uuid.UUID
    facility_id: uuid.UUID
    product: str
    loan: Loan
    pending: dt.date | None
    stored: Loan


def loan_read(customer_id: uuid.UUID, loan_id: uuid.UUID) -> Statement:
    """The statement that reads and holds a loan; its rows go to `held_loan`."""
    return QUERIES["loan_held"], (customer_id, loan_id)


def open_loans_read(customer_id: uuid.UUID) -> Statement:
    """The same for all loans of the customer that are not settled; its rows go to `held_loans`."""
    return QUERIES["loans_held"], (customer_id,)


def held_loan(rows: Sequence[Any], loan_id: uuid.UUID) -> HeldLoan:
    """The loan of the rows of `loan_read`; raises LoanUnknown."""
    if not rows:
        raise LoanUnknown("loan", loan_id)
    return _held(rows[0])


def held_loans(rows: Sequence[Any]) -> list[HeldLoan]:
    """The loans of the rows of `open_loans_read`."""
    return [_held(row) for row in rows]


def _held(row: Any) -> HeldLoan:
    loan = read_state(read_agreement(row.agreement), row)
    return HeldLoan(row.loan_id, row.facility_id, row.product, loan, row.pending, loan)


def events_of(unit: Unit, customer_id: uuid.UUID, loan_id: uuid.UUID) -> tuple[ev.Event, ...]:
    """All events of a loan, in the order of booking."""
    (rows,) = unit.read((QUERIES["loan_events"], (customer_id, loan_id)))
    return read_events(rows)


def pending_after(events: Sequence[ev.Event], today: dt.date) -> dt.date | None:
    """The first day on which an event counts that is booked and does not count yet."""
    return min((each.effective for each in in_effect(events) if each.effective > today), default=None)


@dataclass(frozen=True, slots=True)
class Happening:
    """What happens to a loan.

    event:  makes the event from its id and the book date
    money:  the account that money comes from or goes to
    reason: a reason code, where somebody decided
    more:   what the event's body also tells
    """

    event: Callable[[str, dt.date], ev.Event]
    money: str = BANK
    reason: str | None = None
    more: Mapping[str, Any] | None = None


def happen(work: Work, held: HeldLoan, happening: Happening) -> Recorded:
    """Check, fold, post and store an event of a loan. Raises what `engines/loans/record.py` lists; then nothing is written."""
    event = happening.event(str(work.history.last + 1), work.standing.today)
    recorded, pending = _recorded(work, held, event)
    body = {**write_event(event), "changed": recorded.difference.changed, **_ended(recorded), **(happening.more or {})}
    about = About(held.facility_id, held.id, event.effective, happening.reason)
    number = work.tell(NAMES[type(event)], body, about)
    book(work, replace(held, pending=pending), number, recorded, happening.money)
    return recorded


def _ended(recorded: Recorded) -> dict[str, str]:
    """Whether the event settled the loan, for whoever is told of it."""
    before = recorded.before.settled if recorded.before else None
    return {"settled": recorded.after.settled.isoformat()} if recorded.after.settled and not before else {}


def following(held: HeldLoan, recorded: Recorded) -> HeldLoan:
    """The loan after an event, for another one in the same unit of work."""
    return replace(held, loan=recorded.after, stored=recorded.after)


def _recorded(work: Work, held: HeldLoan, event: ev.Event) -> tuple[Recorded, dt.date | None]:
    today = work.standing.today
    if event.effective == today and held.pending is None and not isinstance(event, ev.Reversed):
        return advance(held.loan, event), None
    recorded = record(_events(work, held), event)
    return recorded, pending_after(recorded.events, today)


def book(work: Work, held: HeldLoan, number: int, recorded: Recorded, money: str) -> None:
    """Post the difference under the event's number, store the state and what became of instalments, and count the change on
    facility and line."""
    customer_id, today = work.standing.customer.customer_id, work.standing.today
    postings = postings_for(held.product, recorded.before, recorded.difference, money)
    if postings:
        post(work.unit, Entry(customer_id, number, today, today, held.id), postings)
    state = write_state(compact(recorded.after), Kept(held.product, held.pending, today))
    work.unit.write(QUERIES["state_stored"], (*column_values(state), customer_id, held.id))
    assert recorded.before is not None
    keep(work.unit, LoanKey(customer_id, held.id, number, today), passing(held.stored, recorded.before, recorded.after))
    count(work, held, recorded)


def count(work: Work, held: HeldLoan, recorded: Recorded) -> None:
    """What the change means for the facility and the line: principal owed, loans that are not settled, credit.

    Raises RefundExceedsCredit where less would be overpaid than the customer was given back.
    """
    before, after = recorded.before, recorded.after
    assert before is not None
    facility = work.facility(held.facility_id)
    owed = facility.owed + after.principal - before.principal
    loans = facility.loans + (after.settled is None) - (before.settled is None)
    used = work.standing.today if recorded.difference.changed else facility.used
    store_sums(work, replace(facility, owed=owed, loans=loans, used=used))
    if overpaid := recorded.difference.overpaid:
        credit = work.line.credit
        if credit + overpaid < 0:  # an earlier reversal gave it, and it was paid out meanwhile
            raise RefundExceedsCredit("amount", write_amount(-overpaid), credit=show_amount(credit))
        work.set_line(replace(work.line, credit=credit + overpaid))


def up_to_today(work: Work, held: HeldLoan) -> HeldLoan:
    """The loan today: rolled, or folded again where a booked event has begun to count since its state was stored."""
    today = work.standing.today
    if held.pending is None or held.pending > today:
        return replace(held, loan=roll(held.loan, today))
    events = _events(work, held)
    return replace(held, loan=fold(events, today), pending=pending_after(events, today))


def _events(work: Work, held: HeldLoan) -> tuple[ev.Event, ...]:
    return events_of(work.unit, work.standing.customer.customer_id, held.id)
