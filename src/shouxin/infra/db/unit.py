"""The unit of work: one request is one transaction, and only the edge commits it.

A command reads with `read`, which sends several statements in one round trip, and writes with `write`, which keeps them until
`flush`: a refusal that is raised before anything was sent leaves nothing to undo. `in_unit` is the edge: it begins, runs,
commits, and runs the whole again where the database asks for that.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

import psycopg
from psycopg.pq import TransactionStatus

from shouxin.foundation.refusal import Refusal
from shouxin.infra.db.exchange import Statement, exchange

__all__ = ["RequestInFlight", "Statement", "Unit", "in_imagination", "in_unit"]

T = TypeVar("T")

IDLE = TransactionStatus.IDLE
BEGIN: Statement = ("BEGIN", ())
COMMIT: Statement = ("COMMIT", ())
SAVEPOINT: Statement = ("SAVEPOINT step", ())
ROLLBACK_TO: Statement = ("ROLLBACK TO SAVEPOINT step", ())
IMAGINE: Statement = ("SAVEPOINT imagined", ())
PATIENCE: Statement = ("SET LOCAL lock_timeout = '2s'", ())
ONE_STATE: Statement = ("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY", ())
CHECK_NOW: Statement = ("SET CONSTRAINTS ALL IMMEDIATE", ())
FORGET: tuple[Statement, ...] = (("ROLLBACK TO SAVEPOINT imagined", ()), ("RELEASE SAVEPOINT imagined", ()))

ATTEMPTS = 8
FIRST_PAUSE_SECONDS = 0.01


class RequestInFlight(Refusal):
    """Another request holds what this one needs, for longer than we wait."""

    en = "another request of the same customer is being worked on; ask again in a moment, with the same key"
    zh = "该客户的另一笔请求正在处理，请稍后用同一请求号重试"


class Unit:
    """One transaction on a connection. Rows come as named tuples."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection
        self._waiting: list[Statement] = []
        self._in_step = self._saved = False

    def read(self, *statements: Statement) -> list[list[Any]]:
        """The rows of each statement, in one exchange; what was written before is sent first.

        A statement that is read may write, too, with RETURNING.
        """
        sent = self._taken()
        found = exchange(self._connection, [*sent, *statements])
        return found[len(sent) :]

    def only_read(self) -> None:
        """The whole transaction reads one state, and can change nothing. To be called before anything else."""
        self.write(*ONE_STATE)

    def write(self, text: str, values: Sequence[Any] = ()) -> None:
        """A statement that changes something; kept until the next read, flush or commit."""
        self._waiting.append((text, values))

    def flush(self) -> None:
        """Send what was written."""
        if self._waiting:
            exchange(self._connection, self._taken())

    def commit(self) -> None:
        """Send what was written and commit, in one exchange. Only the edge calls this."""
        if self._waiting or self._connection.info.transaction_status != IDLE:
            exchange(self._connection, [*self._taken(), COMMIT])

    @contextmanager
    def step(self) -> Iterator[None]:
        """What a refusal undoes: all that was written within. A savepoint is taken only where something is sent within."""
        self.flush()
        self._in_step, self._saved = True, False
        try:
            yield
        except Refusal:
            self._waiting.clear()
            if self._saved:
                exchange(self._connection, [ROLLBACK_TO])
            raise
        finally:
            self._in_step = False

    @contextmanager
    def imagined(self) -> Iterator[None]:
        """All that is written within is undone at the end, whatever happens; what is read within sees it."""
        exchange(self._connection, [*self._taken(), IMAGINE])
        try:
            yield
            exchange(self._connection, [*self._taken(), CHECK_NOW])
        finally:
            self._waiting.clear()
            if not self._connection.closed:
                exchange(self._connection, list(FORGET))

    def _taken(self) -> list[Statement]:
        """What is to be sent first: the beginning of the transaction, the savepoint of a step, and what waits."""
        first: list[Statement] = []
        if self._connection.info.transaction_status == IDLE:
            first.append(BEGIN)
        if self._in_step and not self._saved:
            first.append(SAVEPOINT)
            self._saved = True
        waiting, self._waiting = self._waiting, []
        return first + waiting


def in_unit(connection: psycopg.Connection[Any], work: Callable[[Unit], T]) -> T:
    """Run `work` in one transaction and commit it; roll it back on any error.

    Runs the whole again, up to 8 times in all, on a serialization failure or a deadlock: `work` acts only through its unit.
    Raises RequestInFlight where a row stays locked for longer than the connection's lock_timeout.
    """

    def committed(unit: Unit) -> T:
        result = work(unit)
        unit.commit()
        return result

    return _tried(connection, committed)


def in_imagination(connection: psycopg.Connection[Any], work: Callable[[Unit], T]) -> T:
    """Run `work` in one transaction and undo it, whatever happens; constraints that could wait are checked at once.

    Waits two seconds for a row that is locked, no longer: who only imagines should not stand in the way of who acts. Runs the
    whole again as `in_unit` does. Raises RequestInFlight.
    """

    def undone(unit: Unit) -> T:
        unit.write(*PATIENCE)
        unit.write(*CHECK_NOW)
        try:
            return work(unit)
        finally:
            if not connection.closed:
                connection.rollback()

    return _tried(connection, undone)


def _tried(connection: psycopg.Connection[Any], work: Callable[[Unit], T]) -> T:
    pause = FIRST_PAUSE_SECONDS
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return work(Unit(connection))
        except (psycopg.errors.SerializationFailure, psycopg.errors.DeadlockDetected):
            connection.rollback()
            if attempt == ATTEMPTS:
                raise
            time.sleep(pause * (0.5 + random.random()))  # spread, so that several clients do not meet again
            pause *= 2
        except psycopg.errors.LockNotAvailable:
            connection.rollback()
            raise RequestInFlight("request", "locked") from None
        except BaseException:
            if not connection.closed:
                connection.rollback()
            raise
    raise AssertionError("unreachable: the last attempt returns or raises")
