"""`shouxin ledger`: read the books, and verify that nobody changed them."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import psycopg
import typer

from shouxin.book.ledger.days import DAY, day_of
from shouxin.book.ledger.errors import HashUnreadable, LedgerWithoutDay
from shouxin.book.ledger.reports import account_ledger, statement, trial_balance
from shouxin.book.ledger.verify import Noted, Scope, verify
from shouxin.faces.cli import ledger_shown as shown
from shouxin.faces.cli.admission import admit
from shouxin.faces.cli.options import AsJson, Data, Lang
from shouxin.faces.cli.out import errors
from shouxin.foundation.days import read_day
from shouxin.foundation.ids import read_id
from shouxin.foundation.refusal import Refusal
from shouxin.infra.db.connect import connect, folder_of, target
from shouxin.infra.db.keys import KeyRing
from shouxin.infra.db.keys_file import path_of_keys
from shouxin.infra.db.unit import Unit

app = typer.Typer(no_args_is_help=True)


OPEN_DAY = "YYYY-MM-DD; the open business day where left out."
FromDay = Annotated[str | None, typer.Option("--from", metavar="DATE", help=OPEN_DAY)]
UntilDay = Annotated[str | None, typer.Option("--until", metavar="DATE", help=OPEN_DAY)]


@app.command("trial-balance")
def trial_balance_of(
    date: Annotated[str | None, typer.Option(help=OPEN_DAY)] = None,
    lang: Lang = "en",
    data: Data = None,
    as_json: AsJson = False,
) -> int:
    """Show all accounts on a day: opening balance, debits, credits, closing balance."""

    def show(unit: Unit) -> int:
        trial = trial_balance(unit, _day(unit, date, "date"))
        _print(as_json, lambda: shown.trial_dict(trial, lang), lambda: shown.show_trial(trial, lang))
        return 0

    return _told(data, lang, show)


@app.command()
def account(
    name: Annotated[str, typer.Argument(metavar="ACCOUNT", help="Such as 1303.business-loan.")],
    first: FromDay = None,
    until: UntilDay = None,
    lang: Lang = "en",
    data: Data = None,
    as_json: AsJson = False,
) -> int:
    """Show what was booked to an account between two days."""

    def show(unit: Unit) -> int:
        book = account_ledger(unit, name, _day(unit, first, "from"), _day(unit, until, "until"))
        _print(as_json, lambda: shown.account_dict(book, lang), lambda: shown.show_account(book, lang))
        return 0

    return _told(data, lang, show)


@app.command("statement")
def statement_of(
    customer: Annotated[str, typer.Argument(metavar="CUSTOMER", help="The customer's id.")],
    lang: Lang = "en",
    data: Data = None,
    as_json: AsJson = False,
) -> int:
    """Show all that was booked for a customer."""

    def show(unit: Unit) -> int:
        made = statement(unit, read_id(customer, "customer"))
        _print(as_json, lambda: shown.statement_dict(made), lambda: shown.show_statement(made, lang))
        return 0

    return _told(data, lang, show)


@app.command("verify")
def verify_books(
    first: Annotated[str | None, typer.Option("--from", metavar="DATE", help="The first day to compare; else all.")] = None,
    noted: Annotated[
        list[str] | None,
        typer.Option(metavar="DATE=HASH", help="The hash of a closed day, as noted when it was closed. May be given again."),
    ] = None,
    lang: Lang = "en",
    data: Data = None,
    as_json: AsJson = False,
) -> int:
    """Find what was changed, removed or added behind the system's back. Exits with 1 where anything was."""

    def show(unit: Unit) -> int:
        ring = KeyRing.load(path_of_keys(folder_of(data)))
        since = None if first is None else read_day(first, "from")
        report = verify(unit, ring, Scope(since, tuple(_noted(each) for each in noted or ()), lang))
        _print(as_json, report.to_dict, lambda: shown.show_report(report, lang))
        return 0 if report.whole else 1

    return _told(data, lang, show)


def _told(data: Path | None, lang: str, show: Callable[[Unit], int]) -> int:
    """Run on the books as they stand at one moment, for somebody who may read them; a refusal is told in the language that was
    asked for."""
    try:
        with _books(data) as unit:
            return show(unit)
    except Refusal as refusal:
        errors.print(refusal.text(lang), soft_wrap=True)
        return 1


@contextmanager
def _books(data: Path | None) -> Iterator[Unit]:
    with connect(target(data).app) as connection:
        try:
            admit(connection, "ledger.read")
            unit = Unit(connection)
            unit.only_read()
            yield unit
        except psycopg.errors.UndefinedTable:
            raise LedgerWithoutDay("ledger", "empty") from None


def _day(unit: Unit, written: str | None, field: str) -> dt.date:
    if written is not None:
        return read_day(written, field)
    [rows] = unit.read(DAY)
    return day_of(rows)


def _noted(written: str) -> Noted:
    """A day and its hash, from `2026-03-01=9f86...`."""
    day, _, text = written.partition("=")
    try:
        hashed = bytes.fromhex(text)
    except ValueError:
        hashed = b""
    if len(hashed) != 32:
        raise HashUnreadable("noted", written)
    return Noted(read_day(day, "noted"), hashed)


def _print(as_json: bool, made: Callable[[], Any], show: Callable[[], None]) -> None:
    if as_json:
        print(json.dumps(made(), ensure_ascii=False, indent=1))
    else:
        show()
