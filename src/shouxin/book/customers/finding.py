"""Finding customers by what identifies them. The text is turned into its blind index; nothing is opened."""

from __future__ import annotations

import datetime as dt
import uuid

from shouxin.book.customers.identity import read_credit_code, read_id_number, read_phone
from shouxin.book.customers.store import QUERIES
from shouxin.infra.db.keys import KeyRing
from shouxin.infra.db.unit import Unit


def find_by_id_number(unit: Unit, ring: KeyRing, written: str, today: dt.date) -> uuid.UUID | None:
    """The customer with a resident's identity number; raises what `read_id_number` raises."""
    return _by_identity(unit, ring.blind("id_number", read_id_number(written, today)))


def find_by_credit_code(unit: Unit, ring: KeyRing, written: str) -> uuid.UUID | None:
    """The customer with a unified social credit code; raises what `read_credit_code` raises."""
    return _by_identity(unit, ring.blind("credit_code", read_credit_code(written)))


def find_by_phone(unit: Unit, ring: KeyRing, written: str) -> tuple[uuid.UUID, ...]:
    """The customers with a phone number that is not ended: none, one, or several who share it. Raises PhoneUnreadable."""
    rows = unit.read((QUERIES["found_by_phone"], (ring.blind("phone", read_phone(written)),)))[0]
    return tuple(row.customer_id for row in rows)


def _by_identity(unit: Unit, index: bytes) -> uuid.UUID | None:
    rows = unit.read((QUERIES["found_by_identity"], (index,)))[0]
    found: uuid.UUID | None = rows[0].customer_id if rows else None
    return found
