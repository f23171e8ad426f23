"""Lines that end by themselves: offers that nobody took, lines whose last day is over, lines that were not used for too long."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from functools import partial

from shouxin.book.facilities import commands
from shouxin.book.facilities.work import Asker, ask
from shouxin.book.products import active_bundle
from shouxin.foundation.days import add_months
from shouxin.infra.db.connect import Connection
from shouxin.infra.db.queries import load_queries
from shouxin.infra.db.unit import Unit, in_unit

QUERIES = load_queries(__package__, "closing.sql")
PRINCIPAL = "close of business"


def lapse(connection: Connection, day: dt.date) -> int:
    """Close what has lapsed by the beginning of a day, each customer in a unit of its own; returns how many lines there were.

    A repeat finds nothing: a line that is closing or closed is not looked for.
    """
    found = in_unit(connection, lambda unit: list(_lapsed(unit, day)))
    for customer_id, facility_id, reason in found:
        asker = Asker(customer_id, PRINCIPAL, f"{reason} {facility_id} {day}")
        command = commands.close(facility_id, reason)
        in_unit(connection, partial(ask, asker=asker, command=command))
    return len(found)


def _lapsed(unit: Unit, day: dt.date) -> Iterator[tuple[uuid.UUID, uuid.UUID, str]]:
    (expired,) = unit.read((QUERIES["expired"], (day,)))
    for row in expired:
        yield row.customer_id, row.facility_id, "LAPSED" if row.status == "offered" else "EXPIRED"
    for code, product in active_bundle(unit, day).products.items():
        if product.unused_months:
            (unused,) = unit.read((QUERIES["unused"], (code, add_months(day, -product.unused_months))))
            yield from ((row.customer_id, row.facility_id, "UNUSED") for row in unused)
