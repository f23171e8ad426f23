"""A connection that comes back: whoever loses it starts the server where it does not run, and tries again."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import TypeVar

import psycopg

from shouxin.infra.db.connect import Connection, connect, embedded
from shouxin.infra.db.errors import DatabaseUnreachable, ServerNotStarted
from shouxin.infra.db.unit import RequestInFlight
from tests.chaos.world import World

T = TypeVar("T")

# What a client may meet when something is killed, and nothing else. ServerNotStarted: the server was killed while it started.
LOST = (psycopg.OperationalError, DatabaseUnreachable, ServerNotStarted, RequestInFlight)
PAUSE_SECONDS = 0.05


class Link:
    """One process's way to the database."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._connection: Connection | None = None

    def connection(self) -> Connection:
        """A connection, made where there is none; raises what `LOST` lists."""
        if self._connection is None or self._connection.closed:
            self._world.server.ensure()
            self._connection = connect(embedded(self._world.server).app)
        return self._connection

    def drop(self) -> None:
        """Close it, whatever state it is in."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def insist(self, work: Callable[[Connection], T], lost: Callable[[], None] = lambda: None) -> T:
        """Work on a connection until it is done. lost: called before each further try."""
        while True:
            try:
                return work(self.connection())
            except LOST:
                self.drop()
                time.sleep(PAUSE_SECONDS * (0.5 + random.random()))
                _ = self._world.stopping  # ends a process whose parent is gone
                lost()
