"""Reading personal data: the only place where they are opened. Who may read them, and the record of it, is the caller's work."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from shouxin.book.customers.model import Contact, ContactKind, Person
from shouxin.book.customers.store import QUERIES
from shouxin.infra.db.keys import KeyRing
from shouxin.infra.db.keys_of_customers import CustomerKey, Where, key_wanted, opened_key
from shouxin.infra.db.unit import Statement, Unit

PERSON = Where("personal_data", "sealed")


def seal_person(key: CustomerKey, person: Person) -> bytes:
    """Name and identity numbers, sealed."""
    return key.seal(json.dumps(asdict(person), ensure_ascii=False).encode(), PERSON)


def read_person(unit: Unit, ring: KeyRing, customer_id: uuid.UUID) -> Person:
    """Name and identity numbers of a customer, opened, in one round trip. Raises PersonErased (also for an id that no customer
    has), SealBroken, MasterKeyUnknown."""
    keys, rows = unit.read(key_wanted(customer_id), (QUERIES["personal_read"], (customer_id,)))
    key = opened_key(ring, customer_id, keys)
    return Person(**json.loads(key.open(rows[0].sealed, PERSON)))


def person_wanted(customer_id: uuid.UUID) -> Statement:
    """The statement that reads key and person together, to be sent with others; its rows go to `opened_person`."""
    return QUERIES["person_wanted"], (customer_id,)


def opened_person(ring: KeyRing, customer_id: uuid.UUID, rows: Sequence[Any]) -> tuple[CustomerKey, Person]:
    """The customer's key, and name and identity numbers. Raises as `read_person`."""
    key = opened_key(ring, customer_id, rows)
    return key, Person(**json.loads(key.open(rows[0].sealed, PERSON)))


def seal_contact(key: CustomerKey, number: int, text: str) -> bytes:
    """The text of a contact, sealed for its row."""
    return key.seal(text.encode(), _contact(number))


def read_contacts(unit: Unit, ring: KeyRing, customer_id: uuid.UUID) -> tuple[Contact, ...]:
    """All contacts of a customer, ended ones too, in the order in which they were added. Raises as `read_person`."""
    return keyed_contacts(unit, ring, customer_id)[1]


def keyed_contacts(unit: Unit, ring: KeyRing, customer_id: uuid.UUID) -> tuple[CustomerKey, tuple[Contact, ...]]:
    """The customer's key and all contacts, in one round trip, for commands that seal another one. Raises as `read_person`."""
    keys, rows = unit.read(key_wanted(customer_id), (QUERIES["contacts_read"], (customer_id,)))
    key = opened_key(ring, customer_id, keys)
    return key, _opened(key, rows)


def _opened(key: CustomerKey, rows: Sequence[Any]) -> tuple[Contact, ...]:
    def one(row: Any) -> Contact:
        text = key.open(row.sealed, _contact(row.number)).decode()
        return Contact(row.number, ContactKind(row.kind), row.purpose, text, row.valid_from, row.ended)

    return tuple(one(row) for row in rows)


def _contact(number: int) -> Where:
    return Where("contact", "sealed", str(number))
