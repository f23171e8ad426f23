"""Allocation, accumulators, scales, repricing, quotes and the statement of costs."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shouxin.engines.loans.accrual import MOST, NOTHING, add, whole, worth
from shouxin.engines.loans.agreement import Component, Order, Penalty, Sorting
from shouxin.engines.loans.allocation import Item, allocate
from shouxin.engines.loans.annual_rates import Rule
from shouxin.engines.loans.delinquency import BUCKETS, FIVE_CLASSES, IFRS9_STAGES, Scale, in_force, provision
from shouxin.engines.loans.disclosure import NOTHING_ELSE, disclose
from shouxin.engines.loans.errors import AccrualTooLarge, FeeExceedsPrincipal, PeriodsNotPositive, RateNotFound
from shouxin.engines.loans.growth import level_factor
from shouxin.engines.loans.model import Conventions, Method, Shape, Terms
from shouxin.engines.loans.quote import quote
from shouxin.engines.loans.repricing import reprice
from shouxin.foundation.daycount import THIRTY_360, Leg
from shouxin.foundation.errors import AmountNegative, AmountNotPositive, RateNegative
from shouxin.foundation.refusal import Refusal
from shouxin.foundation.rounding import Rounding, divide
from shouxin.foundation.texts import Text

START = dt.date(2026, 1, 15)
items = st.lists(
    st.builds(
        Item,
        st.sampled_from(list(Component)),
        st.dates(START, dt.date(2026, 6, 1)),
        st.integers(0, 5),
        st.integers(1, 10**6),
    ),
    max_size=12,
)
orders = st.builds(Order, st.permutations(list(Component)).map(tuple), st.sampled_from(list(Sorting)))


@given(st.integers(1, 10**7), items, orders)
def test_allocation_loses_nothing(amount: int, owed: list[Item], order: Order) -> None:
    divided = allocate(amount, owed, order)
    paid = sum(each.amount for each in divided.parts)
    assert paid + divided.rest == amount and all(each.amount > 0 for each in divided.parts)
    assert divided.rest == max(0, amount - sum(each.amount for each in owed))


@given(st.integers(1, 10**7), items, orders)
def test_allocation_keeps_the_order(amount: int, owed: list[Item], order: Order) -> None:
    """What is paid before another is paid in full, and no rank is touched before the better one is done."""
    parts = allocate(amount, owed, order).parts

    def rank(item: Item) -> tuple[object, ...]:
        component = order.components.index(item.component)
        return (item.due, component) if order.sorting is Sorting.OLDEST_FIRST else (component, item.due)

    ranks = [rank(each) for each in parts]
    assert ranks == sorted(ranks)
    for each in {rank(item) for item in owed}:
        due = sum(item.amount for item in owed if rank(item) == each)
        paid = sum(part.amount for part in parts if rank(part) == each)
        assert paid == due or not any(later > each for later in ranks)


@given(
    st.lists(st.tuples(st.integers(0, 10**9), st.integers(0, 360_000), st.integers(1, 40), st.sampled_from([360, 365, 366]))),
    st.sampled_from(list(Rounding)),
)
def test_accumulators_lose_nothing(days: list[tuple[int, int, int, int]], rounding: Rounding) -> None:
    accrued, exact = NOTHING, Fraction(0)
    for base, rate, count, year in days:
        accrued = add(accrued, base, rate, [Leg(count, 1, year)])
        exact += Fraction(base * rate * count, year * 10**6)
    assert worth(accrued) == exact
    assert whole(accrued, rounding) == divide(exact.numerator, exact.denominator, rounding)


def test_an_accumulator_refuses_to_leave_64_bits() -> None:
    full = ((1, 365, MOST),)
    with pytest.raises(AccrualTooLarge):
        add(full, 1, 1, [Leg(1, 1, 365)])


@pytest.mark.parametrize("scale", [BUCKETS, FIVE_CLASSES, IFRS9_STAGES])
def test_scales_begin_at_zero_and_rise(scale: Scale) -> None:
    days = [each.from_days for each in scale.bands]
    assert days[0] == 0 and days == sorted(set(days))
    assert all(scale.band(each.from_days) is each and scale.band(each.from_days - 1) is not each for each in scale.bands[1:])


def test_the_five_classes_provide_as_the_rule_says() -> None:
    assert [provision(10_000, each) for each in FIVE_CLASSES.bands] == [100, 200, 2_500, 5_000, 10_000]


def test_the_scale_of_a_day() -> None:
    assert (
        in_force([FIVE_CLASSES], dt.date(2023, 6, 30)) is None and in_force([FIVE_CLASSES], dt.date(2023, 7, 1)) is FIVE_CLASSES
    )


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(1, 2**32 + 1000), st.sampled_from([0, 1, 109_500, 360_000]), st.integers(1, 60)),
        min_size=1,
        max_size=30,
    )
)
def test_repricing_is_exact(loans: list[tuple[int, int, int]]) -> None:
    found = reprice(*(np.array(each, dtype=np.int64) for each in zip(*loans, strict=True))).tolist()
    for (principal, rate, months), instalment in zip(loans, found, strict=True):
        numerator, denominator = level_factor([rate] * months, 12 * 10**6)
        assert instalment == divide(principal * numerator, denominator)


@pytest.mark.parametrize(
    ("rows", "refusal", "field"),
    [
        (([5, 0], [1, 1], [1, 1]), AmountNotPositive, "principal[1]"),
        (([5, 5], [1, -1], [1, 1]), RateNegative, "rate_ppm[1]"),
        (([5, 5], [1, 1], [0, 1]), PeriodsNotPositive, "months[0]"),
    ],
)
def test_repricing_refused(rows: tuple[list[int], ...], refusal: type[Refusal], field: str) -> None:
    with pytest.raises(refusal) as told:
        reprice(*rows)
    assert told.value.field == field
    with pytest.raises(ValueError, match="one length"):
        reprice([1], [1, 1], [1])


def loan(method: Method = Method.EQUAL_INSTALMENT, rate: int = 120_000, **more: object) -> Terms:
    return Terms(1_000_000, rate, method, Shape(START, 12), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("method", list(Method))
def test_the_rate_that_a_screen_shows(method: Method) -> None:
    plain, dearer = quote(loan(method)), quote(loan(method), 10_000)
    assert plain.shown.rule is (Rule.MONTHLY_IRR if method is Method.FLAT else Rule.SIMPLE)
    assert dearer.shown is dearer.all_in and dearer.all_in.value > plain.all_in.value
    if method is not Method.FLAT:
        assert plain.all_in.value == plain.nominal.value
    assert plain.compound.value >= plain.all_in.value > 0


def test_equal_months_cost_exactly_the_rate() -> None:
    made = quote(loan(conventions=Conventions(THIRTY_360)))
    assert abs(made.all_in.value - Decimal("0.12")) < Decimal("0.000001")


def test_a_fee_that_leaves_nothing() -> None:
    with pytest.raises(FeeExceedsPrincipal):
        quote(loan(), 1_000_000)
    with pytest.raises(AmountNegative):
        quote(loan(), -1)
    with pytest.raises(RateNotFound) as told:
        quote(loan(), 999_999)
    assert told.value.field == "fee"


def test_the_statement_of_costs_says_what_the_rule_asks_for() -> None:
    made = quote(loan(rate=200_000), 10_000)
    told = disclose(made, Penalty(), Text("示例银行", "Example Bank"))
    assert [each.name.zh for each in told.items] == ["利息", "手续费"]
    printed = [each.annual.percent(2) for each in told.items if each.annual]
    assert sum(printed) == told.total.percent(2) == made.all_in.percent(2)
    for lang in ("zh", "en"):
        shown = told.to_dict(lang)
        assert all(
            each["collector"] and each["standard"] and each["collected"] for each in (*shown["items"], *shown["on_default"])
        )
        assert shown["nothing_else"] == NOTHING_ELSE.in_language(lang)
    penalty = told.on_default[0].standard
    assert "24.00%" in penalty.zh and "上限" in penalty.zh and "24.00%" in penalty.en  # 1.5 x 20% is cut
    assert "1.5" in disclose(quote(loan()), Penalty(), Text("", "")).on_default[0].standard.zh
    assert ["1.5倍" in each.standard.zh for each in disclose(quote(loan()), Penalty(), Text("", "")).on_default] == [True, False]
    assert "2倍" in disclose(quote(loan()), Penalty(), Text("", "")).on_default[1].standard.zh
    assert "不加收罚息" in disclose(quote(loan(rate=300_000)), Penalty(), Text("", "")).on_default[0].standard.zh


def test_words_that_must_be_exact() -> None:
    zh = str(disclose(quote(loan()), Penalty(), Text("示例银行", "Example Bank")).to_dict("zh"))
    assert "除以上列明费用外，不收取其他费用。" in zh and "年化利率（单利）" in zh and "日利率" not in zh
