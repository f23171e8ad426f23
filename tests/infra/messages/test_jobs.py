"""Jobs are done once for a key, carried on after a death, and never by two at once."""

from __future__ import annotations

import datetime as dt
import threading

import pytest

from shouxin.foundation.refusal import Refusal
from shouxin.infra.db.connect import Connection, Target, connect
from shouxin.infra.db.unit import Unit, in_unit
from shouxin.infra.messages import jobs
from shouxin.infra.messages.jobs import (
    DONE,
    FAILED,
    Detail,
    JobDone,
    JobRunning,
    JobTakenOver,
    Run,
    Step,
    beat,
    begin,
    carry_out,
    finish,
)

AT_ONCE = dt.timedelta(0)
DAY = "2026-03-02"


def begun(connection: Connection, key: str = DAY, stale_after: dt.timedelta = jobs.STALE_AFTER) -> Run:
    return in_unit(connection, lambda unit: begin(unit, "close", key, stale_after))


def test_a_job_is_done_once_for_a_key(connection: Connection) -> None:
    run = begun(connection)
    with pytest.raises(JobRunning, match="close is being done"):
        begun(connection)
    in_unit(connection, lambda unit: beat(unit, run, {"to": 5}))
    in_unit(connection, lambda unit: finish(unit, run, DONE, {"to": 9}))
    with pytest.raises(JobDone, match="finished at"):
        begun(connection, stale_after=AT_ONCE)
    with pytest.raises(JobTakenOver):
        in_unit(connection, lambda unit: finish(unit, run, DONE, {}))
    assert begun(connection, "2026-03-03").detail == {}


def test_a_dead_ones_job_is_taken_over_where_it_stopped(connection: Connection) -> None:
    dead = begun(connection)
    in_unit(connection, lambda unit: beat(unit, dead, {"to": 5}))
    run = begun(connection, stale_after=AT_ONCE)
    assert (run.attempts, run.detail) == (2, {"to": 5}) and run.holder != dead.holder
    for late in (lambda unit: beat(unit, dead, {}), lambda unit: finish(unit, dead, DONE, {})):
        with pytest.raises(JobTakenOver):
            in_unit(connection, late)
    in_unit(connection, lambda unit: finish(unit, run, DONE, {"to": 9}))


def test_what_failed_may_be_begun_again(connection: Connection) -> None:
    run = begun(connection)
    in_unit(connection, lambda unit: finish(unit, run, FAILED, {"to": 5}))
    assert begun(connection).detail == {"to": 5}


def test_steps_and_how_far_they_got_are_committed_together(connection: Connection) -> None:
    done: list[int] = []

    def step(unit: Unit, detail: Detail) -> Step:
        number = detail.get("to", 0) + 1
        if number == 3 and not done.count(3):
            done.append(3)
            raise ZeroDivisionError("made up")
        done.append(number)
        return Step({"to": number}, last=number == 4)

    with pytest.raises(ZeroDivisionError):
        carry_out(connection, "close", DAY, step)
    row = connection.execute("SELECT outcome, detail FROM job_run").fetchone()
    assert row == ("failed", {"to": 2, "trouble": "ZeroDivisionError: made up"})
    run = carry_out(connection, "close", DAY, step)
    assert (done, run.attempts, run.detail) == ([1, 2, 3, 3, 4], 2, {"to": 4})
    with pytest.raises(JobDone):
        carry_out(connection, "close", DAY, step)


def test_who_was_only_slow_changes_nothing(connection: Connection, other: Connection) -> None:
    def step(unit: Unit, detail: Detail) -> Step:
        return Step({"to": detail.get("to", 0) + 1})

    run = begun(connection)
    begun(other, stale_after=AT_ONCE)

    def late(unit: Unit) -> None:
        unit.write(
            "INSERT INTO job_run (name, key, holder, started, heartbeat) VALUES ('x', 'x', %s, now(), now())", (run.holder,)
        )
        jobs._step(unit, run, step, {})

    with pytest.raises(JobTakenOver):
        in_unit(connection, late)
    assert connection.execute("SELECT FROM job_run WHERE name = 'x'").fetchall() == []


def test_nobody_takes_over_in_the_middle_of_a_step(connection: Connection, other: Connection) -> None:
    run, unit = begun(connection), Unit(connection)
    beat(unit, run, {"to": 1})
    refused: list[Refusal] = []

    def take_over() -> None:
        try:
            begun(other, stale_after=dt.timedelta(milliseconds=200))
        except JobRunning as told:
            refused.append(told)

    taker = threading.Thread(target=take_over)
    taker.start()
    taker.join(0.4)
    assert taker.is_alive()
    beat(unit, run, {"to": 2})
    unit.commit()
    taker.join()
    assert len(refused) == 1


def test_of_many_who_begin_at_once_one_does_it(database: Target, connection: Connection) -> None:
    got: list[Run] = []

    def work() -> None:
        with connect(database.app) as own:
            try:
                got.append(begun(own))
            except JobRunning:
                own.rollback()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    assert len(got) == 1
