"""What may be done with a line, one function for each step: the standing and a facility in, the changed facility out.

Order of refusals, for every step: the customer's state, the facility's status, dates, the limit, and last the sums.
Reopening is no step: a closed facility stays closed, and the product is offered anew once its wait is over.
"""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, replace

from shouxin.book.customers import check_may_borrow
from shouxin.book.facilities import errors
from shouxin.book.facilities.model import Facility, Standing, Status, exposure
from shouxin.engines.policy.load import Bundle
from shouxin.engines.policy.model import ProductFile
from shouxin.foundation.days import add_months
from shouxin.foundation.money import show_amount, write_amount

Terms = tuple[tuple[str, tuple[int, ...]], ...]

# Why a line was closed, and the wait of the product that follows from it.
BY_CHOICE = "BY_CHOICE"
CLOSED_BECAUSE = {
    BY_CHOICE: "by_choice",
    "UNUSED": "by_choice",
    "EXPIRED": "by_choice",
    "LAPSED": "displaced",
    "DISPLACED": "displaced",
    "RISK": "for_risk",
    "OVERDUE_CURED": "cured",
    "MISUSE": "misuse",
}
OFFER_DAYS = 30


@dataclass(frozen=True, slots=True)
class Offer:
    """What a decision grants: see `desk/decisions`."""

    product: str
    most: int
    rate_ppm: int
    terms: Terms


def offered(standing: Standing, bundle: Bundle, offer: Offer, facility_id: uuid.UUID) -> Facility:
    """A facility that the customer may accept within 30 days.

    Raises the refusals of `check_may_borrow`, then ProductUnknown, ProductHeld, ReopeningTooEarly, LimitOutsideProduct,
    TotalLineMissing, ExposureExceedsTotalLine.
    """
    check_may_borrow(standing.customer)
    product = bundle.products.get(offer.product)
    if product is None:
        raise errors.ProductUnknown("product", offer.product, known=", ".join(bundle.products))
    _check_not_held(standing, offer.product)
    _check_wait(standing, offer.product, product)
    _check_limit(product, offer.most)
    facility = facility_for(bundle, offer, facility_id, standing.today)
    check_room(standing, facility)
    return facility


def facility_for(bundle: Bundle, offer: Offer, facility_id: uuid.UUID, today: dt.date) -> Facility:
    """The facility that an offer of today would be; nothing is checked."""
    pool = bundle.products[offer.product].pool
    leads = pool is not None and bundle.exposure.pools[pool].lead == offer.product
    about = (facility_id, offer.product, bytes.fromhex(bundle.hash), pool, leads, Status.OFFERED)
    days = (today, today + dt.timedelta(days=OFFER_DAYS))
    return Facility(*about, offer.most, offer.rate_ppm, offer.terms, *days)


def accepted(standing: Standing, facility: Facility, product: ProductFile) -> Facility:
    """The customer takes the offer; from now on it can be drawn.

    Raises the refusals of `check_may_borrow`, StatusForbids, FacilityExpired, ExposureExceedsTotalLine.
    """
    check_may_borrow(standing.customer)
    _check_status(facility, Status.OFFERED)
    if facility.expires < standing.today:
        raise errors.FacilityExpired("facility", facility.id, expires=facility.expires)
    check_room(standing, facility)
    expires = add_months(standing.today, product.line_months)
    return replace(facility, status=Status.ACTIVE, opened=standing.today, used=standing.today, expires=expires)


def suspended(facility: Facility, reason: str) -> Facility:
    """止付: no more draws until it is resumed; what is owed stays owed. Raises StatusForbids, ReasonMissing."""
    _check_status(facility, Status.ACTIVE)
    return replace(facility, status=Status.SUSPENDED, reason=_reason(reason))


def resumed(standing: Standing, facility: Facility, reason: str) -> Facility:
    """Draws again. Raises the refusals of `check_may_borrow`, StatusForbids, FacilityExpired, ReasonMissing."""
    check_may_borrow(standing.customer)
    _check_status(facility, Status.SUSPENDED)
    if facility.expires < standing.today:
        raise errors.FacilityExpired("facility", facility.id, expires=facility.expires)
    return replace(facility, status=Status.ACTIVE, reason=_reason(reason))


def closing(standing: Standing, facility: Facility, reason: str) -> Facility:
    """The line ends: closed at once where nothing is owed or under way, else closing until then.

    Raises StatusForbids, ReasonMissing.
    """
    _check_status(facility, Status.OFFERED, Status.ACTIVE, Status.SUSPENDED)
    return settled_or_closing(replace(facility, status=Status.CLOSING, reason=_reason(reason)), standing.today)


def kept_open(standing: Standing, facility: Facility) -> Facility:
    """The wish to close is taken back, before it has come about: draws again.

    Raises the refusals of `check_may_borrow`, StatusForbids, ClosedByUs, FacilityExpired, ExposureExceedsTotalLine.
    """
    check_may_borrow(standing.customer)
    _check_status(facility, Status.CLOSING)
    if facility.reason != BY_CHOICE:
        raise errors.ClosedByUs("facility", facility.id, reason=facility.reason)
    if facility.expires < standing.today:
        raise errors.FacilityExpired("facility", facility.id, expires=facility.expires)
    changed = replace(facility, status=Status.ACTIVE, reason="CLOSING_UNDONE")
    check_room(standing, changed)
    return changed


