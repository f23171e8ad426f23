"""Files that cannot be used, in part or at all: what is said, what is decided, and what is left behind."""

from __future__ import annotations

import csv
import datetime as dt
import json
import os
import signal
import subprocess
import sys
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from shouxin.desk.decisions import DateOutOfRange
from shouxin.desk.portfolio import InputRefused, Job, OutputRefused, Report, decide_file
from shouxin.engines.policy.compile import Policy
from tests.bundles import policy_of
from tests.customers import AS_OF, random_facts, table_of, write_parquet

ROW: dict[str, Any] = {
    "customer_id": "C1",
    "birth_date": "1990-05-20",
    "monthly_income": "12000",
    "monthly_debt": "1500.00",
    "months_employed": "40",
    "housing": "rented",
    "requested_amount": "",
    "bureau_status": "found",
    "bureau_date": "2026-06-20",
    "enquiries_6m": "1",
    "worst_overdue_24m": "0",
}
TYPES: dict[str, Any] = {
    "customer_id": pa.string(),
    "birth_date": pa.date32(),
    "monthly_income": pa.decimal128(18, 2),
    "monthly_debt": pa.decimal128(18, 2),
    "months_employed": pa.int64(),
    "housing": pa.string(),
    "requested_amount": pa.decimal128(18, 2),
    "bureau_status": pa.string(),
    "bureau_date": pa.date32(),
    "enquiries_6m": pa.int64(),
    "worst_overdue_24m": pa.int64(),
}


def fetched(query: str) -> list[Any]:
    """The rows of a query."""
    with duckdb.connect() as connection:
        return connection.execute(query).fetchall()


READERS: dict[Any, Any] = {pa.string(): str, pa.date32(): dt.date.fromisoformat, pa.decimal128(18, 2): Decimal, pa.int64(): int}


