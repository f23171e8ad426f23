"""Whether probabilities of default are what they say: by bands, by recalibration, by one test."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import erfc, exp, gamma, sqrt

import numpy as np

from shouxin.engines.scoring.measuring.bands import band_of, bands_between, equal_count_cuts
from shouxin.engines.scoring.measuring.intervals import Estimate, share_of
from shouxin.engines.scoring.measuring.measures import SMALLEST_PD
from shouxin.engines.scoring.measuring.sample import Floats, Sample, inner

STEPS = 200  # of Newton's method; a handful are needed
CLOSE = 1e-10  # the last step of Newton's method, in log odds
FARTHEST, HALVINGS = 100.0, 60  # log odds that no sample asks for, since SMALLEST_PD is 35 away; to the last digit of a float


@dataclass(frozen=True, slots=True)
class CalibrationBand:
    """Rows whose probabilities lie close together: what was said and what happened.

    low, high: the lowest and the highest probability among them
    mean_pd:   weighted mean of the probabilities
    bad_rate:  weighted share of bad rows, with Wilson's interval
    """

    low: float
    high: float
    rows: int
    bads: int
    mean_pd: float
    bad_rate: Estimate

    @property
    def agrees(self) -> bool:
        """Whether the mean probability lies in the interval of the bad rate."""
        return self.bad_rate.low <= self.mean_pd <= self.bad_rate.high


def calibration_bands(rows: Sample, cuts: Sequence[float] | None = None) -> tuple[CalibrationBand, ...]:
    """The sample by bands of probability, ascending: ten of about as many rows each, or those that the cuts make.

    Bands without rows are left out. Raises ValueError where the sample has no probabilities.
    """
    pd = probabilities(rows)
    chosen = equal_count_cuts(pd) if cuts is None else cuts
    places = band_of(pd, chosen)
    return tuple(
        _band(rows.take(np.flatnonzero(places == place)))
        for place in range(len(bands_between(chosen)))
        if (places == place).any()
    )


def _band(rows: Sample) -> CalibrationBand:
    pd = probabilities(rows)
    mean, rate = float(np.average(pd, weights=rows.weight)), share_of(rows.bad, rows.weight)
    return CalibrationBand(float(pd.min()), float(pd.max()), len(pd), int(rows.bad.sum()), mean, rate)


@dataclass(frozen=True, slots=True)
class Recalibration:
    """The logistic line from the log odds that were said to those that happened. Perfect is 0, 1 and 0.

    Cox (1958), Two further applications of a model for binary regression, Biometrika 45, 562-565.
    intercept, slope: of log odds of bad = intercept + slope x log odds of the probability; a slope below 1 is too sure of
                      itself. Nothing where the probabilities part goods from bads wholly, or are all alike
    in_the_large:     the intercept when the slope is held at 1: above 0, more went bad than was said
    """

    intercept: float | None
    slope: float | None
    in_the_large: float


def recalibrate(rows: Sample) -> Recalibration:
    """Fits the line by maximum likelihood. Raises ValueError where the sample has no probabilities.

    >>> from shouxin.engines.scoring.measuring.sample import sample
    >>> pd = [0.2] * 10 + [0.8] * 10
    >>> found = recalibrate(sample([1, 1] + [0] * 8 + [1] * 8 + [0, 0], pd, pd))
    >>> round(found.intercept, 6) + 0.0, round(found.slope, 6), round(found.in_the_large, 6) + 0.0
    (0.0, 1.0, 0.0)
    """
    pd = np.clip(probabilities(rows), SMALLEST_PD, 1 - SMALLEST_PD)
    said = np.log(pd) - np.log1p(-pd)
    large = _shift(said, rows)
    bad, good = said[rows.bad], said[~rows.bad]
    if good.max() <= bad.min() or bad.max() <= good.min():
        return Recalibration(None, None, large)
    intercept, slope = _line(said, rows)
    return Recalibration(intercept, slope, large)


def _shift(said: Floats, rows: Sample) -> float:
    """What is added to all log odds so that as many go bad as did: halving, since the number only rises with it."""
    low, high = -FARTHEST, FARTHEST
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if inner(rows.weight, chances(said + middle) - rows.bad) > 0 else (middle, high)
    return (low + high) / 2


def _line(said: Floats, rows: Sample) -> tuple[float, float]:
    """Weighted logistic regression on one column: Newton's method from no slope on, halving steps that do not climb."""
    intercept = slope = 0.0
    height = _likelihood(np.zeros(len(said)), rows)
    for _ in range(STEPS):
        up, along = _newton(said, intercept + slope * said, rows)
        while (reached := _likelihood(intercept + up + (slope + along) * said, rows)) < height and abs(up) + abs(along) > CLOSE:
            up, along = up / 2, along / 2
        intercept, slope, height = intercept + up, slope + along, reached
        if abs(up) + abs(along) <= CLOSE:
            break
    return intercept, slope


