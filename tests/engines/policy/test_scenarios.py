"""Scenarios: a product made from another, its window, what it inherits, and what is refused."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shouxin.desk.decisions import Assessor
from shouxin.engines.policy.check_uses import Subject
from shouxin.engines.policy.compile import Policy, compile_policy
from shouxin.engines.policy.expression import compile_expression
from shouxin.engines.policy.load import from_texts, load
from shouxin.engines.policy.plain import evaluate
from shouxin.engines.policy.product_shapes import WindowShape
from shouxin.engines.policy.proof import Prover
from shouxin.engines.policy.read import read_facts
from shouxin.engines.policy.scope import Scope
from shouxin.engines.policy.stage_facts import AS_OF
from shouxin.engines.policy.windows import closed_formula, is_open, words
from tests.bundles import copy_bundle, faults_of, policy_of, shipped

PRODUCT, REASONS = "products/cash-line.yaml", "reasons.yaml"
CLOSED = "\n  SUMMER_CLOSED: {rank: 350, zh: '开放时间为{window}。', en: 'offered {window}'}\n"
SUMMER = """
scenarios:
  summer:
    zh: 暑期额度
    en: Summer line
    within: total_line
    window: {yearly: {from: 06-15, until: 08-31}, reason: SUMMER_CLOSED}
"""
DATES = ("bureau_date", "income_date", "screening_date", "receipts_date")
DAYS = st.dates(dt.date(1990, 1, 1), dt.date(2150, 12, 31))


def appended(name: str, text: str) -> str:
    return load("starter").texts[name].rstrip("\n") + "\n" + text.strip("\n") + "\n"


def with_summer(extra: str = "") -> dict[str, Any]:
    """The changes that give the starter's only product a scenario."""
    return {PRODUCT: appended(PRODUCT, SUMMER + extra), REASONS: appended(REASONS, CLOSED)}


def decided(policy: Policy, profile: str, day: dt.date, **changes: Any) -> Any:
    fresh = {name: (day - dt.timedelta(days=5)).isoformat() for name in DATES}
    written = {**policy.bundle.profiles[profile], **fresh, **changes}
    return Assessor(policy).assess(read_facts(policy.plan, written), day)


# -- windows ----------------------------------------------------------------------------------------------------------


@st.composite
def windows(draw: st.DrawFn) -> WindowShape:
    since, until = draw(st.none() | DAYS), draw(st.none() | DAYS)
    if since and until and since > until:
        since, until = until, since
    days = st.dates(dt.date(2000, 1, 1), dt.date(2000, 12, 31)).map(lambda day: f"{day:%m-%d}")
    yearly = draw(st.none() | st.fixed_dictionaries({"from": days, "until": days}))
    if not (since or until or yearly):
        yearly = {"from": "10-01", "until": "11-11"}
    return WindowShape.model_validate({"from": since, "until": until, "yearly": yearly, "reason": "CLOSED"})


@settings(deadline=None)
@given(windows(), DAYS)
def test_the_condition_says_what_the_test_of_a_day_says(window: WindowShape, day: dt.date) -> None:
    node = compile_expression(closed_formula(window), Scope({"as_of": AS_OF}))
    assert evaluate(node, {"as_of": day}) is not is_open(window, day)


@pytest.mark.parametrize(
    ("yearly", "inside", "outside"),
    [
        (("10-01", "11-11"), ["2026-10-01", "2026-11-11", "2031-10-31"], ["2026-09-30", "2026-11-12", "2027-01-01"]),
        (("12-15", "01-15"), ["2026-12-15", "2026-12-31", "2027-01-01", "2027-01-15"], ["2026-12-14", "2027-01-16"]),
        (("02-29", "02-29"), ["2028-02-29"], ["2027-02-28", "2027-03-01"]),
    ],
)
def test_days_of_every_year(yearly: tuple[str, str], inside: list[str], outside: list[str]) -> None:
    window = WindowShape.model_validate({"yearly": {"from": yearly[0], "until": yearly[1]}, "reason": "CLOSED"})
    assert [is_open(window, dt.date.fromisoformat(day)) for day in inside] == [True] * len(inside)
    assert [is_open(window, dt.date.fromisoformat(day)) for day in outside] == [False] * len(outside)


def test_a_window_in_words() -> None:
    both = WindowShape.model_validate(
        {
            "from": dt.date(2026, 1, 1),
            "until": dt.date(2027, 6, 30),
            "yearly": {"from": "12-15", "until": "01-15"},
            "reason": "X1",
        }
    )
    assert words(both, "zh") == "2026年1月1日至2027年6月30日，每年12月15日至次年1月15日"
    assert words(both, "en") == "from 1 January 2026 to 30 June 2027, from 15 December to 15 January every year"
    assert is_open(None, dt.date(2026, 7, 1))


