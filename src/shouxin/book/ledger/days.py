"""Business days: one is open, those before it are over. Only close of business ends a day, and `sealing` seals it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from shouxin.book.ledger.chart import QUERIES
from shouxin.book.ledger.errors import DayNotOpen, EarlierDayNotSealed, FirstDayAlreadySet, LedgerWithoutDay
from shouxin.infra.db.unit import Statement, Unit

DAY: Statement = (QUERIES["open_day"], ())
ORDER = (LedgerWithoutDay, DayNotOpen, EarlierDayNotSealed)
ONE_DAY = dt.timedelta(days=1)


def day_of(rows: Sequence[Any]) -> dt.date:
    """The open business day, from the rows of `DAY`. Raises LedgerWithoutDay where there is none."""
    if not rows:
        raise LedgerWithoutDay("day", "")
    day: dt.date = rows[0].day
    return day


def open_first_day(unit: Unit, day: dt.date) -> None:
    """Set the first business day, when a lender is set up. A repeat changes nothing; another day raises FirstDayAlreadySet."""
    unit.write(QUERIES["first_day_opened"], (day, day))
    [[row]] = unit.read(DAY)
    if row.since != day:
        raise FirstDayAlreadySet("day", day, since=row.since)


def open_next_day(unit: Unit, day: dt.date) -> dt.date:
    """End a day: the next one is open as soon as this is committed. Returns the open day.

    Where the day after `day` is open already, nothing changes. Raises what `ORDER` lists: the days before must be sealed.
    """
    [rows, last] = unit.read((QUERIES["open_day_held"], ()), (QUERIES["last_closed_day"], ()))
    open_day = day_of(rows)
    if open_day == day + ONE_DAY:
        return open_day
    if open_day != day:
        raise DayNotOpen("day", day, open=open_day)
    next_sealed = last[0].day + ONE_DAY if last else rows[0].since
    if next_sealed != day:
        raise EarlierDayNotSealed("day", day, next=next_sealed)
    unit.write(QUERIES["next_day_opened"], (day,))
    return day + ONE_DAY
