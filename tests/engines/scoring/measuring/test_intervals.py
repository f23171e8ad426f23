"""Intervals of shares beside published ones, and whether they hold what they promise."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouxin.engines.scoring.measuring.intervals import Estimate, difference, share_of, wilson
from tests.engines.scoring.samples import LAW

# Newcombe (1998), Statistics in Medicine 17, 857-872, method 3 (Wilson's score interval), to 4 decimals.
PUBLISHED = [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)]
# Newcombe (1998), Statistics in Medicine 17, 873-890, method 10.
GAPS = [
    ((56, 70), (48, 80), 0.0524, 0.3339),
    ((9, 10), (3, 10), 0.1705, 0.8090),
    ((10, 10), (0, 10), 0.6075, 1.0),
    ((0, 10), (0, 10), -0.2775, 0.2775),
]


@pytest.mark.parametrize(("successes", "rows", "low", "high"), PUBLISHED)
def test_published_shares(successes: int, rows: int, low: float, high: float) -> None:
    found = wilson(successes, rows)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


@pytest.mark.parametrize(("one", "other", "low", "high"), GAPS)
def test_published_differences(one: tuple[int, int], other: tuple[int, int], low: float, high: float) -> None:
    found = difference(wilson(*one), wilson(*other))
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


@LAW
@given(st.integers(1, 10_000), st.integers(0, 10_000), st.floats(0.5, 0.999))
def test_the_share_lies_in_its_interval(rows: int, successes: int, level: float) -> None:
    found, others = wilson(min(successes, rows), rows, level), wilson(rows - min(successes, rows), rows, level)
    assert 0 <= found.low <= found.value <= found.high <= 1
    assert math.isclose(found.low, 1 - others.high, abs_tol=1e-12) and math.isclose(found.high, 1 - others.low, abs_tol=1e-12)


@LAW
@given(st.lists(st.booleans(), min_size=1, max_size=50), st.floats(0.01, 100))
def test_equal_weights_are_no_weights(chosen: list[bool], unit: float) -> None:
    plain, weighted = wilson(sum(chosen), len(chosen)), share_of(np.array(chosen), np.full(len(chosen), unit))
    for name in ("value", "low", "high"):
        assert math.isclose(getattr(plain, name), getattr(weighted, name), abs_tol=1e-9)


def test_unequal_weights_widen_the_interval() -> None:
    chosen = np.array([True, False] * 50)
    even, uneven = share_of(chosen, np.ones(100)), share_of(chosen, np.array([1.0, 1.0, 9.0, 9.0] * 25))
    assert even.value == uneven.value == 0.5 and uneven.high - uneven.low > even.high - even.low


def test_no_rows() -> None:
    with pytest.raises(ValueError, match="more than zero"):
        wilson(0, 0)
    with pytest.raises(ValueError, match="more than zero"):
        share_of(np.array([], dtype=bool), np.array([]))


def test_zero_is_excluded_only_from_one_side() -> None:
    assert Estimate(0.1, 0.05, 0.2).excludes_zero and Estimate(-0.1, -0.2, -0.05).excludes_zero
    assert not Estimate(0.1, -0.05, 0.2).excludes_zero and not Estimate(0.0, 0.0, 0.0).excludes_zero
