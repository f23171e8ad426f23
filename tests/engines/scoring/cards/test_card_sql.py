"""The same card in Python, DuckDB, Spark and PostgreSQL: the same score, probability and points for every row."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import duckdb
import psycopg
import pytest
from psycopg import sql

from shouxin.engines.policy.sql_text import DUCKDB, POSTGRES, SPARK, SqlText
from shouxin.engines.scoring.cards.card import Card, read_card
from shouxin.engines.scoring.cards.card_sql import Wanted, card_sql, output_columns
from shouxin.engines.scoring.cards.cells_sql import Family, family
from shouxin.engines.scoring.cards.score_one import score_one
from shouxin.infra.db.connect import Target
from tests.engines.scoring.carded import CARD, TEXTS, VALUES, card, random_card, rows_of

COUNT = 1_200
Rows = Sequence[Mapping[str, Any]]


def expected(made: Card, rows: Rows) -> list[tuple[int, ...]]:
    """Number, score, probability and points of every row, one by one."""
    scored = [score_one(made, row) for row in rows]
    return [(index, each.score, each.pd_ppm, *each.points.values()) for index, each in enumerate(scored)]


def check(made: Card, rows: Rows, found: Sequence[Sequence[Any]]) -> None:
    assert len(found) == len(rows)
    for row, one, other in zip(rows, expected(made, rows), sorted(tuple(each) for each in found), strict=True):
        assert one == other, dict(row)


def statement(made: Card, engine: SqlText, relation: str, types: Mapping[str, str]) -> str:
    return card_sql(made, engine, relation, types, Wanted(("number",), made.parts))


def type_of(values: Sequence[Any], floats: str, texts: str) -> str:
    """The type of a column that holds these values."""
    kinds = {type(each) for each in values if each is not None}
    if kinds == {bool}:
        return "BOOLEAN"
    return texts if str in kinds else floats if float in kinds else "BIGINT"


def types_of(values: Mapping[str, Sequence[Any]], floats: str = "DOUBLE", texts: str = "VARCHAR") -> dict[str, str]:
    return {name: type_of(each, floats, texts) for name, each in values.items()}


def cells_of(rows: Rows, types: Mapping[str, str]) -> list[tuple[Any, ...]]:
    """The rows with their number, floats where the column is one."""
    wide = {"DOUBLE": float, "DOUBLE PRECISION": float}
    read = {name: wide.get(kind, lambda value: value) for name, kind in types.items()}
    return [(index, *(None if row[name] is None else read[name](row[name]) for name in types)) for index, row in enumerate(rows)]


def in_duckdb(made: Card, rows: Rows, types: Mapping[str, str]) -> list[tuple[Any, ...]]:
    with duckdb.connect() as connection:
        columns = ", ".join(f"{DUCKDB.quote(name)} {kind}" for name, kind in types.items())
        connection.execute(f"CREATE TABLE t (number BIGINT, {columns})")
        connection.executemany(f"INSERT INTO t VALUES ({', '.join('?' * (len(types) + 1))})", cells_of(rows, types))
        return connection.execute(statement(made, DUCKDB, "t", types)).fetchall()


def in_spark(made: Card, rows: Rows, types: Mapping[str, str], spark: Any) -> list[Any]:
    columns = ", ".join(f"{SPARK.quote(name)} {kind}" for name, kind in types.items())
    frame = spark.createDataFrame(cells_of(rows, types), f"number BIGINT, {columns}")
    frame.createOrReplaceTempView("card_rows")
    assert all(kind.upper() == types.get(name, "BIGINT") for name, kind in frame.dtypes)
    found: list[Any] = spark.sql(statement(made, SPARK, "card_rows", dict(frame.dtypes))).collect()
    return found


def in_postgres(made: Card, rows: Rows, types: Mapping[str, str], database: Target) -> list[Any]:
    with psycopg.connect(database.owner) as connection:
        described = [sql.SQL("{} {}").format(sql.Identifier(name), sql.SQL(kind)) for name, kind in types.items()]
        columns = sql.SQL(", ").join(described)
        connection.execute(sql.SQL("CREATE TEMPORARY TABLE t (number BIGINT, {})").format(columns))
        marks = sql.SQL(", ").join([sql.Placeholder()] * (len(types) + 1))
        with connection.cursor() as cursor:
            cursor.executemany(sql.SQL("INSERT INTO t VALUES ({})").format(marks), cells_of(rows, types))
        found = connection.execute(statement(made, POSTGRES, "t", types).encode()).fetchall()
        connection.rollback()
        return found


FILES: dict[str, dict[str, Sequence[Any]]] = {"as their own types": VALUES, "as text": dict(TEXTS)}


@pytest.mark.parametrize("file", FILES)
def test_duckdb(file: str) -> None:
    rows = rows_of(FILES[file], COUNT, seed=1)
    check(card(), rows, in_duckdb(card(), rows, types_of(FILES[file])))
    assert len({each[1:] for each in expected(card(), rows)}) > 150


@pytest.mark.spark
@pytest.mark.parametrize("file", FILES)
def test_spark(file: str, spark: Any) -> None:
    rows = rows_of(FILES[file], COUNT, seed=2)
    check(card(), rows, in_spark(card(), rows, types_of(FILES[file], texts="STRING"), spark))


@pytest.mark.parametrize("file", FILES)
def test_postgres(file: str, database: Target) -> None:
    rows = rows_of(FILES[file], COUNT, seed=3)
    check(card(), rows, in_postgres(card(), rows, types_of(FILES[file], "DOUBLE PRECISION", "TEXT"), database))


@pytest.mark.parametrize("seed", range(25))
def test_random_cards_in_duckdb(seed: int) -> None:
    made, values = random_card(seed)
    rows = rows_of(values, 300, seed)
    check(made, rows, in_duckdb(made, rows, types_of(values)))


@pytest.mark.spark
@pytest.mark.parametrize("seed", range(100, 106))
def test_random_cards_in_spark(seed: int, spark: Any) -> None:
    made, values = random_card(seed)
    rows = rows_of(values, 300, seed)
    check(made, rows, in_spark(made, rows, types_of(values, texts="STRING"), spark))


@pytest.mark.parametrize("seed", range(200, 220))
def test_random_cards_in_postgres(seed: int, database: Target) -> None:
    made, values = random_card(seed)
    rows = rows_of(values, 300, seed)
    check(made, rows, in_postgres(made, rows, types_of(values, "DOUBLE PRECISION", "TEXT"), database))


OTHERS = {
    "duckdb": ["TINYINT", "UBIGINT", "FLOAT", "DECIMAL(9,2)", "DATE", "ENUM('car', '96')"],
    "postgres": ["SMALLINT", "REAL", "NUMERIC(9,2)", "DATE", "CHARACTER VARYING(9)"],
}
HELD: dict[Family, dict[str, list[Any]]] = {
    Family.WHOLE: {"double": [0, 1, 96], "enum": [0, 1, 96], "bool": [0, 1]},
    Family.FLOAT: {"double": [0.0, 1.0, 0.5, 96.0], "enum": [0.0, 1.0, 0.5], "bool": [0.0, 1.0]},
    Family.EXACT: {"double": [0, 1, Decimal("0.25")], "enum": [0, 1, Decimal("0.25")], "bool": [0, 1]},
    Family.DAY: {"enum": [dt.date(2026, 7, 1), dt.date(2026, 7, 2)]},
    Family.TEXT: {"double": ["96"], "enum": ["car", "96"]},
}


@pytest.mark.parametrize(("engine", "column_type"), [(engine, each) for engine, types in OTHERS.items() for each in types])
def test_columns_of_other_types(engine: str, column_type: str, database: Target) -> None:
    """A number, a word and a flag read from narrow, exact and other columns, as from their values in Python."""
    of = Family.EXACT if column_type.startswith("NUMERIC") else family(column_type)
    assert of is not None
    held = HELD[of]
    for kind, values in held.items():
        made, rows = small_card(kind), [{"x": each} for each in (*values, None)]
        if engine == "duckdb":
            found = typed_duckdb(made, rows, column_type)
        else:
            found = in_postgres(made, rows, {"x": column_type}, database)
        check(made, rows, found)


def typed_duckdb(made: Card, rows: Rows, column_type: str) -> list[tuple[Any, ...]]:
    with duckdb.connect() as connection:
        connection.execute(f"CREATE TABLE t (number BIGINT, x {column_type})")
        connection.executemany("INSERT INTO t VALUES (?, ?)", [(index, row["x"]) for index, row in enumerate(rows)])
        return connection.execute(statement(made, DUCKDB, "t", {"x": column_type})).fetchall()


def small_card(kind: str) -> Card:
    """A card over one column `x`."""
    bins = {
        "double": "{in: [96], points: 1}, {below: 1, points: 2}, {points: 3}",
        "enum": "{in: ['0', '0.5', '0.25'], points: 1}, {in: ['1', car, '2026-07-01'], points: 2}, {points: 3}",
        "bool": "{in: [true], points: 1}, {points: 2}",
    }[kind]
    values = ", values: ['0', '0.5', '0.25', '1', car, '2026-07-01']" if kind == "enum" else ""
    return read_card(f"""
