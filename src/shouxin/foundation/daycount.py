"""Day counts: what share of a year a stretch of days is, as exact fractions.

Days between two dates are the nights between them: from the 12th to the 15th are three, and the night from 31 December to
1 January belongs to the new year. Within a period of months that counts as 30 days a month, a part has its share by its days.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import gcd
from typing import NamedTuple

from shouxin.foundation.days import add_months


class Unit(StrEnum):
    """What a period is counted in."""

    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"


class DaysInMonth(StrEnum):
    """How many days a month counts."""

    ACTUAL = "actual"
    THIRTY = "30"


@dataclass(frozen=True, slots=True)
class DayCount:
    """A convention: the days of a year (None: 365 or 366, as the year is) and of a month."""

    name: str
    year: int | None
    month: DaysInMonth = DaysInMonth.ACTUAL


ACTUAL_365 = DayCount("actual/365", 365)
ACTUAL_360 = DayCount("actual/360", 360)
THIRTY_360 = DayCount("30/360", 360, DaysInMonth.THIRTY)
ACTUAL_ACTUAL = DayCount("actual/actual", None)
ACTUAL_364 = DayCount("actual/364", 364)
DAY_COUNTS = {each.name: each for each in (ACTUAL_365, ACTUAL_360, THIRTY_360, ACTUAL_ACTUAL, ACTUAL_364)}


@dataclass(frozen=True, slots=True)
class Period:
    """From one due date to the next: `every` units, as agreed, also where `end` was clipped or moved off a holiday.

    part: what it has beyond `every` whole months, as a share of a month (a first period that is longer or shorter)
    """

    start: dt.date
    end: dt.date
    unit: Unit = Unit.MONTHS
    every: int = 1
    part: Fraction = Fraction(0)

    @property
    def days(self) -> int:
        """Calendar days."""
        return (self.end - self.start).days


class Leg(NamedTuple):
    """Nights that weigh the same: each is weight / basis of a year."""

    nights: int
    weight: int
    basis: int

    @property
    def share(self) -> Fraction:
        """The share of a year that they are."""
        return Fraction(self.nights * self.weight, self.basis)


def legs(count: DayCount, period: Period, start: dt.date, end: dt.date) -> tuple[Leg, ...]:
    """The nights from `start` to `end`, both inside the period, by their weight.

    Amount x rate x nights is a whole number and is summed as such for each weight: nothing is lost, and nothing grows but by
    the nights.

    >>> year_end = Period(dt.date(2023, 12, 12), dt.date(2024, 1, 12))
    >>> [(each.nights, each.share) for each in legs(ACTUAL_ACTUAL, year_end, year_end.start, year_end.end)]
    [(19, Fraction(19, 365)), (12, Fraction(2, 61))]
    >>> legs(THIRTY_360, year_end, year_end.start, dt.date(2023, 12, 22))[0].share  # 10 of its 31 nights, of a twelfth
    Fraction(5, 186)
    """
    counted, span = _counted_days(count, period)
    if count.year is not None:
        return (_leg((end - start).days, counted, span, count.year),)
    found = []
    while start < end:
        last = min(end, dt.date(start.year + (start.month == 12 and start.day == 31), 12, 31))
        found.append(_leg((last - start).days, counted, span, 366 if _leap(last) else 365))
        start = last
    return tuple(found)


def year_fraction(count: DayCount, period: Period) -> Fraction:
    """The share of a year that the whole period is.

    >>> year_fraction(THIRTY_360, Period(dt.date(2024, 1, 1), dt.date(2024, 3, 1), every=2))
    Fraction(1, 6)
    """
    return sum((each.share for each in legs(count, period, period.start, period.end)), Fraction(0))


def months_between(start: dt.date, end: dt.date) -> tuple[int, Fraction]:
    """Whole months, and the days left over as part of the month they are in.

    >>> months_between(dt.date(2024, 1, 1), dt.date(2024, 2, 18))  # 17 of February's 29 days
    (1, Fraction(17, 29))
    """
    months = (end.year - start.year) * 12 + end.month - start.month
    months -= add_months(start, months) > end
    last, following = add_months(start, months), add_months(start, months + 1)
    return months, Fraction((end - last).days, (following - last).days)


def _counted_days(count: DayCount, period: Period) -> tuple[int, int]:
    """As how many days the period counts, and how many it has; both 1 where a day is a day."""
    if count.month is DaysInMonth.ACTUAL or period.unit is not Unit.MONTHS:
        return 1, 1
    counted = 30 * (period.every + period.part) / period.days
    return counted.numerator, counted.denominator


def _leg(nights: int, counted: int, span: int, year: int) -> Leg:
    common = gcd(counted, span * year)
    return Leg(nights, counted // common, span * year // common)


def _leap(day: dt.date) -> bool:
    return day.year % 4 == 0 and (day.year % 100 != 0 or day.year % 400 == 0)
