"""The rows that are learnt from, as codes; parts of them that are held out; and the little arithmetic that all steps share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shouxin.engines.scoring.fitting.coding import Codes, Floats


@dataclass(frozen=True)
class Learning:
    """Rows to learn from.

    codes:  per column, the code of every row
    bad:    1 where the row turned bad, else 0
    weight: how much a row counts; 1 unless the spec names a column
    seed:   of everything drawn at random
    """

    codes: tuple[Codes, ...]
    bad: Floats
    weight: Floats
    seed: int

    def take(self, rows: NDArray[np.bool_]) -> Learning:
        """Some of the rows."""
        return Learning(tuple(each[rows] for each in self.codes), self.bad[rows], self.weight[rows], self.seed)

    def columns(self, places: Sequence[int]) -> Learning:
        """Some of the columns."""
        return Learning(tuple(self.codes[place] for place in places), self.bad, self.weight, self.seed)


def held_out(bad: Floats, share: float, seed: tuple[int, ...]) -> NDArray[np.bool_]:
    """A random share of the good and of the bad rows."""
    draw = np.random.default_rng(seed)
    out = np.zeros(len(bad), dtype=bool)
    for outcome in (0, 1):
        rows = np.flatnonzero(bad == outcome)
        out[draw.permutation(rows)[: int(len(rows) * share)]] = True
    return out


def folds(bad: Floats, count: int, seed: int) -> NDArray[np.int64]:
    """A number from 0 to count - 1 for each row; goods and bads are spread evenly."""
    draw = np.random.default_rng((seed, count))
    found = np.zeros(len(bad), dtype=np.int64)
    for outcome in (0, 1):
        rows = draw.permutation(np.flatnonzero(bad == outcome))
        found[rows] = np.arange(len(rows)) % count
    return found


def summed(codes: Codes, values: Floats, count: int) -> Floats:
    """The sum of the values of each code.

    >>> summed(np.array([0, 2, 0]), np.array([1.0, 2.0, 3.0]), 3).tolist()
    [4.0, 0.0, 2.0]
    """
    return np.asarray(np.bincount(codes, values, count), dtype=np.float64)


def loss(log_odds: Floats, bad: Floats, weight: Floats) -> float:
    """Mean log loss."""
    found: float = float((weight * np.logaddexp(0.0, np.where(bad > 0, -log_odds, log_odds))).sum() / weight.sum())
    return found


def strongest(shapes: Sequence[Floats], codes: Sequence[Codes], most: int) -> list[int]:
    """The columns whose curves spread the rows most, the strongest first; at most so many, and none that adds nothing."""
    spread = [float(np.std(shape[each])) for shape, each in zip(shapes, codes, strict=True)]
    order = (int(place) for place in np.argsort(-np.array(spread), kind="stable"))
    return [place for place in order if spread[place] > 0][:most]


def total(shapes: Sequence[Floats], codes: Sequence[Codes]) -> Floats:
    """The sum of what each column adds."""
    found = np.zeros(len(codes[0]))
    for shape, each in zip(shapes, codes, strict=True):
        found += shape[each]
    return found
