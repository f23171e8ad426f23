"""Which facts are missing where a rule or a ceiling could not be worked out, and why each is missing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from shouxin.engines.policy.compile import Policy
from shouxin.engines.policy.plain import absent, evaluate
from shouxin.engines.policy.plan import Assign
from shouxin.engines.policy.read import Facts
from shouxin.engines.policy.stage_facts import FOUND
from shouxin.engines.policy.tree import Node, Value


def all_values(policy: Policy, facts: Facts, as_of: dt.date) -> dict[str, Value]:
    """Every plain column of the plan up to the tier, worked out by the slow and simple evaluator."""
    plan = policy.plan
    values: dict[str, Value] = {"as_of": as_of}
    values.update({each.name: facts[each.fact] for each in plan.inputs})
    values.update(dict(zip((name for name, _ in plan.fresh), policy.fresh_days(as_of), strict=True)))
    for each in plan.passes:
        if each.name in ("knock_outs", "price"):
            break
        for step in each.steps:
            if isinstance(step, Assign):
                values[step.name] = evaluate(step.node, values)
    return values


def absent_facts(policy: Policy, nodes: Sequence[Node], facts: Facts, as_of: dt.date) -> tuple[str, ...]:
    """The facts that are NULL in the NULL parts of expressions, in the order of the catalogue.

    `FALSE AND NULL` is FALSE, so a fact that could not have mattered is not listed.
    """
    values = all_values(policy, facts, as_of)
    found: set[str] = set()
    for node in nodes:
        found |= absent(node, values)
    formulas = policy.plan.formulas
    catalogue = [each.fact for each in policy.plan.inputs]
    while derived := found & set(formulas) - set(catalogue):
        for name in derived:
            found |= absent(formulas[name], values)
        found -= derived
    return tuple(name for name in catalogue if name in found)


def why_missing(policy: Policy, fact: str, facts: Mapping[str, Value]) -> str:
    """The kind of missing: how its source's asking ended, `too_old`, or `not_given`."""
    each = next(each for each in policy.plan.inputs if each.fact == fact)
    status, observed = policy.plan.sources[each.source]
    answer = facts[status] if status else FOUND
    if answer != FOUND:
        return str(answer)
    if observed is not None and facts[observed] is not None and facts[fact] is not None:
        return "too_old"
    return "not_given"
