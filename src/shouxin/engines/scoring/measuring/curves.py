"""Curves to plot: ROC, and the two distributions that KS is the distance of. Thinned, since a page shows no more."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shouxin.engines.scoring.measuring.measures import Ladder, widest_step
from shouxin.engines.scoring.measuring.sample import Codes, Floats, Sample

MOST_POINTS = 200


@dataclass(frozen=True, slots=True)
class RocPoint:
    """Shares of good and of bad rows that are turned down when every risk from some height on is."""

    goods: float
    bads: float


@dataclass(frozen=True, slots=True)
class KsPoint:
    """Shares of good and of bad rows with at most this risk."""

    risk: float
    goods: float
    bads: float


def roc(rows: Sample) -> tuple[RocPoint, ...]:
    """The ROC curve from (0, 0) to (1, 1), false positives (goods) against true positives (bads); at most 200 points.

    >>> [(point.goods, point.bads) for point in roc(Sample(np.array([False, True]), np.array([1., 2.]), None, np.ones(2)))]
    [(0.0, 0.0), (0.0, 1.0), (1.0, 1.0)]
    """
    _, goods, bads = _shares(rows)
    false_positive = np.concatenate(([0.0], 1 - goods[-2::-1], [1.0]))
    true_positive = np.concatenate(([0.0], 1 - bads[-2::-1], [1.0]))
    kept = _thinned(false_positive + true_positive, MOST_POINTS)
    return tuple(RocPoint(float(false_positive[place]), float(true_positive[place])) for place in kept)


def ks_curve(rows: Sample) -> tuple[KsPoint, ...]:
    """The distributions of good and bad rows over the risk; at most 200 points, that of the KS statistic among them."""
    risks, goods, bads = _shares(rows)
    widest = widest_step(*Ladder.of(rows.risk).split(rows))
    kept = np.union1d(_thinned(goods + bads, MOST_POINTS - 1), [widest])
    return tuple(KsPoint(float(risks[place]), float(goods[place]), float(bads[place])) for place in kept)


def _shares(rows: Sample) -> tuple[Floats, Floats, Floats]:
    """Each risk that occurs, ascending, and the shares of good and of bad rows up to it."""
    ladder = Ladder.of(rows.risk)
    bads, goods = ladder.split(rows)
    return ladder.risks, np.cumsum(goods) / goods.sum(), np.cumsum(bads) / bads.sum()


def _thinned(way: Floats, most: int) -> Codes:
    """Places of at most so many points, about evenly along a way that never falls; the first and the last stay."""
    if len(way) <= most:
        return np.arange(len(way))
    wanted = np.linspace(way[0], way[-1], most)
    places = np.minimum(np.searchsorted(way, wanted), len(way) - 1)
    places[0], places[-1] = 0, len(way) - 1
    return np.unique(places)
