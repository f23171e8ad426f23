"""The commands on lines, ready to be asked: what is asked as JSON values, and the act."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

from shouxin.book.facilities import service
from shouxin.book.facilities.acts import Offer
from shouxin.book.facilities.model import Facility
from shouxin.book.facilities.work import Command, Work
from shouxin.engines.policy.load import Bundle


def set_total_line(total: int, reason: str) -> Command:
    """The most that the customer may owe over all products."""
    body = {"total": total, "reason": reason}
    return Command("line.set", body, lambda work: {"total": service.set_total_line(work, total, reason).total})


def offer(bundle: Bundle, wanted: Offer) -> Command:
    """Offer a product."""
    body = {"product": wanted.product, "limit": wanted.most, "rate_ppm": wanted.rate_ppm, "bundle": bundle.hash}
    return _command("facility.offer", body, lambda work: service.offer(work, bundle, wanted))


def accept(facility_id: uuid.UUID) -> Command:
    """Take an offer."""
    return _command("facility.accept", {"facility": facility_id}, lambda work: service.accept(work, facility_id))


def suspend(facility_id: uuid.UUID, reason: str) -> Command:
    """止付: no more draws."""
    body = {"facility": facility_id, "reason": reason}
    return _command("facility.suspend", body, lambda work: service.suspend(work, facility_id, reason))


def resume(facility_id: uuid.UUID, reason: str) -> Command:
    """Draws again."""
    body = {"facility": facility_id, "reason": reason}
    return _command("facility.resume", body, lambda work: service.resume(work, facility_id, reason))


def close(facility_id: uuid.UUID, reason: str) -> Command:
    """End the line, at once or when nothing is owed any more."""
    body = {"facility": facility_id, "reason": reason}
    return _command("facility.close", body, lambda work: service.close(work, facility_id, reason))


def keep_open(facility_id: uuid.UUID) -> Command:
    """Take back the wish to close."""
    return _command("facility.keep", {"facility": facility_id}, lambda work: service.keep_open(work, facility_id))


def change_limit(facility_id: uuid.UUID, most: int, reason: str) -> Command:
    """Another limit."""
    body = {"facility": facility_id, "limit": most, "reason": reason}
    return _command("facility.limit", body, lambda work: service.change_limit(work, facility_id, most, reason))


def renew(facility_id: uuid.UUID, expires: dt.date, reason: str) -> Command:
    """A later end."""
    body = {"facility": facility_id, "expires": expires, "reason": reason}
    return _command("facility.renew", body, lambda work: service.renew(work, facility_id, expires, reason))


def _command(action: str, body: dict[str, Any], act: Callable[[Work], Facility]) -> Command:
    return Command(action, body, lambda work: told(act(work)))


def told(facility: Facility) -> dict[str, Any]:
    """What an answer says of a facility."""
    return {
        "facility": facility.id,
        "product": facility.product,
        "status": facility.status.value,
        "limit": facility.most,
        "rate_ppm": facility.rate_ppm,
        "owed": facility.owed,
        "reserved": facility.reserved,
        "expires": facility.expires,
    }
