"""Loading what a source said of many customers at once. Read first: `load`.

A file is read and checked as a whole before it comes here (`desk/portfolio`, the command line). What is stored is stored in steps
of many customers, each a transaction; a load that was stopped is started again, and does only what is left.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from shouxin.book.customers import all_locked, customer_of, history_of, store_events
from shouxin.book.customers.model import Consent, Purpose
from shouxin.book.facts.snapshots import QUERIES, NewSnapshot, add_snapshot, check_new, consent_for, needs_consent
from shouxin.book.ledger.days import DAY, day_of
from shouxin.foundation.ids import written_ids
from shouxin.foundation.refusal import Refusal
from shouxin.infra.db.connect import Connection
from shouxin.infra.db.keys import KeyRing
from shouxin.infra.db.keys_of_customers import opened_key
from shouxin.infra.db.unit import Unit, in_unit

STEP = 500

Row = tuple[uuid.UUID, tuple[NewSnapshot, ...]]


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did. customers: rows of the file; snapshots: recorded now; known: recorded by an earlier run"""

    customers: int
    snapshots: int
    known: int


@dataclass(frozen=True, slots=True)
class RowRefused:
    """A customer of a file whose snapshots cannot be recorded. why: a refusal, or None for somebody who is no customer"""

    customer_id: uuid.UUID
    why: Refusal | None


def refused_rows(unit: Unit, rows: Sequence[Row]) -> list[RowRefused]:
    """Which rows could not be stored: nobody of that id, somebody erased, a source without a consent, a day to come."""
    written = written_ids(each for each, _ in rows)
    days, present, consents = unit.read(
        DAY, (QUERIES["customers_present"], (written,)), (QUERIES["consents_of_many"], (written,))
    )
    known, given, today = {row.customer_id for row in present}, _consents(consents), day_of(days)
    found = []
    for customer_id, snapshots in rows:
        if customer_id not in known:
            found.append(RowRefused(customer_id, None))
            continue
        for each in snapshots:
            why = _refusal(each, given.get(customer_id, ()), today)
            if why is not None:
                found.append(RowRefused(customer_id, why))
    return found


def _refusal(new: NewSnapshot, consents: Sequence[Consent], today: dt.date) -> Refusal | None:
    try:
        check_new(new, today)
        if needs_consent(new):
            consent_for(new, consents)
    except Refusal as refusal:
        return refusal
    return None


def load(
    connection: Connection,
    ring: KeyRing,
    principal: str,
    rows: Iterator[Row],
    progress: Callable[[int], None] = lambda _done: None,
) -> Loaded:
    """Record the snapshots of a checked file, some hundred customers in a transaction; each customer once in the file.

    progress: is told how many rows are done. Each snapshot has its `file`. Raises PersonErased, SourceConsentMissing where that
    happened after the check; what was stored before stays, and the same load goes on from there.
    """
    customers = snapshots = known = 0
    while step := list(islice(rows, STEP)):
        added, before = in_unit(connection, lambda unit, step=step: _stored(unit, ring, principal, step))  # type: ignore[misc]
        customers, snapshots, known = customers + len(step), snapshots + added, known + before
        progress(customers)
    return Loaded(customers, snapshots, known)


def _stored(unit: Unit, ring: KeyRing, principal: str, step: Sequence[Row]) -> tuple[int, int]:
    """Store one step: how many snapshots it recorded, and how many were there already."""
    written = written_ids(each for each, _ in step)
    file = next((each.file for _, snapshots in step for each in snapshots), None)
    held, days, keys, consents, loaded = unit.read(
        all_locked(each for each, _ in step),
        DAY,
        (QUERIES["keys_of_many"], (written,)),
        (QUERIES["consents_of_many"], (written,)),
        (QUERIES["snapshots_loaded"], (written, file)),
    )
    today, given = day_of(days), _consents(consents)
    customers = {row.customer_id: customer_of(row) for row in held}
    wrapped = {row.customer_id: row for row in keys}
    done = {(row.customer_id, row.source) for row in loaded}
    added = before = 0
    for customer_id, snapshots in step:
        wanted = [each for each in snapshots if (customer_id, each.source) not in done]
        before += len(snapshots) - len(wanted)
        if not wanted:
            continue
        key = opened_key(ring, customer_id, [wrapped[customer_id]] if customer_id in wrapped else [])
        history = history_of(unit, customers[customer_id], principal, today)
        for each in wanted:
            check_new(each, today)
            consent = consent_for(each, given.get(customer_id, ())) if needs_consent(each) else None
            add_snapshot(unit, history, key, each, consent)
        store_events(unit, history)
        added += len(wanted)
    return added, before


def _consents(rows: Sequence[Any]) -> Mapping[uuid.UUID, list[Consent]]:
    found: dict[uuid.UUID, list[Consent]] = {}
    for row in rows:
        given = (row.number, Purpose(row.purpose), row.text_version, row.language, row.given_on, row.ends_on, row.withdrawn_on)
        found.setdefault(row.customer_id, []).append(Consent(*given))
    return found
