"""What tests of snapshots put together: a stored bundle, customers, snapshots told on a day."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from shouxin.book.customers.consents import give_consent
from shouxin.book.customers.model import Kind, NewConsent, Purpose
from shouxin.book.facts.known import Known, facts_of
from shouxin.book.facts.snapshots import NewSnapshot, Snapshot, record_snapshot, snapshots_as_of
from shouxin.book.products.service import store_bundle
from shouxin.engines.policy.compile import compile_policy
from shouxin.infra.db.connect import Connection
from shouxin.infra.db.keys import KeyRing
from shouxin.infra.db.keys_of_customers import key_of
from shouxin.infra.db.unit import in_unit
from tests.book.customers.people import TODAY, acted, person

DAY = dt.timedelta(days=1)
POLICY = compile_policy("standard")
BUNDLE = bytes.fromhex(POLICY.bundle.hash)


class Book:
    """A connection and a key ring; the standard bundle is stored."""

    def __init__(self, connection: Connection, ring: KeyRing) -> None:
        self.connection, self.ring = connection, ring
        in_unit(connection, lambda unit: store_bundle(unit, POLICY.bundle, TODAY))

    def customer(self, kind: Kind = Kind.PERSON) -> uuid.UUID:
        return person(self.connection, self.ring, kind).customer_id

    def tell(self, customer_id: uuid.UUID, new: NewSnapshot, today: dt.date = TODAY) -> int:
        """Record a snapshot on a day."""

        def act(unit: Any, _: Any, history: Any) -> int:
            return record_snapshot(unit, history, key_of(unit, self.ring, customer_id), new)

        return acted(self.connection, customer_id, act, today)

    def agree(self, customer_id: uuid.UUID, today: dt.date = TODAY, since: dt.date | None = None) -> int:
        """A consent to ask the bureau, from that day on unless it was given before."""
        new = NewConsent(Purpose.BUREAU_QUERY, "2026-01", "zh", since or today)
        return acted(self.connection, customer_id, lambda unit, _, history: give_consent(unit, new, history), today)

    def said(self, customer_id: uuid.UUID, as_of: dt.date) -> tuple[Snapshot, ...]:
        return in_unit(self.connection, lambda unit: snapshots_as_of(unit, key_of(unit, self.ring, customer_id), as_of))

    def known(self, customer_id: uuid.UUID, as_of: dt.date = TODAY) -> Known:
        def look(unit: Any) -> Known:
            return facts_of(unit, key_of(unit, self.ring, customer_id), POLICY, customer_id, as_of)

        return in_unit(self.connection, look)


def snapshot(source: str, values: Mapping[str, Any], observed: dt.date = TODAY) -> NewSnapshot:
    """What a source said, typed by the standard bundle."""
    return NewSnapshot(source, observed, BUNDLE, values)
