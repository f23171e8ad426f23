"""Run a long statement in a thread of its own, so that progress can be shown and Ctrl-C ends it at once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import duckdb

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
