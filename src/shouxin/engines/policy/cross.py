"""What follows for a customer's lines from the state of their accounts: suspend, close, and why.

follows = consequences(policy, facts.values_in_order, as_of)

Pure. Whoever reviews the book (`review`) or rolls it acts on the answer with the reason code of each line; where a
condition cannot be decided, nothing follows by itself and a person looks.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from shouxin.engines.policy.compile import Policy
from shouxin.engines.policy.customer import Customer
from shouxin.engines.policy.plain import evaluate
from shouxin.engines.policy.plan import Cross
from shouxin.engines.policy.tree import Value

Act: TypeAlias = Literal["close", "suspend"]


@dataclass(frozen=True, slots=True)
class Consequence:
    """What is to happen to the customer's line of one product.

    reasons: the codes of the rules that say so, by rank; never empty
    """

    product: str
    act: Act
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Consequences:
    """What follows, by product in the order of the bundle; each product once, closing before suspending.

    undecided: the codes of the rules that are NULL, because a fact is missing
    """

    lines: tuple[Consequence, ...]
    undecided: tuple[str, ...]


def consequences(policy: Policy, values: Sequence[Value], as_of: dt.date) -> Consequences:
    """What the bundle's `cross` rules say of one customer.

    values: the facts in the order of the plan's inputs, as `Facts.values_in_order` has them. Lines that are not held,
            where the bundle has the family `held`, have no consequences.
    """
    plan = policy.plan
    given = {"as_of": as_of, **dict(zip(policy.input_names, values, strict=True))}
    days = {name: day for (name, _), day in zip(plan.fresh, policy.fresh_days(as_of), strict=True)}
    customer = Customer(policy.columns, {**given, **days})
    answers = [(rule, evaluate(rule.node, customer)) for rule in plan.cross]
    true = [rule for rule, answer in answers if answer is True]
    held = plan.scope.families.get("held", {})
    lines = [
        each
        for code in policy.bundle.products
        if (code not in held or customer[held[code]]) and (each := _consequence(code, true))
    ]
    return Consequences(tuple(lines), tuple(rule.code for rule, answer in answers if answer is None))


def _consequence(code: str, rules: Sequence[Cross]) -> Consequence | None:
    closing = tuple(rule.code for rule in rules if code in rule.closes)
    if closing:
        return Consequence(code, "close", closing)
    suspending = tuple(rule.code for rule in rules if code in rule.suspends)
    return Consequence(code, "suspend", suspending) if suspending else None
