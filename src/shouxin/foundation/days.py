"""Days: read, shifted by months without drifting."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from typing import Any

from shouxin.foundation.errors import DayUnreadable

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


def read_day(written: Any, field: str = "date") -> dt.date:
    """A day written YYYY-MM-DD and in no other way; raises DayUnreadable.

    >>> read_day("2024-02-29")
    datetime.date(2024, 2, 29)
    """
    if isinstance(written, str) and _DAY.fullmatch(written):
        try:
            return dt.date.fromisoformat(written)
        except ValueError:
            pass
    raise DayUnreadable(field, written)


def add_months(day: dt.date, months: int, anchor: int | None = None) -> dt.date:
    """The same day of the month, `months` later; the last day of a month that is too short.

    anchor: the day of the month meant, where `day` itself was already clipped

    >>> add_months(dt.date(2024, 1, 31), 1), add_months(dt.date(2024, 2, 29), 1, anchor=31)
    (datetime.date(2024, 2, 29), datetime.date(2024, 3, 31))
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return dt.date(year, month + 1, min(anchor or day.day, last))
