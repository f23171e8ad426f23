"""The periods of a loan: from payout to the first due date, and from each due date to the next."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from functools import lru_cache

from shouxin.engines.loans.errors import DayOutOfRange, FirstDueNotAfterPayout, PeriodsNotPositive, TermTooLong
from shouxin.engines.loans.model import Conventions, Shape
from shouxin.foundation.businessdays import Adjustment, BusinessCalendar
from shouxin.foundation.daycount import Period, Unit, months_between
from shouxin.foundation.days import add_months

FIRST_DAY, LAST_DAY = dt.date(1900, 1, 1), dt.date(2200, 12, 31)
MOST_PERIODS = 1_200
LONGEST_MONTHS, MOST_DAYS = 600, 20_000


def check_shape(shape: Shape) -> None:
    """Raises DayOutOfRange, PeriodsNotPositive, TermTooLong, FirstDueNotAfterPayout, in this order."""
    if not FIRST_DAY <= shape.paid_out <= LAST_DAY:
        raise DayOutOfRange("paid_out", shape.paid_out, first=FIRST_DAY, last=LAST_DAY)
    for name, value in (("periods", shape.periods), ("every", shape.every)):
        if value < 1:
            raise PeriodsNotPositive(name, value)
        if value > MOST_PERIODS:
            raise TermTooLong(name, value, most=f"{MOST_PERIODS:,}")
    if shape.periods * shape.every > MOST_DAYS:
        raise TermTooLong("periods", shape.periods, most="50 years")
    if shape.first_due is not None and shape.first_due <= shape.paid_out:
        raise FirstDueNotAfterPayout("first_due", shape.first_due, payout=shape.paid_out)
    last = due_date(shape, shape.periods)
    if last > add_months(shape.paid_out, LONGEST_MONTHS):
        raise TermTooLong("periods", shape.periods, most="50 years")


def due_date(shape: Shape, number: int) -> dt.date:
    """The due date of an instalment as agreed, before holidays: on the same day of the month, clipped, without drifting.

    >>> end = Shape(dt.date(2024, 1, 31), 3)
    >>> [str(due_date(end, number)) for number in (1, 2, 3)]
    ['2024-02-29', '2024-03-31', '2024-04-30']
    """
    first, steps = shape.first_due, shape.every * number
    if first is None or first == _after(shape.paid_out, shape.every, shape.unit):
        return _after(shape.paid_out, steps, shape.unit)
    return _after(first, steps - shape.every, shape.unit)


def _after(day: dt.date, steps: int, unit: Unit) -> dt.date:
    if unit is Unit.MONTHS:
        return add_months(day, steps)
    return day + dt.timedelta(days=steps * (7 if unit is Unit.WEEKS else 1))


def periods_of(shape: Shape, conventions: Conventions) -> tuple[Period, ...]:
    """The periods, in order; due dates that are no business day are moved, and the next period starts where it went.

    Raises what `check_shape` raises.
    """
    return _periods(shape, conventions.adjustment, conventions.calendar)


@lru_cache(maxsize=2048)
def _periods(shape: Shape, adjustment: Adjustment, calendar: BusinessCalendar) -> tuple[Period, ...]:
    check_shape(shape)
    found, start = [], shape.paid_out
    every, part = _first_length(shape)
    for number in range(1, shape.periods + 1):
        end = calendar.adjust(due_date(shape, number), adjustment)
        if end <= start:  # two dues moved onto one day: the later one goes on
            end = calendar.add_business_days(start, 1)
        found.append(Period(start, end, shape.unit, every, part))
        start, every, part = end, shape.every, Fraction(0)
    return tuple(found)


def _first_length(shape: Shape) -> tuple[int, Fraction]:
    """How many whole months the first period has, and what part of another."""
    first = shape.first_due
    if shape.unit is not Unit.MONTHS or first is None or first == add_months(shape.paid_out, shape.every):
        return shape.every, Fraction(0)
    return months_between(shape.paid_out, first)
