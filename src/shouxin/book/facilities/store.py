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


def begun(customer_id: uuid.UUID, key: str) -> Statement:
    """The statement with which a command on a held customer begins; its rows go to `standing_of`, and the first, which is always
    there, has the open day (`day`) and the answer to an earlier request of that key (`hash`, `answer`)."""
    return QUERIES["standing"], (customer_id, key, customer_id, customer_id)


def standing_of(customer: Customer, rows: Sequence[Any], today: dt.date) -> Standing:
    """What the rows of `begun` say."""
    first = rows[0]
    line = None if first.total is None else Line(first.total, first.line_owed, first.line_reserved, first.credit)
    return Standing(customer, line, tuple(_facility(row) for row in rows if row.facility_id is not None), today)


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
    unit.write(QUERIES["facility_stored"], (*_changing(each), customer_id, each.id))


def store_both(unit: Unit, customer_id: uuid.UUID, line: Line, each: Facility) -> None:
    """A changed line and the one facility that changed it, in one statement."""
    lines = (line.total, line.owed, line.reserved, line.credit, customer_id)
    unit.write(QUERIES["both_stored"], (*lines, *_changing(each), customer_id, each.id))


def _changing(each: Facility) -> tuple[Any, ...]:
    sums = (each.status, each.most, each.expires, each.owed, each.reserved, each.loans)
    return (*sums, each.opened, each.used, each.ended, each.reason)


def store_versions(unit: Unit, before: Standing, after: Standing, number: int) -> None:
    """What is known from today on: another total line, another status, limit or expiry, use beyond a limit that begins or ends.

    number: of the customer's last event. What is owed and reserved is no version: it follows from events and draws.
    """
    customer_id, today = after.customer.customer_id, after.today
    if after.line is not None and (before.line is None or before.line.total != after.line.total):
        unit.write(QUERIES["line_version_added"], (customer_id, number, after.line.total, today))
    known = {each.id: each for each in before.facilities}
    for each in after.facilities:
        earlier = known.get(each.id)
        if earlier is None or (each.status, each.most, each.expires) != (earlier.status, earlier.most, earlier.expires):
            version = (each.status, each.most, each.expires, each.reason, today)
            unit.write(QUERIES["facility_version_added"], (customer_id, each.id, number, *version))
        over, was_over = each.in_use > each.most, earlier is not None and earlier.in_use > earlier.most
        if over and not was_over:
            unit.write(QUERIES["over_limit_begun"], (customer_id, each.id, number, today))
        elif was_over and not over:
            unit.write(QUERIES["over_limit_ended"], (today, customer_id, each.id))
