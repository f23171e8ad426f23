"""What a person is by what they do: a merchant has receipts, whatever lines they hold. Pure.

told = by_activity(policy, activity, values, as_of)

Whoever puts a customer's facts together (`book/facts`) asks for it before a decision is made. In a file of customers, and in
cases, the fact comes as it is written.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from shouxin.engines.policy.compile import Policy
from shouxin.engines.policy.customer import Customer
from shouxin.engines.policy.plain import culprits, evaluate
from shouxin.engines.policy.plan import Activity
from shouxin.engines.policy.tree import Value


@dataclass(frozen=True, slots=True)
class Told:
    """The value of a fact by activity, and the facts because of which it is so."""

    value: str
    because: frozenset[str]


def by_activity(policy: Policy, activity: Activity, values: Mapping[str, Value], as_of: dt.date) -> Told | None:
    """What the activity says of one customer; None where it cannot be told, since something is missing or too old.

    values: of `activity.inputs`, by the inputs' names, as stored
    """
    days = {name: day for (name, _), day in zip(policy.plan.fresh, policy.fresh_days(as_of), strict=True)}
    customer = Customer(policy.columns, {"as_of": as_of, **days, **values})
    answer = evaluate(activity.node, customer)
    if answer is None:
        return None
    return Told(activity.then if answer else activity.otherwise, culprits(activity.node, customer))
