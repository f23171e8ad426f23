"""Assess one customer: facts + policy -> decision. Pure; some microseconds.

policy = compile_policy("standard")
decision = Assessor(policy).assess(read_facts(policy.plan, {...}), as_of)
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from shouxin import __version__
from shouxin.desk.decisions.missing import MissingFacts, all_values
from shouxin.desk.decisions.model import Body, Decision, ProductDecision, Reason
from shouxin.engines.policy.compile import Policy
from shouxin.engines.policy.plan import (
    KEY_STEP,
    OUTCOMES,
    PRODUCT_OUTPUTS,
    REFER,
    TOP_REASONS,
    ProductPlan,
    Rule,
    read_key,
)
from shouxin.engines.policy.read import Facts
from shouxin.engines.policy.stage_facts import AS_OF
from shouxin.engines.policy.stage_score import depends_on_score
from shouxin.engines.policy.tree import Value

APPROVE_INDEX = OUTCOMES.index("approve")


class DateOutOfRange(ValueError):
    """An assessment date before 1990 or after 2150."""


class Assessor:
    """A policy made ready to assess: what never changes between customers is looked up once.

    Thread-safe: it only fills caches whose entries are always the same.
    """

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        plan = policy.plan
        self._evaluate = policy.evaluate
        self._about = (f"{policy.bundle.about.name} {policy.bundle.about.version}", policy.bundle.hash, __version__)
        at = {name: index for index, name in enumerate(plan.outputs())}
        self._masks = slice(at["_card"] + 1, at["_card"] + 1 + 2 * plan.masks)
        self._ranks = slice(at["_rank0"], at["_rank0"] + TOP_REASONS)
        self._first_product = at[plan.products[0].output("outcome")]
        self._first_points = at["_points0"] if plan.slots else len(at)
        finder = MissingFacts(policy)
        self._decoders = tuple(_ProductDecoder(policy, each, finder) for each in plan.products)
        self._cards = tuple(_card_rows(policy, index) for index in range(len(plan.cards)))
        self._days: tuple[dt.date | None, tuple[dt.date, ...]] = (None, ())
        self._reasons: dict[tuple[object, ...], tuple[Reason, ...]] = {}

    def assess(self, facts: Facts, as_of: dt.date) -> Decision:
        """The decision on one customer at a business date.

        Raises DateOutOfRange. The same facts and date always give the same decision.
        """
        raw = self.evaluate(facts, as_of)
        score, pd_ppm, tier_no, total_line, card = raw[:5]
        names, tops = self._cards[card]
        points = raw[self._first_points :]
        lost = self._score_reasons(card, tops, raw[self._ranks])
        values = _LateValues(self.policy, facts, as_of)
        masks, at, width, products = raw[self._masks], self._first_product, len(PRODUCT_OUTPUTS), []
        for decoder in self._decoders:
            products.append(decoder.decode(masks, raw[at : at + width], lost, values))
            at += width
        body = Body(
            *self._about,
            as_of,
            self.policy.plan.cards[card],
            score,
            pd_ppm,
            self.policy.plan.tiers[tier_no],
            total_line,
            tuple(zip(names, points, strict=False)),
            lost,
            tuple(products),
        )
        return Decision(body, facts)

    def evaluate(self, facts: Facts, as_of: dt.date) -> tuple[Any, ...]:
        """The raw outputs of the policy, in the order of the plan's outputs."""
        if self._days[0] != as_of:
            if not AS_OF.low <= as_of <= AS_OF.high:  # type: ignore[operator]
                raise DateOutOfRange(f"{as_of}: a date from {AS_OF.low} to {AS_OF.high}")
            self._days = (as_of, self.policy.fresh_days(as_of))
        return self._evaluate(as_of, *facts.values_in_order, *self._days[1])

    def _score_reasons(self, card: int, tops: tuple[tuple[str, ...], ...], ranks: tuple[int, ...]) -> tuple[Reason, ...]:
        """The characteristics that lost most points, at most four, none that lost nothing."""
        key = (card, *ranks)
        found = self._reasons.get(key)
        if found is None:
            told: dict[str, Reason] = {}  # two characteristics may share a code, such as a source that did not answer
            for points, slot, kind in (read_key(rank) for rank in ranks if rank >= KEY_STEP):
                told.setdefault(tops[slot][kind], Reason(tops[slot][kind], "score", points))
            found = tuple(told.values())
            if len(self._reasons) < 100_000:
                self._reasons[key] = found
        return found


def _card_rows(policy: Policy, card: int) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    rows = [each for each in policy.plan.characteristics if each.card == card]
    return tuple(each.name for each in rows), tuple(each.reasons for each in rows)


