"""What a loan earns over some nights: interest on all principal, penalty on what is late. Paused nights earn nothing."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

from shouxin.engines.loans.accrual import Accrued, add
from shouxin.engines.loans.agreement import PenaltyBase
from shouxin.engines.loans.loan import Due, Loan
from shouxin.engines.loans.model import Method
from shouxin.foundation.daycount import DayCount, Leg, Period, legs
from shouxin.foundation.rates import MILLION


def earned_until(loan: Loan, day: dt.date, to_come: int, due: int) -> Accrued:
    """The running period's interest by a day, if so much principal is to come and so much is due from today on."""
    if not loan.plan:
        return add(loan.accrued, due, loan.rate_ppm, _late_legs(loan, loan.on, day))
    row = loan.plan[0]
    if loan.agreement.terms.method is Method.FLAT:  # so much for the period, whatever the balance: each night its share
        nights = [Leg((end - start).days, 1, row.period.days) for start, end in open_nights(loan, loan.on, day)]
        accrued = add(loan.accrued, row.flat_interest, MILLION, nights)
        return add(accrued, due, loan.rate_ppm, _late_legs(loan, loan.on, day))
    return add(loan.accrued, to_come + due, loan.rate_ppm, _period_legs(loan, day))


def rest_of_period(loan: Loan) -> Fraction:
    """What a balance of 1 earns from today to the next due date."""
    shares = _period_legs(loan, loan.plan[0].period.end)
    return sum((each.share for each in shares), Fraction(0)) * Fraction(loan.rate_ppm, MILLION)


def penalty_until(loan: Loan, day: dt.date) -> Accrued:
    """The penalty by a day, on what is late today."""
    found, rate = loan.penalty, loan.rate_ppm
    for each in loan.dues:
        if each.late and each.settled is None:
            found = _penalised(loan, found, each, rate, _late_legs(loan, loan.on, day))
    return found


def penalty_of_grace(loan: Loan, due: Due) -> Accrued:
    """The penalty with that of an instalment whose grace has ended unpaid: the nights since its due date, at their rates."""
    found, end = loan.penalty, due.grace_end + dt.timedelta(days=1)
    changes = [day for day, _ in loan.rates if due.due < day < end]
    for start, stop in zip([due.due, *changes], [*changes, end], strict=True):
        rate = next(ppm for day, ppm in reversed(loan.rates) if day <= start)
        found = _penalised(loan, found, due, rate, _late_legs(loan, start, stop))
    return found


def _penalised(loan: Loan, penalty: Accrued, due: Due, rate_ppm: int, nights: list[Leg]) -> Accrued:
    """Late principal bears the extra rate, on top of its interest; late interest, where agreed, the whole rate of lateness."""
    extra = loan.agreement.penalty.extra_ppm(rate_ppm)
    penalty = add(penalty, due.unpaid_principal, extra, nights)
    if loan.agreement.penalty.base is PenaltyBase.PRINCIPAL_AND_INTEREST:
        penalty = add(penalty, due.unpaid_interest, rate_ppm + extra, nights)
    return penalty


def open_nights(loan: Loan, start: dt.date, end: dt.date) -> list[tuple[dt.date, dt.date]]:
    """The stretches between two days in which nothing is paused."""
    stretches = [(start, end)] if start < end else []
    for first, last in loan.pauses:
        cut = []
        for begin, stop in stretches:
            cut += [(begin, min(stop, first)), (max(begin, last), stop)]
        stretches = [(begin, stop) for begin, stop in cut if begin < stop]
    return stretches


def _period_legs(loan: Loan, day: dt.date) -> list[Leg]:
    """Nights of the running period from today to a day."""
    count, period = loan.agreement.terms.conventions.day_count, loan.plan[0].period
    return [leg for start, end in open_nights(loan, loan.on, day) for leg in legs(count, period, start, end)]


def _late_legs(loan: Loan, start: dt.date, end: dt.date) -> list[Leg]:
    """Nights outside of periods: what is late is counted by actual days in every convention."""
    count = loan.agreement.terms.conventions.day_count
    actual = DayCount(count.name, count.year)
    return [leg for first, last in open_nights(loan, start, end) for leg in legs(actual, Period(first, last), first, last)]
