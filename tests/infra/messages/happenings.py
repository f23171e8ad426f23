"""Customers to whom things happen, written as commands do it: with the customer's row held, the counter stored at the end."""

from __future__ import annotations

import datetime as dt
import uuid

from shouxin.foundation.ids import new_id
from shouxin.infra.db.connect import Connection
from shouxin.infra.db.unit import Unit, in_unit
from shouxin.infra.messages.history import History

TODAY = dt.date(2026, 3, 2)


def add_customer(connection: Connection) -> uuid.UUID:
    """A customer without a past."""
    customer_id = new_id()
    with connection.transaction():
        row = (customer_id, TODAY)
        connection.execute("INSERT INTO customer (customer_id, kind, since) VALUES (%s, 'person', %s)", row)
    return customer_id


def happen(unit: Unit, customer_id: uuid.UUID, count: int = 1, today: dt.date = TODAY) -> None:
    """So many events; nothing is committed."""
    held = "SELECT events FROM customer WHERE customer_id = %s FOR NO KEY UPDATE"
    ((row,),) = unit.read((held, (customer_id,)))
    history = History(unit, customer_id, row.events, "clerk-1", today)
    for _ in range(count):
        history.append("made.up", {"text": "一\u2028二"})
    unit.write("UPDATE customer SET events = %s WHERE customer_id = %s", (history.last, customer_id))


def happened(connection: Connection, customer_id: uuid.UUID, count: int = 1, today: dt.date = TODAY) -> None:
    """So many committed events."""
    in_unit(connection, lambda unit: happen(unit, customer_id, count, today))
