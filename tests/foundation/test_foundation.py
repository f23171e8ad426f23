"""Money, rates, days, rounding, day counts, the business calendar, refusals."""

from __future__ import annotations

import datetime as dt
import pickle
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouxin.foundation import errors
from shouxin.foundation.businessdays import EVERY_DAY, Adjustment, china, read_calendar
from shouxin.foundation.daycount import ACTUAL_ACTUAL, DAY_COUNTS, THIRTY_360, Period, Unit, legs, months_between, year_fraction
from shouxin.foundation.days import add_months, read_day
from shouxin.foundation.money import CNY, currency, read_amount, read_positive, show_amount, write_amount
from shouxin.foundation.rates import read_percent, write_percent
from shouxin.foundation.refusal import Refusal
from shouxin.foundation.rounding import Rounding, divide

DAYS = st.dates(dt.date(2000, 1, 1), dt.date(2050, 1, 1))
JPY = currency("JPY")
NO_AMOUNTS: list[Any] = ["", "abc", "1,000", "1e3", "+5", " 5", "5 ", "٣", "0x10", "1.", ".5", "--1", "NaN", 1.5, True, None, []]
NO_RATES: list[Any] = ["", "7%", "7,5", "1e2", "9.48221", "NaN", 7.5, True, None, {}]


@given(st.integers(-(10**15), 10**15))
def test_amounts_are_written_and_read_back(minor: int) -> None:
    text = write_amount(minor)
    assert Decimal(text) * 100 == minor
    assert show_amount(minor).replace(",", "") == text
    if minor >= 0:
        assert read_amount(text) == minor


@pytest.mark.parametrize(
    ("written", "refusal"),
    [
        *((each, errors.AmountUnreadable) for each in NO_AMOUNTS),
        (Decimal("NaN"), errors.AmountUnreadable),
        (Decimal("1E+2"), errors.AmountUnreadable),
        ("0.001", errors.AmountFinerThanMinorUnit),
        (Decimal("10.005"), errors.AmountFinerThanMinorUnit),
        ("10000000000000.01", errors.AmountTooLarge),
        ("0", errors.AmountNotPositive),
        ("0.00", errors.AmountNotPositive),
        ("-5", errors.AmountNotPositive),
        (-5, errors.AmountNotPositive),
        ("-0.01", errors.AmountNotPositive),
    ],
)
def test_amounts_refused(written: Any, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal) as told:
        read_positive(written, "terms.principal")
    assert told.value.field == "terms.principal"


def test_a_currency_without_minor_units() -> None:
    assert read_amount("500", unit=JPY) == 500 and write_amount(500, JPY) == "500"
    with pytest.raises(errors.AmountFinerThanMinorUnit):
        read_amount("500.5", unit=JPY)
    with pytest.raises(errors.CurrencyUnknown):
        currency("XXX")


@given(st.integers(0, 10_000_000))
def test_rates_are_written_and_read_back(ppm: int) -> None:
    assert read_percent(write_percent(ppm)) == ppm
    assert len(write_percent(ppm).split(".")[1]) >= 2


