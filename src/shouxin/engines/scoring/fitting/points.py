"""From log odds to integer points: bins of each curve, pair tables, one last fit of all of them, the scale.

Points give and take around the average: who is average in everything has the base. score = base + points, and the
scale says what a score means: anchor_odds at anchor_score, twice the odds every points_to_double. Siddiqi, Credit Risk
Scorecards (2006), ch. 6.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from shouxin.engines.policy.model import Scale
from shouxin.engines.scoring.fitting.coding import Codes, Coding, Floats
from shouxin.engines.scoring.fitting.collapse import Limits, segments
from shouxin.engines.scoring.fitting.learning import Learning, folds, loss, summed
from shouxin.engines.scoring.fitting.pairs import PairTable
from shouxin.engines.scoring.measuring.calibration import chances, recalibrate
from shouxin.engines.scoring.measuring.sample import sample

MOST_BINS, LEAST_SHARE = 8, 0.01
PRICE = 0.02  # of one more bin, in twice the log likelihood: what is no use at all; curves are held back enough already
PRIORS, PARTS, SMALL = (30.0, 100.0, 300.0, 1000.0), 5, 50_000
ROUNDS = 12
SETTLED = 1e-6


@dataclass(frozen=True)
class Binned:
    """A column as bins. bin: code -> bin, missing last; values: log odds of being bad of each bin."""

    column: int
    bin: Codes
    values: Floats

    def of(self, codes: Sequence[Codes]) -> Floats:
        """What it adds for every row."""
        found: Floats = self.values[self.bin[codes[self.column]]]
        return found


@dataclass(frozen=True)
class Pointed:
    """Integer points. characteristics: per Binned, a point per bin; tables: per pair, points by row and column."""

    base: int
    characteristics: tuple[Codes, ...]
    tables: tuple[Codes, ...]


def binned(column: int, coding: Coding, shape: Floats, learning: Learning, curve: Floats) -> Binned:
    """A curve in at most MOST_BINS bins of at least LEAST_SHARE of the rows; special values and missing by themselves.

    Where every level of a text has rows enough, those never seen have a bin of their own, at the average.

    curve: p (1 - p) of each row, times its weight: squared log odds lost in it are twice the log likelihood lost
    """
    codes = learning.codes[column]
    rows, weight = (summed(codes, each, coding.count) for each in (learning.weight, curve))
    order = np.argsort(shape[: coding.plain], kind="stable") if coding.is_text else np.arange(coding.plain)
    unseen = coding.is_text and rows[coding.plain - 1] == 0
    order = order[order != coding.plain - 1] if unseen and coding.levels else order
    limits = Limits(MOST_BINS, LEAST_SHARE * float(learning.weight.sum()), PRICE)
    segment = segments(shape[order][:, None], weight[order][:, None], rows[order], limits)
    found = np.zeros(coding.count, dtype=np.int64)
    found[order] = segment
    alone = np.setdiff1d(np.arange(coding.count), order)
    found[alone] = segment.max() + 1 + np.arange(len(alone))
    count = int(found.max()) + 1
    size = summed(found, weight, count)
    values = summed(found, weight * shape, count) / np.where(size > 0, size, 1.0)
    return Binned(column, found, values)


def settled(
    bins: Sequence[Binned], tables: Sequence[PairTable], learning: Learning, start: float
) -> tuple[tuple[Binned, ...], tuple[PairTable, ...]]:
    """All bins and cells fitted once more together, each drawn to the value that it had: what was lost in cutting comes back.

    How strongly they are drawn is what predicts held-out rows best. start: log odds of nobody
    """
    before = [each.values for each in bins] + [each.values for each in tables]
    places = [each.bin[learning.codes[each.column]] for each in bins] + [_cells(each, learning) for each in tables]
    joint = _Joint([each.ravel() for each in before], places, learning.bad, learning.weight, start)
    now = joint.fitted(_prior(joint, learning))
    shaped = [value.reshape(each.shape) for value, each in zip(now, before, strict=True)]
    count = len(bins)
    return (
        tuple(replace(each, values=value) for each, value in zip(bins, shaped[:count], strict=True)),
        tuple(replace(each, values=value) for each, value in zip(tables, shaped[count:], strict=True)),
    )


def _prior(joint: _Joint, learning: Learning) -> float:
    """Of PRIORS the one with the least loss on parts of the rows held out in turn; one part where there are many rows."""
    part = folds(learning.bad, PARTS, learning.seed)
    turns = range(PARTS if len(part) <= SMALL else 1)

    def lost(prior: float) -> float:
        return sum(joint.rows(part == turn).loss_of(joint.rows(part != turn).fitted(prior)) for turn in turns)

    return min(PRIORS, key=lost)


@dataclass(frozen=True)
class _Joint:
    """Parts that add up to log odds. prior: the value of each part's cells; places: for each row its cell in each part."""

    prior: list[Floats]
    places: list[Codes]
    bad: Floats
    weight: Floats
    start: float

    def rows(self, which: NDArray[np.bool_]) -> _Joint:
        """Some of the rows."""
        return _Joint(self.prior, [each[which] for each in self.places], self.bad[which], self.weight[which], self.start)

    def log_odds(self, values: list[Floats]) -> Floats:
        """Of every row."""
        found = np.full(len(self.bad), self.start)
        for value, place in zip(values, self.places, strict=True):
            found += value[place]
        return found

    def loss_of(self, values: list[Floats]) -> float:
        """Mean log loss."""
        return loss(self.log_odds(values), self.bad, self.weight)

    def fitted(self, strength: float) -> list[Floats]:
        """Newton's steps on one part after the other; the prior is worth `strength` of curvature in every cell."""
        now = [each.copy() for each in self.prior]
        log_odds = self.log_odds(now)
        for _ in range(ROUNDS):
            moved = 0.0
            for value, place, prior in zip(now, self.places, self.prior, strict=True):
                p = chances(log_odds)
                pull = summed(place, self.weight * (self.bad - p), len(value)) - strength * (value - prior)
                change = pull / (summed(place, self.weight * p * (1 - p), len(value)) + strength)
                value += change
                log_odds = log_odds + change[place]
                moved = max(moved, float(abs(change).max()))
            if moved < SETTLED:
                break
        return now


