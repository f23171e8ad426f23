"""From dates to the times that annual rates are measured in, each by the day rules of its regime."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

from shouxin.foundation.days import add_months


def eu_years(start: dt.date, day: dt.date) -> Fraction:
    """Years from the first drawdown to a day: whole months counted back from the day, and the days that are left.

    Directive 2008/48/EC, Annex I, remarks (c) and (d), as amended by 2011/90/EU: the days are divided by the length of the
    year that ends on the day from which they are counted back.

    A loan that is paid by weeks measures its time in weeks, 52 a year: give such flows their `t_years`.

    >>> eu_years(dt.date(2012, 1, 12), dt.date(2012, 2, 15)), eu_years(dt.date(2013, 1, 12), dt.date(2013, 2, 15))
    (Fraction(401, 4380), Fraction(67, 732))
    """
    if day < start:
        return -eu_years(day, start)
    months, back = _months_back(start, day)
    year = (back - add_months(back, -12)).days
    return Fraction(months, 12) + Fraction((back - start).days, year)


def _months_back(start: dt.date, day: dt.date) -> tuple[int, dt.date]:
    """How many whole months lie between, counted back from the day, and where that leads.

    The last day of a month that is too short for the day of the start counts as that day: 31 January to 29 February is one.
    """
    is_last = (day + dt.timedelta(days=1)).day == 1
    anchor = max(day.day, start.day) if is_last else day.day
    months = (day.year - start.year) * 12 + day.month - start.month
    while add_months(day, -months, anchor) < start:
        months -= 1
    return months, add_months(day, -months, anchor)


def uk_years(start: dt.date, day: dt.date) -> Fraction:
    """Years of 365.25 days: Financial Conduct Authority, MCOB 10 and CONC App 1.

    >>> uk_years(dt.date(2024, 1, 1), dt.date(2024, 2, 1))
    Fraction(124, 1461)
    """
    return Fraction(4 * (day - start).days, 1461)


def us_unit_periods(start: dt.date, day: dt.date, unit: str, every: int = 1) -> tuple[Fraction, Fraction]:
    """Whole unit-periods counted back from a day to the first advance, and the fraction that is left.

    12 CFR 1026, Appendix J (b)(5): a month is divided into 30 days, a semimonth into 15, a week into 7.

    >>> us_unit_periods(dt.date(1978, 2, 10), dt.date(1978, 4, 1), "month")  # Appendix J (c)(1)(ii)
    (Fraction(1, 1), Fraction(19, 30))
    """
    if unit in ("week", "day"):
        whole, rest = divmod((day - start).days, every * (7 if unit == "week" else 1))
        return Fraction(whole), Fraction(rest, every * (7 if unit == "week" else 1))
    months, back = _months_back(start, day)
    days = (back - start).days
    if unit == "semimonth":
        whole, rest = divmod(30 * months + days, 15 * every)
        return Fraction(whole), Fraction(rest, 15 * every)
    whole, rest = divmod(30 * months + days, 30 * every)
    return Fraction(whole), Fraction(rest, 30 * every)
