"""A loan rolled forward to a later day: interest is earned, instalments fall due, graces end.

It jumps from one date on which something happens to the next; in between, sums grow by whole numbers each day, so that a
jump and a walk day by day give the same state, to the last digit.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from shouxin.engines.loans.accrual import NOTHING, Accrued, add, whole
from shouxin.engines.loans.agreement import PenaltyBase
from shouxin.engines.loans.loan import Due, Loan, settled_if_paid
from shouxin.engines.loans.model import Method
from shouxin.foundation.daycount import DayCount, Period, legs
from shouxin.foundation.rates import MILLION

ONE_DAY = dt.timedelta(days=1)


def roll(loan: Loan, day: dt.date) -> Loan:
    """The loan on a later day, or the same. A repeat changes nothing. Raises AccrualTooLarge."""
    while (following := next_date(loan)) is not None and following <= day:
        loan = _turn(_earn(loan, following), following)
    return _earn(loan, day)


def next_date(loan: Loan) -> dt.date | None:
    """The next day on which more happens than that interest is earned; None where there is none."""
    if not loan.is_open:
        return None
    days = [loan.plan[0].period.end] if loan.plan else []
    days += [each.grace_end + ONE_DAY for each in loan.dues if not each.late and each.settled is None]
    days += [edge for pause in loan.pauses for edge in pause if edge > loan.on]
    return min(days, default=None)


def _earn(loan: Loan, day: dt.date) -> Loan:
    """Interest and penalty from `loan.on` to a day before which nothing else happens."""
    if day <= loan.on or not loan.is_open or _is_paused(loan, loan.on):
        return replace(loan, on=max(day, loan.on)) if day > loan.on else loan
    accrued = earned_until(loan, day, loan.principal_to_come, loan.principal_due)
    late = sum(_penal(loan, each) for each in loan.dues if each.late)
    penalty = add(loan.penalty, late, _extra(loan), _late_legs(loan, loan.on, day)) if late else loan.penalty
    return replace(loan, on=day, accrued=accrued, penalty=penalty)


def earned_until(loan: Loan, day: dt.date, to_come: int, due: int) -> Accrued:
    """The running period's interest by a day, if so much principal is to come and so much is due from today on."""
    if not loan.plan:
        return add(loan.accrued, due, loan.rate_ppm, _late_legs(loan, loan.on, day))
    period, count = loan.plan[0].period, loan.agreement.terms.conventions.day_count
    if loan.agreement.terms.method is Method.FLAT:  # so much for the period, whatever the balance: each day its share
        accrued = add(loan.accrued, loan.plan[0].flat_interest, MILLION, (((day - loan.on).days, period.days),))
        return add(accrued, due, loan.rate_ppm, _late_legs(loan, loan.on, day))
    return add(loan.accrued, to_come + due, loan.rate_ppm, legs(count, period, loan.on, day))


def _turn(loan: Loan, day: dt.date) -> Loan:
    """What happens on a day beside earning: an instalment falls due, then graces end."""
    if loan.plan and loan.plan[0].period.end == day:
        loan = _fall_due(loan)
    for index, each in enumerate(loan.dues):
        if each.settled is None and not each.late and each.grace_end < day:
            loan = _become_late(loan, index)
    return settled_if_paid(loan)


def _fall_due(loan: Loan) -> Loan:
    row, interest, accrued, raised = loan.plan[0], 0, loan.accrued, loan.raised
    if row.collects_interest:
        interest = whole(accrued, loan.agreement.terms.conventions.rounding) - raised
        accrued, raised = NOTHING, 0
    owed = interest + row.carried
    settled = None if row.principal or owed else loan.on
    grace_end = loan.agreement.grace.end(row.period.end)
    due = Due(row.number, row.period.end, grace_end, row.principal, owed, row.principal, owed, settled=settled)
    totals = replace(loan.totals, interest_raised=loan.totals.interest_raised + interest)
    return replace(loan, plan=loan.plan[1:], dues=(*loan.dues, due), accrued=accrued, raised=raised, totals=totals)


def _become_late(loan: Loan, index: int) -> Loan:
    """The last day of grace is over: the penalty runs from the due date, on what is unpaid."""
    each = loan.dues[index]
    penalty, day = loan.penalty, each.due
    while day <= each.grace_end:
        if not _is_paused(loan, day):
            penalty = add(penalty, _penal(loan, each), _extra(loan), _late_legs(loan, day, day + ONE_DAY))
        day += ONE_DAY
    dues = (*loan.dues[:index], replace(each, late=True), *loan.dues[index + 1 :])
    return replace(loan, dues=dues, penalty=penalty)


def _penal(loan: Loan, each: Due) -> int:
    """What of an unpaid instalment bears the penalty."""
    both = loan.agreement.penalty.base is PenaltyBase.PRINCIPAL_AND_INTEREST
    return each.unpaid_principal + (each.unpaid_interest if both else 0)


def _extra(loan: Loan) -> int:
    return loan.agreement.penalty.extra_ppm(loan.rate_ppm)


def _is_paused(loan: Loan, day: dt.date) -> bool:
    return any(start <= day < end for start, end in loan.pauses)


def _late_legs(loan: Loan, start: dt.date, end: dt.date) -> tuple[tuple[int, int], ...]:
    """Shares of a year outside of periods: what is late is counted by actual days in every convention."""
    count = loan.agreement.terms.conventions.day_count
    return legs(DayCount(count.name, count.year), Period(start, end), start, end)
