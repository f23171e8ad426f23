"""The search: sets of one to three levers, the cheapest first. Read first: `search`.

What a change costs does not depend on how large it is. So each lever is tried at its best values only, and once a set of levers
reaches the goal, `weakest.py` makes the changes as small as they can be. Every obstacle has to go: a set is only extended by
levers that touch the obstacle which the fewest levers touch, and only while the rest can be had with the changes that are left.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from shouxin.desk.decisions.remedies.levers import Lever
from shouxin.desk.decisions.remedies.model import Act, Kind
from shouxin.desk.decisions.remedies.needs import Need
from shouxin.desk.decisions.remedies.trying import Moves, Trial
from shouxin.desk.decisions.remedies.weakest import spread, weakest
from shouxin.engines.policy.tree import Value

MOST_REMEDIES, MOST_CHANGES = 3, 3
MOST_EVALUATIONS = 2_000  # mark: A - some 15 ms
SPREAD = 16


@dataclass(frozen=True, slots=True)
class Searched:
    """What a search found; `exhausted`: it was not cut short."""

    sets: tuple[Moves, ...]
    exhausted: bool


def search(trial: Trial, levers: Sequence[Lever], most: int = MOST_EVALUATIONS) -> Searched:
    """The cheapest sets of changes that reach the goal; ties by the number of changes, then in the order of the catalogue.

    most: evaluations after which what was found is returned
    """
    return _Search(trial, levers, most).run()


def blocked(needs: Sequence[Need], levers: Sequence[Lever]) -> tuple[Need, ...]:
    """The obstacles that no lever touches."""
    return tuple(need for need in needs if not any(need.roots & lever.touches for lever in levers))


def all_at_best(trial: Trial, levers: Sequence[Lever]) -> Moves:
    """Every lever at its best value, of two that exclude each other the first."""
    chosen: Moves = ()
    for lever in levers:
        if all(_go_together(lever, other) for other, _ in chosen):
            chosen = (*chosen, (lever, best_values(trial, lever)[0]))
    return chosen


def best_values(trial: Trial, lever: Lever) -> tuple[Value, ...]:
    """The values worth trying with others: the greatest change, where none is better at anything; else the best at each."""
    told = [(value, _worth(trial, lever, value)) for value in reversed(lever.rungs)]
    if lever.ordered and not all(_as_good(told[0][1], worth) for _, worth in told):
        told += [(value, _worth(trial, lever, value)) for value in reversed(spread(trial, lever, SPREAD))]
    elif lever.ordered:
        return (told[0][0],)
    else:
        told.reverse()  # words in the order of the catalogue
    by_obstacles = min(told, key=lambda each: (each[1].count, -each[1].limit, -each[1].score))
    by_score = max(told, key=lambda each: each[1].score)
    found = [by_obstacles[0], by_score[0], *([told[0][0]] if lever.ordered else [])]
    return tuple(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class _Worth:
    """What one change alone does."""

    obstacles: frozenset[Any]
    count: int
    score: int
    limit: int


def _worth(trial: Trial, lever: Lever, value: Value) -> _Worth:
    raw = trial.of(((lever, value),))
    obstacles = frozenset(each.reason for each in trial.needs.of(raw))
    met = trial.needs.is_met(raw, trial.goal)
    return _Worth(frozenset() if met else obstacles, 0 if met else len(obstacles), int(raw[0]), trial.needs.limit(raw))


def _as_good(one: _Worth, other: _Worth) -> bool:
    return one.obstacles <= other.obstacles and one.score >= other.score and one.limit >= other.limit


def _go_together(one: Lever, other: Lever) -> bool:
    """A fact moves one way, and there is one wait."""
    return one.fact != other.fact and not (one.act is Act.WAIT and other.act is Act.WAIT)


def _parts_of(trial: Trial, levers: Sequence[Lever]) -> tuple[frozenset[int], ...]:
    """Of each act the other acts that it holds: it leads to all to which they lead, and to more."""
    moved = {index: _moved(trial, lever) for index, lever in enumerate(levers) if lever.kind is Kind.ACT and lever.act}

    def parts(index: int) -> Iterator[int]:
        return (other for other, facts in moved.items() if index in moved and facts < moved[index])

    return tuple(frozenset(parts(index)) for index in range(len(levers)))


def _moved(trial: Trial, lever: Lever) -> frozenset[tuple[int, Value]]:
    """What an act leads to where it is done in full."""
    after = trial.sheet(((lever, lever.rungs[-1]),)).values
    return frozenset((index, new) for index, (old, new) in enumerate(zip(trial.values, after, strict=True)) if old != new)


@dataclass
class _Search:
    trial: Trial
    levers: Sequence[Lever]
    most: int
    _best: dict[Lever, tuple[Value, ...]] = field(default_factory=dict)
    _touching: dict[Need, frozenset[int]] = field(default_factory=dict)
    _parts: tuple[frozenset[int], ...] = ()

    def run(self) -> Searched:
        """Uniform-cost search: a set is looked at before any that costs more."""
        self._parts = _parts_of(self.trial, self.levers)
        found: list[tuple[frozenset[int], Moves]] = []
        waiting: list[tuple[int, int, tuple[int, ...]]] = [(0, 0, ())]
        seen: set[tuple[int, ...]] = {()}
        while waiting and len(found) < MOST_REMEDIES:
            if self.trial.evaluations > self.most:
                return Searched(tuple(moves for _, moves in found), exhausted=False)
            cost, count, chosen = heapq.heappop(waiting)
            whole = self._whole(chosen)
            if any(known <= whole for known, _ in found):
                continue
            met, left = self._look(chosen)
            if met is not None:
                moves = weakest(self.trial, met)
                members = frozenset(self.levers.index(lever) for lever, _ in moves)
                if not any(known <= self._whole(members) for known, _ in found):
                    found.append((members, moves))
                continue
            for index in self._next(chosen, left) if count < MOST_CHANGES else ():
                larger = tuple(sorted((*chosen, index)))
                if larger not in seen:
                    seen.add(larger)
                    heapq.heappush(waiting, (cost + self.levers[index].cost, count + 1, larger))
        return Searched(tuple(moves for _, moves in found), exhausted=True)

    def _look(self, chosen: tuple[int, ...]) -> tuple[Moves | None, list[tuple[Need, ...]]]:
        """The set at values that reach the goal; or what is left in the way at each."""
        left = []
        for moves in self._tries(chosen):
            if self.trial.is_met(moves):
                return moves, []
            left.append(self.trial.obstacles(moves))
        return None, left

    def _tries(self, chosen: tuple[int, ...]) -> Iterator[Moves]:
        members = [self.levers[index] for index in chosen]
        for values in itertools.product(*(self._values(lever) for lever in members)):
            yield tuple(zip(members, values, strict=True))

    def _values(self, lever: Lever) -> tuple[Value, ...]:
        if lever not in self._best:
            self._best[lever] = best_values(self.trial, lever)
        return self._best[lever]

    def _next(self, chosen: tuple[int, ...], left: Sequence[tuple[Need, ...]]) -> list[int]:
        """The levers with which a set is extended."""
        found: set[int] = set()
        for needs in left:
            able = [self._touch(need) for need in needs]
            if not able:
                continue
            if len(chosen) == MOST_CHANGES - 1:  # the last one has to touch them all
                found |= frozenset.intersection(*able)
            else:
                found |= min(able, key=lambda each: len(each - set(chosen)))
        members, whole = [self.levers[index] for index in chosen], self._whole(chosen)
        fitting = (index for index in found - whole if not self._parts[index] & frozenset(chosen))
        return sorted(index for index in fitting if all(_go_together(self.levers[index], each) for each in members))

    def _whole(self, chosen: Iterable[int]) -> frozenset[int]:
        """Levers with those that are part of them: whoever closes a line has repaid what was owed on it."""
        return frozenset().union(*({index} | self._parts[index] for index in chosen))

    def _touch(self, need: Need) -> frozenset[int]:
        if need not in self._touching:
            touching = (index for index, lever in enumerate(self.levers) if lever.touches & need.roots)
            self._touching[need] = frozenset(touching)
        return self._touching[need]
