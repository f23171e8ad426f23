"""The worker: jobs in turn, until nothing is left or until stopped, whatever fails."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import psycopg
import pytest

from shouxin.infra.db.connect import Connection, Target, connect
from shouxin.infra.messages import working
from shouxin.infra.messages.working import Worker, until_nothing_is_left


@dataclass
class Counting:
    """A job with so much to do."""

    name: str
    left: int
    connections: list[Connection] = field(default_factory=list)
    before: Callable[[Connection], None] = lambda _: None

    def run_once(self, connection: Connection) -> int:
        self.before(connection)
        if not self.left:
            return 0
        self.left -= 1
        self.connections.append(connection)
        connection.execute("SELECT 1")
        connection.commit()
        return 2


@dataclass
class Noting:
    """Who watches; stops the worker once nothing is left."""

    jobs: list[Counting]
    stop: threading.Event
    seen: list[tuple[str, object]] = field(default_factory=list)

    def worked(self, name: str, count: int) -> None:
        self.seen.append((name, count))
        if not any(each.left for each in self.jobs):
            self.stop.set()

    def failed(self, name: str, error: Exception) -> None:
        self.seen.append((name, type(error).__name__))


@pytest.fixture(autouse=True)
def in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working, "IDLE_SECONDS", 0.01)
    monkeypatch.setattr(working, "FIRST_REST_SECONDS", 0.01)


def worker(jobs: list[Counting], connecting: Callable[[], Connection]) -> tuple[Worker, Noting]:
    stop = threading.Event()
    watcher = Noting(jobs, stop)
    return Worker(jobs, connecting, stop, watcher), watcher


def test_until_nothing_is_left(connection: Connection) -> None:
    jobs = [Counting("one", 1), Counting("two", 3), Counting("none", 0)]
    assert until_nothing_is_left(jobs, connection, threading.Event()) == {"one": 2, "two": 6, "none": 0}


def test_what_fails_is_raised_where_one_waits_for_it(connection: Connection) -> None:
    def fail(_: Connection) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        until_nothing_is_left([Counting("bad", 1, before=fail)], connection, threading.Event())


def test_a_stop_ends_after_the_round_that_runs(connection: Connection) -> None:
    stop = threading.Event()
    jobs = [Counting("one", 5, before=lambda _: stop.set()), Counting("two", 5)]
    assert until_nothing_is_left(jobs, connection, stop) == {"one": 2, "two": 0}
    made, _ = worker(jobs, lambda: connection)
    made.stop.set()
    assert made.run() == {"one": 0, "two": 0}


def test_a_failing_job_rests_and_the_others_go_on(database: Target) -> None:
    chance = iter([True, True])

    def fail_twice(connection: Connection) -> None:
        if next(chance, False):
            connection.execute("SELECT 1 / 0")

    jobs = [Counting("bad", 1, before=fail_twice), Counting("good", 3)]
    made, watcher = worker(jobs, partial(connect, database.app))
    assert made.run() == {"bad": 2, "good": 6}
    assert [each for each in watcher.seen if each[0] == "bad"] == [("bad", "DivisionByZero")] * 2 + [("bad", 2)]


def test_a_lost_connection_is_made_anew(database: Target) -> None:
    cuts = iter([True])

    def cut(connection: Connection) -> None:
        if next(cuts, False):
            with connect(database.app) as other:
                other.execute("SELECT pg_terminate_backend(%s)", (connection.info.backend_pid,))
            connection.execute("SELECT 1")

    jobs = [Counting("one", 2, before=cut)]
    made, watcher = worker(jobs, partial(connect, database.app))
    assert made.run() == {"one": 4}
    assert watcher.seen == [("one", "AdminShutdown"), ("one", 2), ("one", 2)]
    assert all(each.closed for each in jobs[0].connections)


def test_a_database_that_cannot_be_reached_is_tried_again(database: Target) -> None:
    fails = iter([True, True])

    def connecting() -> Connection:
        if next(fails, False):
            raise psycopg.OperationalError("nobody there")
        return connect(database.app)

    jobs = [Counting("one", 1)]
    made, watcher = worker(jobs, connecting)
    assert made.run() == {"one": 2}
    assert watcher.seen == [("connection", "OperationalError")] * 2 + [("one", 2)]


def test_idle_work_stops_at_once(database: Target, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working, "IDLE_SECONDS", 60)
    made, _ = worker([Counting("one", 0)], partial(connect, database.app))
    thread = threading.Thread(target=made.run)
    thread.start()
    time.sleep(0.2)
    began = time.monotonic()
    made.stop.set()
    thread.join()
    assert time.monotonic() - began < 5
