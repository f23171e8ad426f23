"""Measures beside counting all pairs, beside scikit-learn, and their laws."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouxin.engines.scoring.measuring.measures import Measures, auc, brier, ks, log_loss, measure
from shouxin.engines.scoring.measuring.sample import Sample, sample
from tests.engines.scoring.samples import LAW, Drawn, drawn, large


def auc_of_all_pairs(rows: Sample) -> float:
    """By comparing every bad row with every good one."""
    bads, goods = np.flatnonzero(rows.bad), np.flatnonzero(~rows.bad)
    won = total = 0.0
    for bad in bads:
        for good in goods:
            pair = rows.weight[bad] * rows.weight[good]
            total += pair
            won += pair * (1.0 if rows.risk[bad] > rows.risk[good] else 0.5 if rows.risk[bad] == rows.risk[good] else 0.0)
    return won / total


def ks_at_every_risk(rows: Sample) -> float:
    """By counting both classes below every risk that occurs."""
    bads, goods = rows.weight[rows.bad].sum(), rows.weight[~rows.bad].sum()
    below = [rows.risk <= risk for risk in set(rows.risk.tolist())]
    return float(max(abs(rows.weight[at & rows.bad].sum() / bads - rows.weight[at & ~rows.bad].sum() / goods) for at in below))


def close(one: Measures, other: Measures) -> bool:
    names = ("bad_rate", "auc", "gini", "ks", "brier", "log_loss")
    return all(math.isclose(getattr(one, name), getattr(other, name), rel_tol=1e-9, abs_tol=1e-12) for name in names)


@LAW
@given(drawn())
def test_as_counted_pair_by_pair(given_rows: Drawn) -> None:
    rows = given_rows.rows
    found = measure(rows)
    assert math.isclose(found.auc, auc_of_all_pairs(rows), abs_tol=1e-12)
    assert math.isclose(found.ks, ks_at_every_risk(rows), abs_tol=1e-12)
    assert found.auc == auc(rows.bad, rows.risk, rows.weight) and found.gini == 2 * found.auc - 1
    assert found.ks == ks(rows.bad, rows.risk, rows.weight)


@LAW
@given(drawn())
def test_a_weight_is_a_row_repeated(given_rows: Drawn) -> None:
    assert close(measure(given_rows.rows), measure(given_rows.repeated))


@LAW
@given(drawn())
def test_the_other_way_round(given_rows: Drawn) -> None:
    risk = np.array(given_rows.risk)
    assert math.isclose(auc(given_rows.bad, -risk), 1 - auc(given_rows.bad, risk), abs_tol=1e-12)
    assert math.isclose(ks(given_rows.bad, -risk), ks(given_rows.bad, risk), abs_tol=1e-12)


@LAW
@given(drawn(), st.floats(0.01, 5), st.floats(-3, 3))
def test_only_the_order_counts(given_rows: Drawn, steep: float, shift: float) -> None:
    changed = np.exp(np.array(given_rows.risk) * steep + shift)
    assert auc(given_rows.bad, changed) == auc(given_rows.bad, given_rows.risk)
    assert ks(given_rows.bad, changed) == ks(given_rows.bad, given_rows.risk)


@LAW
@given(drawn(), st.floats(0.001, 1000))
def test_the_unit_of_the_weights_does_not_count(given_rows: Drawn, unit: float) -> None:
    scaled = sample(given_rows.bad, given_rows.risk, given_rows.pd, np.array(given_rows.weight) * unit)
    assert close(measure(scaled), measure(given_rows.rows))


def test_by_hand() -> None:
    # Bad rows at 3, 3, 1; good ones at 1, 2, 3. Pairs won: 2.5 + 2.5 + 0.5 of 9. Up to 2: two of three goods, one of three bads.
    rows = sample([1, 1, 1, 0, 0, 0], [3, 3, 1, 1, 2, 3], [0.5, 0.5, 0.5, 0.5, 0.0, 0.5])
    found = measure(rows)
    assert math.isclose(found.auc, 5.5 / 9) and math.isclose(found.ks, 1 / 3) and found.ks_risk == 2
    assert (found.rows, found.bads, found.bad_rate) == (6, 3, 0.5)
    assert found.brier is not None and math.isclose(found.brier, 5 * 0.25 / 6)
    assert found.log_loss is not None and math.isclose(found.log_loss, 5 * math.log(2) / 6)


def test_without_probabilities_there_are_no_losses() -> None:
    found = measure(sample([0, 1], [1, 2]))
    assert found.brier is None and found.log_loss is None


def test_a_certainty_that_was_wrong_costs_much_and_not_without_end() -> None:
    assert math.isclose(log_loss([1, 0], [0.0, 1.0]), -math.log(1e-15))


def test_a_constant_score_knows_nothing() -> None:
    found = measure(sample([0, 1, 0, 1], [5, 5, 5, 5]))
    assert (found.auc, found.gini, found.ks) == (0.5, 0.0, 0.0)


def test_losses_may_be_of_one_class() -> None:
    assert math.isclose(brier([0, 0], [0.5, 0.1]), 0.13) and math.isclose(log_loss([1], [0.5]), math.log(2))


@pytest.mark.parametrize("weighted", [False, True])
def test_as_scikit_learn_says(weighted: bool) -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    rows, other = large()
    weight = np.random.default_rng(1).uniform(0.2, 5, len(other)) if weighted else None
    found = measure(sample(rows.bad, np.round(other, 1), rows.pd, weight))
    false_positive, true_positive, _ = metrics.roc_curve(rows.bad, np.round(other, 1), sample_weight=weight)
    assert math.isclose(found.auc, metrics.roc_auc_score(rows.bad, np.round(other, 1), sample_weight=weight), abs_tol=1e-12)
    assert math.isclose(found.ks, float(np.abs(true_positive - false_positive).max()), abs_tol=1e-12)
    assert found.brier is not None and found.log_loss is not None
    assert math.isclose(found.brier, metrics.brier_score_loss(rows.bad, rows.pd, sample_weight=weight), abs_tol=1e-12)
    assert math.isclose(found.log_loss, metrics.log_loss(rows.bad, rows.pd, sample_weight=weight), abs_tol=1e-12)
