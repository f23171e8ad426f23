"""Finding what was changed behind the ledger's back: every sealed day is hashed again and compared, row by row where it differs.

Whoever can change rows can change seals too, but cannot sign them again: the signing key is not in the database. A database that
was taken back to an earlier state as a whole shows only against a hash that was noted elsewhere (`Noted`).
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from shouxin.book.ledger import checks
from shouxin.book.ledger.chart import QUERIES
from shouxin.book.ledger.days import DAY, ONE_DAY, day_of
from shouxin.book.ledger.errors import DayBeforeFirst, DayStillOpen
from shouxin.book.ledger.findings import Finding, Report, What
from shouxin.book.ledger.seal import (
    GENESIS,
    KEY_BYTES,
    PART_ROWS,
    ROW_BYTES,
    Contents,
    Key,
    Seal,
    Verifier,
    contents_of,
    day_hash,
    key_of,
    rows_in,
)
from shouxin.book.ledger.sealing import contents_now
from shouxin.infra.db.unit import Unit

MOST_DAYS = 1_000  # told as not closed; a changed open day could make it millions


@dataclass(frozen=True, slots=True)
class Noted:
    """The hash of a sealed day, as it was noted outside the database."""

    day: dt.date
    hash: bytes


@dataclass(frozen=True, slots=True)
class Scope:
    """What to verify. since: the first day to compare, all where None; lang: the language of the checks' sentences."""

    since: dt.date | None = None
    noted: tuple[Noted, ...] = ()
    lang: str = "en"


ALL = Scope()


@dataclass(frozen=True, slots=True)
class _Days:
    """The business days as they stand in the database."""

    first: dt.date
    open: dt.date
    seals: dict[dt.date, Seal]

    def before(self, day: dt.date) -> bytes:
        """The hash that a day's seal must continue; empty where the day before is not sealed."""
        if day == self.first:
            return GENESIS
        earlier = self.seals.get(day - ONE_DAY)
        return earlier.hash if earlier else b""


def verify(unit: Unit, verifier: Verifier, scope: Scope = ALL) -> Report:
    """Compare sealed days with their rows, and run all checks. Only reads.

    While the system runs, the unit is only to read (`Unit.only_read`), one state: else a day that ends meanwhile is told as
    a fault.
    Raises LedgerWithoutDay; DayBeforeFirst and DayStillOpen for a `since` outside the days that are over.
    """
    [rows, closed] = unit.read(DAY, (QUERIES["closed_days"], ()))
    days = _Days(rows[0].since if rows else dt.date.min, day_of(rows), {row.day: Seal(*row) for row in closed})
    start = _start(days, scope)
    compared = [seal for day, seal in days.seals.items() if day >= start]
    findings = [*_calendar(days, start), *_noted(days, scope.noted)]
    for seal in compared:
        findings += _chain(days, seal, verifier)
        findings += _day(unit, seal)
    findings += _outside(unit, days)
    head = next(reversed(days.seals.items()), None)
    return Report(
        days=len(compared),
        rows=sum(seal.rows for seal in compared),
        head=(head[0], head[1].hash) if head else None,
        findings=tuple(findings),
        violations=tuple(checks.violations(unit, start, scope.lang)),
    )


def _start(days: _Days, scope: Scope) -> dt.date:
    if scope.since is None:
        return min([days.first, *days.seals])
    if scope.since < days.first:
        raise DayBeforeFirst("from", scope.since, since=days.first)
    if scope.since >= days.open:
        raise DayStillOpen("from", scope.since, open=days.open)
    return scope.since


def _calendar(days: _Days, start: dt.date) -> Iterator[Finding]:
    over = (days.first + dt.timedelta(days=count) for count in range((days.open - days.first).days))
    for day in itertools.islice((day for day in over if day >= start and day not in days.seals), MOST_DAYS):
        yield Finding(What.NOT_CLOSED, day, "closed_day")
    for day in days.seals:
        if not days.first <= day < days.open:
            yield Finding(What.CLOSED_TOO_EARLY, day, "closed_day")


