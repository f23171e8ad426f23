"""When and how a customer may be contacted. Pure. Mark A; the hours and the number follow rules for collection as read on
secondary pages, and hold here for every notice.

No contact from 22:00 to 08:00 of the lender's local time; at most 3 effective contacts a day; never anybody but the customer, and
of the customer's contacts never those at work, where somebody else may read or answer.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from shouxin.infra.messages.notice_texts import KINDS

FIRST_HOUR, LAST_HOUR = dt.time(8), dt.time(22)
MOST_A_DAY = 3
# What a contact may be used for, the first that there is.
PURPOSES = ("notices", "main")
# Whoever answers the phone of somebody who died is a third party.
NOT_TOLD = ("deceased",)


@dataclass(frozen=True, slots=True)
class Reach:
    """A way to reach somebody. number: of the contact among its owner's; kind: phone or email."""

    customer_id: uuid.UUID
    number: int
    kind: str
    purpose: str
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A notice that is to be sent. attempts: how often that was tried; failures: how often in vain."""

    customer_id: uuid.UUID
    kind: str
    about: uuid.UUID
    on_day: dt.date
    lang: str
    facts: dict[str, Any]
    attempts: int = 0
    failures: int = 0


@dataclass(frozen=True, slots=True)
class Chosen:
    """What becomes of a customer's notices now: told, not worth telling any more, or left for tomorrow."""

    told: tuple[Waiting, ...] = ()
    expired: tuple[Waiting, ...] = ()
    tomorrow: tuple[Waiting, ...] = ()


def may_contact_at(local: dt.datetime) -> bool:
    """Whether anybody may be contacted at a local time.

    >>> [may_contact_at(dt.datetime(2026, 3, 2, *each)) for each in ((7, 59), (8, 0), (21, 59), (22, 0))]
    [False, True, True, False]
    """
    return FIRST_HOUR <= local.time() < LAST_HOUR


def next_morning(local: dt.datetime) -> dt.datetime:
    """The first moment of tomorrow at which contact is allowed."""
    return dt.datetime.combine(local.date() + dt.timedelta(days=1), FIRST_HOUR, local.tzinfo)


def chosen(waiting: Sequence[Waiting], told_today: int, today: dt.date) -> Chosen:
    """Which of one customer's notices are sent now: the lowest rank first, then the oldest, so many as today allows.

    told_today: effective contacts that were made today
    """
    ordered = sorted(waiting, key=lambda each: (_rank(each), each.on_day, each.about))
    expired = tuple(each for each in ordered if _expired(each, today))
    alive = tuple(each for each in ordered if not _expired(each, today))
    room = max(0, MOST_A_DAY - told_today)
    return Chosen(alive[:room], expired, alive[room:])


def own_reach(customer_id: uuid.UUID, kind: str, reaches: Sequence[Reach]) -> Reach | None:
    """The customer's own contact of a kind that is for notices, else the main one; None where there is neither."""
    own = [each for each in reaches if each.customer_id == customer_id and each.kind == kind]
    fit = [each for purpose in PURPOSES for each in own if each.purpose == purpose]
    return fit[0] if fit else None


def _rank(each: Waiting) -> int:
    return KINDS[each.kind].rank if each.kind in KINDS else 0


def _expired(each: Waiting, today: dt.date) -> bool:
    return each.kind in KINDS and (today - each.on_day).days > KINDS[each.kind].keeps_days
