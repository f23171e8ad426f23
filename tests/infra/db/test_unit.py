"""One transaction, as the edge runs it."""

from __future__ import annotations

import datetime as dt

import psycopg
import pytest

from shouxin.infra.db.connect import Target, connect
from shouxin.infra.db.unit import Unit, in_unit
from shouxin.infra.messages.jobs import begin

JOBS = ("SELECT count(*)::int AS n FROM job_run", ())


def test_who_only_reads_sees_one_state_and_writes_nothing(database: Target) -> None:
    with connect(database.app) as reader, connect(database.app) as writer:
        unit = Unit(reader)
        unit.only_read()
        ((before,),) = unit.read(JOBS)
        in_unit(writer, lambda other: begin(other, "counting", "1", dt.timedelta(0)))
        ((after,),) = unit.read(JOBS)
        assert (before.n, after.n) == (0, 0)
        unit.write("DELETE FROM job_run")
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            unit.flush()
        reader.rollback()
        ((now,),) = Unit(reader).read(JOBS)
        assert now.n == 1
