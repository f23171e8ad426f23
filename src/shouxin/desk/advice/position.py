"""What a customer has with us, from the facts of one assessment."""

from __future__ import annotations

from shouxin.desk.advice.model import HeldLine, Position
from shouxin.desk.decisions import Decision
from shouxin.desk.decisions.missing import all_values, why_missing
from shouxin.engines.policy.compile import Policy
from shouxin.engines.policy.read import Facts

CEILING = "_ceiling_left"  # a column of the plan: the ceiling of the tier, less what else counts


def position_of(policy: Policy, decision: Decision, facts: Facts) -> Position:
    """The lines by the families `held`, `line` and `used`; why facts are missing that the decision asks for.

    A line that is no longer held counts at what is still owed on it. A bundle without these families knows of no lines.
    The total line in force is no fact: it counts as what the lines held add up to.
    """
    lines = {}
    for product in policy.bundle.products:
        held, limit, used = (_of(policy, facts, family, product) for family in ("held", "line", "used"))
        if held or used:
            lines[product] = HeldLine(limit if held else 0, used)
    values = all_values(policy, facts, decision.as_of)
    columns = {each.code: f"_{each.column}_capacity" for each in policy.plan.products}
    found = {code: values[column] for code, column in columns.items() if column in policy.columns}
    ceiling = values[CEILING]
    wanted = dict.fromkeys(fact for answer in decision.products for fact in answer.missing)
    return Position(
        lines,
        ceiling=ceiling if isinstance(ceiling, int) else None,
        capacity={code: most for code, most in found.items() if isinstance(most, int)},
        missing={fact: why_missing(policy, fact, facts, decision.as_of) for fact in wanted},
    )


def _of(policy: Policy, facts: Facts, family: str, product: str) -> int:
    name = policy.plan.scope.families.get(family, {}).get(product, "")
    value = facts.get(name)
    return value if isinstance(value, int) else 0
