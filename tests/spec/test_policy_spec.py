"""The policy language's specification is data: `policy/*.csv`. Each row runs on every emitter.

    expression  a formula over the columns of tests.fuzz.SCOPE
    facts       `j=3; k=null`, in stored units; what is not named is NULL, or the default below where it cannot be
    result      a value, NULL, or the code with which the expression is refused
    why         what the row is there to show

Beyond its own row, each accepted expression is also worked out on every other row's facts: the engines must agree there too.
"""

from __future__ import annotations

import csv
import datetime as dt
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

import shouxin.engines.policy
from shouxin.engines.policy.errors import ExpressionRefused
from shouxin.engines.policy.expression import compile_expression
from shouxin.engines.policy.plain import evaluate
from shouxin.engines.policy.sql_text import DUCKDB, SPARK
from shouxin.engines.policy.tree import Type, Value
from tests.fuzz import SCOPE, Specimen, in_duckdb, in_python, in_spark, same, table_sql

FOLDER = Path(__file__).parent / "policy"
TESTS = Path(__file__).parents[1]
DEFAULTS: dict[str, Value] = {"i": 0, "n": 0, "b": False, "d": dt.date(2024, 2, 29), "s": "x"}
AT_ONCE = 60


@dataclass(frozen=True)
class Row:
    """One row of the specification."""

    where: str
    expression: str
    facts: str
    result: str

    @property
    def refused(self) -> bool:
        return self.result.startswith("E-")

    def values(self) -> dict[str, Value]:
        """Every column's value."""
        found: dict[str, Value] = {name: DEFAULTS.get(name) for name in SCOPE.columns}
        for part in filter(None, (each.strip() for each in self.facts.split(";"))):
            name, _, text = part.partition("=")
            found[name] = read(text, SCOPE.columns[name].type)
        return found


def read(text: str, kind: Type) -> Value:
    """A value as the CSV writes it."""
    if text == "null":
        return None
    if kind is Type.BOOL:
        return {"true": True, "false": False}[text]
    if kind is Type.DATE:
        return dt.date.fromisoformat(text)
    if kind is Type.DOUBLE:
        return float(text)
    return text if kind is Type.ENUM else int(text)


def written(value: object) -> str:
    """A result as the CSV writes it."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def read_rows() -> list[Row]:
    found = []
    for path in sorted(FOLDER.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for number, cells in enumerate(csv.DictReader(file), 2):
                found.append(Row(f"{path.stem}:{number}", cells["expression"], cells["facts"], cells["result"]))
    return found


ROWS = read_rows()
VALID = [row for row in ROWS if not row.refused]
REFUSED = [row for row in ROWS if row.refused]


def by_place(row: Row) -> str:
    return row.where


def tree(row: Row) -> Specimen:
    return Specimen(row.expression, compile_expression(row.expression, SCOPE))


def test_the_specification_is_not_small() -> None:
    assert len(ROWS) >= 600
    assert len(REFUSED) >= 200


def test_no_row_stands_twice() -> None:
    twice = [key for key, count in Counter((row.expression, row.facts) for row in ROWS).items() if count > 1]
    assert twice == []


@pytest.mark.parametrize("row", REFUSED, ids=by_place)
def test_refused(row: Row) -> None:
    with pytest.raises(ExpressionRefused) as refused:
        compile_expression(row.expression, SCOPE)
    assert refused.value.code == row.result
    assert refused.value.right


@pytest.mark.parametrize("row", VALID, ids=by_place)
def test_plain_evaluator(row: Row) -> None:
    assert written(evaluate(tree(row).node, row.values())) == row.result


@pytest.mark.parametrize("row", VALID, ids=by_place)
def test_python(row: Row) -> None:
    """The value; `in_python` also checks that "is TRUE" and "is FALSE" are told apart as it says."""
    assert written(in_python(tree(row), [row.values()])[0]) == row.result


def accepted() -> list[tuple[int, Specimen]]:
    """The rows that compile (what should and does not is told by `test_plain_evaluator`), with their numbers."""
    found = []
    for number, row in enumerate(VALID):
        try:
            found.append((number, tree(row)))
        except (ExpressionRefused, RecursionError):
            continue
    return found


def check_engine(name: str, compiled: list[tuple[int, Specimen]], answers: list[list[Any]]) -> None:
    """Each expression on its own row's facts as the CSV says; on all rows' facts as the plain evaluator says."""
    facts, wrong = [row.values() for row in VALID], []
    for (number, specimen), column in zip(compiled, answers, strict=True):
        row = VALID[number]
        if written(column[number]) != row.result:
            wrong.append(f"{row.where}: {row.expression} [{row.facts}]: {name} {written(column[number])}, expected {row.result}")
        for values, answer in zip(facts, column, strict=True):
            expected = evaluate(specimen.node, values)
            if not same(expected, answer):
                wrong.append(f"{row.where}: {row.expression} {values}: {name} {answer!r}, plain {expected!r}")
                break
    assert wrong == [], "\n".join(wrong[:40])


def columns_of(batch: list[tuple[Any, ...]]) -> list[list[Any]]:
    return [list(column) for column in zip(*batch, strict=True)]


def test_duckdb() -> None:
    compiled = accepted()
    assert len(compiled) > 300
    with duckdb.connect() as connection:
        connection.execute(f"CREATE TABLE fuzz_rows AS {table_sql(DUCKDB, [row.values() for row in VALID])}")
        answers = []
        for start in range(0, len(compiled), AT_ONCE):
            batch = [specimen for _, specimen in compiled[start : start + AT_ONCE]]
            answers += columns_of(in_duckdb(batch, connection))
    check_engine("duckdb", compiled, answers)


@pytest.mark.spark
def test_spark(spark: Any) -> None:
    compiled, answers = accepted(), []
    spark.sql(table_sql(SPARK, [row.values() for row in VALID])).coalesce(1).createOrReplaceTempView("fuzz_rows")
    for start in range(0, len(compiled), AT_ONCE):
        answers += columns_of(in_spark([specimen for _, specimen in compiled[start : start + AT_ONCE]], spark))
    check_engine("spark", compiled, answers)


def test_every_error_code_is_specified_or_tested() -> None:
    package = Path(shouxin.engines.policy.__path__[0])
    raised = {code for path in package.glob("*.py") for code in re.findall(r'"(E-[A-Z]+)"', path.read_text(encoding="utf-8"))}
    assert {"E-CONSTRUCT", "E-OVERFLOW", "E-EXTENDS"} <= raised
    told = {row.result for row in REFUSED}
    for path in TESTS.rglob("test_*.py"):
        if path != Path(__file__):
            told |= set(re.findall(r'"(E-[A-Z]+)"', path.read_text(encoding="utf-8")))
    assert sorted(raised - told) == []
