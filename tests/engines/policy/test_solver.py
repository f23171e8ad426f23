"""z3's reading of a tree is the plain reading: every value, every NULL, on random expressions."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from fractions import Fraction
from typing import Any

import pytest

from shouxin.engines.policy.expression import compile_expression
from shouxin.engines.policy.solver import Translation, load_z3
from shouxin.engines.policy.tree import Node, Type, Value
from shouxin.engines.policy.unknowns import Number, Truth
from tests.fuzz import SCOPE, Specimen, in_python, rows, same, specimens

z3: Any = load_z3()
pytestmark = pytest.mark.skipif(z3 is None, reason="z3 is not installed")


def in_z3(node: Node, data: list[dict[str, Value]]) -> list[object]:
    """Every row's value, read off z3's formulas after the row is put into them."""
    translation = Translation(z3, SCOPE, {}, {}, exact=True)
    answer = translation.truth(node) if node.type is Type.BOOL else translation.number(node, node.type)
    return [_read(answer, _row(translation, row), node.type, translation) for row in data]


def _row(translation: Translation, row: dict[str, Value]) -> list[tuple[Any, Any]]:
    pairs = []
    for name in translation.seen():
        value = row[name]
        pairs.append((z3.Bool(f"{name}?"), z3.BoolVal(value is None)))
        if value is None:
            continue
        column = translation.column(name)
        if isinstance(column, Truth):
            pairs.append((z3.Bool(name), z3.BoolVal(value)))
        elif isinstance(value, dt.date):
            pairs += [(z3.Int(f"{name}.{part}"), z3.IntVal(getattr(value, part))) for part in ("year", "month", "day")]
        elif isinstance(value, float):
            pairs.append((z3.Real(name), z3.RealVal(str(Fraction(value)))))
        else:
            number = translation.unknowns.number_of(value) if isinstance(value, str) else value
            pairs.append((z3.Int(name), z3.IntVal(number)))
    return pairs


def _read(answer: Number | Truth, pairs: list[tuple[Any, Any]], kind: Type, translation: Translation) -> object:
    def settled(formula: Any) -> Any:
        return z3.simplify(z3.substitute(formula, *pairs))

    if isinstance(answer, Truth):
        true, false = z3.is_true(settled(answer.true)), z3.is_true(settled(answer.false))
        assert not (true and false)
        return True if true else False if false else None
    if z3.is_true(settled(answer.null)):
        return None
    parts = [settled(part).as_long() for part in answer.parts]
    return dt.date(*parts) if kind is Type.DATE else translation.unknowns.word(parts[0]) if kind is Type.ENUM else parts[0]


@pytest.mark.fuzz
def test_z3_gives_every_cell_that_python_gives() -> None:
    data = rows(11, 12)
    answers: Counter[object] = Counter()
    for specimen in specimens(23, 150, Counter()):
        expected, found = in_python(specimen, data), in_z3(specimen.node, data)
        for row, left, right in zip(data, expected, found, strict=True):
            assert same(left, right), f"{specimen.text}\n{row}\npython {left!r} z3 {right!r}"
            answers[left if left is None or isinstance(left, bool) else "number"] += 1
    assert min(answers[each] for each in (None, True, False, "number")) > 60


@pytest.mark.parametrize(
    "text",
    [
        "NOT (c AND j > 3)",
        "(c OR b) IS NULL",
        "GREATEST(j, k) < 5",
        "LEAST(d, e) = DATE '2000-02-29'",
        "idiv(j, 3) = -2",
        "idiv(i, j) IS NULL",
        "ratio_bp(i, k) >= 500",
        "CASE WHEN c THEN e END < DATE '2024-02-29'",
        "COALESCE(t, s) = 'x'",
        "t NOT IN ('x', 'z')",
        "u = 0.25",
        "CASE t WHEN 'x' THEN c ELSE j < 2 END",
    ],
)
def test_z3_agrees_on_the_constructs_that_hold_nulls(text: str) -> None:
    specimen, data = Specimen(text, compile_expression(text, SCOPE)), rows(5, 60)
    expected = in_python(specimen, data)
    assert len(set(expected)) > 1
    assert in_z3(specimen.node, data) == expected
