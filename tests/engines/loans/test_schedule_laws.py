"""Laws of schedules, for every method and convention."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from shouxin.engines.loans.errors import FirstDueNotAfterPayout, GraceLeavesNoInstalment, PeriodsNotPositive, TermTooLong
from shouxin.engines.loans.growth import growth_of, level_factor
from shouxin.engines.loans.model import Conventions, Method, Shape, Smoothing, Terms
from shouxin.engines.loans.periods import periods_of
from shouxin.engines.loans.plan import agreed_plan
from shouxin.engines.loans.restated import Restatement, Rules
from shouxin.engines.loans.schedule import equal_parts, level_rows, plain_level_rows, schedule
from shouxin.foundation.businessdays import Adjustment, china
from shouxin.foundation.daycount import ACTUAL_365, THIRTY_360, Unit
from shouxin.foundation.errors import AmountNotPositive, RateNegative
from shouxin.foundation.refusal import Refusal
from shouxin.foundation.rounding import Rounding, divide
from tests.engines.loans.streams import terms

LAWS = settings(max_examples=300, deadline=None)
START = dt.date(2026, 1, 15)


@LAWS
@given(terms())
def test_principal_adds_up_and_nothing_is_negative(loan: Terms) -> None:
    made = schedule(loan)
    assert made.principal == loan.principal
    assert min(made.principals) >= 0 and min(made.interests) >= 0
    assert list(made)[-1].balance == 0


@LAWS
@given(terms())
def test_due_dates_rise_from_the_payout(loan: Terms) -> None:
    days = [loan.shape.paid_out, *schedule(loan).dues]
    assert all(a < b for a, b in pairwise(days))
    calendar, how = loan.conventions.calendar, loan.conventions.adjustment
    assert how is Adjustment.NONE or all(calendar.is_business_day(each) for each in days[1:])


@LAWS
@given(terms())
def test_interest_of_a_row_is_what_its_balance_earned(loan: Terms) -> None:
    assume(loan.method is not Method.FLAT and not loan.interest_grace)
    made = list(schedule(loan))
    periods = periods_of(loan.shape, loan.conventions)
    if loan.method is Method.FLEXIBLE:
        return
    growth = growth_of(periods, loan.conventions.day_count, loan.rate_ppm)
    for row, numerator in zip(made, growth.numerators, strict=True):
        before = row.balance + row.principal
        assert row.interest == divide(before * numerator, growth.denominator, loan.conventions.rounding)


@LAWS
@given(terms())
def test_instalments_are_equal_but_for_the_last(loan: Terms) -> None:
    assume(loan.method is Method.EQUAL_INSTALMENT and not loan.interest_grace)
    totals = {row.total for row in list(schedule(loan))[loan.principal_grace : -1] if row.principal and row.balance}
    assert len(totals) <= 1
    unit = loan.conventions.multiple
    assert all(each % unit == 0 or 2 * each <= unit for each in totals)  # a unit above it leaves it as it is


@LAWS
@given(terms(), st.integers(1, 50_000))
def test_a_higher_rate_never_costs_less(loan: Terms, more: int) -> None:
    """Exactly so where the principal does not depend on the rate. An equal instalment is rounded, which may save a few minor
    units: there the instalment never falls, and the total never by more than rounding can make of it."""
    lower = replace(loan, conventions=replace(loan.conventions, smoothing=Smoothing.NONE, multiple=1))
    higher = replace(lower, rate_ppm=lower.rate_ppm + more)
    one, two = schedule(lower), schedule(higher)
    if loan.method is not Method.EQUAL_INSTALMENT:
        assert two.interest >= one.interest
        return
    periods = periods_of(loan.shape, loan.conventions)[loan.principal_grace :]
    growths = [growth_of(periods, loan.conventions.day_count, each.rate_ppm) for each in (lower, higher)]
    assert Fraction(*growths[1].level) > Fraction(*growths[0].level)
    dearest = Fraction(max(growths[1].numerators), growths[1].denominator)
    count = len(periods)
    assert two.interest >= one.interest - count - count * count * dearest * (1 + dearest) ** count


@LAWS
@given(terms(), st.integers(100_000, 10**9))
def test_both_ways_to_a_schedule_agree(drawn: Terms, principal: int) -> None:
    """The restated schedule of a loan on which nothing has happened is the schedule."""
    conventions = replace(drawn.conventions, smoothing=Smoothing.NONE, multiple=1)
    loan = replace(drawn, principal=principal, method=Method.EQUAL_INSTALMENT, interest_grace=0, conventions=conventions)
    restated = Restatement(loan.shape, loan.rate_ppm, conventions, Rules(principal_grace=loan.principal_grace))
    restated.draw(loan.shape.paid_out, loan.principal)
    rows = list(schedule(loan))
    assume(
        all(row.principal for row in rows[loan.principal_grace :])
    )  # a first period so long that the level is below its interest
    assert restated.instalments() == rows


@LAWS
@given(terms())
def test_a_plan_is_the_schedule(loan: Terms) -> None:
    plan, _ = agreed_plan(loan)
    made = schedule(loan)
    assert [(each.period.end, each.principal) for each in plan] == list(zip(made.dues, made.principals, strict=True))


@LAWS
@given(terms(), st.integers(1, 10**9))
def test_the_fast_loop_is_the_plain_one(loan: Terms, principal: int) -> None:
    growth = growth_of(periods_of(loan.shape, loan.conventions), loan.conventions.day_count, loan.rate_ppm)
    conventions = replace(loan.conventions, smoothing=Smoothing.NONE, multiple=1)
    for amount in (principal, growth.safe, growth.safe - 1, growth.safe + 1):
        if 0 < amount < 10**15:
            assert level_rows(amount, growth, 0, conventions) == plain_level_rows(amount, growth, 0, conventions)


@given(st.integers(1, 10**9), st.integers(1, 400), st.sampled_from(list(Rounding)))
def test_equal_parts(amount: int, count: int, rounding: Rounding) -> None:
    parts = equal_parts(amount, count, rounding)
    assert sum(parts) == amount and len(parts) == count and min(parts) >= 0


@given(st.lists(st.integers(0, 50_000_000), min_size=1, max_size=40), st.integers(1, 10**9))
def test_the_level_repays_exactly(rates: list[int], principal: int) -> None:
    """Unrounded, the level instalment leaves nothing."""
    denominator = 10**9
    level = principal * Fraction(*level_factor(rates, denominator))
    balance = Fraction(principal)
    for each in rates:
        balance += balance * each / denominator - level
    assert balance == 0


def loan(**more: object) -> Terms:
    given_ = {"principal": 1_000_000, "rate_ppm": 109_500, "method": Method.EQUAL_INSTALMENT, "shape": Shape(START, 12)}
    return Terms(**(given_ | more))  # type: ignore[arg-type]


BROKEN: list[tuple[dict[str, object], type[Refusal], str]] = [
    ({"principal": 0}, AmountNotPositive, "principal"),
    ({"principal": -1}, AmountNotPositive, "principal"),
    ({"rate_ppm": -1}, RateNegative, "annual_rate"),
    ({"shape": Shape(START, 0)}, PeriodsNotPositive, "periods"),
    ({"shape": Shape(START, 12, 0)}, PeriodsNotPositive, "every"),
    ({"shape": Shape(START, 1201)}, TermTooLong, "periods"),
    ({"shape": Shape(START, 1200, 12)}, TermTooLong, "periods"),
    ({"shape": Shape(START, 12, 10**9, Unit.DAYS)}, TermTooLong, "every"),
    ({"shape": Shape(START, 12, first_due=START)}, FirstDueNotAfterPayout, "first_due"),
    ({"principal_grace": 12}, GraceLeavesNoInstalment, "principal_grace"),
    ({"principal_grace": -1}, GraceLeavesNoInstalment, "principal_grace"),
    ({"interest_grace": 12}, GraceLeavesNoInstalment, "interest_grace"),
]


@pytest.mark.parametrize(("broken", "refusal", "field"), BROKEN, ids=[str(each[0]) for each in BROKEN])
def test_refused(broken: dict[str, object], refusal: type[Refusal], field: str) -> None:
    with pytest.raises(refusal) as told:
        schedule(loan(**broken))
    assert told.value.field == field
    assert told.value.text("zh") != told.value.text("en")


def test_the_first_broken_sentence_is_told() -> None:
    """All are broken from one on: that one is told."""
    worst = loan(principal=0, rate_ppm=-1, shape=Shape(START, 0, first_due=START), principal_grace=-1)
    order = [AmountNotPositive, RateNegative, PeriodsNotPositive, FirstDueNotAfterPayout, GraceLeavesNoInstalment]
    mended = [
        worst,
        replace(worst, principal=1),
        replace(worst, principal=1, rate_ppm=0),
        replace(worst, principal=1, rate_ppm=0, shape=Shape(START, 1, first_due=START)),
        replace(worst, principal=1, rate_ppm=0, shape=Shape(START, 1)),
    ]
    for refusal, each in zip(order, mended, strict=True):
        with pytest.raises(refusal):
            schedule(each)


def test_two_due_dates_never_meet_on_one_business_day() -> None:
    """Daily instalments over a long holiday all move to the days after it, one after another."""
    conventions = Conventions(THIRTY_360, adjustment=Adjustment.FOLLOWING, calendar=china())
    made = schedule(loan(shape=Shape(dt.date(2026, 9, 30), 5, 1, Unit.DAYS), conventions=conventions))
    assert [str(each) for each in made.dues] == ["2026-10-08", "2026-10-09", "2026-10-10", "2026-10-12", "2026-10-13"]


def test_thirty_day_months_do_not_care_how_a_due_date_was_moved() -> None:
    """31 January, clipped or on a holiday: a month is a twelfth."""
    made = schedule(loan(shape=Shape(dt.date(2026, 1, 31), 4), conventions=Conventions(THIRTY_360)))
    assert made.interests[0] == divide(1_000_000 * 109_500, 12 * 10**6)


def test_a_cent_at_a_huge_rate() -> None:
    made = schedule(loan(principal=1, rate_ppm=1_000_000))
    assert made.principal == 1 and made.principals[-1] == 1


def test_a_conventions_default_is_what_products_use() -> None:
    assert Conventions() == Conventions(ACTUAL_365, Rounding.HALF_EVEN, 1, Smoothing.NONE, Adjustment.NONE)