def write_csv(path: Path, *changes: dict[str, Any], without: str = "") -> Path:
    """A CSV file with one row per change."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        names = [name for name in ROW if name != without]
        writer.writerow(names)
        for index, each in enumerate(changes):
            cells = {**ROW, "customer_id": f"C{index + 1}", **each}
            writer.writerow([cells[name] for name in names])
    return path


def parquet(path: Path, column: str, values: list[Any], kind: Any) -> Path:
    """A Parquet file in which one column has these values and this type."""
    arrays = {}
    for name, text in ROW.items():
        value = READERS[TYPES[name]](text) if text else None
        arrays[name] = pa.array([value] * len(values), TYPES[name])
    arrays["customer_id"] = pa.array([f"C{index + 1}" for index in range(len(values))])
    arrays[column] = pa.array(values, kind)
    pq.write_table(pa.table(arrays), path)
    return path


def decide(policy: Policy, source: Path, bad_rows: Path | None = None, out: Path | None = None) -> Report:
    return decide_file(Job(policy, source, out or source.with_name("out.parquet"), AS_OF, bad_rows))


def refusal(policy: Policy, source: Path) -> str:
    """What is said when the file is refused; nothing may be left behind."""
    before = sorted(source.parent.iterdir())
    with pytest.raises(InputRefused) as refused:
        decide(policy, source)
    assert sorted(source.parent.iterdir()) == before
    return str(refused.value)


def test_a_sound_file(tmp_path: Path, starter: Policy) -> None:
    report = decide(starter, write_csv(tmp_path / "in.csv", {}, {"housing": "owned"}))
    assert (report.rows, report.refused) == (2, 0)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.csv", "out.parquet"]


# -- cells ------------------------------------------------------------------------------------------------------------

CELLS = [
    ("monthly_debt", "", "NULL where none may be"),
    ("monthly_debt", "many", "text for money"),
    ("monthly_debt", "12.345", "three decimals"),
    ("monthly_debt", "-1", "below its range"),
    ("monthly_debt", "10000000.01", "above its range"),
    ("monthly_debt", "1e3", "an exponent"),
    ("monthly_debt", "1,000", "thousands"),
    ("monthly_debt", " 5", "a space"),
    ("monthly_debt", "nan", "not a number"),
    ("monthly_debt", "inf", "endless"),
    ("monthly_debt", "99999999999999999999", "beyond 64 bits"),
    ("months_employed", "4.5", "half a month"),
    ("months_employed", "forty", "text for a number"),
    ("months_employed", "721", "above its range"),
    ("months_employed", "-1", "below its range"),
    ("months_employed", "0x10", "hexadecimal"),
    ("housing", "castle", "no such word"),
    ("housing", "Rented", "capitals count"),
    ("housing", "", "an empty word"),
    ("birth_date", "1990-02-30", "no such day"),
    ("birth_date", "20/05/1990", "another order"),
    ("birth_date", "1990-5-20", "not ten characters"),
    ("birth_date", "1990-05-20 10:00", "with a time"),
    ("birth_date", "1899-12-31", "below its range"),
    ("birth_date", "2027-01-01", "above its range"),
    ("birth_date", "", "NULL where none may be"),
    ("bureau_status", "FOUND", "no such word"),
    ("customer_id", "", "no key"),
]


@pytest.mark.parametrize(("column", "value"), [each[:2] for each in CELLS], ids=[f"{each[0]}: {each[2]}" for each in CELLS])
def test_a_bad_cell_of_a_csv(tmp_path: Path, starter: Policy, column: str, value: str) -> None:
    """Refused with row, column and value; with `bad_rows` the rest is decided and the row is in the file."""
    source = write_csv(tmp_path / "in.csv", {}, {column: value}, {})
    told = refusal(starter, source)
    assert "1 rows" in told and "row 3" in told and column in told
    assert value in told if value else "NULL" in told or "''" in told
    report = decide(starter, source, tmp_path / "bad.csv")
    assert (report.rows, report.refused) == (2, 1)
    with (tmp_path / "bad.csv").open(encoding="utf-8", newline="") as file:
        (bad,) = csv.DictReader(file)
    assert bad["row"] == "3" and bad["housing"] == (value if column == "housing" else "rented")
    assert column in bad["reason"] and (value in bad["reason"])


PARQUET_CELLS = [
    ("monthly_debt", [1.0, float("nan")], pa.float64(), "nan"),
    ("monthly_debt", [1.0, float("inf")], pa.float64(), "inf"),
    ("monthly_debt", [1.0, float("-inf")], pa.float64(), "inf"),
    ("monthly_debt", [1.0, 1.7e308], pa.float64(), "1.7"),
    ("monthly_debt", [1.0, 12.345], pa.float64(), "12.345"),
    ("monthly_debt", [1.0, 12.000005], pa.float64(), "12.000005"),
    ("monthly_debt", [1.0, None], pa.float64(), "NULL"),
    ("monthly_debt", [1, 9_000_000_000_000_000_000], pa.int64(), "9000000000000000000"),
    ("monthly_debt", [1, 92_233_720_368_547_759], pa.int64(), "92233720368547759"),
    ("monthly_debt", [1, 18_000_000_000_000_000_000], pa.uint64(), "18000000000000000000"),
    ("monthly_debt", [Decimal("1.00"), Decimal("12.345")], pa.decimal128(18, 3), "12.345"),
    ("monthly_debt", [Decimal(1), Decimal("9" * 36)], pa.decimal128(38, 0), "9999"),
    ("monthly_debt", [Decimal("1.00"), Decimal("-0.01")], pa.decimal128(18, 2), "-0.01"),
    ("months_employed", [1.0, 5.5], pa.float64(), "5.5"),
    ("months_employed", [1.0, 5.0005], pa.float64(), "5.0005"),
    ("months_employed", [1, 721], pa.int32(), "721"),
    ("months_employed", [Decimal("1.0"), Decimal("1.5")], pa.decimal128(5, 1), "1.5"),
    ("housing", ["owned", "castle"], pa.string(), "castle"),
    ("birth_date", [dt.datetime(1990, 5, 20), dt.datetime(1990, 5, 20, 10)], pa.timestamp("us"), "10:00"),  # noqa: DTZ001
    ("birth_date", [dt.date(1990, 5, 20), dt.date(1850, 1, 1)], pa.date32(), "1850"),
    ("customer_id", ["a", None], pa.string(), "NULL"),
]


@pytest.mark.parametrize(
    ("column", "values", "kind", "shown"), PARQUET_CELLS, ids=[f"{each[0]} {each[3]} {each[2]}" for each in PARQUET_CELLS]
)
def test_a_bad_cell_of_a_parquet_file(
    tmp_path: Path, starter: Policy, column: str, values: list[Any], kind: Any, shown: str
) -> None:
    source = parquet(tmp_path / "in.parquet", column, values, kind)
    told = refusal(starter, source)
    assert "row 2" in told and column in told and shown in told, told
    report = decide(starter, source, tmp_path / "bad.csv")
    assert (report.rows, report.refused) == (1, 1)


SOUND = [
    ("monthly_debt", [0.1, 0.29, 1234567.89], pa.float64()),
    ("monthly_debt", [0, 5, 10_000_000], pa.int32()),
    ("monthly_debt", [0, 5, 10_000_000], pa.uint64()),
    ("monthly_debt", [Decimal("0.100"), Decimal("0.290"), Decimal("1234567.890")], pa.decimal128(20, 3)),
    ("months_employed", [0.0, 720.0, None], pa.float64()),
    ("months_employed", [0, 255, None], pa.uint8()),
    ("housing", ["owned", "rented", "other"], pa.dictionary(pa.int32(), pa.string())),
    ("birth_date", [dt.datetime(1990, 5, 20)] * 3, pa.timestamp("us")),  # noqa: DTZ001
    ("birth_date", ["1990-05-20"] * 3, pa.string()),
]


@pytest.mark.parametrize(("column", "values", "kind"), SOUND, ids=[f"{each[0]} {each[2]}" for each in SOUND])
def test_types_that_can_hold_a_fact(tmp_path: Path, starter: Policy, column: str, values: list[Any], kind: Any) -> None:
    assert decide(starter, parquet(tmp_path / "in.parquet", column, values, kind)).rows == 3


WRONG_TYPES = [
    ("monthly_debt", pa.bool_(), [True]),
    ("monthly_debt", pa.date32(), [dt.date(2026, 1, 1)]),
    ("birth_date", pa.int64(), [1990]),
    ("housing", pa.float64(), [1.5]),
    ("months_employed", pa.list_(pa.int64()), [[1]]),
]


@pytest.mark.parametrize(("column", "kind", "values"), WRONG_TYPES, ids=[f"{each[0]} {each[1]}" for each in WRONG_TYPES])
def test_a_column_of_a_wrong_type(tmp_path: Path, starter: Policy, column: str, kind: Any, values: list[Any]) -> None:
    told = refusal(starter, parquet(tmp_path / "in.parquet", column, values, kind))
    assert column in told and "is " in told


def test_a_missing_column(tmp_path: Path, starter: Policy) -> None:
    told = refusal(starter, write_csv(tmp_path / "in.csv", {}, without="monthly_debt"))
    assert "monthly_debt" in told and "missing column" in told
    told = refusal(starter, write_csv(tmp_path / "key.csv", {}, without="customer_id"))
    assert "customer_id" in told


def test_a_column_with_a_default_may_be_missing(tmp_path: Path, starter: Policy) -> None:
    assert decide(starter, write_csv(tmp_path / "in.csv", {})).assumed == ("held_cash_line", "line_cash_line", "used_cash_line")


def test_a_misspelt_column_is_named(tmp_path: Path, starter: Policy) -> None:
    source = write_csv(tmp_path / "in.csv", {})
    source.write_text(source.read_text(encoding="utf-8").replace("housing", "houseing"), encoding="utf-8")
    assert "did you mean houseing" in refusal(starter, source)


# -- keys -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("keys", [["A", "A", "B"], ["A", "B", "A"], ["B", "A", "B"]])
def test_a_key_that_stands_twice(tmp_path: Path, starter: Policy, keys: list[str]) -> None:
    source = write_csv(tmp_path / "in.csv", *({"customer_id": key} for key in keys))
    told = refusal(starter, source)
    assert "customer_id" in told and "several rows" in told and "2 rows" in told
    report = decide(starter, source, tmp_path / "bad.csv")
    assert (report.rows, report.refused) == (1, 2)


def test_a_key_that_stands_twice_around_an_empty_one(tmp_path: Path, starter: Policy) -> None:
    source = write_csv(tmp_path / "in.csv", {"customer_id": "A"}, {"customer_id": ""}, {"customer_id": "A"}, {"customer_id": "B"})
    report = decide(starter, source, tmp_path / "bad.csv")
    assert (report.rows, report.refused) == (1, 3)


def test_a_key_that_stands_twice_far_apart(tmp_path: Path, starter: Policy) -> None:
    """Two sorted halves that share one key, in row groups of their own."""
    facts = random_facts(starter, 50, seed=1)
    table = pa.concat_tables([table_of(starter, facts)] * 6000).combine_chunks()
    half = len(table) // 2
    keys = [f"K{index:07}" for index in range(half)] + ["K0000005"] + [f"L{index:07}" for index in range(half - 1)]
    pq.write_table(table.set_column(0, "customer_id", pa.array(keys)), tmp_path / "in.parquet", row_group_size=50_000)
    report = decide(starter, tmp_path / "in.parquet", tmp_path / "bad.csv")
    assert report.refused == 2 and report.rows == len(table) - 2


def test_integer_keys(tmp_path: Path, starter: Policy) -> None:
    source = parquet(tmp_path / "in.parquet", "customer_id", [3, 1, 2], pa.int64())
    assert decide(starter, source).rows == 3
    assert fetched(f"SELECT customer_id FROM '{tmp_path / 'out.parquet'}'") == [(3,), (1,), (2,)]


# -- files ------------------------------------------------------------------------------------------------------------


def test_unreadable_and_empty_files(tmp_path: Path, starter: Policy) -> None:
    files = {
        "empty.csv": b"",
        "empty.parquet": b"",
        "text.parquet": b"customer_id,housing\n1,owned\n",
        "cut.parquet": b"PAR1" + b"\0" * 100,
        "rows.csv": (",".join(ROW) + "\n").encode(),
        "wide.csv": (",".join(ROW) + "\n" + "1," * 40 + "\n").encode(),
        "quote.csv": (",".join(ROW) + '\n"C1' + ",1" * 10 + "\n").encode(),
        "latin.csv": (",".join(ROW) + "\n").encode() + b"C1,1990-05-20,1,1,1,\xff\xfe,,found,2026-06-20,1,0\n",
        "other.txt": b"x",
    }
    for name, body in files.items():
        (tmp_path / name).write_bytes(body)
    for name in [*files, "missing.csv"]:
        told = refusal(starter, tmp_path / name)
        assert name in told, told
    assert "no rows" in refusal(starter, tmp_path / "rows.csv")
    empty = parquet(tmp_path / "rows.parquet", "housing", [], pa.string())
    assert "no rows" in refusal(starter, empty)
    (tmp_path / "folder.csv").mkdir()
    refusal(starter, tmp_path / "folder.csv")


@pytest.mark.parametrize("name", ["a b.csv", "a'b.csv", "a[1].csv", "a*.csv", "a?.csv", "a{b,c}.csv", "授信.csv", "a%20b.csv"])
def test_odd_file_names(tmp_path: Path, starter: Policy, name: str) -> None:
    """The file that was named, and no other."""
    for decoy in ("a1.csv", "ab.csv", "ac.csv", "axy.csv"):
        write_csv(tmp_path / decoy, {}, {}, {}, {})
    source, out = write_csv(tmp_path / name, {}, {}), tmp_path / name.replace(".csv", "-out.parquet")
    report = decide(starter, source, out=out)
    assert report.rows == 2
    assert pq.read_metadata(out).num_rows == 2


def test_odd_columns_beside_those_that_are_read(tmp_path: Path, starter: Policy) -> None:
    """Columns called like the engine's own are passed over."""
    odd = [
        "_key",
        "_row",
        "score",
        "tier",
        "as_of",
        "age",
        "input",
        "cash_line_limit",
        "_hit0",
        "file_row_number",
        "reason",
        "row",
        "filename",
    ]
    table = pq.read_table(parquet(tmp_path / "in.parquet", "housing", ["owned", "castle"], pa.string()))
    for name in odd:
        table = table.append_column(name, pa.array(["7", "7"]))
    pq.write_table(table, tmp_path / "in.parquet")
    report = decide(starter, tmp_path / "in.parquet", tmp_path / "bad.csv")
    assert (report.rows, report.refused) == (1, 1)
    plain = decide(starter, parquet(tmp_path / "b.parquet", "housing", ["owned"], pa.string()), out=tmp_path / "b-out.parquet")
    assert plain.summary == report.summary


