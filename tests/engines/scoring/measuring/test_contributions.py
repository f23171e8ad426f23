"""What a characteristic adds: shares that add up, and AUCs taken from the whole and the rest."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouxin.engines.scoring.measuring.contributions import contributions, variance_shares
from shouxin.engines.scoring.measuring.measures import auc
from tests.engines.scoring.samples import LAW, large

TABLES = st.integers(2, 20).flatmap(
    lambda rows: st.lists(
        st.tuples(st.lists(st.integers(-30, 30), min_size=3, max_size=3), st.integers(1, 4)), min_size=rows, max_size=rows
    )
)


@LAW
@given(TABLES)
def test_shares_of_the_variance_add_up(table: list[tuple[list[int], int]]) -> None:
    points, weight = np.array([row for row, _ in table]), np.array([each for _, each in table])
    shares = variance_shares(points, weight)
    spread = len({sum(row) for row, _ in table}) > 1
    assert math.isclose(shares.sum(), 1.0 if spread else 0.0, abs_tol=1e-9)
    assert np.allclose(shares, variance_shares(np.repeat(points, weight, axis=0), np.ones(weight.sum())), atol=1e-9)


def test_what_is_taken_away() -> None:
    rows, other = large(1500)
    points = np.column_stack((np.round(-20 * np.log(rows.risk)), np.round(-5 * other), np.zeros(1500)))
    strong, weak, nothing = contributions(rows.bad, points, ["strong", "weak", "nothing"])
    whole = auc(rows.bad, -points.sum(axis=1))
    assert math.isclose(strong.auc_lost.value, whole - auc(rows.bad, -points[:, 1]), abs_tol=1e-12)
    assert math.isclose(weak.auc_lost.value, whole - auc(rows.bad, -points[:, 0]), abs_tol=1e-12)
    assert strong.auc_alone == auc(rows.bad, -points[:, 0]) and strong.auc_lost.low > 0
    assert strong.variance_share > weak.variance_share > 0
    assert (nothing.auc_alone, nothing.variance_share) == (0.5, 0.0)
    assert (nothing.auc_lost.value, nothing.auc_lost.low, nothing.auc_lost.high) == (0, 0, 0)


def test_names_and_columns_agree() -> None:
    with pytest.raises(ValueError, match="rows x 1 characteristics"):
        contributions([0, 1], [[1, 2], [3, 4]], ["one"])
    with pytest.raises(ValueError, match="two good and two bad rows"):
        contributions([0, 1], [[1, 2], [3, 4]], ["one", "two"])
