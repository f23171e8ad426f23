"""A lender for tests: a database with the shipped bundle in force, customers with lines, and short ways to ask for things."""

from __future__ import annotations

import datetime as dt
import itertools
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from stdnum.cn import ric, uscc

from shouxin.book.customers import store_events
from shouxin.book.customers.creation import create, new_history
from shouxin.book.customers.model import Kind, NewCustomer
from shouxin.book.facilities import commands as lines
from shouxin.book.facilities.acts import Offer
from shouxin.book.facilities.work import Asker, Command
from shouxin.book.ledger.chart import open_accounts
from shouxin.book.ledger.checks import violations
from shouxin.book.ledger.days import open_first_day
from shouxin.book.products import activate
from shouxin.desk.servicing import closing
from shouxin.desk.servicing import commands as loans
from shouxin.desk.servicing.checks import all_checks
from shouxin.desk.servicing.commands import perform
from shouxin.desk.servicing.draw import Draw
from shouxin.desk.servicing.house import House
from shouxin.engines.loans.delinquency import BUCKETS, FIVE_CLASSES
from shouxin.engines.policy.load import load
from shouxin.infra.access.requests import Answer
from shouxin.infra.db.connect import Connection, Target, connect
from shouxin.infra.db.keys import KeyRing
from shouxin.infra.db.unit import Unit, in_unit

FIRST_DAY = dt.date(2026, 1, 5)
DAY = dt.timedelta(days=1)
YUAN = 100
BUNDLE = load("standard")


class Lender:
    """A connection and the lender's means; every request gets a key of its own."""

    def __init__(self, connection: Connection, house: House) -> None:
        self.connection, self.house = connection, house
        self._numbers = itertools.count(1)

    def unit(self) -> Unit:
        return Unit(self.connection)

    def ask(self, customer: uuid.UUID, command: Command, key: str | None = None) -> Answer:
        asker = Asker(customer, "test", key or f"key {next(self._numbers)}")
        return perform(self.connection, asker, command)

    def done(self, customer: uuid.UUID, command: Command) -> dict[str, Any]:
        answer = self.ask(customer, command)
        assert answer.done, answer.body
        return dict(answer.body)

    def refusal(self, customer: uuid.UUID, command: Command) -> str:
        answer = self.ask(customer, command)
        assert not answer.done, answer.body
        return str(answer.body["code"])

    def customer(self, kind: Kind = Kind.PERSON) -> uuid.UUID:
        number = next(self._numbers)
        base = f"11010119{number % 90 + 10}0101{number // 90 % 1000:03d}"

        def act(unit: Unit) -> uuid.UUID:
            history = new_history(unit, "test", FIRST_DAY)
            code = credit_code(number) if kind is Kind.COMPANY else None
            person = None if kind is Kind.COMPANY else with_check(base)
            made = create(unit, self.house.ring, NewCustomer(kind, f"客户{number}", person, code), history)
            store_events(unit, history)
            return made.customer_id

        return in_unit(self.connection, act)

    def line(
        self, customer: uuid.UUID, product: str = "consumer-line", most: int = 50_000 * YUAN, total: int | None = None
    ) -> uuid.UUID:
        """A total line, and a facility that is open."""
        self.done(customer, lines.set_total_line(total or most, "GRANTED"))
        return self.facility(customer, product, most)

    def facility(self, customer: uuid.UUID, product: str, most: int, rate_ppm: int = 109_500) -> uuid.UUID:
        terms = tuple((each.method, tuple(each.months)) for each in BUNDLE.products[product].terms)
        offered = self.done(customer, lines.offer(BUNDLE, Offer(product, most, rate_ppm, terms)))
        facility: uuid.UUID = offered["facility"]
        self.done(customer, lines.accept(facility))
        return facility

    def draw(
        self, customer: uuid.UUID, facility: uuid.UUID, amount: int, months: int = 12, purpose: str = "shopping"
    ) -> uuid.UUID:
        """Reserved only."""
        wanted = Draw(facility, amount, "equal_instalment", months, purpose)
        loan: uuid.UUID = self.done(customer, loans.draw(self.house, customer, wanted))["loan"]
        return loan

    def loan(
        self, customer: uuid.UUID, facility: uuid.UUID, amount: int, months: int = 12, purpose: str = "shopping"
    ) -> uuid.UUID:
        """Drawn and paid out today."""
        loan = self.draw(customer, facility, amount, months, purpose)
        self.done(customer, loans.instruct(self.house, customer, loan))
        self.done(customer, loans.paid(self.house, customer, loan))
        return loan

    def close_until(self, day: dt.date) -> None:
        """Business days end until `day` is open."""
        for _ in closing.run(self.connection, self.house, day - DAY):
            pass

    def check_books(self) -> None:
        """All that must always be true of the books."""
        assert in_unit(self.connection, violations) == []
        assert in_unit(self.connection, all_checks) == [], in_unit(self.connection, all_checks)

    def one(self, query: str, *values: object) -> Any:
        """The only row of a query, as a tuple."""
        with self.connection.cursor() as cursor:
            row = cursor.execute(query.encode(), values).fetchone()
        self.connection.rollback()
        return row


def with_check(base: str) -> str:
    """A resident identity number with its check digit (GB 11643)."""
    return base + str(ric.calc_check_digit(f"{base}0"))


def credit_code(number: int) -> str:
    """A unified social credit code with its check digit (GB 32100)."""
    base = f"911101{number:011d}"
    return base + str(uscc.calc_check_digit(f"{base}0"))


@contextmanager
def lender(target: Target, first_day: dt.date = FIRST_DAY) -> Iterator[Lender]:
    """A lender that has just begun."""
    with connect(target.app) as connection:

        def begin(unit: Unit) -> None:
            open_first_day(unit, first_day)
            activate(unit, BUNDLE, first_day, "test", first_day)
            open_accounts(
                unit, list(BUNDLE.products), [each.code for each in BUCKETS.bands], [each.code for each in FIVE_CLASSES.bands]
            )

        in_unit(connection, begin)
        yield Lender(connection, House(KeyRing.fresh()))
