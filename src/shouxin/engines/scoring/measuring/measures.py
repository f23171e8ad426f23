"""How well a score ranks, and how far its probabilities are from what happened.

All take weights; rows of one risk count as one step, so that ties between a good and a bad row are half right.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from shouxin.engines.scoring.measuring.sample import (
    Codes,
    Flags,
    Floats,
    Sample,
    inner,
    outcomes_of,
    probabilities_of,
    sample,
    weight_in,
    weights_of,
)

SMALLEST_PD = 1e-15  # a probability of 0 or 1 is taken as this far from it where its logarithm is needed


@dataclass(frozen=True, slots=True)
class Measures:
    """What a score is worth on a sample.

    bad_rate: weighted share of bad rows
    auc:      probability that a bad row has a higher risk than a good one, ties half
    gini:     2 x auc - 1; the accuracy ratio
    ks:       largest distance between the distributions of good and bad rows over the risk
    ks_risk:  the risk at which it is reached: rows up to and including it on one side
    brier:    mean square of the distance between probability and outcome; nothing without probabilities
    log_loss: mean of minus the logarithm of the probability given to what happened; nothing without probabilities
    """

    rows: int
    bads: int
    bad_rate: float
    auc: float
    gini: float
    ks: float
    ks_risk: float
    brier: float | None
    log_loss: float | None


def measure(rows: Sample) -> Measures:
    """All measures of a sample at once.

    >>> found = measure(sample([0, 0, 1, 1], [0.1, 0.4, 0.4, 0.8], pd=[0.1, 0.4, 0.4, 0.8]))
    >>> found.auc, found.ks, found.ks_risk, round(found.brier, 4)
    (0.875, 0.5, 0.1, 0.1425)
    """
    ladder = Ladder.of(rows.risk)
    bads, goods = ladder.split(rows)
    area = area_under(bads, goods)
    step = widest_step(bads, goods)
    return Measures(
        rows=len(rows.bad),
        bads=int(rows.bad.sum()),
        bad_rate=float(bads.sum() / (bads.sum() + goods.sum())),
        auc=area,
        gini=2 * area - 1,
        ks=float(distances(bads, goods)[step]),
        ks_risk=float(ladder.risks[step]),
        brier=None if rows.pd is None else _mean(square_losses(rows.bad, rows.pd), rows.weight),
        log_loss=None if rows.pd is None else _mean(log_losses(rows.bad, rows.pd), rows.weight),
    )


def auc(bad: ArrayLike, risk: ArrayLike, weight: ArrayLike | None = None) -> float:
    """Area under the ROC curve. Hanley and McNeil (1982), Radiology 143, 29-36: the Mann-Whitney statistic as a share.

    >>> auc([0, 0, 1, 1], [1, 2, 2, 3])
    0.875
    """
    rows = sample(bad, risk, weight=weight)
    return area_under(*Ladder.of(rows.risk).split(rows))


def ks(bad: ArrayLike, risk: ArrayLike, weight: ArrayLike | None = None) -> float:
    """The two-sample statistic of Kolmogorov and Smirnov, between good and bad rows.

    >>> ks([0, 0, 1, 1], [1, 2, 2, 3])
    0.5
    """
    rows = sample(bad, risk, weight=weight)
    return float(distances(*Ladder.of(rows.risk).split(rows)).max())


def brier(bad: ArrayLike, pd: ArrayLike, weight: ArrayLike | None = None) -> float:
    """Mean square of the distance between probability and outcome. Brier (1950), Monthly Weather Review 78, 1-3.

    >>> brier([0, 1], [0.25, 0.75])
    0.0625
    """
    outcomes = outcomes_of(bad)
    return _mean(square_losses(outcomes, probabilities_of(pd, len(outcomes))), weights_of(weight, len(outcomes)))


def log_loss(bad: ArrayLike, pd: ArrayLike, weight: ArrayLike | None = None) -> float:
    """Mean of minus the natural logarithm of the probability that was given to what happened.

    >>> round(log_loss([0, 1], [0.25, 0.75]), 6)
    0.287682
    """
    outcomes = outcomes_of(bad)
    return _mean(log_losses(outcomes, probabilities_of(pd, len(outcomes))), weights_of(weight, len(outcomes)))


@dataclass(frozen=True, slots=True, eq=False)
class Ladder:
    """The risks that occur, ascending, and the rung each row stands on: sorted once, then counted as often as need be."""

    risks: Floats
    rung: Codes

    @classmethod
    def of(cls, risk: Floats) -> Ladder:
        """The ladder of an array of risks."""
        risks, rung = np.unique(risk, return_inverse=True)
        return cls(risks, rung)

    def split(self, rows: Sample) -> tuple[Floats, Floats]:
        """Weight of the bad and of the good rows on each rung."""
        return self.weigh(self.rung[rows.bad], rows.weight[rows.bad]), self.weigh(self.rung[~rows.bad], rows.weight[~rows.bad])

    def weigh(self, rung: Codes, weight: Floats) -> Floats:
        """Weight on each rung of rows that stand on these."""
        return weight_in(rung, weight, len(self.risks))


def area_under(bads: Floats, goods: Floats) -> float:
    """Area under the ROC curve, from the weight of bad and of good rows on each rung of risk, ascending."""
    below = np.cumsum(goods) - goods / 2
    return inner(bads, below) / float(bads.sum() * goods.sum())


def distances(bads: Floats, goods: Floats) -> Floats:
    """Distance of the two distributions after each rung."""
    apart: Floats = np.abs(np.cumsum(goods) / goods.sum() - np.cumsum(bads) / bads.sum())
    return apart


def widest_step(bads: Floats, goods: Floats) -> int:
    """The rung after which the distributions are farthest apart; the lowest of several."""
    return int(np.argmax(distances(bads, goods)))


def square_losses(bad: Flags, pd: Floats) -> Floats:
    """The square of each row's distance between probability and outcome."""
    return np.asarray((pd - bad) ** 2, dtype=np.float64)


def log_losses(bad: Flags, pd: Floats) -> Floats:
    """Minus the logarithm of the probability given to what happened, of each row."""
    given = np.where(bad, pd, 1 - pd)
    losses: Floats = -np.log(np.maximum(given, SMALLEST_PD))
    return losses


def _mean(values: Floats, weight: Floats) -> float:
    return inner(values, weight) / float(weight.sum())
