"""A made-up customer: facts, and every value of a policy that follows from them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping

from shouxin.engines.policy.plain import evaluate
from shouxin.engines.policy.plan import Plan
from shouxin.engines.policy.tree import Cmp, In, Lit, Node, Ref, Value, walk


class Customer(Mapping[str, Value]):
    """Values by column; those that follow from others are worked out when first read, by the plain evaluator.

    given: the facts and parameters
    known: values that somebody has worked out already
    """

    __slots__ = ("_definitions", "_known", "given")

    def __init__(
        self, definitions: Mapping[str, Node], given: Mapping[str, Value], known: Mapping[str, Value] | None = None
    ) -> None:
        self.given = dict(given)
        self._definitions = definitions
        self._known: dict[str, Value] = {**(known or {}), **given}

    def __getitem__(self, name: str) -> Value:
        if name not in self._known:
            self._known[name] = evaluate(self._definitions[name], self)
        return self._known[name]

    def __iter__(self) -> Iterator[str]:
        return iter({**self._definitions, **self.given})

    def __len__(self) -> int:
        return len({**self._definitions, **self.given})


def with_fresh_days(plan: Plan, given: Mapping[str, Value]) -> dict[str, Value]:
    """The same facts with the days that depend on `as_of` alone."""
    as_of = given["as_of"]
    assert isinstance(as_of, dt.date)
    return {**given, **{name: as_of - dt.timedelta(days=days) for name, days in plan.fresh}}


def constants(nodes: Iterable[Node]) -> dict[str, set[Value]]:
    """The constants that each column is compared with.

    >>> from shouxin.engines.policy.tree import Type
    >>> constants([Cmp("<", Ref("age", Type.INT), Lit(18, Type.INT))])
    {'age': {18}}
    """
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
