"""A crowd of made-up customers, to refute claims with: drawn at random near the policy's cut points, then improved.

Random customers are mediocre: with fifteen characteristics hardly any reaches the best tier. So some are changed fact by
fact towards a better score and fewer knock-outs, and those on the way join the crowd. The draws are the same each time.
"""

from __future__ import annotations

import datetime as dt
import itertools
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from shouxin.engines.policy.compile import Policy
from shouxin.engines.policy.customer import Customer, constants, with_fresh_days
from shouxin.engines.policy.plain import evaluate
from shouxin.engines.policy.plan import Plan
from shouxin.engines.policy.scope import Column
from shouxin.engines.policy.stage_facts import AS_OF, FOUND
from shouxin.engines.policy.tree import Node, Type, Value, refs

RANDOM, CLIMBS, CLIMB_STEPS, NEIGHBOURS = 250, 6, 900, 300
SEARCH_STARTS, SEARCH_STEPS = 6, 1_500
LIKENESSES = 12
PER_KNOCK_OUT = 40  # points of score
FAR = 10_000
FROM_SCORE = frozenset({"score", "tier_no", "pd_ppm"})
DAYS = (dt.date(2026, 7, 1), dt.date(2024, 2, 29), dt.date(2026, 12, 31), dt.date(2020, 1, 1), dt.date(2031, 3, 1))
AGES_IN_DAYS = (0, 1, 29, 30, 31, 90, 180, 365, 366, 1_000, 6_574, 6_575, 10_000, 15_000, 23_741, 25_000)


