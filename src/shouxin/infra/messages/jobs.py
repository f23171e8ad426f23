"""Work that is done once for a key, such as the close of a day: begun, carried on by others after a death, finished.

Read first: `carry_out`. Who works writes a heartbeat in the transaction of each step. Where it grows old the work is taken over,
from the last step that was committed; who was only slow then finds that the work is not theirs any more, and its step is rolled
back. So no step is done twice, and no two work at once on the same step.
"""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

import psycopg

from shouxin.foundation.ids import new_id
from shouxin.foundation.refusal import Refusal, printable
from shouxin.infra.db.connect import Connection
from shouxin.infra.db.unit import Unit, in_unit
from shouxin.infra.messages.history import QUERIES

STALE_AFTER = dt.timedelta(minutes=2)
DONE, FAILED = "done", "failed"

Detail: TypeAlias = Mapping[str, Any]


class Job(Protocol):
    """Background work that never ends, as `shouxin work` runs it."""

    @property
    def name(self) -> str:
        """What it is called."""

    def run_once(self, connection: Connection) -> int:
        """Do some of what is to be done, and commit it; returns how many units of work that was, 0 where nothing was left."""


class JobDone(Refusal):
    """The work was done already."""

    en = "a key for which {name} was not done; it was finished at {ended}"
    zh = "{name} 已于 {ended} 完成，无需重做"


class JobRunning(Refusal):
    """Somebody else is doing the work."""

    en = "wait: {name} is being done, last seen at {heartbeat}; it can be taken over {stale} after that"
    zh = "{name} 正在执行，最近一次心跳 {heartbeat}，超过 {stale} 无心跳后可接管"


class JobTakenOver(Refusal):
    """The work was taken over by somebody else, since no heartbeat came for too long."""

    en = "leave it: somebody else has taken {name} over"
    zh = "{name} 已被其他进程接管，请勿继续"


@dataclass(frozen=True, slots=True)
class Run:
    """A job that is being done by this holder. detail: how far it got, as JSON values; attempts: how often it was begun."""

    name: str
    key: str
    holder: uuid.UUID
    attempts: int
    detail: Detail


@dataclass(frozen=True, slots=True)
class Step:
    """What one step has done. detail: how far the work is now; last: whether nothing is left."""

    detail: Detail
    last: bool = False


def begin(unit: Unit, name: str, key: str, stale_after: dt.timedelta = STALE_AFTER) -> Run:
    """Take a job for a key: new, failed before, or left without a heartbeat for too long. Its detail is that of the last step.

    Raises JobDone (a repeat after the end), JobRunning (a repeat before it, by the same caller too). Where a step is under way
    for longer than the connection waits for a lock, the edge raises RequestInFlight.
    """
    holder = new_id()
    (rows,) = unit.read((QUERIES["job_begun"], (name, key, holder, stale_after)))
    if rows:
        return Run(name, key, holder, rows[0].attempts, rows[0].detail)
    ((row,),) = unit.read((QUERIES["job_read"], (name, key)))
    if row.outcome == DONE:
        raise JobDone("key", key, name=name, ended=f"{row.ended:%Y-%m-%d %H:%M} UTC")
    raise JobRunning("key", key, name=name, heartbeat=f"{row.heartbeat:%Y-%m-%d %H:%M:%S} UTC", stale=stale_after)


def is_unfinished(unit: Unit, name: str, key: str) -> bool:
    """Whether a job was begun for a key and is not done."""
    (rows,) = unit.read((QUERIES["job_read"], (name, key)))
    return bool(rows) and rows[0].outcome != DONE


def beat(unit: Unit, run: Run, detail: Detail) -> None:
    """Say how far the work is, in the unit of what was done; nobody takes it over before that is committed or rolled back.

    Call it first in the unit. Raises JobTakenOver.
    """
    _store(unit, "job_beaten", (json.dumps(detail),), run)


def finish(unit: Unit, run: Run, outcome: str, detail: Detail) -> None:
    """The end of the work: `done` for good, or `failed`, after which it may be begun again. Raises JobTakenOver, a repeat too."""
    _store(unit, "job_ended", (outcome, json.dumps(detail)), run)


def carry_out(connection: Connection, name: str, key: str, step: Callable[[Unit, Detail], Step]) -> Run:
    """Do a job for a key, each step in a unit of its own together with its heartbeat; returns the run with its last detail.

    step: gets the detail of the step before ({} first), does some work in the unit, and says how far that is
    What a step raises ends the job as failed, with the error's name in the detail, and is raised. Raises JobDone, JobRunning,
    JobTakenOver.
    """
    run = in_unit(connection, lambda unit: begin(unit, name, key))
    detail, last = run.detail, False
    try:
        while not last:
            done = in_unit(connection, lambda unit, so_far=detail: _step(unit, run, step, so_far))  # type: ignore[misc]
            detail, last = done.detail, done.last
    except JobTakenOver:
        raise
    except Exception as error:
        trouble = {**detail, "trouble": printable(f"{type(error).__name__}: {error}", 300)}
        with suppress(JobTakenOver, psycopg.Error):  # what was raised is what counts
            in_unit(connection, lambda unit: finish(unit, run, FAILED, trouble))
        raise
    return Run(name, key, run.holder, run.attempts, detail)


def _step(unit: Unit, run: Run, step: Callable[[Unit, Detail], Step], so_far: Detail) -> Step:
    beat(unit, run, so_far)  # holds the job's row until this step is committed
    done = step(unit, {name: value for name, value in so_far.items() if name != "trouble"})
    if done.last:
        finish(unit, run, DONE, done.detail)
    else:
        beat(unit, run, done.detail)
    return done


def _store(unit: Unit, query: str, values: tuple[Any, ...], run: Run) -> None:
    (rows,) = unit.read((QUERIES[query], (*values, run.name, run.key, run.holder)))
    if not rows:
        raise JobTakenOver("key", run.key, name=run.name)
