"""Whether a card knows a protected attribute under another name: how well each characteristic predicts it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

from shouxin.engines.scoring.measuring.groups import Groups
from shouxin.engines.scoring.measuring.measures import area_under
from shouxin.engines.scoring.measuring.sample import Codes, weight_in

STRONG = 0.3  # Cramer's V: a medium association, where there are two groups (Cohen 1988, Statistical Power Analysis, chapter 7)
TELLING = 0.7  # AUC, for two groups


@dataclass(frozen=True, slots=True)
class Proxy:
    """How well the bins of one characteristic tell the groups of a protected attribute.

    cramers_v: 0 where they tell nothing, 1 where they tell all; corrected for chance: Bergsma (2013), A bias-correction for
               Cramer's V and Tschuprow's T, Journal of the Korean Statistical Society 42, 323-328
    auc:       where there are two groups: of guessing the group from the bin, bins ordered by their share of it. It is
               measured on the rows that it was ordered by, so it is 0.5 or more, a little too high in small data
    flagged:   V of 0.3 or more, or AUC of 0.7 or more
    """

    characteristic: str
    cramers_v: float
    auc: float | None
    flagged: bool


def proxies(groups: Groups, bins: Mapping[str, ArrayLike], threshold: float = STRONG) -> tuple[Proxy, ...]:
    """All characteristics, the strongest first. Rows of which the group is not known are left out.

    bins: of each characteristic, the place of every row's bin (missing values have one too), whole numbers from 0 on

    >>> from shouxin.engines.scoring.measuring.groups import by_name
    >>> [(each.characteristic, each.cramers_v, each.auc, each.flagged)
    ...  for each in proxies(by_name(["f", "m"] * 50), {"title": [0, 1] * 50, "region": [0, 0, 1, 1] * 25})]
    [('title', 1.0, 1.0, True), ('region', 0.0, 0.5, False)]
    """
    rows = len(groups.place)
    members = [places for name, places in groups.members(rows) if name is not None]
    found = [_proxy(name, [_column(name, places, rows)[each] for each in members], threshold) for name, places in bins.items()]
    return tuple(sorted(found, key=lambda each: (-each.cramers_v, each.characteristic)))


def _proxy(name: str, bins: Sequence[Codes], threshold: float) -> Proxy:
    width = max((int(each.max()) + 1 for each in bins), default=0)
    table = np.array([np.bincount(each, minlength=width) for each in bins], dtype=np.float64).reshape(len(bins), width)
    association = cramers_v(table)
    area = _told(table) if len(bins) == 2 else None
    return Proxy(name, association, area, association >= threshold or (area is not None and area >= TELLING))


def cramers_v(table: ArrayLike) -> float:
    """Cramer's V of a table of counts, corrected for bias; 0 with a single row or column that holds anything.

    >>> round(cramers_v([[30, 10], [10, 30]]), 4)
    0.4903
    """
    counts = np.asarray(table, dtype=np.float64)
    counts = counts[counts.sum(axis=1) > 0][:, counts.sum(axis=0) > 0]
    if min(counts.shape) < 2:
        return 0.0
    total = float(counts.sum())
    expected = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / total
    square = float(((counts - expected) ** 2 / expected).sum()) / total
    down, across = counts.shape
    left = max(0.0, square - (down - 1) * (across - 1) / (total - 1))
    least = min(each - (each - 1) ** 2 / (total - 1) for each in (down, across))
    return min(1.0, sqrt(left / (least - 1))) if least > 1 else 0.0


def _told(table: NDArray[np.float64]) -> float:
    """The AUC of the second group against the first, over bins in the order of the second's share."""
    first, second = table[:, table.sum(axis=0) > 0]
    shares = second / (first + second)
    _, rung = np.unique(shares, return_inverse=True)
    return area_under(weight_in(rung, second, 0), weight_in(rung, first, 0))


def _column(name: str, places: ArrayLike, rows: int) -> Codes:
    column = np.asarray(places, dtype=np.intp)
    if column.shape != (rows,) or (column < 0).any():
        raise ValueError(f"{name}: {rows} places of bins, one for each row, from 0 on")
    return column
