"""Sorted-cut reasoning: exact answers about conditions that compare columns with constants.

The constants cut a column's range into regions; inside one region no condition changes, so one value out of each
region stands for all of it, and NULL is one region more. What has few regions is simply looked at, all of it.
"""

from __future__ import annotations

import datetime as dt
import itertools
import math
from collections.abc import Iterable, Mapping, Sequence

from shouxin.engines.policy.customer import Customer, constants
from shouxin.engines.policy.plain import evaluate
from shouxin.engines.policy.scope import Column, Scope
from shouxin.engines.policy.tree import (
    And,
    Case,
    Cmp,
    Coalesce,
    In,
    IsNull,
    Lit,
    Node,
    Not,
    Or,
    Ref,
    Type,
    Value,
    children,
    refs,
)

MAX_POINTS = 4_000


def regions(column: Column, cuts: Iterable[Value]) -> tuple[Value, ...]:
    """One value out of each region that the cuts make of a column's range; None last where it can be NULL.

    >>> regions(Column("age", Type.INT, True, 0, 120), [18, 60])
    (0, 18, 19, 60, 61, None)
    """
    found: list[Value]
    if column.type is Type.BOOL:
        found = [False, True]
    elif column.type is Type.ENUM:
        found = list(column.values)
    elif column.type is Type.DOUBLE:
        found = list(_of_doubles(sorted({float(str(cut)) for cut in cuts})))
    elif column.type is Type.DATE:
        assert isinstance(column.low, dt.date) and isinstance(column.high, dt.date)
        ordinals = [cut.toordinal() for cut in cuts if isinstance(cut, dt.date)]
        found = [dt.date.fromordinal(each) for each in _of_integers(column.low.toordinal(), column.high.toordinal(), ordinals)]
    else:
        low, high = int(str(column.low)), int(str(column.high))
        found = list(_of_integers(low, high, [cut for cut in cuts if isinstance(cut, int)]))
    return (*found, None) if column.nullable else tuple(found)


def _of_integers(low: int, high: int, cuts: list[int]) -> list[int]:
    return sorted({each for each in (low, *cuts, *(cut + 1 for cut in cuts)) if low <= each <= high})


def _of_doubles(cuts: list[float]) -> list[float]:
    if not cuts:
        return [0.0]
    between = [low + (high - low) / 2 for low, high in itertools.pairwise(cuts)]
    below, above = math.nextafter(cuts[0], -math.inf), math.nextafter(cuts[-1], math.inf)
    return sorted({below, *cuts, *between, above})


def by_cuts(node: Node) -> bool:
    """Whether a condition is built from comparisons with constants alone: of columns, or of what goes by such steps.

    >>> by_cuts(Cmp("<", Ref("age", Type.INT), Lit(18, Type.INT)))
    True
    """
    match node:
        case Lit() | Ref(type=Type.BOOL):
            return True
        case Cmp(left=Ref(), right=Lit()) | Cmp(left=Lit(), right=Ref()) | In(of=Ref()) | IsNull(of=Ref()):
            return True
        case Cmp(left=left, right=right):
            return stepwise(left) and stepwise(right)
        case IsNull(of=Case() as of) if of.type is not Type.BOOL:
            return stepwise(of)
        case And() | Or() | Not() | IsNull() | Coalesce(type=Type.BOOL) | Case(type=Type.BOOL):
            return all(child.type in (Type.BOOL, Type.NULL) and by_cuts(child) for child in children(node))
        case _:
            return False


def stepwise(node: Node) -> bool:
    """Whether a value takes constants by cuts of other columns, as the tier does of the score."""
    match node:
        case Lit():
            return True
        case Case(whens=whens, default=default):
            return stepwise(default) and all(by_cuts(test) and stepwise(then) for test, then in whens)
        case _:
            return False


class CutReasoner:
    """Decides conjunctions over the columns of a scope.

    definitions: what follows from other columns; a stepwise one is followed, any other is taken as free in its range
    inputs:      columns that can take any value of their range, whatever the others are
    """

    def __init__(self, scope: Scope, definitions: Mapping[str, Node], inputs: frozenset[str]) -> None:
        self._scope = scope
        self._stepwise = {name: node for name, node in definitions.items() if stepwise(node)}
        self._inputs = inputs

    def decide(self, conjuncts: Sequence[Node]) -> Mapping[str, Value] | bool | None:
        """False: never TRUE together. Values: TRUE for these inputs, whatever the others are. None: not decided."""
        found: dict[str, Value] = {}
        sure = True
        for part in _components([(self._roots(node), node) for node in conjuncts]):
            roots = frozenset(name for names, _ in part for name in names)
            point = self._look(roots, [node for _, node in part])
            if point is False:
                return False
            if isinstance(point, Mapping) and roots <= self._inputs:
                found |= point
            else:
                sure = False
        return found if sure else None

    def _roots(self, node: Node) -> frozenset[str]:
        """The columns whose values decide a condition, stepwise definitions followed."""
        return frozenset(name for each in self._unfolded(node) for name in refs(each) if name not in self._stepwise)

    def _unfolded(self, node: Node) -> list[Node]:
        """A condition with the stepwise definitions that it rests on."""
        names = [name for name in refs(node) if name in self._stepwise]
        return [node, *(each for name in names for each in self._unfolded(self._stepwise[name]))]

    def _look(self, roots: frozenset[str], nodes: list[Node]) -> Mapping[str, Value] | bool | None:
        """A point at which all are TRUE, or False; None when there are too many, or conditions beyond cuts."""
        if not all(by_cuts(node) for node in nodes):
            nodes = [node for node in nodes if by_cuts(node)]
            point = self._look(frozenset(name for node in nodes for name in self._roots(node)), nodes) if nodes else None
            return False if point is False else None  # fewer conditions: only "never" carries over
        cuts = constants(each for node in nodes for each in self._unfolded(node))
        names = sorted(roots)
        values = [regions(self._scope.columns[name], cuts.get(name, ())) for name in names]
        if math.prod(len(each) for each in values) > MAX_POINTS:
            return None
        for each in itertools.product(*values):
            customer = Customer(self._stepwise, dict(zip(names, each, strict=True)))
            if all(evaluate(node, customer) is True for node in nodes):
                return customer.given
        return False


def _components(parts: list[tuple[frozenset[str], Node]]) -> list[list[tuple[frozenset[str], Node]]]:
    """Conditions that share columns, directly or through others, together."""
    groups: list[tuple[frozenset[str], list[tuple[frozenset[str], Node]]]] = []
    for names, node in parts:
        linked = [group for group in groups if group[0] & names]
        merged = [(names, node), *(each for _, members in linked for each in members)]
        joined = names.union(*(group[0] for group in linked))
        groups = [group for group in groups if group not in linked] + [(joined, merged)]
    return [members for _, members in groups]
