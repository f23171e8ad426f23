"""A book of many loans on an evening, made by SQL (`book.sql`) from the lives in `shapes.py`.

What a real evening finds is there: customers, lines and facilities, agreements and states, the payout of each loan as event and
posting, what was repaid on the day likewise, balances brought forward from the day before.
"""

from __future__ import annotations

import json
import uuid
from typing import Any

import psycopg

from benchmarks.bank import begin
from benchmarks.servers import superuser
from benchmarks.shapes import EVENING, TERMS, Shape, Shapes
from shouxin.desk.servicing.record import QUERIES
from shouxin.desk.servicing.state import Kept, column_values, write_state
from shouxin.desk.servicing.written import write_agreement, write_event
from shouxin.engines.loans import events as ev
from shouxin.engines.policy.load import Bundle
from shouxin.infra.db.connect import Target, connect
from shouxin.infra.db.queries import load_queries
from shouxin.infra.db.unit import in_unit

MAKING = load_queries(__package__, "book.sql")
FACILITIES_PER_LOAN, LAPSING = 0.785, 200  # counted; so many lines end on the evening
PRODUCTS = list(TERMS)
# After the facilities, in this order.
THEN = (
    "lines",
    "customers",
    "payouts",
    "payouts_posted",
    "repayments",
    "repayments_posted",
    "day_before",
    "principal_before",
    "money_before",
    "tables_dropped",
    "vacuumed",
    "summarized",
)


def make_book(target: Target, bundle: Bundle, shapes: Shapes, loans: int) -> None:
    """So many loans, and a lender whose open day is the evening's. Foreign keys are not checked while it is made."""
    assert target.server is not None
    with connect(target.app) as application:
        in_unit(application, lambda unit: begin(unit, bundle, EVENING))
    code = bytes.fromhex(bundle.hash)
    with superuser(target.server) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("SET synchronous_commit = off")
        _store_shapes(connection, shapes)
        _make(connection, "drawn_made", loans, len(shapes.slots))
        _make(connection, "loans", code)
        columns = ", ".join(_state_columns(connection))
        connection.execute(f"INSERT INTO loan_state SELECT {columns} FROM drawn JOIN lived USING (number) ORDER BY n".encode())
        _make(connection, "facilities", code, max(1, round(loans * FACILITIES_PER_LOAN) // LAPSING))
        for name in THEN:
            _make(connection, name)


def _make(connection: psycopg.Connection[Any], name: str, *values: object) -> None:
    connection.execute(MAKING[name].encode(), values or None)


def _state_columns(connection: psycopg.Connection[Any]) -> list[str]:
    """The columns of `loan_state` in their order, the keys from `drawn`."""
    names = [str(row[0]) for row in connection.execute(MAKING["state_columns"].encode())]
    return [f"drawn.{name}" if name in ("customer_id", "loan_id") else f"lived.{name}" for name in names]


def _store_shapes(connection: psycopg.Connection[Any], shapes: Shapes) -> None:
    _make(connection, "shape_made")
    _make(connection, "slot_made")
    with connection.transaction(), connection.cursor() as cursor:
        for number, each in enumerate(shapes.all):
            cursor.execute(MAKING["shape_added"].encode(), _shape_row(number, each))
            state, key = write_state(each.loan, Kept(each.product, None, each.touched)), uuid.UUID(int=number)
            cursor.execute(QUERIES["state_added"].encode(), (key, key, *column_values(state)))
        cursor.executemany(MAKING["slot_added"].encode(), list(enumerate(shapes.slots)))
        cursor.execute(MAKING["lived_made"].encode())
        cursor.execute("TRUNCATE loan_state")


def _shape_row(number: int, each: Shape) -> tuple[object, ...]:
    event = ev.PaidOut("1", each.opened, each.opened, each.agreement)
    bodies = (json.dumps(write_agreement(each.agreement)), json.dumps({**write_event(event), "fee": 0}))
    head = (number, PRODUCTS.index(each.product) + 1, each.product, each.opened)
    return (*head, *bodies, each.agreement.terms.principal, *each.paid)
