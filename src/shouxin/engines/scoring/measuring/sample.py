"""Rows whose outcome is known, and what a score said of them: what most measures are worked out from.

Read this first, then `measures.py`. Outcomes, risks and weights are checked here, once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from shouxin.engines.scoring.measuring.measure_errors import (
    OutcomeNotBinary,
    OutcomeOneClass,
    ProbabilityOutOfRange,
    RiskMissing,
    WeightNotPositive,
)

Floats: TypeAlias = NDArray[np.float64]
Flags: TypeAlias = NDArray[np.bool_]
Codes: TypeAlias = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """Rows with a known outcome. Arrays of one length, one element for each row.

    bad:    whether the outcome was bad
    risk:   what the score says, higher is worse; a probability of default, or minus the score
    pd:     probability of default from 0 to 1, where the score gives one
    weight: how many customers of the population a row stands for; 1 where nothing was restored by weighting
    """

    bad: Flags
    risk: Floats
    pd: Floats | None
    weight: Floats

    def take(self, rows: Codes) -> Sample:
        """The rows at these places, in their order. They may hold one class only."""
        return Sample(self.bad[rows], self.risk[rows], None if self.pd is None else self.pd[rows], self.weight[rows])

    @property
    def both_classes(self) -> bool:
        """Whether there is a good and a bad row."""
        return bool(self.bad.any() and not self.bad.all())


def sample(bad: ArrayLike, risk: ArrayLike, pd: ArrayLike | None = None, weight: ArrayLike | None = None) -> Sample:
    """The rows, checked: both outcomes occur, every row has a risk.

    Raises OutcomeNotBinary, OutcomeOneClass, RiskMissing, ProbabilityOutOfRange, WeightNotPositive with the first row that
    breaks it; ValueError where the lengths differ.

    >>> sample([0, 1], [0.1, 0.9]).weight.tolist()
    [1.0, 1.0]
    >>> sample([0, 2], [0.1, 0.9])
    Traceback (most recent call last):
    ...
    shouxin.engines.scoring.measuring.measure_errors.OutcomeNotBinary: bad[1]: 2.0: 1 for a bad outcome or 0 for a good \
one; leave out rows whose outcome is not known
    """
    outcomes = outcomes_of(bad)
    rows = len(outcomes)
    if outcomes.all() or not outcomes.any():
        raise OutcomeOneClass("bad", int(outcomes.any()), rows=rows)
    return Sample(outcomes, risks_of(risk, rows), None if pd is None else probabilities_of(pd, rows), weights_of(weight, rows))


def outcomes_of(bad: ArrayLike) -> Flags:
    """Outcomes as flags: true is bad."""
    values = np.asarray(bad, dtype=np.float64)
    broken = np.flatnonzero((values != 0) & (values != 1))
    if len(broken):
        raise OutcomeNotBinary(f"bad[{broken[0]}]", values[broken[0]])
    return np.asarray(values == 1, dtype=np.bool_)


def risks_of(risk: ArrayLike, rows: int) -> Floats:
    """Risks, none of them missing; they may be infinite, since only their order counts."""
    values = _column(risk, rows, "risk")
    broken = np.flatnonzero(np.isnan(values))
    if len(broken):
        raise RiskMissing(f"risk[{broken[0]}]", values[broken[0]])
    return values


def probabilities_of(pd: ArrayLike, rows: int) -> Floats:
    """Probabilities from 0 to 1."""
    values = _column(pd, rows, "pd")
    broken = np.flatnonzero(~((values >= 0) & (values <= 1)))
    if len(broken):
        raise ProbabilityOutOfRange(f"pd[{broken[0]}]", values[broken[0]])
    return values


def weights_of(weight: ArrayLike | None, rows: int) -> Floats:
    """Weights above zero; 1 for every row where there are none."""
    if weight is None:
        return np.ones(rows)
    values = _column(weight, rows, "weight")
    broken = np.flatnonzero(~((values > 0) & np.isfinite(values)))
    if len(broken):
        raise WeightNotPositive(f"weight[{broken[0]}]", values[broken[0]])
    return values


def weight_in(places: Codes, weight: Floats, size: int) -> Floats:
    """The weight of all rows at each of so many places.

    >>> weight_in(np.array([0, 2, 2]), np.array([1.0, 1.0, 0.5]), 4).tolist()
    [1.0, 0.0, 1.5, 0.0]
    """
    return np.asarray(np.bincount(places, weights=weight, minlength=size), dtype=np.float64)


def inner(one: Floats, other: Floats) -> float:
    """The sum of the products, without BLAS: its threads wait for each other on a busy machine, and the last digit of its answer
    depends on how many there are.

    >>> inner(np.array([1.0, 2.0]), np.array([3.0, 4.0]))
    11.0
    """
    return float((one * other).sum())


def _column(values: ArrayLike, rows: int, field: str) -> Floats:
    column = np.asarray(values, dtype=np.float64)
    if column.shape != (rows,):
        raise ValueError(f"{field}: {rows} numbers, one for each row, not an array of shape {column.shape}")
    return column
