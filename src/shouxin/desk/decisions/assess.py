"""Assess one customer: facts + policy -> decision. Pure; some microseconds.

policy = compile_policy("standard")
decision = Assessor(policy).assess(read_facts(policy.plan, {...}), as_of)
"""

from __future__ import annotations

import datetime as dt
from typing import Any, NamedTuple

from shouxin import __version__
from shouxin.desk.decisions.missing import MissingFacts, all_values
from shouxin.desk.decisions.model import Body, Decision, Points, ProductDecision, Reason
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
_new = tuple.__new__  # named tuples without the detour over their own __new__: a third of the time


class DateOutOfRange(ValueError):
    """An assessment date before 1990 or after 2150."""


def check_day(as_of: dt.date) -> None:
    """Raise DateOutOfRange for a day that cannot be assessed."""
    if not AS_OF.low <= as_of <= AS_OF.high:  # type: ignore[operator]
        raise DateOutOfRange(f"{as_of}: a date from {AS_OF.low} to {AS_OF.high}")


class Assessor:
    """A policy made ready to assess: what never changes between customers is looked up once.

    Thread-safe: it only fills caches whose entries are always the same.
    """

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        plan = policy.plan
        self._about = (f"{policy.bundle.about.name} {policy.bundle.about.version}", policy.bundle.hash, __version__)
        at = {name: index for index, name in enumerate(plan.outputs())}
        first, width = at[plan.products[0].output("outcome")], len(PRODUCT_OUTPUTS)
        self._masks = slice(at["_card"] + 1, at["_card"] + 1 + 2 * plan.masks)
        self._ranks = slice(at["_rank0"], at["_rank0"] + TOP_REASONS)
        finder = MissingFacts(policy)
        decoders = [_ProductDecoder(policy, each, finder) for each in plan.products]
        spans = [slice(first + index * width, first + (index + 1) * width) for index in range(len(decoders))]
        self._decode = tuple((each.decode, span) for each, span in zip(decoders, spans, strict=True))
        cards = [_Card(policy, index) for index in range(len(plan.cards))]
        self._cards = tuple((each.name, each.reasons) for each in cards)
        self._tiers = plan.tiers
        self._function = policy.emitted.function
        self._day: tuple[dt.date | None, tuple[object, ...]] = (None, ())

    def assess(self, facts: Facts, as_of: dt.date) -> Decision:
        """The decision on one customer at a business date.

        Raises DateOutOfRange. The same facts and date always give the same decision.
        """
        raw = self.evaluate(facts, as_of)
        score, pd_ppm, tier_no, total_line, card_no = raw[:5]
        name, reasons = self._cards[card_no]
        lost, masks = reasons(raw[self._ranks]), raw[self._masks]
        about = _About(self.policy, facts, as_of)
        products = tuple([decode(masks, raw[span], lost, about) for decode, span in self._decode])
        fields = (*self._about, as_of, name, score, pd_ppm, self._tiers[tier_no], total_line, lost, products)
        return Decision(_new(Body, fields), facts, self.points)

    def points(self, facts: Facts, as_of: dt.date) -> Points:
        """The points of each characteristic of the card that applies, in its order."""
        values = all_values(self.policy, facts, as_of)
        rows = [each for each in self.policy.plan.characteristics if each.card == values["_card"]]
        lost = [read_key(int(str(values[f"_key{row.slot}"])))[0] for row in rows]
        return tuple((row.name, row.best - points) for row, points in zip(rows, lost, strict=True))

    def evaluate(self, facts: Facts, as_of: dt.date) -> tuple[Any, ...]:
        """The raw outputs of the policy, in the order of the plan's outputs."""
        day = self._day
        if day[0] != as_of:
            check_day(as_of)
            day = self._day = (as_of, self.policy.emitted.day(as_of))
        return self._function(as_of, facts.values_in_order, day[1])


