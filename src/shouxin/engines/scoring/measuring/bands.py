"""Bands of a number: where they are cut, which band a value falls in, and what a band is called.

A band holds its lower bound and not its upper one, as the bins of a card do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike

from shouxin.engines.scoring.measuring.measure_errors import CutsNotAscending
from shouxin.engines.scoring.measuring.sample import Codes, Floats


@dataclass(frozen=True, slots=True)
class Band:
    """From `low`, inclusive, to below `high`; open where nothing stands."""

    low: float | None
    high: float | None

    @property
    def label(self) -> str:
        """What the band is called in a table.

        >>> Band(None, 30).label, Band(30, 45.5).label, Band(45.5, None).label, Band(None, None).label
        ('<30', '30–<45.5', '≥45.5', '*')
        """
        if self.low is None:
            return "*" if self.high is None else f"<{self.high:.10g}"
        return f"≥{self.low:.10g}" if self.high is None else f"{self.low:.10g}–<{self.high:.10g}"


def bands_between(cuts: Sequence[float]) -> tuple[Band, ...]:
    """The bands that these cuts make, one more than there are cuts.

    Raises CutsNotAscending.

    >>> [band.label for band in bands_between([500, 600])]
    ['<500', '500–<600', '≥600']
    """
    for place, (low, high) in enumerate(pairwise(cuts), 1):
        if not low < high:
            raise CutsNotAscending(f"cuts[{place}]", high)
    ends = [None, *cuts, None]
    return tuple(Band(low, high) for low, high in pairwise(ends))


def band_of(values: ArrayLike, cuts: Sequence[float]) -> Codes:
    """The place of the band that each value falls in.

    >>> band_of([499, 500, 600], [500, 600]).tolist()
    [0, 1, 2]
    """
    return np.searchsorted(np.asarray(cuts, dtype=np.float64), np.asarray(values, dtype=np.float64), side="right")


def equal_count_cuts(values: ArrayLike, bands: int = 10) -> tuple[float, ...]:
    """Cuts into bands of about as many values each; no band is empty, and equal values stay together.

    There are fewer bands where values are few or one of them is common. Missing values (NaN) do not count.

    >>> equal_count_cuts([1, 2, 3, 4, 5, 6], 3)
    (3.0, 5.0)
    >>> equal_count_cuts([1, 1, 1, 1, 1, 6], 3)
    (6.0,)
    """
    numbers: Floats = np.asarray(values, dtype=np.float64)
    ordered = np.sort(numbers[~np.isnan(numbers)])
    if not len(ordered):
        return ()
    firsts = np.unique(np.searchsorted(ordered, ordered, side="left"))
    wanted = len(ordered) * np.arange(1, bands) / bands
    after = np.searchsorted(firsts, wanted)
    reached = np.minimum(after, len(firsts) - 1)
    before = np.maximum(reached - 1, 0)
    nearest = np.where(np.abs(firsts[before] - wanted) < np.abs(firsts[reached] - wanted), firsts[before], firsts[reached])
    return tuple(float(ordered[first]) for first in np.unique(nearest) if first > 0)


def fixed_cuts(lowest: int, highest: int, step: int) -> tuple[float, ...]:
    """Cuts at every so many points inside a scale.

    >>> fixed_cuts(350, 950, 200)
    (550.0, 750.0)
    """
    return tuple(float(cut) for cut in range(lowest + step, highest, step))
