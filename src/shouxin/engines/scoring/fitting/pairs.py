"""Pair tables: what two columns say together beyond what each says alone.

    1. choose     every pair of the strongest columns is tried as a table over coarse bins; its gain is what the table, fitted on
                  three quarters of the rows, takes from the loss of the last quarter, each quarter in turn. The best pair joins,
                  all tables are fitted anew, and the next is sought, until no pair gains any more or enough are there
    2. surfaces   the chosen pairs are fitted again by many small steps over random grids, stopped by rows held out and averaged
                  over bags: what comes out is smooth without a shape being assumed
    3. tables     each surface is cut into few rows and columns (collapse.py)

Lou, Caruana, Gehrke, Hooker, Accurate Intelligible Models with Pairwise Interactions (2013): step 1, here with a gain on rows
that were held out. Every step of a table is Newton's, drawn to zero by a ridge: of RIDGES the one whose pairs gain most.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from shouxin.engines.scoring.fitting.coding import Codes, Coding, Floats
from shouxin.engines.scoring.fitting.collapse import Limits, coarse, means
from shouxin.engines.scoring.fitting.learning import Learning, folds, held_out, loss, strongest, summed
from shouxin.engines.scoring.measuring.calibration import chances

STRONGEST = 20
COARSE, FINE = 8, 48
QUARTERS = 4
RIDGES = (30.0, 60.0, 120.0)
BAGS, HELD_OUT = 5, 0.2
RATE, MOST_ROUNDS, PATIENCE = 0.1, 400, 25
GRID = (2, 12)
MOST_BINS, LEAST_SHARE = 6, 0.01


@dataclass(frozen=True)
class Axis:
    """A column's codes in an order, grouped.

    group:   code -> group; the first `ordered` groups have an order, each special value and missing is a group by itself
    weights: rows in each group
    """

    group: Codes
    ordered: int
    weights: Floats

    @property
    def count(self) -> int:
        """How many groups there are."""
        return len(self.weights)


@dataclass(frozen=True)
class Chosen:
    """A pair of columns by place, and what its table gained on rows held out, in log loss summed over the rows."""

    columns: tuple[int, int]
    gain: float


@dataclass(frozen=True)
class PairTable:
    """A pair as a table. down, across: code -> row and code -> column; values: log odds of being bad."""

    columns: tuple[int, int]
    gain: float
    down: Codes
    across: Codes
    values: Floats

    def of(self, codes: Sequence[Codes]) -> Floats:
        """What the table adds for every row."""
        found: Floats = self.values[self.down[codes[self.columns[0]]], self.across[codes[self.columns[1]]]]
        return found


def pair_tables(
    codings: Sequence[Coding],
    shapes: Sequence[Floats],
    learning: Learning,
    start: Floats,
    most: int,
    step: Callable[[float], None] = lambda _share: None,
) -> tuple[PairTable, ...]:
    """At most `most` pair tables over what the main effects say already; `start` is their log odds for every row."""
    places = strongest(shapes, learning.codes, STRONGEST)

    def axes(finest: int) -> dict[int, Axis]:
        return {place: axis_of(codings[place], shapes[place], learning.codes[place], finest) for place in places}

    rough, fine = axes(COARSE), axes(FINE)
    tried = [(ridge, choose(rough, learning, start, most, ridge)) for ridge in RIDGES]
    ridge, chosen = max(tried, key=lambda each: sum(pair.gain for pair in each[1]))
    if not chosen:
        return ()
    step(0.3)
    surfaces = smoothed(fine, [each.columns for each in chosen], learning, start, ridge, step)
    return tuple(_table(each, surface, fine, learning) for each, surface in zip(chosen, surfaces, strict=True))


def axis_of(coding: Coding, shape: Floats, codes: Codes, finest: int) -> Axis:
    """The codes of a column in at most `finest` groups of about as many rows; levels of a text in the order of their curve."""
    rows = np.bincount(codes, minlength=coding.count).astype(np.float64)
    if coding.is_text:
        order = np.argsort(shape, kind="stable")
        own = np.array([], dtype=np.int64)
    else:
        order, own = np.arange(coding.plain), np.arange(coding.plain, coding.count)
    ahead = np.cumsum(rows[order]) - rows[order] / 2
    place = np.minimum((ahead / max(rows[order].sum(), 1.0) * finest).astype(np.int64), finest - 1)
    _, place = np.unique(place, return_inverse=True)
    group = np.zeros(coding.count, dtype=np.int64)
    group[order] = place
    ordered = int(place.max()) + 1
    group[own] = ordered + np.arange(len(own))
    return Axis(group, ordered, summed(group, rows, ordered + len(own)))


# -- 1. choose --------------------------------------------------------------------------------------------------------


def choose(axes: dict[int, Axis], learning: Learning, start: Floats, most: int, ridge: float) -> tuple[Chosen, ...]:
    """The pairs that gain on rows held out, the best first, each judged beside those chosen before it."""
    quarter = folds(learning.bad, QUARTERS, learning.seed)
    grouped = {place: axis.group[learning.codes[place]] for place, axis in axes.items()}
    cells = {(one, two): grouped[one] * axes[two].count + grouped[two] for one, two in combinations(sorted(axes), 2)}
    sizes = {(one, two): axes[one].count * axes[two].count for one, two in cells}
    tables: dict[tuple[int, int], Floats] = {}
    chosen: list[Chosen] = []
    log_odds = start.copy()
    while len(chosen) < min(most, len(cells)):
        short, curve = _slopes(log_odds, learning)
        gains = {
            pair: _gain(cell * QUARTERS + quarter, sizes[pair], (short, curve), ridge)
            for pair, cell in cells.items()
            if pair not in tables
        }
        best = max(gains, key=lambda pair: (gains[pair], pair))
        if gains[best] <= 0:
            break
        chosen.append(Chosen(best, gains[best]))
        tables[best] = np.zeros(sizes[best])
        log_odds = _refitted(tables, cells, learning, log_odds, ridge)
    return tuple(chosen)


def _slopes(log_odds: Floats, learning: Learning) -> tuple[Floats, Floats]:
    """First and second derivative of the log likelihood at every row."""
    p = chances(log_odds)
    return learning.weight * (learning.bad - p), learning.weight * p * (1 - p)


def _gain(place: Codes, size: int, slopes: tuple[Floats, Floats], ridge: float) -> float:
    """What a table fitted on three quarters gains on the fourth, to second order, summed over the quarters."""
    gradient, weight = (summed(place, each, size * QUARTERS).reshape(size, QUARTERS) for each in slopes)
    elsewhere = (gradient.sum(axis=1, keepdims=True) - gradient) / (weight.sum(axis=1, keepdims=True) - weight + ridge)
    return float((gradient * elsewhere - 0.5 * weight * elsewhere * elsewhere).sum())


def _refitted(
    tables: dict[tuple[int, int], Floats],
    cells: dict[tuple[int, int], Codes],
    learning: Learning,
    log_odds: Floats,
    ridge: float,
) -> Floats:
    for _ in range(2):
        for pair, table in tables.items():
            short, curve = _slopes(log_odds, learning)
            cell = cells[pair]
            pull = summed(cell, short, len(table)) - ridge * table
            change = pull / (summed(cell, curve, len(table)) + ridge)
            tables[pair] = table + change
            log_odds = log_odds + change[cell]
    return log_odds


# -- 2. surfaces ------------------------------------------------------------------------------------------------------


def smoothed(
    axes: dict[int, Axis],
    pairs: Sequence[tuple[int, int]],
    learning: Learning,
    start: Floats,
    ridge: float,
    step: Callable[[float], None],
) -> list[Floats]:
    """One surface per pair over the groups of its two axes, averaged over bags."""
    found = [np.zeros((axes[one].count, axes[two].count)) for one, two in pairs]
    for bag in range(BAGS):
        out = held_out(learning.bad, HELD_OUT, (learning.seed, 7, bag))
        for surface, own in zip(found, _bag(axes, pairs, learning, start, ridge, out, bag), strict=True):
            surface += own / BAGS
        step(0.3 + 0.7 * (bag + 1) / BAGS)
    return found


def _bag(
    axes: dict[int, Axis],
    pairs: Sequence[tuple[int, int]],
    learning: Learning,
    start: Floats,
    ridge: float,
    out: np.ndarray[tuple[int], np.dtype[np.bool_]],
    bag: int,
) -> list[Floats]:
    draw = np.random.default_rng((learning.seed, 11, bag))
    seen, other = learning.take(~out), learning.take(out)
    groups = {place: (axis.group[seen.codes[place]], axis.group[other.codes[place]]) for place, axis in axes.items()}
    here, there = start[~out].copy(), start[out].copy()
    surfaces = [np.zeros((axes[one].count, axes[two].count)) for one, two in pairs]
    best, best_round, kept = loss(there, other.bad, other.weight), 0, [each.copy() for each in surfaces]
    for number in range(1, MOST_ROUNDS + 1):
        for which in draw.permutation(len(pairs)):
            one, two = pairs[which]
            rows, columns = (random_grid(axes[place], draw) for place in (one, two))
            width = int(columns.max()) + 1
            cell = rows[groups[one][0]] * width + columns[groups[two][0]]
            short, curve = _slopes(here, seen)
            size = (int(rows.max()) + 1) * width
            change = RATE * summed(cell, short, size) / (summed(cell, curve, size) + ridge)
            here += change[cell]
            there += change[rows[groups[one][1]] * width + columns[groups[two][1]]]
            surfaces[which] += change.reshape(-1, width)[np.ix_(rows, columns)]
        now = loss(there, other.bad, other.weight)
        if now < best - 1e-9:
            best, best_round, kept = now, number, [each.copy() for each in surfaces]
        elif number - best_round >= PATIENCE:
            break
    return kept


def random_grid(axis: Axis, draw: np.random.Generator) -> Codes:
    """Group -> segment: the ordered groups in a random number of contiguous segments, the others each by itself."""
    number = int(draw.integers(GRID[0], GRID[1] + 1))
    sizes = axis.weights[: axis.ordered]
    ahead = np.cumsum(sizes) - sizes / 2
    total = max(float(sizes.sum()), 1.0)
    even = (np.arange(1, number) + draw.random() - 0.5) / number
    cuts = np.sort(draw.random(number - 1)) if draw.random() < 0.5 else even
    _, segment = np.unique(np.searchsorted(cuts * total, ahead), return_inverse=True)
    own = segment.max() + 1 + np.arange(axis.count - axis.ordered)
    return np.concatenate([segment, own]).astype(np.int64)


# -- 3. tables --------------------------------------------------------------------------------------------------------


def _table(chosen: Chosen, surface: Floats, axes: dict[int, Axis], learning: Learning) -> PairTable:
    one, two = chosen.columns
    down, across = axes[one], axes[two]
    cell = down.group[learning.codes[one]] * across.count + across.group[learning.codes[two]]
    weight = summed(cell, learning.weight, down.count * across.count).reshape(down.count, across.count)
    limits = Limits(MOST_BINS, LEAST_SHARE * float(learning.weight.sum()))
    rows, columns = coarse(surface, weight, (down.ordered, across.ordered), limits)
    values, _ = _means_of_cells(surface, weight, rows, columns)
    return PairTable(chosen.columns, chosen.gain, rows[down.group], columns[across.group], values)


def _means_of_cells(surface: Floats, weight: Floats, rows: Codes, columns: Codes) -> tuple[Floats, Floats]:
    by_rows, row_weight = means(surface, weight, rows)
    by_cells, cell_weight = means(by_rows.T, row_weight.T, columns)
    return by_cells.T, cell_weight.T
