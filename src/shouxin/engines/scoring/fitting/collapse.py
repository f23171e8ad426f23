"""Curves and surfaces as a few steps: the contiguous segments that lose least, found exactly by dynamic programming.

The loss is the weighted sum of squared differences to each segment's mean. Fisher, On Grouping for Maximum Homogeneity (1958);
Bellman (1961).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shouxin.engines.scoring.fitting.coding import Codes, Floats

ROUNDS = 4


@dataclass(frozen=True)
class Limits:
    """How coarse: at most so many segments, each of at least so many rows; one more has to save more than its price."""

    most: int
    least: float
    price: float = 0.0


def segments(values: Floats, weight: Floats, sizes: Floats, limits: Limits) -> Codes:
    """The segment of each row of `values` (rows x columns), a number that rises by one from segment to segment.

    values, weight: the rows are in order; a segment's mean is taken in each column apart
    sizes:          rows of the data behind each row, for the least size of a segment

    >>> segments(np.array([[1.0], [1.1], [5.0]]), np.ones((3, 1)), np.ones(3), Limits(2, 1)).tolist()
    [0, 0, 1]
    """
    count = len(values)
    cost = _cost(values, weight, sizes, limits.least)
    best, choices = np.full(count + 1, np.inf), []
    best[0] = 0.0
    losses = []
    for _ in range(limits.most):
        every = best[:, None] + cost
        choices.append(every.argmin(axis=0))
        best = every.min(axis=0)
        losses.append(float(best[count]))
    return _traced(choices, _how_many(losses, limits.price), count)


def _how_many(losses: list[float], price: float) -> int:
    """The number of segments with the least loss and price together; 1 where not even one is large enough."""
    priced = [loss + price * number for number, loss in enumerate(losses, 1)]
    return priced.index(min(priced)) + 1


def _traced(choices: list[Codes], number: int, count: int) -> Codes:
    found = np.zeros(count, dtype=np.int64)
    end = count
    for segment in range(number - 1, 0, -1):
        begin = int(choices[segment][end])
        found[begin:end] = segment
        end = begin
    return found


def _cost(values: Floats, weight: Floats, sizes: Floats, least: float) -> Floats:
    """The loss of every segment [i, j); infinite where it is empty or too small."""

    def between(parts: Floats) -> Floats:
        sums = np.vstack([np.zeros(parts.shape[1]), np.cumsum(parts, axis=0)])
        found: Floats = sums[None, :, :] - sums[:, None, :]
        return found

    weights, sums, squares = between(weight), between(weight * values), between(weight * values * values)
    loss = (squares - np.where(weights > 0, sums * sums / np.where(weights > 0, weights, 1.0), 0.0)).sum(axis=2)
    place = np.arange(len(values) + 1)
    allowed = (place[None, :] > place[:, None]) & (between(sizes[:, None])[:, :, 0] >= least)
    found: Floats = np.where(allowed, np.maximum(loss, 0.0), np.inf)
    return found


def means(values: Floats, weight: Floats, groups: Codes) -> tuple[Floats, Floats]:
    """(mean, weight) of each group of rows, in each column; 0 where a group has no weight."""
    count = int(groups.max()) + 1
    summed, sizes = np.zeros((count, values.shape[1])), np.zeros((count, values.shape[1]))
    np.add.at(summed, groups, weight * values)
    np.add.at(sizes, groups, weight)
    return summed / np.where(sizes > 0, sizes, 1.0), sizes


def coarse(surface: Floats, weight: Floats, ordered: tuple[int, int], limits: Limits) -> tuple[Codes, Codes]:
    """The segment of each row and of each column of a surface, each side in turn while the other stands.

    ordered: how many rows and how many columns have an order; those after them stay by themselves
    """
    rows = _axis(surface, weight, ordered[0], limits)
    columns = np.zeros(surface.shape[1], dtype=np.int64)
    for _ in range(ROUNDS):
        by_rows, row_weight = means(surface, weight, rows)
        columns = _axis(by_rows.T, row_weight.T, ordered[1], limits)
        by_columns, column_weight = means(surface.T, weight.T, columns)
        rows = _axis(by_columns.T, column_weight.T, ordered[0], limits)
    return rows, columns


def _axis(values: Floats, weight: Floats, ordered: int, limits: Limits) -> Codes:
    found = segments(values[:ordered], weight[:ordered], weight[:ordered].sum(axis=1), limits)
    rest = np.arange(len(values) - ordered) + found.max() + 1
    return np.concatenate([found, rest])
