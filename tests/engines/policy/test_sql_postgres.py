"""Expressions as PostgreSQL text: what it says is what the other engines say."""

from __future__ import annotations

import datetime as dt
from typing import Any

import psycopg
import pytest

from shouxin.engines.policy.sql_text import DIALECTS, POSTGRES
from shouxin.engines.policy.tree import Arith, DatePart, IDiv, In, Lit, Node, Type
from shouxin.infra.db.connect import Target


def value(target: Target, text: str) -> Any:
    with psycopg.connect(target.app) as connection:
        row = connection.execute(f"SELECT {text}".encode()).fetchone()
        assert row is not None
        return row[0]


def whole(number: int) -> Lit:
    return Lit(number, Type.INT)


DAY = Lit(dt.date(2026, 2, 28), Type.DATE)
NODES: list[tuple[Node, object]] = [
    (IDiv(whole(-7), whole(2), Type.INT), -3),
    (IDiv(whole(7), whole(0), Type.INT), None),
    (Arith("*", whole(100_000), whole(100_000), Type.INT), 10**10),
    (DatePart("year", DAY), 2026),
    (DatePart("month", DAY), 2),
    (DatePart("day", DAY), 28),
    (Lit(0.1, Type.DOUBLE), 0.1),
    (Lit(float("inf"), Type.DOUBLE), float("inf")),
    (Lit(None, Type.INT), None),
    (In(Lit("it's", Type.ENUM), ("it's", "b\\c")), True),
]


@pytest.mark.parametrize(("node", "expected"), NODES)
def test_expressions(node: Node, expected: object, database: Target) -> None:
    assert value(database, POSTGRES.wide(node)) == expected


@pytest.mark.parametrize("text", ["", "'", "''", "\\", "\\'", "a\nb", "授信", "%s", "$1", "E'", '"', "\\x41"])
@pytest.mark.parametrize("conforming", ["on", "off"])
def test_strings_are_what_they_are(text: str, conforming: str, database: Target) -> None:
    with psycopg.connect(database.app) as connection:
        connection.execute(f"SET standard_conforming_strings = {conforming}".encode())
        connection.execute(b"SET escape_string_warning = off")
        assert connection.execute(f"SELECT {POSTGRES.string(text)}".encode()).fetchone() == (text,)


def test_picking_bits_and_patterns(database: Target) -> None:
    assert value(database, POSTGRES.pick("1", ["a", "b", None])) == "b"
    assert value(database, POSTGRES.pick("2", ["a", "b", None])) is None
    assert value(database, POSTGRES.bits("1000", 3, 255)) == (1000 >> 3) & 255
    assert [value(database, POSTGRES.matches(f"E'{text}'", "[0-9]+")) for text in ("12", "12a", "12\\n", "")] == [True] + [
        False
    ] * 3


def test_policies_are_not_run_on_it() -> None:
    assert POSTGRES.name not in DIALECTS
