"""The audit: who looked at what, and who changed what outside a customer's events. Read first: `note`.

Written for: reading personal data, activating a policy, rotating keys, backup and restore, changing principals. Rows are only
added. What is the house's belongs to the nil customer; what of a row is personal is sealed under the customer's key.
"""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from shouxin.foundation.ids import NIL, new_id
from shouxin.infra.access.requests import QUERIES
from shouxin.infra.db.keys_of_customers import CustomerKey, Where
from shouxin.infra.db.unit import Unit


@dataclass(frozen=True, slots=True)
class Entry:
    """What somebody did.

    action:      such as `personal.read`, `policy.activate`
    day:         the business day
    customer_id: whose data it is about; the house by default
    about:       which of them: an id, a hash, a name that is not personal
    detail:      JSON values, none of them personal
    """

    principal: str
    action: str
    day: dt.date
    customer_id: uuid.UUID = NIL
    about: str | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EntryRow:
    """A row of the audit. at: by the clock of the database; sealed: whether there is something to open (`opened`)."""

    audit_id: uuid.UUID
    at: dt.datetime
    entry: Entry
    sealed: bool


def note(unit: Unit, entry: Entry) -> uuid.UUID:
    """Write what somebody does, in the transaction of what it tells of; returns its id. A repeat writes it twice.

    Who only reads commits it before showing what was read.
    """
    return _write(unit, new_id(), entry, None)


def note_sealed(unit: Unit, entry: Entry, key: CustomerKey, personal: Mapping[str, Any]) -> uuid.UUID:
    """The same with details that are personal: JSON values, sealed. `key` is that of the entry's customer."""
    audit_id = new_id()
    return _write(unit, audit_id, entry, key.seal(json.dumps(personal, ensure_ascii=False).encode(), _place(audit_id)))


def audit_of(unit: Unit, customer_id: uuid.UUID) -> tuple[EntryRow, ...]:
    """All that is noted about a customer, or the house (`NIL`), the oldest first."""
    (rows,) = unit.read((QUERIES["audit_of"], (customer_id,)))
    return _rows(rows)


def audit_between(unit: Unit, first: dt.date, last: dt.date) -> tuple[EntryRow, ...]:
    """All that was noted from a business day to another, both included, the oldest first."""
    (rows,) = unit.read((QUERIES["audit_between"], (first, last)))
    return _rows(rows)


def opened(unit: Unit, key: CustomerKey, audit_id: uuid.UUID) -> Mapping[str, Any]:
    """The personal details of a row; empty where it has none or there is no such row. Raises SealBroken."""
    (rows,) = unit.read((QUERIES["audit_sealed"], (key.customer_id, audit_id)))
    if not rows:
        return {}
    plain: dict[str, Any] = json.loads(key.open(rows[0].sealed, _place(audit_id)))
    return plain


def _write(unit: Unit, audit_id: uuid.UUID, entry: Entry, sealed: bytes | None) -> uuid.UUID:
    detail = json.dumps(entry.detail, ensure_ascii=False, separators=(",", ":"), default=str)
    row = (entry.customer_id, audit_id, entry.day, entry.principal, entry.action, entry.about, detail, sealed)
    unit.write(QUERIES["audit_added"], row)
    return audit_id


def _rows(rows: Sequence[Any]) -> tuple[EntryRow, ...]:
    def one(row: Any) -> EntryRow:
        entry = Entry(row.principal, row.action, row.day, row.customer_id, row.about, row.detail)
        return EntryRow(row.audit_id, row.at, entry, row.has_sealed)

    return tuple(one(row) for row in rows)


def _place(audit_id: uuid.UUID) -> Where:
    return Where("audit", "sealed", audit_id.hex)
