"""What a loan would cost: its schedule, and its annual rates, each named for its rule. A trial calculation (试算), no promise."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction

from shouxin.engines.loans.annual_rates import DIGITS, PLACES, AnnualRate, Flow, Rule, monthly_irr_rate
from shouxin.engines.loans.errors import FeeExceedsPrincipal, RateNotFound
from shouxin.engines.loans.instalments import all_in_rate
from shouxin.engines.loans.model import Method, Schedule, Terms
from shouxin.engines.loans.periods import periods_of
from shouxin.engines.loans.schedule import schedule
from shouxin.foundation.daycount import DaysInMonth, Unit
from shouxin.foundation.errors import AmountNegative
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
    """A quote, on the conventions of the terms; its annual rates on equal months, as a policy's caps are.

    Raises what `schedule` raises; AmountNegative for a negative fee, FeeExceedsPrincipal; RateNotFound for a fee that leaves so
    little that there is no rate up to 100,000%.

    >>> import datetime as dt
    >>> from shouxin.engines.loans.model import Shape
    >>> year = Terms(1_000_000, 109_500, Method.EQUAL_INSTALMENT, Shape(dt.date(2026, 1, 15), 12))
    >>> quote(year, 10_000).all_in.percent(2)
    Decimal('12.86')
    """
    made = schedule(terms)
    if fee < 0:
        raise AmountNegative("fee", write_amount(fee))
    if fee >= terms.principal:
        raise FeeExceedsPrincipal("fee", write_amount(fee), principal=write_amount(terms.principal))
    try:
        all_in = _cost(terms, made, fee)
    except RateNotFound as told:
        raise told.at("fee") from None
    with localcontext(prec=DIGITS):
        compound = (1 + all_in.value / 12) ** 12 - 1
    nominal = AnnualRate(Rule.SIMPLE, Decimal(terms.rate_ppm) / MILLION)
    return Quote(terms, made, fee, nominal, _cost(terms, made, 0), all_in, AnnualRate(Rule.COMPOUND, compound.quantize(PLACES)))


def _cost(terms: Terms, made: Schedule, fee: int) -> AnnualRate:
    """12 x the monthly internal rate of return, with a fee inside."""
    shape = terms.shape
    if shape.unit is Unit.MONTHS and shape.every == 1 and not (shape.first_due or terms.principal_grace or terms.interest_grace):
        return all_in_rate(terms.rate_ppm, shape.periods, terms.method, Fraction(fee, terms.principal))
    months = months_until_due(terms)
    months = months if len(months) == len(made) else months[-1:]
    paid = [Flow(row.total, month) for row, month in zip(made, months, strict=True) if row.total]
    upfront = [Flow(fee, Fraction(0))] if fee else []
    return monthly_irr_rate([Flow(terms.principal, Fraction(0))], upfront + paid)


def months_until_due(terms: Terms) -> list[Fraction]:
    """The time of each due date in months: where a month counts as 30 days, as agreed; else twelfths of 365 days."""
    thirty = terms.conventions.day_count.month is DaysInMonth.THIRTY
    found, months = [], Fraction(0)
    for each in periods_of(terms.shape, terms.conventions):
        agreed = thirty and each.unit is Unit.MONTHS
        months += each.every + each.part if agreed else Fraction(12 * each.days, 365)
        found.append(months)
    return found
