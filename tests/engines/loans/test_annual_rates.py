"""Annual rates beside pyxirr, laws, day rules, and flows that have no rate."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
import pyxirr
from hypothesis import given, settings
from hypothesis import strategies as st

from shouxin.engines.loans.annual_rates import (
    AnnualRate,
    Flow,
    Rule,
    Tolerance,
    compound_rate,
    is_accurate,
    monthly_irr_rate,
    us_actuarial_rate,
)
from shouxin.engines.loans.errors import ConventionUnknown, FileMalformed, FlowsOneSided, RateNotFound
from shouxin.engines.loans.flows import read_rate
from shouxin.engines.loans.instalments import all_in_ppm, highest_rate_within
from shouxin.engines.loans.model import Method
from shouxin.engines.loans.timing import eu_years, uk_years, us_unit_periods
from shouxin.foundation.errors import AmountNotPositive, AmountUnreadable
from shouxin.foundation.refusal import Refusal

NOW = Fraction(0)
WHOLE = [Fraction(each) for each in range(61)]


def flows(amounts: list[int], first: int = 1) -> list[Flow]:
    return [Flow(amount, WHOLE[index]) for index, amount in enumerate(amounts, first)]


@st.composite
def loans(draw: st.DrawFn) -> tuple[int, list[int]]:
    """What is received, and what is paid back in up to 60 parts: 1.000001 to 5 times as much."""
    advance = draw(st.integers(10_000, 10**9))
    weights = draw(st.lists(st.integers(1, 1_000), min_size=1, max_size=60))
    total = advance * draw(st.integers(1_000_001, 5_000_000)) // 1_000_000 + 1
    return advance, [total * each // sum(weights) + 1 for each in weights]


@settings(max_examples=200, deadline=None)
@given(loans())
def test_as_pyxirr_says(loan: tuple[int, list[int]]) -> None:
    advance, payments = loan
    ours = monthly_irr_rate([Flow(advance, NOW)], flows(payments)).value / 12
    theirs = pyxirr.irr([-advance, *payments])
    assert theirs is not None and abs(float(ours) - theirs) < 1e-9 * (1 + theirs)


@settings(max_examples=100, deadline=None)
@given(loans(), st.integers(20, 400))
def test_by_days_as_pyxirr_says(loan: tuple[int, list[int]], apart: int) -> None:
    (advance, payments), start = loan, dt.date(2024, 1, 1)
    days = [apart * number for number in range(1, len(payments) + 1)]
    paid = [Flow(amount, Fraction(each, 365)) for amount, each in zip(payments, days, strict=True)]
    highest = sum(payments) / advance
    if highest ** (365 / apart) > 900:
        return  # above what is solved
    ours = compound_rate([Flow(advance, NOW)], paid).value
    theirs = pyxirr.xirr([start, *(start + dt.timedelta(days=each) for each in days)], [-advance, *payments])
    assert theirs is not None and abs(float(ours) - theirs) < 1e-8 * (1 + theirs)


@settings(max_examples=100, deadline=None)
@given(loans(), st.integers(0, 10_000))
def test_a_dearer_loan_has_a_higher_rate(loan: tuple[int, list[int]], share: int) -> None:
    (advance, payments), fee = loan, loan[0] * share // 100_000 + 1
    plain = monthly_irr_rate([Flow(advance, NOW)], flows(payments))
    dearer = monthly_irr_rate([Flow(advance, NOW)], [Flow(fee, NOW), *flows(payments)])
    assert dearer.value > plain.value


def test_what_is_decided_does_not_depend_on_the_proposal() -> None:
    """15 decimals of a rate that is known exactly: 1.01^12 - 1."""
    exact = Decimal("1.01") ** 12 - 1
    found = compound_rate([Flow(10**9, NOW)], [Flow(10**9 * 101**12 // 100**12 + 1, Fraction(1))])
    assert abs(found.value - exact) < Decimal("2e-9")


def test_nothing_paid_for_it() -> None:
    assert monthly_irr_rate([Flow(1_200, NOW)], flows([100] * 12)).value == 0


def test_a_charge_before_the_draw() -> None:
    """100 paid half a year before 10,000 are received, 10,500 paid back a year later."""
    rate = compound_rate([Flow(1_000_000, Fraction(1, 2))], [Flow(10_000, NOW), Flow(1_050_000, Fraction(3, 2))]).value
    worth = (
        Decimal(10_000) + Decimal(1_050_000) / (1 + rate) ** Decimal("1.5") - Decimal(1_000_000) / (1 + rate) ** Decimal("0.5")
    )
    assert abs(worth) < Decimal("1e-6") and Decimal("0.05") < rate < Decimal("0.07")


def test_of_two_roots_the_lowest_is_told() -> None:
    """230 = 100 (1 + x) + 132 / (1 + x): x is 10% or 20%."""
    rate = compound_rate([Flow(230, Fraction(1))], [Flow(100, NOW), Flow(132, Fraction(2))])
    assert rate.value == Decimal("0.1")


def test_a_rate_of_nearly_a_hundred_thousand_percent() -> None:
    assert compound_rate([Flow(100, NOW)], [Flow(100_099, Fraction(1))]).percent(0) == 99_999


def test_a_second_advance() -> None:
    """1,000 now and 1,000 after a year, 2,310 after two: 10% is (1.1^2 + 1.1) = 2.31."""
    assert compound_rate([Flow(100_000, NOW), Flow(100_000, Fraction(1))], [Flow(231_000, Fraction(2))]).value == Decimal("0.1")


@pytest.mark.parametrize(
    ("advances", "payments", "refusal"),
    [
        ([Flow(100, NOW)], [], FlowsOneSided),
        ([], [Flow(100, NOW)], FlowsOneSided),
        ([Flow(100, NOW)], flows([99]), RateNotFound),
        ([Flow(100, NOW)], flows([100_101]), RateNotFound),
        ([Flow(100, NOW)], [Flow(100, NOW), Flow(5, Fraction(1))], RateNotFound),
        ([Flow(200, Fraction(1))], [Flow(101, NOW), Flow(101, Fraction(2))], RateNotFound),
    ],
)
def test_no_rate(advances: list[Flow], payments: list[Flow], refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        compound_rate(advances, payments)


def test_tolerances_of_regulation_z() -> None:
    true = AnnualRate(Rule.US, Decimal("0.1000"))
    assert is_accurate(Decimal("0.10125"), true, Tolerance.REGULAR) and not is_accurate(
        Decimal("0.10126"), true, Tolerance.REGULAR
    )
    assert is_accurate(Decimal("0.0975"), true, Tolerance.IRREGULAR) and not is_accurate(
        Decimal("0.0974"), true, Tolerance.IRREGULAR
    )


@pytest.mark.parametrize(
    ("unit", "every", "start", "day", "whole", "part"),
    [
        ("month", 1, "1978-01-10", "1978-02-10", 1, (0, 1)),  # Appendix J (c)(1)(i)
        ("month", 1, "1978-02-10", "1978-04-01", 1, (19, 30)),  # (c)(1)(ii)
        ("month", 1, "2024-01-31", "2024-02-29", 1, (0, 1)),
        ("month", 2, "1978-01-10", "1978-02-25", 0, (45, 60)),
        ("semimonth", 1, "1978-01-10", "1978-02-25", 3, (0, 15)),
        ("semimonth", 1, "1978-02-10", "1978-03-01", 1, (4, 15)),
        ("week", 1, "2023-11-23", "2023-12-03", 1, (3, 7)),
        ("day", 10, "2024-01-01", "2024-01-25", 2, (4, 10)),
    ],
)
def test_unit_periods(unit: str, every: int, start: str, day: str, whole: int, part: tuple[int, int]) -> None:
    found = us_unit_periods(dt.date.fromisoformat(start), dt.date.fromisoformat(day), unit, every)
    assert found == (Fraction(whole), Fraction(*part))


@given(st.dates(dt.date(1990, 1, 1), dt.date(2050, 1, 1)), st.integers(0, 4_000))
def test_years_grow_with_the_days(start: dt.date, days: int) -> None:
    day = start + dt.timedelta(days=days)
    assert abs(float(eu_years(start, day)) - days / 365.25) < 0.012 and eu_years(day, start) == -eu_years(start, day)
    assert uk_years(start, day) == Fraction(4 * days, 1461)


@pytest.mark.parametrize("method", [each for each in Method if each is not Method.FLAT])
def test_without_a_fee_the_all_in_cost_is_the_rate(method: Method) -> None:
    assert all_in_ppm(146_000, 12, method) == 146_000
    assert highest_rate_within(240_000, 12, method) == 240_000


def test_a_flat_rate_costs_nearly_twice_what_it_says() -> None:
    assert all_in_ppm(120_000, 12, Method.FLAT) == 214_572
    assert all_in_ppm(highest_rate_within(240_000, 12, Method.FLAT), 12, Method.FLAT) <= 240_000


EU = {"regime": "EU APR", "drawdowns": [{"amount": 1000, "t_years": 0}], "payments": [{"amount": 1200, "t_years": 1}]}
US = {
    "regime": "US Reg Z",
    "unit_periods_per_year": 12,
    "advances": [{"amount": 1000, "t": 0}],
    "payments": [{"amount": 1010, "t": 1}],
}


def test_flows_with_dates() -> None:
    eu: dict[str, Any] = {
        **EU,
        "drawdowns": [{"amount": 1000, "date": "1994-01-01"}],
        "payments": [{"amount": 1200, "date": "1995-01-01"}],
    }
    assert read_rate(eu).to_dict()["apr_pct"] == 20
    us = {"regime": "US", "advances": [{"amount": 5000, "date": "1978-01-10"}], "payments": []}
    us["payments"] = [{"amount": 230, "date": f"{1978 + month // 12}-{month % 12 + 1:02}-10"} for month in range(1, 25)]
    assert round(read_rate(us).to_dict()["apr_pct"], 2) == 9.69


@pytest.mark.parametrize(
    ("written", "refusal", "field"),
    [
        ([], FileMalformed, "file"),
        ({}, FileMalformed, "file.regime"),
        ({**EU, "regime": "Mars"}, ConventionUnknown, "file.regime"),
        ({**EU, "regime": " "}, ConventionUnknown, "file.regime"),
        ({**EU, "drawdowns": None}, FileMalformed, "file.advances"),
        ({**EU, "payments": []}, FileMalformed, "file.payments"),
        ({**EU, "payments": [1]}, FileMalformed, "payments[0]"),
        ({**EU, "payments": [{"t_years": 1}]}, FileMalformed, "payments[0].amount"),
        ({**EU, "payments": [{"amount": -1, "t_years": 1}]}, AmountNotPositive, "payments[0].amount"),
        ({**EU, "payments": [{"amount": 0, "t_years": 1}]}, AmountNotPositive, "payments[0].amount"),
        ({**EU, "payments": [{"amount": "x", "t_years": 1}]}, AmountUnreadable, "payments[0].amount"),
        ({**EU, "payments": [{"amount": 1200}]}, FileMalformed, "payments[0].t_years"),
        ({**EU, "payments": [{"amount": 1200, "t_years": "1"}]}, FileMalformed, "payments[0].t_years"),
        ({**EU, "payments": [{"amount": 1200, "t_years": 10**9}]}, FileMalformed, "payments[0].t_years"),
        ({**US, "unit_periods_per_year": 0}, FileMalformed, "file.unit_periods_per_year"),
        ({**US, "unit_periods_per_year": None}, FileMalformed, "file.unit_periods_per_year"),
        ({**US, "payments": [{"amount": 1, "t": 1, "f": 1}]}, FileMalformed, "payments[0].f"),
    ],
)
def test_flows_refused(written: Any, refusal: type[Refusal], field: str) -> None:
    with pytest.raises(refusal) as told:
        read_rate(written)
    assert told.value.field == field


def test_us_flows() -> None:
    assert read_rate(US).to_dict()["apr_pct"] == 12
    assert us_actuarial_rate([Flow(1000, NOW)], [Flow(1010, Fraction(1))], Fraction(12)).percent(6) == 12
