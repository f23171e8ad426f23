"""What moved the score between two states, point by point, and what the score did apart from the rules. Pure.

The changes of the characteristics add up to the change of the score exactly: where another card applies the cards stand as one
change each, and what the ends of the scale cut off is one, too.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from shouxin.desk.advice.whatif.model import State
from shouxin.desk.decisions.missing import all_values
from shouxin.engines.policy.compile import Policy
from shouxin.engines.policy.customer import Customer
from shouxin.engines.policy.plain import evaluate
from shouxin.engines.policy.plan import OUTCOMES, ProductPlan, Rules
from shouxin.engines.policy.read import Facts
from shouxin.engines.policy.tree import Value

CARD, POLICY, SCALE = "another_card", "another_policy", "scale"


@dataclass(frozen=True, slots=True)
class Read:
    """A value that a characteristic reads."""

    name: str
    before: Value
    after: Value


@dataclass(frozen=True, slots=True)
class Move:
    """A change of the score. name: of the characteristic, or `another_card`, `another_policy`, `scale`; reads: what is different
    of what it reads"""

    name: str
    points: int
    reads: tuple[Read, ...] = ()


def moves(before: State, after: State) -> tuple[Move, ...]:
    """What changed of the score, the largest first; the points add up to the difference of the two scores."""
    found = [each for each in _moved(after.policy, before, after) if each.points]
    return tuple(sorted(found, key=lambda each: (-abs(each.points), each.name)))


def _moved(policy: Policy, before: State, after: State) -> Iterator[Move]:
    first, second = before.decision, after.decision
    if first.bundle_hash != second.bundle_hash or first.card != second.card:
        yield Move(CARD if first.bundle_hash == second.bundle_hash else POLICY, second.score - first.score)
        return
    values = [all_values(policy, each.facts, each.day) for each in (before, after)]
    rows = {each.name: each for each in policy.plan.characteristics if policy.plan.cards[each.card] == first.card}
    earlier = dict(first.points)
    total = 0
    for name, points in second.points:
        total += points - earlier[name]
        reads = tuple(Read(each, values[0][each], values[1][each]) for each in rows[name].inputs)
        yield Move(name, points - earlier[name], tuple(each for each in reads if each.before != each.after))
    yield Move(SCALE, second.score - first.score - total)


@dataclass(frozen=True, slots=True)
class Terms:
    """What a product's answer says in numbers."""

    outcome: str
    limit: int
    rate_ppm: int | None


@dataclass(frozen=True, slots=True)
class Effect:
    """What changed for a product: before; after, if the score were what it was; and after. So the first step is of rules, lines
    and facts, and the second of the score alone."""

    product: str
    before: Terms
    same_score: Terms
    after: Terms

    @property
    def of_rules(self) -> bool:
        """Whether it changed apart from the score."""
        return self.before != self.same_score

    @property
    def of_score(self) -> bool:
        """Whether the score changed it."""
        return self.same_score != self.after


def effects(before: State, after: State) -> tuple[Effect, ...]:
    """The products whose answer is another, in the order of the bundle; of those that both policies have, where they differ."""
    fixed = _answers_at(after.policy, after.facts, after.day, before.decision.score)
    earlier = {each.product: each for each in before.decision.products}
    found = []
    for second in after.decision.products:
        first = earlier.get(second.product)
        terms = [Terms(each.outcome, each.limit, each.rate_ppm) for each in (first, second) if each is not None]
        if first is not None and (terms[0] != terms[1] or fixed[second.product] != terms[1]):
            found.append(Effect(second.product, terms[0], fixed[second.product], terms[1]))
    return tuple(found)


def _answers_at(policy: Policy, facts: Facts, as_of: dt.date, score: int) -> Mapping[str, Terms]:
    """What the policy would say of each product with these facts and that score."""
    plan = policy.plan
    days = dict(zip((name for name, _ in plan.fresh), policy.fresh_days(as_of), strict=True))
    given: dict[str, Value] = {"as_of": as_of, **dict(zip(policy.input_names, facts.values_in_order, strict=True)), **days}
    customer = Customer(policy.columns, {**given, "score": score})
    customer = Customer(policy.columns, {**given, "score": score, **_masks(policy, customer)})
    return {each.code: _terms(customer, each) for each in plan.products}


def _masks(policy: Policy, customer: Customer) -> dict[str, Value]:
    """Which knock-outs fire and which are NULL, as the plan records them."""
    found: dict[str, int] = {}
    for step in (step for each in policy.plan.passes for step in each.steps if isinstance(step, Rules)):
        found.update(dict.fromkeys((*step.hits, *step.nulls), 0))
        for rule in step.rules:
            answer = evaluate(rule.node, customer)
            if answer is not False:
                found[(step.hits if answer else step.nulls)[rule.mask]] |= rule.bit
    return dict(found)


def _terms(customer: Customer, product: ProductPlan) -> Terms:
    outcome, limit, rate = (customer[product.output(name)] for name in ("outcome", "limit", "rate"))
    assert isinstance(outcome, int) and (limit is None or isinstance(limit, int)) and (rate is None or isinstance(rate, int))
    word = OUTCOMES[outcome]
    return Terms(word, (limit or 0) if word == "approve" else 0, rate if word == "approve" else None)
