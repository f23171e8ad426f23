"""Days that a file keeps as text or as a number: which columns are such, and the days that they say.

Only how a column is written and named is looked at. Of two readings, day first or month first, the one that all values allow
is taken; where all values allow both, the day first.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

import numpy as np

from shouxin.engines.scoring.fitting.draft_names import words_of
from shouxin.engines.scoring.fitting.table import Days, Table

MOST_LOOKED_AT = 2_000
SHARE = 0.95
DATE_WORDS = frozenset({"date", "dt", "day", "dob", "日期", "时间"})

_TIME = r"([ T][0-9:.]+(Z|[+-][0-9:]+)?)?"
_Y, _M, _D = r"(?P<y>(19|20|21)\d\d)", r"(?P<m>0?[1-9]|1[0-2])", r"(?P<d>0?[1-9]|[12]\d|3[01])"
FORMS = tuple(
    re.compile(form + r"\Z", re.IGNORECASE)
    for form in (
        rf"{_Y}[-/.]{_M}[-/.]{_D}{_TIME}",
        rf"{_D}[-/.]{_M}[-/.]{_Y}{_TIME}",
        rf"{_M}[-/.]{_D}[-/.]{_Y}{_TIME}",
        rf"{_Y}年{_M}月({_D}日)?",
        rf"{_Y}(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])",
    )
)
MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
# Days of which only the month is sure, as spreadsheets write and shorten them: Mar-1995, 3-Mar, 03-MAR-95.
VAGUE = re.compile(
    rf"(\d{{1,2}}[- /])?({MONTHS})[a-z]*[- /,]*\d{{2,4}}\Z|\d{{1,2}}[- /]({MONTHS})[a-z]*\Z|(19|20)\d\d[-/](0?[1-9]|1[0-2])\Z",
    re.IGNORECASE,
)


def is_text_date(values: Sequence[str]) -> bool:
    """Whether the distinct values of a column are days written as text.

    >>> is_text_date(["2016/3/1", "2015/10/1"]), is_text_date(["Aug-2001"]), is_text_date(["10+ years", "2 years"])
    (True, True, False)
    """
    return form_of(values) is not None or _share(VAGUE, values) >= SHARE


def form_of(values: Sequence[str]) -> re.Pattern[str] | None:
    """The form in which nearly all values are written, where it says year, month and day."""
    shares = [(_share(form, values), -place) for place, form in enumerate(FORMS)]
    best, place = max(shares)
    return FORMS[-place] if best >= SHARE else None


def days_in(table: Table, column: str) -> Days | None:
    """The days of a column of days, or of text that says them; None for any other column."""
    if column in table.days:
        return table.days[column]
    if column not in table.texts:
        return None
    values, codes = table.coded(column)
    form = form_of(values)
    if form is None:
        return None
    read: Days = np.array([*(_day(form, each) for each in values), np.datetime64("NaT")], dtype="datetime64[D]")
    return read[codes]


def is_number_date(column: str, numbers: Sequence[float]) -> bool:
    """Whether a column of whole numbers keeps days: its name says so, as in `ApprovalDate` or `issue_dt`.

    >>> is_number_date("ApprovalDate", [18911.0]), is_number_date("days_late", [18911.0]), is_number_date("update_days", [1.0])
    (True, False, False)
    """
    return bool(DATE_WORDS & set(words_of(column))) and bool(len(numbers)) and min(numbers) >= 1_000


def is_year(column: str, numbers: Sequence[float]) -> bool:
    """Whether a column of whole numbers keeps calendar years."""
    named = {"year", "fy", "yr", "年份", "年度"} & set(words_of(column))
    return bool(named) and bool(len(numbers)) and min(numbers) >= 1_900 and max(numbers) <= 2_100


def _share(form: re.Pattern[str], values: Sequence[str]) -> float:
    looked = values[:: max(1, len(values) // MOST_LOOKED_AT)]
    return sum(form.match(each.strip()) is not None for each in looked) / len(looked) if looked else 0.0


def _day(form: re.Pattern[str], written: str) -> np.datetime64:
    found = form.match(written.strip())
    if found is None:
        return np.datetime64("NaT")
    try:
        day = dt.date(int(found["y"]), int(found["m"]), int(found["d"] or 1))
    except ValueError:
        return np.datetime64("NaT")
    return np.datetime64(day, "D")