def test_codes_that_mean_missing(tmp_path: Path) -> None:
    """98 in the file is missing, as a number and as text; a required fact with such a code is refused."""
    policy = policy_of(
        tmp_path, {"facts.yaml": ("{type: int, max: 720,", "{type: int, max: 720, missing_values: [96, 98, unknown],")}
    )
    shown = write_csv(
        tmp_path / "in.csv",
        {"months_employed": ""},
        {"months_employed": "98"},
        {"months_employed": "unknown"},
        {"months_employed": "97"},
    )
    decide(policy, shown)
    numbers = parquet(tmp_path / "n.parquet", "months_employed", [None, 98, 96, 97], pa.int64())
    decide(policy, numbers, out=tmp_path / "n-out.parquet")
    for out in ("out.parquet", "n-out.parquet"):
        scores = [row[0] for row in fetched(f"SELECT score FROM '{tmp_path / out}' ORDER BY customer_id")]
        assert scores[0] == scores[1] == scores[2] != scores[3]
    required = policy_of(
        tmp_path,
        {
            "facts.yaml": (
                "{type: money, max: 10000000, required: true,",
                "{type: money, max: 10000000, required: true, missing_values: [98],",
            )
        },
    )
    assert "monthly_debt" in refusal(required, write_csv(tmp_path / "r.csv", {"monthly_debt": "98"}))


