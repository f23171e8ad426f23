"""The business calendar: which days a lender works, and where a due date goes that falls on another.

China moves working days onto weekends around its holidays, by a notice of the State Council each autumn for the next year.
`china()` has what was published when the library `chinesecalendar` was released; a lender adds rows of its own with
`read_calendar`. In years without a notice only weekends are free, and `is_published` says so.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import lru_cache

from shouxin.foundation.days import read_day
from shouxin.foundation.errors import CalendarUnreadable, DayUnreadable

_ONE_DAY = dt.timedelta(days=1)


class Adjustment(StrEnum):
    """Where a due date goes that is no business day. `modified-following`: forward, but never into the next month."""

    NONE = "none"
    FOLLOWING = "following"
    MODIFIED_FOLLOWING = "modified-following"
    PRECEDING = "preceding"


class Kind(StrEnum):
    """What a row of a calendar says of a day."""

    HOLIDAY = "holiday"
    WORKDAY = "workday"


@dataclass(frozen=True, eq=False)
class BusinessCalendar:
    """Weekends, and the days that differ from them. Compared and hashed by identity, so that schedules can be cached by it.

    weekend:   weekdays that are free, Monday = 0
    exceptions: day -> holiday or workday
    published: the years for which holidays are known
    """

    name: str
    weekend: frozenset[int] = frozenset({5, 6})
    exceptions: Mapping[dt.date, Kind] = field(default_factory=dict)
    published: frozenset[int] = frozenset()

    def is_business_day(self, day: dt.date) -> bool:
        """Whether the lender works on that day."""
        exception = self.exceptions.get(day)
        return exception is Kind.WORKDAY if exception else day.weekday() not in self.weekend

    def is_published(self, day: dt.date) -> bool:
        """Whether the holidays of its year are known."""
        return day.year in self.published

    def adjust(self, day: dt.date, how: Adjustment) -> dt.date:
        """The day itself where it is a business day, else where the convention sends it."""
        if how is Adjustment.NONE or self.is_business_day(day):
            return day
        if how is Adjustment.PRECEDING:
            return self._next(day, -_ONE_DAY)
        moved = self._next(day, _ONE_DAY)
        if how is Adjustment.MODIFIED_FOLLOWING and moved.month != day.month:
            return self._next(day, -_ONE_DAY)
        return moved

    def add_business_days(self, day: dt.date, count: int) -> dt.date:
        """The `count`-th business day after a day; the day itself where count is 0."""
        for _ in range(count):
            day = self._next(day, _ONE_DAY)
        return day

    def _next(self, day: dt.date, step: dt.timedelta) -> dt.date:
        day += step
        while not self.is_business_day(day):
            day += step
        return day

    def with_rows(self, text: str) -> BusinessCalendar:
        """This calendar with the rows of a CSV text (`day,kind,name`) laid over it; their years count as published.

        Raises CalendarUnreadable, DayUnreadable with the line.
        """
        rows = _read_rows(text)
        years = self.published | {day.year for day in rows}
        return replace(self, exceptions={**self.exceptions, **rows}, published=years)


EVERY_DAY = BusinessCalendar("every day", weekend=frozenset())


def read_calendar(name: str, text: str) -> BusinessCalendar:
    """A calendar of Saturdays, Sundays and the rows of a CSV text with the columns day, kind, name.

    >>> own = read_calendar("ours", "day,kind,name\\n2027-10-01,holiday,国庆节\\n2027-10-09,workday,国庆节调休\\n")
    >>> own.adjust(dt.date(2027, 10, 1), Adjustment.FOLLOWING), own.is_business_day(dt.date(2027, 10, 9))
    (datetime.date(2027, 10, 4), True)
    """
    return BusinessCalendar(name).with_rows(text)


def _read_rows(text: str) -> dict[dt.date, Kind]:
    kinds = ", ".join(Kind)
    reader = csv.DictReader(io.StringIO(text))
    if reader.fieldnames is None or list(reader.fieldnames) != ["day", "kind", "name"]:
        raise CalendarUnreadable("line 1", ",".join(reader.fieldnames or ()), kinds=kinds)
    rows: dict[dt.date, Kind] = {}
    for number, row in enumerate(reader, 2):
        try:
            day = read_day(row["day"], f"line {number}")
            kind = Kind(row["kind"])
        except (ValueError, DayUnreadable):
            raise CalendarUnreadable(f"line {number}", ",".join(str(each) for each in row.values()), kinds=kinds) from None
        if day in rows:
            raise CalendarUnreadable(f"line {number}", day, kinds=kinds)
        rows[day] = kind
    return rows


@lru_cache(maxsize=1)
def china() -> BusinessCalendar:
    """Mainland China as published by the State Council, from 2004 to the last year that the installed library knows.

    >>> china().is_business_day(dt.date(2026, 10, 1)), china().is_business_day(dt.date(2026, 10, 10))
    (False, True)
    """
    from chinese_calendar import constants

    rows = dict.fromkeys(constants.holidays, Kind.HOLIDAY) | dict.fromkeys(constants.workdays, Kind.WORKDAY)
    return BusinessCalendar("China", exceptions=rows, published=frozenset(each.year for each in rows))
