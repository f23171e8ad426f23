"""What customers are told of what happened: events become notices. A sink of the outbox, so that no command waits for it.

`notice_for` says which event becomes which notice; what comes again becomes the same notice, which is written once.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from shouxin.book.products import bundle_of
from shouxin.desk.servicing.record import QUERIES
from shouxin.desk.servicing.written import read_agreement
from shouxin.engines.loans.schedule import schedule
from shouxin.infra.db.connect import Connection
from shouxin.infra.db.unit import Unit, in_unit
from shouxin.infra.messages.notices import Notice, add_notice
from shouxin.infra.messages.outbox import Told

PAID = ("principal_repaid", "interest_paid", "penalty_paid", "fees_paid", "recovered", "overpaid")


@dataclass(slots=True)
class NoticeSink:
    """Writes notices on a connection of its own."""

    connect: Callable[[], Connection] = field(repr=False)
    _waiting: list[Told] = field(default_factory=list)

    def deliver(self, event: Told) -> None:
        """Take an event."""
        self._waiting.append(event)

    def settle(self) -> None:
        """Write the notices of what was taken, all or none."""
        waiting, self._waiting = self._waiting, []
        if waiting:
            with self.connect() as connection:
                in_unit(connection, lambda unit: _write(unit, waiting))


def _write(unit: Unit, events: Iterable[Told]) -> None:
    for event in events:
        about_line = event.facility_id if event.kind in FACILITIES else None
        for each in notices_for(event, _names(unit, event.customer_id, about_line) if about_line else {}):
            add_notice(unit, each)


def _names(unit: Unit, customer_id: uuid.UUID, facility_id: uuid.UUID) -> Mapping[str, str]:
    """What the facility's product is called."""
    (rows,) = unit.read((QUERIES["facility_product"], (customer_id, facility_id)))
    product = bundle_of(unit, rows[0].bundle).products[rows[0].product]
    return {"zh": product.zh, "en": product.en}


def notices_for(event: Told, product: Mapping[str, str]) -> list[Notice]:
    """What the customer is told of an event; of most nothing. product: its names, which only events of facilities need."""
    found = []
    if event.kind in LOANS and event.loan_id is not None:
        found += [(kind, event.loan_id, facts) for kind, facts in LOANS[event.kind](event)]
    if event.kind in FACILITIES and event.facility_id is not None:
        kind, names = FACILITIES[event.kind]
        facts = {"product": product, "day": event.booked.isoformat(), **{name: event.body.get(name) for name in names}}
        found.append((kind, event.facility_id, facts))
    return [Notice(event.customer_id, kind, about, event.booked, facts) for kind, about, facts in found]


def _paid_out(event: Told) -> list[tuple[str, dict[str, Any]]]:
    terms = read_agreement(event.body["agreement"]).terms
    first = next(iter(schedule(terms)))
    facts = {"amount": terms.principal, "day": event.booked.isoformat(), "rate_ppm": terms.rate_ppm}
    return [("loan_paid_out", {**facts, "due": first.due.isoformat(), "first": first.total})]


def _repaid(event: Told) -> list[tuple[str, dict[str, Any]]]:
    day = {"day": event.booked.isoformat()}
    found: list[tuple[str, dict[str, Any]]] = [("repayment_received", {**day, "amount": event.body["amount"]})]
    return [*found, ("loan_settled", {**day})] if "settled" in event.body else found


def _reversed(event: Told) -> list[tuple[str, dict[str, Any]]]:
    amount = -sum(event.body["changed"].get(name, 0) for name in PAID)
    if "bounced" not in event.body or amount <= 0:
        return []
    return [("repayment_bounced", {"day": event.booked.isoformat(), "amount": amount})]


def _failed(event: Told) -> list[tuple[str, dict[str, Any]]]:
    return [("draw_failed", {"amount": event.body["amount"]})]


LOANS: Mapping[str, Callable[[Told], list[tuple[str, dict[str, Any]]]]] = {
    "loan.paid_out": _paid_out,
    "loan.repaid": _repaid,
    "loan.reversed": _reversed,
    "draw.failed": _failed,
}
# The kind of notice, and what of the event's body it tells.
FACILITIES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "facility.offered": ("facility_offered", ("most", "rate_ppm", "expires")),
    "facility.suspended": ("facility_suspended", ()),
    "facility.closed": ("facility_closed", ()),
    "facility.limit_changed": ("limit_changed", ("before", "most")),
}
