"""DeLong's variance beside its definition over all pairs and beside the bootstrap; paired comparisons and their laws."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given

from shouxin.engines.scoring.measuring.delong import Placements, compare, delong
from shouxin.engines.scoring.measuring.measures import auc
from shouxin.engines.scoring.measuring.resampling import Plan, resample
from shouxin.engines.scoring.measuring.sample import Floats, Sample, sample
from tests.engines.scoring.samples import LAW, Drawn, drawn, large


def covariance_by_definition(rows: Sample, one: Floats, other: Floats) -> float:
    """DeLong, DeLong and Clarke-Pearson (1988), equations 4 to 6, from the matrix of all pairs; unweighted."""

    def components(risk: Floats) -> tuple[Floats, Floats]:
        bads, goods = risk[rows.bad][:, None], risk[~rows.bad][None, :]
        won = (bads > goods) + 0.5 * (bads == goods)
        return won.mean(axis=1), won.mean(axis=0)

    (over, under), (over_other, under_other) = components(one), components(other)
    return float(np.cov(over, over_other)[0, 1] / len(over) + np.cov(under, under_other)[0, 1] / len(under))


@LAW
@given(drawn(least=2))
def test_the_variance_is_that_of_its_definition(given_rows: Drawn) -> None:
    rows = sample(given_rows.bad, given_rows.risk)
    found = Placements.of(rows, rows.risk)
    assert math.isclose(found.mean, auc(rows.bad, rows.risk), abs_tol=1e-12)
    assert math.isclose(found.variance, covariance_by_definition(rows, rows.risk, rows.risk), abs_tol=1e-12)


@LAW
@given(drawn(least=2))
def test_the_paired_variance_is_that_of_its_definition(given_rows: Drawn) -> None:
    rows, other = sample(given_rows.bad, given_rows.risk), np.array(given_rows.pd)
    by_definition = (
        covariance_by_definition(rows, rows.risk, rows.risk)
        + covariance_by_definition(rows, other, other)
        - 2 * covariance_by_definition(rows, rows.risk, other)
    )
    found = compare(rows, other)
    assert found is not None
    half = (found.difference.high - found.difference.low) / 2 / 1.959963984540054
    assert math.isclose(half * half, max(0.0, by_definition), abs_tol=1e-12)
    assert math.isclose(found.difference.value, auc(rows.bad, rows.risk) - auc(rows.bad, other), abs_tol=1e-12)


@LAW
@given(drawn(least=2))
def test_a_score_does_not_differ_from_itself(given_rows: Drawn) -> None:
    rows = given_rows.rows
    found = compare(rows, np.exp(rows.risk))
    assert found is not None and found.one == found.other
    assert (found.difference.value, found.difference.low, found.difference.high, found.p_value) == (0, 0, 0, 1)


@LAW
@given(drawn(least=2))
def test_the_other_way_round(given_rows: Drawn) -> None:
    rows, other = given_rows.rows, np.array(given_rows.pd)
    there, back = compare(rows, other), compare(sample(given_rows.bad, other, weight=given_rows.weight), rows.risk)
    assert there is not None and back is not None
    assert math.isclose(there.difference.low, -back.difference.high, abs_tol=1e-12) and there.p_value == back.p_value


def test_as_the_bootstrap_says() -> None:
    rows, other = large()
    plain, paired = delong(rows), compare(rows, other)
    assert plain is not None and paired is not None
    drawn_again = resample({"card": rows, "other": sample(rows.bad, other)}, Plan(draws=600, seed=3))
    for exact, found in (
        (plain, drawn_again.of("card").auc),
        (paired.other, drawn_again.of("other").auc),
        (paired.difference, drawn_again.difference("card", "other").auc),
    ):
        assert math.isclose(exact.value, found.value, abs_tol=1e-12)
        assert abs((found.high - found.low) / (exact.high - exact.low) - 1) < 0.15
    assert paired.p_value < 1e-6 and paired.difference.low > 0


def test_the_interval_holds_the_true_value_as_often_as_it_says() -> None:
    # Goods from N(0, 1), bads from N(1, 1): the true AUC is the normal distribution at 1 / sqrt(2).
    true, held, random = 0.5 * (1 + math.erf(0.5)), 0, np.random.default_rng(5)
    for _ in range(400):
        risk = np.concatenate((random.normal(0, 1, 150), random.normal(1, 1, 50)))
        found = delong(sample(np.repeat([0, 1], [150, 50]), risk))
        assert found is not None
        held += found.low <= true <= found.high
    assert 0.92 < held / 400 < 0.98


def test_weights_of_a_class_change_nothing() -> None:
    rows, _ = large()
    plain, weighted = delong(rows), delong(sample(rows.bad, rows.risk, weight=np.where(rows.bad, 0.2, 1.7)))
    assert plain is not None and weighted is not None
    assert math.isclose(plain.low, weighted.low, abs_tol=1e-9) and math.isclose(plain.value, weighted.value, abs_tol=1e-12)


def test_a_single_row_of_a_class_has_no_spread() -> None:
    assert delong(sample([0, 0, 1], [1, 2, 3])) is None and compare(sample([0, 1, 1], [1, 2, 3]), [1, 2, 3]) is None
