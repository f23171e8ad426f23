"""Bands: every value in one, none empty, equal values together."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouxin.engines.scoring.measuring.bands import band_of, bands_between, equal_count_cuts, fixed_cuts
from shouxin.engines.scoring.measuring.measure_errors import CutsNotAscending
from tests.engines.scoring.samples import LAW

NUMBERS = st.lists(st.integers(-20, 20) | st.floats(-20, 20), min_size=1, max_size=60)


@LAW
@given(NUMBERS, st.integers(1, 12))
def test_no_band_is_empty_and_the_cuts_rise(values: list[float], bands: int) -> None:
    cuts = equal_count_cuts(values, bands)
    counts = np.bincount(band_of(values, cuts), minlength=len(cuts) + 1)
    assert len(bands_between(cuts)) == len(counts) <= bands
    assert counts.min() > 0 and counts.sum() == len(values)


@LAW
@given(st.integers(1, 10), st.integers(1, 20))
def test_different_values_make_equal_bands(bands: int, each: int) -> None:
    values = np.random.default_rng(bands).permutation(bands * each)
    assert np.bincount(band_of(values, equal_count_cuts(values, bands))).tolist() == [each] * bands


@LAW
@given(NUMBERS, st.lists(st.integers(-20, 20), unique=True, max_size=6).map(sorted))
def test_a_value_lies_in_its_band(values: list[float], cuts: list[int]) -> None:
    bands = bands_between(cuts)
    for value, place in zip(values, band_of(values, cuts), strict=True):
        low, high = bands[place].low, bands[place].high
        assert (low is None or low <= value) and (high is None or value < high)


def test_cuts_that_do_not_rise() -> None:
    with pytest.raises(CutsNotAscending) as caught:
        bands_between([1, 2, 2])
    assert caught.value.field == "cuts[2]"


def test_missing_values_make_no_band() -> None:
    nan = float("nan")
    assert equal_count_cuts([nan, 1, 2, nan, 3, 4], 2) == (3.0,)
    assert equal_count_cuts([nan], 4) == equal_count_cuts([], 4) == ()


def test_a_scale_is_cut_inside_its_ends() -> None:
    assert fixed_cuts(350, 950, 100) == (450.0, 550.0, 650.0, 750.0, 850.0)
    assert len(bands_between(fixed_cuts(350, 950, 50))) == 12


def test_large_bounds_are_written_out() -> None:
    assert bands_between([1_234_567, 1_234_568.25])[1].label == "1234567–<1234568.25"