@pytest.mark.parametrize("values", [["owned", "castle", 'ca"stle', None], ["owned", "castle", "", None]])
def test_a_word_that_is_not_listed_is_read_as_the_bundle_says(tmp_path: Path, values: list[Any]) -> None:
    """But an empty text is no word, and NULL is missing still."""
    edit = ("[owned, mortgaged, rented, other], required: true,", "[owned, mortgaged, rented, other], otherwise: other,")
    policy = policy_of(tmp_path, {"facts.yaml": edit, "scorecards/persons.yaml": ("    input: housing\n", MISSING_HOUSING)})
    report = decide(policy, parquet(tmp_path / "in.parquet", "housing", values, pa.string()), tmp_path / "bad.csv")
    assert (report.rows, report.refused) == ((3, 1) if "" in values else (4, 0))
    scores = dict(fetched(f"SELECT customer_id, score FROM '{tmp_path / 'out.parquet'}'"))
    plain = policy_of(tmp_path)
    listed = parquet(tmp_path / "b.parquet", "housing", ["owned", "other", "other"], pa.string())
    decide(plain, listed, out=tmp_path / "b-out.parquet")
    assert {key: score for key, score in scores.items() if key != "C4"} == {
        key: score for key, score in fetched(f"SELECT customer_id, score FROM '{tmp_path / 'b-out.parquet'}'") if key in scores
    }
    assert scores["C4"] == scores["C1"] - 40 - 7


