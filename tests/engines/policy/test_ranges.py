"""`bounds` holds every value that comes out, and `nullable` is never FALSE for an expression that is NULL."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shouxin.engines.policy.errors import ExpressionRefused
from shouxin.engines.policy.expression import compile_expression
from shouxin.engines.policy.plain import evaluate
from shouxin.engines.policy.ranges import bounds, date_bounds, nullable, truncated
from shouxin.engines.policy.scope import INT64_MAX, INT64_MIN, Column, Scope
from shouxin.engines.policy.tree import INTEGERS, IDiv, Node, Type, Value, walk
from tests.fuzz import SCOPE, Author


def column_values(column: Column) -> st.SearchStrategy[Value]:
    """Any value that a column allows."""
    found: st.SearchStrategy[Value]
    if column.type is Type.BOOL:
        found = st.booleans()
    elif column.type is Type.ENUM:
        found = st.sampled_from(column.values)
    elif column.type is Type.DOUBLE:
        found = st.floats(allow_nan=False, allow_infinity=False)
    elif column.type is Type.DATE:
        assert isinstance(column.low, dt.date) and isinstance(column.high, dt.date)
        found = st.dates(column.low, column.high)
    else:
        low, high = int(str(column.low)), int(str(column.high))
        found = st.sampled_from([low, high, 0, 1]) | st.integers(low, high)
    return st.none() | found if column.nullable else found


ROWS = st.fixed_dictionaries({name: column_values(column) for name, column in SCOPE.columns.items()})


@settings(max_examples=400, deadline=None)
@given(seed=st.integers(0, 2**32), rows=st.lists(ROWS, min_size=4, max_size=8))
def test_every_part_lies_within_its_bounds(seed: int, rows: list[dict[str, Value]]) -> None:
    author = Author(seed)
    node: Node | None = None
    while node is None:
        try:
            node = compile_expression(author.expression(), SCOPE)
        except ExpressionRefused:
            continue
    for part in walk(node):
        if part is not node and any(isinstance(each, IDiv) and each.guarded for each in walk(part)):
            continue  # its divisor is positive only where the tree around it has made sure
        can_be_null = nullable(part, SCOPE)
        span: tuple[object, object] | None = None
        if part.type in INTEGERS:
            span = bounds(part, SCOPE)
            assert INT64_MIN <= span[0] <= span[1] <= INT64_MAX
        elif part.type is Type.DATE:
            span = date_bounds(part, SCOPE)
        for row in rows:
            value = evaluate(part, row)
            if value is None:
                assert can_be_null, part
            elif span is not None:
                assert span[0] <= value <= span[1], (part, row)


@settings(max_examples=300, deadline=None)
@given(
    left=st.tuples(st.integers(-50, 50), st.integers(0, 40)),
    right=st.tuples(st.integers(-12, 12), st.integers(0, 20)),
    op=st.sampled_from(
        [
            "a + b",
            "a - b",
            "a * b",
            "idiv(a, b)",
            "ratio_bp(a, b)",
            "-a",
            "LEAST(a, b)",
            "GREATEST(a, b)",
            "a * a - b",
            "idiv(a * b, b)",
        ]
    ),
)
def test_bounds_of_small_ranges_are_tight_or_wider(left: tuple[int, int], right: tuple[int, int], op: str) -> None:
    """Every pair of values of small ranges, worked out."""
    (a, wide), (b, broad) = left, right
    scope = Scope({"a": Column("a", Type.INT, False, a, a + wide), "b": Column("b", Type.INT, False, b, b + broad)})
    try:
        node = compile_expression(op, scope)
    except ExpressionRefused:
        return
    low, high = bounds(node, scope)
    found = [evaluate(node, {"a": x, "b": y}) for x in range(a, a + wide + 1) for y in range(b, b + broad + 1)]
    known = [each for each in found if each is not None]
    assert all(low <= each <= high for each in known)
    assert None not in found or nullable(node, scope)
    if known and op in ("a + b", "a - b", "a * b", "-a"):
        assert (min(known), max(known)) == (low, high)


@given(left=st.integers(-(2**63), 2**63 - 1), right=st.integers(-(2**63), 2**63 - 1).filter(bool))
def test_truncated_is_the_quotient_towards_zero(left: int, right: int) -> None:
    quotient = truncated(left, right)
    rest = left - quotient * right
    assert abs(rest) < abs(right) and (rest == 0 or (rest < 0) == (left < 0))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("j", True),
        ("i", False),
        ("COALESCE(j, i)", False),
        ("COALESCE(j, k)", True),
        ("LEAST(j, i)", False),
        ("idiv(i, 2)", False),
        ("idiv(i, i)", True),
        ("idiv(i, k + 1)", True),
        ("ratio_bp(i, i)", True),
        ("j IS NULL", False),
        ("CASE WHEN c THEN 1 ELSE 2 END", False),
        ("CASE WHEN c THEN 1 END", True),
        ("b AND i > 1", False),
        ("t IN ('x')", True),
        ("YEAR(d)", False),
        ("YEAR(e)", True),
    ],
)
def test_nullable(text: str, expected: bool) -> None:
    assert nullable(compile_expression(text, SCOPE), SCOPE) is expected
