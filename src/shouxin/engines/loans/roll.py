"""A loan rolled forward to a later day: interest is earned, instalments fall due, graces end.

It jumps from one date on which something happens to the next; in between, sums grow by whole numbers each night, so that a
jump and a walk day by day give the same state, to the last digit.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from shouxin.engines.loans.accrual import NOTHING, merged
from shouxin.engines.loans.earning import earned_until, penalty_of_grace, penalty_until
from shouxin.engines.loans.loan import Due, Loan, settled_if_paid

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
    return min(days, default=None)


def _earn(loan: Loan, day: dt.date) -> Loan:
    """Interest and penalty from `loan.on` to a day before which nothing else happens."""
    if day <= loan.on:
        return loan
    if not loan.is_open:
        return replace(loan, on=day)
    accrued = earned_until(loan, day, loan.principal_to_come, loan.principal_due)
    return replace(loan, on=day, accrued=accrued, penalty=penalty_until(loan, day))


def _turn(loan: Loan, day: dt.date) -> Loan:
    """What happens on a day beside earning: an instalment falls due, graces end."""
    if loan.plan and loan.plan[0].period.end == day:
        loan = fallen_due(loan)
    for index, each in enumerate(loan.dues):
        if each.settled is None and not each.late and each.grace_end < day:
            dues = (*loan.dues[:index], replace(each, late=True), *loan.dues[index + 1 :])
            loan = replace(loan, dues=dues, penalty=penalty_of_grace(loan, each))
    return settled_if_paid(loan)


def fallen_due(loan: Loan) -> Loan:
    """The loan, its first instalment to come now one that is due, with the interest that was earned until today."""
    row, interest = loan.plan[0], 0
    if row.collects:
        interest = loan.interest_to_date
        loan = replace(loan, accrued=NOTHING, waiting=NOTHING, raised=0)
    else:
        loan = replace(loan, accrued=NOTHING, waiting=merged(loan.waiting, loan.accrued))
    owed = interest + row.carried
    settled = None if row.principal or owed else loan.on
    grace_end = loan.agreement.grace.end(row.period.end)
    due = Due(row.number, row.period.end, grace_end, row.principal, owed, row.principal, owed, settled=settled)
    totals = replace(loan.totals, interest_raised=loan.totals.interest_raised + interest)
    return replace(loan, plan=loan.plan[1:], dues=(*loan.dues, due), fallen=row.number, totals=totals)
