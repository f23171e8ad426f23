"""Values as codes: round bounds between neighbours, special values apart, texts with rare and unseen levels together."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouxin.engines.scoring.fitting.coding import DECIMALS, FINEST, code_numbers, code_texts, round_between
from tests.engines.scoring.samples import LAW

NUMBERS = st.floats(-1e9, 1e9, allow_nan=False)


@LAW
@given(NUMBERS, NUMBERS)
def test_a_bound_lies_above_the_one_and_not_above_the_other(one: float, two: float) -> None:
    low, high = sorted((one, two))
    found = round_between(low, high)
    if found is None:
        assert Decimal(repr(high)) - Decimal(repr(low)) < Decimal(10) ** -(DECIMALS - 1)
    else:
        assert Decimal(repr(low)) < found <= Decimal(repr(high))


@pytest.mark.parametrize(
    ("low", "high", "bound"),
    [(0.0, 1.0, "1"), (17.0, 18.0, "18"), (0.0312, 0.0347, "0.034"), (-3.0, -1.0, "-1"), (995.0, 1010.0, "1000")],
)
def test_the_roundest_number_is_taken(low: float, high: float, bound: str) -> None:
    assert round_between(low, high) == Decimal(bound)


@LAW
@given(st.lists(st.one_of(NUMBERS, st.just(float("nan")), st.sampled_from([96.0, 98.0])), min_size=1, max_size=60))
def test_codes_keep_the_order_of_numbers(written: list[float]) -> None:
    values = np.array(written)
    coding = code_numbers("x", values, [96.0, 98.0])
    codes = coding.codes(values)
    own = ~np.isnan(values) & ~np.isin(values, [96.0, 98.0])
    order = np.argsort(values[own], kind="stable")
    assert (np.diff(codes[own][order]) >= 0).all() and (codes[own] < coding.plain).all()
    assert (codes[values == 96] == coding.plain).all() and (codes[values == 98] == coding.plain + 1).all()
    assert (codes[np.isnan(values)] == coding.missing).all()


def test_few_values_have_a_bin_each_and_many_share() -> None:
    few = np.array([0.0, 1.0, 1.0, 2.0, 7.0])
    assert code_numbers("x", few).codes(few).tolist() == [0, 1, 1, 2, 3]
    many = np.random.default_rng(0).normal(size=50_000)
    coding = code_numbers("x", many)
    rows = np.bincount(coding.codes(many))
    assert FINEST // 2 < coding.plain <= FINEST and rows.max() < 3 * len(many) / FINEST


def test_a_value_with_many_rows_stands_alone() -> None:
    draw = np.random.default_rng(1)
    values = np.concatenate([np.zeros(4000), draw.random(6000) + 0.001])
    codes = code_numbers("x", values).codes(values)
    assert set(codes[values == 0]) == {0} and (codes[values > 0] > 0).all()


def test_rare_unseen_and_missing_texts() -> None:
    values = np.array(["a"] * 30 + ["b"] * 20 + ["c"] * 3 + [None], dtype=object)
    coding = code_texts("x", values)
    assert coding.levels == ("a", "b")
    assert coding.codes(np.array(["a", "b", "c", "never", None], dtype=object)).tolist() == [0, 1, 2, 2, 3]