# -- a product made from another ----------------------------------------------------------------------------------------


def test_a_scenario_is_a_product_of_the_plan(tmp_path: Path) -> None:
    policy = policy_of(tmp_path, with_summer("    price: {reduction: 10}\n"))
    base, summer = policy.bundle.products["cash-line"], policy.bundle.products["cash-line-summer"]
    assert [each.code for each in policy.plan.products] == ["cash-line", "cash-line-summer"]
    assert policy.bundle.variants["cash-line-summer"].base == "cash-line"
    assert (summer.minimum, summer.terms, summer.uses) == (base.minimum, base.terms, base.uses)
    listed, reduced = (policy.bundle.tables[code].rows for code in (base.price.table, summer.price.table))
    assert [row[:-1] for row in listed] == [row[:-1] for row in reduced]
    for high, low in zip(listed, reduced, strict=True):
        assert float(low[-1]) == pytest.approx(float(high[-1]) * 0.9, abs=1e-4)


def test_the_text_names_the_window(tmp_path: Path) -> None:
    told = policy_of(tmp_path, with_summer()).bundle.reasons.reasons["SUMMER_CLOSED"]
    assert told.zh == "开放时间为每年6月15日至8月31日。"
    assert told.en == "offered from 15 June to 31 August every year"


def test_a_bundle_is_the_same_from_its_texts() -> None:
    bundle = load("standard")
    again = from_texts(bundle.texts)
    assert (again.hash, again.products, again.exposure, again.rules) == (
        bundle.hash,
        bundle.products,
        bundle.exposure,
        bundle.rules,
    )


def test_rules_that_name_the_product_name_its_scenarios() -> None:
    bundle = shipped("standard").bundle
    named = {rule.code: rule.products for rule in bundle.rules.rules if rule.products}
    assert named["LENDERS_6"] == ["consumer-line", "pay-later", "consumer-line-emergency"]
    assert named["BUSINESS_DEBTS_HIGH"] == ["business-loan", "business-loan-stocking"]


@pytest.mark.parametrize("name", ["standard", "exclusive"])
def test_whatever_declines_the_product_declines_its_scenario(name: str) -> None:
    policy = shipped(name)
    codes = list(policy.bundle.products)
    for code, variant in policy.bundle.variants.items():
        base, own = codes.index(variant.base), codes.index(code)
        alone = [rule.code for rule in policy.plan.rules if base in rule.products and own not in rule.products]
        assert set(alone) <= {"REOPENING_WAIT", "HELD_TOGETHER"}  # those have rules of their own, tested in cases


def test_faults_and_rules_stand_where_they_were_written() -> None:
    policy = shipped("standard")
    subject = Subject(policy, Prover(policy, 1.0))
    lines = policy.bundle.texts["products/business-loan.yaml"].splitlines()
    rule = next(each for each in policy.plan.rules if each.code == "STOCKING_NOT_MET")
    place = subject.place_of(rule)
    assert place.file == "products/business-loan.yaml"
    assert "trigger" in lines[place.line - 1]


def test_papers_begin_at_the_lowest_amount() -> None:
    uses = shipped("standard").bundle.products["business-loan-stocking"].uses
    assert uses.proof_above == 1_000_000
    assert [each.above for each in uses.proof] == [1_000_000, 10_000_000]
    assert uses.allowed == ["stock", "suppliers"]
    assert "shares" in uses.forbidden


# -- under the total line -----------------------------------------------------------------------------------------------


def test_a_limit_of_its_own_takes_what_the_products_leave() -> None:
    found = decided(shipped("standard"), "huang", dt.date(2026, 10, 15), turnover_3m=660_000, linked_exposure=350_000)
    assert found.product("business-loan").limit == 60_000_000
    assert found.product("business-loan-stocking").limit == 5_000_000
    assert found.product("business-loan-stocking").binding == "total_line"
    assert found.total_line == 65_000_000


