"""The stager: adds named columns to a plan, works out their types and ranges, and collects faults on the way."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from shouxin.engines.policy.errors import ExpressionRefused, Fault, Place, fault
from shouxin.engines.policy.expression import compile_expression
from shouxin.engines.policy.load import Bundle
from shouxin.engines.policy.plan import Assign, Pass, Step
from shouxin.engines.policy.ranges import bounds, check_bounds, date_bounds, nullable
from shouxin.engines.policy.scope import Column, Scope
from shouxin.engines.policy.tables import read_table
from shouxin.engines.policy.tree import (
    INTEGERS,
    NULL,
    Arith,
    Case,
    Cmp,
    Coalesce,
    Extreme,
    IDiv,
    Lit,
    Node,
    Ref,
    Type,
    Value,
    and_,
    walk,
)


class Stager:
    """Holds the scope as it grows from pass to pass."""

    def __init__(self, bundle: Bundle, scope: Scope, faults: list[Fault]) -> None:
        self.bundle = bundle
        self.scope = scope
        self.faults = faults
        self.passes: list[Pass] = []
        self.formulas: dict[str, Node] = {}
        self.product = ""  # the product that the columns now being added are about
        self._steps: list[Step] = []

    def add(self, name: str, node: Node, note: str = "", written: str = "", shown: Node | None = None) -> Ref:
        """Add a column and return the reference to it."""
        try:
            self.scope = self.scope.having(self.column_for(name, node))
        except ExpressionRefused as error:
            self.faults.append(fault(Place(note or name, 1), error.code, error.text, error.right))
            self.scope = self.scope.having(Column(name, node.type, False, 0, 0))
        self._steps.append(Assign(name, node, note, written, shown, self.product))
        return Ref(name, node.type)

    def step(self, step: Step, *columns: Column) -> None:
        """Add a step that is not a plain column, with the columns that it makes."""
        self._steps.append(step)
        self.scope = self.scope.having(*columns)

    def end(self, name: str) -> None:
        """Close the pass that was being built."""
        self.passes.append(Pass(name, tuple(self._steps)))
        self._steps = []

    def column_for(self, name: str, node: Node) -> Column:
        """The column that an expression makes; raises ExpressionRefused (`E-OVERFLOW`)."""
        check_bounds(node, self.scope)
        can_be_null = nullable(node, self.scope)
        if node.type in INTEGERS:
            low, high = bounds(node, self.scope)
            return Column(name, node.type, can_be_null, low, high)
        if node.type is Type.DATE:
            first, last = date_bounds(node, self.scope)
            return Column(name, node.type, can_be_null, first, last)
        return Column(name, node.type, can_be_null, values=enum_values(node, self.scope))

    def compile(self, text: str, place: Place, *wanted: Type) -> Node | None:
        """Compile a bundle's expression; None and a fault when it cannot be."""
        try:
            node = compile_expression(text, self.scope)
            if wanted and node.type not in wanted and not (node == Lit(0, Type.INT) and Type.MONEY in wanted):
                raise ExpressionRefused("E-TYPE", text, f"is {node.type}; {' or '.join(wanted)} is needed here")
        except ExpressionRefused as error:
            self.faults.append(fault(place, error.code, error.text, error.right))
            return None
        return node

    def table(self, name: str, result: Type, place: Place) -> Node | None:
        """A decision table as an expression; None and a fault when there is none."""
        file = self.bundle.tables.get(name)
        if file is None:
            known = ", ".join(sorted(self.bundle.tables)) or "none"
            self.faults.append(fault(place, "E-TABLE", name, f"no tables/{name}.csv; there are: {known}"))
            return None
        found = read_table(file, result, self.scope, self.faults)
        return found.node() if found else None

    def refuse(self, place: Place, code: str, text: object, right: str) -> None:
        """Add a fault."""
        self.faults.append(fault(place, code, text, right))


