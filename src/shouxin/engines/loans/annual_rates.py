"""Annual rates of cash flows, each named for its rule: what a borrower receives and pays, as one number a year.

All rules solve one equation, value received = value paid, each amount discounted over t whole and f fractional periods:

    sum of advances / ((1 + f x)(1 + x)^t) = sum of payments / ((1 + f x)(1 + x)^t)

EU, UK and China's compound rate measure t in years, f = 0, and x is the rate. 12 x monthly IRR measures t in months. The US
rule (Regulation Z, Appendix J) measures in unit-periods and multiplies x by their number in a year. Floating point only
proposes a root; one step in decimals of 40 digits decides it, so that every machine prints the same digits.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from enum import StrEnum
from fractions import Fraction

from shouxin.engines.loans.errors import FlowsOneSided, RateNotFound
from shouxin.foundation.money import write_amount
from shouxin.foundation.rates import MILLION
from shouxin.foundation.rounding import Rounding, divide

HIGHEST = 1000  # 100,000% a year
DIGITS, PLACES = 40, Decimal("1e-15")
STEPS = 400


class Rule(StrEnum):
    """Which rule a rate follows. The value is its stable name."""

    SIMPLE = "simple-nominal"
    MONTHLY_IRR = "12-x-monthly-irr"
    COMPOUND = "effective-compound"
    EU = "eu-apr"
    UK = "uk-apr"
    US = "us-actuarial"


RULE_TEXTS = {
    "zh": {
        Rule.SIMPLE: "年化利率（单利）",
        Rule.MONTHLY_IRR: "年化综合融资成本（月内部收益率×12）",
        Rule.COMPOUND: "年化利率（复利，内部收益率）",
        Rule.EU: "欧盟年百分率（APR）",
        Rule.UK: "英国年百分率（APR）",
        Rule.US: "美国年百分率（APR，Z 条例附录 J）",
    },
    "en": {
        Rule.SIMPLE: "annual rate, simple",
        Rule.MONTHLY_IRR: "annual cost, 12 x monthly internal rate of return",
        Rule.COMPOUND: "annual rate, compound internal rate of return",
        Rule.EU: "APR (EU)",
        Rule.UK: "APR (UK)",
        Rule.US: "APR (US, Regulation Z, Appendix J)",
    },
}


@dataclass(frozen=True, slots=True)
class Flow:
    """An amount in minor units, `whole` and `part` periods after the reference day; before it where negative.

    part: 0 to below 1, discounted simply (US); for the other rules fractions are in `whole` and part is 0
    """

    amount: int
    whole: Fraction
    part: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True)
class AnnualRate:
    """A rate and its rule; value is a share: 0.24 is 24% a year."""

    rule: Rule
    value: Decimal

    @property
    def ppm(self) -> int:
        """Millionths, half up."""
        numerator, denominator = (self.value * MILLION).as_integer_ratio()
        return divide(numerator, denominator, Rounding.HALF_UP)

    def percent(self, places: int) -> Decimal:
        """Percent with so many decimals, half up."""
        numerator, denominator = (self.value * 100).as_integer_ratio()
        return Decimal(divide(numerator * 10**places, denominator, Rounding.HALF_UP)).scaleb(-places)


def compound_rate(advances: Sequence[Flow], payments: Sequence[Flow], rule: Rule = Rule.COMPOUND) -> AnnualRate:
    """The effective compound rate; times in years. The formula of Directive 2008/48/EC, Annex I, and of its successors.

    Raises FlowsOneSided, RateNotFound.

    >>> half = Fraction(1, 2)  # 200,000 for half a year, 11,500 kept back at once: Commission example 41
    >>> paid = [Flow(400_000, Fraction(0)), Flow(750_000, Fraction(0)), Flow(20_000_000, half)]
    >>> compound_rate([Flow(20_000_000, Fraction(0))], paid).percent(4)
    Decimal('12.5738')
    """
    return AnnualRate(rule, _root(advances, payments, Fraction(HIGHEST)))


def monthly_irr_rate(advances: Sequence[Flow], payments: Sequence[Flow]) -> AnnualRate:
    """12 x the monthly internal rate of return; times in months. The measure that the shipped caps are held against."""
    return AnnualRate(Rule.MONTHLY_IRR, 12 * _root(advances, payments, Fraction(HIGHEST, 12)))


def us_actuarial_rate(advances: Sequence[Flow], payments: Sequence[Flow], periods_per_year: Fraction) -> AnnualRate:
    """The annual percentage rate of 12 CFR 1026, Appendix J: unit-period rate x unit-periods a year; times in unit-periods.

    >>> one = [Flow(108_000, Fraction(1))]  # 1,000 for 255 days, 1,080 back: Appendix J (c)(5)(i)
    >>> us_actuarial_rate([Flow(100_000, Fraction(0))], one, Fraction(365, 255)).percent(2)
    Decimal('11.45')
    """
    unit = _root(advances, payments, HIGHEST / periods_per_year)
    with localcontext(prec=DIGITS):
        return AnnualRate(Rule.US, (unit * periods_per_year.numerator / periods_per_year.denominator).quantize(PLACES))


class Tolerance(StrEnum):
    """How far a disclosed US rate may be from the true one (12 CFR 1026.22(a)).

    regular: one advance, equal payments and periods; irregular: several advances, unequal payments or periods
    """

    REGULAR = "regular"
    IRREGULAR = "irregular"


TOLERANCES = {Tolerance.REGULAR: Decimal("0.00125"), Tolerance.IRREGULAR: Decimal("0.0025")}


def is_accurate(disclosed: Decimal, true: AnnualRate, tolerance: Tolerance) -> bool:
    """Whether a disclosed rate (a share) is within 1/8 or 1/4 of a percentage point.

    >>> is_accurate(Decimal("0.0975"), AnnualRate(Rule.US, Decimal("0.0969")), Tolerance.REGULAR)
    True
    """
    return abs(disclosed - true.value) <= TOLERANCES[tolerance]


def _root(advances: Sequence[Flow], payments: Sequence[Flow], highest: Fraction) -> Decimal:
    """The lowest rate per period, 0 to `highest`, at which both sides are worth the same."""
    received, paid = sum(each.amount for each in advances), sum(each.amount for each in payments)
    if received <= 0 or paid <= 0:
        raise FlowsOneSided("flows", f"{len(advances)} paid out, {len(payments)} paid back")
    if paid < received:
        raise _none(
            f"{write_amount(paid)} paid for {write_amount(received)} received",
            "at least as much paid as received",
            "还款合计不得少于收到的金额",
        )
    equation = _Equation(advances, payments)
    if paid == received:
        return Decimal(0)
    proposed = equation.solve(float(highest))
    if proposed is None:
        raise _none(
            "no rate makes both sides equal",
            "flows with a rate of 0 to 100,000% a year",
            "现金流的年化利率须在 0 到 100,000% 之间",
        )
    return equation.decide(proposed)


def _none(value: str, en: str, zh: str) -> RateNotFound:
    return RateNotFound("flows", value, right_en=en, right_zh=zh)


class _Equation:
    """Value paid minus value received, at a rate per period."""

    def __init__(self, advances: Sequence[Flow], payments: Sequence[Flow]) -> None:
        flows = [(each.amount, each.whole, each.part) for each in payments]
        flows += [(-each.amount, each.whole, each.part) for each in advances]
        earliest = min(whole for _, whole, _ in flows)
        if earliest < 0:  # so that nothing is ever worth more than its amount
            flows = [(amount, whole - earliest, part) for amount, whole, part in flows]
        self.flows = flows
        self._floats = [(float(amount), float(whole), float(part)) for amount, whole, part in self.flows]
        last = max(each.whole + each.part for each in advances)
        self.is_conventional = all(each.whole + each.part >= last for each in payments)

    def solve(self, highest: float) -> float | None:
        """A root in floating point. Advances before payments have one at the most; others are searched for the lowest."""
        bracket = (0.0, highest) if self.is_conventional else self._bracket(highest)
        if bracket is None or self.at(bracket[1])[0] > 0:
            return None
        low, high = bracket
        rate = min(high, max(low, 0.01))
        for _ in range(200):  # Newton inside a shrinking bracket
            value, slope = self.at(rate)
            low, high = (rate, high) if value > 0 else (low, rate)
            step = rate - value / slope if slope else math.inf
            following = step if low < step < high else (low + high) / 2
            if abs(following - rate) <= 1e-15 * (1 + rate):
                return following
            rate = following
        return rate

    def _bracket(self, highest: float) -> tuple[float, float] | None:
        """The first stretch over which the value falls to zero, looking at `STEPS` rates, finer where they are low."""
        rates = [math.expm1(math.log1p(highest) * step / STEPS) for step in range(STEPS + 1)]
        values = [self.at(rate)[0] for rate in rates]
        for index in range(1, len(rates)):
            if values[index] <= 0:
                return rates[index - 1], rates[index]
            if index + 1 < len(rates) and values[index - 1] > values[index] < values[index + 1]:
                lowest = self._lowest(rates[index - 1], rates[index + 1])
                if self.at(lowest)[0] <= 0:
                    return rates[index - 1], lowest
        return None

    def _lowest(self, low: float, high: float) -> float:
        """Where the value is lowest between two rates."""
        for _ in range(100):
            first, second = low + (high - low) / 3, high - (high - low) / 3
            low, high = (low, second) if self.at(first)[0] < self.at(second)[0] else (first, high)
        return (low + high) / 2

    def at(self, rate: float) -> tuple[float, float]:
        """Value and slope."""
        value = slope = 0.0
        growth = 1 + rate
        for amount, whole, part in self._floats:
            worth = amount * growth**-whole
            if part:
                worth /= 1 + part * rate
                slope -= worth * part / (1 + part * rate)
            value += worth
            slope -= worth * whole / growth
        return value, slope

    def decide(self, proposed: float) -> Decimal:
        """One Newton step with the value in decimals: an error of 1e-13 becomes one of some 1e-24."""
        slope = self.at(proposed)[1]
        with localcontext(prec=DIGITS):
            rate = Decimal(proposed)
            value, roots = Decimal(0), dict[int, Decimal]()  # of 1 + rate, by denominator of the time
            for amount, whole, part in self.flows:
                root = roots.get(whole.denominator)
                if root is None:
                    root = roots[whole.denominator] = (1 + rate) ** (Decimal(1) / whole.denominator)
                value += amount * root**-whole.numerator / (1 + rate * part.numerator / part.denominator)
            return max(Decimal(0), rate - value / Decimal(slope)).quantize(PLACES)
