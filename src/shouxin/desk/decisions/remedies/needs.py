"""What stands between a customer and a goal, and the facts on which each obstacle rests. Read first: `Needs.of`.

Every obstacle has to go, so each remedy holds at least one change that touches it. An obstacle that no change touches stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from shouxin.desk.decisions.model import Reason
from shouxin.desk.decisions.remedies.model import Goal
from shouxin.engines.policy.compile import Policy
from shouxin.engines.policy.plan import APPROVE, DECLINE, REFER, ProductPlan, Rule, Rules
from shouxin.engines.policy.tree import Arith, Lit, Node, Ref, refs, walk

FROM_SCORE = frozenset({"score", "tier_no", "pd_ppm"})
CARD = "_card"
AS_OF = "as_of"


@dataclass(frozen=True, slots=True)
class Need:
    """One obstacle, and the facts that it rests on; `as_of` among them where it rests on the day."""

    reason: Reason
    roots: frozenset[str]


class Roots:
    """The facts that columns are worked out from, through every formula between; of the score, those of one card."""

    def __init__(self, policy: Policy) -> None:
        plan = policy.plan
        self._columns = policy.columns
        self._facts = {each.name: each.fact for each in plan.inputs} | {AS_OF: AS_OF}
        self._fresh = {name for name, _ in plan.fresh}
        self._cards: dict[int, list[Node]] = {}
        for row in plan.characteristics:
            self._cards.setdefault(row.card, []).extend(Ref(name, row.points.type) for name in row.inputs)
        steps = [step for each in plan.passes for step in each.steps if isinstance(step, Rules)]
        self._masks = {name: (index, step.rules) for step in steps for index, name in enumerate(step.hits)}
        self._masks |= {name: (index, step.rules) for step in steps for index, name in enumerate(step.nulls)}
        self._known: dict[tuple[str, int], frozenset[str]] = {}

    def of(self, node: Node, card: int) -> frozenset[str]:
        """The facts that an expression rests on."""
        return frozenset(name for each in self._named(node, card) for name in each)

    def column(self, name: str, card: int) -> frozenset[str]:
        """The facts that a column rests on."""
        if (name, card) not in self._known:
            self._known[name, card] = frozenset()  # nothing is worked out from itself
            self._known[name, card] = self._column(name, card)
        return self._known[name, card]

    def _column(self, name: str, card: int) -> frozenset[str]:
        if name in FROM_SCORE:
            parts = [self.of(node, card) for node in self._cards.get(card, [])]
            return frozenset().union(*parts, self.column(CARD, card) if CARD in self._columns else frozenset())
        if name in self._facts:
            return frozenset({self._facts[name]})
        if name in self._fresh or name not in self._columns:
            return frozenset()
        found = self.of(self._columns[name], card)
        # whether a source's answer is fresh does not change by waiting: it is asked again
        return found - {AS_OF} if name.startswith("_usable_") else found

    def _named(self, node: Node, card: int) -> Iterator[frozenset[str]]:
        masked = frozenset(name for name in refs(node) if name in self._masks)
        for name in refs(node) - masked:
            yield self.column(name, card)
        for part in walk(node) if masked else ():
            match part:
                case Arith(op="&", left=Ref(name=name), right=Lit(value=int(bits))) if name in masked:
                    index, rules = self._masks[name]
                    for rule in rules:
                        if rule.mask == index and rule.bit & bits:
                            yield self.of(rule.node, card)
                case _:
                    pass


class Needs:
    """The obstacles of one product of a policy, from the raw outputs of an evaluation."""

    def __init__(self, policy: Policy, product: str, roots: Roots) -> None:
        plan = policy.plan
        at = {name: index for index, name in enumerate(plan.outputs())}
        place = list(policy.bundle.products).index(product)
        self.product: ProductPlan = next(each for each in plan.products if each.code == product)
        self._roots, self._columns = roots, policy.columns
        self._outcome, self._limit, self._binding, self._unknown = (
            at[self.product.output(what)] for what in ("outcome", "limit", "binding", "unknown")
        )
        self._card = at[CARD]
        self.rules = [rule for rule in plan.rules if place in rule.products]
        self._hits = [at[f"_hit{index}"] for index in range(plan.masks)]
        self._nulls = [at[f"_nul{index}"] for index in range(plan.masks)]
        self._scopes = [sum(rule.bit for rule in self.rules if rule.mask == index) for index in range(plan.masks)]
        self._known: dict[tuple[object, ...], tuple[Need, ...]] = {}

    def is_met(self, raw: tuple[Any, ...], goal: Goal) -> bool:
        """Whether the goal is reached."""
        return bool(raw[self._outcome] == APPROVE and (goal.amount is None or raw[self._limit] >= goal.amount))

    def limit(self, raw: tuple[Any, ...]) -> int:
        """The limit; 0 unless approved."""
        return int(raw[self._limit])

    def of(self, raw: tuple[Any, ...]) -> tuple[Need, ...]:
        """The obstacles that are left, in the order of the reasons' ranks; of a goal that is met, the ceiling that binds.

        A ceiling hides behind the knock-outs, and one ceiling behind a lower one.
        """
        masks = [(raw[hit] & scope, raw[null] & scope) for hit, null, scope in self._each_mask()]
        key = (raw[self._card], raw[self._outcome], raw[self._binding], raw[self._unknown], *masks)
        if key not in self._known:
            self._known[key] = tuple(self._listed(raw, masks))
        return self._known[key]

    def _each_mask(self) -> Iterable[tuple[int, int, int]]:
        return zip(self._hits, self._nulls, self._scopes, strict=True)

    def _listed(self, raw: tuple[Any, ...], masks: list[tuple[int, int]]) -> Iterator[Need]:
        card, outcome = raw[self._card], raw[self._outcome]
        found = list(self._of_rules(masks, card))
        yield from found
        if outcome == REFER and raw[self._unknown]:
            yield from self._of_unknown(raw[self._unknown], card)
        elif outcome == APPROVE or (outcome == DECLINE and not any(each.reason.kind == "knock_out" for each in found)):
            binding = self.product.limits[raw[self._binding]]
            yield Need(Reason(binding.reason, "limit"), self._roots.column(binding.column, card))

    def _of_rules(self, masks: list[tuple[int, int]], card: int) -> Iterator[Need]:
        for rule in self.rules:
            hit, null = masks[rule.mask]
            if (hit | null) & rule.bit:
                kind = "knock_out" if hit & rule.bit else "undecided"
                yield Need(Reason(rule.code, kind), self._rests_on(rule, card))

    def _rests_on(self, rule: Rule, card: int) -> frozenset[str]:
        return self._roots.of(rule.node, card)

    def _of_unknown(self, unknown: int, card: int) -> Iterator[Need]:
        for index, each in enumerate(self.product.limits):
            if unknown >> index & 1:
                yield Need(Reason(each.reason, "undecided"), self._roots.column(each.column, card))
        if unknown >> len(self.product.limits) & 1:
            yield Need(Reason(self.product.limits[-1].reason, "undecided"), self._roots.of(self.product.price, card))
