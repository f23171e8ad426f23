"""Lines that end by themselves: offers that nobody took, lines whose last day is over, lines that were not used for too long."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator, Sequence
from functools import partial
from typing import TypeAlias

from shouxin.book.facilities import commands
from shouxin.book.facilities.work import Asker, ask
from shouxin.book.products import active_bundle
from shouxin.foundation.days import add_months
from shouxin.infra.db.connect import Connection
from shouxin.infra.db.queries import load_queries
from shouxin.infra.db.unit import Unit, in_unit

QUERIES = load_queries(__package__, "closing.sql")
PRINCIPAL = "close of business"
BATCH = 100

Lapsed: TypeAlias = tuple[uuid.UUID, uuid.UUID, str]


def lapse(connection: Connection, day: dt.date) -> int:
    """Close what has lapsed by the beginning of a day, some customers at a time; returns how many lines there were.

    A repeat finds nothing: a line that is closing or closed is not looked for.
    """
    found = sorted(in_unit(connection, lambda unit: list(_lapsed(unit, day))))
    for start in range(0, len(found), BATCH):
        in_unit(connection, partial(_close, found=found[start : start + BATCH], day=day))
    return len(found)


def _close(unit: Unit, found: Sequence[Lapsed], day: dt.date) -> None:
    for customer_id, facility_id, reason in found:
        ask(unit, Asker(customer_id, PRINCIPAL, f"{reason} {facility_id} {day}"), commands.close(facility_id, reason))


def _lapsed(unit: Unit, day: dt.date) -> Iterator[Lapsed]:
    products = active_bundle(unit, day).products.items()
    months = {code: product.unused_months for code, product in products if product.unused_months}
    since = [add_months(day, -each) for each in months.values()]
    expired, unused = unit.read((QUERIES["expired"], (day,)), (QUERIES["unused"], (list(months), since)))
    for row in expired:
        yield row.customer_id, row.facility_id, "LAPSED" if row.status == "offered" else "EXPIRED"
    gone = {row.facility_id for row in expired}
    yield from ((row.customer_id, row.facility_id, "UNUSED") for row in unused if row.facility_id not in gone)
