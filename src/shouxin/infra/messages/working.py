"""Running background jobs: round after round, until nothing is left or until told to stop. Read first: `Worker.run`.

A job that fails rests, twice as long after each failure; the others go on. A lost connection is made anew.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import psycopg

from shouxin.foundation.refusal import Refusal
from shouxin.infra.db.connect import Connection
from shouxin.infra.messages.jobs import Job

IDLE_SECONDS = 1.0
FIRST_REST_SECONDS, LONGEST_REST_SECONDS = 1.0, 60.0


class Watcher(Protocol):
    """Who is told what the worker does."""

    def worked(self, name: str, count: int) -> None:
        """A round of a job has done so many units of work."""

    def failed(self, name: str, error: Exception) -> None:
        """A round of a job, or `connection`, has failed; it is tried again."""


def until_nothing_is_left(jobs: Sequence[Job], connection: Connection, stop: threading.Event) -> Counter[str]:
    """Rounds of all jobs until each of them finds nothing to do; returns what each has done. Raises what a job raises.

    stop: ends it after the round that runs
    """
    done = Counter({each.name: 0 for each in jobs})
    moved = True
    while moved and not stop.is_set():
        moved = False
        for each in jobs:
            count = 0 if stop.is_set() else each.run_once(connection)
            done[each.name] += count
            moved = moved or count > 0
    return done


@dataclass(slots=True)
class Worker:
    """Rounds of jobs until `stop` is set."""

    jobs: Sequence[Job]
    connecting: Callable[[], Connection]
    stop: threading.Event
    watcher: Watcher
    done: Counter[str] = field(default_factory=Counter)
    _failures: Counter[str] = field(default_factory=Counter)
    _rests: dict[str, float] = field(default_factory=dict)

    def run(self) -> Counter[str]:
        """Work until told to stop; the round that runs is finished first. Returns what each job has done.

        Raises nothing for a job or the database: both are tried again.
        """
        self.done = Counter({each.name: 0 for each in self.jobs})
        while not self.stop.is_set():
            with contextlib.ExitStack() as stack:
                try:
                    connection = stack.enter_context(_closing(self.connecting()))
                except (Refusal, psycopg.Error) as error:
                    self._rest("connection", error)
                    self.stop.wait(self._rests["connection"] - time.monotonic())
                    continue
                self._failures.pop("connection", None)
                self._while_connected(connection)
        return self.done

    def _while_connected(self, connection: Connection) -> None:
        while not self.stop.is_set() and not connection.closed:
            moved = [self._round(each, connection) for each in self.jobs if not self._resting(each)]
            if not any(moved):
                self.stop.wait(IDLE_SECONDS)

    def _resting(self, job: Job) -> bool:
        return self._rests.get(job.name, 0.0) > time.monotonic()

    def _round(self, job: Job, connection: Connection) -> int:
        if self.stop.is_set() or connection.closed:
            return 0
        try:
            count = job.run_once(connection)
        except Exception as error:  # whatever it is: the other jobs go on
            self._rest(job.name, error)
            with contextlib.suppress(psycopg.Error):  # where it is lost, `closed` says so next
                connection.rollback()
            return 0
        self._failures.pop(job.name, None)
        self.done[job.name] += count
        if count:
            self.watcher.worked(job.name, count)
        return count

    def _rest(self, name: str, error: Exception) -> None:
        pause = min(FIRST_REST_SECONDS * 2 ** self._failures[name], LONGEST_REST_SECONDS)
        self._failures[name] += 1
        self._rests[name] = time.monotonic() + pause
        self.watcher.failed(name, error)


@contextlib.contextmanager
def _closing(connection: Connection) -> Iterator[Connection]:
    """Closed at the end without a commit: jobs have committed what they did."""
    try:
        yield connection
    finally:
        connection.close()
