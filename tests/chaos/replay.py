"""A customer's lines, replayed from events by plain sums. Pure, and nothing of it is shared with the code that it checks."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Facility:
    """What events say of a facility."""

    pool: str | None = None
    leads: bool = False
    status: str = ""
    most: int = 0
    owed: int = 0
    reserved: int = 0

    @property
    def in_use(self) -> int:
        """What counts against limits."""
        return self.owed + self.reserved


@dataclass(slots=True)
class Customer:
    """What events say of a customer."""

    total: int = 0
    credit: int = 0
    facilities: dict[uuid.UUID, Facility] = field(default_factory=dict)

    @property
    def owed(self) -> int:
        """Over all facilities."""
        return sum(each.owed for each in self.facilities.values())

    @property
    def reserved(self) -> int:
        """Over all facilities."""
        return sum(each.reserved for each in self.facilities.values())

    def room(self, facility: Facility) -> int:
        """What may still be drawn on a facility."""
        rooms = [facility.most - facility.in_use, self.total - self.owed - self.reserved]
        if facility.pool is not None:
            shared = [each for each in self.facilities.values() if each.pool == facility.pool]
            limit = sum(each.most for each in shared if each.leads and each.status == "active")
            rooms.append(limit - sum(each.in_use for each in shared))
        return min(rooms)


def replay(events: Iterable[Any]) -> tuple[Customer, list[str]]:
    """The customer after the events, in their order, and a sentence for each draw that was not within the limits of its moment.

    events: rows with number, kind, facility_id, body
    """
    customer = Customer()
    complaints: list[str] = []
    for event in events:
        complaints += _happened(customer, event)
    return customer, complaints


def _happened(customer: Customer, event: Any) -> Iterator[str]:
    kind, body = event.kind, event.body
    if kind == "line.set":
        customer.total = body["total"]
    elif kind == "credit.added":
        customer.credit += body["amount"]
    elif kind == "credit.taken":
        customer.credit -= body["amount"]
    elif event.facility_id is None:
        return
    else:
        facility = customer.facilities.setdefault(event.facility_id, Facility())
        if kind == "draw.reserved":
            yield from _drawn(customer, facility, event)
        else:
            _changed(customer, facility, kind, body)


def _drawn(customer: Customer, facility: Facility, event: Any) -> Iterator[str]:
    amount, room = event.body["amount"], customer.room(facility)
    if amount > room or facility.status != "active":
        yield f"event {event.number}: {amount} drawn on a facility that is {facility.status}, with room for {room}"
    facility.reserved += amount


def _changed(customer: Customer, facility: Facility, kind: str, body: Mapping[str, Any]) -> None:
    if kind.startswith("facility."):
        for name in ("pool", "leads", "status", "most"):
            if name in body:
                setattr(facility, name, body[name])
    elif kind == "draw.failed":
        facility.reserved -= body["amount"]
    elif kind == "loan.paid_out":
        facility.reserved -= body["agreement"]["principal"]
        facility.owed += body["agreement"]["principal"]
    elif kind.startswith("loan."):
        changed = body["changed"]
        less = changed.get("principal_repaid", 0) + changed.get("written_off_principal", 0)
        facility.owed += changed.get("capitalised", 0) - less
        customer.credit += changed.get("overpaid", 0)