def enum_values(node: Node, scope: Scope) -> tuple[str, ...]:
    """The strings that an enum expression can be; empty for other types."""
    if node.type is not Type.ENUM:
        return ()
    match node:
        case Ref(name=name):
            return scope.columns[name].values
        case Lit(value=str() as value):
            return (value,)
        case Case(whens=whens, default=default):
            parts = [then for _, then in whens] + [default]
        case Coalesce(args=args):
            parts = list(args)
        case _:
            parts = []
    return tuple(dict.fromkeys(value for part in parts for value in enum_values(part, scope)))


def integer(value: int, kind: Type = Type.INT) -> Lit:
    """A constant."""
    return Lit(value, kind)


def plus(*parts: Node) -> Node:
    """A sum of money; 0 of nothing."""
    found: Node = integer(0, Type.MONEY)
    for part in parts:
        if part != integer(0, Type.MONEY):
            found = part if found == integer(0, Type.MONEY) else Arith("+", found, part, Type.MONEY)
    return found


def minus(left: Node, right: Node) -> Node:
    """A difference of money."""
    return left if right == integer(0, Type.MONEY) else Arith("-", left, right, Type.MONEY)


def least(*parts: Node) -> Node:
    """The smallest; itself when there is one."""
    return parts[0] if len(parts) == 1 else Extreme("LEAST", parts, parts[0].type)


def when(*branches: tuple[Node, Node], otherwise: Node = NULL) -> Node:
    """CASE, without branches that cannot be reached."""
    whens: list[tuple[Node, Node]] = []
    for test, then in branches:
        if test == Lit(False, Type.BOOL):
            continue
        if test == Lit(True, Type.BOOL):
            return Case(tuple(whens), then, then.type) if whens else then
        whens.append((test, then))
    kind = next((then.type for _, then in whens), otherwise.type)
    return Case(tuple(whens), otherwise, kind) if whens else otherwise


def cut(of: Node, cuts: Sequence[tuple[int, Node]], rest: Node) -> Node:
    """The value of the first cut that `of` lies below, as a balanced tree of comparisons.

    cuts: (exclusive upper bound, value), ascending.
    """
    if not cuts:
        return rest
    middle = len(cuts) // 2
    bound = integer(cuts[middle][0], of.type if of.type in INTEGERS else Type.INT)
    low = cut(of, cuts[:middle], cuts[middle][1])
    high = cut(of, cuts[middle + 1 :], rest)
    return Case(((Cmp("<", of, bound), low),), high, rest.type)


def within(since: dt.date | None, until: dt.date | None) -> Node:
    """The condition that the assessment's date lies in a window; the last day is included."""
    as_of = Ref("as_of", Type.DATE)
    tests = [Cmp(">=", as_of, Lit(since, Type.DATE))] if since else []
    return and_(*tests, *([Cmp("<=", as_of, Lit(until, Type.DATE))] if until else []))


def rounded_down(of: Node, step: int) -> Node:
    """A multiple of a step, not above `of`, which is not negative."""
    if step == 1:
        return of
    return Arith("*", IDiv(of, integer(step), of.type), integer(step), of.type)


def possible(node: Node) -> frozenset[Value] | None:
    """The constants that an expression can be, NULL left out; None when it is not built from constants alone."""
    match node:
        case Lit(value=value):
            return frozenset() if value is None else frozenset({value})
        case Case(whens=whens, default=default):
            parts = [possible(then) for _, then in whens] + [possible(default)]
        case Coalesce(args=args):
            parts = [possible(arg) for arg in args]
        case _:
            return None
    return None if any(part is None for part in parts) else frozenset(value for part in parts if part for value in part)


def mentions(node: Node, names: frozenset[str]) -> bool:
    """Whether an expression reads one of the names directly."""
    return any(isinstance(part, Ref) and part.name in names for part in walk(node))


NO_MONEY = integer(0, Type.MONEY)
