"""The language's own functions, each built from nodes on which every engine agrees."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from shouxin.engines.policy.errors import ExpressionRefused
from shouxin.engines.policy.ranges import bounds, describe
from shouxin.engines.policy.scope import Scope
from shouxin.engines.policy.tree import INTEGERS, NULL, ZERO, Arith, Case, Cmp, DatePart, IDiv, Lit, Neg, Node, Type


def idiv(_scope: Scope, left: Node, right: Node) -> Node:
    """idiv(a, b): a divided by b, towards zero; NULL when b is 0. Money by an integer is money; like by like, an integer."""
    _integers("idiv", left, right)
    if right == ZERO:
        raise ExpressionRefused("E-NULL", "idiv(..., 0)", "is always NULL")
    if right.type is Type.INT:
        return IDiv(left, right, left.type)
    if left.type is right.type:
        return IDiv(left, right, Type.INT)
    raise ExpressionRefused("E-TYPE", f"idiv({describe(left)}, {describe(right)})", f"{left.type} by {right.type} has no meaning")


def ratio_bp(scope: Scope, part: Node, whole: Node) -> Node:
    """ratio_bp(a, b): a/b in 1/10,000, halves rounded away from zero; NULL unless b > 0."""
    _integers("ratio_bp", part, whole)
    if part.type is not whole.type:
        raise ExpressionRefused("E-TYPE", f"ratio_bp({describe(part)}, {describe(whole)})", "both sides need the same type")

    def rounded(value: Node) -> Node:
        doubled = Arith("*", value, Lit(10_000, Type.INT), value.type)
        return IDiv(Arith("+", doubled, IDiv(whole, Lit(2, Type.INT), whole.type), value.type), whole, Type.BP, guarded=True)

    ratio = rounded(part)
    if bounds(part, scope)[0] < 0:
        below = Neg(rounded(Neg(part, part.type)), Type.BP)
        ratio = Case(((Cmp("<", part, ZERO), below),), ratio, Type.BP)
    if bounds(whole, scope)[0] > 0:
        return ratio
    return Case(((Cmp(">", whole, ZERO), ratio),), NULL, Type.BP)


def age_years(_scope: Scope, birth: Node, on: Node) -> Node:
    """age_years(birth, on): full years; someone born on 29 February is a year older on 1 March."""
    _dates("age_years", birth, on)
    return IDiv(Arith("-", _day_number(on), _day_number(birth), Type.INT), Lit(10_000, Type.INT), Type.INT)


def months_elapsed(_scope: Scope, since: Node, on: Node) -> Node:
    """months_elapsed(since, on): full months; the month counts from the same day of the month on."""
    _dates("months_elapsed", since, on)
    years = Arith("-", DatePart("year", on), DatePart("year", since), Type.INT)
    months = Arith("-", DatePart("month", on), DatePart("month", since), Type.INT)
    early = Case(((Cmp("<", DatePart("day", on), DatePart("day", since)), Lit(1, Type.INT)),), ZERO, Type.INT)
    whole = Arith("+", Arith("*", years, Lit(12, Type.INT), Type.INT), months, Type.INT)
    return Arith("-", whole, early, Type.INT)


def amount(value: Decimal) -> Lit:
    """amount(3000) or amount(12.50): money, in major units with at most two decimals."""
    return Lit(_scaled(value, 100, "amount", "at most two decimals"), Type.MONEY)


def pct(value: Decimal) -> Lit:
    """pct(24) or pct(7.3): a rate in bp, with at most two decimals."""
    return Lit(_scaled(value, 100, "pct", "at most two decimals"), Type.BP)


MACROS: Mapping[str, tuple[int, Callable[..., Node]]] = {
    "idiv": (2, idiv),
    "ratio_bp": (2, ratio_bp),
    "age_years": (2, age_years),
    "months_elapsed": (2, months_elapsed),
}
LITERALS: Mapping[str, Callable[[Decimal], Lit]] = {"amount": amount, "pct": pct}


def _day_number(date: Node) -> Node:
    year = Arith("*", DatePart("year", date), Lit(10_000, Type.INT), Type.INT)
    month = Arith("*", DatePart("month", date), Lit(100, Type.INT), Type.INT)
    return Arith("+", Arith("+", year, month, Type.INT), DatePart("day", date), Type.INT)


def _scaled(value: Decimal, factor: int, name: str, right: str) -> int:
    scaled = value * factor
    if scaled != scaled.to_integral_value():
        raise ExpressionRefused("E-NUMBER", f"{name}({value})", right)
    return int(scaled)


def _integers(name: str, *args: Node) -> None:
    for arg in args:
        if arg.type not in INTEGERS:
            raise ExpressionRefused("E-TYPE", describe(arg), f"is {arg.type}; {name} needs integers")


def _dates(name: str, *args: Node) -> None:
    for arg in args:
        if arg.type is not Type.DATE:
            raise ExpressionRefused("E-TYPE", describe(arg), f"is {arg.type}; {name} needs dates")
