"""A data file as a DuckDB relation, and its columns with their types."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from shouxin.desk.portfolio.job import InputRefused
from shouxin.desk.portfolio.running import rows_of
from shouxin.engines.policy.sql_text import DUCKDB


@dataclass(frozen=True)
class DataFile:
    """A Parquet or CSV file. Its rows come in the order in which they stand in it.

    table:  SQL that reads it; the cells of a CSV file are text
    row:    SQL of a row's number: of a CSV file the line, which the header counts in, of a Parquet file from 1 on
    types:  column -> DuckDB type
    """

    path: Path
    table: str
    row: str
    types: Mapping[str, str]

    def check_columns(self, names: Iterable[str]) -> None:
        """Raise InputRefused with every column that is not there."""
        absent = [name for name in dict.fromkeys(names) if name not in self.types]
        if absent:
            faults = [f"{name}: missing column{self._nearest(name)}" for name in absent]
            raise InputRefused(f"{self.path}: columns are missing", faults)

    def _nearest(self, name: str) -> str:
        lowered = {each.lower(): each for each in self.types}
        close = difflib.get_close_matches(name.lower(), list(lowered), n=1)
        return f"; did you mean {lowered[close[0]]}?" if close else ""


def open_data(path: Path, connection: duckdb.DuckDBPyConnection) -> DataFile:
    """Look at a file's columns; raises InputRefused for a file that cannot be read."""
    if not path.is_file():
        raise InputRefused(f"{path}: no such file")
    name = DUCKDB.string(re.sub(r"([\[*?])", r"[\1]", str(path)))  # a file's name is no pattern
    if path.suffix == ".parquet":
        table, row = f"read_parquet({name})", "file_row_number + 1"
    elif path.suffix == ".csv":
        table, row = f"read_csv({name}, all_varchar = true, header = true, strict_mode = true)", "row_number() OVER () + 1"
    else:
        raise InputRefused(f"{path}: the input is a .parquet or a .csv file")
    try:
        described = rows_of(connection, f"DESCRIBE SELECT * FROM {table}")
    except duckdb.Error as error:
        raise unreadable(path, error) from None
    types = {str(name): str(kind) for name, kind, *_ in described}
    return DataFile(path, table, "row_number() OVER ()" if "file_row_number" in types else row, types)


def unreadable(path: Path, error: duckdb.Error) -> InputRefused:
    """The refusal of a file that DuckDB cannot read."""
    return InputRefused(f"{path}: cannot be read: {str(error).splitlines()[0]}")
