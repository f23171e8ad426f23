"""征信报送: a month's file for the credit bureau, with corrections of earlier months. Read first: `report`.

A month's own records say what was known at the end of its last day; what is booked later and changes an earlier month goes into
the next file as a correction. `bureau_record` keeps the hash of each record that a file has, so that a change is found by
comparing; the same month written again has the same bytes unless a consent ended or a person was erased meanwhile.

Customers are read in steps of some hundred, in the order of their ids, and each step is a transaction of its own: how much memory
it takes does not depend on the size of the book. A run that was stopped is run again.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import IO, Any

from shouxin.book.customers.model import Person
from shouxin.book.ledger.errors import LedgerWithoutDay
from shouxin.desk.servicing import reporting_reading as reading
from shouxin.desk.servicing.house import House
from shouxin.desk.servicing.reporting_errors import MonthBeforeFirst, MonthNotOver, MonthOutOfOrder
from shouxin.desk.servicing.reporting_file import assemble, beside
from shouxin.desk.servicing.reporting_lines import ACCOUNT, CORRECTION, Reported, Totals, header_of, line_of, trailer_of
from shouxin.desk.servicing.reporting_reading import QUERIES, Told
from shouxin.desk.servicing.reporting_records import Month, month_of
from shouxin.foundation.ids import written_ids
from shouxin.foundation.refusal import Refusal
from shouxin.infra.access.audit import Entry, note
from shouxin.infra.db.connect import Connection
from shouxin.infra.db.unit import Statement, Unit, in_unit

ACTION = "bureau.report"
NO_CONSENT, ERASED = "no_consent", "erased"

# The order in which refusals are told.
ORDER: tuple[type[Refusal], ...] = (LedgerWithoutDay, MonthBeforeFirst, MonthNotOver, MonthOutOfOrder)


@dataclass(frozen=True, slots=True)
class Made:
    """A file that was written. again: the same bytes were written before; sha256: over all of it, as hexadecimal digits."""

    month: Month
    totals: Totals
    sha256: str
    again: bool


@dataclass(frozen=True, slots=True)
class _Asked:
    """today: the open day; before: the months before this one of which there are files, in their order."""

    month: Month
    today: dt.date
    before: tuple[Month, ...]


def report(connection: Connection, house: House, month: Month, path: Path, principal: str) -> Made:
    """Write the file of a month, and note that it was written before it stands under its name.

    Raises the refusals of `ORDER`; OSError where the file cannot be written, and then only records are kept, which the next run
    finds again; SealBroken, MasterKeyUnknown.
    """
    asked = in_unit(connection, lambda unit: _asked(unit, month))
    with beside(path) as (_, body), beside(path) as (whole, file):
        totals = Totals()
        _write(connection, house, asked, body, totals)
        sha256 = assemble(file, header_of(house.lender, month, totals), body, trailer_of)
        again = in_unit(connection, lambda unit: _note(unit, asked, principal, (totals, sha256)))
        whole.replace(path)
    return Made(month, totals, sha256, again)


def _asked(unit: Unit, month: Month) -> _Asked:
    days, made = unit.read((QUERIES["month_closed"], (month.last,)), (QUERIES["months_made"], ()))
    if not days:
        raise LedgerWithoutDay("month", month)
    today, first = days[0].day, month_of(days[0].since)
    if month < first:
        raise MonthBeforeFirst("month", month, first=first)
    if not days[0].closed:
        raise MonthNotOver("month", month, last=month.last, open=today)
    months = tuple(Month(row.month) for row in made)
    if months and month < months[-1] and month not in months:
        raise MonthOutOfOrder("month", month, last=months[-1])
    return _Asked(month, today, tuple(each for each in months if each < month))


@dataclass(frozen=True, slots=True)
class _Page:
    """What one step found: records with whose they are, and accounts that are withheld."""

    reported: Sequence[tuple[Person, Reported]]
    withheld: Sequence[tuple[uuid.UUID, str]]


def _write(connection: Connection, house: House, asked: _Asked, body: IO[bytes], totals: Totals) -> None:
    """The lines between header and trailer: the accounts of the month, then corrections."""
    month = asked.month

    def accounts(unit: Unit, rows: Sequence[Any]) -> _Page:
        return _accounts(unit, house, asked, [row.customer_id for row in rows])

    def corrections(unit: Unit, rows: Sequence[Any]) -> _Page:
        return _corrections(unit, house, asked, {row.customer_id: month_of(row.since) for row in rows})

    pages = _pages(connection, lambda after: reading.customers_open(after, month), accounts)
    if asked.before:
        last = asked.before[-1]
        more = _pages(connection, lambda after: reading.customers_changed(after, last, month), corrections)
        pages = chain(pages, more)
    for page in pages:
        totals.withheld += page.withheld
        for person, each in page.reported:
            totals.add(each)
            body.write(f"{line_of(each, person)}\n".encode())


def _pages(
    connection: Connection, wanted: Callable[[uuid.UUID], Statement], work: Callable[[Unit, Sequence[Any]], _Page]
) -> Iterator[_Page]:
    """Customers step by step, each step a transaction."""
    after = reading.BEFORE_ALL

    def step(unit: Unit) -> tuple[Sequence[Any], _Page]:
        (rows,) = unit.read(wanted(after))
        return rows, work(unit, rows) if rows else _Page((), ())

    while True:
        rows, page = in_unit(connection, step)
        if not rows:
            return
        yield page
        after = rows[-1].customer_id


def _accounts(unit: Unit, house: House, asked: _Asked, customers: Sequence[uuid.UUID]) -> _Page:
    """The month's own records of some customers."""
    month = asked.month
    told = reading.told_by(unit, customers, month.last, month.first)
    agreed, persons = reading.allowed(unit, customers, month, asked.today), reading.persons(unit, house.ring, customers)
    found: list[tuple[uuid.UUID, Reported]] = []
    withheld: list[tuple[uuid.UUID, str]] = []
    for customer_id in customers:
        disputed = told[customer_id].disputed
        records = [each for each in told[customer_id].records(month, month.last) if each.open_in(month)]
        if customer_id in agreed and customer_id in persons:
            found += [(customer_id, Reported(ACCOUNT, month, 1, each, each.account in disputed)) for each in records]
        else:
            why = ERASED if customer_id in agreed else NO_CONSENT
            withheld += [(each.account, why) for each in records]
    _keep(unit, asked, found)
    return _Page([(persons[customer_id], each) for customer_id, each in found], withheld)


