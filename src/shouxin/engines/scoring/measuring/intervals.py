"""Shares and differences of shares, with the interval in which the true one may lie."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

from shouxin.engines.scoring.measuring.sample import Flags, Floats, inner

LEVEL = 0.95  # of intervals, unless said otherwise


@dataclass(frozen=True, slots=True)
class Estimate:
    """What was measured, and the interval in which the true value may lie."""

    value: float
    low: float
    high: float

    @property
    def excludes_zero(self) -> bool:
        """Whether the interval lies wholly on one side of zero."""
        return self.low > 0 or self.high < 0


def wilson(successes: float, rows: float, level: float = LEVEL) -> Estimate:
    """A share with its interval. Wilson (1927), Probable inference, JASA 22, 209-212. Holds for small counts and for none.

    Raises ValueError without a row.

    >>> share = wilson(10, 100)
    >>> share.value, round(share.low, 4), round(share.high, 4)
    (0.1, 0.0552, 0.1744)
    >>> wilson(0, 50).low
    0.0
    """
    if rows <= 0:
        raise ValueError(f"rows: {rows}: more than zero")
    z, share = two_sided(level), successes / rows
    spread = 1 + z * z / rows
    middle = (share + z * z / (2 * rows)) / spread
    half = z * sqrt(share * (1 - share) / rows + z * z / (4 * rows * rows)) / spread
    return Estimate(share, max(0.0, min(share, middle - half)), min(1.0, max(share, middle + half)))


def share_of(chosen: Flags, weight: Floats, level: float = LEVEL) -> Estimate:
    """The weighted share of the rows that are chosen, with Wilson's interval. Raises ValueError where there is no row.

    With unequal weights the interval is that of the effective number of rows, (sum of w)^2 / sum of w^2: Kish (1965),
    Survey Sampling.

    >>> import numpy as np
    >>> share_of(np.array([True, False, False, False]), np.ones(4)).value
    0.25
    """
    total, squares = float(weight.sum()), inner(weight, weight)
    rows = total * total / squares if squares else 0.0
    share = min(1.0, float(weight[chosen].sum()) / total) if total else 0.0
    return wilson(share * rows, rows, level)


def difference(one: Estimate, other: Estimate) -> Estimate:
    """One share less another of other rows, from their Wilson intervals.

    Newcombe (1998), Interval estimation for the difference between independent proportions, Statistics in Medicine 17,
    873-890, method 10. His example, 56 of 70 and 48 of 80:

    >>> gap = difference(wilson(56, 70), wilson(48, 80))
    >>> round(gap.value, 4), round(gap.low, 4), round(gap.high, 4)
    (0.2, 0.0524, 0.3339)
    """
    gap = one.value - other.value
    below = sqrt((one.value - one.low) ** 2 + (other.high - other.value) ** 2)
    above = sqrt((one.high - one.value) ** 2 + (other.value - other.low) ** 2)
    return Estimate(gap, gap - below, gap + above)


def two_sided(level: float) -> float:
    """The quantile of the normal distribution that leaves half of what is outside the level on each side.

    >>> round(two_sided(0.95), 3)
    1.96
    """
    return NormalDist().inv_cdf((1 + level) / 2)
