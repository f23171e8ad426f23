"""A database whose queues are empty, and connections to it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from shouxin.infra.db.connect import Connection, Target, connect
from shouxin.infra.db.keys import KeyRing

_EMPTIED = "TRUNCATE outbox, notice, notice_attempt, document, job_run"


@pytest.fixture(scope="module")
def ring() -> KeyRing:
    """One key ring for a module, as its database is one."""
    return KeyRing.fresh()


@pytest.fixture
def connection(database: Target) -> Iterator[Connection]:
    """A connection as the application; nothing is waiting to be told."""
    with connect(database.owner) as owner:
        owner.execute(_EMPTIED)
    with connect(database.app) as opened:
        yield opened
        opened.rollback()


@pytest.fixture
def other(database: Target, connection: Connection) -> Iterator[Connection]:
    """A second connection: somebody else at work at the same time."""
    with connect(database.app) as opened:
        yield opened
        opened.rollback()
