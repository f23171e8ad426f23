"""A repayment applied: first what is due, in the agreed order; then interest to the day; then principal early."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from shouxin.engines.loans.accrual import Accrued
from shouxin.engines.loans.agreement import Component, EarlyInterest, Prepayment
from shouxin.engines.loans.allocation import Item, allocate
from shouxin.engines.loans.earning import earned_until
from shouxin.engines.loans.loan import Due, Loan, payable, settled_if_paid
from shouxin.engines.loans.model import Method
from shouxin.engines.loans.plan import replanned


def pay(loan: Loan, amount: int, rule: Prepayment) -> Loan:
    """The loan after a repayment on `loan.on`; what exceeds all that is owed is counted as overpaid, never lost."""
    divided = allocate(amount, payable(loan), loan.agreement.order)
    if divided.parts:
        loan = _with_parts(loan, divided.parts)
    rest = divided.rest
    if rest and loan.is_open and loan.plan:
        loan, rest = _pay_early(loan, rest, rule)
    if rest:
        loan = replace(loan, totals=replace(loan.totals, overpaid=loan.totals.overpaid + rest))
    return settled_if_paid(loan)


def payoff(loan: Loan) -> int:
    """What settles the loan on `loan.on`: all that is due, all principal, and interest as agreed for early repayment; of a
    written-off loan its claim."""
    if loan.written_off:
        return loan.claim
    due = sum(each.amount for each in payable(loan))
    if not loan.plan:
        return due
    kept = replace(loan, accrued=_kept(loan, loan.principal_to_come)) if loan.principal_to_come else loan
    return due + loan.principal_to_come + loan.carried + kept.interest_to_date


def _kept(loan: Loan, early: int) -> Accrued:
    """The running period's interest when so much principal is repaid early today: as it is, or, where so agreed, with what
    that principal would still bear until the next due date."""
    if loan.agreement.early_interest is EarlyInterest.TO_THE_DAY:
        return loan.accrued
    if loan.agreement.terms.method is Method.FLAT and early < loan.principal_to_come:
        return loan.accrued  # the running period's interest stays as it was planned
    return earned_until(loan, loan.plan[0].period.end, early, 0)


def _with_parts(loan: Loan, parts: Sequence[Item]) -> Loan:
    """The loan with what is due paid in these parts."""
    paid = dict.fromkeys(Component, 0)
    by_row: dict[tuple[int, Component], int] = {}
    for part in parts:
        paid[part.component] += part.amount
        by_row[part.number, part.component] = part.amount
    touched = {number for number, _ in by_row}
    running = by_row.get((0, Component.INTEREST), 0)
    totals = replace(
        loan.totals,
        penalty_paid=loan.totals.penalty_paid + paid[Component.PENALTY],
        fees_paid=loan.totals.fees_paid + paid[Component.FEE],
        interest_raised=loan.totals.interest_raised + running,
        interest_paid=loan.totals.interest_paid + paid[Component.INTEREST],
        principal_repaid=loan.totals.principal_repaid + paid[Component.PRINCIPAL],
    )
    dues = tuple(_less(each, by_row, loan.on) if each.number in touched else each for each in loan.dues)
    return replace(loan, dues=dues, fees=loan.fees - paid[Component.FEE], raised=loan.raised + running, totals=totals)


def _less(due: Due, paid: dict[tuple[int, Component], int], on: dt.date) -> Due:
    """An instalment with less unpaid; settled where nothing is."""
    principal = due.unpaid_principal - paid.get((due.number, Component.PRINCIPAL), 0)
    interest = due.unpaid_interest - paid.get((due.number, Component.INTEREST), 0)
    settled = due.settled if principal or interest else due.settled or on
    return replace(due, unpaid_principal=principal, unpaid_interest=interest, settled=settled)


def _pay_early(loan: Loan, rest: int, rule: Prepayment) -> tuple[Loan, int]:
    """Early money: interest to the day, interest carried from before, principal, and interest that it bears all the same."""
    loan, rest = _pay_running(loan, rest)
    loan, rest = _pay_carried(loan, rest)
    early = min(rest, loan.principal_to_come)
    if early:
        loan = _repay_early(loan, early, rule)
        loan, rest = _pay_running(loan, rest - early) if not loan.principal_to_come else (loan, rest - early)
    return loan, rest


def _pay_running(loan: Loan, rest: int) -> tuple[Loan, int]:
    """Interest of the running period, raised because it is paid."""
    interest = min(rest, loan.interest_to_date)
    totals = replace(
        loan.totals,
        interest_raised=loan.totals.interest_raised + interest,
        interest_paid=loan.totals.interest_paid + interest,
    )
    return replace(loan, raised=loan.raised + interest, totals=totals), rest - interest


def _pay_carried(loan: Loan, rest: int) -> tuple[Loan, int]:
    """Interest of earlier instalments that would fall due again."""
    plan, left = [], rest
    for row in loan.plan:
        part = min(left, row.carried)
        plan.append(replace(row, carried=row.carried - part) if part else row)
        left -= part
    totals = replace(loan.totals, interest_paid=loan.totals.interest_paid + rest - left)
    return replace(loan, plan=tuple(plan), totals=totals), left


def _repay_early(loan: Loan, early: int, rule: Prepayment) -> Loan:
    """Principal before it is due, and the instalments to come worked out again."""
    accrued, left = _kept(loan, early), loan.principal_to_come - early
    totals = replace(loan.totals, principal_repaid=loan.totals.principal_repaid + early)
    loan = replanned(replace(loan, accrued=accrued, totals=totals), left, rule)
    if left or not any(each.flat_interest for each in loan.plan):
        return loan
    return replace(loan, plan=tuple(replace(each, flat_interest=0) for each in loan.plan))  # all that it bears is earned
