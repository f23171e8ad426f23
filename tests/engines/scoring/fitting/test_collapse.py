"""Segments: never worse than any other cut, by trying all of them; surfaces cut on both sides."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from shouxin.engines.scoring.fitting.coding import Codes, Floats
from shouxin.engines.scoring.fitting.collapse import Limits, coarse, means, segments
from tests.engines.scoring.samples import LAW


def lost(values: Floats, weight: Floats, groups: Codes) -> float:
    """Weighted squares of the distances to the mean of each group."""
    mean, _ = means(values[:, None], weight[:, None], groups)
    return float((weight * (values - mean[groups, 0]) ** 2).sum())


@LAW
@given(st.lists(st.tuples(st.floats(-5, 5), st.floats(0.5, 5)), min_size=1, max_size=8), st.integers(1, 4))
def test_no_other_cut_loses_less(rows: list[tuple[float, float]], most: int) -> None:
    values, weight = (np.array(each) for each in zip(*rows, strict=True))
    found = segments(values[:, None], weight[:, None], weight, Limits(most, 0.0))
    count = len(values)
    every = [
        np.searchsorted(np.array(cuts), np.arange(count), side="right")
        for number in range(min(most, count))
        for cuts in combinations(range(1, count), number)
    ]
    assert found.max() < most and (np.diff(found) >= 0).all() and (np.diff(found) <= 1).all()
    assert lost(values, weight, found) <= min(lost(values, weight, each) for each in every) + 1e-9


def test_segments_are_large_enough_and_worth_their_price() -> None:
    values, ones = np.array([0.0, 0.0, 5.0, 5.1, 9.0]), np.ones(5)
    assert segments(values[:, None], ones[:, None], ones, Limits(5, 2)).tolist() == [0, 0, 1, 1, 1]
    assert segments(values[:, None], ones[:, None], ones, Limits(5, 0, 0.1)).tolist() == [0, 0, 1, 1, 2]
    assert segments(values[:, None], ones[:, None], ones, Limits(5, 9)).tolist() == [0] * 5


def test_a_surface_is_cut_on_both_sides() -> None:
    surface = np.kron(np.array([[0.0, 1.0], [2.0, 0.0]]), np.ones((3, 2)))
    with_missing = np.vstack([surface, np.full((1, 4), 7.0)])
    rows, columns = coarse(with_missing, np.ones_like(with_missing), (6, 4), Limits(2, 1))
    assert rows.tolist() == [0, 0, 0, 1, 1, 1, 2] and columns.tolist() == [0, 0, 1, 1]
