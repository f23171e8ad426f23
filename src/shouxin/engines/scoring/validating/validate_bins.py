"""Each characteristic and pair of a card on new rows: its bins, whether they keep their order, and what it adds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import numpy as np

from shouxin.engines.policy.card_shapes import CharacteristicShape, PairShape
from shouxin.engines.scoring.cards.bin_text import MISSING, bin_texts
from shouxin.engines.scoring.cards.card import Card
from shouxin.engines.scoring.cards.card_numpy import Scored
from shouxin.engines.scoring.cards.embed import NUMBERS
from shouxin.engines.scoring.measuring.bin_order import BinCounts, BinStability, against_direction, bin_stability
from shouxin.engines.scoring.measuring.contributions import Contribution, contributions
from shouxin.engines.scoring.measuring.intervals import wilson
from shouxin.engines.scoring.measuring.sample import Codes, Sample
from shouxin.engines.scoring.measuring.stability import Stability, characteristic_stability
from shouxin.engines.scoring.validating.validate_model import BinFound, CharacteristicFound, PairFound
from shouxin.foundation.texts import Text

Added: TypeAlias = Mapping[str, Contribution]


def added_by(card: Card, rows: Sample, scored: Scored) -> Added:
    """What each part of the card adds to the whole, by name."""
    return {each.name: each for each in contributions(rows.bad, scored.points, card.parts, rows.weight)}


def characteristics_found(card: Card, rows: Sample, scored: Scored, added: Added) -> tuple[CharacteristicFound, ...]:
    """All characteristics, in the order of the card."""
    found = []
    for at, (name, shape) in enumerate(card.shape.characteristics.items()):
        read = card.fitted.inputs[shape.input]
        counts = counts_of(scored.bins[:, at], rows, len(shape.bins) + 1)
        bins = _bins(shape, bin_labels(card, shape), counts)
        found.append(
            CharacteristicFound(
                name=name,
                text=Text(read.zh, read.en),
                direction=shape.direction,
                bins=bins,
                stability=_stability(bins, counts),
                shift=_shift(name, bins),
                against_direction=_against(shape) if read.type in NUMBERS else (),
                adds=added[name],
            )
        )
    return tuple(found)


def pairs_found(card: Card, rows: Sample, scored: Scored, added: Added) -> tuple[PairFound, ...]:
    """All pair tables, in the order of the card."""
    first = len(card.shape.characteristics)
    return tuple(
        _pair(card, name, shape, counts_of(scored.bins[:, at], rows, _cells(shape)), added[name])
        for at, (name, shape) in enumerate(card.shape.pairs.items(), first)
    )


def bin_labels(card: Card, shape: CharacteristicShape) -> list[Text]:
    """What each bin of a characteristic is called, that of missing values last."""
    return [*bin_texts(shape.bins, card.fitted.inputs[shape.input]), MISSING]


def fitted_counts(shape: CharacteristicShape) -> BinCounts | None:
    """The training rows behind each bin, missing values last; nothing where the card does not say them."""
    rows = [each.rows for each in shape.bins]
    bads = [each.bads for each in shape.bins]
    if any(each is None for each in (*rows, *bads)):
        return None
    known = tuple(each or 0 for each in (*rows, shape.missing_rows))
    return BinCounts(known, tuple(each or 0 for each in (*bads, shape.missing_bads)))


def counts_of(places: Codes, rows: Sample, size: int) -> BinCounts:
    """Rows and bad rows at each of so many places, unweighted."""
    every, bads = (np.bincount(each, minlength=size) for each in (places, places[rows.bad]))
    return BinCounts(tuple(int(each) for each in every), tuple(int(each) for each in bads))


def _bins(shape: CharacteristicShape, labels: Sequence[Text], counts: BinCounts) -> tuple[BinFound, ...]:
    points = [*(each.points for each in shape.bins), shape.missing or 0]
    fitted, total = fitted_counts(shape), sum(counts.rows)
    return tuple(
        BinFound(
            label=labels[at],
            points=points[at],
            rows=counts.rows[at],
            bads=counts.bads[at],
            share=counts.rows[at] / total,
            bad_rate=wilson(counts.bads[at], counts.rows[at]) if counts.rows[at] else None,
            fitted_rows=None if fitted is None else fitted.rows[at],
            fitted_bads=None if fitted is None else fitted.bads[at],
        )
        for at in range(len(points))
    )


def _fitted(bins: Sequence[BinFound]) -> BinCounts | None:
    rows = [each.fitted_rows for each in bins if each.fitted_rows is not None]
    bads = [each.fitted_bads for each in bins if each.fitted_bads is not None]
    return BinCounts(tuple(rows), tuple(bads)) if len(rows) == len(bads) == len(bins) and any(rows) else None


def _stability(bins: Sequence[BinFound], counts: BinCounts) -> BinStability | None:
    fitted = _fitted(bins)
    return None if fitted is None else bin_stability(fitted, counts, [each.points for each in bins])


def _shift(name: str, bins: Sequence[BinFound]) -> Stability | None:
    fitted = _fitted(bins)
    if fitted is None:
        return None
    labels = [each.label.en for each in bins]
    return characteristic_stability(name, fitted.rows, [each.rows for each in bins], [each.points for each in bins], labels)


def _against(shape: CharacteristicShape) -> tuple[tuple[int, int], ...]:
    """Places of neighbouring bins whose points contradict the direction; special values stand apart from the order."""
    first = sum(each.within is not None for each in shape.bins)
    steps = against_direction([each.points for each in shape.bins[first:]], shape.direction)
    return tuple((low + first, high + first) for low, high in steps)


def _cells(shape: PairShape) -> int:
    assert shape.points is not None, "a fitted card has no other pairs"
    return len(shape.points) * len(shape.points[0])


def _pair(card: Card, name: str, shape: PairShape, counts: BinCounts, adds: Contribution) -> PairFound:
    assert shape.down is not None and shape.across is not None and shape.points is not None, "a fitted card has no other pairs"
    down, across = (card.fitted.inputs[axis.input] for axis in (shape.down, shape.across))
    width = len(shape.across.bins) + 1
    return PairFound(
        name=name,
        down=Text(down.zh, down.en),
        across=Text(across.zh, across.en),
        down_labels=(*bin_texts(shape.down.bins, down), MISSING),
        across_labels=(*bin_texts(shape.across.bins, across), MISSING),
        points=tuple(tuple(row) for row in shape.points),
        rows=_matrix(counts.rows, width),
        bads=_matrix(counts.bads, width),
        adds=adds,
    )


def _matrix(counts: Sequence[int], width: int) -> tuple[tuple[int, ...], ...]:
    return tuple(tuple(counts[at : at + width]) for at in range(0, len(counts), width))
