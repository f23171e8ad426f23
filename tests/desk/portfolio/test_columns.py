"""Columns of a data file as arrays, and the fingerprint of what they hold."""

from __future__ import annotations

import datetime as dt
import math
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from shouxin.desk.portfolio import InputRefused
from shouxin.desk.portfolio.columns import Columns, fingerprint, read_columns, read_inputs
from shouxin.desk.portfolio.held import Holds
from shouxin.engines.scoring.cards.score_one import cells
from tests.datasets import dataset
from tests.desk.portfolio.test_scored import parquet, text_file
from tests.engines.scoring.carded import TEXTS, VALUES, card, rows_of

EVERY: dict[str, pa.Array] = {
    "whole": pa.array([1, None, -3], pa.int32()),
    "real": pa.array([0.5, math.nan, None], pa.float64()),
    "narrow": pa.array([0.5, None, 2.0], pa.float32()),
    "exact": pa.array([Decimal("1.25"), None, Decimal("-2.00")], pa.decimal128(9, 2)),
    "flag": pa.array([True, False, None]),
    "word": pa.array(["a", "", None]),
    "day": pa.array([dt.date(1850, 2, 3), None, dt.date(2026, 7, 1)]),
    "moment": pa.array([dt.datetime(2026, 7, 1, 23, 59), None, dt.datetime(1969, 12, 31, 1)], pa.timestamp("us")),  # noqa: DTZ001
    "list": pa.array([[1], None, []]),
}


@pytest.fixture
def every(tmp_path: Path) -> Path:
    """A file with a column of every kind."""
    pq.write_table(pa.table(EVERY), tmp_path / "every.parquet")
    return tmp_path / "every.parquet"


def plain(columns: Columns, name: str) -> list[Any]:
    """An array's values, missing as None."""
    return [None if each != each else each for each in columns.arrays[name].tolist()]


def test_arrays_of_every_kind(every: Path) -> None:
    read = read_columns(every)
    assert read.rows == 3 and read.left_out == {"list": "BIGINT[]"}
    found = {name: plain(read, name) for name in read.arrays}
    assert found == {
        "whole": [1.0, None, -3.0],
        "real": [0.5, None, None],
        "narrow": [0.5, None, 2.0],
        "exact": [1.25, None, -2.0],
        "flag": [1.0, 0.0, None],
        "word": ["a", None, None],
        "day": [dt.date(1850, 2, 3), None, dt.date(2026, 7, 1)],
        "moment": [dt.date(2026, 7, 1), None, dt.date(1969, 12, 31)],
    }
    assert {name: str(array.dtype) for name, array in read.arrays.items()} == {
        **dict.fromkeys(found, "float64"),
        "word": "object",
        "day": "datetime64[D]",
        "moment": "datetime64[D]",
    }
    kinds = [Holds.WHOLE, Holds.NUMBER, Holds.NUMBER, Holds.NUMBER, Holds.FLAG, Holds.TEXT, Holds.DAY, Holds.DAY]
    assert list(read.holds.values()) == kinds


def test_columns_by_name_and_as_text(every: Path) -> None:
    read = read_columns(every, ["exact", "whole", "flag", "day"], as_text=["exact", "whole", "flag", "day"])
    assert list(read.arrays) == ["exact", "whole", "flag", "day"]
    assert plain(read, "exact") == ["1.25", None, "-2"] and plain(read, "whole") == ["1", None, "-3"]
    assert plain(read, "flag") == ["true", "false", None] and plain(read, "day") == ["1850-02-03", None, "2026-07-01"]


def test_what_a_csv_file_holds_is_seen_from_all_its_cells(tmp_path: Path) -> None:
    late = 1_500  # beyond the rows that are looked at first
    rows = [
        {
            "whole": index,
            "real": f"{index}.5",
            "mixed": index if index < late else "x",
            "late": "" if index < late else "word",
            "late_flag": "" if index < late else "TRUE",
            "none": "",
            "flag": "true" if index % 2 else "False",
            "day": "2026-02-28" if index % 2 else "",
            "no_day": "2026-02-30",
            "code": f"{index:05}",
            "inf": "-inf" if index else "nan",
        }
        for index in range(late + 1)
    ]
    read = read_columns(text_file(tmp_path / "in.csv", rows), as_text=["code"])
    held = {name: str(each) for name, each in read.holds.items()}
    assert held == {
        "number": "whole",
        "whole": "whole",
        "real": "number",
        "mixed": "text",
        "late": "text",
        "late_flag": "flag",
        "none": "number",
        "flag": "flag",
        "day": "day",
        "no_day": "text",
        "code": "text",
        "inf": "number",
    }
    assert plain(read, "code")[:2] == ["00000", "00001"] and plain(read, "flag")[:2] == [0.0, 1.0]
    assert plain(read, "inf")[:2] == [None, -math.inf] and plain(read, "day")[:2] == [None, dt.date(2026, 2, 28)]
    assert plain(read, "none")[:1] == [None] and plain(read, "late_flag")[-1] == 1.0


