"""A card over whole columns: points, bins, scores and probabilities of many rows at once, the same as `score_one` gives each.

`card_points(card, columns.arrays)`, with the columns of `desk.portfolio.columns.read_inputs`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from shouxin.engines.policy.card_shapes import AxisBinShape
from shouxin.engines.policy.model import Scale
from shouxin.engines.policy.stage_score import PD_STEP, pd_ppm
from shouxin.engines.scoring.cards.card import Card
from shouxin.engines.scoring.cards.embed import NUMBERS
from shouxin.engines.scoring.measuring.sample import Codes, Floats

Inputs: TypeAlias = Mapping[str, NDArray[Any]]
Points: TypeAlias = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Scored:
    """Many rows scored.

    points: rows x parts, in the order of `card.parts`
    bins:   rows x parts: the place of the bin, that of a missing value after the last; of a pair, the place of the cell, row
            by row of its table
    score:  within the scale
    pd:     probability of default from 0 to 1, of the scale's table
    """

    points: Points
    bins: Codes
    score: Points
    pd: Floats


def card_points(card: Card, inputs: Inputs) -> Scored:
    """Score all rows. inputs: by the names of the card's inputs, read as `cells` of the card read them: NaN or None is missing.

    Raises KeyError for an input that is not there.
    """
    columns = [_placed(card, name, inputs) for name in card.parts]
    bins = np.stack([places for places, _ in columns], axis=1)
    points = np.stack([values[places] for places, values in columns], axis=1)
    score = np.clip(card.shape.base + points.sum(axis=1), card.fitted.scale.lowest, card.fitted.scale.highest)
    return Scored(points, bins, score, pd_of(score, card.fitted.scale))


def _placed(card: Card, name: str, inputs: Inputs) -> tuple[Codes, Points]:
    """The bin of each row in one part of the card, and the points of each bin."""
    shape = card.shape.characteristics.get(name)
    if shape is not None:
        missing = 0 if shape.missing is None else shape.missing
        return _bin_of(card, shape.input, shape.bins, inputs), np.array([*(each.points for each in shape.bins), missing])
    pair = card.shape.pairs[name]
    assert pair.down is not None and pair.across is not None and pair.points is not None, "a fitted card has no other pairs"
    down, across = (_bin_of(card, axis.input, axis.bins, inputs) for axis in (pair.down, pair.across))
    matrix = np.array(pair.points)
    return down * matrix.shape[1] + across, matrix.ravel()


def _bin_of(card: Card, name: str, bins: Sequence[AxisBinShape], inputs: Inputs) -> Codes:
    kind = card.fitted.inputs[name].type
    values = inputs[name]
    return word_bins(values, bins) if kind == "enum" else number_bins(values, bins, ranged=kind in NUMBERS)


def number_bins(values: NDArray[Any], bins: Sequence[AxisBinShape], *, ranged: bool = True) -> Codes:
    """The place of each number's bin; NaN is after the last. ranged: of numbers; flags (1 and 0) have listed bins only.

    >>> bins = [AxisBinShape.model_validate(each) for each in ({"in": [96]}, {"below": 1}, {})]
    >>> number_bins(np.array([96, 0, 1, np.inf, np.nan]), bins).tolist()
    [0, 1, 2, 2, 3]
    """
    numbers = np.asarray(values, dtype=np.float64)
    listed = [(place, float(value)) for place, value in _listed(bins)]
    bounds = [float(each.below) for each in bins if each.below is not None]
    places = np.full(len(numbers), len(bins) - 1, dtype=np.intp)
    if ranged:
        places = np.searchsorted(np.array(bounds), numbers, side="right") + (len(bins) - 1 - len(bounds))
    for place, value in listed:
        places[numbers == value] = place
    places[np.isnan(numbers)] = len(bins)
    return places


def word_bins(values: NDArray[Any], bins: Sequence[AxisBinShape]) -> Codes:
    """The place of each word's bin: that of all others is the last, and None is after it.

    >>> bins = [AxisBinShape.model_validate(each) for each in ({"in": ["car"]}, {})]
    >>> word_bins(np.array(["car", "boat", None], dtype=object), bins).tolist()
    [0, 1, 2]
    """
    known: dict[Any, int] = {str(word): place for place, word in _listed(bins)}
    known[None] = len(bins)
    other = len(bins) - 1
    return np.fromiter((known.get(word, other) for word in values), dtype=np.intp, count=len(values))


def _listed(bins: Sequence[AxisBinShape]) -> Iterator[tuple[int, Any]]:
    """(place, value) of every value that a bin lists."""
    return ((place, value) for place, each in enumerate(bins) for value in each.within or ())


def pd_of(score: Points, scale: Scale) -> Floats:
    """The probability of default that the scale gives each score, from 0 to 1; see `stage_score.pd_table`.

    >>> pd_of(np.array([350, 650, 950]), Scale()).tolist()
    [0.665604, 0.030163, 0.000558]
    """
    starts = range(scale.lowest, scale.highest, PD_STEP)
    table = np.array([pd_ppm(start + PD_STEP // 2, scale) for start in starts]) / 1_000_000
    return np.asarray(table[np.clip((score - scale.lowest) // PD_STEP, 0, len(table) - 1)], dtype=np.float64)
