"""The typed tree in the language of z3, three-valued as the tree is.

Products and quotients of two columns are beyond what z3 decides quickly. They are taken as free within their bounds,
which can only add customers: "never" stays true, and an example must be evaluated again. Or one side is fixed.
"""

from __future__ import annotations

import datetime as dt
import functools
import operator
from collections.abc import Callable, Mapping
from fractions import Fraction
from types import ModuleType
from typing import Any

from shouxin.engines.policy.ranges import bounds
from shouxin.engines.policy.scope import Scope
from shouxin.engines.policy.tree import (
    And,
    Arith,
    Case,
    Cmp,
    Coalesce,
    DatePart,
    Extreme,
    IDiv,
    In,
    IsNull,
    Lit,
    Neg,
    Node,
    Not,
    Or,
    Ref,
    Type,
    Value,
    refs,
)
from shouxin.engines.policy.unknowns import Formula, Number, Truth, Unknowns, key

NOT_INSTALLED = "z3 is not installed (pip install 'shouxin[check]')"
COMPARE: Mapping[str, Callable[[Any, Any], Any]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def load_z3() -> ModuleType | None:
    """z3, or None where it is not installed."""
    try:
        import z3
    except ImportError:
        return None
    return z3  # type: ignore[no-any-return]


class Translation:
    """One question to z3.

    definitions: columns that follow from others; the rest are free within their ranges
    fixed:       parts that are given a value, so that products and quotients with them can be decided
    exact:       give z3 the products and quotients that are left; else they are free, and `freed` says so
    """

    def __init__(
        self, z3: ModuleType, scope: Scope, definitions: Mapping[str, Node], fixed: Mapping[Node, Value], *, exact: bool
    ) -> None:
        self.z3: Any = z3
        self.scope = scope
        self.definitions = definitions
        self.fixed = fixed
        self.exact = exact
        self.unknowns = Unknowns(z3)
        self.constraints = self.unknowns.constraints
        self.pivots: dict[Node, None] = {}
        self.freed = False
        self._columns: dict[str, Number | Truth] = {}
        self._numbers: dict[tuple[Node, bool], Number] = {}
        self._truths: dict[Node, Truth] = {}
        self._yes, self._no = self.z3.BoolVal(True), self.z3.BoolVal(False)

    # -- columns ------------------------------------------------------------------------------------------------------

    def column(self, name: str) -> Number | Truth:
        """The unknowns of a column, with its range and its definition as constraints."""
        if name not in self._columns:
            column = self.scope.columns[name]
            self._columns[name] = made = self.unknowns.of(column)
            if name in self.definitions:
                self._define(made, self.definitions[name])
        return self._columns[name]

    def _define(self, made: Number | Truth, node: Node) -> None:
        z3 = self.z3
        if isinstance(made, Truth):
            meant = self.truth(node)
            self.constraints += [made.true == meant.true, made.false == meant.false]
            return
        value = self.number(node, node.type)
        equal = z3.And([left == right for left, right in zip(made.parts, value.parts, strict=True)])
        self.constraints += [made.null == value.null, z3.Implies(z3.Not(value.null), equal)]

    def seen(self) -> frozenset[str]:
        """The columns that the question rests on."""
        return frozenset(self._columns)

    def before(self, early: str, late: str) -> None:
        """Say that one date is not after another."""
        first, second = self.column(early), self.column(late)
        assert isinstance(first, Number) and isinstance(second, Number)
        self.constraints.append(key(first.parts) <= key(second.parts))

    # -- conditions ---------------------------------------------------------------------------------------------------

    def truth(self, node: Node) -> Truth:
        """A condition."""
        if node not in self._truths:
            self._truths[node] = self._truth(node)
        return self._truths[node]

    def _truth(self, node: Node) -> Truth:
        z3 = self.z3
        match node:
            case Lit(value=value):
                return Truth(z3.BoolVal(value is True), z3.BoolVal(value is False))
            case Ref(name=name):
                found = self.column(name)
                assert isinstance(found, Truth)
                return found
            case And(args=args):
                parts = [self.truth(arg) for arg in args]
                return Truth(z3.And([part.true for part in parts]), z3.Or([part.false for part in parts]))
            case Or(args=args):
                parts = [self.truth(arg) for arg in args]
                return Truth(z3.Or([part.true for part in parts]), z3.And([part.false for part in parts]))
            case Not(of=of):
                part = self.truth(of)
                return Truth(part.false, part.true)
            case IsNull(of=of):
                null = self.null(of)
                return Truth(null, z3.Not(null))
            case Cmp():
                return self._compare(node)
            case In(of=of, values=values):
                number = self.number(of, of.type)
                same = z3.Or([self._same(number, self._constant(value, of.type)) for value in values])
                return Truth(z3.And(same, z3.Not(number.null)), z3.And(z3.Not(same), z3.Not(number.null)))
            case Case(whens=whens, default=default):
                chosen = self.truth(default)
                for test, then in reversed(whens):
                    chosen = self._if_truth(self.truth(test).true, self.truth(then), chosen)
                return chosen
            case Coalesce(args=args):
                chosen = self.truth(args[-1])
                for arg in reversed(args[:-1]):
                    chosen = self._if_truth(self.null(arg), chosen, self.truth(arg))
                return chosen
            case _:
                raise TypeError(f"{type(node).__name__} is not a condition")

    def null(self, node: Node) -> Formula:
        """That an expression is NULL."""
        if isinstance(node, Lit):
            return self.z3.BoolVal(node.value is None)
        if node.type is Type.BOOL:
            truth = self.truth(node)
            return self.z3.Not(self.z3.Or(truth.true, truth.false))
        return self.number(node, node.type).null

    def _if_truth(self, test: Formula, then: Truth, other: Truth) -> Truth:
        return Truth(self.z3.If(test, then.true, other.true), self.z3.If(test, then.false, other.false))

    def _compare(self, node: Cmp) -> Truth:
        z3 = self.z3
        if Type.BOOL in (node.left.type, node.right.type):
            left, right = self.truth(node.left), self.truth(node.right)
            same = z3.Or(z3.And(left.true, right.true), z3.And(left.false, right.false))
            apart = z3.Or(z3.And(left.true, right.false), z3.And(left.false, right.true))
            return Truth(same, apart) if node.op == "=" else Truth(apart, same)
        kind = node.left.type if node.left.type is not Type.NULL else node.right.type
        one, other = self.number(node.left, kind), self.number(node.right, kind)
        holds = COMPARE[node.op](key(one.parts), key(other.parts))
        known = z3.Not(z3.Or(one.null, other.null))
        return Truth(z3.And(holds, known), z3.And(z3.Not(holds), known))

    # -- values -------------------------------------------------------------------------------------------------------

    def number(self, node: Node, kind: Type) -> Number:
        """A value; `kind` says what a bare NULL stands for."""
        key = (node, kind is Type.DATE)
        if key not in self._numbers:
            self._numbers[key] = self._number(node, kind)
        return self._numbers[key]

    def _number(self, node: Node, kind: Type) -> Number:
        z3 = self.z3
        match node:
            case Lit(value=None):
                zero = z3.RealVal(0) if kind is Type.DOUBLE else z3.IntVal(0)
                return Number((zero,) * (3 if kind is Type.DATE else 1), self._yes)
            case Lit(value=value):
                return Number(self._constant(value, kind), self._no)
            case Ref(name=name):
                found = self.column(name)
                assert isinstance(found, Number)
                return self._held(node, found)
            case Neg(of=of):
                negative = self.number(of, kind)
                return Number((-negative.parts[0],), negative.null)
            case DatePart(part=part, of=of):
                date = self.number(of, Type.DATE)
                return Number((date.parts[("year", "month", "day").index(part)],), date.null)
            case Arith() | IDiv():
                return self._calculated(node)
            case Case(whens=whens, default=default):
                chosen = self.number(default, kind)
                for test, then in reversed(whens):
                    chosen = self._if(self.truth(test).true, self.number(then, kind), chosen)
                return chosen
            case Coalesce(args=args):
                chosen = self.number(args[-1], kind)
                for arg in reversed(args[:-1]):
                    first = self.number(arg, kind)
                    chosen = self._if(first.null, chosen, first)
                return chosen
            case Extreme(op=op, args=args):
                return functools.reduce(self._better(op), [self.number(arg, kind) for arg in args])
            case _:
                raise TypeError(f"{type(node).__name__} is not a value")

    def _constant(self, value: Value, kind: Type) -> tuple[Formula, ...]:
        z3 = self.z3
        if isinstance(value, dt.date):
            return z3.IntVal(value.year), z3.IntVal(value.month), z3.IntVal(value.day)
        if isinstance(value, str):
            return (z3.IntVal(self.unknowns.number_of(value)),)
        if kind is Type.DOUBLE:
            exact = Fraction(float(str(value)))
            return (z3.RealVal(f"{exact.numerator}/{exact.denominator}"),)
        assert isinstance(value, int)
        return (z3.IntVal(value),)

    def _same(self, number: Number, parts: tuple[Formula, ...]) -> Formula:
        return self.z3.And([left == right for left, right in zip(number.parts, parts, strict=True)])

    def _if(self, test: Formula, then: Number, other: Number) -> Number:
        parts = tuple(self.z3.If(test, left, right) for left, right in zip(then.parts, other.parts, strict=True))
        return Number(parts, self.z3.If(test, then.null, other.null))

    def _better(self, op: str) -> Callable[[Number, Number], Number]:
        z3, before = self.z3, COMPARE["<" if op == "LEAST" else ">"]

        def pick(left: Number, right: Number) -> Number:
            take = z3.Or(left.null, z3.And(z3.Not(right.null), before(key(right.parts), key(left.parts))))
            return Number(self._if(take, right, left).parts, z3.And(left.null, right.null))

        return pick

    # -- arithmetic ---------------------------------------------------------------------------------------------------

    def _calculated(self, node: Arith | IDiv) -> Number:
        z3 = self.z3
        left, right = self.number(node.left, node.type), self.number(node.right, node.type)
        null = z3.Or(left.null, right.null)
        if isinstance(node, IDiv):
            null = z3.Or(null, right.parts[0] == 0)
        elif node.op in ("+", "-"):
            return Number(((operator.add if node.op == "+" else operator.sub)(left.parts[0], right.parts[0]),), null)
        if isinstance(node, Arith) and node.op != "*":
            return Number((self._free(node),), null)
        pivot = node.left if isinstance(node, Arith) and self._settled(node.left) else node.right
        if not self._settled(pivot):
            self.pivots[pivot] = None
            if not self.exact:
                return Number((self._free(node),), null)
        x, y = (z3.simplify(self._held(*side).parts[0]) for side in ((node.left, left), (node.right, right)))
        return Number((self._quotient(x, y) if isinstance(node, IDiv) else x * y,), null)

    def _settled(self, node: Node) -> bool:
        return node in self.fixed or not refs(node)

    def _held(self, node: Node, number: Number) -> Number:
        """A value that was fixed, as that constant; z3 is told that it is."""
        if node not in self.fixed:
            return number
        parts = self._constant(self.fixed[node], node.type)
        self.constraints.append(self.z3.Or(number.null, self._same(number, parts)))
        return Number(parts, number.null)

    def _free(self, node: Node) -> Formula:
        """An unknown within the bounds of an expression, in its place."""
        self.freed = True
        low, high = bounds(node, self.scope)
        made = self.z3.Int(f"free {len(self._numbers)} {len(self.constraints)}")
        self.constraints += [made >= low, made <= high]
        return made

    def _quotient(self, left: Formula, right: Formula) -> Formula:
        """Towards zero. z3 divides so that the remainder is never negative."""
        z3 = self.z3

        def size(of: Formula) -> Formula:
            return z3.If(of < 0, -of, of)

        quotient = size(left) / size(right)
        return z3.If((left < 0) == (right < 0), quotient, -quotient)
