"""Sealing a day that is over: its rows are hashed, its balances carried forward, and the whole chained to the day before.

The rows never leave the database: it hashes them, and hands out one hash for each part of 10,000.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from shouxin.book.ledger.chart import QUERIES
from shouxin.book.ledger.days import ONE_DAY, day_of
from shouxin.book.ledger.errors import (
    DayBeforeFirst,
    DayStillOpen,
    EarlierDayNotSealed,
    LedgerWithoutDay,
    SealedDayDiffers,
)
from shouxin.book.ledger.seal import GENESIS, Contents, Seal, Signer, contents_of, day_hash, signed
from shouxin.infra.db.unit import Unit

ORDER = (LedgerWithoutDay, DayStillOpen, DayBeforeFirst, SealedDayDiffers, EarlierDayNotSealed)

_ROWS, _BALANCES = QUERIES["rows_of_day"], QUERIES["balances_of_day"]
_PART_HASHES = f"SELECT part, sha256(rows) AS hash, length(rows) AS bytes FROM ({_ROWS}) AS of_day ORDER BY part"
_ROWS_SEALED = f"""
INSERT INTO sealed (day, part, rows) SELECT %s, part, rows FROM ({_ROWS}) AS of_day
RETURNING part, sha256(rows) AS hash, length(rows) AS bytes"""
_BALANCES_SEALED = f"""
INSERT INTO closed_balance (day, account, debits, credits) SELECT %s, account, debits, credits FROM ({_BALANCES}) AS of_day
RETURNING account, debits, credits"""


def seal_day(unit: Unit, ring: Signer, day: dt.date) -> Seal:
    """Seal a day on which nothing more is booked: `open_next_day` was committed, and what was writing then has ended.

    A repeat compares, and returns the first seal where nothing has changed since. Raises what `ORDER` lists.
    """
    [rows, last] = unit.read((QUERIES["open_day_held"], ()), (QUERIES["last_closed_day"], ()))
    open_day = day_of(rows)
    if day >= open_day:
        raise DayStillOpen("day", day, open=open_day)
    if day < rows[0].since:
        raise DayBeforeFirst("day", day, since=rows[0].since)
    if last and day <= last[0].day:
        return _same(unit, day)
    following = last[0].day + ONE_DAY if last else rows[0].since
    if day != following:
        raise EarlierDayNotSealed("day", day, next=following)
    return _sealed(unit, ring, day, bytes(last[0].hash) if last else GENESIS)


def _sealed(unit: Unit, ring: Signer, day: dt.date, previous_hash: bytes) -> Seal:
    [parts, balances, [now]] = unit.read(
        (_ROWS_SEALED, (day, day, day)), (_BALANCES_SEALED, (day, day, day, day)), (QUERIES["now"], ())
    )
    contents = contents_of(sorted(parts, key=_number), balances)
    hashed = day_hash(previous_hash, day, now.at, contents)
    key_id, signature = ring.sign(signed(hashed))
    seal = Seal(day, now.at, previous_hash, hashed, contents.rows, key_id, signature)
    written = (seal.day, seal.closed_at, seal.previous_hash, seal.hash, seal.rows, seal.key_id, seal.signature)
    unit.write(QUERIES["day_closed"], written)
    return seal


def _number(part: Any) -> int:
    return int(part.part)


def _same(unit: Unit, day: dt.date) -> Seal:
    [found] = unit.read((QUERIES["closed_day"], (day,)))
    if found:
        seal = Seal(*found[0])
        if day_hash(seal.previous_hash, day, seal.closed_at, contents_now(unit, day)) == seal.hash:
            return seal
    raise SealedDayDiffers("day", day)


def contents_now(unit: Unit, day: dt.date) -> Contents:
    """What would be sealed of a day as its rows stand now: the balances are those of the day before and what was booked since."""
    [parts, balances] = unit.read((_PART_HASHES, (day, day)), (_BALANCES, (day, day, day)))
    return contents_of(parts, balances)