class _Card:
    """Reads the ranking keys of one scorecard."""

    def __init__(self, policy: Policy, card: int) -> None:
        self.name = policy.plan.cards[card]
        self.rows = [each for each in policy.plan.characteristics if each.card == card]
        codes = [code for row in self.rows for code in set(row.reasons)]
        self.shared = len(set(codes)) < len(codes)
        self._known: dict[int, Reason | None] = {}

    def reasons(self, ranks: tuple[int, ...]) -> tuple[Reason, ...]:
        """The characteristics that lost most points, none that lost nothing, each code once."""
        known = self._known
        first, second, third, fourth = ranks
        try:
            found = known[first], known[second], known[third], known[fourth]
        except KeyError:
            found = self._reason(first), self._reason(second), self._reason(third), self._reason(fourth)
        if not self.shared and found[3] is not None:  # they are ranked: where the last lost points, all did
            return found  # type: ignore[return-value]
        told = [reason for reason in found if reason is not None]
        if not self.shared:
            return tuple(told)
        once: dict[str, Reason] = {}  # as when a source did not answer: several lose points for one reason
        for each in told:
            once.setdefault(each.code, each)
        return tuple(once.values())

    def _reason(self, rank: int) -> Reason | None:
        points, slot, kind = read_key(rank)
        found = Reason(self.rows[slot].reasons[kind], "score", points) if rank >= KEY_STEP else None
        self._known[rank] = found  # as many as there are bins
        return found


class _About:
    """The customer of one assessment; every column is worked out only if a product asks, and then once for all."""

    __slots__ = ("_values", "as_of", "facts", "missing", "policy")

    def __init__(self, policy: Policy, facts: Facts, as_of: dt.date) -> None:
        self.policy, self.facts, self.as_of = policy, facts, as_of

    def __getattr__(self, name: str) -> Any:
        """`missing` (product -> facts) and the values, made when first asked for."""
        if name == "missing":
            self.missing: dict[str, tuple[str, ...]] = {}
            return self.missing
        if name != "_values":
            raise AttributeError(name)
        self._values = found = all_values(self.policy, self.facts, self.as_of)
        return found

    def values(self) -> dict[str, Value]:
        """Every plain column by name."""
        found: dict[str, Value] = self._values
        return found


class _Fired(NamedTuple):
    """What a product's rules say: reasons by rank, whether one reads the score, rules that are NULL, the whole answer."""

    reasons: tuple[Reason, ...]
    scored: bool
    nulls: tuple[Rule, ...]
    ready: ProductDecision | None


