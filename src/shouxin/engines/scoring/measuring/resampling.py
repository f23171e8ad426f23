"""Intervals of all measures by the bootstrap, and of differences between scores on the same rows.

Bad and good rows are drawn apart, each as many as there are, with replacement; every score is measured on the same draws,
so that two of them can be compared pair by pair. Efron and Tibshirani (1993), An Introduction to the Bootstrap, chapter 13
(percentile intervals).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shouxin.engines.scoring.measuring.intervals import LEVEL, Estimate
from shouxin.engines.scoring.measuring.measures import Ladder, area_under, distances, log_losses, measure, square_losses
from shouxin.engines.scoring.measuring.sample import Codes, Flags, Floats, Sample, inner


@dataclass(frozen=True, slots=True)
class Plan:
    """How often is drawn, from which seed, and how wide an interval is."""

    draws: int = 200
    seed: int = 0
    level: float = LEVEL


DEFAULT = Plan()


@dataclass(frozen=True, slots=True)
class Intervals:
    """The measures of one score, or the differences of two, with their intervals; see `measures.Measures`."""

    auc: Estimate
    gini: Estimate
    ks: Estimate
    brier: Estimate | None
    log_loss: Estimate | None


@dataclass(frozen=True, slots=True, eq=False)
class Resampled:
    """Several scores measured on the same draws.

    measured: of each score, the five measures on the rows themselves
    drawn:    of each score, the measures on each draw, an array of draws x 5; NaN where there are no probabilities
    """

    plan: Plan
    measured: Mapping[str, Floats]
    drawn: Mapping[str, NDArray[np.float64]]

    def of(self, name: str) -> Intervals:
        """The measures of this score."""
        return self._intervals(self.measured[name], self.drawn[name])

    def difference(self, name: str, other: str) -> Intervals:
        """This score less another one, paired draw by draw: above zero is better for AUC, Gini and KS, worse for the losses."""
        return self._intervals(self.measured[name] - self.measured[other], self.drawn[name] - self.drawn[other])

    def _intervals(self, values: Floats, drawn: NDArray[np.float64]) -> Intervals:
        tail = (1 - self.plan.level) / 2
        low, high = np.quantile(drawn, [tail, 1 - tail], axis=0)
        found = [Estimate(float(value), float(low[at]), float(high[at])) for at, value in enumerate(values)]
        auc, gini, ks, brier, log_loss = found
        return Intervals(auc, gini, ks, *(None if np.isnan(each.value) else each for each in (brier, log_loss)))


def resample(scores: Mapping[str, Sample], plan: Plan = DEFAULT) -> Resampled:
    """Measures every score on the same draws. The samples hold the same rows: outcome and weight agree.

    Raises ValueError where they do not. The same plan gives the same numbers.

    >>> from shouxin.engines.scoring.measuring.sample import sample
    >>> rows = sample([0] * 50 + [1] * 50, range(100))
    >>> found = resample({"card": rows, "again": rows})
    >>> found.of("card").auc, found.difference("card", "again").ks.high
    (Estimate(value=1.0, low=1.0, high=1.0), 0.0)
    """
    rows = _same_rows(scores)
    contestants = {name: _Contestant.of(each) for name, each in scores.items()}
    drawn = {name: np.empty((plan.draws, 5)) for name in scores}
    random = np.random.default_rng(plan.seed)
    for draw in range(plan.draws):
        bad, good = _drawn(random, rows.weight[rows.bad]), _drawn(random, rows.weight[~rows.bad])
        for name, each in contestants.items():
            drawn[name][draw] = each.measured_on(bad, good)
    return Resampled(plan, {name: _measured(each) for name, each in scores.items()}, drawn)


def _drawn(random: np.random.Generator, weight: Floats) -> Floats:
    """As many rows as there are, drawn with replacement: the weight of each times how often it was drawn."""
    rows = len(weight)
    return weight * np.bincount(random.integers(0, rows, rows), minlength=rows)


@dataclass(frozen=True, slots=True, eq=False)
class _Side:
    """The bad or the good rows of a sample: the rung and the two losses of each."""

    rung: Codes
    square: Floats
    logarithmic: Floats

    @classmethod
    def of(cls, rows: Sample, rung: Codes, chosen: Flags) -> _Side:
        if rows.pd is None:
            nothing = np.full(int(chosen.sum()), np.nan)
            return cls(rung[chosen], nothing, nothing)
        bad, pd = rows.bad[chosen], rows.pd[chosen]
        return cls(rung[chosen], square_losses(bad, pd), log_losses(bad, pd))


@dataclass(frozen=True, slots=True, eq=False)
class _Contestant:
    """A score laid out so that a draw is a change of weights: counted anew, and never sorted."""

    ladder: Ladder
    bad: _Side
    good: _Side

    @classmethod
    def of(cls, rows: Sample) -> _Contestant:
        ladder = Ladder.of(rows.risk)
        return cls(ladder, _Side.of(rows, ladder.rung, rows.bad), _Side.of(rows, ladder.rung, ~rows.bad))

    def measured_on(self, bad: Floats, good: Floats) -> tuple[float, ...]:
        """The five measures when the bad and the good rows have these weights."""
        bads, goods = self.ladder.weigh(self.bad.rung, bad), self.ladder.weigh(self.good.rung, good)
        total, area = float(bad.sum() + good.sum()), area_under(bads, goods)
        square = (inner(bad, self.bad.square) + inner(good, self.good.square)) / total
        logarithmic = (inner(bad, self.bad.logarithmic) + inner(good, self.good.logarithmic)) / total
        return area, 2 * area - 1, float(distances(bads, goods).max()), square, logarithmic


def _measured(rows: Sample) -> Floats:
    found = measure(rows)
    return np.array([found.auc, found.gini, found.ks, found.brier, found.log_loss], dtype=np.float64)


def _same_rows(scores: Mapping[str, Sample]) -> Sample:
    """One of the samples, all of which hold the same rows: pairs mean nothing where row 7 is not one customer to both scores."""
    names = list(scores)
    if not names:
        raise ValueError("scores: at least one")
    first = scores[names[0]]
    for name in names[1:]:
        other = scores[name]
        if not (np.array_equal(first.bad, other.bad) and np.array_equal(first.weight, other.weight)):
            raise ValueError(f"{name}: outcomes and weights of the same rows as {names[0]}, in the same order")
    return first
