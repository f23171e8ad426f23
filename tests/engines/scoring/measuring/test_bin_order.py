"""Bins that change places, points that contradict what happened or what was declared."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouxin.engines.scoring.measuring.bin_order import BinCounts, against_direction, bin_stability
from tests.engines.scoring.samples import LAW

STEADY = BinCounts((1000, 1000, 1000), (200, 100, 50))
POINTS = st.lists(st.integers(-50, 50), min_size=1, max_size=8)


@st.composite
def counts(draw: st.DrawFn, bins: int = 5) -> BinCounts:
    rows = [draw(st.integers(0, 200)) for _ in range(bins)]
    return BinCounts(tuple(rows), tuple(draw(st.integers(0, each)) for each in rows))


@LAW
@given(counts())
def test_the_same_data_keep_their_order(given_counts: BinCounts) -> None:
    found = bin_stability(given_counts, given_counts, (0,) * 5)
    assert found.flips == () and found.order_kept == 1 and found.against_points == ()


@LAW
@given(counts(), counts())
def test_a_flip_is_a_turned_order(fitted: BinCounts, later: BinCounts) -> None:
    found = bin_stability(fitted, later, (0,) * 5)
    assert 0 <= found.order_kept <= 1
    for flip in found.flips:
        fitted_better, fitted_worse = found.fitted[flip.better], found.fitted[flip.worse]
        later_better, later_worse = found.later[flip.better], found.later[flip.worse]
        assert fitted_better is not None and fitted_worse is not None and fitted_better.value < fitted_worse.value
        assert later_better is not None and later_worse is not None and later_better.value > later_worse.value
    if found.flips:
        assert found.order_kept < 1


def test_a_proven_flip_and_one_by_chance() -> None:
    found = bin_stability(STEADY, BinCounts((1000, 1000, 1000), (200, 60, 90)), (-20, 0, 10))
    (flip,) = found.flips
    assert (flip.better, flip.worse) == (2, 1) and flip.proven and round(flip.gap.value, 3) == 0.03
    assert round(found.order_kept, 4) == 0.6667
    assert [(each.better, each.worse) for each in found.against_points] == [(2, 1)]
    slight = bin_stability(STEADY, BinCounts((1000, 100, 100), (200, 8, 9)), (-20, 0, 10))
    assert [each.proven for each in slight.flips] == [False] and slight.against_points == ()


def test_points_that_reward_what_goes_bad() -> None:
    found = bin_stability(STEADY, STEADY, (20, 0, -10))
    assert [(each.better, each.worse) for each in found.against_points] == [(0, 1), (0, 2), (1, 2)]
    assert found.flips == () and found.order_kept == 1


def test_an_empty_bin_is_passed_over() -> None:
    found = bin_stability(BinCounts((1000, 0, 1000), (200, 0, 50)), STEADY, (-20, 0, 10))
    assert found.fitted[1] is None and found.later[1] is not None and found.flips == () and found.order_kept == 1


def test_other_bins() -> None:
    with pytest.raises(ValueError, match="3, 2 and 3 are not the same bins"):
        bin_stability(STEADY, BinCounts((1, 1), (0, 0)), (1, 2, 3))


@LAW
@given(POINTS)
def test_directions_mirror_each_other(points: list[int]) -> None:
    up, down = against_direction(points, "up"), against_direction([-each for each in points], "down")
    assert up == down and against_direction(points, "either") == ()
    assert against_direction(sorted(points), "up") == () and against_direction(sorted(points)[::-1], "down") == ()
    assert bool(up) == (points != sorted(points))
