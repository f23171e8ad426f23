"""A repayment applied: first what is due, in the agreed order; then interest to the day; then principal early."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from shouxin.engines.loans.accrual import NOTHING, whole
from shouxin.engines.loans.agreement import Component, EarlyInterest, Prepayment
from shouxin.engines.loans.allocation import Item, allocate
from shouxin.engines.loans.loan import Due, Loan, payable, settled_if_paid
from shouxin.engines.loans.model import Method
from shouxin.engines.loans.plan import replanned
from shouxin.engines.loans.roll import earned_until


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
    """What settles the loan on `loan.on`: all that is due, all principal, and interest as agreed for early repayment."""
    due = sum(each.amount for each in payable(loan))
    return due + loan.principal_to_come + loan.carried + (_interest_if_paid_off(loan) if loan.plan else 0)


def _interest_if_paid_off(loan: Loan) -> int:
    """Interest of the running period that is payable when all principal to come is paid today."""
    accrued = loan.accrued
    if loan.agreement.early_interest is EarlyInterest.TO_NEXT_DUE and loan.principal_to_come:
        accrued = earned_until(loan, loan.plan[0].period.end, loan.principal_to_come, 0)
    return whole(accrued, loan.agreement.terms.conventions.rounding) - loan.raised


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


def _raise_and_pay(loan: Loan, interest: int) -> Loan:
    """Interest of the running period that is raised because it is paid."""
    totals = replace(
        loan.totals,
        interest_raised=loan.totals.interest_raised + interest,
        interest_paid=loan.totals.interest_paid + interest,
    )
    return replace(loan, raised=loan.raised + interest, totals=totals)


def _pay_early(loan: Loan, rest: int, rule: Prepayment) -> tuple[Loan, int]:
    """Early money: interest to the day first, then principal to come."""
    to_come, carried, running = loan.principal_to_come, loan.carried, _interest_if_paid_off(loan)
    if rest >= to_come + carried + running:
        loan = _raise_and_pay(loan, running)
        loan = replace(loan, totals=replace(loan.totals, interest_paid=loan.totals.interest_paid + carried))
        return _repay(replace(loan, plan=(), accrued=NOTHING, raised=0), to_come), rest - to_come - carried - running
    interest = min(rest, max(0, loan.interest_to_date))
    loan = _raise_and_pay(loan, interest)
    early = min(rest - interest, to_come)
    if early:
        if loan.agreement.early_interest is EarlyInterest.TO_NEXT_DUE and loan.agreement.terms.method is not Method.FLAT:
            loan = replace(loan, accrued=earned_until(loan, loan.plan[0].period.end, early, 0))  # as if it had stayed
        loan = replanned(_repay(loan, early), to_come - early, rule)
    return loan, rest - interest - early


def _repay(loan: Loan, principal: int) -> Loan:
    return replace(loan, totals=replace(loan.totals, principal_repaid=loan.totals.principal_repaid + principal))
