"""The gains table adds up and reaches the KS; piles of scores are found."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouxin.engines.scoring.measuring.bands import equal_count_cuts, fixed_cuts
from shouxin.engines.scoring.measuring.gains import concentration, gains_table
from shouxin.engines.scoring.measuring.measures import measure
from shouxin.engines.scoring.measuring.sample import sample
from tests.engines.scoring.samples import LAW, Drawn, drawn, large


@LAW
@given(drawn(), st.integers(1, 10))
def test_the_table_adds_up(given_rows: Drawn, bands: int) -> None:
    rows, score = given_rows.rows, -np.array(given_rows.risk, dtype=np.float64)
    table = gains_table(rows, score, equal_count_cuts(score, bands))
    assert sum(row.rows for row in table) == len(score) and sum(row.bads for row in table) == rows.bad.sum()
    assert all(row.goods + row.bads == row.rows for row in table)
    assert math.isclose(sum(row.share for row in table), 1)
    last = table[-1]
    for value in (last.cumulative_share, last.cumulative_bads, last.cumulative_goods, last.cumulative_lift):
        assert math.isclose(value, 1)
    assert all(row.ks <= measure(rows).ks + 1e-12 for row in table)


@LAW
@given(drawn())
def test_with_a_band_for_each_score_it_reaches_the_ks(given_rows: Drawn) -> None:
    rows, score = given_rows.rows, -np.array(given_rows.risk, dtype=np.float64)
    table = gains_table(rows, score, sorted(set(score.tolist())))
    assert math.isclose(max(row.ks for row in table), measure(rows).ks, abs_tol=1e-12)


@LAW
@given(drawn())
def test_a_weight_is_a_row_repeated(given_rows: Drawn) -> None:
    weight, score = np.array(given_rows.weight), -np.array(given_rows.risk, dtype=np.float64)
    weighted = gains_table(given_rows.rows, score, [-2, 0, 2])
    repeated = gains_table(given_rows.repeated, np.repeat(score, weight), [-2, 0, 2])
    for one, two in zip(weighted, repeated, strict=True):
        assert one.band == two.band and math.isclose(one.bad_rate.value, two.bad_rate.value, abs_tol=1e-12)
        for name in ("share", "lift", "cumulative_bads", "cumulative_goods", "cumulative_lift", "ks"):
            assert math.isclose(getattr(one, name), getattr(two, name), abs_tol=1e-12)


def test_by_hand() -> None:
    score = [400, 400, 500, 500, 600, 600, 700, 700]
    low, high = gains_table(sample([1, 1, 0, 1, 0, 0, 0, 1], range(8)), score, [600])
    assert (low.rows, low.bads, low.bad_rate.value, low.lift) == (4, 3, 0.75, 1.5)
    assert (low.cumulative_share, low.cumulative_bads, low.cumulative_goods, low.ks) == (0.5, 0.75, 0.25, 0.5)
    assert (high.bads, high.bad_rate.value, high.lift, high.cumulative_lift) == (1, 0.25, 0.5, 1.0)


def test_deciles_and_bands_of_the_scale() -> None:
    rows, _ = large()
    score = np.clip(np.round(650 - 72 * (np.log(rows.risk / (1 - rows.risk)) + math.log(30))), 350, 950)
    deciles = gains_table(rows, score, equal_count_cuts(score))
    assert len(deciles) == 10 and all(350 < row.rows < 450 for row in deciles)
    assert deciles[0].lift > 2.5 > 0.5 > deciles[-1].lift
    bands = gains_table(rows, score, fixed_cuts(350, 950, 50))
    assert all(row.band.low is None or row.band.low % 50 == 0 for row in bands)


@LAW
@given(st.lists(st.integers(350, 950), min_size=1, max_size=50))
def test_concentration_lies_between_all_alike_and_all_apart(scores: list[int]) -> None:
    found = concentration(scores)
    counts = {score: scores.count(score) for score in scores}
    assert math.isclose(found.score_share, max(counts.values()) / len(scores))
    assert (
        found.score_share <= found.band_share + 1e-12
        and found.band_share**2 - 1e-12 <= found.herfindahl <= found.band_share + 1e-12
    )


def test_a_pile_is_found_by_weight() -> None:
    found = concentration([605, 612, 619, 700], weight=[1, 2, 2, 5])
    assert (found.score, found.score_share) == (700, 0.5) and (found.band.low, found.band.high) == (700, 710)
    assert math.isclose(found.herfindahl, 0.01 + 0.16 + 0.25)


def test_no_scores() -> None:
    with pytest.raises(ValueError, match="at least one row"):
        concentration([])