class Crowd:
    """Customers of one policy. Their score, tier and card come from the policy's own function, which is fast."""

    def __init__(self, policy: Policy, seed: int = 7) -> None:
        self._policy = policy
        self._definitions = policy.columns
        self._quick = {"_card", *FROM_SCORE, *(f"_hit{index}" for index in range(policy.plan.masks))}
        self._source = random.Random(seed)
        self._wanted: dict[tuple[Node, ...], tuple[int, ...]] = {}
        rules = [rule.node for rule in policy.plan.rules]
        self._cuts = _by_input(policy.plan, constants([*self._definitions.values(), *rules]))
        self._columns = {each.name: policy.plan.scope.columns[each.name] for each in policy.plan.inputs}
        self.members = [self._stranger(index) for index in range(RANDOM)]
        if policy.plan.inputs:
            self.members += self._climbers()
            self.members += self._neighbours()

    def customer(self, given: Mapping[str, Value]) -> Customer:
        """A customer with these facts."""
        plan = self._policy.plan
        full = with_fresh_days(plan, given)
        as_of = full["as_of"]
        assert isinstance(as_of, dt.date)
        answers = self._policy.evaluate(as_of, [full[each.name] for each in plan.inputs])
        known: Any = {name: value for name, value in zip(plan.outputs(), answers, strict=True) if name in self._quick}
        return Customer(self._definitions, full, known)

    def search(self, conjuncts: Sequence[Node], roots: frozenset[str], starts: Sequence[Customer]) -> Customer | None:
        """A customer for whom all conditions are TRUE, by changing the facts that they rest on; None is no answer."""
        names = sorted(roots & {"as_of", *self._columns})
        cuts = _by_input(self._policy.plan, constants(conjuncts))

        on_score = tuple(each for each in conjuncts if refs(each) and refs(each) <= FROM_SCORE)
        wanted = self._scores(on_score) if on_score else ()

        def met(customer: Customer) -> float:
            """How many conditions would hold with a score that fits, less how far the score is from there."""
            score = int(str(customer["score"]))
            fitting = min(wanted, key=lambda each: abs(each - score), default=score)
            seen = customer if fitting == score else self._as_if(customer, fitting)
            return sum(evaluate(each, seen) is True for each in conjuncts) - abs(fitting - score) / FAR

        direct = [name for name in names if name.removeprefix("raw_") in {part for each in conjuncts for part in refs(each)}]
        weighted = [*names, *direct * (len(names) // (2 * len(direct)) if direct else 0)]
        for start in starts[:SEARCH_STARTS] if names else ():
            for better in self._climb(start, met, SEARCH_STEPS, weighted, cuts):
                if met(better) == len(conjuncts):
                    return better
        return None

    def _as_if(self, customer: Customer, score: int) -> Customer:
        """The same customer, had they this score."""
        scored = Customer(self._definitions, {"score": score})
        return Customer(self._definitions, customer.given, {name: scored[name] for name in FROM_SCORE})

    def _scores(self, conditions: tuple[Node, ...]) -> tuple[int, ...]:
        """The scores with which conditions on score, tier and probability of default are TRUE."""
        if conditions not in self._wanted:
            scale = self._policy.bundle.about.scale
            scores = range(scale.lowest, scale.highest + 1)
            people = [Customer(self._definitions, {"score": score}) for score in scores]
            found = [int(str(each["score"])) for each in people if all(evaluate(test, each) is True for test in conditions)]
            self._wanted[conditions] = tuple(found)
        return self._wanted[conditions]

    def like(self, customer: Customer) -> list[Customer]:
        """Customers like this one, but for one to three facts."""
        return [self._changed(customer, list(self._columns), {}) for _ in range(LIKENESSES)]

    # -- drawing ------------------------------------------------------------------------------------------------------

    def _stranger(self, index: int) -> Customer:
        """Every second is assessed on an ordinary day; from none to many facts are missing."""
        missing = (0.0, 0.02, 0.15, 0.4)[index % 4]
        as_of = DAYS[0] if index % 2 == 0 else self._day({})
        given: dict[str, Value] = {"as_of": as_of}
        return self.customer({**given, **{name: self._draw(name, as_of, missing, {}) for name in self._columns}})

    def _changed(self, customer: Customer, names: Sequence[str], cuts: Mapping[str, set[Value]]) -> Customer:
        given = dict(customer.given)
        for name in self._source.sample(names, min(len(names), self._source.choice((1, 1, 1, 2, 3)))):
            as_of = given["as_of"]
            assert isinstance(as_of, dt.date)
            given[name] = self._day(cuts) if name == "as_of" else self._draw(name, as_of, 0.05, cuts)
        return self.customer(given)

    def _day(self, cuts: Mapping[str, set[Value]]) -> dt.date:
        """A day of assessment: an ordinary one, or one at which something begins or ends."""
        known = cuts.get("as_of", set()) | self._cuts.get("as_of", set())
        edges = [cut + dt.timedelta(days=shift) for cut in known if isinstance(cut, dt.date) for shift in (-1, 0, 1)]
        return _clamped(self._source.choice([*DAYS, *sorted(edges)]), AS_OF)

    def _draw(self, name: str, as_of: dt.date, missing: float, cuts: Mapping[str, set[Value]]) -> Value:
        column, source = self._columns[name], self._source
        if column.nullable and source.random() < missing:
            return None
        wanted = cuts.get(name, set())
        near = wanted if wanted and source.random() < 0.7 else self._cuts.get(name, set())
        if column.type is Type.BOOL:
            return source.random() < 0.4
        if column.type is Type.ENUM:
            return FOUND if FOUND in column.values and source.random() < 0.7 else source.choice(column.values)
        if column.type is Type.DATE:
            return self._date(column, near, as_of)
        if column.type is Type.DOUBLE:
            numbers = sorted(cut for cut in near if isinstance(cut, float)) or [0.0]
            return source.choice(numbers) + source.choice((-1.0, -0.01, 0.0, 0.01, 1.0))
        return self._integer(column, near)

    def _integer(self, column: Column, near: set[Value]) -> int:
        source, low, high = self._source, int(str(column.low)), int(str(column.high))
        edges = sorted(cut + shift for cut in near if isinstance(cut, int) for shift in (-1, 0, 1))
        spread = low + int((high - low) * source.random() ** source.choice((1, 4, 12)))
        return min(max(source.choice([*edges, spread, spread, low, low, high]), low), high)

    def _date(self, column: Column, near: set[Value], as_of: dt.date) -> dt.date:
        source = self._source
        edges = sorted(cut for cut in near if isinstance(cut, dt.date))
        days = source.choice(AGES_IN_DAYS) if source.random() < 0.7 else source.randint(0, 25_000)
        before, ahead = as_of - dt.timedelta(days=days), as_of + dt.timedelta(days=source.choice((1, 30, 400)))
        return _clamped(source.choice([before, before, before, before, ahead, *edges]), column)

    # -- improving ----------------------------------------------------------------------------------------------------

    def _climbers(self) -> list[Customer]:
        """Customers on the way to a better score with fewer knock-outs."""
        cards = range(len(self._policy.plan.cards))
        starts = [each for card in cards for each in [who for who in self.members if who["_card"] == card][:CLIMBS]]
        names = list(self._columns)
        return [each for start in starts for each in self._climb(start, self._worth, CLIMB_STEPS, names, {})]

    def _climb(
        self,
        start: Customer,
        worth: Callable[[Customer], float],
        steps: int,
        names: Sequence[str],
        cuts: Mapping[str, set[Value]],
    ) -> Iterator[Customer]:
        """Change facts at random and keep what is not worse; yields each that is better than all before."""
        best, value = start, worth(start)
        for _ in range(steps):
            tried = self._changed(best, names, cuts)
            if (reached := worth(tried)) >= value:
                if reached > value:
                    yield tried
                best, value = tried, reached

    def _worth(self, customer: Customer) -> float:
        fired = sum(int(str(customer[f"_hit{index}"])).bit_count() for index in range(self._policy.plan.masks))
        return int(str(customer["score"])) - PER_KNOCK_OUT * fired

    def _neighbours(self) -> list[Customer]:
        """Customers like the best ones of each card and tier, but for one to three facts."""
        groups: dict[object, list[Customer]] = {}
        for each in sorted(self.members, key=self._worth, reverse=True):
            groups.setdefault((each["_card"], each["tier_no"]), []).append(each)
        best = [each for group in groups.values() for each in group[:5]]
        names = list(self._columns)
        return [self._changed(each, names, {}) for each in itertools.islice(itertools.cycle(best), NEIGHBOURS)]


def _by_input(plan: Plan, cuts: Mapping[str, set[Value]]) -> dict[str, set[Value]]:
    """Cuts of facts also for the inputs from which they are worked out."""
    both = {each.name: cuts.get(each.name, set()) | cuts.get(each.fact, set()) for each in plan.inputs}
    return {**both, "as_of": cuts.get("as_of", set())}


def _clamped(day: dt.date, column: Column) -> dt.date:
    assert isinstance(column.low, dt.date) and isinstance(column.high, dt.date)
    return min(max(day, column.low), column.high)
