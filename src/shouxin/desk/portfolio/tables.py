"""A data file as the table that a card is fitted on."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from shouxin.desk.portfolio.columns import fingerprint, read_columns
from shouxin.desk.portfolio.held import Holds
from shouxin.engines.scoring.fitting.table import Table


def table_of(path: Path, as_text: Collection[str] = ()) -> Table:
    """All columns of a Parquet or CSV file that a card could read, and days; `as_text` are read as words.

    Raises InputRefused as `read_columns` does.
    """
    columns = read_columns(path, as_text=as_text)
    held = columns.holds
    return Table(
        columns.rows,
        {name: each for name, each in columns.arrays.items() if held[name] in (Holds.WHOLE, Holds.NUMBER, Holds.FLAG)},
        {name: each for name, each in columns.arrays.items() if held[name] is Holds.TEXT},
        {name: each for name, each in columns.arrays.items() if held[name] is Holds.DAY},
        frozenset(name for name in columns.arrays if held[name] is Holds.FLAG),
        tuple(columns.arrays),
        path.name,
        fingerprint(columns),
    )
