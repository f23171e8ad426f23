"""Whether the people who come are still those that the card was made on: PSI of the score, CSI of each characteristic.

Both are one sum over bins: (current share - reference share) x ln(current share / reference share).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from shouxin.engines.scoring.measuring.bands import band_of, bands_between, equal_count_cuts
from shouxin.engines.scoring.measuring.sample import Floats, inner, risks_of, weight_in, weights_of

Level: TypeAlias = Literal["ok", "watch", "alarm"]
WATCH, ALARM = 0.10, 0.25  # Siddiqi (2006), Credit Risk Scorecards: look into it; a significant shift
EMPTY = 0.5  # rows that an empty bin is taken to hold, where the other side's is not empty: the sum has no logarithm of zero


@dataclass(frozen=True, slots=True)
class Shift:
    """One bin: shares of all rows then and now, and what the bin adds to the index."""

    label: str
    reference: float
    current: float
    part: float


@dataclass(frozen=True, slots=True)
class Stability:
    """The index of a score or of a characteristic.

    index:        0 where the shares are the same
    by_chance:    what samples of these sizes show on average when nothing changed, (bins - 1) x (1/reference + 1/current);
                  an index near it says nothing. Yurdakul and Naranjo (2020), Statistical properties of the population
                  stability index, Journal of Risk Model Validation 14(4)
    points_moved: change of the mean points, sum of (current - reference share) x points; nothing for a score. Siddiqi (2006)
    """

    name: str
    index: float
    by_chance: float
    points_moved: float | None
    shifts: tuple[Shift, ...]

    @property
    def level(self) -> Level:
        """`watch` from 0.10 on, `alarm` from 0.25 on."""
        return level_of(self.index, WATCH, ALARM)


def score_stability(
    reference: ArrayLike, current: ArrayLike, reference_weight: ArrayLike | None = None, bins: int = 10
) -> Stability:
    """PSI of a score over bins that hold about as many rows of the reference each; scores of the current rows may lie outside.

    reference, current: scores. reference_weight: where the reference was sampled otherwise than the current rows

    >>> score_stability(range(350, 950), range(350, 950)).index
    0.0
    """
    then, now = risks_of(reference, np.size(reference)), risks_of(current, np.size(current))
    cuts = equal_count_cuts(then, bins)
    bands = bands_between(cuts)
    weighed = weight_in(band_of(then, cuts), weights_of(reference_weight, len(then)), len(bands))
    counted = weight_in(band_of(now, cuts), np.ones(len(now)), len(bands))
    return _stability("score", [band.label for band in bands], weighed, counted, None)


def characteristic_stability(
    name: str, reference: Sequence[float], current: Sequence[float], points: Sequence[int], labels: Sequence[str]
) -> Stability:
    """CSI of a characteristic over the card's bins: rows in each bin then and now, the points and the label of each.

    >>> found = characteristic_stability("late", [90, 10], [80, 20], [5, -20], ["0", "1+"])
    >>> round(found.index, 4), round(found.points_moved, 2), found.level
    (0.0811, -2.5, 'ok')
    """
    if not len(reference) == len(current) == len(points) == len(labels):
        raise ValueError(f"{name}: counts, points and labels of the same bins")
    then, now = (np.asarray(each, dtype=np.float64) for each in (reference, current))
    return _stability(name, labels, then, now, points)


def stability_index(reference: Sequence[float], current: Sequence[float]) -> float:
    """The index from the rows in each bin. An empty bin counts as half a row, unless both sides are empty; symmetric.

    Raises ValueError without a row on either side.

    >>> round(stability_index([50, 50], [30, 70]), 4)
    0.1695
    >>> round(stability_index([100, 0], [99, 1]), 4)
    0.0036
    """
    return sum(_parts(np.asarray(reference, dtype=np.float64), np.asarray(current, dtype=np.float64)))


def level_of(value: float, watch: float, alarm: float) -> Level:
    """How much attention a value asks for that is better the lower it is."""
    return "alarm" if value >= alarm else "watch" if value >= watch else "ok"


@dataclass(frozen=True, slots=True)
class Alert:
    """A value over its threshold.

    what:      the measure: `psi`, `csi`, or another's name
    subject:   of what: `score`, a characteristic, a vintage
    threshold: the highest one that was reached
    """

    what: str
    subject: str
    value: float
    threshold: float
    level: Level


def alert(what: str, subject: str, value: float, thresholds: tuple[float, float] = (WATCH, ALARM)) -> Alert | None:
    """An alert, if the value has reached the first threshold (watch) or the second (alarm).

    >>> alert("csi", "income", 0.3)
    Alert(what='csi', subject='income', value=0.3, threshold=0.25, level='alarm')
    """
    level = level_of(value, *thresholds)
    return None if level == "ok" else Alert(what, subject, value, thresholds[level == "alarm"], level)


def alerts(score: Stability, characteristics: Iterable[Stability]) -> tuple[Alert, ...]:
    """Alerts of a score and its characteristics, the score first, then the largest shift first."""
    found = [alert("csi", each.name, each.index) for each in characteristics]
    shifted = sorted((each for each in found if each is not None), key=lambda each: (-each.value, each.subject))
    first = alert("psi", score.name, score.index)
    return tuple(shifted) if first is None else (first, *shifted)


def _stability(name: str, labels: Sequence[str], then: Floats, now: Floats, points: Sequence[int] | None) -> Stability:
    parts = _parts(then, now)
    before, after = then / then.sum(), now / now.sum()
    rows = zip(labels, before.tolist(), after.tolist(), parts, strict=True)
    return Stability(
        name=name,
        index=sum(parts),
        by_chance=(int(((then > 0) | (now > 0)).sum()) - 1) * float(1 / then.sum() + 1 / now.sum()),
        points_moved=None if points is None else inner(after - before, np.asarray(points, dtype=np.float64)),
        shifts=tuple(Shift(*row) for row in rows),
    )


def _parts(then: Floats, now: Floats) -> list[float]:
    total_then, total_now = float(then.sum()), float(now.sum())
    if total_then <= 0 or total_now <= 0:
        raise ValueError("rows: at least one in the reference and one in the current data")
    shares = zip(then.tolist(), now.tolist(), strict=True)
    return [_part(max(one, EMPTY) / total_then, max(two, EMPTY) / total_now) if one or two else 0.0 for one, two in shares]


def _part(one: float, two: float) -> float:
    return (two - one) * log(two / one)
