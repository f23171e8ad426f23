"""Cross-default: what follows from one account's state for the other lines; compiled, checked, and pure."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shouxin.engines.policy.check_cross import check_cross
from shouxin.engines.policy.compile import Policy
from shouxin.engines.policy.cross import Consequence, Consequences, consequences
from shouxin.engines.policy.load import load
from shouxin.engines.policy.read import read_facts
from tests.bundles import faults_of, policy_of, shipped
from tests.engines.policy.bundles import codes, found

EXPOSURE, REASONS = "exposure.yaml", "reasons.yaml"
DAY = dt.date(2026, 7, 1)
HELD = {"held_consumer_line": True, "held_pay_later": True, "held_business_loan": True}
TEXT = "\n  CROSS: {rank: 360, zh: 已止付。, en: suspended}\n"


def follows(policy: Policy, **changes: Any) -> Consequences:
    written = {**policy.bundle.profiles["huang"], **HELD, **changes}
    return consequences(policy, read_facts(policy.plan, written).values_in_order, DAY)


def crossed(rule: str) -> dict[str, Any]:
    """The starter bundle with one rule of cross-default."""
    texts = load("starter").texts
    return {EXPOSURE: texts[EXPOSURE].rstrip("\n") + f"\ncross:\n  - {rule}\n", REASONS: texts[REASONS].rstrip("\n") + TEXT}


def test_closing_goes_before_suspending_and_every_reason_is_told() -> None:
    found = follows(shipped("standard"), days_overdue_now=91, days_overdue_business_loan=91)
    assert found.lines == (
        Consequence("business-loan", "suspend", ("CROSS_OVERDUE",)),
        Consequence("consumer-line", "close", ("CROSS_DEFAULT_BUSINESS",)),
        Consequence("pay-later", "close", ("CROSS_DEFAULT_BUSINESS",)),
    )
    assert found.undecided == ()


def test_what_is_not_known_does_nothing_and_is_told() -> None:
    assert follows(shipped("standard"), days_overdue_now=None) == Consequences((), ("CROSS_OVERDUE",))


def test_only_lines_that_are_held() -> None:
    found = follows(shipped("standard"), days_overdue_now=60, held_pay_later=False)
    assert [each.product for each in found.lines] == ["business-loan", "consumer-line"]


@settings(deadline=None)
@given(st.integers(0, 200), st.integers(0, 200), st.integers(0, 200))
def test_the_shipped_rules(business: int, consumer: int, later: int) -> None:
    days = {"days_overdue_business_loan": business, "days_overdue_consumer_line": consumer, "days_overdue_pay_later": later}
    worst = max(business, consumer, later)
    acts = {each.product: each.act for each in follows(shipped("standard"), days_overdue_now=worst, **days).lines}
    at_least = {"suspend"} if worst > 30 else set()
    expected = {code: set(at_least) for code in ("business-loan", "consumer-line", "pay-later")}
    if business > 90:
        expected["consumer-line"].add("close")
        expected["pay-later"].add("close")
    if max(consumer, later) > 90:
        expected["business-loan"].add("close")
    assert acts == {code: min(each) for code, each in expected.items() if each}  # "close" is before "suspend"


def test_it_makes_no_column() -> None:
    policy = shipped("standard")
    assert len(policy.plan.cross) == 3
    assert not any("CROSS" in rule.code for rule in policy.plan.rules)


def test_an_unknown_product_is_refused(tmp_path: Path) -> None:
    (fault,) = faults_of(tmp_path, crossed("{when: age > 90, suspends: [credit-card], reason: CROSS}"))
    assert (fault.code, fault.file) == ("E-PRODUCT", EXPOSURE)


def test_a_rule_that_does_nothing_is_refused(tmp_path: Path) -> None:
    (fault,) = faults_of(tmp_path, crossed("{when: age > 90, reason: CROSS}"))
    assert fault.code == "E-SHAPE"


def test_a_condition_is_typed_and_its_reason_known(tmp_path: Path) -> None:
    assert [each.code for each in faults_of(tmp_path, crossed("{when: age + 1, suspends: all, reason: CROSS}"))] == ["E-TYPE"]
    assert [each.code for each in faults_of(tmp_path, crossed("{when: age > 90, suspends: all, reason: OTHER}"))] == ["E-REASON"]


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ("{when: age > 400, suspends: all, reason: CROSS}", ["C-DEAD-RULE"]),
        ("{when: held('cash-line') OR NOT held('cash-line'), suspends: all, reason: CROSS}", ["C-ALWAYS-RULE"]),
        ("{when: age > 90, suspends: all, closes: [cash-line], reason: CROSS}", ["C-CROSS"]),
        ("{when: age > 90, suspends: all, reason: CROSS}", []),
    ],
)
def test_what_the_check_finds(tmp_path: Path, rule: str, told: list[str]) -> None:
    assert codes(found(check_cross, policy_of(tmp_path, crossed(rule)))) == told
