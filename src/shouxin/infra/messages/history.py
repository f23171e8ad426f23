"""What happened to a customer: events, numbered without gaps, written in the transaction of what they tell of.

The number comes from the counter in the customer's row, which is held for the whole transaction: so events of one customer
stand in the order in which they were committed, and a missing one shows.
"""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from shouxin.infra.db.queries import load_queries
from shouxin.infra.db.unit import Unit

QUERIES = load_queries(__package__)


@dataclass(slots=True)
class History:
    """The events of one customer in one unit of work.

    last:      the number of the last event so far; the customers room stores it again where it has grown
    principal: who acts
    today:     the open business day, on which everything is booked
    """

    unit: Unit
    customer_id: uuid.UUID
    last: int
    principal: str
    today: dt.date
    first: int = field(init=False)

    def __post_init__(self) -> None:
        self.first = self.last

    @property
    def grown(self) -> bool:
        """Whether anything happened."""
        return self.last > self.first

    def append(self, kind: str, body: Mapping[str, Any], about: About | None = None) -> int:
        """One more event; returns its number. The first one of a unit of work also puts the customer into the outbox."""
        about = about or NOTHING_ELSE
        first, before = not self.grown, self.last
        self.last += 1
        text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
        effective = about.effective or self.today
        row = (self.customer_id, self.last, kind, about.facility_id, about.loan_id, effective, self.today)
        if first:
            self.unit.write(QUERIES["event_begun"], (self.customer_id, before, *row, self.principal, about.reason, text))
        else:
            self.unit.write(QUERIES["event_added"], (*row, self.principal, about.reason, text))
        return self.last


@dataclass(frozen=True, slots=True)
class About:
    """What an event is about, and when it counts; today unless said otherwise. reason: a code, where somebody decided."""

    facility_id: uuid.UUID | None = None
    loan_id: uuid.UUID | None = None
    effective: dt.date | None = None
    reason: str | None = None


NOTHING_ELSE = About()
