"""A repayment applied: first what is due, in the agreed order; then interest to the day; then principal early."""

from __future__ import annotations

from dataclasses import replace

from shouxin.engines.loans.accrual import NOTHING, whole
from shouxin.engines.loans.agreement import Component, EarlyInterest, Prepayment
from shouxin.engines.loans.allocation import Item, allocate
from shouxin.engines.loans.loan import Loan, payable, settled_if_paid
from shouxin.engines.loans.model import Method
from shouxin.engines.loans.plan import replanned
from shouxin.engines.loans.roll import earned_until


def pay(loan: Loan, amount: int, rule: Prepayment) -> Loan:
    """The loan after a repayment on `loan.on`; what exceeds all that is owed is counted as overpaid, never lost."""
    divided = allocate(amount, payable(loan), loan.agreement.order)
    for part in divided.parts:
        loan = _pay_part(loan, part)
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


def _pay_part(loan: Loan, part: Item) -> Loan:
    totals = loan.totals
    if part.component is Component.PENALTY:
        return replace(loan, totals=replace(totals, penalty_paid=totals.penalty_paid + part.amount))
    if part.component is Component.FEE:
        return replace(loan, fees=loan.fees - part.amount, totals=replace(totals, fees_paid=totals.fees_paid + part.amount))
    if not part.number:
        return _raise_and_pay(loan, part.amount)
    principal, interest = (part.amount, 0) if part.component is Component.PRINCIPAL else (0, part.amount)
    dues = tuple(
        replace(each, unpaid_principal=each.unpaid_principal - principal, unpaid_interest=each.unpaid_interest - interest)
        if each.number == part.number and each.settled is None
        else each
        for each in loan.dues
    )
    dues = tuple(
        replace(each, settled=loan.on)
        if each.settled is None and not each.unpaid_principal and not each.unpaid_interest
        else each
        for each in dues
    )
    paid = replace(totals, principal_repaid=totals.principal_repaid + principal, interest_paid=totals.interest_paid + interest)
    return replace(loan, dues=dues, totals=paid)


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
