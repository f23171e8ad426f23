"""The commands on lines: each takes the `Work`, does one of `acts.py`, and tells what happened.

An event says what is different; the facility without its sums is the fold of its events (`folded`).
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from typing import Any

from shouxin.book.customers.errors import CustomerDeceased, CustomerFrozen, CustomerInsolvent
from shouxin.book.facilities import acts, errors
from shouxin.book.facilities.errors import TotalLineBelowExposure
from shouxin.book.facilities.model import Facility, Line, Status, exposure
from shouxin.book.facilities.work import Work
from shouxin.book.products import bundle_of
from shouxin.engines.policy.load import Bundle
from shouxin.engines.policy.model import ProductFile
from shouxin.foundation.ids import new_id
from shouxin.foundation.money import show_amount, write_amount
from shouxin.foundation.refusal import Refusal
from shouxin.infra.messages.history import About

# What its loans change, and its events do not tell.
SUMS = ("owed", "reserved", "loans", "used")

# The order in which refusals are told, by the action of the command. A lower limit needs no customer who may borrow.
_MAY_BORROW = (CustomerFrozen, CustomerDeceased, CustomerInsolvent)
_GRANTED = (errors.TotalLineMissing, errors.ExposureExceedsTotalLine)
_ENDING = (errors.FacilityUnknown, errors.StatusForbids, errors.ReasonMissing)
ORDERS: Mapping[str, tuple[type[Refusal], ...]] = {
    "line.set": (TotalLineBelowExposure,),
    "facility.offer": (
        *_MAY_BORROW,
        errors.ProductUnknown,
        errors.ProductHeld,
        errors.ReopeningTooEarly,
        errors.LimitOutsideProduct,
        *_GRANTED,
    ),
    "facility.accept": (
        errors.FacilityUnknown,
        *_MAY_BORROW,
        errors.StatusForbids,
        errors.FacilityExpired,
        errors.ExposureExceedsTotalLine,
    ),
    "facility.suspend": _ENDING,
    "facility.resume": (
        errors.FacilityUnknown,
        *_MAY_BORROW,
        errors.StatusForbids,
        errors.FacilityExpired,
        errors.ReasonMissing,
    ),
    "facility.close": _ENDING,
    "facility.keep": (
        errors.FacilityUnknown,
        *_MAY_BORROW,
        errors.StatusForbids,
        errors.ClosedByUs,
        errors.FacilityExpired,
        errors.ExposureExceedsTotalLine,
    ),
    "facility.limit": (
        errors.FacilityUnknown,
        *_MAY_BORROW,
        errors.StatusForbids,
        errors.ReasonMissing,
        errors.LimitOutsideProduct,
        errors.ExposureExceedsTotalLine,
    ),
    "facility.renew": (
        errors.FacilityUnknown,
        *_MAY_BORROW,
        errors.StatusForbids,
        errors.ReasonMissing,
        errors.ExpiryNotLater,
    ),
}


def product_of(work: Work, facility: Facility) -> ProductFile:
    """The product as it was when the facility was offered or renewed."""
    return bundle_of(work.unit, facility.bundle).products[facility.product]


def set_total_line(work: Work, total: int, reason: str) -> Line:
    """The most that the customer may owe over all products. Raises TotalLineBelowExposure for less than is promised."""
    at_stake = exposure(work.standing.facilities)
    if total < at_stake:
        raise TotalLineBelowExposure("total", write_amount(total), exposure=show_amount(at_stake))
    line = replace(work.standing.line, total=total) if work.standing.line else Line(total)
    work.set_line(line)
    work.tell("line.set", {"total": total}, About(reason=reason))
    return line


def offer(work: Work, bundle: Bundle, wanted: acts.Offer) -> Facility:
    """Offer a product to the customer; raises what `acts.offered` raises."""
    return _tell(work, None, acts.offered(work.standing, bundle, wanted, new_id()), "facility.offered")


def accept(work: Work, facility_id: uuid.UUID) -> Facility:
    """The customer takes an offer; raises FacilityUnknown and what `acts.accepted` raises."""
    before = work.facility(facility_id)
    return _tell(work, before, acts.accepted(work.standing, before, product_of(work, before)), "facility.opened")


def suspend(work: Work, facility_id: uuid.UUID, reason: str) -> Facility:
    """No more draws; raises FacilityUnknown and what `acts.suspended` raises."""
    before = work.facility(facility_id)
    return _tell(work, before, acts.suspended(before, reason), "facility.suspended")


def resume(work: Work, facility_id: uuid.UUID, reason: str) -> Facility:
    """Draws again; raises FacilityUnknown and what `acts.resumed` raises."""
    before = work.facility(facility_id)
    return _tell(work, before, acts.resumed(work.standing, before, reason), "facility.resumed")


def close(work: Work, facility_id: uuid.UUID, reason: str) -> Facility:
    """The line ends, at once or when nothing is owed any more; raises FacilityUnknown and what `acts.closing` raises."""
    before = work.facility(facility_id)
    after = acts.closing(work.standing, before, reason)
    return _tell(work, before, after, "facility.closed" if after.status is Status.CLOSED else "facility.closing")


def keep_open(work: Work, facility_id: uuid.UUID) -> Facility:
    """The wish to close is taken back; raises FacilityUnknown and what `acts.kept_open` raises."""
    before = work.facility(facility_id)
    return _tell(work, before, acts.kept_open(work.standing, before), "facility.kept_open")


def change_limit(work: Work, facility_id: uuid.UUID, most: int, reason: str) -> Facility:
    """Another limit; raises FacilityUnknown and what `acts.limited` raises."""
    before = work.facility(facility_id)
    after = acts.limited(work.standing, before, most, product_of(work, before), reason)
    work.set_facility(after)
    told = {**difference(before, after), "before": before.most}
    work.tell("facility.limit_changed", told, About(facility_id=after.id, reason=after.reason))
    return after


def renew(work: Work, facility_id: uuid.UUID, expires: dt.date, reason: str) -> Facility:
    """A later end; raises FacilityUnknown and what `acts.renewed` raises."""
    before = work.facility(facility_id)
    return _tell(work, before, acts.renewed(work.standing, before, expires, reason), "facility.renewed")


def store_sums(work: Work, changed: Facility) -> Facility:
    """What loans have changed of a facility: its sums, and the status that follows from them."""
    before = work.facility(changed.id)
    after = acts.settled_or_closing(changed, work.standing.today)
    if after.status is before.status:
        work.set_facility(after)
        return after
    kind = "facility.closed" if after.status is Status.CLOSED else "facility.closing_again"
    return _tell(work, before, after, kind)


def _tell(work: Work, before: Facility | None, after: Facility, kind: str) -> Facility:
    work.set_facility(after)
    work.tell(kind, difference(before, after), About(facility_id=after.id, reason=after.reason))
    return after


def difference(before: Facility | None, after: Facility) -> dict[str, Any]:
    """What an event says of a facility: all of a new one, what is different of an older one."""
    names = [each.name for each in fields(Facility) if each.name not in SUMS and each.name != "id"]
    return {
        name: _plain(getattr(after, name)) for name in names if before is None or getattr(before, name) != getattr(after, name)
    }


def _plain(value: Any) -> Any:
    if isinstance(value, dt.date):
        return value.isoformat()
    return value.hex() if isinstance(value, bytes) else value


def folded(facility_id: uuid.UUID, bodies: Iterable[Mapping[str, Any]]) -> Facility:
    """A facility without its sums, from the bodies of its events in their order."""
    names = {each.name for each in fields(Facility)}
    values: dict[str, Any] = {}
    for body in bodies:
        values |= {name: value for name, value in body.items() if name in names}
    for name in ("offered", "expires", "opened", "ended"):
        if values.get(name):
            values[name] = dt.date.fromisoformat(values[name])
    terms = tuple((method, tuple(months)) for method, months in values["terms"])
    facility = {**values, "status": Status(values["status"]), "bundle": bytes.fromhex(values["bundle"]), "terms": terms}
    return Facility(facility_id, **facility)
