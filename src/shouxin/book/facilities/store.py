"""Lines and facilities as rows and back. Everything here is read and written under the customer's lock."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Sequence
from typing import Any

from shouxin.book.customers import Customer
from shouxin.book.facilities.model import Facility, Line, Standing, Status
from shouxin.infra.db.queries import load_queries
from shouxin.infra.db.unit import Statement, Unit

QUERIES = load_queries(__package__)


def held(customer_id: uuid.UUID) -> tuple[Statement, Statement]:
    """The statements that read and hold line and facilities, in the lock order; their rows go to `standing_of`."""
    return (QUERIES["line_held"], (customer_id,)), (QUERIES["facilities_held"], (customer_id,))


def standing_of(customer: Customer, lines: Sequence[Any], facilities: Sequence[Any], today: dt.date) -> Standing:
    """What the rows of `held` say."""
    line = Line(*lines[0]) if lines else None
    return Standing(customer, line, tuple(_facility(row) for row in facilities), today)


def _facility(row: Any) -> Facility:
    return Facility(
        row.facility_id,
        row.product,
        row.bundle,
        row.pool,
        row.leads,
        Status(row.status),
        row.most,
        row.rate_ppm,
        tuple((method, tuple(months)) for method, months in row.terms),
        row.offered,
        row.expires,
        row.owed,
        row.reserved,
        row.loans,
        row.opened,
        row.used,
        row.ended,
        row.reason,
    )


def add_line(unit: Unit, customer_id: uuid.UUID, line: Line) -> None:
    """A customer's first total line."""
    unit.write(QUERIES["line_added"], (customer_id, line.total))


def store_line(unit: Unit, customer_id: uuid.UUID, line: Line) -> None:
    """A changed line."""
    unit.write(QUERIES["line_stored"], (line.total, line.owed, line.reserved, line.credit, customer_id))


def add_facility(unit: Unit, customer_id: uuid.UUID, each: Facility) -> None:
    """A facility that is offered."""
    head = (customer_id, each.id, each.product, each.bundle, each.pool, each.leads, each.status, each.most, each.rate_ppm)
    unit.write(QUERIES["facility_added"], (*head, json.dumps(each.terms), each.offered, each.expires))


def store_facility(unit: Unit, customer_id: uuid.UUID, each: Facility) -> None:
    """A changed facility."""
    sums = (each.status, each.most, each.expires, each.owed, each.reserved, each.loans)
    unit.write(QUERIES["facility_stored"], (*sums, each.opened, each.used, each.ended, each.reason, customer_id, each.id))
