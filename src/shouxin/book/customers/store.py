"""The customer's row: how commands hold it, read it, and store the counter of events again. Read first: `locked`.

Every command on a customer begins with `unit.read(locked(customer_id), ...)` and ends with `store_events(unit, history)`.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from shouxin.book.customers.errors import CustomerUnknown
from shouxin.book.customers.model import Customer, Kind, State
from shouxin.foundation.ids import written_ids
from shouxin.infra.db.queries import load_queries
from shouxin.infra.db.unit import Statement, Unit
from shouxin.infra.messages.history import History

QUERIES = load_queries(__package__)
LOCKED = QUERIES["customer_locked"]


def locked(customer_id: uuid.UUID) -> Statement:
    """The statement that reads a customer's row and holds it; its rows go to `only_customer`."""
    return LOCKED, (customer_id,)


def all_locked(customer_ids: Iterable[uuid.UUID]) -> Statement:
    """The same for several customers, held in ascending order; a customer that is not there has no row."""
    return QUERIES["customers_locked"], (written_ids(sorted(customer_ids)),)


def customer_of(row: Any) -> Customer:
    """The customer of one row of `locked` or `all_locked`."""
    return Customer(row.customer_id, Kind(row.kind), State(row.state), row.events, row.since)


def only_customer(rows: Sequence[Any], customer_id: uuid.UUID) -> Customer:
    """The customer of the rows of `locked`; raises CustomerUnknown where there is none."""
    if not rows:
        raise CustomerUnknown("customer", customer_id)
    return customer_of(rows[0])


def read_customer(unit: Unit, customer_id: uuid.UUID) -> Customer:
    """A customer's row, not held: for looking only. Raises CustomerUnknown."""
    return only_customer(unit.read((QUERIES["customer_read"], (customer_id,)))[0], customer_id)


def hold_customer(unit: Unit, customer_id: uuid.UUID) -> Customer:
    """A customer's row, held to the end of the transaction, in a round trip of its own. Raises CustomerUnknown."""
    return only_customer(unit.read(locked(customer_id))[0], customer_id)


def history_of(unit: Unit, customer: Customer, principal: str, today: dt.date) -> History:
    """The history to which a command on a held customer appends."""
    return History(unit, customer.customer_id, customer.events, principal, today)


def store_events(unit: Unit, history: History) -> None:
    """Write the counter of events back, once, at the end of a command; nothing where nothing happened. A repeat does no harm."""
    if history.grown:
        unit.write(QUERIES["events_stored"], (history.last, history.customer_id))
