"""Decide a whole file: check every row, decide the sound ones in one statement, and leave a complete file or none.

    report = decide_file(Job(policy, Path("customers.parquet"), Path("decisions.parquet"), as_of))

Memory is bounded: the engine streams, and the result is written under a temporary name that is renamed at the end.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from shouxin.desk.portfolio.checking import KEY, Checked, bad_condition, check_file, objections
from shouxin.desk.portfolio.edge import edge_select
from shouxin.desk.portfolio.job import Job, Progress, check_job, copy_to, finished
from shouxin.desk.portfolio.running import duckdb_session
from shouxin.desk.portfolio.summary import Summary, summarize
from shouxin.engines.policy.emit_sql import sql_statement, sql_steps
from shouxin.engines.policy.sql_text import DUCKDB, SqlText


@dataclass(frozen=True)
class Report:
    """What a run did."""

    rows: int
    refused: int
    seconds: float
    summary: Summary
    assumed: tuple[str, ...]


def decide_file(job: Job, progress: Progress = lambda _what, _share: None) -> Report:
    """Decide every customer of a file with DuckDB.

    Raises InputRefused, OutputRefused; KeyboardInterrupt passes through. Nothing stays under the final names then.
    """
    started = time.monotonic()
    check_job(job)
    with duckdb_session(job.threads, job.memory) as connection:
        checked = check_file(job, connection, progress)
        statement = decide_statement(job, checked, checked.relation, DUCKDB)
        with finished(job.out) as temporary:
            copy_to(connection, statement, temporary, lambda share: progress("decide", share))
            summary = summarize(connection, job.policy, temporary)
    assumed = tuple(each.each.fact for each in checked.readings if each.column is None)
    return Report(summary.rows, checked.refused, time.monotonic() - started, summary, assumed)


def input_select(checked: Checked, relation: str, key: str, engine: SqlText) -> str:
    """The first step: the file's cells as the policy's inputs, rows at fault left out."""
    read = checked.readings
    columns = [f"{KEY} AS {engine.quote(key)}"]
    columns += [f"{each.value} AS {engine.quote(each.each.name)}" for each in read]
    found = objections(checked, read, key, engine)
    where = f" WHERE NOT ({bad_condition(found)})" if found else ""
    return f"SELECT {', '.join(columns)} FROM {relation}{where}"


def decide_statement(job: Job, checked: Checked, relation: str, engine: SqlText) -> str:
    """The one statement that decides a checked file."""
    key = job.policy.bundle.facts.key
    steps = [("input", input_select(checked, relation, key, engine))]
    steps += sql_steps(job.policy.plan, engine, job.as_of, "input", [key])
    return sql_statement(steps, edge_select(job.policy, engine, key))
