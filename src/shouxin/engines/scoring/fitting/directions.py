"""Which direction of a number is better, where the training rows leave no doubt.

A direction that is declared wrongly costs more than one that is left open. So a direction is drafted only where the bad rate over
bins of the values, their tails apart, rises or falls from each to the next within one standard error, and clearly overall.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from shouxin.engines.scoring.fitting.spec import Direction
from shouxin.engines.scoring.measuring.bands import band_of
from shouxin.engines.scoring.measuring.sample import Codes, Floats

QUANTILES = (0.01, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.99)
FEWEST_BINS = 3
FEWEST_ROWS, FEWEST_SHARE = 50, 0.002
CLEARLY = 5.0


def direction_of(values: Floats, bad: Floats) -> Direction:
    """`up` where more is better, `down` where less is, `either` where the rows do not say.

    values: training rows, NaN where missing or special; bad: 1 or 0 for each of them

    >>> direction_of(np.arange(4000.0), (np.arange(4000) * 37 % 4000 < np.arange(4000) / 2).astype(float))
    'down'
    >>> direction_of(np.arange(4000.0), (np.arange(4000) % 2).astype(float))
    'either'
    """
    there = ~np.isnan(values)
    values, bad = values[there], bad[there]
    if not len(values):
        return "either"
    bins = _bins(values)
    rows = np.bincount(bins).astype(np.float64)
    rates = (np.bincount(bins, weights=bad) + 0.5) / (rows + 1)
    if len(rows) < FEWEST_BINS:
        return "either"
    errors = np.sqrt(rates * (1 - rates) / rows)
    if _rises(rates, errors):
        return "down"
    return "up" if _rises(rates[::-1], errors[::-1]) else "either"


def _bins(values: Floats) -> Codes:
    """Bins of about a tenth of the rows each and of both tails; those of too few rows go with the one below."""
    distinct, counts = np.unique(values, return_counts=True)
    if len(distinct) <= len(QUANTILES):
        cuts = distinct[1:]
    else:
        cuts = np.unique(np.quantile(values, QUANTILES, method="higher"))
        tail = distinct[np.searchsorted(distinct, cuts[-1], side="right") :] if len(cuts) < 6 else distinct[:0]
        cuts = np.concatenate([cuts, tail])
    least = max(FEWEST_ROWS, FEWEST_SHARE * counts.sum())
    kept: list[float] = []
    for cut in cuts.tolist():
        below = int(counts[(distinct < cut) & (distinct >= (kept[-1] if kept else -np.inf))].sum())
        if below >= least and int(counts[distinct >= cut].sum()) >= least:
            kept.append(cut)
    return band_of(values, kept)


def _rises(rates: Floats, errors: Floats) -> bool:
    """Whether the rates rise: no step falls by more than its standard error, nor any bin below an earlier one by twice that."""
    for low, high in pairwise(range(len(rates))):
        if rates[low] - rates[high] > np.hypot(errors[low], errors[high]):
            return False
    highest = np.maximum.accumulate(rates)
    if (highest - rates > 2 * np.hypot(errors, errors[np.searchsorted(highest, highest)])).any():
        return False
    return bool(rates[-1] - rates[0] > CLEARLY * np.hypot(errors[0], errors[-1]))
