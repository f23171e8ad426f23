"""Flows as JSON, as an annual rate: the published examples of the US, the EU, the UK and China."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from shouxin.engines.loans.annual_rates import (
    AnnualRate,
    Flow,
    Rule,
    compound_rate,
    monthly_irr_rate,
    us_actuarial_rate,
)
from shouxin.engines.loans.errors import ConventionUnknown, FileMalformed, NotTogether
from shouxin.engines.loans.reading import Reader, shown
from shouxin.engines.loans.timing import eu_years, uk_years, us_unit_periods
from shouxin.foundation.money import Currency, read_positive

REGIMES = {"US": Rule.US, "EU": Rule.EU, "UK": Rule.UK, "CN": Rule.COMPOUND}
LONGEST = Fraction(1200)  # periods: a hundred years of months
UNIT = Currency("the currency", 2)
MOST_FLOWS = 5_000


@dataclass(frozen=True, slots=True)
class FlowsRate:
    """The rate of flows, and beside a compound one of equal months 12 x the monthly rate."""

    rate: AnnualRate
    monthly: AnnualRate | None

    def to_dict(self) -> dict[str, Any]:
        """`apr_pct` with six decimals, and the rule; for Chinese flows by months also the monthly measure."""
        shown: dict[str, Any] = {"apr_pct": float(self.rate.percent(6)), "rule": str(self.rate.rule)}
        if self.monthly:
            shown["nominal_12x_monthly_irr_pct"] = float(self.monthly.percent(6))
        return shown


def read_rate(written: Any) -> FlowsRate:
    """The annual rate of one file of flows.

    regime:                US, EU, UK or CN, the first word of it
    advances or drawdowns: amount in major units, and its time: `t` and `f` (US, unit-periods), `t_years`, or `date`
    payments:              the same
    unit_periods_per_year: US, needed with `t`; with dates `unit` (month, week, day, semimonth) and `every`

    Raises FileMalformed, ConventionUnknown, what money and days raise, FlowsOneSided, RateNotFound.
    """
    read = Reader(written, "file")
    words = str(read.need("regime")).replace("/", " ").split()
    rule = REGIMES.get(words[0].upper()) if words else None
    if rule is None:
        raise ConventionUnknown("file.regime", read.need("regime"), known=", ".join(REGIMES))
    if read.get("advances") is not None and read.get("drawdowns") is not None:
        raise NotTogether("file.drawdowns", "a list", other="advances")
    advances = _readers(read, "advances", "drawdowns")
    payments = _readers(read, "payments")
    start = _first_date(advances)
    if rule is Rule.US:
        times, periods = _us_times(read, start)
        return FlowsRate(us_actuarial_rate(_flows(advances, times), _flows(payments, times), periods), None)
    timing = _Years(rule, start)
    received, paid = _flows(advances, timing), _flows(payments, timing)
    monthly = None
    if rule is Rule.COMPOUND and all((each.whole * 12).denominator == 1 for each in (*received, *paid)):
        monthly = monthly_irr_rate(*([Flow(each.amount, each.whole * 12) for each in side] for side in (received, paid)))
    return FlowsRate(compound_rate(received, paid, rule), monthly)


def _readers(read: Reader, *names: str) -> list[Reader]:
    rows = read.rows(*names)
    if not rows:
        raise FileMalformed(f"file.{names[0]}", "missing" if rows is None else "empty", right="at least one flow")
    if len(rows) > MOST_FLOWS:
        raise FileMalformed(f"file.{names[0]}", f"{len(rows):,}", right=f"at most {MOST_FLOWS:,} flows")
    return [Reader(each, f"{names[0]}[{index}]") for index, each in enumerate(rows)]


def _first_date(advances: Sequence[Reader]) -> dt.date | None:
    days = [each.day("date") for each in advances if each.get("date") is not None]
    return min(days, default=None)


def _flows(rows: Sequence[Reader], timing: Any) -> list[Flow]:
    return [Flow(read_positive(_plain(each.need("amount")), f"{each.where}.amount", UNIT), *timing(each)) for each in rows]


def _plain(value: Any) -> Any:
    """A decimal without an exponent, as it was meant."""
    return format(value, "f") if isinstance(value, Decimal) and value.is_finite() else value


def _number(read: Reader, name: str) -> Fraction:
    """A number that must be there, exact; a twelfth that was written with many digits is meant as a twelfth."""
    value = read.need(name)
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or (isinstance(value, Decimal) and not value.is_finite()):
        raise FileMalformed(f"{read.where}.{name}", shown(value), right="a number")
    exact = Fraction(value)
    if abs(exact) > LONGEST:
        raise FileMalformed(f"{read.where}.{name}", value, right=f"a number of periods, at most {LONGEST}")
    simple = exact.limit_denominator(366 * 12)
    return simple if abs(simple - exact) < Fraction(1, 10**11) else exact


@dataclass(frozen=True, slots=True)
class _Years:
    """The time of a flow in years."""

    rule: Rule
    start: dt.date | None

    def __call__(self, read: Reader) -> tuple[Fraction]:
        if read.get("date") is not None:
            if self.start is None:
                raise NotTogether(f"{read.where}.date", read.get("date"), other="advances without dates")
            count = uk_years if self.rule is Rule.UK else eu_years
            return (count(self.start, read.day("date")),)
        return (_number(read, "t_years"),)


def _us_times(read: Reader, start: dt.date | None) -> tuple[Any, Fraction]:
    """How the time of a flow is read, and how many unit-periods a year has."""
    if start is None:
        periods = _number(read, "unit_periods_per_year")
        if periods <= 0:
            raise FileMalformed("file.unit_periods_per_year", shown(read.get("unit_periods_per_year")), right="more than 0")
        return _us_given, periods
    unit, every = str(read.get("unit") or "month"), read.whole("every", default=1)
    if unit not in UNIT_PERIODS or every < 1:
        raise ConventionUnknown("file.unit", f"{every} {unit}", known=", ".join(UNIT_PERIODS))
    return lambda each: us_unit_periods(start, each.day("date"), unit, every), UNIT_PERIODS[unit] / every


def _us_given(read: Reader) -> tuple[Fraction, Fraction]:
    whole, part = _number(read, "t"), _number(read, "f") if read.get("f") is not None else Fraction(0)
    if not 0 <= part < 1:
        raise FileMalformed(f"{read.where}.f", shown(read.get("f")), right="0 to below 1")
    return whole, part


UNIT_PERIODS: Mapping[str, Fraction] = {
    "month": Fraction(12),
    "semimonth": Fraction(24),
    "week": Fraction(52),
    "day": Fraction(365),
}