@pytest.mark.parametrize("text", [False, True])
def test_inputs_are_read_as_the_card_reads_them(tmp_path: Path, text: bool) -> None:
    rows = rows_of(dict(TEXTS) if text else VALUES, 400, seed=5)
    source = text_file(tmp_path / "in.csv", rows) if text else parquet(tmp_path / "in.parquet", rows)
    read = read_inputs(source, cells(card()))
    assert list(read.arrays) == list(card().inputs)
    for cell in cells(card()):
        expected = [cell.read(row[cell.column]) for row in rows]
        assert plain(read, cell.name) == [float(each) if isinstance(each, bool) else each for each in expected]


def test_what_is_refused(every: Path, tmp_path: Path) -> None:
    with pytest.raises(InputRefused, match=r"whol: missing column; did you mean whole\?\nzzz: missing column"):
        read_columns(every, ["whol", "zzz"])
    with pytest.raises(InputRefused, match=r"list: is BIGINT\[\]; a number, a text, a flag or a day"):
        read_columns(every, ["list"])
    pq.write_table(pa.table(EVERY).slice(0, 0), tmp_path / "empty.parquet")
    with pytest.raises(InputRefused, match="holds no rows"):
        read_columns(tmp_path / "empty.parquet")
    source = text_file(tmp_path / "in.csv", [{**dict.fromkeys(VALUES, "0"), "Line Use": "much"}])
    with pytest.raises(InputRefused, match="row 2, Line Use: 'much'"):
        read_inputs(source, cells(card()))


# -- fingerprint ------------------------------------------------------------------------------------------------------


def of(path: Path, **columns: pa.Array) -> str:
    """The fingerprint of a Parquet file with these columns."""
    pq.write_table(pa.table(columns), path / "f.parquet")
    return fingerprint(read_columns(path / "f.parquet"))


def test_the_fingerprint_is_that_of_the_content(tmp_path: Path) -> None:
    base = of(tmp_path, a=pa.array([1, None, 3]), b=pa.array(["x", "yz", None]))
    assert base == "a571b4417ea69d5fd665ea3298bdcdd016bba56f6315c9c3a315a0200307b3bc", (
        "what a card was fitted on is told by it for good"
    )
    assert base == of(tmp_path, b=pa.array(["x", "yz", None]), a=pa.array([1.0, math.nan, 3.0])), "order, type of number"
    different = [
        of(tmp_path, a=pa.array([1, None, 4]), b=pa.array(["x", "yz", None])),
        of(tmp_path, a=pa.array([3, None, 1]), b=pa.array([None, "yz", "x"])),  # the rows the other way round
        of(tmp_path, a=pa.array([1, None, 3]), b=pa.array(["xy", "z", None])),
        of(tmp_path, a=pa.array([1, None, 3]), c=pa.array(["x", "yz", None])),
        of(tmp_path, a=pa.array(["1", None, "3"]), b=pa.array(["x", "yz", None])),
        of(tmp_path, a=pa.array([1, None, 3])),
        of(tmp_path, a=pa.array([1, None]), b=pa.array(["x", "yz"])),
    ]
    assert len({base, *different}) == len(different) + 1


def test_the_fingerprint_does_not_depend_on_the_format_of_the_file(every: Path, tmp_path: Path) -> None:
    names = ", ".join(name for name in EVERY if name not in ("list", "moment"))
    with duckdb.connect() as connection:
        connection.execute(f"COPY (SELECT {names} FROM '{every}') TO '{tmp_path / 'same.csv'}'")
        connection.execute(f"COPY (SELECT {names} FROM '{every}') TO '{tmp_path / 'same.parquet'}' (ROW_GROUP_SIZE 2048)")
    assert fingerprint(read_columns(tmp_path / "same.csv")) == fingerprint(read_columns(tmp_path / "same.parquet"))


def test_zero_has_one_sign_and_missing_one_form(tmp_path: Path) -> None:
    other_nan = np.array([0x7FF8000000000001], dtype=np.uint64).view(np.float64)
    one = of(tmp_path, a=pa.array([0.0, math.nan]))
    assert one == of(tmp_path, a=pa.array([-0.0, None])) == of(tmp_path, a=pa.array([-0.0, other_nan[0]]))


def test_real_files_are_read_in_a_moment() -> None:
    source = dataset("gmsc")
    read = read_columns(source)
    started = time.process_time()
    assert len(fingerprint(read)) == 64 and read.rows == 150_000
    assert time.process_time() - started < 1.0
