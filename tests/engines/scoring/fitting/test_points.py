"""From log odds to points: monotone bins, the line to the scale, the last fit of all parts together."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouxin.engines.policy.model import Scale
from shouxin.engines.scoring.fitting.coding import code_numbers, code_texts
from shouxin.engines.scoring.fitting.learning import Learning, folds, held_out, loss
from shouxin.engines.scoring.fitting.pairs import PairTable
from shouxin.engines.scoring.fitting.points import Binned, Line, binned, line, monotone, moved, pointed, settled
from shouxin.engines.scoring.measuring.calibration import chances
from tests.engines.scoring.samples import LAW


def learning_of(
    codes: list[np.ndarray[tuple[int], np.dtype[np.int64]]], bad: np.ndarray[tuple[int], np.dtype[np.float64]]
) -> Learning:
    return Learning(tuple(codes), bad, np.ones(len(bad)), 0)


@LAW
@given(st.lists(st.floats(-3, 3), min_size=1, max_size=8), st.sampled_from([1, -1]))
def test_monotone_bins_keep_their_mean(values: list[float], direction: int) -> None:
    """All bins have a row: the mean over the rows stays, and no neighbours are in the wrong order."""
    bins = np.arange(len(values) + 1)  # the last one is missing
    each = Binned(0, bins, np.array([*values, 9.0]))
    found = monotone(each, len(values), direction, learning_of([bins], np.zeros(len(bins)))).values
    assert (np.diff(found[:-1]) * direction >= -1e-12).all() and found[-1] == 9.0
    assert found[:-1].mean() == pytest.approx(np.mean(values), abs=1e-9)
    again = monotone(Binned(0, bins, found), len(values), direction, learning_of([bins], np.zeros(len(bins)))).values
    assert again == pytest.approx(found)


def test_points_say_the_odds() -> None:
    """By hand: base odds 30:1 at 650, 50 points double; a bin whose log odds of bad are ln 2 higher costs 50."""
    bins = [Binned(0, np.array([0, 1, 2]), np.array([0.0, math.log(2), -math.log(2) / 2]))]
    found = pointed(bins, (), Line(1.0, -math.log(30)), Scale(), 0.0)
    assert found.base == 650 and found.characteristics[0].tolist() == [0, -50, 25]
    twice = pointed(bins, (), Line(2.0, -math.log(60)), Scale(points_to_double=20), 0.0)
    assert twice.base == 670 and twice.characteristics[0].tolist() == [0, -40, 20]


def test_the_line_mends_what_is_too_sure_and_moves_to_the_true_rate() -> None:
    draw = np.random.default_rng(0)
    said = draw.normal(0, 2, 40_000)
    bad = (draw.random(40_000) < chances(said / 2 - 1)).astype(float)
    rows = learning_of([np.zeros(40_000, dtype=np.int64)], bad)
    found = line(said, rows)
    assert found.slope == pytest.approx(0.5, abs=0.03) and found.intercept == pytest.approx(-1, abs=0.05)
    there = moved(found, rows, 0.02)
    share = bad.mean()
    assert there.slope == found.slope
    assert there.intercept - found.intercept == pytest.approx(math.log(0.02 / 0.98) - math.log(share / (1 - share)))


def test_special_and_missing_have_bins_of_their_own() -> None:
    values = np.array([0.0, 1, 2, 3] * 500 + [99.0] * 10 + [np.nan] * 5)
    coding = code_numbers("x", values, [99.0])
    codes = coding.codes(values)
    shape = np.array([0.0, 0.01, 1.0, 1.01, 3.0, -2.0])
    rows = learning_of([codes], np.zeros(len(values)))
    found = binned(0, coding, shape, rows, np.full(len(values), 0.2))
    assert found.bin[coding.plain] != found.bin[coding.missing] and found.bin[coding.plain] > found.bin[: coding.plain].max()
    assert found.values[found.bin[coding.plain]] == 3.0 and found.values[found.bin[coding.missing]] == -2.0


def test_a_level_never_seen_is_average() -> None:
    values = np.array(["a", "b", "c"] * 400, dtype=object)
    coding = code_texts("x", values)
    codes = coding.codes(values)
    found = binned(0, coding, np.array([-1.0, 0.4, 0.6, 0.0, 0.0]), learning_of([codes], np.zeros(1200)), np.full(1200, 0.2))
    unseen = coding.codes(np.array(["never"], dtype=object))[0]
    assert found.values[found.bin[unseen]] == 0 and (found.bin[codes] != found.bin[unseen]).all()


def test_the_last_fit_lessens_the_loss_and_keeps_to_what_was_cut_where_rows_are_few() -> None:
    draw = np.random.default_rng(1)
    one, two = draw.integers(0, 2, 20_000), draw.integers(0, 2, 20_000)
    one[:3], two[:3] = 2, 2  # cells with hardly a row
    truth = np.where(one == 1, 1.0, -1.0) + np.where((one == 1) & (two == 1), 1.0, 0.0)
    bad = (draw.random(20_000) < chances(truth)).astype(float)
    rows = learning_of([one, two], bad)
    bins = (Binned(0, np.arange(3), np.array([-0.5, 0.5, 0.25])),)
    table = PairTable((0, 1), 1.0, np.arange(3), np.arange(3), np.zeros((3, 3)))
    (first,), (second,) = settled(bins, (table,), rows, 0.0)

    def said(each: Binned, pair: PairTable) -> float:
        return loss(each.of(rows.codes) + pair.of(rows.codes), bad, rows.weight)

    assert said(first, second) < said(bins[0], table) - 0.01
    apart = second.values[1, 1] - second.values[1, 0]
    assert apart == pytest.approx(1.0, abs=0.25)
    assert second.values[2, 2] == pytest.approx(0.0, abs=0.1) and first.values[2] == pytest.approx(0.25, abs=0.1)


def test_parts_are_held_out_evenly_and_alike() -> None:
    bad = (np.arange(1000) % 10 == 0).astype(float)
    out = held_out(bad, 0.2, (0, 1))
    assert out.sum() == 200 and bad[out].sum() == 20
    assert (held_out(bad, 0.2, (0, 1)) == out).all() and (held_out(bad, 0.2, (0, 2)) != out).any()
    part = folds(bad, 5, 0)
    assert np.bincount(part).tolist() == [200] * 5 and np.bincount(part, bad).tolist() == [20.0] * 5
