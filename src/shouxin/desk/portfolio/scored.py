"""Score a whole file with a card: look every cell through, score all rows in one statement, leave a complete file or none.

    report = score_file(ScoreJob(card, Path("applications.parquet"), Path("scores.parquet"), keep=("id",)))

Memory is bounded: the engine streams. The rows come out in the order of the file.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from shouxin.desk.portfolio.cells_checked import check_cells
from shouxin.desk.portfolio.data_file import open_data
from shouxin.desk.portfolio.job import OutputRefused, Progress, copy_to, finished
from shouxin.desk.portfolio.running import duckdb_session, rows_of
from shouxin.engines.policy.sql_text import DUCKDB
from shouxin.engines.scoring.cards.card import Card
from shouxin.engines.scoring.cards.card_sql import Wanted, card_sql, output_columns
from shouxin.engines.scoring.cards.score_one import cells


@dataclass(frozen=True)
class ScoreJob:
    """One run over a file.

    keep:   columns of the file that stand beside the score, such as a key
    points: the parts of the card whose points stand there too
    threads, memory: what the engine may use; all threads where not said
    """

    card: Card
    source: Path
    out: Path
    keep: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    threads: int | None = None
    memory: str = "3GB"


@dataclass(frozen=True)
class ScoreReport:
    """What a run did, and where the scores lie."""

    rows: int
    seconds: float
    lowest: int
    highest: int
    mean: float


def score_file(job: ScoreJob, progress: Progress = lambda _what, _share: None) -> ScoreReport:
    """Score every row of a file with DuckDB.

    Raises InputRefused, OutputRefused; KeyboardInterrupt passes through. Nothing stays under the final name then.
    """
    started = time.monotonic()
    if job.source.absolute() == job.out.absolute():
        raise OutputRefused(f"{job.out}: the input and the scores are different files")
    wanted = Wanted(job.keep, job.points)
    _check_output(job, wanted)
    with duckdb_session(job.threads, job.memory) as connection:
        data = open_data(job.source, connection)
        data.check_columns([*(each.column for each in cells(job.card)), *job.keep])
        check_cells(cells(job.card), data, connection, progress)
        statement = card_sql(job.card, DUCKDB, data.table, data.types, wanted)
        with finished(job.out) as temporary:
            copy_to(connection, statement, temporary, lambda share: progress("score", share))
            query = f"SELECT count(*), min(score), max(score), avg(score) FROM {DUCKDB.string(str(temporary))}"
            rows, lowest, highest, mean = rows_of(connection, query)[0]
    return ScoreReport(rows, time.monotonic() - started, lowest, highest, mean)


def _check_output(job: ScoreJob, wanted: Wanted) -> None:
    """DuckDB tells no names apart that differ in case alone."""
    names = [each.lower() for each in output_columns(wanted)]
    for name in output_columns(wanted):
        if names.count(name.lower()) > 1:
            raise OutputRefused(f"{job.out}: {name}: two columns of the output have this name; rename the one of the input")