def _noted(days: _Days, noted: Iterable[Noted]) -> Iterator[Finding]:
    for each in noted:
        seal = days.seals.get(each.day)
        if seal is None or seal.hash != each.hash:
            yield Finding(What.NOT_AS_NOTED, each.day, "closed_day")


def _chain(days: _Days, seal: Seal, verifier: Verifier) -> Iterator[Finding]:
    if seal.previous_hash != days.before(seal.day):
        yield Finding(What.CHAIN_BROKEN, seal.day, "closed_day")
    if not verifier.verify(seal.key_id, seal.signed, seal.signature):
        yield Finding(What.SIGNATURE_WRONG, seal.day, "closed_day")


def _day(unit: Unit, seal: Seal) -> Iterator[Finding]:
    [parts, balances] = unit.read((QUERIES["sealed_parts"], (seal.day,)), (QUERIES["closed_balances"], (seal.day,)))
    told, now, formed = contents_of(parts, balances), contents_now(unit, seal.day), _well_formed(parts)
    if formed and seal == _with(seal, told):
        if told.parts != now.parts:
            yield from _rows(unit, seal.day)
        return
    # The seal does not hold. What was changed is the one thing without which it would.
    if formed and seal == _with(seal, Contents(told.rows, now.balances, told.parts)):
        yield Finding(What.BALANCES_CHANGED, seal.day, "closed_balance")
        yield from _rows(unit, seal.day)
    elif seal == _with(seal, Contents(now.rows, told.balances, now.parts)):
        yield Finding(What.SEAL_CHANGED, seal.day, "sealed")
    elif seal == _with(seal, now):
        yield Finding(What.BALANCES_CHANGED, seal.day, "closed_balance")
        yield Finding(What.SEAL_CHANGED, seal.day, "sealed")
    else:
        yield Finding(What.SEAL_CHANGED, seal.day, "closed_day")
        yield from _rows(unit, seal.day)


def _with(seal: Seal, contents: Contents) -> Seal:
    """The seal that these contents would have had."""
    hashed = day_hash(seal.previous_hash, seal.day, seal.closed_at, contents)
    return Seal(seal.day, seal.closed_at, seal.previous_hash, hashed, contents.rows, seal.key_id, seal.signature)


def _well_formed(parts: Sequence[Any]) -> bool:
    """Whether parts are numbered from 0, and all but the last are full."""
    full = PART_ROWS * ROW_BYTES
    sizes = [part.bytes for part in parts]
    return (
        [part.part for part in parts] == list(range(len(parts)))
        and all(size == full for size in sizes[:-1])
        and all(0 < size <= full and size % ROW_BYTES == 0 for size in sizes[-1:])
    )


def _rows(unit: Unit, day: dt.date) -> Iterator[Finding]:
    """What differs between the rows that were sealed and those that are there; 43 bytes of memory and a set's place for each."""
    [sealed, there] = unit.read((QUERIES["sealed_rows"], (day,)), (QUERIES["rows_of_day"], (day, day)))
    before, now = set(rows_in(sealed)), set(rows_in(there))
    gone = {row[:KEY_BYTES] for row in before - now}
    come = {row[:KEY_BYTES] for row in now - before}
    for key in sorted(gone | come):
        what = What.NOT_SEALED if key not in gone else What.CHANGED if key in come else What.MISSING
        named = key_of(key)
        yield Finding(what, day, named.table, named)


def _outside(unit: Unit, days: _Days) -> Iterator[Finding]:
    [rows] = unit.read((QUERIES["rows_outside"], (days.first, days.open) * 2))
    for row in rows:
        yield Finding(What.NO_BUSINESS_DAY, row.day, row.table, Key(row.table, row.customer_id, row.number, row.line))