class _LateValues:
    """The columns of one assessment, worked out only if a product asks for them, and then once for all products."""

    __slots__ = ("_as_of", "_policy", "_values", "facts")

    def __init__(self, policy: Policy, facts: Facts, as_of: dt.date) -> None:
        self._policy, self.facts, self._as_of = policy, facts, as_of
        self._values: dict[str, Value] | None = None

    def values(self) -> dict[str, Value]:
        if self._values is None:
            self._values = all_values(self._policy, self.facts, self._as_of)
        return self._values


class _ProductDecoder:
    """Turns the numbers of one product into a ProductDecision. Knock-outs are looked up by their masks."""

    def __init__(self, policy: Policy, product: ProductPlan, finder: MissingFacts) -> None:
        plan = policy.plan
        self.plan, self.policy, self.product, self.finder = plan, policy, product, finder
        place = list(policy.bundle.products).index(product.code)
        self.rules = [rule for rule in plan.rules if place in rule.products]
        self.rank = {code: shape.rank for code, shape in policy.bundle.reasons.reasons.items()}
        formulas = dict(plan.formulas)
        self.scored = {rule.where for rule in self.rules if depends_on_score(rule.node, formulas)}
        self.scored_limits = {each.name for each in product.limits if _limit_depends_on_score(product, each.name, formulas)}
        families = policy.plan.scope.families.get("held", {})
        self.displaces = tuple((code, families[code]) for code in product.displaces if code in families)
        self._cache: dict[tuple[int, ...], tuple[tuple[Reason, ...], bool, tuple[Rule, ...]]] = {}

    def decode(
        self, masks: tuple[int, ...], numbers: tuple[Any, ...], lost: tuple[Reason, ...], late: _LateValues
    ) -> ProductDecision:
        outcome, limit, rate, binding, unknown, expected_loss, margin = numbers
        product = self.product
        if outcome == APPROVE_INDEX:
            name = product.limits[binding].name
            displaced = tuple(code for code, held in self.displaces if late.facts[held]) if self.displaces else ()
            return ProductDecision(
                product.code,
                "approve",
                limit,
                rate,
                product.terms,
                name,
                (),
                (),
                displaced,
                expected_loss,
                margin,
            )
        fired, scored, nulls = self._fired(masks)
        bound: str | None = None
        missing: tuple[str, ...] = ()
        if outcome == REFER:
            codes = [*(rule.code for rule in nulls), *self._unknown_limits(unknown)]
            fired += tuple(Reason(code, "undecided") for code in dict.fromkeys(codes))
            missing = self.finder.find([*(rule.node for rule in nulls), *self._unknown_nodes(unknown)], late.values())
        elif not fired:
            ceiling = product.limits[binding]
            bound, scored = ceiling.name, ceiling.name in self.scored_limits
            fired = (Reason(product.minimum_reason, "limit"), Reason(ceiling.reason, "limit"))
        reasons = (*fired, *lost) if scored else fired
        return ProductDecision(product.code, OUTCOMES[outcome], 0, None, (), bound, reasons, missing, (), 0, 0)

    def _fired(self, masks: tuple[int, ...]) -> tuple[tuple[Reason, ...], bool, tuple[Rule, ...]]:
        """(reasons of the rules that fired, by rank; whether one reads the score; rules that are NULL)."""
        found = self._cache.get(masks)
        if found is None:
            hits, nulls = masks[0::2], masks[1::2]
            fired = [rule for rule in self.rules if hits[rule.mask] & rule.bit]
            declined = [rule for rule in fired if rule.effect == "decline"]
            fired = declined or fired
            fired.sort(key=lambda rule: self.rank[rule.code])
            reasons = tuple(Reason(code, "knock_out") for code in dict.fromkeys(rule.code for rule in fired))
            absent = tuple(rule for rule in self.rules if nulls[rule.mask] & rule.bit)
            found = (reasons, any(rule.where in self.scored for rule in fired), absent)
            if len(self._cache) < 100_000:
                self._cache[masks] = found
        return found

    def _unknown_limits(self, unknown: int) -> list[str]:
        return [each.reason for index, each in enumerate(self.product.limits) if unknown >> index & 1]

    def _unknown_nodes(self, unknown: int) -> list[Any]:
        nodes = [
            self.plan.formulas.get(f"{self.product.code}.{each.name}")
            for index, each in enumerate(self.product.limits)
            if unknown >> index & 1
        ]
        if unknown >> len(self.product.limits) & 1:
            nodes.append(self.product.price)
        return [node for node in nodes if node is not None]


def _limit_depends_on_score(product: ProductPlan, name: str, formulas: dict[str, Any]) -> bool:
    if name in ("total_line", "affordability"):
        return True
    node = formulas.get(f"{product.code}.{name}")
    return node is not None and depends_on_score(node, formulas)
