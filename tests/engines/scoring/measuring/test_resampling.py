"""The bootstrap: its laws, that it repeats itself, and that it is quick."""

from __future__ import annotations

import math
import time

import numpy as np
import pytest
from hypothesis import given, settings

from shouxin.engines.scoring.measuring.measures import measure
from shouxin.engines.scoring.measuring.resampling import Intervals, Plan, resample
from shouxin.engines.scoring.measuring.sample import sample
from tests.engines.scoring.samples import LAW, Drawn, drawn, large

NAMES = ("auc", "gini", "ks", "brier", "log_loss")
FEW = Plan(draws=20, seed=1)


@settings(LAW, max_examples=30)
@given(drawn())
def test_a_score_does_not_differ_from_itself(given_rows: Drawn) -> None:
    rows = given_rows.rows
    found = resample({"card": rows, "again": sample(rows.bad, np.exp(rows.risk), rows.pd, rows.weight)}, FEW)
    gap = found.difference("card", "again")
    for name in NAMES:
        each = getattr(gap, name)
        assert (each.value, each.low, each.high) == (0, 0, 0)


@settings(LAW, max_examples=30)
@given(drawn())
def test_the_values_are_those_of_the_rows(given_rows: Drawn) -> None:
    rows = given_rows.rows
    found, plain = resample({"card": rows}, FEW).of("card"), measure(rows)
    for name in NAMES:
        assert getattr(found, name).value == getattr(plain, name)
        assert getattr(found, name).low <= getattr(found, name).high


def test_a_draw_is_a_sample_of_those_rows() -> None:
    """The drawn measures are those of rows really drawn, both classes apart."""
    rows, _ = large(300)
    assert rows.pd is not None
    weight = np.random.default_rng(2).uniform(0.5, 2, 300)
    weighted = sample(rows.bad, np.round(rows.risk, 2), rows.pd, weight)
    drawn_once = resample({"card": weighted}, Plan(draws=1, seed=9)).drawn["card"][0]
    random = np.random.default_rng(9)
    bads, goods = np.flatnonzero(rows.bad), np.flatnonzero(~rows.bad)
    chosen = np.concatenate((bads[random.integers(0, len(bads), len(bads))], goods[random.integers(0, len(goods), len(goods))]))
    really = measure(weighted.take(chosen))
    for value, name in zip(drawn_once, NAMES, strict=True):
        assert math.isclose(value, getattr(really, name), abs_tol=1e-12)


def test_the_same_seed_says_the_same() -> None:
    rows, other = large(500)
    scores = {"card": rows, "other": sample(rows.bad, other)}
    one, two, three = (resample(scores, Plan(draws=50, seed=seed)) for seed in (4, 4, 5))
    assert one.of("card") == two.of("card") and one.difference("card", "other") == two.difference("card", "other")
    assert one.of("card") != three.of("card")


def test_a_wider_level_is_a_wider_interval() -> None:
    rows, _ = large(500)
    narrow, wide = (resample({"card": rows}, Plan(draws=200, level=level)).of("card").ks for level in (0.5, 0.99))
    assert wide.low < narrow.low < narrow.high < wide.high


def test_without_probabilities_there_are_no_losses() -> None:
    rows, other = large(300)
    found = resample({"card": rows, "other": sample(rows.bad, other)}, FEW)
    assert isinstance(found.of("other"), Intervals) and found.of("other").brier is None
    assert found.difference("card", "other").log_loss is None and found.of("card").brier is not None


def test_other_rows_are_refused() -> None:
    rows, other = large(300)
    with pytest.raises(ValueError, match="other: outcomes and weights of the same rows as card"):
        resample({"card": rows, "other": sample(~rows.bad, other)})
    with pytest.raises(ValueError, match="other: outcomes and weights"):
        resample({"card": rows, "other": sample(rows.bad, other, weight=np.full(300, 2.0))})
    with pytest.raises(ValueError, match="at least one"):
        resample({})


def test_forty_five_thousand_rows_take_seconds() -> None:
    rows, other = large(45_000)
    started = time.process_time()
    resample({"card": rows, "other": sample(rows.bad, other, rows.pd)})
    assert time.process_time() - started < 8