class _ProductDecoder:
    """Turns the numbers of one product into a ProductDecision. Knock-outs are looked up by their masks."""

    def __init__(self, policy: Policy, product: ProductPlan, finder: MissingFacts) -> None:
        plan = policy.plan
        self.plan, self.policy, self.product, self.finder = plan, policy, product, finder
        place = list(policy.bundle.products).index(product.code)
        self.rules = [rule for rule in plan.rules if place in rule.products]
        self.limit_names = tuple(each.name for each in product.limits)
        self.by_bit = {(rule.mask, rule.bit): rule for rule in self.rules}
        self.scope = tuple(sum(rule.bit for rule in self.rules if rule.mask == mask) for mask in range(plan.masks))
        decline = [rule for rule in self.rules if rule.effect == "decline"]
        self.declining = tuple(sum(rule.bit for rule in decline if rule.mask == mask) for mask in range(plan.masks))
        formulas = dict(plan.formulas)
        self.scored = {rule.where for rule in self.rules if depends_on_score(rule.node, formulas)}
        self.scored_limits = {each.name for each in product.limits if _limit_depends_on_score(product, each.name, formulas)}
        families = policy.plan.scope.families.get("held", {})
        pool = policy.bundle.exposure.pools.get(policy.bundle.products[product.code].pool or "")
        self.lead = pool.lead if pool else ""
        self.displaces = tuple((code, families[code]) for code in product.displaces if code in families)
        self._cache: dict[tuple[int, ...], _Fired] = {}
        self._ready: dict[int, ProductDecision] = {}  # by the rules that decline, where one mask holds them all
        self._only = self.declining[0] if plan.masks == 1 else 0

    def decode(
        self, masks: tuple[int, ...], numbers: tuple[Any, ...], lost: tuple[Reason, ...], about: _About
    ) -> ProductDecision:
        declined = masks[0] & self._only
        if declined and declined in self._ready:  # most products are declined for most customers
            return self._ready[declined]
        outcome, limit, rate, binding, unknown, expected_loss, margin = numbers
        product = self.product
        if outcome == APPROVE_INDEX:
            name = self.limit_names[binding]
            displaced = tuple(code for code, held in self.displaces if about.facts[held]) if self.displaces else ()
            fields = (product.code, "approve", limit, rate, product.terms, name, (), (), displaced, expected_loss, margin)
            return _new(ProductDecision, fields)
        found = self._fired(masks)
        fired, scored, nulls = found.reasons, found.scored, found.nulls
        if found.ready is not None:
            if declined and len(self._ready) < 100_000:
                self._ready[declined] = found.ready
            return found.ready
        bound: str | None = None
        missing: tuple[str, ...] = ()
        if outcome == REFER:
            codes = [*(rule.code for rule in nulls), *self._unknown_limits(unknown)]
            fired += tuple(Reason(code, "undecided") for code in dict.fromkeys(codes))
            missing = self._missing(nulls, unknown, about)
        elif not fired:
            ceiling = product.limits[binding]
            bound, scored = ceiling.name, ceiling.name in self.scored_limits
            fired = (Reason(product.minimum_reason, "limit"), Reason(ceiling.reason, "limit"))
        reasons = (*fired, *lost) if scored else fired
        return _new(ProductDecision, (product.code, OUTCOMES[outcome], 0, None, (), bound, reasons, missing, (), 0, 0))

    def _fired(self, masks: tuple[int, ...]) -> _Fired:
        """What the rules say. Where one declines, those that are NULL do not matter, and are not part of the key."""
        declined = masks[0] & self.declining[0]
        for hit, bits in zip(masks[2::2], self.declining[1:], strict=True) if len(masks) > 2 else ():
            declined |= hit & bits
        key = masks[::2] if declined else masks
        cache = self._cache
        if key in cache:
            return cache[key]
        found = self._read(masks[::2], masks[1::2], declined != 0)
        if len(cache) < 100_000:
            cache[key] = found
        return found

    def _read(self, hits: tuple[int, ...], nulls: tuple[int, ...], declined: bool) -> _Fired:
        wanted = self.declining if declined else self.scope
        fired = self._rules(tuple(hit & bits for hit, bits in zip(hits, wanted, strict=True)))
        absent = () if declined else self._rules(tuple(nul & bits for nul, bits in zip(nulls, self.scope, strict=True)))
        reasons = tuple(Reason(rule.code, "knock_out") for rule in fired)
        scored = any(rule.where in self.scored for rule in fired)
        ready = None
        if declined and not scored:  # the same for all whom the same rules hit
            ready = ProductDecision(self.product.code, "decline", 0, None, (), None, reasons, (), (), 0, 0)
        return _Fired(reasons, scored, absent, ready)

    def _rules(self, masks: tuple[int, ...]) -> tuple[Rule, ...]:
        """The rules of some bits, lowest first, which is by rank."""
        found = []
        for mask, bits in enumerate(masks):
            while bits:
                bit = bits & -bits
                found.append(self.by_bit[mask, bit])
                bits ^= bit
        return tuple(found)

    def _unknown_limits(self, unknown: int) -> list[str]:
        return [each.reason for index, each in enumerate(self.product.limits) if unknown >> index & 1]

    def _missing(self, nulls: tuple[Rule, ...], unknown: int, about: _About) -> tuple[str, ...]:
        """The facts that are missing for its rules, ceilings and price; what its pool's lead misses, it misses too."""
        limits = [each for index, each in enumerate(self.product.limits) if unknown >> index & 1]
        nodes = [rule.node for rule in nulls] + [self.policy.columns[each.column] for each in limits if each.name != "pool"]
        if unknown >> len(self.product.limits) & 1:
            nodes.append(self.product.price)
        found = set(self.finder.find(nodes, about.values()))
        if any(each.name == "pool" for each in limits):
            found |= set(about.missing.get(self.lead, ()))
        about.missing[self.product.code] = told = self.finder.in_order(found)
        return told


def _limit_depends_on_score(product: ProductPlan, name: str, formulas: dict[str, Any]) -> bool:
    if name in ("total_line", "affordability"):
        return True
    node = formulas.get(f"{product.code}.{name}")
    return node is not None and depends_on_score(node, formulas)
