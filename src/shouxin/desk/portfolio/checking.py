"""Look a whole file through before anything is decided: every cell, every key; tell what is wrong, or set it aside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from shouxin.desk.portfolio.data_file import open_data
from shouxin.desk.portfolio.intake import ColumnsRefused, Reading, readings
from shouxin.desk.portfolio.job import InputRefused, Job, Progress, copy_to, finished
from shouxin.desk.portfolio.proven import proven
from shouxin.desk.portfolio.running import rows_of, run_watched
from shouxin.engines.policy.sql_text import DUCKDB, SqlText
from shouxin.engines.policy.tree import Type

SHOWN = 20
KEY, ROW, REPEATED = "_shouxin_key_", "_shouxin_row_", "_shouxin_repeated_"


@dataclass(frozen=True, slots=True)
class RowFault:
    """One cell, or one key, that cannot be used."""

    row: int
    key: str
    column: str
    value: str
    right: str

    def __str__(self) -> str:
        return f"row {self.row}, key {self.key}, {self.column}: {self.value}: {self.right}"


@dataclass(frozen=True)
class Checked:
    """A file that was looked through.

    relation: SQL for DuckDB that reads it, with its key and its row number beside it
    columns:  column -> DuckDB type
    at_fault: the facts of which some cell cannot be used; `repeated`: some key stands in several rows
    refused:  rows that cannot be decided
    """

    relation: str
    columns: Mapping[str, str]
    readings: tuple[Reading, ...]
    at_fault: frozenset[str] = frozenset()
    null_keys: bool = False
    repeated: bool = False
    refused: int = 0


def check_file(job: Job, connection: duckdb.DuckDBPyConnection, progress: Progress) -> Checked:
    """Look a whole file through; with `bad_rows`, write the rows at fault there.

    Raises InputRefused: unreadable or empty, columns missing or of a wrong type, cells or keys at fault.
    """
    relation, columns = open_source(job.source, job.policy.bundle.facts.key, connection)
    try:
        read = readings(job.policy.plan, columns, DUCKDB)
    except ColumnsRefused as error:
        raise InputRefused(f"{job.source}: columns do not fit the bundle", list(error.faults)) from None
    sound = proven(job.source, read, columns, connection) if job.source.suffix == ".parquet" else frozenset()
    wrong = [each for each in read if each.wrong and each.each.fact not in sound]
    counts = ", ".join(f"count(*) FILTER ({each.wrong})" for each in wrong) or "0"
    query = f"SELECT count(*), count(*) FILTER ({KEY} IS NULL), {counts} FROM {relation}"
    try:
        rows, null_keys, *bad = run_watched(connection, query, lambda share: progress("check", share))[0]
    except duckdb.Error as error:
        raise InputRefused(f"{job.source}: cannot be read: {str(error).splitlines()[0]}") from None
    if rows == 0:
        raise InputRefused(f"{job.source}: the file holds no rows")
    at_fault = frozenset(each.each.fact for each, count in zip(wrong, bad, strict=False) if count)
    repeated = _repeated_keys(relation, connection)
    checked = Checked(relation, columns, read, at_fault, null_keys > 0, repeated)
    if not (at_fault or null_keys or repeated):
        if job.bad_rows is not None:  # the file of an earlier run must not be taken for this one's
            with finished(job.bad_rows) as temporary:
                copy_to(connection, "SELECT 0 AS row, '' AS reason WHERE FALSE", temporary, lambda _share: None)
        return checked
    return replace(checked, refused=_refuse_or_set_aside(job, connection, checked))


def open_source(path: Path, key: str, connection: duckdb.DuckDBPyConnection) -> tuple[str, dict[str, str]]:
    """(SQL that reads a Parquet or CSV file, column -> DuckDB type). CSV cells are text until they are read as facts."""
    data = open_data(path, connection)
    columns, row = dict(data.types), data.row
    if key not in columns:
        raise InputRefused(f"{path}: missing column {key}: the customer's key that facts.yaml names")
    relation = f"(SELECT *, {DUCKDB.quote(key)} AS {KEY}, {row} AS {ROW} FROM {data.table})"
    return relation, columns


def _repeated_keys(relation: str, connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether any key stands twice. A file sorted by key is proven in one pass, without remembering keys."""
    before = f"SELECT {KEY}, lag({KEY}) OVER () AS _before FROM {relation}"
    ((unsorted,),) = rows_of(connection, f"SELECT count(*) FILTER (COALESCE(NOT {KEY} > _before, TRUE)) FROM ({before})")
    if unsorted == 1:  # the first row, which has none before it
        return False
    repeated = f"SELECT 1 FROM {relation} WHERE {KEY} IS NOT NULL GROUP BY {KEY} HAVING count(*) > 1 LIMIT 1"
    return bool(rows_of(connection, repeated))


