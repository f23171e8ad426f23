"""Made-up customers with numbers that fit, and the commands that tests put together."""

from __future__ import annotations

import datetime as dt
import itertools
import uuid
from collections.abc import Callable
from typing import Any, TypeVar

from stdnum.cn import ric, uscc

from shouxin.book.customers import history_of, hold_customer, store_events
from shouxin.book.customers.contacts import add_contact
from shouxin.book.customers.creation import create, new_history
from shouxin.book.customers.model import ContactKind, Customer, Kind, NewContact, NewCustomer
from shouxin.infra.db.connect import Connection
from shouxin.infra.db.keys import KeyRing
from shouxin.infra.db.unit import Unit, in_unit
from shouxin.infra.messages.history import History

TODAY = dt.date(2026, 3, 2)
_COUNTER = itertools.count(1)
T = TypeVar("T")


def id_number(start: str) -> str:
    """17 digits and the place that fits."""
    return start + ric.calc_check_digit(start + "0")


def credit_code(start: str) -> str:
    """17 places and the one that fits."""
    return start + uscc.calc_check_digit(start)


def new_person(kind: Kind = Kind.PERSON, **more: Any) -> NewCustomer:
    """Somebody new with numbers of their own."""
    count = next(_COUNTER)
    natural = kind is not Kind.COMPANY
    values = {
        "name": f"王小{count}",
        "id_number": id_number(f"1101011990{1 + count // 500:02}07{count % 500:03}") if natural else None,
        "credit_code": None if kind is Kind.PERSON else credit_code(f"91110105MA{count:07}"),
    }
    return NewCustomer(kind, **{**values, **more})


def phone(text: str, purpose: str = "main") -> NewContact:
    """A phone number from today on."""
    return NewContact(ContactKind.PHONE, purpose, text, TODAY)


def made(unit: Unit, ring: KeyRing, new: NewCustomer) -> Customer:
    """A new customer within a unit."""
    history = new_history(unit, "clerk-1", TODAY)
    customer = create(unit, ring, new, history)
    store_events(unit, history)
    return customer


def person(connection: Connection, ring: KeyRing, kind: Kind = Kind.PERSON, **more: Any) -> Customer:
    """A committed new customer."""
    return in_unit(connection, lambda unit: made(unit, ring, new_person(kind, **more)))


def acted(
    connection: Connection, customer_id: uuid.UUID, act: Callable[[Unit, Customer, History], T], today: dt.date = TODAY
) -> T:
    """A whole command on a customer: held, acted on, the counter stored, committed."""

    def work(unit: Unit) -> T:
        customer = hold_customer(unit, customer_id)
        history = history_of(unit, customer, "clerk-1", today)
        result = act(unit, customer, history)
        store_events(unit, history)
        return result

    return in_unit(connection, work)


def contacted(connection: Connection, ring: KeyRing, customer_id: uuid.UUID, new: NewContact) -> int:
    """One more contact, committed; its number."""
    return acted(connection, customer_id, lambda unit, _, history: add_contact(unit, ring, new, history))


def events(connection: Connection, customer_id: uuid.UUID) -> list[tuple[Any, ...]]:
    """Number, kind, reason and body of what happened to a customer."""
    asked = "SELECT number, kind, reason, body FROM event WHERE customer_id = %s ORDER BY number"
    rows = connection.execute(asked, (customer_id,)).fetchall()
    connection.rollback()
    return rows


def one(connection: Connection, asked: str, *values: Any) -> Any:
    """The only value that a query gives."""
    row = connection.execute(asked, values).fetchone()
    connection.rollback()
    return row[0] if row else None