zh: 卡
en: card
base: 600
characteristics: {{x: {{input: x, reason: ONE, missing: 0, bins: [{bins}]}}}}
reasons: {{ONE: {{rank: 1, zh: 一, en: one}}}}
fitted: {{scale: {{}}, inputs: {{x: {{column: x, type: {kind}, zh: 项, en: item{values}}}}}}}
""")


def test_types_that_no_card_can_read() -> None:
    with pytest.raises(ValueError, match=r"INTEGER\[\]: a number, a text, a flag or a day"):
        card_sql(card(), DUCKDB, "t", {"purpose": "INTEGER[]"})
    with pytest.raises(ValueError, match="a number such as 12"):
        card_sql(card(), DUCKDB, "t", {"Line Use": "DATE"})


def test_a_text_that_is_no_number_counts_as_missing() -> None:
    """Where a table is scored by the printed statement alone; `score_file` refuses such a cell first."""
    rows = [{"NumberOfTimes90DaysLate": text, "Line Use": 0.2, "purpose": "car", "owns_home": True} for text in ("many", "1_0")]
    types = {"NumberOfTimes90DaysLate": "VARCHAR", "Line Use": "DOUBLE", "purpose": "VARCHAR", "owns_home": "BOOLEAN"}
    found = in_duckdb(card(), rows, types)
    assert {each[3] for each in found} == {-12}


def test_only_what_is_wanted() -> None:
    rows = rows_of(VALUES, 3, seed=1)
    with duckdb.connect() as connection:
        connection.execute(
            'CREATE TABLE t ("NumberOfTimes90DaysLate" BIGINT, "Line Use" DOUBLE, purpose VARCHAR, owns_home BOOLEAN)'
        )
        connection.executemany("INSERT INTO t VALUES (?, ?, ?, ?)", [tuple(row.values()) for row in rows])
        found = connection.execute(card_sql(card(), DUCKDB, "t"))
        assert [each[0] for each in found.description or ()] == output_columns(Wanted()) == ["score", "pd_ppm"]
        assert len(found.fetchall()) == 3


NAMES = ['a"b', "a'b", "a`b", "授信 %", "select", "a;b", "A B"]


@pytest.mark.parametrize("engine", [DUCKDB, POSTGRES], ids=["duckdb", "postgres"])
def test_names_and_words_from_outside_stay_what_they_are(engine: SqlText, database: Target) -> None:
    """A column's name, a kept column's and a word that is mapped are quoted, whatever stands in them."""
    source = random.Random(7)
    for name in NAMES:
        hostile = source.choice(["x'); DROP TABLE t; --", "\\", "\\'", "%s", "{}", "$1"])
        text = CARD.replace("column: purpose", f"column: {yaml_text(name)}").replace('"O\'Card \\\\ x"', yaml_text(hostile))
        made = read_card(text)
        rows = [{**row, name: row["purpose"]} for row in rows_of({**VALUES, "purpose": [hostile, "car", "boat"]}, 30, seed=2)]
        types = {**types_of(VALUES, "DOUBLE PRECISION", "TEXT"), name: "TEXT"}
        found = in_duckdb(made, rows, types) if engine is DUCKDB else in_postgres(made, rows, types, database)
        check(made, rows, found)


def yaml_text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


@pytest.mark.parametrize("engine", [DUCKDB, SPARK, POSTGRES], ids=["duckdb", "spark", "postgres"])
def test_the_statement_is_a_page(engine: SqlText) -> None:
    """One level for each step, and each input, part and output on a line of its own."""
    text = card_sql(card(), engine, "applications")
    assert text.count("FROM card_cells") == text.count("FROM applications") == 1
    assert len(text.splitlines()) < 40
