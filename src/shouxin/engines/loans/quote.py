"""What a loan would cost: its schedule, and its annual rates, each named for its rule. A trial calculation (试算), no promise."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from shouxin.engines.loans.annual_rates import AnnualRate, Flow, Rule, compound_rate, monthly_irr_rate
from shouxin.engines.loans.errors import FeeExceedsPrincipal
from shouxin.engines.loans.model import Method, Schedule, Terms
from shouxin.engines.loans.periods import periods_of
from shouxin.engines.loans.schedule import schedule
from shouxin.foundation.daycount import DaysInMonth, Unit
from shouxin.foundation.errors import AmountNotPositive
from shouxin.foundation.money import write_amount
from shouxin.foundation.rates import MILLION


@dataclass(frozen=True, slots=True)
class Quote:
    """A schedule and what it costs.

    fee:      taken from what is paid out, minor units
    nominal:  the rate of the terms, simple
    interest: 12 x monthly internal rate of return of the interest alone
    all_in:   the same with the fee inside: what a cap is held against
    compound: the effective rate, fee inside
    """

    terms: Terms
    schedule: Schedule
    fee: int
    nominal: AnnualRate
    interest: AnnualRate
    all_in: AnnualRate
    compound: AnnualRate

    @property
    def received(self) -> int:
        """What the borrower gets."""
        return self.terms.principal - self.fee

    @property
    def cost(self) -> int:
        """Interest and fee."""
        return self.schedule.interest + self.fee

    @property
    def shown(self) -> AnnualRate:
        """The one annual rate that a screen shows: the simple one where it tells the truth, else the all-in one.

        With a fee, or with interest on principal that is already repaid, the rate of the terms is less than the loan costs.
        """
        return self.all_in if self.fee or self.terms.method is Method.FLAT else self.nominal


def quote(terms: Terms, fee: int = 0) -> Quote:
    """A quote, on the conventions of the terms.

    Raises what `schedule` raises; AmountNotPositive for a negative fee, FeeExceedsPrincipal, RateNotFound.

    >>> import datetime as dt
    >>> from shouxin.engines.loans.model import Shape
    >>> year = Terms(1_000_000, 109_500, Method.EQUAL_INSTALMENT, Shape(dt.date(2026, 1, 15), 12))
    >>> quote(year, 10_000).all_in.percent(2)
    Decimal('12.87')
    """
    made = schedule(terms)
    if fee < 0:
        raise AmountNotPositive("fee", write_amount(fee))
    if fee >= terms.principal:
        raise FeeExceedsPrincipal("fee", write_amount(fee), principal=write_amount(terms.principal))
    months = months_until_due(terms)
    months = months if len(months) == len(made) else months[-1:]
    paid = [Flow(row.total, month) for row, month in zip(made, months, strict=True) if row.total]
    advance = [Flow(terms.principal, Fraction(0))]
    upfront = [Flow(fee, Fraction(0))] if fee else []
    return Quote(
        terms,
        made,
        fee,
        AnnualRate(Rule.SIMPLE, Decimal(terms.rate_ppm) / MILLION),
        monthly_irr_rate(advance, paid),
        monthly_irr_rate(advance, upfront + paid),
        compound_rate(advance, [Flow(each.amount, each.whole / 12) for each in upfront + paid]),
    )


def months_until_due(terms: Terms) -> list[Fraction]:
    """The time of each due date in months: where a month counts as 30 days, as agreed; else twelfths of 365 days.

    So a loan without fees has very nearly the annual rate of its terms, in short months and in long ones.
    """
    thirty = terms.conventions.day_count.month is DaysInMonth.THIRTY
    found, months = [], Fraction(0)
    for each in periods_of(terms.shape, terms.conventions):
        agreed = thirty and each.unit is Unit.MONTHS
        months += each.every + each.part if agreed else Fraction(12 * each.days, 365)
        found.append(months)
    return found
