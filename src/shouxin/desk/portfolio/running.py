"""Run a long statement in a thread of its own, so that progress can be shown and Ctrl-C ends it at once."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import duckdb

from shouxin.engines.policy.sql_text import DUCKDB

EVERY_SECONDS = 0.1


def rows_of(connection: duckdb.DuckDBPyConnection, statement: str) -> list[tuple[Any, ...]]:
    """The rows of a statement, which Ctrl-C ends at once; nobody is told of its progress."""
    return run_watched(connection, statement, lambda _share: None)


def run_watched(
    connection: duckdb.DuckDBPyConnection, statement: str, progress: Callable[[float], None]
) -> list[tuple[Any, ...]]:
    """The rows of a statement; `progress` is told the share done, from 0 to 1.

    What the statement raises is raised here. On KeyboardInterrupt the statement is stopped first.
    """
    rows: list[tuple[Any, ...]] = []
    failure: list[BaseException] = []

    ended = threading.Event()  # not join(): an interrupt in it makes Python 3.11 take the thread for ended

    def work() -> None:
        try:
            rows.extend(connection.execute(statement).fetchall())
        except BaseException as error:
            failure.append(error)
        finally:
            ended.set()

    threading.Thread(target=work, daemon=True).start()
    try:
        while not ended.wait(EVERY_SECONDS):
            progress(min(max(float(connection.query_progress()), 0.0), 100.0) / 100)
    except BaseException:
        while not ended.wait(EVERY_SECONDS):  # a statement that had not begun yet does not hear the first one
            connection.interrupt()
        raise
    if failure:
        raise failure[0]
    progress(1.0)
    return rows


@contextmanager
def duckdb_session(threads: int | None = None, memory: str = "3GB") -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection of its own; `threads` are all where not said."""
    connection = duckdb.connect()
    try:
        connection.execute(f"SET threads = {threads or os.cpu_count() or 1}")
        connection.execute(f"SET memory_limit = {DUCKDB.string(memory)}")
        connection.execute("SET TimeZone = 'UTC'")
        with suppress(duckdb.InvalidInputException):  # in a notebook DuckDB wants ipywidgets for it; then no share done is told
            connection.execute("SET enable_progress_bar = true")
            connection.execute("SET enable_progress_bar_print = false")
        yield connection
    finally:
        connection.close()
