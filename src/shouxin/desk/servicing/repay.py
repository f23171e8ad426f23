"""还款: money that comes in for one loan or for all, money that bounces, and money that goes back.

A payment is an event of the customer (`payment.received`), and what it pays of each loan is an event of that loan that names
it. What is left when nothing is due any more is the customer's credit, a debt of the lender.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from shouxin.book.facilities.errors import TotalLineMissing
from shouxin.book.facilities.work import Work
from shouxin.book.ledger import chart
from shouxin.book.ledger.journals import post
from shouxin.book.ledger.model import Entry, Posting
from shouxin.desk.servicing import errors
from shouxin.desk.servicing.record import (
    QUERIES,
    Happening,
    HeldLoan,
    happen,
    held_loan,
    held_loans,
    loan_read,
    open_loans_read,
    up_to_today,
)
from shouxin.engines.loans import events as ev
from shouxin.engines.loans.agreement import Prepayment
from shouxin.engines.loans.errors import ReversedEventUnknown
from shouxin.engines.loans.loan import due_today, payable
from shouxin.engines.loans.payment import payoff
from shouxin.foundation.errors import AmountNotPositive
from shouxin.foundation.money import show_amount, write_amount
from shouxin.infra.db.unit import Statement
from shouxin.infra.messages.history import About

# The order in which refusals are told: of a repayment, of money that names no loan, of a bounce and of a refund.
ORDER = (AmountNotPositive, errors.LoanUnknown, errors.PaidIntoNothing)
RECEIVE_ORDER = (AmountNotPositive, TotalLineMissing)
BOUNCE_ORDER = (errors.PaymentUnknown, errors.PaymentAlreadyBounced, errors.RefundExceedsCredit, ReversedEventUnknown)
REFUND_ORDER = (AmountNotPositive, TotalLineMissing, errors.RefundExceedsCredit)


def repay(work: Work, loan_id: uuid.UUID, amount: int, early: Prepayment | None = None) -> Mapping[str, Any]:
    """Money for one loan: what is due first, then early, then what is too much becomes the customer's credit.

    `work.rows[0]` is of `record.loan_read`. Returns what was paid of what, and what is still owed.
    Raises the refusals of `ORDER`.
    """
    check_amount(amount)
    held = up_to_today(work, held_loan(work.rows[0], loan_id))
    if held.loan.settled:
        raise errors.PaidIntoNothing("loan", loan_id, settled=held.loan.settled)
    number = work.history.last + 1
    rest, paid = _pay(work, held, (amount, early), {"payment": number, "source": "direct"}, chart.BANK)
    if rest:
        _to_credit(work, rest, chart.BANK, number)
    return {"payment": number, "loan": loan_id, "paid": paid, "credit": rest}


def check_amount(amount: int) -> None:
    """Raises AmountNotPositive."""
    if type(amount) is not int or amount <= 0:
        raise AmountNotPositive("amount", amount)


def _pay(
    work: Work, held: HeldLoan, money: tuple[int, Prepayment | None], more: Mapping[str, Any], account: str
) -> tuple[int, dict[str, int]]:
    """As much of the money as the loan can take, what is due and then early; returns what is left, and what was paid."""
    amount, early = money
    loan = held.loan
    taken = min(amount, payoff(loan))
    if not taken:
        return amount, {}
    if loan.written_off:
        happening = Happening(lambda key, day: ev.Recovered(key, day, day, taken), account, more=more)
    else:
        happening = Happening(lambda key, day: ev.Repaid(key, day, day, taken, early), account, more=more)
    recorded = happen(work, held, happening)
    return amount - taken, recorded.difference.changed


def _to_credit(work: Work, amount: int, account: str, payment: int) -> None:
    """Money that nothing is due for: owed back to the customer."""
    work.set_line(replace(work.line, credit=work.line.credit + amount))
    number = work.tell("credit.added", {"amount": amount, "payment": payment}, About())
    customer_id, today = work.standing.customer.customer_id, work.standing.today
    post(work.unit, Entry(customer_id, number, today, today), [Posting(account, chart.CREDIT_BALANCES, amount)])


def receive(work: Work, amount: int, order: tuple[str, ...], source: Mapping[str, Any], account: str) -> Mapping[str, Any]:
    """Money that names no loan, over all loans of the customer: first what is due, then nothing early; the rest is credit.

    order: products in the order in which they are paid; within one the oldest due date first
    `work.rows[0]` is of `record.open_loans_read`. Raises the refusals of `RECEIVE_ORDER`; TotalLineMissing where something is
    left and there is no line to which it could be credited.
    """
    check_amount(amount)
    loans = [up_to_today(work, each) for each in held_loans(work.rows[0])]
    number = work.tell("payment.received", {"amount": amount, **source}, About())
    rest, paid = amount, {}
    for held, due in _in_turn(work, loans, order):
        part = min(rest, due)
        if part:
            _, paid[held.id.hex] = _pay(work, held, (part, None), {"payment": number}, account)
            rest -= part
    if rest:
        _to_credit(work, rest, account, number)
    return {"payment": number, "paid": paid, "credit": rest}


def _in_turn(work: Work, loans: list[HeldLoan], order: tuple[str, ...]) -> list[tuple[HeldLoan, int]]:
    """The loans in the order in which they are paid, each with what is due; written-off ones last, with their claim."""
    ranked = []
    for held in loans:
        loan = held.loan
        items = payable(loan)
        rank = order.index(held.product) if held.product in order else len(order)
        oldest = min((each.due for each in items), default=work.standing.today)
        ranked.append(((loan.written_off is not None, rank, oldest, held.id), (held, due_today(loan))))
    return [pair for _, pair in sorted(ranked, key=lambda each: each[0])]


def payment_read(customer_id: uuid.UUID, payment: int) -> Statement:
    """The statement that reads what a payment paid; its rows are `work.rows[0]` of `bounce`."""
    return QUERIES["payment_events"], (customer_id, payment, str(payment))


@dataclass(frozen=True, slots=True)
class Settled:
    """What it took to settle: minor units, and the number of the payment; None where nothing was owed."""

    amount: int
    payment: int | None


def settle(work: Work, facilities: Collection[uuid.UUID], source: Mapping[str, Any], account: str = chart.BANK) -> Settled:
    """Pay off all loans of some facilities today, in one payment.

    source:  what the payment's event tells of where the money comes from
    account: the bank, where it came in; or credit balances, of which the customer's own is used up
    Of a loan that was written off the claim is paid. Raises RefundExceedsCredit where the credit is less.
    """
    (rows,) = work.unit.read(open_loans_read(work.standing.customer.customer_id))
    loans = [up_to_today(work, each) for each in held_loans(rows) if each.facility_id in facilities]
    total = sum(payoff(each.loan) for each in loans)
    if not total:
        return Settled(0, None)
    if account == chart.CREDIT_BALANCES:
        _use_credit(work, total)
    number = work.tell("payment.received", {"amount": total, **source}, About())
    for held in loans:
        _pay(work, held, (payoff(held.loan), None), {"payment": number}, account)
    return Settled(total, number)


def _use_credit(work: Work, amount: int) -> None:
    """Less credit; that it pays loans is posted with them."""
    if amount > work.line.credit:
        raise errors.RefundExceedsCredit("amount", write_amount(amount), credit=show_amount(work.line.credit))
    work.set_line(replace(work.line, credit=work.line.credit - amount))
    work.tell("credit.used", {"amount": amount}, About())


def bounce(work: Work, payment: int, reason: str) -> Mapping[str, Any]:
    """A payment that came back: each loan folds again without it, what it closed is open again, what it gave as credit is gone.

    A facility that it had closed is closing again. Raises the refusals of `BOUNCE_ORDER`: RefundExceedsCredit where the credit
    was paid out meanwhile, ReversedEventUnknown where a part of it was reversed by hand.
    """
    rows = work.rows[0]
    if not rows:
        raise errors.PaymentUnknown("payment", payment)
    if any(row.kind == "payment.bounced" for row in rows):
        raise errors.PaymentAlreadyBounced("payment", payment)
    work.tell("payment.bounced", {"payment": payment}, About(reason=reason))
    undone = []
    for row in reversed(rows):
        if row.kind == "credit.added":
            _take_credit(work, row.body["amount"], chart.BANK, {"payment": payment})
        elif row.loan_id is not None:
            (found,) = work.unit.read(loan_read(work.standing.customer.customer_id, row.loan_id))
            held = held_loan(found, row.loan_id)
            happen(work, held, _undoing(row.number, payment, reason))
            undone.append(row.loan_id)
    return {"payment": payment, "loans": undone}


def _undoing(number: int, payment: int, reason: str) -> Happening:
    more = {"bounced": payment}
    return Happening(lambda key, day: ev.Reversed(key, day, day, str(number)), reason=reason, more=more)


def refund(work: Work, amount: int) -> Mapping[str, Any]:
    """What was paid too much goes back. Raises the refusals of `REFUND_ORDER`."""
    check_amount(amount)
    _take_credit(work, amount, chart.BANK, {})
    return {"refunded": amount, "credit": work.line.credit}


def _take_credit(work: Work, amount: int, account: str, more: Mapping[str, Any]) -> None:
    if amount > work.line.credit:
        raise errors.RefundExceedsCredit("amount", write_amount(amount), credit=show_amount(work.line.credit))
    work.set_line(replace(work.line, credit=work.line.credit - amount))
    number = work.tell("credit.taken", {"amount": amount, **more}, About())
    customer_id, today = work.standing.customer.customer_id, work.standing.today
    post(work.unit, Entry(customer_id, number, today, today), [Posting(chart.CREDIT_BALANCES, account, amount)])
