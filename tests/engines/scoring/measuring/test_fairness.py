"""Groups at a cut-off: rates, gaps to the reference, four fifths, and groups too small to judge."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouxin.engines.scoring.measuring.bands import equal_count_cuts
from shouxin.engines.scoring.measuring.fairness import Fairness, GroupFairness, fairness
from shouxin.engines.scoring.measuring.groups import by_band, by_name
from shouxin.engines.scoring.measuring.intervals import difference, wilson
from shouxin.engines.scoring.measuring.sample import sample
from tests.engines.scoring.samples import LAW, Drawn, drawn, large

FLAGS = st.lists(st.booleans(), min_size=40, max_size=40)
NAMES = st.lists(st.sampled_from(["f", "m", None]), min_size=40, max_size=40)


def of(found: Fairness, name: str | None) -> GroupFairness:
    return next(each for each in found.groups if each.name == name)


@LAW
@given(drawn(), FLAGS, NAMES)
def test_every_row_is_in_one_group_and_small_ones_are_not_judged(given_rows: Drawn, flags: list[bool], names: list[str]) -> None:
    rows = given_rows.rows
    found = fairness(rows, flags[: len(rows.bad)], by_name(names[: len(rows.bad)]))
    assert sum(each.rows for each in found.groups) == len(rows.bad)
    assert sum(each.bad_rows for each in found.groups) == rows.bad.sum()
    assert found.reference is None and all(each.too_small and not each.below_four_fifths for each in found.groups)
    assert all(each.ratio is None and each.all.gap is None for each in found.groups)


def test_by_hand() -> None:
    # m: 160 goods of which 120 approved, 40 bads of which 20; f: 80 goods of which 40 approved, 20 bads of which 4.
    bad = [0] * 160 + [1] * 40 + [0] * 80 + [1] * 20
    approved = [1] * 120 + [0] * 40 + [1] * 20 + [0] * 20 + [1] * 40 + [0] * 40 + [1] * 4 + [0] * 16
    pd = [0.2] * 200 + [0.4] * 100
    found = fairness(sample(bad, range(300), pd), approved, by_name(["m"] * 200 + ["f"] * 100))
    women, men = found.groups
    assert (found.reference, women.name, men.name) == ("m", "f", "m")
    assert women.all.rate == wilson(44, 100) and men.all.rate == wilson(140, 200)
    assert women.all.gap == difference(wilson(44, 100), wilson(140, 200))
    assert women.goods.gap == difference(wilson(40, 80), wilson(120, 160))
    assert women.bads.gap == difference(wilson(4, 20), wilson(20, 40))
    assert women.ratio is not None and math.isclose(women.ratio, 0.44 / 0.7) and women.below_four_fifths
    assert (men.ratio, men.below_four_fifths) == (1.0, False)
    assert men.all.gap is None and men.goods.gap is None and men.bads.gap is None
    assert women.bad_rate.value == 0.2 and women.mean_pd is not None and math.isclose(women.mean_pd, 0.4)
    assert women.mean_pd > women.bad_rate.high and men.mean_pd is not None and men.mean_pd < men.bad_rate.high


def test_a_small_group_is_shown_and_never_the_reference() -> None:
    bad = ([1] * 20 + [0] * 80) * 2 + [1] * 9 + [0] * 200
    approved = [1] * 60 + [0] * 40 + [1] * 90 + [0] * 10 + [1] * 209
    found = fairness(sample(bad, range(409)), approved, by_name(["a"] * 100 + ["b"] * 100 + ["c"] * 209))
    assert found.reference == "b" and of(found, "c").too_small and not of(found, "a").too_small
    ratio = of(found, "c").ratio
    assert ratio is not None and ratio > 1 and of(found, "a").below_four_fifths


def test_rows_without_the_attribute_are_never_the_reference() -> None:
    bad, names = ([1] * 20 + [0] * 80) * 2, ["a"] * 100 + [None] * 100
    found = fairness(sample(bad, range(200)), [0] * 50 + [1] * 150, by_name(names))
    assert found.reference == "a" and of(found, None).all.gap is not None


def test_nobody_is_approved() -> None:
    found = fairness(sample(([1] * 20 + [0] * 80) * 2, range(200)), [0] * 200, by_name(["a", "b"] * 100))
    assert all(each.ratio is None and not each.below_four_fifths for each in found.groups)


def test_a_group_of_goods_has_no_rate_among_bads() -> None:
    found = fairness(sample([0, 0, 1], [1, 2, 3]), [1, 0, 1], by_name(["a", "a", "b"]))
    assert of(found, "a").bads.rate is None and of(found, "a").auc is None and of(found, "b").goods.rate is None


def test_weights_restore_the_rates_of_the_population() -> None:
    rows = sample([1, 1, 0, 0] * 50, range(200), weight=[0.5, 0.5, 1.5, 1.5] * 50)
    (found,) = fairness(rows, [0, 1, 1, 1] * 50, by_name(["a"] * 200)).groups
    assert found.all.rate is not None and math.isclose(found.all.rate.value, 3.5 / 4) and found.bad_rate.value == 0.25
    assert found.goods.rate is not None and found.goods.rate.value == 1


def test_ages_in_bands() -> None:
    rows, _ = large()
    age = np.random.default_rng(1).integers(18, 70, len(rows.bad)).astype(np.float64)
    age[:50] = np.nan
    found = fairness(rows, rows.risk < 0.1, by_band(age, equal_count_cuts(age, 4)))
    assert found.groups[0].name is not None and found.groups[0].name.startswith("<")
    assert len(found.groups) == 5 and found.groups[-1].name is None and found.groups[-1].rows == 50
    assert not any(each.below_four_fifths for each in found.groups)
    for each in found.groups[:-1]:
        assert each.auc is not None and each.auc.low < 0.76 < each.auc.high and not each.too_small


def test_another_number_of_flags() -> None:
    with pytest.raises(ValueError, match="approved: 2 flags, one for each row"):
        fairness(sample([0, 1], [1, 2]), [True], by_name(["a", "b"]))
