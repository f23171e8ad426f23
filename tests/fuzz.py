"""A differential fuzzer: random typed expressions, and bins of cards, over NULL-heavy rows, on Python, DuckDB and Spark.

    python -m tests.fuzz --count 50000 --spark-count 50000 --seed 7

Every engine must give the same cell for every row. A difference is printed with the expression, the row and each
engine's answer, and the exit code is 1.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import duckdb

from shouxin.engines.policy.errors import ExpressionRefused
from shouxin.engines.policy.expression import compile_expression
from shouxin.engines.policy.python_text import RUNTIME, PythonText
from shouxin.engines.policy.scope import Column, Scope
from shouxin.engines.policy.sql_text import DUCKDB, SPARK, SqlText
from shouxin.engines.policy.tree import Node, Type, Value
from tests.fuzz_cards import MAKERS

WORDS = ("x", "y", "z")
SCOPE = Scope(
    {
        each.name: each
        for each in (
            Column("i", Type.INT, False, -1_000, 1_000),
            Column("j", Type.INT, True, -1_000, 1_000),
            Column("k", Type.INT, True, 0, 1_000),
            Column("m", Type.MONEY, True, 0, 10**9),
            Column("n", Type.MONEY, False, -(10**9), 10**9),
            Column("r", Type.BP, True, 0, 10**6),
            Column("b", Type.BOOL, False),
            Column("c", Type.BOOL, True),
            Column("d", Type.DATE, False, dt.date(1990, 1, 1), dt.date(2030, 12, 31)),
            Column("e", Type.DATE, True, dt.date(1990, 1, 1), dt.date(2030, 12, 31)),
            Column("s", Type.ENUM, False, values=WORDS),
            Column("t", Type.ENUM, True, values=WORDS),
            Column("u", Type.DOUBLE, True),
        )
    }
)
CARDS = 0.1  # the share of bins of cards
CUTS = (-7, -3, -2, -1, 0, 1, 2, 3, 5, 6, 7, 8, 9, 10, 100)
DAYS = tuple(
    dt.date.fromisoformat(day)
    for day in ("1999-12-31", "2000-01-01", "2000-02-29", "2023-02-28", "2024-02-29", "2024-03-01", "2026-11-30")
)


class Author:
    """Writes random expressions as text; every draw comes from one seeded source."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def pick(self, *options: str) -> str:
        return self.random.choice(options)

    def cut(self) -> str:
        return str(self.random.choice(CUTS) + self.random.choice((-1, 0, 0, 1)))

    def number(self, depth: int) -> str:
        roll = self.random.random()
        if depth == 0 or roll < 0.25:
            return self.pick("i", "j", "k", self.cut())
        if roll < 0.5:
            return f"({self.number(depth - 1)} {self.pick('+', '-', '*')} {self.number(depth - 1)})"
        if roll < 0.58:
            return f"idiv({self.number(depth - 1)}, {self.number(depth - 1)})"
        if roll < 0.72:
            return self.case(self.number, depth)
        if roll < 0.8:
            return f"COALESCE({self.number(depth - 1)}, {self.number(depth - 1)})"
        if roll < 0.88:
            return f"{self.pick('LEAST', 'GREATEST')}({self.number(depth - 1)}, {self.number(depth - 1)}, {self.pick('j', '3')})"
        if roll < 0.92:
            return f"(- {self.number(depth - 1)})"
        date, other = self.date(depth - 1), self.date(depth - 1)
        return self.pick(
            f"YEAR({date})",
            f"MONTH({date})",
            f"DAY({date})",
            f"months_elapsed({date}, {other})",
            f"age_years({date}, {other})",
        )

    def money(self, depth: int) -> str:
        roll = self.random.random()
        if depth == 0 or roll < 0.4:
            return self.pick("m", "n", f"amount({self.random.choice(('0', '0.01', '3000', '12.5'))})")
        if roll < 0.6:
            return f"({self.money(depth - 1)} {self.pick('+', '-')} {self.money(depth - 1)})"
        if roll < 0.75:
            return f"idiv({self.money(depth - 1)} * {self.pick('i', 'j', 'r', '3')}, {self.pick('7', 'k', '-2')})"
        if roll < 0.9:
            return self.case(self.money, depth)
        return f"{self.pick('LEAST', 'GREATEST', 'COALESCE')}({self.money(depth - 1)}, {self.money(depth - 1)})"

    def date(self, depth: int) -> str:
        if depth <= 0 or self.random.random() < 0.7:
            return self.pick("d", "e", f"DATE '{self.random.choice(DAYS)}'")
        return f"{self.pick('LEAST', 'GREATEST', 'COALESCE')}({self.date(depth - 1)}, {self.date(depth - 1)})"

    def ratio(self, depth: int) -> str:
        kind = self.pick("number", "money")
        part = self.number(depth - 1) if kind == "number" else self.money(depth - 1)
        whole = self.number(depth - 1) if kind == "number" else self.money(depth - 1)
        return f"ratio_bp({part}, {whole})"

    def case(self, branch: Any, depth: int) -> str:
        whens = " ".join(f"WHEN {self.test(depth - 1)} THEN {branch(depth - 1)}" for _ in range(self.random.choice((1, 1, 2))))
        return f"CASE {whens} {'ELSE ' + branch(depth - 1) if self.random.random() < 0.6 else ''} END"

    def test(self, depth: int) -> str:
        roll = self.random.random()
        if depth <= 0 or roll < 0.12:
            return self.pick(
                "b", "c", "s = 'x'", "t <> 'y'", "'x' = t", "s = t", "t IN ('x', 'z')", "t NOT IN ('y')", "j IS NULL", "u < 0.5",
                "k IS NOT NULL", "t IS NULL", "u >= 0.25", "u IS NULL", "c = TRUE", "b <> c", "m IS NULL", "r > pct(0.5)",
                "u <> 0", "TRUE", "FALSE",
            )  # fmt: skip
        if roll < 0.36:
            return f"{self.number(depth - 1)} {self.comparison()} {self.number(depth - 1)}"
        if roll < 0.44:
            return f"{self.money(depth - 1)} {self.comparison()} {self.money(depth - 1)}"
        if roll < 0.48:
            return f"{self.ratio(depth)} {self.comparison()} {self.cut()}"
        if roll < 0.52:
            return f"{self.date(depth)} {self.comparison()} {self.date(depth)}"
        if roll < 0.62:
            return f"({self.test(depth - 1)} AND {self.test(depth - 1)})"
        if roll < 0.72:
            return f"({self.test(depth - 1)} OR {self.test(depth - 1)})"
        if roll < 0.8:
            return f"(NOT {self.test(depth - 1)})"
        if roll < 0.86:
            return f"{self.pick('i', 'j', 'k')} BETWEEN {self.cut()} AND {self.number(depth - 1)}"
        if roll < 0.92:
            return f"{self.number(depth - 1)} {self.pick('IN', 'NOT IN')} ({self.cut()}, {self.cut()})"
        if roll < 0.96:
            return f"(({self.test(depth - 1)}) IS {self.pick('', 'NOT')} NULL)"
        return self.case(self.test, depth)

    def comparison(self) -> str:
        return self.pick("<", "<=", ">", ">=", "=", "<>")

    def expression(self) -> str:
        kind = self.random.random()
        if kind < 0.5:
            return self.test(4)
        return self.number(4) if kind < 0.75 else self.money(3) if kind < 0.92 else self.ratio(3)


