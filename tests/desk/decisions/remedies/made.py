"""Customers of whom some get a product and some do not: those of the shipped cases, with one to four facts changed at random."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Mapping
from importlib import resources
from typing import Any

import yaml

from shouxin.engines.policy.compile import Policy
from shouxin.engines.policy.customer import constants
from shouxin.engines.policy.cuts import regions
from shouxin.engines.policy.plan import Input
from shouxin.engines.policy.read import Facts, read_facts
from shouxin.engines.policy.tree import INTEGERS, Type, Value

AS_OF = dt.date(2026, 7, 1)
PEOPLE: Mapping[str, Mapping[str, Any]] = yaml.safe_load(
    resources.files("shouxin.bundles").joinpath("standard/cases/profiles.yaml").read_text("utf-8")
)


def facts_of(policy: Policy, name: str, **changes: Any) -> Facts:
    """Somebody of the shipped cases as of `AS_OF`, but for some changes."""
    observed = {day for _, day in policy.plan.sources.values() if day is not None}
    fresh = {day: AS_OF.isoformat() for day in observed & PEOPLE[name].keys()}
    return read_facts(policy.plan, {**PEOPLE[name], **fresh, **changes})


def customers(policy: Policy, count: int, seed: object) -> Iterator[Facts]:
    """So many customers, the same for the same seed."""
    draw = random.Random(f"{seed}")
    nodes = [*policy.columns.values(), *(rule.node for rule in policy.plan.rules)]
    found = constants(nodes)
    place = {each.fact: index for index, each in enumerate(policy.plan.inputs)}
    observed = {day for _, day in policy.plan.sources.values()}
    inputs = [each for each in policy.plan.inputs if each.fact not in observed]
    for _ in range(count):
        facts = facts_of(policy, draw.choice(sorted(PEOPLE)))
        values = dict(facts)
        for each in draw.sample(inputs, draw.randint(1, 4)):
            cuts = found.get(each.name, set()) | found.get(each.fact, set())
            if cuts or each.column.type in (Type.BOOL, Type.ENUM):
                values[each.fact] = _near(draw, each, cuts)
        yield Facts(place, tuple(values[each.fact] for each in policy.plan.inputs))


def _near(draw: random.Random, each: Input, cuts: set[Value]) -> Value:
    """A value at which something may turn, or one beside it."""
    column = each.column
    if column.type is Type.BOOL:
        return draw.random() < 0.5
    value = draw.choice([one for one in regions(column, cuts) if one is not None] or [None])
    if column.type in INTEGERS and isinstance(value, int):
        return min(max(value + draw.choice((-1, 0, 0, 1)), int(str(column.low))), int(str(column.high)))
    return value
