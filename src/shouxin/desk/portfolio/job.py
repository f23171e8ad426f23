"""What a run over a file is given, what it can refuse, and how it writes: complete files or none."""

from __future__ import annotations

import datetime as dt
import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from shouxin.desk.decisions import check_day
from shouxin.desk.portfolio.running import run_watched
from shouxin.engines.policy.compile import Policy
from shouxin.engines.policy.sql_text import DUCKDB

SUFFIXES = {".parquet": "FORMAT parquet, COMPRESSION zstd", ".csv": "FORMAT csv, HEADER"}

Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class Job:
    """One run over a file.

    bad_rows: a CSV file to which rows that cannot be used go, with the reason; without it one such row ends the run
    threads, memory: what the engine may use
    """

    policy: Policy
    source: Path
    out: Path
    as_of: dt.date
    bad_rows: Path | None = None
    threads: int = field(default_factory=lambda: os.cpu_count() or 1)
    memory: str = "3GB"


class InputRefused(Exception):
    """An input that cannot be decided. `faults` are the first ones; `total` counts all rows at fault."""

    def __init__(self, message: str, faults: list[str] | None = None, total: int = 0) -> None:
        self.faults, self.total = tuple(faults or []), total
        super().__init__("\n".join([message, *self.faults]))


class OutputRefused(Exception):
    """An output that could not be written; nothing is left under its name."""


def check_job(job: Job) -> None:
    """What can be seen before anything is read.

    Raises DateOutOfRange, OutputRefused.
    """
    check_day(job.as_of)
    files = [job.source, job.out, *([job.bad_rows] if job.bad_rows else [])]
    if len({each.absolute() for each in files}) < len(files):
        raise OutputRefused(f"{job.out}: the input, the decisions and the rows set aside are different files")
    for path in files[1:]:
        if not path.parent.is_dir():
            raise OutputRefused(f"{path}: the folder {path.parent} does not exist")


@contextmanager
def finished(path: Path) -> Iterator[Path]:
    """A temporary name beside the final one: renamed when all went well, removed when not."""
    if path.suffix not in SUFFIXES:
        raise OutputRefused(f"{path}: the output is a .parquet or a .csv file")
    if not path.parent.is_dir():
        raise OutputRefused(f"{path}: the folder {path.parent} does not exist")
    temporary = path.with_name(f".{path.stem}.{uuid.uuid4().hex[:12]}{path.suffix}")
    try:
        yield temporary
        temporary.replace(path)
    except OSError as error:
        raise OutputRefused(f"{path}: cannot be written: {error.strerror or error}") from None
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def copy_to(connection: duckdb.DuckDBPyConnection, statement: str, path: Path, progress: Callable[[float], None]) -> None:
    try:
        run_watched(connection, f"COPY ({statement}) TO {DUCKDB.string(str(path))} ({SUFFIXES[path.suffix]})", progress)
    except duckdb.IOException as error:
        raise OutputRefused(f"{path.name}: cannot be written: {str(error).splitlines()[0]}") from None
    except duckdb.OutOfMemoryException as error:
        raise OutputRefused(f"not enough memory: {str(error).splitlines()[0]}") from None
