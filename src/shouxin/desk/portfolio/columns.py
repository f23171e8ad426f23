"""The columns of a data file as numpy arrays, for fitting and validating; and the fingerprint of what was read.

    columns = read_columns(Path("applications.parquet"))
    columns.arrays["age"]                           float64, NaN where it is missing
    fingerprint(columns)                            64 hexadecimal digits

numpy belongs to the extra `fit`; it is imported here only when a file is read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import duckdb

from shouxin.desk.portfolio.cells_checked import check_cells
from shouxin.desk.portfolio.data_file import DataFile, open_data, unreadable
from shouxin.desk.portfolio.held import Holds, held_in_csv
from shouxin.desk.portfolio.job import InputRefused, Progress
from shouxin.desk.portfolio.running import duckdb_session
from shouxin.engines.policy.sql_text import DUCKDB
from shouxin.engines.scoring.cards.cells import Cell, Kind
from shouxin.engines.scoring.cards.cells_sql import CellSql, Family, family

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array: TypeAlias = NDArray[Any]


_HOLDS = {
    Family.WHOLE: Holds.WHOLE,
    Family.EXACT: Holds.NUMBER,
    Family.FLOAT: Holds.NUMBER,
    Family.FLAG: Holds.FLAG,
    Family.TEXT: Holds.TEXT,
    Family.DAY: Holds.DAY,
}
_OF_KIND = {Kind.NUMBER: Holds.NUMBER, Kind.WORD: Holds.TEXT, Kind.FLAG: Holds.FLAG}


@dataclass(frozen=True)
class Columns:
    """Columns of one file, all of the same number of rows, in the order of the file.

    left_out: columns of a type that no card can read, such as lists, with the type
    """

    rows: int
    arrays: Mapping[str, Array]
    holds: Mapping[str, Holds]
    left_out: Mapping[str, str]


def read_columns(path: Path, names: Sequence[str] | None = None, as_text: Collection[str] = ()) -> Columns:
    """Columns of a Parquet or CSV file; all of them where `names` does not say which.

    A CSV file's column holds numbers, flags or days where every cell that is not empty does. Those of `as_text` are read as a
    card reads the words of an enum, also where the file keeps codes as numbers.

    Raises InputRefused: unreadable, empty, columns that are not there or, where they are named, of a type that cannot be read.
    """
    with duckdb_session() as connection:
        data = open_data(path, connection)
        data.check_columns([*(names or ()), *as_text])
        wanted = list(dict.fromkeys(data.types if names is None else names))
        holds = {name: found for name in wanted if (found := _held(data.types[name])) is not None}
        left_out = {name: data.types[name] for name in wanted if name not in holds}
        if left_out and names is not None:
            faults = [f"{name}: is {kind}; a number, a text, a flag or a day" for name, kind in left_out.items()]
            raise InputRefused(f"{path}: columns cannot be read", faults)
        if path.suffix == ".csv":
            holds = {**holds, **held_in_csv(data, [name for name in holds if name not in as_text], connection)}
        holds = {name: Holds.TEXT if name in as_text else held for name, held in holds.items()}
        return _fetched(data, {name: _value(name, each, data) for name, each in holds.items()}, holds, left_out, connection)


def read_inputs(path: Path, cells: Sequence[Cell], progress: Progress = lambda _what, _share: None) -> Columns:
    """The inputs of a card by name, exactly as the card reads them: words mapped, declared missing values missing.

    Raises InputRefused as `score_file` does.
    """
    with duckdb_session() as connection:
        data = open_data(path, connection)
        check_cells(cells, data, connection, progress)
        writer = CellSql(DUCKDB)
        values = {}
        for each in cells:
            of = family(data.types[each.column])
            assert of is not None, "checked"
            value = writer.value(each, of)
            values[each.name] = f"CAST(CAST({value} AS INTEGER) AS DOUBLE)" if each.kind is Kind.FLAG else value
        return _fetched(data, values, {each.name: _OF_KIND[each.kind] for each in cells}, {}, connection)


def fingerprint(columns: Columns) -> str:
    """SHA-256 of what was read: names and values of all columns, row by row, whatever file format they came from.

    Columns go in order of their names. Of each: its name; `number`, `text` or `day`; the number of rows; then of numbers and
    flags 8 bytes each (IEEE 754, little-endian, one NaN for missing, no negative zero), of days the days since 1970-01-01 in 8
    bytes (the lowest integer for missing), of texts all lengths in bytes of UTF-8 (4 bytes each, -1 for missing), then all
    texts. So 1, 1.0 and TRUE are the same, a number and its digits as text are not, and the order of the rows counts.
    """
    digest = hashlib.sha256()
    for name in sorted(columns.arrays):
        held = columns.holds[name]
        kind = held if held in (Holds.TEXT, Holds.DAY) else Holds.NUMBER
        digest.update(f"{name}\0{kind}\0{columns.rows}\0".encode())
        for part in _bytes(columns.arrays[name], kind):
            digest.update(part)
    return digest.hexdigest()


def _bytes(array: Array, kind: Holds) -> Iterator[bytes]:
    import numpy as np

    if kind is Holds.TEXT:
        texts = [None if each is None else each.encode() for each in array]
        yield np.array([-1 if each is None else len(each) for each in texts], dtype="<i4").tobytes()
        yield b"".join(each for each in texts if each is not None)
    elif kind is Holds.DAY:
        yield array.astype("datetime64[D]").astype("<i8").tobytes()
    else:
        yield np.where(np.isnan(array), np.nan, array + 0.0).astype("<f8").tobytes()


def _held(column_type: str) -> Holds | None:
    if column_type.upper().startswith("TIMESTAMP"):
        return Holds.DAY
    found = family(column_type)
    return None if found is None else _HOLDS[found]


def _value(name: str, held: Holds, data: DataFile) -> str:
    """SQL of a column as DuckDB hands it to numpy."""
    column, kind = DUCKDB.quote(name), data.types[name]
    if held is Holds.DAY:
        return f"CAST(TRIM({column}) AS DATE)" if kind == "VARCHAR" else f"CAST({column} AS DATE)"
    of = family(kind)
    assert of is not None, "looked at before"
    if held is Holds.FLAG:
        cell = Cell(name, name, Kind.FLAG, {}, (), ())
        return f"CAST(CAST({CellSql(DUCKDB).value(cell, of)} AS INTEGER) AS DOUBLE)"
    return CellSql(DUCKDB).value(Cell(name, name, Kind.WORD if held is Holds.TEXT else Kind.NUMBER, {}, (), ()), of)


def _fetched(
    data: DataFile,
    values: Mapping[str, str],
    holds: Mapping[str, Holds],
    left_out: Mapping[str, str],
    connection: duckdb.DuckDBPyConnection,
) -> Columns:
    names = list(values)
    select = ", ".join(f"{values[name]} AS c{index}" for index, name in enumerate(names))
    try:
        found = connection.execute(f"SELECT {select or 'NULL AS none'} FROM {data.table}").fetchnumpy()
    except duckdb.Error as error:
        raise unreadable(data.path, error) from None
    arrays = {name: _plain(found[f"c{index}"], holds[name]) for index, name in enumerate(names)}
    rows = len(next(iter(found.values())))
    if rows == 0:
        raise InputRefused(f"{data.path}: the file holds no rows")
    return Columns(rows, arrays, {name: holds[name] for name in names}, left_out)


def _plain(found: Any, held: Holds) -> Array:
    """DuckDB hands masked arrays where a column has NULLs."""
    import numpy as np

    missing: Any = None if held is Holds.TEXT else np.datetime64("NaT") if held is Holds.DAY else np.nan
    kind: Any = object if held is Holds.TEXT else "datetime64[D]" if held is Holds.DAY else np.float64
    mask = np.ma.getmaskarray(found)
    plain: Array = np.asarray(np.ma.getdata(found)).astype(kind)
    plain[mask] = missing
    return plain
