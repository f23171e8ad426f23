"""Proxies: a bias-corrected Cramer's V, and the AUC of guessing the group."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouxin.engines.scoring.measuring.groups import by_name
from shouxin.engines.scoring.measuring.measures import auc
from shouxin.engines.scoring.measuring.proxies import cramers_v, proxies
from tests.engines.scoring.samples import LAW

TABLES = st.lists(st.lists(st.integers(0, 60), min_size=3, max_size=3), min_size=2, max_size=4).filter(
    lambda table: sum(map(sum, table)) > 1
)


@LAW
@given(TABLES)
def test_between_nothing_and_all_and_the_same_from_both_sides(table: list[list[int]]) -> None:
    found = cramers_v(table)
    assert 0 <= found <= 1 and math.isclose(found, cramers_v(np.array(table).T), abs_tol=1e-9)


@LAW
@given(TABLES)
def test_empty_rows_and_columns_say_nothing(table: list[list[int]]) -> None:
    padded = np.zeros((len(table) + 1, 5))
    padded[1:, 1:4] = table
    assert math.isclose(cramers_v(padded), cramers_v(table), abs_tol=1e-9)


def test_ends() -> None:
    assert cramers_v([[50, 0], [0, 50]]) == 1 and math.isclose(cramers_v([[0, 20, 0], [30, 0, 0], [0, 0, 50]]), 1)
    assert cramers_v([[25, 25], [25, 25]]) == 0 and cramers_v([[10, 20]]) == 0


def test_chance_is_taken_off() -> None:
    random, plain, corrected = np.random.default_rng(2), [], []
    for _ in range(200):
        table = np.zeros((4, 6))
        np.add.at(table, (random.integers(0, 4, 200), random.integers(0, 6, 200)), 1)
        expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / 200
        plain.append(math.sqrt(((table - expected) ** 2 / expected).sum() / 200 / 3))
        corrected.append(cramers_v(table))
    assert np.mean(plain) > 0.14 > 0.05 > np.mean(corrected)


def test_the_auc_is_that_of_the_share_in_each_bin() -> None:
    random = np.random.default_rng(3)
    woman = random.random(500) < 0.4
    bins = np.where(random.random(500) < 0.6, woman * 2, random.integers(0, 4, 500))
    group = np.where(woman, "woman", "man").astype(object)
    (found,) = proxies(by_name(group), {"title": bins})
    shares = np.array([woman[bins == place].mean() for place in range(4)])
    assert found.auc is not None and math.isclose(found.auc, auc(woman, shares[bins]), abs_tol=1e-12)
    assert found.flagged and found.cramers_v > 0.3


def test_three_groups_have_no_auc_and_rows_without_one_do_not_count() -> None:
    group = ["a", "b", "c", None] * 50
    same, other = proxies(by_name(group), {"other": [0, 0, 0, 1] * 50, "same": [0, 1, 2, 3] * 50})
    assert (same.characteristic, same.auc, same.flagged) == ("same", None, True) and math.isclose(same.cramers_v, 1)
    assert (other.characteristic, other.cramers_v, other.flagged) == ("other", 0.0, False)


def test_a_rare_group_is_flagged_by_its_auc() -> None:
    random = np.random.default_rng(4)
    rare = np.arange(20_000) < 200
    bins = np.where(rare, random.integers(1, 3, 20_000), random.integers(0, 3, 20_000))
    bins = np.where(~rare & (random.random(20_000) < 0.7), 0, bins)
    (found,) = proxies(by_name(np.where(rare, "rare", "common").astype(object)), {"region": bins})
    assert found.cramers_v < 0.3 and found.auc is not None and found.auc > 0.7 and found.flagged


def test_the_threshold_can_be_moved() -> None:
    group, bins = by_name(["f"] * 100 + ["m"] * 100), {"x": [0] * 60 + [1] * 40 + [0] * 40 + [1] * 60}
    assert not proxies(group, bins)[0].flagged and proxies(group, bins, threshold=0.15)[0].flagged


def test_nobody_has_the_attribute() -> None:
    (found,) = proxies(by_name([None, None]), {"x": [0, 1]})
    assert (found.cramers_v, found.auc, found.flagged) == (0.0, None, False)


@pytest.mark.parametrize("bins", [[0], [0, -1], [[0], [1]]])
def test_bins_of_other_rows(bins: list[int]) -> None:
    with pytest.raises(ValueError, match="title: 2 places of bins"):
        proxies(by_name(["f", "m"]), {"title": bins})
