"""A database with the customers' tables, and a key ring."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from shouxin.infra.db.connect import Connection, Target, connect
from shouxin.infra.db.keys import KeyRing


@pytest.fixture(scope="module")
def ring() -> KeyRing:
    """One key ring for a module, as its database is one."""
    return KeyRing.fresh()


@pytest.fixture
def connection(database: Target) -> Iterator[Connection]:
    """A connection as the application."""
    with connect(database.app) as opened:
        yield opened


@pytest.fixture
def database_owner(database: Target) -> Iterator[Connection]:
    """A connection as the owner, who may change everything: what tampering would do."""
    with connect(database.owner) as opened:
        yield opened
