"""Look every cell of a card's inputs through, before anything is made of them: which cannot be read, in which row, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import duckdb

from shouxin.desk.portfolio.data_file import DataFile, unreadable
from shouxin.desk.portfolio.job import InputRefused, Progress
from shouxin.desk.portfolio.running import rows_of, run_watched
from shouxin.engines.policy.sql_text import DUCKDB
from shouxin.engines.scoring.cards.cells import RIGHT, Cell
from shouxin.engines.scoring.cards.cells_sql import CellSql, family

SHOWN = 20


def check_cells(cells: Sequence[Cell], data: DataFile, connection: duckdb.DuckDBPyConnection, progress: Progress) -> None:
    """Raise InputRefused where the file has no rows, lacks a column, has one of a type that cannot be read, or such a cell."""
    data.check_columns(each.column for each in cells)
    wrong = dict(_tests(cells, data))
    counts = ", ".join(f"count(*) FILTER ({test})" for test in wrong.values()) or "0"
    query = f"SELECT count(*), {counts} FROM {data.table}"
    try:
        rows, *bad = run_watched(connection, query, lambda share: progress("check", share))[0]
    except duckdb.Error as error:
        raise unreadable(data.path, error) from None
    if rows == 0:
        raise InputRefused(f"{data.path}: the file holds no rows")
    found = [index for index, count in zip(wrong, bad, strict=False) if count]
    if found:
        faults = [fault for index in found for fault in _first(cells[index], wrong[index], data, connection)]
        total = sum(int(count) for count in bad)
        what = "1 cell cannot be read" if total == 1 else f"{total:,} cells cannot be read"
        raise InputRefused(f"{data.path}: {what}", [text for _, text in sorted(faults)][:SHOWN], total)


def _tests(cells: Sequence[Cell], data: DataFile) -> Iterator[tuple[int, str]]:
    """(place of the cell, SQL that is TRUE where it cannot be read) of each that can hold such a thing."""
    writer, faults = CellSql(DUCKDB), []
    for index, cell in enumerate(cells):
        kind = data.types[cell.column]
        of = family(kind)
        try:
            if of is None:
                raise ValueError(RIGHT[cell.kind])
            if (test := writer.wrong(cell, of)) is not None:
                yield index, test
        except ValueError as error:
            faults.append(f"{cell.column}: is {kind}; {error}")
    if faults:
        raise InputRefused(f"{data.path}: columns do not fit the card", faults)


def _first(cell: Cell, test: str, data: DataFile, connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[int, str]]:
    column = DUCKDB.quote(cell.column)
    source = f"SELECT {data.row} AS card_row, {column} FROM {data.table}"
    query = f"SELECT card_row, CAST({column} AS VARCHAR) FROM ({source}) WHERE {test} ORDER BY 1 LIMIT {SHOWN}"
    for row, value in rows_of(connection, query):
        yield row, f"row {row}, {cell.column}: {repr(value)[:60]}: {RIGHT[cell.kind]}"
