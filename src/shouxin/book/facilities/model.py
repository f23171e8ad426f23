"""The customer's total line and the facilities below it: frozen values, and the sums that must hold over them."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from shouxin.book.customers import Customer


class Status(StrEnum):
    """offered -> active <-> suspended -> closing -> closed. Closing while anything is owed, closed when nothing is."""

    OFFERED = "offered"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    CLOSING = "closing"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Line:
    """What a customer may owe over all products, and does.

    total: the total line; owed: principal; reserved: of draws that are not paid out yet; credit: paid too much, owed back
    """

    total: int
    owed: int = 0
    reserved: int = 0
    credit: int = 0


@dataclass(frozen=True, slots=True)
class Facility:
    """A line under one product. Amounts in minor units.

    bundle:  hash of the policy bundle under which it was offered; its terms hold until it is renewed
    pool:    the pool that it shares; leads: the pool's limit is its own
    most:    its limit
    terms:   methods and months on offer
    owed:    principal; reserved: of draws that are not paid out yet; loans: how many are not settled
    used:    the last day on which it was drawn or repaid
    reason:  of its last change of status or limit
    """

    id: uuid.UUID
    product: str
    bundle: bytes
    pool: str | None
    leads: bool
    status: Status
    most: int
    rate_ppm: int
    terms: tuple[tuple[str, tuple[int, ...]], ...]
    offered: dt.date
    expires: dt.date
    owed: int = 0
    reserved: int = 0
    loans: int = 0
    opened: dt.date | None = None
    used: dt.date | None = None
    ended: dt.date | None = None
    reason: str | None = None

    @property
    def in_use(self) -> int:
        """What counts against its limit."""
        return self.owed + self.reserved

    @property
    def is_open(self) -> bool:
        """Not closed."""
        return self.status is not Status.CLOSED

    @property
    def commits(self) -> bool:
        """The lender has promised its limit, or offers to."""
        return self.status in (Status.OFFERED, Status.ACTIVE, Status.SUSPENDED)


@dataclass(frozen=True, slots=True)
class Standing:
    """One customer's line and facilities on the open business day; read under the customer's lock."""

    customer: Customer
    line: Line | None
    facilities: tuple[Facility, ...]
    today: dt.date

    def with_facility(self, changed: Facility) -> Standing:
        """The standing after a facility has changed, or has come."""
        others = [each for each in self.facilities if each.id != changed.id]
        return replace(self, facilities=(*others, changed))


def exposure(facilities: Iterable[Facility]) -> int:
    """What the lender has at stake: of a dedicated facility its limit, or more where more is in use; of a shared pool, and of
    what is closing, what is in use.

    >>> day = dt.date(2026, 1, 5)
    >>> one = Facility(uuid.UUID(int=1), "cash-line", b"", None, False, Status.ACTIVE, 500, 0, (), day, day, owed=200)
    >>> exposure([one]), exposure([replace(one, owed=600)]), exposure([replace(one, status=Status.CLOSING)])
    (500, 600, 200)
    """
    return sum(max(each.most, each.in_use) if each.commits and not each.pool else each.in_use for each in facilities)


def headroom(standing: Standing, facility: Facility) -> int:
    """What may still be drawn: within the facility's limit, its pool's, and the total line; 0 or less where nothing."""
    assert standing.line is not None
    room = min(facility.most - facility.in_use, standing.line.total - standing.line.owed - standing.line.reserved)
    if facility.pool is None:
        return room
    shared = [each for each in standing.facilities if each.pool == facility.pool]
    most = sum(each.most for each in shared if each.leads and each.status is Status.ACTIVE)
    return min(room, most - sum(each.in_use for each in shared))
