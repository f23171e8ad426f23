"""What each characteristic of a card adds: to its power to rank, and to how far scores spread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from shouxin.engines.scoring.measuring.delong import Placements, judgeable
from shouxin.engines.scoring.measuring.intervals import Estimate
from shouxin.engines.scoring.measuring.measures import Ladder, area_under
from shouxin.engines.scoring.measuring.sample import Floats, sample


@dataclass(frozen=True, slots=True)
class Contribution:
    """One characteristic or pair table.

    auc_alone:      of its points and nothing else
    auc_lost:       AUC of the whole less that without it, other points left as they are, with DeLong's paired interval; below
                    zero, the card ranks better without it
    variance_share: covariance of its points with the sum over the variance of the sum; the shares of a card add up to 1, and
                    one below zero works against the others
    """

    name: str
    auc_alone: float
    auc_lost: Estimate
    variance_share: float


def contributions(
    bad: ArrayLike, points: ArrayLike, names: Sequence[str], weight: ArrayLike | None = None
) -> tuple[Contribution, ...]:
    """What each column of a matrix of points (rows x characteristics) adds to their sum, in the order of the columns.

    The sum is not clipped to the scale. Raises ValueError where names and columns differ, or with fewer than two rows of a class.

    >>> found = contributions([1, 1, 0, 0], [[-10, 0], [0, 1], [10, 1], [20, 0]], ["late", "region"])
    >>> [(each.name, each.auc_alone, round(each.auc_lost.value, 3), round(each.variance_share, 3)) for each in found]
    [('late', 1.0, 0.5, 0.998), ('region', 0.5, 0.0, 0.002)]
    """
    table = np.asarray(points, dtype=np.float64)
    if table.ndim != 2 or table.shape[1] != len(names):
        raise ValueError(f"points: rows x {len(names)} characteristics, not an array of shape {table.shape}")
    whole = table.sum(axis=1)
    rows = sample(bad, -whole, weight=weight)
    if not judgeable(rows):
        raise ValueError("bad: at least two good and two bad rows")
    shares = variance_shares(table, rows.weight)
    placed = Placements.of(rows, rows.risk)
    found = []
    for at, name in enumerate(names):
        without = Placements.of(rows, rows.risk + table[:, at])  # risk is minus the sum, so this takes the points away
        alone = area_under(*Ladder.of(-table[:, at]).split(rows))
        found.append(Contribution(name, alone, placed.against(without).difference, float(shares[at])))
    return tuple(found)


def variance_shares(points: ArrayLike, weight: ArrayLike) -> Floats:
    """Each column's share of the variance of the sum of all; zeros where the sum does not vary.

    >>> variance_shares([[0, 0], [2, 1], [0, 1], [2, 0]], [1, 1, 1, 1]).tolist()
    [0.8, 0.2]
    """
    table, weights = np.asarray(points, dtype=np.float64), np.asarray(weight, dtype=np.float64)
    if np.ptp(table.sum(axis=1)) == 0:  # asked before any mean is taken off, which would leave rounding to be divided by rounding
        return np.zeros(table.shape[1])
    share = (weights / weights.sum())[:, np.newaxis]
    apart = table - (share * table).sum(axis=0)
    whole = apart.sum(axis=1, keepdims=True)
    shares: Floats = (share * whole * apart).sum(axis=0) / (share * whole * whole).sum()
    return shares
