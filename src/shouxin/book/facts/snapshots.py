"""Snapshots: what a source said of a customer, kept as it came. Read first: `record_snapshot`, then `values_as_of`.

A snapshot is a source's whole answer: what it leaves out is not known any more. Of two that speak of different days the later
day counts, of two that speak of one day the one that was recorded last; and nothing counts before the day on which it was
recorded. So a late correction changes what is known from then on, and never what was known before.
"""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from shouxin.book.customers.consents import consents_of
from shouxin.book.customers.model import Consent, Purpose
from shouxin.book.facts.snapshot_errors import ObservedLater, SourceConsentMissing, SourceOfOurOwn
from shouxin.book.facts.values import BOOK
from shouxin.foundation.refusal import Refusal
from shouxin.infra.db.keys_of_customers import CustomerKey, Where
from shouxin.infra.db.queries import load_queries
from shouxin.infra.db.unit import Statement, Unit
from shouxin.infra.messages.history import About, History

__all__ = [
    "BOOK",
    "CONSENTS",
    "FOUND",
    "NO_RECORD",
    "QUERIES",
    "Given",
    "NewSnapshot",
    "Snapshot",
    "add_snapshot",
    "check_new",
    "consent_for",
    "consent_on",
    "given_by",
    "needs_consent",
    "record_snapshot",
    "snapshots_as_of",
    "values_as_of",
]

QUERIES = load_queries(__package__, "snapshots.sql")

FOUND, NO_RECORD = "found", "no_record"
# Which sources may only be asked where the customer agreed, and to what.
CONSENTS: Mapping[str, Purpose] = MappingProxyType({"bureau": Purpose.BUREAU_QUERY})


@dataclass(frozen=True, slots=True)
class NewSnapshot:
    """What a source said.

    observed: the day that the data speak of
    bundle:   hash of the bundle whose catalogue typed the values
    values:   fact -> value as JSON (`values.plain_value`)
    status:   how the asking ended; only what was found, or found to be nothing, needs a consent
    file:     SHA-256 that stands for the load of a file; the same source of the same file is kept once
    """

    source: str
    observed: dt.date
    bundle: bytes
    values: Mapping[str, Any] = field(repr=False)
    status: str = FOUND
    file: bytes | None = None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A snapshot, opened. number: that of its event; booked: since when it is known; consent: the one it stands on."""

    number: int
    source: str
    observed: dt.date
    booked: dt.date
    bundle: bytes
    consent: int | None
    values: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Given:
    """A value of a fact, and where it came from.

    value:    as `read_facts` takes it
    source:   of the catalogue, `book` for our own books, `record` for the customer's record
    observed: the day it speaks of; booked: since when it is known
    """

    value: Any = field(repr=False)
    source: str
    observed: dt.date
    booked: dt.date
    consent: int | None = None


def record_snapshot(unit: Unit, history: History, key: CustomerKey, new: NewSnapshot) -> int:
    """Keep what a source said of a held customer; event `snapshot.recorded`, whose number is returned: the snapshot's own.

    Raises the refusals of `ORDER`. A repeat keeps it once more, but for a file's, which breaks a unique index.
    """
    check_new(new, history.today)
    consent = consent_for(new, consents_of(unit, history.customer_id)) if needs_consent(new) else None
    return add_snapshot(unit, history, key, new, consent)


def check_new(new: NewSnapshot, today: dt.date) -> None:
    """Raises SourceOfOurOwn, ObservedLater."""
    if new.source == BOOK:
        raise SourceOfOurOwn("source", new.source)
    if new.observed > today:
        raise ObservedLater("observed", new.observed, today=today)


def needs_consent(new: NewSnapshot) -> bool:
    """Whether the customer must have agreed: their source answered, and may not be asked otherwise."""
    return new.source in CONSENTS and new.status in (FOUND, NO_RECORD)


def consent_for(new: NewSnapshot, consents: Iterable[Consent]) -> int:
    """The number of the consent on which a snapshot stands: the latest that counts on the day it speaks of.

    Raises SourceConsentMissing.
    """
    return consent_on(new.source, new.observed, consents)


def consent_on(source: str, day: dt.date, consents: Iterable[Consent]) -> int:
    """The number of the latest consent that allows asking a source on a day. Raises SourceConsentMissing."""
    purpose = CONSENTS[source]
    counting = [each.number for each in consents if each.purpose is purpose and each.counts(day)]
    if not counting:
        raise SourceConsentMissing("source", source, day=day, purpose=purpose)
    return max(counting)


def add_snapshot(unit: Unit, history: History, key: CustomerKey, new: NewSnapshot, consent: int | None) -> int:
    """Write a snapshot that was checked, on a consent that was looked for; as `record_snapshot`."""
    body = {"source": new.source, "bundle": new.bundle.hex(), **({"consent": consent} if consent else {})}
    number = history.append("snapshot.recorded", body, About(effective=new.observed))
    sealed = key.seal(json.dumps(dict(new.values), ensure_ascii=False, sort_keys=True).encode(), _place(number))
    days = (new.observed, history.today)
    row = (history.customer_id, number, new.source, *days, new.bundle, consent, new.file, sealed)
    unit.write(QUERIES["snapshot_added"], row)
    return number


def snapshots_as_of(unit: Unit, key: CustomerKey, as_of: dt.date) -> tuple[Snapshot, ...]:
    """What each source said last of the key's customer, of what was known by a day. Raises SealBroken."""
    (rows,) = unit.read(snapshots_wanted(key.customer_id, as_of))
    return opened_snapshots(key, rows)


def snapshots_wanted(customer_id: uuid.UUID, as_of: dt.date) -> Statement:
    """The statement that reads them, to be sent with others; its rows go to `opened_snapshots`."""
    return QUERIES["snapshots_known"], (customer_id, as_of)


def opened_snapshots(key: CustomerKey, rows: Sequence[Any]) -> tuple[Snapshot, ...]:
    """The snapshots of the rows of `snapshots_wanted`. Raises SealBroken."""
    return tuple(_opened(key, row) for row in rows)


def values_as_of(unit: Unit, key: CustomerKey, as_of: dt.date) -> Mapping[str, Given]:
    """What was known by a day from others: fact -> value as kept, with where it came from; of two sources the later day counts.

    Raises SealBroken.
    """
    found: dict[str, Given] = {}
    for each in sorted(snapshots_as_of(unit, key, as_of), key=lambda each: (each.observed, each.number)):
        found.update(given_by(each))
    return found


def given_by(snapshot: Snapshot) -> dict[str, Given]:
    """The values of a snapshot by fact."""
    origin = (snapshot.source, snapshot.observed, snapshot.booked, snapshot.consent)
    return {fact: Given(value, *origin) for fact, value in snapshot.values.items()}


def _opened(key: CustomerKey, row: Any) -> Snapshot:
    values = json.loads(key.open(row.sealed, _place(row.number)))
    return Snapshot(row.number, row.source, row.observed, row.booked, bytes(row.bundle), row.consent, values)


def _place(number: int) -> Where:
    return Where("snapshot", "sealed", str(number))


# The order in which `record_snapshot` tells its refusals.
ORDER: tuple[type[Refusal], ...] = (SourceOfOurOwn, ObservedLater, SourceConsentMissing)
