"""What is asked when products are matched: a decision, a need, a position. Read `check_need` for what is refused."""

from __future__ import annotations

from dataclasses import dataclass

from shouxin.desk.advice.errors import DecisionByOtherRules, MonthsOutOfRange, NeedBeforeDecision, UseUnknown
from shouxin.desk.advice.model import Need, Position
from shouxin.desk.advice.rooms import Rooms
from shouxin.desk.decisions import Decision
from shouxin.engines.policy.compile import Policy
from shouxin.engines.policy.load import Bundle
from shouxin.foundation.errors import AmountNotPositive, AmountTooLarge
from shouxin.foundation.money import MOST_MINOR, write_amount

MOST_MONTHS = 600
ORDER = (DecisionByOtherRules, AmountNotPositive, AmountTooLarge, UseUnknown, MonthsOutOfRange, NeedBeforeDecision)


@dataclass(frozen=True, slots=True)
class Question:
    """A decision, under its policy, with a need, for a customer in a position."""

    policy: Policy
    decision: Decision
    need: Need
    position: Position
    rooms: Rooms


def check_need(bundle: Bundle, decision: Decision, need: Need) -> None:
    """Raises the refusals of `ORDER`, the first that applies."""
    if decision.bundle_hash != bundle.hash:
        raise DecisionByOtherRules("decision", decision.bundle_hash[:12], hash=bundle.hash[:12])
    if type(need.amount) is not int or need.amount <= 0:
        raise AmountNotPositive("amount", need.amount)
    if need.amount > MOST_MINOR:
        raise AmountTooLarge("amount", write_amount(need.amount), most=write_amount(MOST_MINOR))
    known = known_uses(bundle)
    if need.purpose not in known:
        raise UseUnknown("purpose", need.purpose, known=", ".join(known))
    if need.months is not None and not (type(need.months) is int and 0 < need.months <= MOST_MONTHS):
        raise MonthsOutOfRange("months", need.months, most=MOST_MONTHS)
    if need.day < decision.as_of:
        raise NeedBeforeDecision("day", need.day, as_of=decision.as_of)


def known_uses(bundle: Bundle) -> tuple[str, ...]:
    """Every use that a product names; those that are allowed somewhere first."""
    products = bundle.products.values()
    allowed = [use for each in products for use in each.uses.allowed]
    return tuple(dict.fromkeys([*allowed, *(use for each in products for use in each.uses.forbidden)]))