def _newton(said: Floats, log_odds: Floats, rows: Sample) -> tuple[float, float]:
    """The step to the top of the parabola that touches the likelihood here; measured from the middle, where it is stable."""
    chance = chances(log_odds)
    missed, spread = rows.weight * (rows.bad - chance), rows.weight * chance * (1 - chance)
    total = float(spread.sum())
    middle = inner(spread, said) / total
    apart = said - middle
    along = inner(missed, apart) / inner(spread, apart * apart)
    return float(missed.sum()) / total - along * middle, along


def chances(log_odds: Floats) -> Floats:
    """Probabilities from log odds, without overflow.

    >>> chances(np.array([-1000.0, 0.0, 1000.0])).tolist()
    [0.0, 0.5, 1.0]
    """
    return np.asarray(0.5 * (1 + np.tanh(log_odds / 2)), dtype=np.float64)


def _likelihood(log_odds: Floats, rows: Sample) -> float:
    return inner(rows.weight, rows.bad * log_odds - np.logaddexp(0.0, log_odds))


@dataclass(frozen=True, slots=True)
class HosmerLemeshow:
    """One number for how far bands are from what was said. With many rows it refuses what is good enough: read the bands.

    p_value: chance of at least this much when the probabilities are right; for rows on which they were not fitted
    """

    chi_square: float
    bands: int
    p_value: float


def hosmer_lemeshow(bands: Sequence[CalibrationBand]) -> HosmerLemeshow:
    """The statistic over calibration bands of unweighted rows, with as many degrees of freedom as bands.

    Hosmer, Lemeshow and Sturdivant (2013), Applied Logistic Regression, 3rd edition, section 5.2.2. Bands in which every
    probability is 0 or 1 say nothing and are left out.
    """
    used = [band for band in bands if 0 < band.mean_pd < 1]
    total = sum((band.bads - band.rows * band.mean_pd) ** 2 / (band.rows * band.mean_pd * (1 - band.mean_pd)) for band in used)
    return HosmerLemeshow(total, len(used), chi_square_tail(total, len(used)))


def chi_square_tail(value: float, freedom: int) -> float:
    """Chance that a chi-square variable with so many degrees of freedom, 1 or more, is above a value.

    >>> round(chi_square_tail(3.841459, 1), 4), round(chi_square_tail(18.307038, 10), 4)
    (0.05, 0.05)
    """
    half = value / 2
    odd = freedom % 2
    tail = erfc(sqrt(half)) if odd else exp(-half)
    shape = 0.5 if odd else 1.0
    while shape < freedom / 2:
        tail += half**shape * exp(-half) / gamma(shape + 1)
        shape += 1
    return min(1.0, tail)


def probabilities(rows: Sample) -> Floats:
    """The probabilities of a sample. Raises ValueError where it has none."""
    if rows.pd is None:
        raise ValueError("pd: a sample with probabilities of default; this one has risks only")
    return rows.pd
