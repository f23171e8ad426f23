"""A customer in memory, as simple as can be: what the lender must do when asked, and with what it must refuse.

There is no database and no cache here: a loan is its list of events, folded again for each question; sums are added up when they
are asked for. `Imagined.attempt` tries a step and takes it back where it is refused.
"""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from shouxin.engines.loans import events as ev
from shouxin.engines.loans.agreement import Grace
from shouxin.engines.loans.fold import fold
from shouxin.engines.loans.loan import Loan
from shouxin.foundation.businessdays import china
from shouxin.foundation.days import add_months
from shouxin.foundation.refusal import Refusal

CONSUMPTION = ("shopping", "renovation", "education", "medical", "travel", "household")
BUSINESS = ("stock", "suppliers", "wages", "rent", "equipment", "renewal")
FORBIDDEN = ("home_purchase", "shares", "repaying_loans")
OPEN = ("offered", "active", "suspended")
WAITS = {"BY_CHOICE": 30, "UNUSED": 30, "EXPIRED": 30, "LAPSED": 0, "MISUSE": 365}  # else as for risk
RISK_WAIT = 90


NO_GRACE = Grace()


@dataclass(frozen=True, slots=True)
class Product:
    """What the shipped bundle says of a product, copied by hand."""

    least: int
    most: int
    step: int
    methods: tuple[str, ...]
    months: tuple[int, ...]
    uses: tuple[str, ...]
    entrusted_above: int
    pooled: bool = False
    leads: bool = False
    renewed: bool = False
    grace: Grace = NO_GRACE


BOTH = ("equal_instalment", "interest_only")
PRODUCTS = {
    "consumer-line": Product(500_00, 300_000_00, 100_00, BOTH, (3, 6, 12), CONSUMPTION, 300_000_00, True, True),
    "pay-later": Product(100_00, 300_000_00, 100_00, BOTH[:1], (3, 6, 12), ("shopping",), 300_000_00, True),
    "business-loan": Product(
        1_000_00, 1_000_000_00, 1_000_00, BOTH, (6, 12, 24), BUSINESS, 500_000_00, renewed=True, grace=Grace(3, china())
    ),
}
PROOF_ABOVE = 50_000_00


class Refused(Exception):
    """What the customer in memory expects to be refused with."""


