"""Made-up customers: facts within their declared ranges, and every value of a policy that follows from them.

The static checks look for a customer who refutes a claim before they try to prove it: most claims fall at once.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable, Iterator, Mapping

from shouxin.engines.policy.plain import evaluate
from shouxin.engines.policy.plan import Assign, Plan, Rules
from shouxin.engines.policy.scope import Column
from shouxin.engines.policy.stage_facts import AS_OF, FOUND
from shouxin.engines.policy.tree import INTEGERS, Cmp, In, Lit, Node, Ref, Type, Value, walk

DAYS = (dt.date(2026, 7, 1), dt.date(2024, 2, 29), dt.date(2026, 12, 31), dt.date(2020, 1, 1), dt.date(2031, 3, 1))
AGES_IN_DAYS = (0, 1, 29, 30, 31, 90, 180, 365, 366, 1_000, 6_574, 6_575, 10_000, 15_000, 23_741, 25_000)


class Customer(Mapping[str, Value]):
    """Values by column; those that follow from others are worked out when first read, by the plain evaluator."""

    __slots__ = ("_definitions", "_known", "given")

    def __init__(self, definitions: Mapping[str, Node], given: Mapping[str, Value]) -> None:
        self.given = dict(given)
        self._definitions = definitions
        self._known: dict[str, Value] = dict(given)

    def __getitem__(self, name: str) -> Value:
        if name not in self._known:
            self._known[name] = evaluate(self._definitions[name], self)
        return self._known[name]

    def __iter__(self) -> Iterator[str]:
        return iter({**self._definitions, **self.given})

    def __len__(self) -> int:
        return len({**self._definitions, **self.given})


def definitions(plan: Plan) -> dict[str, Node]:
    """Every column that follows from others, in the order in which they are worked out."""
    return {step.name: step.node for each in plan.passes for step in each.steps if isinstance(step, Assign)}


def with_fresh_days(plan: Plan, given: Mapping[str, Value]) -> dict[str, Value]:
    """The same facts with the days that depend on `as_of` alone."""
    as_of = given["as_of"]
    assert isinstance(as_of, dt.date)
    return {**given, **{name: as_of - dt.timedelta(days=days) for name, days in plan.fresh}}


def constants(nodes: Iterable[Node]) -> dict[str, set[Value]]:
    """The constants that each column is compared with."""
    found: dict[str, set[Value]] = {}
    for part in (part for node in nodes for part in walk(node)):
        match part:
            case Cmp(left=Ref(name=name), right=Lit(value=value)) | Cmp(left=Lit(value=value), right=Ref(name=name)):
                found.setdefault(name, set()).add(value)
            case In(of=Ref(name=name), values=values):
                found.setdefault(name, set()).update(values)
            case _:
                pass
    return found


def customers(plan: Plan, count: int, seed: int = 7) -> list[Customer]:
    """The same random customers each time: values at cut points and beside them, some facts missing."""
    known = definitions(plan)
    rules = [rule.node for each in plan.passes for step in each.steps if isinstance(step, Rules) for rule in step.rules]
    cuts = constants([*known.values(), *rules])
    source = random.Random(seed)
    made = []
    for index in range(count):
        as_of = DAYS[0] if index % 2 == 0 else source.choice(_days(cuts.get("as_of", set())))
        missing = (0.0, 0.02, 0.15, 0.4)[index % 4]
        given: dict[str, Value] = {"as_of": as_of}
        for each in plan.inputs:
            column = plan.scope.columns[each.name]
            near = cuts.get(each.name, set()) | cuts.get(each.fact, set())
            given[each.name] = None if column.nullable and source.random() < missing else _draw(column, near, as_of, source)
        made.append(Customer(known, with_fresh_days(plan, given)))
    return made


def _days(cuts: set[Value]) -> list[dt.date]:
    """Days of assessment: ordinary ones, and those at which something begins or ends."""
    edges = [cut + dt.timedelta(days=shift) for cut in cuts if isinstance(cut, dt.date) for shift in (-1, 0, 1)]
    assert isinstance(AS_OF.low, dt.date) and isinstance(AS_OF.high, dt.date)
    return [day for day in (*DAYS, *edges) if AS_OF.low <= day <= AS_OF.high]


def _draw(column: Column, cuts: set[Value], as_of: dt.date, source: random.Random) -> Value:
    if column.type is Type.BOOL:
        return source.random() < 0.3
    if column.type is Type.ENUM:
        return FOUND if FOUND in column.values and source.random() < 0.7 else source.choice(column.values)
    if column.type is Type.DATE:
        return _date(column, cuts, as_of, source)
    if column.type is Type.DOUBLE:
        numbers = sorted(cut for cut in cuts if isinstance(cut, float)) or [0.0]
        return source.choice(numbers) + source.choice((-1.0, -0.01, 0.0, 0.01, 1.0))
    assert column.type in INTEGERS
    low, high = int(str(column.low)), int(str(column.high))
    edges = [cut + shift for cut in cuts if isinstance(cut, int) for shift in (-1, 0, 1)]
    spread = low + int((high - low) * source.random() ** source.choice((1, 4, 12)))
    return min(max(source.choice([*edges, spread, spread, low, low, high]), low), high)


def _date(column: Column, cuts: set[Value], as_of: dt.date, source: random.Random) -> dt.date:
    assert isinstance(column.low, dt.date) and isinstance(column.high, dt.date)
    edges = [cut for cut in cuts if isinstance(cut, dt.date)]
    before = as_of - dt.timedelta(days=source.choice(AGES_IN_DAYS) if source.random() < 0.7 else source.randint(0, 25_000))
    ahead = as_of + dt.timedelta(days=source.choice((1, 30, 400)))
    return min(max(source.choice([before, before, before, before, ahead, *edges]), column.low), column.high)