@dataclass(frozen=True, slots=True)
class _Objection:
    """One thing that can be wrong with a row: the condition, the column, its value as text, what would be right."""

    test: str
    column: str
    value: str
    right: str


def objections(checked: Checked, read: tuple[Reading, ...], key: str, engine: SqlText) -> list[_Objection]:
    """What is wrong somewhere in the file, as conditions on its rows."""
    text = f"CAST({KEY} AS {engine.type(Type.ENUM)})"
    found = []
    if checked.null_keys:
        found.append(_Objection(f"{KEY} IS NULL", key, text, "the customer's key is never empty"))
    if checked.repeated:
        found.append(_Objection(f"{KEY} IN (SELECT {KEY} FROM {REPEATED})", key, text, "this key stands in several rows"))
    for each in read:
        if each.each.fact in checked.at_fault and each.column is not None and each.wrong is not None:
            cell = f"CAST({engine.quote(each.column)} AS {engine.type(Type.ENUM)})"
            found.append(_Objection(each.wrong, each.column, cell, each.right))
    return found


def bad_condition(found: list[_Objection]) -> str:
    """TRUE for a row with which anything is wrong, else FALSE."""
    return " OR ".join(f"COALESCE({each.test}, FALSE)" for each in found)


def _refuse_or_set_aside(job: Job, connection: duckdb.DuckDBPyConnection, checked: Checked) -> int:
    """Write the rows at fault to `bad_rows`, and count them; without it, refuse the input with the first of them."""
    key, relation = job.policy.bundle.facts.key, checked.relation
    if checked.repeated:
        query = f"SELECT {KEY} FROM {relation} WHERE {KEY} IS NOT NULL GROUP BY {KEY} HAVING count(*) > 1"
        rows_of(connection, f"CREATE TEMP TABLE {REPEATED} AS {query}")
    found = objections(checked, checked.readings, key, DUCKDB)
    bad = bad_condition(found)
    refused = int(rows_of(connection, f"SELECT count(*) FROM {relation} WHERE {bad}")[0][0])
    if job.bad_rows is None:
        faults = [str(fault) for fault in _first_faults(connection, relation, found)]
        message = f"{job.source}: {refused:,} rows cannot be used; --bad-rows FILE sets them aside and goes on"
        raise InputRefused(message, faults, refused)
    parts = ", ".join(
        f"CASE WHEN {each.test} THEN {DUCKDB.string(each.column + ': ')} || COALESCE({each.value}, 'NULL') || "
        f"{DUCKDB.string(': ' + each.right)} END"
        for each in found
    )
    rest = f"* EXCLUDE ({KEY}, {ROW})"
    query = f"SELECT {ROW} AS row, concat_ws('; ', {parts}) AS reason, {rest} FROM {relation} WHERE {bad} ORDER BY {ROW}"
    with finished(job.bad_rows) as temporary:
        copy_to(connection, query, temporary, lambda _share: None)
    return refused


def _first_faults(connection: duckdb.DuckDBPyConnection, relation: str, found: list[_Objection]) -> list[RowFault]:
    faults = []
    for each in found:
        query = (
            f"SELECT {ROW}, CAST({KEY} AS VARCHAR), {each.value} FROM {relation} WHERE {each.test} ORDER BY {ROW} LIMIT {SHOWN}"
        )
        for row, key, cell in rows_of(connection, query):
            faults.append(RowFault(row, str(key), each.column, "NULL" if cell is None else repr(cell)[:60], each.right))
    return sorted(faults, key=lambda fault: fault.row)[:SHOWN]
