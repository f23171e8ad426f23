"""The data key of each customer: personal data are sealed with it, and erasing a person is destroying it.

Read first: `CustomerKey`. The key is random, stands in `customer_key` wrapped by a master key of the ring, and leaves memory with
the request that used it.
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shouxin.infra.db.keys import KEY_BYTES, NONCE_BYTES, KeyRing, Wrapped
from shouxin.infra.db.keys_errors import MasterKeyUnknown, PersonErased, SealBroken
from shouxin.infra.db.queries import load_queries
from shouxin.infra.db.unit import Statement, Unit

QUERIES = load_queries(__package__, "keys.sql")
FORMAT = b"\x01"


@dataclass(frozen=True, slots=True)
class Where:
    """The place that sealed data belong to; they open nowhere else. row: which of the customer's rows, where it has several."""

    table: str
    column: str
    row: str = ""


@dataclass(frozen=True, slots=True)
class CustomerKey:
    """The data key of one customer: AES-256-GCM, a random nonce of 96 bits for each sealing. Its repr does not show the key."""

    customer_id: uuid.UUID
    key: bytes = field(repr=False)

    def seal(self, plain: bytes, where: Where) -> bytes:
        """What only this key opens, and only in the same place. The same bytes are sealed differently each time."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return FORMAT + nonce + AESGCM(self.key).encrypt(nonce, plain, self._bound(where))

    def open(self, sealed: bytes, where: Where) -> bytes:
        """What was sealed. Raises SealBroken where it was changed, cut, moved, or sealed by another key."""
        sealed = bytes(sealed)
        nonce, text = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
        if sealed[:1] != FORMAT:
            raise SealBroken(f"{where.table}.{where.column}", self.customer_id)
        try:
            return AESGCM(self.key).decrypt(nonce, text, self._bound(where))
        except (InvalidTag, ValueError):
            raise SealBroken(f"{where.table}.{where.column}", self.customer_id) from None

    def _bound(self, where: Where) -> bytes:
        parts = [each.encode() for each in (where.table, where.column, where.row)]
        return self.customer_id.bytes + b"".join(len(each).to_bytes(2, "big") + each for each in parts)


def add_key(unit: Unit, ring: KeyRing, customer_id: uuid.UUID) -> CustomerKey:
    """A fresh data key for a new customer, whose row must have been written before. A second one breaks the primary key."""
    key = secrets.token_bytes(KEY_BYTES)
    wrapped = ring.wrap(key, customer_id)
    unit.write(QUERIES["key_added"], (customer_id, wrapped.key_id, wrapped.wrapped))
    return CustomerKey(customer_id, key)


def key_wanted(customer_id: uuid.UUID) -> Statement:
    """The statement that reads a customer's key, to be sent with others; `opened_key` takes its rows."""
    return QUERIES["key_read"], (customer_id,)


def opened_key(ring: KeyRing, customer_id: uuid.UUID, rows: Sequence[Any]) -> CustomerKey:
    """The key from the rows of `key_wanted`; raises PersonErased where there is none, MasterKeyUnknown, SealBroken."""
    if not rows:
        raise PersonErased("customer", customer_id)
    key = ring.unwrap(Wrapped(rows[0].key_id, bytes(rows[0].wrapped)), customer_id)
    return CustomerKey(customer_id, key)


def key_of(unit: Unit, ring: KeyRing, customer_id: uuid.UUID) -> CustomerKey:
    """The key of one customer, in a round trip of its own; raises as `opened_key`."""
    return opened_key(ring, customer_id, unit.read(key_wanted(customer_id))[0])


def destroy_key(unit: Unit, customer_id: uuid.UUID) -> None:
    """Destroy the key of a held customer: nothing that was sealed with it can be opened again. A repeat raises PersonErased.

    Backups made before still hold the wrapped key: a person is forgotten when the last of them is gone.
    """
    if not unit.read(key_wanted(customer_id))[0]:
        raise PersonErased("customer", customer_id)
    unit.write(QUERIES["key_erased"], (customer_id,))


def rewrap(unit: Unit, ring: KeyRing, batch: int) -> int:
    """Put up to `batch` data keys under the active master key; returns how many it did. Call it, each time in a unit of its own,
    until it returns 0; it may stop and begin again anywhere. The data keys, and all that is sealed, stay as they are.

    Holds rows of `customer_key` only and takes no other lock after them. Raises MasterKeyUnknown at the end, where keys are
    left that this ring cannot open, and SealBroken.
    """
    for older in sorted(ring.masters.keys() - {ring.master}):
        found = unit.read((QUERIES["keys_to_rewrap"], (older, batch)))[0]
        for row in found:
            key = ring.unwrap(Wrapped(row.key_id, bytes(row.wrapped)), row.customer_id)
            new = ring.wrap(key, row.customer_id)
            unit.write(QUERIES["key_rewrapped"], (new.key_id, new.wrapped, row.customer_id))
        if found:
            return len(found)
    check_ring(unit, ring)
    return 0


def masters_in_use(unit: Unit) -> tuple[str, ...]:
    """The ids of the master keys that customers' keys are under; any other may be taken out of the key file for good."""
    return tuple(row.key_id for row in unit.read((QUERIES["masters_in_use"], ()))[0])


def check_ring(unit: Unit, ring: KeyRing) -> None:
    """Raises MasterKeyUnknown where the database holds keys that this ring cannot open. Cheap; call it once at the start: a fresh
    key file must never be used with an old database, since its blind indexes would find nobody."""
    for key_id in masters_in_use(unit):
        if key_id not in ring.masters:
            raise MasterKeyUnknown("key_id", key_id)
