"""Every fact of a catalogue as it stands for a customer on a day, for people who look. Read first: `seen_facts`.

What a policy makes of a value (too old, no record) is not worked out here a second time: the policy's own columns are evaluated.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from shouxin.book.facts.known import Known
from shouxin.book.facts.snapshots import Given
from shouxin.book.facts.values import came_in as value_of
from shouxin.engines.policy.compile import Policy
from shouxin.engines.policy.plain import evaluate
from shouxin.engines.policy.plan import Input
from shouxin.engines.policy.read import MISSING
from shouxin.engines.policy.tree import Value


@dataclass(frozen=True, slots=True)
class FactSeen:
    """One fact on a day.

    came:     the value that came in, as stored; the bundle's `if_absent` where nothing did; None where there is none
    counts:   the value that the policy reads: None where the source did not answer or its answer is too old
    given:    where it came from; None where nobody gave it
    age_days: from the day that it speaks of
    """

    each: Input
    came: Value = field(repr=False)
    counts: Value = field(repr=False)
    given: Given | None
    age_days: int | None

    @property
    def required(self) -> bool:
        """Whether no decision can be made without it."""
        return not self.each.column.nullable


def seen_facts(policy: Policy, known: Known) -> tuple[FactSeen, ...]:
    """The facts in the order of the catalogue."""
    came = came_in(policy, known)
    values = _Columns(policy, came, known.as_of)
    return tuple(_seen(each, came, values, known) for each in policy.plan.inputs)


def came_in(policy: Policy, known: Known) -> dict[str, Value]:
    """Fact -> what came in, as stored; None where nothing did, also where the catalogue requires it."""
    return {each.fact: _came(each, known) for each in policy.plan.inputs}


def _came(each: Input, known: Known) -> Value:
    given = known.given.get(each.fact)
    return value_of(each, MISSING if given is None else given.value)


def _seen(each: Input, came: Mapping[str, Value], values: Mapping[str, Value], known: Known) -> FactSeen:
    given = known.given.get(each.fact)
    age = (known.as_of - given.observed).days if given else None
    return FactSeen(each, came[each.fact], values[each.fact], given, age)


class _Columns(dict[str, Value]):
    """What came in, and columns of the policy when they are asked for."""

    def __init__(self, policy: Policy, came: Mapping[str, Value], as_of: dt.date) -> None:
        super().__init__((each.name, came[each.fact]) for each in policy.plan.inputs)
        self["as_of"] = as_of
        self.update(zip((name for name, _ in policy.plan.fresh), policy.fresh_days(as_of), strict=True))
        self._columns = policy.columns

    def __missing__(self, name: str) -> Value:
        value: Value = evaluate(self._columns[name], self)
        self[name] = value
        return value
