"""Decision tables: the first row that fits wins, however the rows are nested."""

from __future__ import annotations

import datetime as dt
import operator
import random
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from shouxin.engines.policy.errors import ExpressionRefused, Fault
from shouxin.engines.policy.plain import evaluate
from shouxin.engines.policy.python_text import RUNTIME, PythonText
from shouxin.engines.policy.scope import Column, Scope
from shouxin.engines.policy.source import read_csv
from shouxin.engines.policy.sql_text import DUCKDB
from shouxin.engines.policy.tables import Table, read_number, read_table
from shouxin.engines.policy.tree import Type, Value
from tests.fuzz import table_sql

TIERS = ("A", "B", "C")
COLUMNS = (
    Column("tier", Type.ENUM, False, values=TIERS, ordinal="tier_no"),
    Column("word", Type.ENUM, True, values=("x", "y", "z")),
    Column("flag", Type.BOOL, True),
    Column("count_of", Type.INT, True, -10, 10),
    Column("income", Type.MONEY, True, 0, 1_000_000),
    Column("share", Type.BP, False, 0, 10_000),
    Column("since", Type.DATE, True, dt.date(2020, 1, 1), dt.date(2030, 1, 1)),
    Column("model", Type.DOUBLE, True),
)
SCOPE = Scope({**{each.name: each for each in COLUMNS}, "tier_no": Column("tier_no", Type.INT, False, 0, 2)})
SCALE = {Type.INT: 1, Type.MONEY: 100, Type.BP: 100}
COMPARE = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}


def table(text: str, result: Type = Type.INT) -> Table:
    faults: list[Fault] = []
    file = read_csv("tables/t.csv", text, faults)
    assert file is not None
    found = read_table(file, result, SCOPE, faults)
    assert faults == [] and found is not None, "\n".join(map(str, faults))
    return found


def fault(text: str) -> Fault:
    faults: list[Fault] = []
    file = read_csv("tables/t.csv", text, faults)
    if file is not None:
        read_table(file, Type.INT, SCOPE, faults)
    assert faults
    return faults[0]


# -- a reference that reads the text row by row -----------------------------------------------------------------------


def constant(text: str, column: Column) -> Any:
    if column.type in SCALE:
        return int(Decimal(text) * SCALE[column.type])
    if column.type is Type.DATE:
        return dt.date.fromisoformat(text)
    if column.type is Type.DOUBLE:
        return float(text)
    return text == "true" if column.type is Type.BOOL else text


def fits(cell: str, column: Column, value: Value) -> bool:
    if cell == "":
        return True
    if cell == "null":
        return value is None
    if value is None:
        return False
    if cell[0] in "<>":
        sign = cell[:2] if cell[1] == "=" else cell[0]
        return bool(COMPARE[sign](value, constant(cell[len(sign) :].strip(), column)))
    if ".." in cell:
        low, high = (constant(part, column) for part in cell.split(".."))
        return bool(low <= value < high)
    return value in [constant(part, column) for part in cell.split("|")]


def reference(text: str, row: dict[str, Value]) -> int | None:
    head, *lines = [line.split(",") for line in text.strip().splitlines()]
    columns = [SCOPE.columns[name] for name in head[:-1]]
    for cells in lines:
        if all(fits(cell, column, row[column.name]) for cell, column in zip(cells, columns, strict=False)):
            return int(cells[-1])
    return None


def random_cell(column: Column, source: random.Random) -> str:
    roll = source.random()
    if roll < 0.2:
        return ""
    if roll < 0.3 and column.nullable:
        return "null"
    if column.type is Type.BOOL:
        return source.choice(("true", "false"))
    if column.type is Type.ENUM:
        return "|".join(source.sample(column.values, source.choice((1, 1, 2))))

    def number() -> str:
        if column.type is Type.DATE:
            return str(dt.date(2020, 1, 1) + dt.timedelta(days=source.randrange(0, 3650, 365)))
        if column.type is Type.DOUBLE:
            return source.choice(("0.1", "0.25", "0.5", "0.75"))
        return str(source.randint(-3, 3) if column.type is Type.INT else source.randint(0, 8))

    if roll < 0.55:
        return source.choice(("< ", "<=", ">", ">= ")) + number()
    one, other = number(), number()
    low, high = (one, other) if constant(one, column) <= constant(other, column) else (other, one)
    if low != high and roll < 0.8:
        return f"{low}..{high}"
    if column.type is Type.DOUBLE:
        return f"< {low}"
    return low if low == high else f"{low}|{high}"


def random_table(source: random.Random) -> str:
    columns = source.sample(COLUMNS, source.choice((1, 2, 3)))
    rows = [[random_cell(column, source) for column in columns] for _ in range(source.choice((1, 3, 8, 15)))]
    if source.random() < 0.6:
        rows.sort(key=lambda row: row[0])  # so that first cells stand together, and are nested
    lines = [[*cells, str(index + 1)] for index, cells in enumerate(rows)]
    return "\n".join(",".join(line) for line in [[*(column.name for column in columns), "result"], *lines]) + "\n"


def random_row(source: random.Random) -> dict[str, Value]:
    values: dict[str, Value] = {
        "tier": source.choice(TIERS),
        "word": source.choice((None, "x", "y", "z")),
        "flag": source.choice((None, True, False)),
        "count_of": source.choice((None, *range(-4, 5))),
        "income": source.choice((None, 0, 1, 99, 100, 101, 200, 300, 499, 500, 800, 801)),
        "share": source.choice((0, 1, 99, 100, 101, 200, 300, 799, 800)),
        "since": source.choice((None, dt.date(2020, 1, 1), dt.date(2020, 12, 31), dt.date(2024, 12, 30), dt.date(2025, 1, 1))),
        "model": source.choice((None, 0.0, 0.1, 0.25, 0.3, 0.5, 0.75, 1.0)),
    }
    return {**values, "tier_no": TIERS.index(str(values["tier"]))}


