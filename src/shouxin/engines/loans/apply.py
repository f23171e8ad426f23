"""What each event does to a loan on the day on which it takes effect. Nothing is refused here: `record.py` refuses.

A refold after a backdated event meets events that were right when they were booked and may not be now; they do as much as
is left to be done.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

from shouxin.engines.loans import events as ev
from shouxin.engines.loans.accrual import NOTHING
from shouxin.engines.loans.loan import Loan, Planned, Totals, settled_if_paid
from shouxin.engines.loans.model import Method, Shape
from shouxin.engines.loans.payment import pay
from shouxin.engines.loans.periods import periods_of
from shouxin.engines.loans.plan import agreed_plan, new_plan, replanned
from shouxin.engines.loans.roll import fallen_due
from shouxin.engines.loans.schedule import whole_period


def opened(event: ev.PaidOut) -> Loan:
    """A new loan. Raises what `schedule` raises."""
    terms = event.agreement.terms
    plan, level = agreed_plan(terms)
    rates = ((event.effective, terms.rate_ppm),)
    return Loan(event.agreement, event.effective, rates, terms.shape, plan, level, Totals(paid_out=terms.principal))


def applied(loan: Loan, event: ev.Event) -> Loan:
    """The loan, rolled to the day on which the event takes effect, after the event."""
    return ACTS[type(event)](loan, event)


def _repaid(loan: Loan, event: ev.Repaid) -> Loan:
    if loan.written_off:
        return _recovered(loan, event)
    if loan.settled:
        return replace(loan, totals=replace(loan.totals, overpaid=loan.totals.overpaid + event.amount))
    return pay(loan, event.amount, event.early or loan.agreement.prepayment)


def _fee_charged(loan: Loan, event: ev.FeeCharged) -> Loan:
    totals = replace(loan.totals, fees_raised=loan.totals.fees_raised + event.amount)
    if loan.written_off:
        totals = replace(totals, written_off_fees=totals.written_off_fees + event.amount)
        return replace(loan, totals=totals, settled=None)
    return replace(loan, fees=loan.fees + event.amount, totals=totals, settled=None)


def _paused(loan: Loan, event: ev.InterestPaused) -> Loan:
    return replace(loan, pauses=(*loan.pauses, (event.effective, event.until)))


def _rate_changed(loan: Loan, event: ev.RateChanged) -> Loan:
    return replanned(_at_rate(loan, event.rate_ppm), loan.principal_to_come) if loan.is_open else loan


def _at_rate(loan: Loan, rate_ppm: int) -> Loan:
    return loan if rate_ppm == loan.rate_ppm else replace(loan, rates=(*loan.rates, (loan.on, rate_ppm)))


def _extended(loan: Loan, event: ev.Extended) -> Loan:
    """More periods after the last one, as if the term had been so long from its beginning; on the last due date for what
    falls due on it."""
    if not loan.is_open:
        return loan
    taken = 0
    if not loan.plan:
        loan, taken = _without_due_principal(loan, late=False)
        if loan.agreement.terms.method is Method.FLAT:  # its interest is an amount, and is agreed anew
            return _on_new_term(loan, taken, event.periods, loan.rate_ppm)
    terms, shape = loan.agreement.terms, replace(loan.shape, periods=loan.shape.periods + event.periods)
    added = periods_of(shape, terms.conventions)[loan.shape.periods :]
    if terms.method is Method.FLEXIBLE:
        added = (whole_period(added),)
    if terms.method is Method.FLEXIBLE and loan.plan:
        longer = whole_period((loan.plan[-1].period, *added))
        plan: tuple[Planned, ...] = (replace(loan.plan[-1], period=longer),)
    else:
        flat = loan.plan[-1].flat_interest if loan.plan else 0
        rows = enumerate(added, loan.fallen + len(loan.plan) + 1)
        plan = (*loan.plan, *(Planned(number, period, 0, flat_interest=flat) for number, period in rows))
    return replanned(replace(loan, shape=shape, plan=plan), taken + loan.principal_to_come)


def _renewed(loan: Loan, event: ev.Renewed) -> Loan:
    """All principal that is not late, on a new term."""
    if not loan.is_open:
        return loan
    loan, taken = _without_due_principal(loan, late=False)
    return _on_new_term(loan, taken + loan.principal_to_come, event.periods, event.rate_ppm)


def _re_aged(loan: Loan, event: ev.ReAged) -> Loan:
    """All unpaid principal over the instalments to come."""
    if not loan.is_open or not loan.plan:
        return loan
    loan, taken = _without_due_principal(loan, late=True)
    loan, taken, carried = _without_arrears(loan, taken, event.arrears)
    loan = replanned(loan, taken + loan.principal_to_come)
    return _with_carried(loan, carried)


def _restructured(loan: Loan, event: ev.Restructured) -> Loan:
    """All unpaid principal on a new term."""
    if not loan.is_open:
        return loan
    loan, taken = _without_due_principal(loan, late=True)
    loan, taken, carried = _without_arrears(loan, taken, event.arrears)
    loan = _on_new_term(loan, taken + loan.principal_to_come, event.periods, event.rate_ppm)
    return _with_carried(loan, carried)


def _without_due_principal(loan: Loan, *, late: bool) -> tuple[Loan, int]:
    """Principal that has fallen due taken out of its instalments: of those that are not late, or of all."""
    taken, dues = 0, []
    for each in loan.dues:
        if each.settled is None and (late or not each.late):
            taken += each.unpaid_principal
            each = replace(each, unpaid_principal=0, settled=None if each.unpaid_interest else loan.on)
        dues.append(each)
    return replace(loan, dues=tuple(dues)), taken


def _without_arrears(loan: Loan, taken: int, arrears: ev.Arrears) -> tuple[Loan, int, int]:
    """Unpaid interest taken out of its instalments: added to the principal, or to be carried to the next instalment.

    After the last instalment that of late principal is among it; what was carried before joins it.
    """
    running = 0 if loan.plan else loan.interest_to_date
    unpaid = sum(each.unpaid_interest for each in loan.dues) + loan.carried + running
    totals = replace(loan.totals, interest_raised=loan.totals.interest_raised + running)
    plan = tuple(replace(each, carried=0) for each in loan.plan)
    loan = replace(loan, plan=plan, totals=totals)
    if running:
        loan = replace(loan, accrued=NOTHING, waiting=NOTHING, raised=0)
    dues = tuple(replace(each, unpaid_interest=0, settled=loan.on) if each.settled is None else each for each in loan.dues)
    loan = replace(loan, dues=dues)
    if arrears is ev.Arrears.CARRIED:
        return loan, taken, unpaid
    totals = replace(loan.totals, capitalised=loan.totals.capitalised + unpaid)
    return replace(loan, totals=totals), taken + unpaid, 0


def _with_carried(loan: Loan, carried: int) -> Loan:
    """Unpaid interest falls due again with the next instalment."""
    first, *others = loan.plan
    return replace(loan, plan=(replace(first, carried=first.carried + carried), *others))


def _on_new_term(loan: Loan, principal: int, periods: int, rate_ppm: int) -> Loan:
    """The principal on a new term from today; interest of the running period falls due with the first new instalment."""
    shape = Shape(loan.on, periods, loan.shape.every, loan.shape.unit)
    carried = loan.carried
    loan = replace(_at_rate(loan, rate_ppm), shape=shape)
    loan = replace(loan, plan=new_plan(loan, shape, principal))
    return _with_carried(replanned(loan, principal), carried)


def _recalled(loan: Loan, _event: ev.Recalled) -> Loan:
    """One last instalment, due today: all principal to come, and interest that waited or was carried."""
    if not loan.is_open or not loan.plan:
        return loan
    period = replace(loan.plan[0].period, end=loan.on, part=Fraction(0))
    last = Planned(loan.fallen + 1, period, loan.principal_to_come, carried=loan.carried)
    return settled_if_paid(fallen_due(replace(loan, plan=(last,))))


def _written_off(loan: Loan, _event: ev.WrittenOff) -> Loan:
    """All that is owed leaves the balance sheet; interest stops."""
    if not loan.is_open:
        return loan
    interest = loan.interest_to_date + loan.carried + sum(each.unpaid_interest for each in loan.dues)
    totals = replace(
        loan.totals,
        interest_raised=loan.totals.interest_raised + loan.interest_to_date,
        written_off_principal=loan.principal,
        written_off_interest=interest,
        written_off_penalty=loan.penalty_due,
        written_off_fees=loan.fees,
    )
    return replace(loan, totals=totals, plan=(), accrued=NOTHING, waiting=NOTHING, raised=0, fees=0, written_off=loan.on)


def _recovered(loan: Loan, event: ev.Recovered | ev.Repaid) -> Loan:
    if not loan.written_off:
        return pay(loan, event.amount, loan.agreement.prepayment)
    taken = min(event.amount, loan.claim)
    totals = replace(loan.totals, recovered=loan.totals.recovered + taken, overpaid=loan.totals.overpaid + event.amount - taken)
    loan = replace(loan, totals=totals)
    return loan if loan.claim else replace(loan, settled=loan.settled or loan.on)


ACTS: dict[type[ev.Event], Callable[[Loan, Any], Loan]] = {
    ev.Repaid: _repaid,
    ev.FeeCharged: _fee_charged,
    ev.InterestPaused: _paused,
    ev.RateChanged: _rate_changed,
    ev.Extended: _extended,
    ev.Renewed: _renewed,
    ev.ReAged: _re_aged,
    ev.Restructured: _restructured,
    ev.Recalled: _recalled,
    ev.WrittenOff: _written_off,
    ev.Recovered: _recovered,
}