def _corrections(unit: Unit, house: House, asked: _Asked, since: Mapping[uuid.UUID, Month]) -> _Page:
    """Corrections of what files before this one have of some customers, each from a month on.

    They ask for no consent: what was reported and is wrong must be put right.
    """
    customers, first = list(since), min(since.values())
    told = reading.told_by(unit, customers, asked.month.last, first.first)
    sent = _by_customer(unit.read((QUERIES["records_sent"], (written_ids(customers), first.first, asked.month.first)))[0])
    persons = reading.persons(unit, house.ring, customers)
    found: list[tuple[uuid.UUID, Reported]] = []
    withheld: list[tuple[uuid.UUID, str]] = []
    for customer_id, begin in since.items():
        months = [each for each in asked.before if each >= begin]
        changed = list(_changed(told[customer_id], sent.get(customer_id, {}), months, asked.month))
        if customer_id in persons:
            found += [(customer_id, each) for each in changed]
        else:
            withheld += [(each.record.account, ERASED) for each in changed]
    _keep(unit, asked, found)
    return _Page([(persons[customer_id], each) for customer_id, each in found], withheld)


Sent = Mapping[tuple[uuid.UUID, Month], Any]


def _changed(told: Told, sent: Sent, months: Iterable[Month], file: Month) -> Iterator[Reported]:
    """The records of some months that say something else by now than was sent last; the first one of a month in which an account
    that had been reported turns out to have been open again, too."""
    accounts = {account for account, _ in sent}
    for month in months:
        for record in told.records(month, file.last):
            last = sent.get((record.account, month))
            if last is None and (record.account not in accounts or not record.open_in(month)):
                continue
            if last is None or bytes(last.sha256) != record.sha256:
                number = last.number + 1 if last else 1
                yield Reported(CORRECTION, month, number, record, record.account in told.disputed)


def _by_customer(rows: Iterable[Any]) -> Mapping[uuid.UUID, Sent]:
    """Records that were sent, by customer, account and month."""
    found: dict[uuid.UUID, dict[tuple[uuid.UUID, Month], Any]] = {}
    for row in rows:
        found.setdefault(row.customer_id, {})[row.account_id, Month(row.month)] = row
    return found


def _keep(unit: Unit, asked: _Asked, found: Sequence[tuple[uuid.UUID, Reported]]) -> None:
    """The hashes of records, so that a later file knows what this one says."""
    if found:
        columns = (
            written_ids(customer_id for customer_id, _ in found),
            written_ids(each.record.account for _, each in found),
            [each.month.first for _, each in found],
            [each.number for _, each in found],
            [each.record.sha256 for _, each in found],
        )
        unit.write(QUERIES["records_added"], (asked.month.first, asked.today, *columns))


def _note(unit: Unit, asked: _Asked, principal: str, made: tuple[Totals, str]) -> bool:
    """The file in the list of files, and in the audit; whether the same one stood there before."""
    totals, sha256 = made
    (rows,) = unit.read((QUERIES["file_made"], (asked.month.first,)))
    again = bool(rows) and bytes(rows[0].sha256).hex() == sha256
    counts = {"records": totals.records, "corrections": totals.corrections, "withheld": len(totals.withheld)}
    if not again:
        number = rows[0].number + 1 if rows else 1
        row = (asked.month.first, number, asked.today, principal, *counts.values(), bytes.fromhex(sha256))
        unit.write(QUERIES["file_added"], row)
    detail = {**counts, "sha256": sha256, "again": again}
    note(unit, Entry(principal, ACTION, asked.today, about=str(asked.month), detail=detail))
    return again
