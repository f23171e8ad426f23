"""Data keys in the database: added, read, wrapped anew, destroyed."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator

import pytest

from shouxin.foundation.ids import new_id
from shouxin.infra.db import keys_errors as errors
from shouxin.infra.db.connect import Connection, Target, connect
from shouxin.infra.db.keys import KeyRing
from shouxin.infra.db.keys_of_customers import (
    CustomerKey,
    Where,
    add_key,
    check_ring,
    destroy_key,
    key_of,
    masters_in_use,
    rewrap,
)
from shouxin.infra.db.unit import Unit, in_unit

NAME = Where("personal_data", "sealed")


@pytest.fixture
def connection(database: Target) -> Iterator[Connection]:
    """A connection as the application; what the test before left is gone."""
    with connect(database.app) as opened:
        opened.execute("DELETE FROM customer_key")
        opened.commit()
        yield opened


def added(connection: Connection, ring: KeyRing) -> CustomerKey:
    customer_id = new_id()

    def work(unit: Unit) -> CustomerKey:
        row = (customer_id, dt.date(2026, 1, 1))
        unit.write("INSERT INTO customer (customer_id, kind, since) VALUES (%s, 'person', %s)", row)
        return add_key(unit, ring, customer_id)

    return in_unit(connection, work)


def read(connection: Connection, ring: KeyRing, customer_id: uuid.UUID) -> CustomerKey:
    return in_unit(connection, lambda unit: key_of(unit, ring, customer_id))


def test_a_key_is_read_as_it_was_added(connection: Connection) -> None:
    ring = KeyRing.fresh()
    one, two = added(connection, ring), added(connection, ring)
    assert read(connection, ring, one.customer_id) == one
    assert one.key != two.key


def test_erasing_is_destroying_the_key(connection: Connection) -> None:
    ring = KeyRing.fresh()
    gone, stays = added(connection, ring), added(connection, ring)
    in_unit(connection, lambda unit: destroy_key(unit, gone.customer_id))
    with pytest.raises(errors.PersonErased):
        read(connection, ring, gone.customer_id)
    with pytest.raises(errors.PersonErased):
        in_unit(connection, lambda unit: destroy_key(unit, gone.customer_id))
    assert read(connection, ring, stays.customer_id) == stays


def test_rows_swapped_between_customers_do_not_open(connection: Connection) -> None:
    ring = KeyRing.fresh()
    one, two = added(connection, ring), added(connection, ring)
    copied = "UPDATE customer_key SET wrapped = (SELECT wrapped FROM customer_key WHERE customer_id = %s) WHERE customer_id = %s"
    connection.execute(copied, (one.customer_id, two.customer_id))
    with pytest.raises(errors.SealBroken):
        read(connection, ring, two.customer_id)


def test_all_keys_come_under_the_new_master_in_batches_and_seals_still_open(connection: Connection) -> None:
    old = KeyRing.fresh()
    keys = [added(connection, old) for _ in range(5)]
    sealed = keys[0].seal(b"Wang", NAME)
    between = old.rotated()
    keys += [added(connection, between) for _ in range(2)]
    newest = between.rotated()
    done = [in_unit(connection, lambda unit: rewrap(unit, newest, 3)) for _ in range(5)]
    assert sum(done) == 7
    assert done[-1] == 0
    assert in_unit(connection, masters_in_use) == (newest.master,)
    assert [read(connection, newest, each.customer_id) for each in keys] == keys
    assert read(connection, newest, keys[0].customer_id).open(sealed, NAME) == b"Wang"
    with pytest.raises(errors.MasterKeyUnknown):
        read(connection, old, keys[0].customer_id)


def test_a_ring_that_does_not_fit_the_database_is_named(connection: Connection) -> None:
    ring, other = KeyRing.fresh(), KeyRing.fresh()
    in_unit(connection, lambda unit: check_ring(unit, other))
    added(connection, ring)
    in_unit(connection, lambda unit: check_ring(unit, ring.rotated()))
    with pytest.raises(errors.MasterKeyUnknown, match=ring.master):
        in_unit(connection, lambda unit: check_ring(unit, other))
    with pytest.raises(errors.MasterKeyUnknown):
        in_unit(connection, lambda unit: rewrap(unit, other, 10))
    added(connection, other)
    assert set(in_unit(connection, masters_in_use)) == {ring.master, other.master}