def _cells(table: PairTable, learning: Learning) -> Codes:
    one, two = table.columns
    width = table.values.shape[1]
    return np.asarray(table.down[learning.codes[one]] * width + table.across[learning.codes[two]], dtype=np.int64)


def monotone(each: Binned, ordered: int, direction: int, learning: Learning) -> Binned:
    """The first `ordered` bins made monotone where a direction is declared: neighbours in the wrong order share their mean.

    The pool-adjacent-violators algorithm, Ayer et al. (1955). direction: 1 where risk rises, -1 where it falls
    """
    if direction == 0:
        return each
    size = summed(each.bin[learning.codes[each.column]], learning.weight, len(each.values))
    blocks: list[list[float]] = []  # value, weight, bins
    for value, weight in zip(each.values[:ordered] * direction, size[:ordered], strict=True):
        blocks.append([float(value), max(float(weight), 1e-9), 1])
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            value2, weight2, count2 = blocks.pop()
            value1, weight1, count1 = blocks.pop()
            both = weight1 + weight2
            blocks.append([(value1 * weight1 + value2 * weight2) / both, both, count1 + count2])
    flat = [value for value, _, count in blocks for _ in range(int(count))]
    values = each.values.copy()
    values[:ordered] = np.array(flat) * direction
    return replace(each, values=values)


@dataclass(frozen=True)
class Line:
    """What turns a sum of log odds into the log odds that are meant: those of the rows, moved to the portfolio's bad rate."""

    slope: float
    intercept: float


def line(log_odds: Floats, learning: Learning) -> Line:
    """Fitted on the rows; the shift alone where goods and bads are parted wholly."""
    found = recalibrate(sample(learning.bad, log_odds, chances(log_odds), learning.weight))
    if found.slope is None or found.intercept is None:
        return Line(1.0, found.in_the_large)
    return Line(found.slope, found.intercept)


def moved(to: Line, learning: Learning, true_bad_rate: float | None) -> Line:
    """Moved by the difference of the log odds of the two bad rates, where goods and bads were sampled apart.

    King and Zeng, Logistic Regression in Rare Events Data (2001): prior correction.
    """
    if true_bad_rate is None:
        return to
    own = float((learning.weight * learning.bad).sum() / learning.weight.sum())
    return Line(to.slope, to.intercept + math.log(true_bad_rate / (1 - true_bad_rate)) - math.log(own / (1 - own)))


def pointed(bins: Sequence[Binned], tables: Sequence[PairTable], to: Line, scale: Scale, start: float) -> Pointed:
    """Integer points on a scale.

    start: log odds of nobody, to which the bins and cells are added
    """
    factor = scale.points_to_double / math.log(2)
    base = scale.anchor_score - factor * (math.log(scale.anchor_odds) + to.intercept + to.slope * start)

    def points(values: Floats) -> Codes:
        return np.asarray(np.rint(-factor * to.slope * values), dtype=np.int64)

    return Pointed(round(base), tuple(points(each.values) for each in bins), tuple(points(each.values) for each in tables))