def rows(seed: int, count: int) -> list[dict[str, Value]]:
    """Rows full of NULLs and cut points."""
    source = random.Random(seed)

    def draw(column: Column) -> Value:
        if column.nullable and source.random() < 0.3:
            return None
        if column.type is Type.BOOL:
            return source.random() < 0.5
        if column.type is Type.ENUM:
            return source.choice(column.values)
        if column.type is Type.DATE:
            return source.choice(DAYS)
        if column.type is Type.DOUBLE:
            return source.choice((0.0, -0.0, 0.25, 0.5, 0.1 + 0.2, 1e-9, 0.49999999))
        low, high = int(str(column.low)), int(str(column.high))
        value = source.choice(CUTS) * (source.choice((1, 100)) if column.type in (Type.MONEY, Type.BP) else 1)
        value = source.choice((value, value, value, low, high))
        return min(max(value, low), high)

    return [{column.name: draw(column) for column in SCOPE.columns.values()} for _ in range(count)]


@dataclass(frozen=True)
class Specimen:
    """One expression that the language accepted, or the points of bins of a card."""

    text: str
    node: Node


def specimens(seed: int, count: int, refused: Counter[str]) -> Iterator[Specimen]:
    """Random expressions, `count` of them accepted, and bins of cards among them."""
    author, found = Author(seed), 0
    while found < count:
        if author.random.random() < CARDS:
            shape, node = author.random.choice(MAKERS)(SCOPE, author.random)
            yield Specimen(repr(shape), node)
            found += 1
            continue
        text = author.expression()
        try:
            yield Specimen(text, compile_expression(text, SCOPE))
            found += 1
        except ExpressionRefused as error:
            refused[error.code] += 1


