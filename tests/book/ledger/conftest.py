"""An empty ledger with accounts and a first business day, and a key ring to seal its days with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from shouxin.infra.db.connect import Target, connect
from shouxin.infra.db.keys import KeyRing
from shouxin.infra.db.unit import Unit
from tests.ledgers import keep, set_up

FIRST = dt.date(2026, 3, 1)
KEPT = """
    2026-03-01 ann loan.paid_out loan car
      1303.consumer-line  1002  1000.00
    2026-03-01 ben loan.paid_out loan van
      1303.business-loan  1002  500.00
    2026-03-01 ann loan.repaid loan car
      1002  6011.consumer-line   10.00
      1002  1303.consumer-line  390.00
    close 2026-03-01
    2026-03-02 ann loan.repayment_reversed loan car reverses 2
    2026-03-02 house interest.accrued
      1132.consumer-line.m0  6011.consumer-line  0.33
    close 2026-03-02
    2026-03-03 ben customer.called
"""
EMPTIED = """
TRUNCATE account, posting, event, outbox, request, closed_day, closed_balance, sealed, open_day CASCADE;
DELETE FROM customer WHERE kind <> 'house';
UPDATE customer SET events = 0;
"""


@pytest.fixture(scope="session")
def ring() -> KeyRing:
    """Keys that nobody else has."""
    return KeyRing.fresh()


@pytest.fixture
def bare(database: Target) -> Iterator[psycopg.Connection[Any]]:
    """A connection of the application to a database in which nothing was ever booked."""
    with connect(database.owner) as owner:
        owner.execute(EMPTIED.encode(), prepare=False)
    with connect(database.app) as connection:
        yield connection
        connection.rollback()


@pytest.fixture
def books(bare: psycopg.Connection[Any]) -> psycopg.Connection[Any]:
    """The same, with accounts, and open on the first of March 2026."""
    unit = Unit(bare)
    set_up(unit, FIRST)
    unit.commit()
    return bare


@pytest.fixture
def unit(books: psycopg.Connection[Any]) -> Unit:
    """A unit of work on the books."""
    return Unit(books)


@pytest.fixture
def admin(books: psycopg.Connection[Any], database: Target) -> Iterator[psycopg.Connection[Any]]:
    """A connection of somebody who may change anything; nothing of it stays."""
    with connect(database.admin) as connection:
        yield connection
        connection.rollback()


@pytest.fixture
def admin_unit(admin: psycopg.Connection[Any]) -> Unit:
    """A unit of work on that connection."""
    return Unit(admin)


@pytest.fixture(scope="module")
def kept(database: Target, ring: KeyRing) -> Target:
    """Two sealed days and an open one, committed once for this file."""
    with connect(database.owner) as owner:
        owner.execute(EMPTIED.encode(), prepare=False)
    with connect(database.app) as connection:
        unit = Unit(connection)
        set_up(unit, FIRST)
        keep(unit, ring, KEPT)
        unit.commit()
    return database


@pytest.fixture
def tamper(kept: Target) -> Iterator[psycopg.Connection[Any]]:
    """A superuser for whom no foreign key holds. What is changed is undone."""
    with connect(kept.admin) as connection:
        connection.execute("SET LOCAL session_replication_role = replica")
        yield connection
        connection.rollback()
