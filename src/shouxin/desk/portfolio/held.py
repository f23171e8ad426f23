"""What a column of a data file holds; of a CSV file, whose cells are all text, as its cells say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum

import duckdb

from shouxin.desk.portfolio.data_file import DataFile, unreadable
from shouxin.desk.portfolio.running import rows_of
from shouxin.engines.policy.sql_text import DUCKDB
from shouxin.engines.scoring.cards.cells import NUMBER, NUMBER_WORDS

FIRST_ROWS = 1_000


class Holds(StrEnum):
    """What a column holds, and the array that it becomes.

    WHOLE, NUMBER: float64, NaN where it is missing; FLAG: float64 of 1 and 0, NaN where it is missing
    TEXT:          objects, str or None; an empty text is missing
    DAY:           datetime64[D], NaT where it is missing; of a time stamp its day
    """

    WHOLE = "whole"
    NUMBER = "number"
    FLAG = "flag"
    TEXT = "text"
    DAY = "day"


def held_in_csv(data: DataFile, names: Sequence[str], connection: duckdb.DuckDBPyConnection) -> dict[str, Holds]:
    """What columns of text hold, each as a whole: numbers, flags or days where every cell that is not empty does.

    A column without any cell holds numbers. The first rows rule out most of what is then asked of all.
    """
    every: dict[str, list[Holds]] = {name: list(TESTS) for name in names}
    try:
        left = _true_of_all(every, f"(FROM {data.table} LIMIT {FIRST_ROWS})", connection, where_empty=list(TESTS))
        found = _true_of_all(left, data.table, connection, where_empty=[Holds.NUMBER])
    except duckdb.Error as error:
        raise unreadable(data.path, error) from None
    return {name: kinds[0] if kinds else Holds.TEXT for name, kinds in found.items()}


def _true_of_all(
    asked: Mapping[str, Sequence[Holds]],
    table: str,
    connection: duckdb.DuckDBPyConnection,
    *,
    where_empty: Sequence[Holds],
) -> dict[str, list[Holds]]:
    """Of the kinds asked of each column, those that all its cells are of; `where_empty` of a column without any cell."""
    tests = [_test(name, kind, kind in where_empty) for name, kinds in asked.items() for kind in kinds]
    answers = iter(rows_of(connection, f"SELECT {', '.join(tests)} FROM {table}")[0] if tests else ())
    return {name: [kind for kind in kinds if next(answers)] for name, kinds in asked.items()}


def _test(name: str, kind: Holds, where_empty: bool) -> str:
    text = f"TRIM({DUCKDB.quote(name)})"
    cell = TESTS[kind].replace("$", text)
    return f"COALESCE(bool_and({cell}) FILTER ({text} <> ''), {where_empty})"


# In this order: a column of whole numbers is one of numbers too. $ is the text of a cell.
TESTS = {
    Holds.FLAG: "LOWER($) IN ('true', 'false')",
    Holds.WHOLE: DUCKDB.matches("$", "[+-]?[0-9]{1,15}"),
    Holds.NUMBER: DUCKDB.matches("LOWER($)", f"{NUMBER}|{NUMBER_WORDS}"),
    Holds.DAY: f"({DUCKDB.matches('$', '[0-9]{4}-[0-9]{2}-[0-9]{2}')} AND TRY_CAST($ AS DATE) IS NOT NULL)",
}
