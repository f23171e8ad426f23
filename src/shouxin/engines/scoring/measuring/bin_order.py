"""Whether the bins of a characteristic keep their order: in new data, in the points, and in the direction that was declared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Literal, TypeAlias

from shouxin.engines.scoring.measuring.intervals import Estimate, difference, wilson

Direction: TypeAlias = Literal["up", "down", "either"]


@dataclass(frozen=True, slots=True)
class BinCounts:
    """Rows and bad rows in each bin of one characteristic, in the order of the card."""

    rows: tuple[int, ...]
    bads: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Reversal:
    """Two bins, by place in the card, of which the one that should be better has the higher bad rate.

    gap:    bad rate of the bin that should be better less that of the other, with Newcombe's interval
    proven: whether the interval leaves zero out; else it may well be chance
    """

    better: int
    worse: int
    gap: Estimate

    @property
    def proven(self) -> bool:
        """Whether chance alone is an unlikely explanation."""
        return self.gap.excludes_zero


@dataclass(frozen=True, slots=True)
class BinStability:
    """One characteristic in the data it was fitted on and in other data.

    fitted, later:  bad rate of each bin; nothing where it has no rows
    flips:          pairs of bins next to each other in the order of fitted bad rates, whose order is turned in the other data
    order_kept:     share of all pairs of bins with different fitted rates whose order is the same; ties half; 1 without a pair
    against_points: pairs in the later data where more points go with a higher bad rate, proven only: each points table is fitted
                    beside the others, so that a small difference means nothing
    """

    fitted: tuple[Estimate | None, ...]
    later: tuple[Estimate | None, ...]
    flips: tuple[Reversal, ...]
    order_kept: float
    against_points: tuple[Reversal, ...]


def bin_stability(fitted: BinCounts, later: BinCounts, points: Sequence[int]) -> BinStability:
    """Compares the bins of one characteristic in two data sets, and with their points.

    Raises ValueError where the three do not speak of the same number of bins.

    >>> found = bin_stability(BinCounts((100, 100), (20, 10)), BinCounts((100, 100), (10, 12)), (-5, 5))
    >>> [(flip.better, flip.worse, round(flip.gap.value, 2), flip.proven) for flip in found.flips], found.order_kept
    ([(1, 0, 0.02, False)], 0.0)
    """
    if not len(fitted.rows) == len(later.rows) == len(points):
        raise ValueError(f"bins: {len(fitted.rows)}, {len(later.rows)} and {len(points)} are not the same bins")
    before, after = _rates(fitted), _rates(later)
    seen = {
        place: (one, two)
        for place, (one, two) in enumerate(zip(before, after, strict=True))
        if one is not None and two is not None
    }
    ranked = sorted(seen, key=lambda place: (-seen[place][0].value, place))
    pairs = [(better, worse) for worse, better in combinations(ranked, 2) if seen[better][0].value < seen[worse][0].value]
    next_to = [pair for pair in ((better, worse) for worse, better in pairwise(ranked)) if pair in set(pairs)]
    rates = {place: two for place, (_, two) in seen.items()}
    by_points = [pair if points[pair[0]] > points[pair[1]] else pair[::-1] for pair in combinations(rates, 2)]
    apart = [(better, worse) for better, worse in by_points if points[better] > points[worse]]
    return BinStability(
        fitted=before,
        later=after,
        flips=_reversals(next_to, rates),
        order_kept=_kept(pairs, rates),
        against_points=tuple(each for each in _reversals(apart, rates) if each.proven),
    )


def against_direction(points: Sequence[int], direction: Direction) -> tuple[tuple[int, int], ...]:
    """Neighbouring bins whose points contradict the direction: `up`, more is better; `down`, more is worse.

    Points of the bins of ascending values only, without those of special and missing values. Pairs of places.

    >>> against_direction([-10, 5, 3, 12], "up"), against_direction([-10, 5, 3, 12], "down")
    (((1, 2),), ((0, 1), (2, 3)))
    """
    steps = [after - before for before, after in pairwise(points)]
    sign = {"up": -1, "down": 1, "either": 0}[direction]
    return tuple((place, place + 1) for place, step in enumerate(steps) if step * sign > 0)


def _rates(counts: BinCounts) -> tuple[Estimate | None, ...]:
    return tuple(wilson(bads, rows) if rows else None for rows, bads in zip(counts.rows, counts.bads, strict=True))


def _reversals(pairs: Sequence[tuple[int, int]], rates: dict[int, Estimate]) -> tuple[Reversal, ...]:
    found = (Reversal(better, worse, difference(rates[better], rates[worse])) for better, worse in pairs)
    return tuple(each for each in found if each.gap.value > 0)


def _kept(pairs: Sequence[tuple[int, int]], rates: dict[int, Estimate]) -> float:
    gaps = [rates[worse].value - rates[better].value for better, worse in pairs]
    return sum(1.0 if gap > 0 else 0.5 if gap == 0 else 0.0 for gap in gaps) / len(gaps) if gaps else 1.0
