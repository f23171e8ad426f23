"""Passes `nullability` and `range`: whether an expression can be NULL, and between which bounds an integer can lie.

Integers are 64 bits on every engine. A bundle whose formulas could leave that range is refused when it is loaded, so no
engine ever has to overflow. Bounds are those of interval arithmetic: never too narrow, sometimes wider than need be.
"""

from __future__ import annotations

import datetime as dt
from typing import TypeAlias

from shouxin.engines.policy.errors import ExpressionRefused
from shouxin.engines.policy.scope import FIRST_DAY, INT64_MAX, INT64_MIN, LAST_DAY, Scope
from shouxin.engines.policy.tree import (
    Arith,
    Case,
    Cmp,
    Coalesce,
    DatePart,
    Extreme,
    IDiv,
    IsNull,
    Lit,
    Neg,
    Node,
    Ref,
    children,
    walk,
)

Bounds: TypeAlias = tuple[int, int]


def nullable(node: Node, scope: Scope) -> bool:
    """Whether the expression can be NULL for some facts that the scope allows.

    >>> from shouxin.engines.policy.tree import NULL
    >>> nullable(NULL, Scope({}))
    True
    """
    match node:
        case Lit(value=value):
            return value is None
        case Ref(name=name):
            return scope.columns[name].nullable
        case IsNull():
            return False
        case Coalesce(args=args) | Extreme(args=args):
            return all(nullable(arg, scope) for arg in args)
        case Case(whens=whens, default=default):
            return nullable(default, scope) or any(nullable(then, scope) for _, then in whens)
        case IDiv(right=right, guarded=False) if _spans_zero(right, scope):
            return True
        case _:
            return any(nullable(child, scope) for child in children(node))


def _spans_zero(node: Node, scope: Scope) -> bool:
    low, high = bounds(node, scope)
    return low <= 0 <= high


def bounds(node: Node, scope: Scope) -> Bounds:
    """Lowest and highest value of an integer expression that is not NULL; (0, 0) for the constant NULL.

    Raises ExpressionRefused (`E-OVERFLOW`) where a part of it could leave 64 bits.
    """
    match node:
        case Lit(value=None):
            return 0, 0
        case Lit(value=int() as value):
            return _fit((value, value), node)
        case Ref(name=name):
            column = scope.columns[name]
            assert isinstance(column.low, int) and isinstance(column.high, int), name
            return column.low, column.high
        case Neg(of=of):
            low, high = bounds(of, scope)
            return _fit((-high, -low), node)
        case Arith(op=op, left=left, right=right):
            return _fit(_arith(op, bounds(left, scope), bounds(right, scope)), node)
        case IDiv(left=left, right=right):
            return _fit(_divide(bounds(left, scope), bounds(right, scope)), node)
        case Case(whens=whens, default=default):
            return _union([bounds(then, scope) for _, then in whens] + _unless_null(default, scope))
        case Coalesce(args=args):
            return _union([bounds(arg, scope) for arg in args])
        case Extreme(op=op, args=args):
            return _extreme(op, args, scope)
        case DatePart(part=part, of=of):
            return _date_part(part, of, scope)
        case _:
            raise TypeError(f"{type(node).__name__} is not an integer expression")


def check_bounds(node: Node, scope: Scope) -> None:
    """Raise ExpressionRefused (`E-OVERFLOW`) when any integer part of an expression could leave 64 bits."""
    for part in walk(node):
        if isinstance(part, Arith | IDiv | Neg):
            bounds(part, scope)


def date_bounds(node: Node, scope: Scope) -> tuple[dt.date, dt.date]:
    """First and last day that a date expression can be."""
    match node:
        case Lit(value=dt.date() as value):
            return value, value
        case Ref(name=name):
            column = scope.columns[name]
            assert isinstance(column.low, dt.date) and isinstance(column.high, dt.date), name
            return column.low, column.high
        case Case() | Coalesce() | Extreme():
            parts = [then for _, then in node.whens] + [node.default] if isinstance(node, Case) else list(node.args)
            spans = [date_bounds(part, scope) for part in parts if not (isinstance(part, Lit) and part.value is None)]
            return min(low for low, _ in spans), max(high for _, high in spans)
        case _:
            return FIRST_DAY, LAST_DAY


def _fit(found: Bounds, node: Node) -> Bounds:
    low, high = found
    if low < INT64_MIN or high > INT64_MAX:
        raise ExpressionRefused(
            "E-OVERFLOW",
            describe(node),
            f"can reach {low if low < INT64_MIN else high}, beyond 64 bits: divide earlier, or narrow the facts' ranges",
        )
    return found


def _arith(op: str, left: Bounds, right: Bounds) -> Bounds:
    if op == "+":
        return left[0] + right[0], left[1] + right[1]
    if op == "-":
        return left[0] - right[1], left[1] - right[0]
    if op == "*":
        corners = [x * y for x in left for y in right]
        return min(corners), max(corners)
    return 0, min(left[1], right[1])  # `&` of masks, which are never negative


def _divide(left: Bounds, right: Bounds) -> Bounds:
    low, high = right
    divisors = {each for each in (low, high, -1, 1) if low <= each <= high and each != 0}
    if not divisors:
        return 0, 0
    corners = [truncated(x, y) for x in left for y in divisors]
    if left[0] <= 0 <= left[1]:
        corners.append(0)
    return min(corners), max(corners)


def truncated(left: int, right: int) -> int:
    """Integer division towards zero, as SQL divides integers.

    >>> truncated(-7, 2), truncated(7, 2)
    (-3, 3)
    """
    quotient = abs(left) // abs(right)
    return quotient if (left < 0) == (right < 0) else -quotient


def _unless_null(node: Node, scope: Scope) -> list[Bounds]:
    return [] if isinstance(node, Lit) and node.value is None else [bounds(node, scope)]


def _union(spans: list[Bounds]) -> Bounds:
    return (min(low for low, _ in spans), max(high for _, high in spans)) if spans else (0, 0)


def _extreme(op: str, args: tuple[Node, ...], scope: Scope) -> Bounds:
    spans = [bounds(arg, scope) for arg in args]
    sure = [span for arg, span in zip(args, spans, strict=True) if not nullable(arg, scope)]
    low, high = _union(spans)
    if op == "LEAST":
        return low, min((each for _, each in sure), default=high)
    return max((each for each, _ in sure), default=low), high


def _date_part(part: str, of: Node, scope: Scope) -> Bounds:
    if part == "year":
        first, last = date_bounds(of, scope)
        return first.year, last.year
    return (1, 12) if part == "month" else (1, 31)


def describe(node: Node) -> str:
    """An expression in short, for messages: `income * 10000`."""
    match node:
        case Lit(value=value):
            return repr(value)
        case Ref(name=name):
            return name
        case Arith(op=op, left=left, right=right) | Cmp(op=op, left=left, right=right):
            return f"{describe(left)} {op} {describe(right)}"
        case IDiv(left=left, right=right):
            return f"idiv({describe(left)}, {describe(right)})"
        case Neg(of=of):
            return f"-{describe(of)}"
        case _:
            return f"{type(node).__name__.lower()}({', '.join(describe(child) for child in children(node))})"
