"""Calibration: bands that add up, the logistic line found again, and one published tail."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouxin.engines.scoring.measuring.calibration import (
    calibration_bands,
    chances,
    chi_square_tail,
    hosmer_lemeshow,
    recalibrate,
)
from shouxin.engines.scoring.measuring.sample import Floats, sample
from tests.engines.scoring.samples import LAW, Drawn, drawn, large


def log_odds(pd: Floats) -> Floats:
    kept = np.clip(pd, 1e-15, 1 - 1e-15)
    return np.asarray(np.log(kept) - np.log1p(-kept), dtype=np.float64)


@LAW
@given(drawn())
def test_bands_add_up(given_rows: Drawn) -> None:
    rows, bands = given_rows.rows, calibration_bands(given_rows.rows)
    assert sum(band.rows for band in bands) == len(rows.bad) and sum(band.bads for band in bands) == rows.bad.sum()
    assert all(band.low <= band.mean_pd + 1e-12 and band.mean_pd - 1e-12 <= band.high for band in bands)
    assert all(one.high < two.low for one, two in pairwise(bands))


def test_bands_by_given_cuts() -> None:
    rows = sample([0, 0, 1, 1], [1, 2, 3, 4], [0.05, 0.05, 0.4, 0.6])
    low, high = calibration_bands(rows, [0.1, 0.3])
    assert (low.rows, low.bads, low.mean_pd, low.bad_rate.value) == (2, 0, 0.05, 0.0) and low.agrees
    assert (high.low, high.high, high.rows, high.bads, high.mean_pd) == (0.4, 0.6, 2, 2, 0.5)


@pytest.mark.parametrize(("intercept", "slope"), [(0.0, 1.0), (0.7, 1.0), (-0.4, 0.5), (0.2, 2.0)])
def test_the_line_is_found_again(intercept: float, slope: float) -> None:
    said = np.linspace(-4, 2, 3001)
    happened = 1 / (1 + np.exp(-(intercept + slope * said)))
    # Each row stands once as bad and once as good, weighted with the true chance of it: the fit is exact.
    pd = 1 / (1 + np.exp(-np.tile(said, 2)))
    found = recalibrate(sample(np.repeat([1, 0], 3001), pd, pd, np.concatenate((happened, 1 - happened))))
    assert found.intercept is not None and found.slope is not None
    assert math.isclose(found.intercept, intercept, abs_tol=1e-8) and math.isclose(found.slope, slope, abs_tol=1e-8)
    if slope == 1:
        assert math.isclose(found.in_the_large, intercept, abs_tol=1e-8)


@LAW
@given(drawn())
def test_a_weight_is_a_row_repeated(given_rows: Drawn) -> None:
    weighted, repeated = recalibrate(given_rows.rows), recalibrate(given_rows.repeated)
    assert math.isclose(weighted.in_the_large, repeated.in_the_large, rel_tol=1e-6, abs_tol=1e-6)
    assert (weighted.slope is None) == (repeated.slope is None)


@LAW
@given(drawn())
def test_the_line_is_the_likeliest(given_rows: Drawn) -> None:
    rows, found = given_rows.rows, recalibrate(given_rows.rows)
    assert rows.pd is not None
    if found.intercept is None or found.slope is None:
        return
    said = log_odds(rows.pd)
    missed = rows.weight * (chances(found.intercept + found.slope * said) - rows.bad)
    assert abs(missed.sum()) < 1e-6 * rows.weight.sum() and abs((missed * said).sum()) < 1e-6 * np.abs(rows.weight * said).sum()


@LAW
@given(drawn())
def test_in_the_large_makes_the_totals_agree(given_rows: Drawn) -> None:
    rows = given_rows.rows
    assert rows.pd is not None
    expected = float((rows.weight * chances(log_odds(rows.pd) + recalibrate(rows).in_the_large)).sum())
    assert math.isclose(expected, float(rows.weight[rows.bad].sum()), rel_tol=1e-9)


def test_classes_that_are_parted_wholly_have_no_line() -> None:
    for pd in ([0.1, 0.2, 0.8, 0.9], [0.9, 0.8, 0.2, 0.1], [0.3, 0.3, 0.3, 0.3], [0.1, 0.5, 0.5, 0.9]):
        found = recalibrate(sample([0, 0, 1, 1], pd, pd))
        assert found.intercept is None and found.slope is None and math.isfinite(found.in_the_large)


def test_true_probabilities_agree_and_false_ones_do_not() -> None:
    rows, _ = large(20_000)
    assert rows.pd is not None
    bands = calibration_bands(rows)
    assert len(bands) == 10 and sum(band.agrees for band in bands) >= 8
    found = recalibrate(rows)
    assert found.slope is not None and abs(found.slope - 1) < 0.1 and abs(found.in_the_large) < 0.1
    assert hosmer_lemeshow(bands).p_value > 0.01
    doubled = sample(rows.bad, rows.risk, np.minimum(2 * rows.pd, 1))
    assert hosmer_lemeshow(calibration_bands(doubled)).p_value < 1e-6
    assert recalibrate(doubled).in_the_large < -0.5


def test_hosmer_and_lemeshow_by_hand() -> None:
    rows = sample([1] * 3 + [0] * 7 + [1] * 6 + [0] * 4, range(20), [0.2] * 10 + [0.5] * 10)
    found = hosmer_lemeshow(calibration_bands(rows, [0.3]))
    assert math.isclose(found.chi_square, 1 / 1.6 + 1 / 2.5) and found.bands == 2
    assert math.isclose(found.p_value, math.exp(-found.chi_square / 2))


@LAW
@given(st.floats(0, 200), st.integers(1, 30))
def test_the_tail_of_chi_square(value: float, freedom: int) -> None:
    stats = pytest.importorskip("scipy.stats")
    assert math.isclose(chi_square_tail(value, freedom), float(stats.chi2.sf(value, freedom)), rel_tol=1e-9, abs_tol=1e-15)


def test_a_sample_of_risks_has_no_calibration() -> None:
    with pytest.raises(ValueError, match="risks only"):
        calibration_bands(sample([0, 1], [1, 2]))
