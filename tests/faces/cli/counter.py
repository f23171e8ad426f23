"""A lender behind the command line, for tests: a database with the shipped bundle in force, and short ways to run commands."""

from __future__ import annotations

import datetime as dt
import itertools
import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from psycopg import sql

from shouxin.bootstrap import put_in_force
from shouxin.engines.policy.load import load
from shouxin.faces.cli.app import run
from shouxin.infra.db.connect import Target, connect
from shouxin.infra.db.unit import in_unit
from tests.desk.servicing.lender import with_check

FIRST_DAY = dt.date(2026, 7, 1)
NOT_COUNTED = ("request", "audit")  # answers are kept, refusals too; the audit tells who looked
SETTINGS = ("SHOUXIN_LENDER_ZH", "SHOUXIN_LENDER_EN", "SHOUXIN_SANCTIONS", "SHOUXIN_DATA", "DATABASE_OWNER_URL")


class Counter:
    """Runs commands; each answer is read from what is printed."""

    def __init__(self, database: Target, capsys: pytest.CaptureFixture[str]) -> None:
        self.database, self.capsys = database, capsys

    def __call__(self, *args: str, code: int = 0) -> str:
        """What a command prints, results and messages."""
        assert run(list(args)) == code, self.capsys.readouterr()
        printed = self.capsys.readouterr()
        return printed.out + printed.err

    def told(self, *args: str, code: int = 0) -> Any:
        """What a command prints as JSON."""
        assert run([*args, "--json"]) == code, self.capsys.readouterr()
        return json.loads(self.capsys.readouterr().out)

    def refusal(self, *args: str) -> str:
        """The code of a refusal; nothing else was written."""
        before = self.rows()
        told = self.told(*args, code=1)
        assert not told["done"] and self.rows() == before
        return str(told["refusal"]["code"])

    def rows(self) -> dict[str, int]:
        """How many rows each table has, but for what every request leaves."""
        with connect(self.database.owner) as connection:
            found = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'shouxin'").fetchall()
            names = sorted(str(row[0]) for row in found if row[0] not in NOT_COUNTED)
            counting = [sql.SQL("SELECT {}, count(*) FROM {}").format(name, sql.Identifier(name)) for name in names]
            return {str(name): int(str(count)) for name, count in connection.execute(sql.SQL(" UNION ALL ").join(counting))}

    def one(self, query: str, *values: object) -> Any:
        """The only row of a query, as a tuple."""
        with connect(self.database.owner) as connection:
            return connection.execute(query.encode(), values).fetchone()

    def customer(self) -> str:
        """Somebody new."""
        number = next(_numbers)
        base = f"11010119{number % 90 + 10}0101{number // 90 % 1000:03d}"
        told = self.told("book", "customer", "new", "--name", f"客户{number}", "--id-number", with_check(base))
        return str(told["customer"])

    def facility(self, customer: str, product: str = "consumer-line", limit: str = "50000") -> str:
        """A total line and a facility that is open."""
        self("book", "line", "set", customer, "--total", limit)
        told = self.told("book", "facility", "offer", customer, product, "--limit", limit, "--rate", "10.95")
        self("book", "facility", "accept", customer, told["facility"])
        return str(told["facility"])

    def draw(self, customer: str, facility: str, amount: str = "12000") -> str:
        """Reserved only."""
        terms = ("--months", "12", "--purpose", "shopping")
        return str(self.told("book", "draw", customer, facility, "--amount", amount, *terms)["loan"])

    def loan(self, customer: str, facility: str, amount: str = "12000") -> str:
        """Drawn and paid out."""
        loan = self.draw(customer, facility, amount)
        self("book", "pay-out", customer, loan, "paid")
        return loan


_numbers = itertools.count(1)


def in_force(database: Target, since: dt.date = FIRST_DAY) -> None:
    """The shipped bundle in force, as `policy activate` puts it, without its checks."""
    with connect(database.app) as connection:
        in_unit(connection, partial(put_in_force, bundle=load("standard"), since=since, principal="test"))


@contextmanager
def at_the_counter(database: Target, keys: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Counter]:
    """Commands run on this database, with these keys and no other settings."""
    with pytest.MonkeyPatch.context() as patch:
        for name in SETTINGS:
            patch.delenv(name, raising=False)
        patch.setenv("DATABASE_URL", database.app)
        patch.setenv("SHOUXIN_KEYS", str(keys))
        yield Counter(database, capsys)
