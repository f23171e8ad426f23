"""A lender with many customers, made through the services: the shipped bundle in force, each customer with an open line."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from shouxin.book.customers import store_events
from shouxin.book.customers.creation import create, new_history
from shouxin.book.customers.model import Kind, NewCustomer
from shouxin.book.customers.screening import ListFile
from shouxin.book.facilities import commands as lines
from shouxin.book.facilities.acts import Offer
from shouxin.book.facilities.work import Asker, Command, ask
from shouxin.book.ledger.chart import open_accounts
from shouxin.book.ledger.days import open_first_day
from shouxin.book.products import activate
from shouxin.desk.servicing.house import House
from shouxin.engines.loans.delinquency import BUCKETS, FIVE_CLASSES
from shouxin.engines.policy.load import Bundle, load
from shouxin.infra.db.connect import Connection, connect
from shouxin.infra.db.keys import KeyRing
from shouxin.infra.db.unit import Unit, in_unit

FIRST_DAY = dt.date(2026, 1, 5)
PRODUCT, METHOD, MONTHS, RATE_PPM = "consumer-line", "equal_instalment", 12, 109_500
LIMIT = 200_000_00
AT_ONCE, LISTED = 50, 1_000
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


@dataclass(frozen=True, slots=True)
class Means:
    """Where a process finds what it needs to act for the lender."""

    conninfo: str
    keys: Path
    listed: Path

    def house(self) -> House:
        """The lender, with a list of sanctioned persons that every draw is compared with."""
        return House(KeyRing.load_or_make(self.keys), ListFile(self.listed))


def means(conninfo: str, folder: Path) -> Means:
    """Keys and a list, in a folder."""
    listed = folder / "listed.csv"
    rows = [f"某某{number},{_id_number(500_000 + number)},made up,2026-01-01" for number in range(LISTED)]
    listed.write_text("\n".join(["name,id_number,list,since", *rows, ""]), encoding="utf-8")
    return Means(conninfo, folder / "keys.json", listed)


def begin(unit: Unit, bundle: Bundle, first_day: dt.date) -> None:
    """A lender who has just begun."""
    open_first_day(unit, first_day)
    activate(unit, bundle, first_day, "benchmark", first_day)
    open_accounts(unit, list(bundle.products), [each.code for each in BUCKETS.bands], [each.code for each in FIVE_CLASSES.bands])


def open_bank(means: Means, customers: int) -> None:
    """The lender and so many customers, each with an open line of the product and no loan."""
    bundle, house = load("standard"), means.house()
    with connect(means.conninfo) as connection:
        connection.execute("SET synchronous_commit = off")
        in_unit(connection, lambda unit: begin(unit, bundle, FIRST_DAY))
        for start in range(0, customers, AT_ONCE):
            _add(connection, house, bundle, range(start, min(start + AT_ONCE, customers)))


def _add(connection: Connection, house: House, bundle: Bundle, numbers: range) -> None:
    def act(unit: Unit) -> None:
        for number in numbers:
            history = new_history(unit, "benchmark", FIRST_DAY)
            made = create(unit, house.ring, NewCustomer(Kind.PERSON, f"客户{number}", _id_number(number)), history)
            store_events(unit, history)
            _open_line(unit, bundle, made.customer_id)

    in_unit(connection, act)


def _open_line(unit: Unit, bundle: Bundle, customer_id: uuid.UUID) -> None:
    terms = tuple((each.method, tuple(each.months)) for each in bundle.products[PRODUCT].terms)
    asked(unit, customer_id, "line", lines.set_total_line(LIMIT, "GRANTED"))
    offered = asked(unit, customer_id, "offer", lines.offer(bundle, Offer(PRODUCT, LIMIT, RATE_PPM, terms)))
    asked(unit, customer_id, "accept", lines.accept(offered["facility"]))


def asked(unit: Unit, customer_id: uuid.UUID, key: str, command: Command) -> dict[str, uuid.UUID]:
    """The answer to a command that must not be refused."""
    answer = ask(unit, Asker(customer_id, "benchmark", key), command)
    if not answer.done:
        raise AssertionError(answer.body)
    return dict(answer.body)


def _id_number(number: int) -> str:
    """A resident identity number (GB 11643), another one for each number below a million."""
    days = dt.date(1970, 1, 1) + dt.timedelta(days=number // 1_000 * 7)
    base = f"110101{days:%Y%m%d}{number % 1_000:03d}"
    return base + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(base, _WEIGHTS, strict=True)) % 11]


def lines_of(connection: Connection) -> Iterator[tuple[uuid.UUID, uuid.UUID]]:
    """Every customer with the facility."""
    with connection.cursor() as cursor:
        rows = cursor.execute("SELECT customer_id, facility_id FROM facility ORDER BY customer_id").fetchall()
    connection.rollback()
    for customer_id, facility_id in rows:
        assert isinstance(customer_id, uuid.UUID) and isinstance(facility_id, uuid.UUID)
        yield customer_id, facility_id
