"""The interval of an AUC, and whether two scores on the same rows differ, without resampling.

DeLong, DeLong and Clarke-Pearson (1988), Biometrics 44, 837-845, by the fast way of Sun and Xu (2014), IEEE Signal
Processing Letters 21, 1389-1393: one sort for each score. Sampling weights enter both shares and variance; with equal
weights it is DeLong's estimate.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import erfc, sqrt

import numpy as np
from numpy.typing import ArrayLike

from shouxin.engines.scoring.measuring.intervals import LEVEL, Estimate, two_sided
from shouxin.engines.scoring.measuring.measures import Ladder
from shouxin.engines.scoring.measuring.sample import Floats, Sample, inner, risks_of


@dataclass(frozen=True, slots=True)
class AucDifference:
    """The AUC of one score less that of another on the same rows.

    p_value: two-sided, of the two being equal; 1 where the scores rank alike
    """

    one: Estimate
    other: Estimate
    difference: Estimate
    p_value: float


def delong(rows: Sample, level: float = LEVEL) -> Estimate | None:
    """The AUC with its interval, cut at 0 and 1; nothing with fewer than two rows of a class.

    >>> from shouxin.engines.scoring.measuring.sample import sample
    >>> found = delong(sample([0, 0, 0, 1, 1, 1], [1, 2, 4, 3, 5, 6]))
    >>> round(found.value, 4), round(found.low, 4), found.high
    (0.8889, 0.5809, 1.0)
    """
    if not judgeable(rows):
        return None
    return Placements.of(rows, rows.risk).interval(level)


def compare(rows: Sample, other: ArrayLike, level: float = LEVEL) -> AucDifference | None:
    """The sample's own risk against another risk of the same rows; nothing with fewer than two rows of a class."""
    if not judgeable(rows):
        return None
    return Placements.of(rows, rows.risk).against(Placements.of(rows, risks_of(other, len(rows.risk))), level)


def judgeable(rows: Sample) -> bool:
    """Whether there are two rows of each class, without which nothing can be said of a spread."""
    return bool(min(rows.bad.sum(), (~rows.bad).sum()) >= 2)


@dataclass(frozen=True, slots=True, eq=False)
class Placements:
    """Where each bad row stands among the good ones and each good row among the bad: DeLong's structural components.

    over:  of each bad row, the share of good rows with a lower risk, ties half
    under: of each good row, the share of bad rows with a higher risk, ties half
    """

    over: Floats
    under: Floats
    bad_weight: Floats
    good_weight: Floats

    @classmethod
    def of(cls, rows: Sample, risk: Floats) -> Placements:
        """The placements of the rows by a risk."""
        ladder = Ladder.of(risk)
        on_bad, on_good = ladder.rung[rows.bad], ladder.rung[~rows.bad]
        bad_weight, good_weight = rows.weight[rows.bad], rows.weight[~rows.bad]
        bads, goods = ladder.weigh(on_bad, bad_weight), ladder.weigh(on_good, good_weight)
        below = (np.cumsum(goods) - goods / 2) / goods.sum()
        above = 1 - (np.cumsum(bads) - bads / 2) / bads.sum()
        return cls(below[on_bad], above[on_good], bad_weight, good_weight)

    @property
    def mean(self) -> float:
        """The AUC, or the difference of two."""
        return float(np.average(self.over, weights=self.bad_weight))

    @property
    def variance(self) -> float:
        """The variance of the mean. Needs two rows of each class."""
        return _variance_of_mean(self.over, self.bad_weight) + _variance_of_mean(self.under, self.good_weight)

    def interval(self, level: float = LEVEL) -> Estimate:
        """The AUC with its interval."""
        half = two_sided(level) * sqrt(self.variance)
        return Estimate(self.mean, max(0.0, self.mean - half), min(1.0, self.mean + half))

    def against(self, other: Placements, level: float = LEVEL) -> AucDifference:
        """This risk against another one of the same rows."""
        apart = Placements(self.over - other.over, self.under - other.under, self.bad_weight, self.good_weight)
        gap, error = apart.mean, sqrt(apart.variance)
        half = two_sided(level) * error
        return AucDifference(
            one=self.interval(level),
            other=other.interval(level),
            difference=Estimate(gap, gap - half, gap + half),
            p_value=erfc(abs(gap) / error / sqrt(2)) if error > 0 else float(gap == 0),
        )


def _variance_of_mean(values: Floats, weight: Floats) -> float:
    share = weight / weight.sum()
    apart = values - inner(share, values)
    return inner(share * share, apart * apart) * len(values) / (len(values) - 1)
