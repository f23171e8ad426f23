"""Applications as rows."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from shouxin.desk.origination.errors import ApplicationUnknown, OfferUnknown
from shouxin.desk.origination.model import By, Part, Status
from shouxin.infra.db.queries import load_queries
from shouxin.infra.db.unit import Unit

QUERIES = load_queries(__package__)


def add_part(unit: Unit, customer_id: uuid.UUID, part: Part) -> None:
    """One product of an application that was written before."""
    unit.write(QUERIES["part_added"], (customer_id, part.application_id, part.product, part.amount, *_fate(part)))


def store_part(unit: Unit, customer_id: uuid.UUID, part: Part) -> None:
    """What became of it."""
    unit.write(QUERIES["part_changed"], (*_fate(part), customer_id, part.application_id, part.product))


def waiting(unit: Unit, customer_id: uuid.UUID) -> frozenset[str]:
    """Products for which a person works on an application."""
    (rows,) = unit.read((QUERIES["waiting"], (customer_id,)))
    return frozenset(each.product for each in rows)


def part_of_facility(unit: Unit, customer_id: uuid.UUID, facility_id: uuid.UUID) -> Part:
    """The part under which a facility was offered. Raises OfferUnknown."""
    (rows,) = unit.read((QUERIES["part_of_facility"], (customer_id, facility_id)))
    if not rows:
        raise OfferUnknown("facility", facility_id)
    return _part(rows[0])


def parts_of(unit: Unit, customer_id: uuid.UUID) -> Sequence[Part]:
    """All that a customer applied for, the oldest first."""
    (rows,) = unit.read((QUERIES["parts_of"], (customer_id,)))
    return [_part(each) for each in rows]


def part_of(unit: Unit, customer_id: uuid.UUID, application_id: uuid.UUID, product: str) -> Part:
    """One product of an application. Raises ApplicationUnknown."""
    for each in parts_of(unit, customer_id):
        if (each.application_id, each.product) == (application_id, product):
            return each
    raise ApplicationUnknown("application", f"{application_id} {product}")


def part_of_case(unit: Unit, customer_id: uuid.UUID, case_id: uuid.UUID) -> Part:
    """The part that a case is about. Raises ApplicationUnknown."""
    for each in parts_of(unit, customer_id):
        if each.case_id == case_id:
            return each
    raise ApplicationUnknown("case", case_id)


def _fate(part: Part) -> tuple[Any, ...]:
    return (part.status, part.by, part.facility_id, part.contract, part.case_id)


def _part(row: Any) -> Part:
    asked = (row.application_id, row.decision_id, row.day, row.lang, row.product, row.amount)
    by = By(row.decided_by) if row.decided_by else None
    return Part(*asked, Status(row.status), by, row.facility_id, row.contract, row.case_id)