@dataclass(frozen=True, slots=True)
class Room:
    """A facility."""

    product: str
    status: str
    most: int
    rate_ppm: int
    expires: dt.date
    opened: dt.date | None = None
    used: dt.date | None = None
    ended: dt.date | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A draw."""

    room: int
    amount: int
    method: str
    months: int
    status: str = "reserved"


def refuse(when: bool, code: str) -> None:
    """Raise where it is so."""
    if when:
        raise Refused(code)


class Imagined:
    """One customer. Rooms, draws and loans go by small numbers; a loan has that of its draw."""

    def __init__(self, told: Iterable[str], today: dt.date) -> None:
        self.told, self.today, self.state = tuple(told), today, "normal"
        self.total: int | None = None
        self.credit = 0
        self.rooms: dict[int, Room] = {}
        self.draws: dict[int, Asked] = {}
        self.loans: dict[int, tuple[ev.Event, ...]] = {}
        self.payments: dict[int, tuple[tuple[int | None, int], ...]] = {}  # loan and event, or nothing and credit
        self.bounced: frozenset[int] = frozenset()

    def attempt(self, step: Callable[[], None]) -> str | None:
        """Do it; or, where it is refused, do nothing and return the code."""
        saved = {name: copy.copy(value) for name, value in vars(self).items()}
        try:
            step()
        except Refused as refused:
            vars(self).update(saved)
            return str(refused)
        except Refusal as refusal:  # of a loan's own rules
            vars(self).update(saved)
            return refusal.code
        return None

    def tell(self, kind: str) -> int:
        """An event; its number."""
        self.told += (kind,)
        return len(self.told)

    # What is owed, added up.

    def loan(self, number: int) -> Loan:
        return fold(self.loans[number], self.today)

    def loans_of(self, room: int) -> list[Loan]:
        return [self.loan(number) for number in self.loans if self.draws[number].room == room]

    def owed(self, room: int) -> int:
        return sum(each.principal for each in self.loans_of(room))

    def reserved(self, room: int) -> int:
        under_way = ("reserved", "instructed")
        return sum(each.amount for each in self.draws.values() if each.room == room and each.status in under_way)

    def unsettled(self, room: int) -> int:
        return sum(each.settled is None for each in self.loans_of(room))

    def in_use(self, room: int) -> int:
        return self.owed(room) + self.reserved(room)

    def empty(self, room: int) -> bool:
        return not (self.in_use(room) or self.unsettled(room))

    def exposure(self, without: int | None = None) -> int:
        found = 0
        for number, room in self.rooms.items():
            promised = room.most if room.status in OPEN and not PRODUCTS[room.product].pooled else 0
            found += max(promised, self.in_use(number)) if number != without else 0
        return found

    def headroom(self, number: int) -> int:
        room = self.rooms[number]
        assert self.total is not None
        left = min(room.most - self.in_use(number), self.total - sum(map(self.in_use, self.rooms)))
        if not PRODUCTS[room.product].pooled:
            return left
        shared = {key: each for key, each in self.rooms.items() if PRODUCTS[each.product].pooled}
        lent = sum(each.most for each in shared.values() if PRODUCTS[each.product].leads and each.status == "active")
        return min(left, lent - sum(map(self.in_use, shared)))

    # Lines.

    def may_borrow(self) -> None:
        refuse(self.state == "frozen", "CustomerFrozen")

    def known(self, number: int) -> Room:
        refuse(number not in self.rooms, "FacilityUnknown")
        return self.rooms[number]

    def set_total(self, total: int) -> None:
        refuse(total < self.exposure(), "TotalLineBelowExposure")
        self.total = total
        self.tell("line.set")

    def offer(self, number: int, product: str, most: int, rate_ppm: int) -> None:
        self.may_borrow()
        refuse(product not in PRODUCTS, "ProductUnknown")
        same = [each for each in self.rooms.values() if each.product == product]
        refuse(any(each.status != "closed" for each in same), "ProductHeld")
        for each in same:
            if each.opened and each.ended:
                wait = dt.timedelta(days=WAITS.get(each.reason or "", RISK_WAIT))
                refuse(each.ended + wait > self.today, "ReopeningTooEarly")
        self._check_limit(product, most)
        room = Room(product, "offered", most, rate_ppm, self.today + dt.timedelta(days=30))
        self._check_exposure(number, room)
        self.rooms[number] = room
        self.tell("facility.offered")

    def accept(self, number: int) -> None:
        room = self.known(number)
        self.may_borrow()
        refuse(room.status != "offered", "StatusForbids")
        refuse(room.expires < self.today, "FacilityExpired")
        self._check_exposure(number, room)
        expires = add_months(self.today, 12)
        self.rooms[number] = replace(room, status="active", opened=self.today, used=self.today, expires=expires)
        self.tell("facility.opened")

    def suspend(self, number: int, reason: str) -> None:
        room = self.known(number)
        refuse(room.status != "active", "StatusForbids")
        self._check_reason(reason)
        self.rooms[number] = replace(room, status="suspended", reason=reason)
        self.tell("facility.suspended")

    def resume(self, number: int, reason: str) -> None:
        room = self.known(number)
        self.may_borrow()
        refuse(room.status != "suspended", "StatusForbids")
        refuse(room.expires < self.today, "FacilityExpired")
        self._check_reason(reason)
        self.rooms[number] = replace(room, status="active", reason=reason)
        self.tell("facility.resumed")

    def close(self, number: int, reason: str) -> None:
        room = self.known(number)
        refuse(room.status not in OPEN, "StatusForbids")
        self._check_reason(reason)
        self.rooms[number] = replace(room, status="closing", reason=reason)
        if not self.settle(number):
            self.tell("facility.closing")

    def limit(self, number: int, most: int, reason: str) -> None:
        room = self.known(number)
        if most > room.most:
            self.may_borrow()
        refuse(room.status not in ("active", "suspended"), "StatusForbids")
        self._check_reason(reason)
        if most:
            self._check_limit(room.product, most)
        changed = replace(room, most=most, reason=reason)
        if most > room.most:
            self._check_exposure(number, changed)
        self.rooms[number] = changed
        self.tell("facility.limit_changed")

    def renew(self, number: int, expires: dt.date, reason: str) -> None:
        room = self.known(number)
        self.may_borrow()
        refuse(room.status not in ("active", "suspended"), "StatusForbids")
        self._check_reason(reason)
        refuse(expires <= max(room.expires, self.today), "ExpiryNotLater")
        self.rooms[number] = replace(room, expires=expires, reason=reason)
        self.tell("facility.renewed")

    def lapse(self) -> int:
        """What close of business ends at the beginning of today; how many."""
        ended, unused_since = 0, add_months(self.today, -24)
        for number, room in self.rooms.items():
            if room.status in OPEN and room.expires < self.today:
                self.close(number, "LAPSED" if room.status == "offered" else "EXPIRED")
                ended += 1
            elif room.status == "active" and self.empty(number) and room.used and room.used < unused_since:
                self.close(number, "UNUSED")
                ended += 1
        return ended

    def settle(self, number: int) -> bool:
        """Closed where nothing is left of what is closing, closing again where there is something; whether it is so."""
        room, empty = self.rooms[number], self.empty(number)
        if room.status == "closing" and empty:
            self.rooms[number] = replace(room, status="closed", ended=self.today)
            self.tell("facility.closed")
            return True
        if room.status == "closed" and not empty:
            self.rooms[number] = replace(room, status="closing", ended=None)
            self.tell("facility.closing_again")
        return False

    def _check_limit(self, product: str, most: int) -> None:
        terms = PRODUCTS[product]
        refuse(not terms.least <= most <= terms.most or most % terms.step != 0, "LimitOutsideProduct")

    def _check_exposure(self, number: int, room: Room) -> None:
        refuse(self.total is None, "TotalLineMissing")
        assert self.total is not None
        use = self.in_use(number) if number in self.rooms else 0
        own = use if PRODUCTS[room.product].pooled else max(room.most, use)
        refuse(self.exposure(without=number) + own > self.total, "ExposureExceedsTotalLine")

    def _check_reason(self, reason: str) -> None:
        refuse(reason == "", "ReasonMissing")