MISSING_HOUSING = "    input: housing\n    missing: -7\n"


def test_a_word_that_is_not_listed_keeps_its_map(tmp_path: Path) -> None:
    edit = ("housing: {type: enum,", 'housing: {type: enum, otherwise: rented, map: {"1": owned, "": mortgaged},')
    policy = policy_of(tmp_path, {"facts.yaml": edit})
    numbers = parquet(tmp_path / "n.parquet", "housing", [1, 2], pa.int64())
    texts = parquet(tmp_path / "t.parquet", "housing", ["1", "", "9"], pa.string())
    listed = parquet(tmp_path / "l.parquet", "housing", ["owned", "mortgaged", "rented"], pa.string())
    scores = {}
    for source in (numbers, texts, listed):
        decide(policy, source, out=source.with_suffix(".out.parquet"))
        scores[source.stem] = fetched(f"SELECT score FROM '{source.with_suffix('.out.parquet')}' ORDER BY customer_id")
    assert scores["t"] == scores["l"] and scores["n"] == [scores["l"][0], scores["l"][2]]


def test_a_broken_number_that_means_missing(tmp_path: Path) -> None:
    """As text, as a double and as a decimal; beside an integer column it means nothing."""
    edit = ("{type: int, max: 720,", "{type: double, missing_values: [0.1, -9.5],")
    policy = policy_of(tmp_path, {"facts.yaml": edit})
    values = [0.1, -9.5, None, 0.2]
    decimals = [None if each is None else Decimal(str(each)) for each in values]
    for name, cells, kind in (
        ("a", values, pa.float64()),
        ("b", [None if each is None else str(each) for each in values], pa.string()),
        ("c", decimals, pa.decimal128(9, 3)),
        ("d", [None, None, None, 2**62], pa.int64()),
    ):
        source = parquet(tmp_path / f"{name}.parquet", "months_employed", cells, kind)
        decide(policy, source, out=tmp_path / f"{name}.out.parquet")
        scores = [row[0] for row in fetched(f"SELECT score FROM '{tmp_path / name}.out.parquet' ORDER BY customer_id")]
        assert scores[0] == scores[1] == scores[2] != scores[3], name


