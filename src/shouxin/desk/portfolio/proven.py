"""What a Parquet file's own statistics already prove: no need to look at every cell again.

Each row group says the lowest and highest value and the number of NULLs of its columns. Where these lie within a fact's
range for all groups, every cell does. Statistics of doubles say nothing of NaN, and those of text nothing of its words.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import duckdb

from shouxin.desk.portfolio.intake import WHOLE, Reading
from shouxin.desk.portfolio.running import rows_of
from shouxin.engines.policy.scope import Column
from shouxin.engines.policy.sql_text import DUCKDB
from shouxin.engines.policy.tree import INTEGERS, Type


def proven(
    path: Path, readings: Iterable[Reading], columns: dict[str, str], connection: duckdb.DuckDBPyConnection
) -> frozenset[str]:
    """The facts of which every cell is proven sound by the statistics of a Parquet file."""
    query = (
        "SELECT path_in_schema, min(num_values - stats_null_count), sum(stats_null_count), "
        "list(stats_min_value), list(stats_max_value), bool_and(stats_null_count IS NOT NULL) "
        f"FROM parquet_metadata({DUCKDB.string(str(path))}) GROUP BY 1"
    )
    found = {str(name): rest for name, *rest in rows_of(connection, query)}
    return frozenset(
        each.each.fact
        for each in readings
        if each.column is not None and each.column in found and _is_proven(each, columns[each.column], found[each.column])
    )


def _is_proven(reading: Reading, kind: str, statistics: list[Any]) -> bool:
    _, nulls, lows, highs, counted = statistics
    column = reading.each.column
    if not counted or reading.each.missing_values or (nulls and not column.nullable):
        return False
    if column.type is Type.BOOL and kind == "BOOLEAN":
        return True
    scale = 100 if reading.each.unit == "major" else 1
    whole = kind in WHOLE or (kind.startswith("DECIMAL") and _scale_of(kind) <= (2 if scale == 100 else 0))
    if not (column.type in INTEGERS and whole) and not (column.type is Type.DATE and kind == "DATE"):
        return False
    try:
        return all(_within(column, low, scale) and _within(column, high, scale) for low, high in zip(lows, highs, strict=True))
    except (InvalidOperation, ValueError, TypeError):  # no statistics, or in a form that is not known
        return False


def _scale_of(kind: str) -> int:
    return int(kind.rstrip(")").rpartition(",")[2])


def _within(column: Column, text: str, scale: int) -> bool:
    value: Any = dt.date.fromisoformat(text) if column.type is Type.DATE else Decimal(text) * scale
    return bool(column.low <= value <= column.high)