def in_python(specimen: Specimen, data: list[dict[str, Value]]) -> list[object]:
    """Every row's value; for a condition the two polarities must agree with it as well."""
    writer = PythonText(SCOPE)
    names = ", ".join(SCOPE.columns)
    value = writer.value(specimen.node)
    pair = f"({value}, {writer.true(specimen.node)}, {writer.false(specimen.node)})"
    text = f"lambda {names}: {pair}" if specimen.node.type is Type.BOOL else f"lambda {names}: ({value},)"
    function = eval(text, {**RUNTIME, **writer.constants})
    answers: list[object] = []
    for row in data:
        found, *polar = function(*row.values())
        if polar and polar != [found is True, found is False]:
            answers.append(f"polarity {found} {polar}")
        else:
            answers.append(found)
    return answers


def table_sql(engine: SqlText, data: list[dict[str, Value]]) -> str:
    """The rows as a query, cast to the columns' types."""
    lines = [", ".join(engine.constant(value) for value in (index, *row.values())) for index, row in enumerate(data)]
    names = ["row_number", *SCOPE.columns]
    kinds = ["BIGINT", *(engine.type(column.type) for column in SCOPE.columns.values())]
    casts = ", ".join(
        f"CAST(v{i} AS {kind}) AS {engine.quote(name)}" for i, (name, kind) in enumerate(zip(names, kinds, strict=True))
    )
    heads = ", ".join(f"v{i}" for i in range(len(names)))
    return f"SELECT {casts} FROM (VALUES {', '.join(f'({line})' for line in lines)}) AS rows({heads})"


def in_duckdb(batch: list[Specimen], connection: duckdb.DuckDBPyConnection) -> list[tuple[Any, ...]]:
    """A row per fuzz row, a column per expression."""
    columns = ", ".join(f"{DUCKDB.expression(each.node)} AS q{i}" for i, each in enumerate(batch))
    return connection.execute(f"SELECT {columns} FROM fuzz_rows ORDER BY row_number").fetchall()


def in_spark(batch: list[Specimen], session: Any) -> list[tuple[Any, ...]]:
    """The same in Spark."""
    columns = ", ".join(f"{SPARK.expression(each.node)} AS q{i}" for i, each in enumerate(batch))
    return [tuple(row)[1:] for row in sorted(session.sql(f"SELECT row_number, {columns} FROM fuzz_rows").collect())]


def same(left: object, right: object) -> bool:
    """Equal, and of one kind: 1 is not TRUE."""
    return left == right and isinstance(left, bool) == isinstance(right, bool)


def compare(engine: str, batch: list[Specimen], data: list[dict[str, Value]], expected: list[list[object]], found: Any) -> int:
    """Print the first difference of each expression; return how many expressions differ."""
    wrong = 0
    for column, specimen in enumerate(batch):
        for index, row in enumerate(data):
            if not same(expected[column][index], found[index][column]):
                wrong += 1
                print(
                    f"DIFFERENCE {specimen.text}\n  row {row}\n"
                    f"  python {expected[column][index]!r}  {engine} {found[index][column]!r}"
                )
                break
    return wrong


def run(seed: int, count: int, spark: Any = None, *, size: int = 120, batch_size: int = 50) -> tuple[int, Counter[str]]:
    """Fuzz `count` expressions; returns (expressions that differ, refusals by code)."""
    refused: Counter[str] = Counter()
    data = rows(seed, size)
    connection = duckdb.connect()
    connection.execute(f"CREATE TABLE fuzz_rows AS {table_sql(DUCKDB, data)}")
    if spark is not None:
        spark.catalog.clearCache()
        spark.sql(table_sql(SPARK, data)).coalesce(1).cache().createOrReplaceTempView("fuzz_rows")
    wrong, source = 0, specimens(seed, count, refused)
    while batch := [each for each, _ in zip(source, range(batch_size), strict=False)]:
        expected = [in_python(each, data) for each in batch]
        wrong += compare("duckdb", batch, data, expected, in_duckdb(batch, connection))
        if spark is not None:
            wrong += compare("spark", batch, data, expected, in_spark(batch, spark))
    return wrong, refused


def main() -> int:
    """The long run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=50_000, help="expressions on Python and DuckDB")
    parser.add_argument("--spark-count", type=int, default=50_000, help="the first so many on Spark too; 0 leaves Spark out")
    parser.add_argument("--seed", type=int, default=None)
    options = parser.parse_args()
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(2**31)
    print(f"seed {seed}")
    session = None
    if options.spark_count:
        from shouxin.desk.portfolio.spark import open_session

        session = open_session(memory="3g")
    total = wrong = done = 0
    refused: Counter[str] = Counter()
    started = time.monotonic()
    while done < options.count:
        step = min(1_000, options.count - done)
        bad, codes = run(seed + done, step, session if done < options.spark_count else None)
        wrong, refused, done = wrong + bad, refused + codes, done + step
        total = done
        print(f"{total:,} expressions, {wrong} differ, {time.monotonic() - started:,.0f} s", flush=True)
    print(f"{total:,} expressions x 120 rows: {wrong} differ; refused by the language: {dict(refused)}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