def test_an_empty_cell_is_missing_where_it_may_be(tmp_path: Path, starter: Policy) -> None:
    source = write_csv(tmp_path / "in.csv", {"monthly_income": "", "months_employed": "", "requested_amount": ""})
    decide(starter, source)
    assert fetched(f"SELECT cash_line_outcome FROM '{tmp_path / 'out.parquet'}'") == [("refer",)]


def test_all_rows_bad(tmp_path: Path, starter: Policy) -> None:
    report = decide(starter, write_csv(tmp_path / "in.csv", {"housing": "x"}, {"housing": "y"}), tmp_path / "bad.csv")
    assert (report.rows, report.refused) == (0, 2)
    assert pq.read_metadata(tmp_path / "out.parquet").num_rows == 0


def test_all_reasons_of_a_row_are_told(tmp_path: Path, starter: Policy) -> None:
    decide(
        starter,
        write_csv(tmp_path / "in.csv", {}, {"housing": "x;y", "monthly_debt": "-1", "birth_date": "?"}),
        tmp_path / "bad.csv",
    )
    with (tmp_path / "bad.csv").open(encoding="utf-8", newline="") as file:
        (bad,) = csv.DictReader(file)
    assert all(each in bad["reason"] for each in ("housing", "monthly_debt", "birth_date", "x;y", "-1"))


def test_rows_of_an_earlier_run_are_not_left(tmp_path: Path, starter: Policy) -> None:
    bad = tmp_path / "bad.csv"
    decide(starter, write_csv(tmp_path / "a.csv", {"housing": "castle"}, {}), bad)
    decide(starter, write_csv(tmp_path / "b.csv", {}, {}), bad)
    assert not bad.exists() or "castle" not in bad.read_text(encoding="utf-8")


def test_a_fault_is_told_once_and_not_twenty_thousand_times(tmp_path: Path, starter: Policy) -> None:
    told = refusal(starter, write_csv(tmp_path / "in.csv", *({"housing": "castle"} for _ in range(500))))
    assert "500 rows" in told and told.count("castle") == 20


# -- outputs ----------------------------------------------------------------------------------------------------------


def test_outputs_that_cannot_be(tmp_path: Path, starter: Policy) -> None:
    source = write_csv(tmp_path / "in.csv", {}, {"housing": "castle"})
    body = source.read_bytes()
    for out in (tmp_path / "no" / "out.parquet", tmp_path / "out.txt", tmp_path):
        with pytest.raises(OutputRefused):
            decide(starter, source, tmp_path / "bad.csv", out)
    with pytest.raises(OutputRefused):
        decide(starter, source, tmp_path / "no" / "bad.csv")
    with pytest.raises(OutputRefused):
        decide(starter, source, tmp_path / "bad.csv", source)
    with pytest.raises(OutputRefused):
        decide(starter, source, source, tmp_path / "out.csv")
    with pytest.raises(OutputRefused):
        decide(starter, source, tmp_path / "out.csv", tmp_path / "out.csv")
    assert source.read_bytes() == body


def test_an_output_that_exists_stays_when_a_run_fails(tmp_path: Path, starter: Policy) -> None:
    out = tmp_path / "out.parquet"
    out.write_bytes(b"earlier")
    refusal(starter, write_csv(tmp_path / "in.csv", {"housing": "castle"}))
    assert out.read_bytes() == b"earlier"
    decide(starter, write_csv(tmp_path / "in.csv", {}))
    assert pq.read_metadata(out).num_rows == 1


def test_csv_out(tmp_path: Path, starter: Policy) -> None:
    source = write_csv(tmp_path / "in.csv", {}, {"monthly_income": ""})
    decide(starter, source, out=tmp_path / "out.csv")
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["cash_line_outcome"] for row in rows] == ["approve", "refer"]
    assert rows[0]["customer_id"] == "C1" and rows[0]["cash_line_rate"] == "7.3000"