@pytest.mark.parametrize(
    ("written", "refusal"),
    [
        ("-0.01", errors.RateNegative),
        (-7, errors.RateNegative),
        ("1000.0001", errors.RateAbsurd),
        ("999999999", errors.RateAbsurd),
        *((each, errors.RateUnreadable) for each in NO_RATES),
    ],
)
def test_rates_refused(written: Any, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        read_percent(written)


NO_DAYS: list[Any] = ["2024-02-30", "2023-02-29", "24-01-01", "2024/01/01", "2024-1-1", "20240101", "", 20240101, None]


@pytest.mark.parametrize("written", NO_DAYS)
def test_days_refused(written: Any) -> None:
    with pytest.raises(errors.DayUnreadable):
        read_day(written)


@given(DAYS, st.integers(-600, 600), st.integers(28, 31))
def test_months_do_not_drift(day: dt.date, months: int, anchor: int) -> None:
    moved = add_months(day, months, anchor)
    assert (moved.year - day.year) * 12 + moved.month - day.month == months
    assert moved.day == anchor or (moved + dt.timedelta(days=1)).day == 1


@given(st.integers(-(10**30), 10**30), st.integers(1, 10**20))
def test_rounding_is_within_a_half(numerator: int, denominator: int) -> None:
    exact = Fraction(numerator, denominator)
    for how in Rounding:
        assert abs(divide(numerator, denominator, how) - exact) <= Fraction(1, 2)
    assert divide(numerator, denominator) == round(exact)  # Python rounds half to even
    assert divide(-numerator, denominator, Rounding.HALF_UP) == -divide(numerator, denominator, Rounding.HALF_UP)


@given(st.sampled_from(list(DAY_COUNTS.values())), DAYS, st.integers(1, 3), st.lists(st.integers(0, 92), max_size=6))
def test_a_period_is_the_sum_of_its_parts(count: Any, start: dt.date, every: int, cuts: list[int]) -> None:
    period = Period(start, add_months(start, every), Unit.MONTHS, every)
    days = sorted({period.start, period.end, *(min(period.end, start + dt.timedelta(days=each)) for each in cuts)})
    parts = [leg for a, b in pairwise(days) for leg in legs(count, period, a, b)]
    assert sum((each.share for each in parts), Fraction(0)) == year_fraction(count, period)


@given(DAYS, st.integers(1, 24))
def test_thirty_360_months_are_twelfths(start: dt.date, months: int) -> None:
    assert year_fraction(THIRTY_360, Period(start, add_months(start, months), Unit.MONTHS, months)) == Fraction(months, 12)


@given(DAYS, st.integers(0, 2_000))
def test_actual_actual_counts_each_night_once(start: dt.date, days: int) -> None:
    end = start + dt.timedelta(days=days)
    found = legs(ACTUAL_ACTUAL, Period(start, end), start, end)
    assert sum(each.nights for each in found) == days
    assert {each.basis for each in found} <= {365, 366}


def test_the_split_is_at_31_december() -> None:
    period = Period(dt.date(2023, 12, 30), dt.date(2024, 1, 2))
    assert legs(ACTUAL_ACTUAL, period, period.start, period.end) == ((1, 1, 365), (2, 1, 366))


@given(DAYS, st.integers(0, 3_000))
def test_months_between_come_back(start: dt.date, days: int) -> None:
    end = start + dt.timedelta(days=days)
    months, part = months_between(start, end)
    assert add_months(start, months) <= end < add_months(start, months + 1) and 0 <= part < 1


@given(st.dates(dt.date(2006, 1, 1), dt.date(2026, 12, 31)))
def test_china_works_when_china_works(day: dt.date) -> None:
    assert china().is_business_day(day) == chinese_calendar.is_workday(day)


@given(st.dates(dt.date(2006, 1, 1), dt.date(2040, 12, 31)), st.sampled_from(list(Adjustment)))
def test_moved_days_are_business_days(day: dt.date, how: Adjustment) -> None:
    moved = china().adjust(day, how)
    assert how is Adjustment.NONE or china().is_business_day(moved)
    assert how is not Adjustment.MODIFIED_FOLLOWING or moved.month == day.month
    assert how is not Adjustment.FOLLOWING or moved >= day
    assert how is not Adjustment.PRECEDING or moved <= day


def test_a_year_that_is_not_published_says_so() -> None:
    assert china().is_published(dt.date(2026, 10, 1)) and not china().is_published(dt.date(2199, 10, 1))
    own = china().with_rows("day,kind,name\n2199-10-01,holiday,国庆节\n")
    assert own.is_published(dt.date(2199, 1, 1)) and not own.is_business_day(dt.date(2199, 10, 1))
    assert own.is_business_day(dt.date(2026, 10, 10)) and china().is_business_day(dt.date(2199, 10, 1))


def test_business_days_are_counted() -> None:
    assert china().add_business_days(dt.date(2026, 9, 30), 3) == dt.date(2026, 10, 10)  # 8, 9, and a make-up Saturday
    assert EVERY_DAY.add_business_days(dt.date(2026, 9, 30), 3) == dt.date(2026, 10, 3)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "day,kind\n2027-01-01,holiday\n",
        "day,kind,name\n2027-01-32,holiday,x\n",
        "day,kind,name\n2027-01-01,feast,x\n",
        "day,kind,name\n2027-01-01,holiday,x\n2027-01-01,workday,x\n",
        "day,kind,name\n2027-01-01\n",
    ],
)
def test_calendars_refused(text: str) -> None:
    with pytest.raises(errors.CalendarUnreadable) as told:
        read_calendar("ours", text)
    assert told.value.field.startswith("line ")


def test_refusals_speak_two_languages_and_travel() -> None:
    refusal = errors.AmountTooLarge("amount", "9\x1b[31m" + "9" * 100, most="1.00")
    assert refusal.text("zh").startswith("amount：9\\x1b[31m999") and refusal.text("zh").endswith("最多 1.00")
    assert "\x1b" not in str(refusal) and len(refusal.value) == 80
    again = pickle.loads(pickle.dumps(refusal))
    assert type(again) is errors.AmountTooLarge and str(again) == str(refusal)
    assert refusal.to_dict()["code"] == "AmountTooLarge" and CNY.decimals == 2
