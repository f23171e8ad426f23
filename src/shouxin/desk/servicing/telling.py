"""What customers are told of what happened: events become notices. A sink of the outbox, so that no command waits for it.

`notices_for` says which event becomes which notice; what comes again becomes the same notice, which is written once. Notices of
applications, of switches and of lines are in the language in which the customer applied; others in Chinese.

What is not granted is told with who decided it, a machine alone, a person or nobody in time, and with what the customer can do:
Personal Information Protection Law (个人信息保护法) art. 24; Regulation (EU) 2016/679 art. 22(3).
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from shouxin.book.products import active_bundle, bundle_of
from shouxin.desk.servicing.lapsing import OFFER_LAPSED
from shouxin.desk.servicing.record import QUERIES
from shouxin.desk.servicing.written import read_agreement
from shouxin.engines.loans.schedule import schedule
from shouxin.engines.policy.load import Bundle
from shouxin.infra.db.connect import Connection
from shouxin.infra.db.unit import Unit, in_unit
from shouxin.infra.messages.documents import language_about
from shouxin.infra.messages.notices import Notice, add_notice
from shouxin.infra.messages.outbox import Told

CHINESE = "zh"
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


@dataclass(frozen=True, slots=True)
class Known:
    """What a notice needs beside its event. product: its names in both languages, where there is one; lang: the customer's."""

    product: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    lang: str = CHINESE


NOTHING = Known()


def _write(unit: Unit, events: Iterable[Told]) -> None:
    for event in events:
        for each in notices_for(event, _known(unit, event)):
            add_notice(unit, each)


def _known(unit: Unit, event: Told) -> Known:
    if event.kind in FACILITIES and event.facility_id is not None:
        (rows,) = unit.read((QUERIES["facility_product"], (event.customer_id, event.facility_id)))
        lang = language_about(unit, event.customer_id, event.facility_id)
        return Known(_names(bundle_of(unit, rows[0].bundle), rows[0].product), lang or CHINESE)
    if event.kind in ASKED and "asked" in event.body:
        bundle = active_bundle(unit, dt.date.fromisoformat(event.body["asked"]))
        return Known(_names(bundle, event.body["product"]), event.body["lang"])
    return NOTHING


def _names(bundle: Bundle, product: str) -> Mapping[str, str]:
    """What the product is called."""
    found = bundle.products.get(product)  # none where another bundle was put into force later on the same day
    return {"zh": found.zh, "en": found.en} if found else {"zh": product, "en": product}


def notices_for(event: Told, known: Known) -> list[Notice]:
    """What the customer is told of an event; of most nothing."""
    found: list[tuple[str, uuid.UUID, dict[str, Any]]] = []
    if event.kind in LOANS and event.loan_id is not None:
        found += [(kind, event.loan_id, facts) for kind, facts in LOANS[event.kind](event)]
    if event.kind in FACILITIES and event.facility_id is not None:
        kind, names = FACILITIES[event.kind]
        kind = OFFER_ENDED if (event.kind, event.reason) == ("facility.closed", OFFER_LAPSED) else kind
        facts = {"day": event.booked.isoformat(), **{name: event.body.get(name) for name in names}}
        found.append((kind, event.facility_id, facts))
    if event.kind in ASKED and "asked" in event.body:  # of older ones it is not known in which language
        found.append(ASKED[event.kind](event))
    product = {"product": known.product} if known.product else {}
    return [
        Notice(event.customer_id, kind, about, event.booked, {**product, **facts}, known.lang) for kind, about, facts in found
    ]


def _declined(event: Told) -> tuple[str, uuid.UUID, dict[str, Any]]:
    by, contested = event.body["by"], event.body.get("contested", False)
    return DECLINED[by, contested], _part(event), {"day": event.body["asked"]}


def _referred(event: Told) -> tuple[str, uuid.UUID, dict[str, Any]]:
    return "application_referred", _part(event), {"day": event.body["asked"], "due": event.body["until"]}


def _switch_lapsed(event: Told) -> tuple[str, uuid.UUID, dict[str, Any]]:
    return "switch_lapsed", uuid.UUID(event.body["plan"]), {"expires": event.body["until"]}


def _part(event: Told) -> uuid.UUID:
    """What a notice about one product of an application is about: two products of it are two notices."""
    return uuid.uuid5(uuid.UUID(event.body["application"]), event.body["product"])


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
OFFER_ENDED = "offer_lapsed"
# The kind of notice, by who declined, and whether the customer had asked for a person to look at it.
DECLINED: Mapping[tuple[str, bool], str] = {
    ("machine", False): "application_declined",
    ("person", False): "application_declined_by_person",
    ("person", True): "application_upheld",
    ("default", False): "application_lapsed",
    ("default", True): "contest_lapsed",
}
# What the customer asked for, and did not get, or not yet. What was offered is told as `facility.offered`.
ASKED: Mapping[str, Callable[[Told], tuple[str, uuid.UUID, dict[str, Any]]]] = {
    "application.declined": _declined,
    "application.referred": _referred,
    "switch.lapsed": _switch_lapsed,
}