def settled_or_closing(facility: Facility, today: dt.date) -> Facility:
    """What a change of loans does to the status: the last repayment closes what is closing, and where it bounces, a closed
    facility is closing again."""
    empty = not (facility.owed or facility.reserved or facility.loans)
    if facility.status is Status.CLOSING and empty:
        return replace(facility, status=Status.CLOSED, ended=today)
    if facility.status is Status.CLOSED and not empty:
        return replace(facility, status=Status.CLOSING, ended=None)
    return facility


def limited(standing: Standing, facility: Facility, most: int, product: ProductFile, reason: str) -> Facility:
    """Another limit. It may be lowered below what is in use: that is then over the limit and blocks draws.

    Raises, for a raise, the refusals of `check_may_borrow`; then StatusForbids, ReasonMissing, LimitOutsideProduct,
    ExposureExceedsTotalLine.
    """
    if most > facility.most:
        check_may_borrow(standing.customer)
    _check_status(facility, Status.ACTIVE, Status.SUSPENDED)
    changed = replace(facility, most=most, reason=_reason(reason))
    if most:
        _check_limit(product, most)
    if most > facility.most:
        check_room(standing, changed)
    return changed


def renewed(standing: Standing, facility: Facility, expires: dt.date, reason: str) -> Facility:
    """A later end. Raises the refusals of `check_may_borrow`, StatusForbids, ReasonMissing, ExpiryNotLater."""
    check_may_borrow(standing.customer)
    _check_status(facility, Status.ACTIVE, Status.SUSPENDED)
    changed = replace(facility, expires=expires, reason=_reason(reason))
    if expires <= max(facility.expires, standing.today):
        raise errors.ExpiryNotLater("expires", expires, expires=max(facility.expires, standing.today))
    return changed


def check_room(standing: Standing, facility: Facility) -> None:
    """Grant or raise: the exposure after it is within the total line. Raises TotalLineMissing, ExposureExceedsTotalLine."""
    if standing.line is None:
        raise errors.TotalLineMissing("customer", standing.customer.customer_id)
    others = exposure(each for each in standing.facilities if each.id != facility.id)
    own = exposure([facility])
    if others + own > standing.line.total:
        total, most = standing.line.total, max(0, standing.line.total - others)
        raise errors.ExposureExceedsTotalLine(
            "limit",
            write_amount(facility.most),
            most=show_amount(most),
            total=show_amount(total),
            exposure=show_amount(others),
        )


def _check_not_held(standing: Standing, product: str) -> None:
    for each in standing.facilities:
        if each.product == product and each.is_open:
            raise errors.ProductHeld("product", product, product=product, status=each.status.value)


def _check_wait(standing: Standing, code: str, product: ProductFile) -> None:
    """The longest wait of those that still run."""
    longest = longest_wait(standing, code, product)
    if longest is not None and longest.earliest > standing.today:
        limits = {"earliest": longest.earliest, "ended": longest.line.ended, "reason": longest.line.reason, "days": longest.days}
        raise errors.ReopeningTooEarly("product", code, **limits)


@dataclass(frozen=True, slots=True)
class WaitOf:
    """How long a closed line keeps its product from being offered again: `days` from its end, until `earliest`."""

    earliest: dt.date
    days: int
    line: Facility


def longest_wait(standing: Standing, code: str, product: ProductFile) -> WaitOf | None:
    """Of the waits after closed lines of a product the one that ends last, over or not; None where none was closed."""
    waits = [
        WaitOf(each.ended + dt.timedelta(days=days), days, each)
        for each in standing.facilities
        if each.product == code and each.opened and each.ended
        for days in (wait_days(product, each.reason),)
    ]
    return max(waits, key=lambda each: each.earliest, default=None)


def wait_days(product: ProductFile, reason: str | None) -> int:
    """How many days after a line was closed for a reason its product may be offered again."""
    waits = product.reopening.waits if product.reopening else {}
    return waits.get(CLOSED_BECAUSE.get(reason or "", "for_risk"), 0)


def reopens(standing: Standing, bundle: Bundle) -> dict[str, dt.date]:
    """The first day on which each product that was closed may be offered again, where that is still to come."""
    found = {code: longest_wait(standing, code, product) for code, product in bundle.products.items()}
    return {code: each.earliest for code, each in found.items() if each is not None and each.earliest > standing.today}


def _check_limit(product: ProductFile, most: int) -> None:
    if not product.minimum <= most <= product.maximum or most % product.step:
        raise errors.LimitOutsideProduct(
            "limit",
            write_amount(most),
            least=show_amount(product.minimum),
            most=show_amount(product.maximum),
            step=show_amount(product.step),
        )


def _check_status(facility: Facility, *allowed: Status) -> None:
    if facility.status not in allowed:
        raise errors.StatusForbids("facility", facility.id, allowed=" / ".join(allowed), status=facility.status.value)


def _reason(code: str) -> str:
    if not code or code != code.upper() or len(code) > 40:
        raise errors.ReasonMissing("reason", code)
    return code
