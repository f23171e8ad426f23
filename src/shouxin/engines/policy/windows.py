"""Windows: when a scenario is offered, as a condition of the language, as a test of a day, and in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from shouxin.engines.policy.product_shapes import WindowShape

_MONTHS = "January February March April May June July August September October November December".split()  # noqa: SIM905 - as a reader reads them
_ON = "MONTH(as_of) * 100 + DAY(as_of)"


def is_open(window: WindowShape | None, day: dt.date) -> bool:
    """Whether a scenario is offered on a day; one without a window always is."""
    if window is None:
        return True
    if (window.since and day < window.since) or (window.until and day > window.until):
        return False
    if window.yearly is None:
        return True
    first, last, here = _number(window.yearly.since), _number(window.yearly.until), day.month * 100 + day.day
    return first <= here <= last if first <= last else here >= first or here <= last


def closed_formula(window: WindowShape) -> str:
    """The condition that a scenario is not offered, as an expression over `as_of`.

    >>> closed_formula(WindowShape.model_validate({"yearly": {"from": "10-01", "until": "11-11"}, "reason": "CLOSED"}))
    'NOT (MONTH(as_of) * 100 + DAY(as_of) BETWEEN 1001 AND 1111)'
    """
    return f"NOT ({' AND '.join(_open(window))})"


def _open(window: WindowShape) -> Iterator[str]:
    if window.since:
        yield f"as_of >= DATE '{window.since}'"
    if window.until:
        yield f"as_of <= DATE '{window.until}'"
    if window.yearly:
        first, last = _number(window.yearly.since), _number(window.yearly.until)
        yield f"{_ON} BETWEEN {first} AND {last}" if first <= last else f"({_ON} >= {first} OR {_ON} <= {last})"


def _number(day_of_year: str) -> int:
    """`10-01` -> 1001."""
    return int(day_of_year[:2]) * 100 + int(day_of_year[3:])


def words(window: WindowShape, lang: str) -> str:
    """The window in words.

    >>> window = WindowShape.model_validate({"yearly": {"from": "10-01", "until": "11-11"}, "reason": "CLOSED"})
    >>> words(window, "zh"), words(window, "en")
    ('每年10月1日至11月11日', 'from 1 October to 11 November every year')
    """
    return "，".join(_zh(window)) if lang == "zh" else ", ".join(_en(window))


def _zh(window: WindowShape) -> Iterator[str]:
    since, until, yearly = window.since, window.until, window.yearly
    if since and until:
        yield f"{_zh_day(since)}至{_zh_day(until)}"
    elif since:
        yield f"{_zh_day(since)}起"
    elif until:
        yield f"截至{_zh_day(until)}"
    if yearly:
        first, last = (dt.date.fromisoformat(f"2000-{each}") for each in (yearly.since, yearly.until))
        over = "次年" if first > last else ""
        yield f"每年{first.month}月{first.day}日至{over}{last.month}月{last.day}日"


def _zh_day(day: dt.date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _en(window: WindowShape) -> Iterator[str]:
    if window.since and window.until:
        yield f"from {_en_day(window.since)} to {_en_day(window.until)}"
    elif window.since:
        yield f"from {_en_day(window.since)}"
    elif window.until:
        yield f"until {_en_day(window.until)}"
    if window.yearly:
        first, last = (dt.date.fromisoformat(f"2000-{each}") for each in (window.yearly.since, window.yearly.until))
        yield f"from {first.day} {_MONTHS[first.month - 1]} to {last.day} {_MONTHS[last.month - 1]} every year"


def _en_day(day: dt.date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