def test_a_day_that_cannot_be_assessed(tmp_path: Path, starter: Policy) -> None:
    source = write_csv(tmp_path / "in.csv", {})
    for day in (dt.date(1989, 12, 31), dt.date(2151, 1, 1)):
        with pytest.raises(DateOutOfRange):
            decide_file(Job(starter, source, tmp_path / "out.parquet", day))


# -- interrupted, full disk, bounded memory ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory, starter: Policy) -> Path:
    """Two million customers."""
    folder = tmp_path_factory.mktemp("large")
    some = write_parquet(starter, random_facts(starter, 2_000, seed=2), folder / "some.parquet")
    out = folder / "in.parquet"
    with duckdb.connect() as connection:
        columns = "printf('%s-%04d', customer_id, range) AS customer_id, * EXCLUDE (customer_id, range)"
        query = f"SELECT {columns} FROM '{some}' CROSS JOIN range(1000)"
        connection.execute(f"COPY ({query}) TO '{out}' (FORMAT parquet)")
    return out


def command(source: Path, out: Path, *more: str) -> list[str]:
    program = "import sys; from shouxin.faces.cli import main; main()"
    options = ["--bundle", "starter", "--as-of", "2026-07-01", "--out", str(out)]
    return [sys.executable, "-c", program, "decide", "batch", str(source), *options, *more]


def has_open(pid: int, file: Path) -> bool:
    """Whether a process has a file open; what it closes while we look is not open."""
    try:
        return any(str(file) == os.path.realpath(each) for each in Path(f"/proc/{pid}/fd").iterdir())
    except OSError:
        return False


@pytest.mark.parametrize("after", [0.0, 0.3, 1.0])
def test_interrupted(tmp_path: Path, large: Path, after: float) -> None:
    """Ctrl-C at any moment: exit code 130, nothing under the final name or beside it, no traceback."""
    work = tmp_path / "work"
    work.mkdir()
    process = subprocess.Popen(
        command(large, work / "out.parquet"),
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # ignored where the tests run in the background
    )
    until = time.monotonic() + 30
    while time.monotonic() < until and process.poll() is None and not has_open(process.pid, large):
        time.sleep(0.01)
    time.sleep(after)
    running = process.poll() is None
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=60)
    if not running:
        pytest.skip("the run was over before it could be interrupted")
    assert process.returncode == 130, told
    assert "Traceback" not in told
    assert list(work.iterdir()) == []
    assert [path.name for path in tmp_path.iterdir()] == ["work"]


@pytest.mark.parametrize("suffix", ["parquet", "csv"])
def test_a_full_disk(tmp_path: Path, large: Path, suffix: str) -> None:
    """A limit on the size of files stands for the full disk."""
    program = (
        "import resource, sys\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))\n"
        "from shouxin.faces.cli.app import run\n"
        "sys.exit(run(sys.argv[1:]))\n"
    )
    given = command(large, tmp_path / f"out.{suffix}")
    done = subprocess.run(
        [sys.executable, "-c", program, *given[3:]], cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 1, done.stderr[-2000:]
    assert "cannot be written" in done.stderr and "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_memory_is_bounded(tmp_path: Path, large: Path) -> None:
    program = (
        "import json, resource, sys\n"
        "from shouxin.faces.cli.app import run\n"
        "code = run(sys.argv[1:])\n"
        "print(json.dumps([code, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss]), file=sys.stderr)\n"
    )
    given = command(large, tmp_path / "out.parquet", "--json")
    done = subprocess.run([sys.executable, "-c", program, *given[3:]], capture_output=True, text=True, timeout=200, check=False)
    code, kilobytes = json.loads(done.stderr.splitlines()[-1])
    assert code == 0
    assert json.loads(done.stdout)["rows"] == 2_000_000
    assert kilobytes < 1_500_000
    assert pq.read_metadata(tmp_path / "out.parquet").num_rows == 2_000_000


@pytest.mark.parametrize("zone", ["UTC", "Asia/Shanghai", "America/New_York"])
def test_the_machines_time_zone_changes_nothing(tmp_path: Path, zone: str) -> None:
    """Midnight in UTC is a day, wherever the machine stands."""
    day = dt.datetime(1990, 5, 20, tzinfo=dt.UTC)
    source = parquet(tmp_path / "in.parquet", "birth_date", [day], pa.timestamp("us", tz="UTC"))
    given = command(source, tmp_path / "out.parquet", "--json")
    done = subprocess.run(given, env={**os.environ, "TZ": zone}, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
