"""Pairs are found where two columns say more together, and nowhere else; their tables say it."""

from __future__ import annotations

import numpy as np
import pytest

from shouxin.engines.scoring.fitting.coding import code_numbers
from shouxin.engines.scoring.fitting.learning import Learning
from shouxin.engines.scoring.fitting.pairs import MOST_BINS, axis_of, pair_tables, random_grid
from shouxin.engines.scoring.measuring.calibration import chances

ROWS = 12_000


def rows_with(
    together: float,
) -> tuple[list[np.ndarray[tuple[int], np.dtype[np.float64]]], np.ndarray[tuple[int], np.dtype[np.float64]]]:
    """Three numbers, and an outcome that depends on each, and on the first two together."""
    draw = np.random.default_rng(5)
    columns = [np.round(draw.random(ROWS), 2) for _ in range(3)]
    log_odds = -1 + columns[0] + columns[1] - columns[2] + together * (columns[0] - 0.5) * (columns[1] - 0.5)
    return columns, (draw.random(ROWS) < chances(log_odds)).astype(float)


@pytest.mark.parametrize(("together", "expected"), [(12.0, [(0, 1)]), (0.0, [])])
def test_only_what_is_there_is_found(together: float, expected: list[tuple[int, int]]) -> None:
    columns, bad = rows_with(together)
    codings = [code_numbers("x", each) for each in columns]
    codes = tuple(coding.codes(each) for coding, each in zip(codings, columns, strict=True))
    learning = Learning(codes, bad, np.ones(ROWS), 0)
    slopes = (1.0, 1.0, -1.0)
    shapes = [
        np.array([slope * (code + 0.5) / coding.plain for code in range(coding.count)]) - slope / 2
        for slope, coding in zip(slopes, codings, strict=True)
    ]
    shares = np.log(bad.mean() / (1 - bad.mean()))
    start = shares + sum(shape[each] for shape, each in zip(shapes, codes, strict=True))
    found = pair_tables(codings, shapes, learning, start, 3)
    assert [each.columns for each in found][: len(expected)] == expected
    if not expected:
        assert all(abs(each.values).max() < 0.15 for each in found), "what chance lets in says next to nothing"
        return
    table = found[0]
    assert max(table.values.shape) <= MOST_BINS + 1  # and missing
    low, high = 0, codings[0].plain - 1
    corners = table.values[np.ix_(table.down[[low, high]], table.across[[low, high]])]
    assert corners[0, 0] > 0.8 and corners[1, 1] > 0.8 and corners[0, 1] < -0.8 and corners[1, 0] < -0.8


def test_a_random_grid_keeps_order_and_what_stands_alone() -> None:
    values = np.concatenate([np.arange(200.0), [99_999.0, np.nan]])
    coding = code_numbers("x", values, [99_999.0])
    axis = axis_of(coding, np.zeros(coding.count), coding.codes(values), 20)
    assert axis.ordered == 20 and axis.count == 22
    draw = np.random.default_rng(0)
    for _ in range(50):
        grid = random_grid(axis, draw)
        assert (np.diff(grid) >= 0).all() and grid[-1] == grid[-2] + 1 and grid[-2] == grid[19] + 1