def test_products_that_exclude_each_other_exclude_their_scenarios() -> None:
    """The larger of the consumer line, and of the business loan with its scenario."""
    found = decided(shipped("exclusive"), "huang", dt.date(2026, 10, 15), turnover_3m=660_000)
    assert found.total_line == found.product("business-loan").limit + found.product("business-loan-stocking").limit
    held = {"held_business_loan_stocking": True, "line_business_loan_stocking": 100_000, "turnover_3m": 660_000}
    empty = decided(shipped("exclusive"), "huang", dt.date(2026, 10, 15), **held)
    assert empty.product("consumer-line").displaces == ("business-loan-stocking",)
    assert empty.product("business-loan").displaces == ()
    used = decided(shipped("exclusive"), "huang", dt.date(2026, 10, 15), **held, used_business_loan_stocking=1)
    assert [each.code for each in used.product("consumer-line").reasons] == ["HELD_TOGETHER"]
    assert used.product("business-loan").outcome == "approve"


@settings(deadline=None)
@given(st.integers(100, 60_000), st.booleans())
def test_within_the_line_is_never_above_it(line: int, clean: bool) -> None:
    held = {"held_consumer_line": True, "line_consumer_line": line, "worst_overdue_here_12m": 0 if clean else 1}
    found = decided(shipped("standard"), "lin", dt.date(2026, 7, 1), **held).product("consumer-line-emergency")
    assert found.limit <= line * 100
    assert (found.outcome == "approve") is clean


def test_with_every_window_shut_a_bundle_decides_as_without_scenarios(tmp_path: Path) -> None:
    summer, plain = policy_of(tmp_path, with_summer()), compile_policy(copy_bundle(tmp_path))
    for profile in plain.bundle.profiles:
        one, other = (decided_starter(each, profile, dt.date(2026, 9, 1)) for each in (summer, plain))
        assert one.product("cash-line") == other.product("cash-line")
        assert (one.total_line, one.score) == (other.total_line, other.score)
        assert one.product("cash-line-summer").outcome == "decline"


def decided_starter(policy: Policy, profile: str, day: dt.date) -> Any:
    return Assessor(policy).assess(read_facts(policy.plan, dict(policy.bundle.profiles[profile])), day)


# -- refused ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("extra", "right"),
    [
        ("    uses: [gambling]\n", "uses that cash-line allows"),
        ("  summer-very-long-name-of-a-scenario: {zh: 一, en: one, within: total_line}\n", "at most 40 characters"),
    ],
)
def test_a_scenario_that_does_not_fit_is_refused(tmp_path: Path, extra: str, right: str) -> None:
    (found,) = faults_of(tmp_path, with_summer(extra))
    assert (found.code, found.file) == ("E-SCENARIO", PRODUCT)
    assert right in found.right


def test_within_a_line_without_a_pool_is_refused(tmp_path: Path) -> None:
    changes = with_summer()
    changes[PRODUCT] = changes[PRODUCT].replace("within: total_line", "within: line")
    (found,) = faults_of(tmp_path, changes)
    assert found.code == "E-SCENARIO"
    assert "lead a pool" in found.right


def test_a_formula_about_the_product_is_not_inherited(tmp_path: Path) -> None:
    path = "products/business-loan.yaml"
    text = load("standard").texts[path]
    own = "      asked_for: {formula: \"COALESCE(requested('business-loan-stocking'), amount(200000))\", reason: AS_ASKED}\n"
    assert own in text
    (found,) = faults_of(tmp_path, {path: text.replace(own, "")}, "standard")
    assert (found.code, found.text) == ("E-SCENARIO", "limits.asked_for")


def test_a_code_that_is_taken_is_refused(tmp_path: Path) -> None:
    changes = {**with_summer(), "products/cash-line-summer.yaml": load("starter").texts[PRODUCT]}
    assert "E-SCENARIO" in {each.code for each in faults_of(tmp_path, changes)}


def test_two_windows_cannot_share_a_text_that_names_one(tmp_path: Path) -> None:
    winter = """  winter:
    zh: 冬季额度
    en: Winter line
    within: total_line
    window: {yearly: {from: 12-01, until: 01-31}, reason: SUMMER_CLOSED}
"""
    (found,) = faults_of(tmp_path, with_summer(winter))
    assert (found.code, found.text) == ("E-SCENARIO", "SUMMER_CLOSED")


@pytest.mark.parametrize(
    "window",
    [
        {"reason": "CLOSED"},
        {"reason": "CLOSED", "yearly": {"from": "13-01", "until": "11-11"}},
        {"reason": "CLOSED", "yearly": {"from": "02-30", "until": "11-11"}},
        {"reason": "CLOSED", "yearly": {"from": "1-1", "until": "11-11"}},
        {"reason": "CLOSED", "from": dt.date(2026, 2, 1), "until": dt.date(2026, 1, 1)},
    ],
)
def test_a_window_that_is_none_is_refused(window: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"window|MM-DD|from is not after until"):
        WindowShape.model_validate(window)