@pytest.mark.parametrize("seed", range(60))
def test_any_table_is_its_rows_one_by_one(seed: int) -> None:
    source = random.Random(seed)
    text = random_table(source)
    node, rows = table(text).node(), [random_row(source) for _ in range(120)]
    writer = PythonText(SCOPE)
    written = f"lambda {', '.join(SCOPE.columns)}: {writer.value(node)}"
    function = eval(written, {**RUNTIME, **writer.constants})
    for row in rows:
        expected = reference(text, row)
        assert evaluate(node, row) == expected, (text, row)
        assert function(**row) == expected, (text, row)


def test_tables_in_duckdb(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.fuzz.SCOPE", SCOPE)
    source = random.Random(99)
    texts, rows = [random_table(source) for _ in range(40)], [random_row(source) for _ in range(100)]
    ordered = [{name: row[name] for name in SCOPE.columns} for row in rows]
    with duckdb.connect() as connection:
        connection.execute(f"CREATE TABLE rows_of AS {table_sql(DUCKDB, ordered)}")
        cells = ", ".join(DUCKDB.wide(table(text).node()) for text in texts)
        found = connection.execute(f"SELECT {cells} FROM rows_of ORDER BY row_number").fetchall()
    for row, answers in zip(rows, found, strict=True):
        assert list(answers) == [reference(text, row) for text in texts]


@pytest.mark.parametrize(
    ("text", "row", "expected"),
    [
        ("count_of,r\n1,10\n1,20\n", {"count_of": 1}, 10),
        ("count_of,r\n< 5,10\n,20\n", {"count_of": 4}, 10),
        ("count_of,r\n< 5,10\n,20\n", {"count_of": 5}, 20),
        ("count_of,r\n< 5,10\n,20\n", {"count_of": None}, 20),
        ("count_of,r\nnull,10\n,20\n", {"count_of": None}, 10),
        ("count_of,r\n1..3,10\n", {"count_of": 1}, 10),
        ("count_of,r\n1..3,10\n", {"count_of": 3}, None),
        ("count_of,r\n-3..-1,10\n", {"count_of": -3}, 10),
        ("count_of,r\n1|3,10\n", {"count_of": 3}, 10),
        ("count_of,r\n1|3,10\n", {"count_of": None}, None),
        ("income,r\n5.50,10\n", {"income": 550}, 10),
        ("share,r\n>= 50,10\n", {"share": 5000}, 10),
        ("share,r\n>= 50,10\n", {"share": 4999}, None),
        ("flag,r\ntrue,10\nfalse,20\n", {"flag": None}, None),
        ("tier,r\nA,10\nB|C,20\n", {"tier": "C", "tier_no": 2}, 20),
        ("tier,word,r\nA,x,10\nB,,20\nA,,30\n", {"tier": "A", "tier_no": 0, "word": "y"}, 30),
        ("tier,word,r\nA,x,10\nA,y,20\n,,30\n", {"tier": "A", "tier_no": 0, "word": "z"}, 30),
        ("tier,word,r\nA,x,10\nB,x,20\nC,x,30\n", {"tier": "C", "tier_no": 2, "word": "y"}, None),
        ("since,r\n2024-02-29..2024-03-01,10\n", {"since": dt.date(2024, 2, 29)}, 10),
        ("# a remark\ncount_of,r\n# another\n\n1,10\n", {"count_of": 1}, 10),
    ],
)
def test_cells(text: str, row: dict[str, Value], expected: int | None) -> None:
    assert evaluate(table(text).node(), row) == expected


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("count_of,r\nx,1\n", "E-NUMBER", 2),
        ("count_of,r\n1,1\n5..3,1\n", "E-TABLE", 3),
        ("count_of,r\n3..3,1\n", "E-TABLE", 2),
        ("count_of,r\n1,\n", "E-NUMBER", 2),
        ("count_of,r\n1,1.5\n", "E-NUMBER", 2),
        ("count_of,r\n1.5,1\n", "E-NUMBER", 2),
        ("count_of,r\n<,1\n", "E-NUMBER", 2),
        ("count_of,r\n1||2,1\n", "E-NUMBER", 2),
        ("count_of,r\n99999999999999999999,1\n", "E-NUMBER", 2),
        ("word,r\nq,1\n", "E-VALUE", 2),
        ("word,r\n< x,1\n", "E-VALUE", 2),
        ("flag,r\nyes,1\n", "E-VALUE", 2),
        ("since,r\n2024-02-30,1\n", "E-VALUE", 2),
        ("since,r\n20240229,1\n", "E-VALUE", 2),
        ("nothing,r\n1,1\n", "E-UNKNOWN", 1),
        ("r\n1\n", "E-TABLE", 1),
        ("count_of,r\n", "E-TABLE", 1),
        ("count_of,r\n1,1,1\n", "E-CSV", 2),
        ("count_of,r\n" + "1,1\n" * 2_001, "E-TABLE", 1),
    ],
)
def test_cells_that_cannot_be(text: str, code: str, line: int) -> None:
    found = fault(text)
    assert (found.code, found.line) == (code, line)


@pytest.mark.parametrize("text", ["1e999999", "sNaN", "NaN", "inf", "", "1_0", "１", "0x1", "1e2"])
def test_numbers_that_are_none(text: str) -> None:
    with pytest.raises(ExpressionRefused):
        read_number(text, Type.MONEY)
