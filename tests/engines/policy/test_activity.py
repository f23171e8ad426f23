"""What a person is by what they do: compiled and checked with the bundle, and pure."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouxin.engines.policy.activity import by_activity
from shouxin.engines.policy.compile import Policy
from shouxin.engines.policy.load import load
from shouxin.engines.policy.plan import Assign
from tests.bundles import faults_of, policy_of, shipped

FACTS = "facts.yaml"
DAY = dt.date(2026, 7, 1)
KIND = "  kind: {type: enum, values: [buyer, seller], required: true, source: profile, zh: 类型, en: kind, %s}\n"


def told(policy: Policy, turnover: int | None, days: int | None, age: int | None = 0) -> Any:
    """What the shipped activity says, receipts being so many days old."""
    (activity,) = policy.plan.activities
    receipts = None if age is None else DAY - dt.timedelta(days=age)
    values = {"receipts_date": receipts, "raw_turnover_3m": turnover, "raw_active_days_3m": days}
    assert set(values) == set(activity.inputs)
    found = by_activity(policy, activity, values, DAY)
    return found and (found.value, set(found.because))


def with_kind(activity: str) -> dict[str, Any]:
    """The starter bundle with one more fact."""
    head, rest = load("starter").texts[FACTS].split("\nfacts:\n")
    return {FACTS: f"{head}\nfacts:\n{KIND % activity}{rest}"}


@pytest.mark.parametrize("bundle", ["standard", "exclusive", "standard-consumer-finance", "standard-microlender"])
def test_a_merchant_is_who_has_receipts(bundle: str) -> None:
    policy = shipped(bundle)
    assert told(policy, 100, 3) == ("merchant", {"turnover_3m", "active_days_3m"})
    assert told(policy, 0, 3) == ("merchant", {"active_days_3m"})
    assert told(policy, 100, None) == ("merchant", {"turnover_3m"})
    assert told(policy, 0, 0) == ("consumer", {"turnover_3m", "active_days_3m"})


def test_what_is_not_known_or_too_old_says_nothing() -> None:
    policy = shipped("standard")
    assert told(policy, 0, None) is None and told(policy, None, None) is None
    assert told(policy, 100, 3, age=45) is not None
    assert told(policy, 100, 3, age=46) is None  # receipts count for 45 days
    assert told(policy, 100, 3, age=None) is None
    assert told(policy, 100, 3, age=-1) is None  # of a day that is still to come


@given(st.none() | st.integers(0, 10**10), st.none() | st.integers(0, 92))
def test_more_receipts_never_make_a_consumer(turnover: int | None, days: int | None) -> None:
    policy = shipped("standard")
    found = told(policy, turnover, days)
    if found is not None and found[0] == "merchant":
        assert told(policy, (turnover or 0) + 1, days)[0] == "merchant"
    assert found is None or (found[0] == "consumer") == (turnover == 0 and days == 0)


def test_it_is_no_column_and_changes_no_decision() -> None:
    policy = shipped("standard")
    (activity,) = policy.plan.activities
    assert policy.bundle.place(FACTS, "facts", "customer_type", "activity").line == int(activity.where.rpartition(":")[2])
    nodes = [step.node for each in policy.plan.passes for step in each.steps if isinstance(step, Assign)]
    assert activity.node not in nodes


@pytest.mark.parametrize(
    ("activity", "code", "right"),
    [
        ("activity: {when: months_employed > 6, then: seller, else: nobody}", "E-FACT", "two values of this enum: buyer, seller"),
        ("activity: {when: months_employed > 6, then: seller, else: seller}", "E-FACT", "two values of this enum: buyer"),
        ("activity: {when: months_employed + 1, then: seller, else: buyer}", "E-TYPE", "is int"),
        ("activity: {when: months_employd > 6, then: seller, else: buyer}", "E-UNKNOWN", "did you mean months_employed"),
        ("activity: {when: kind = 'seller', then: seller, else: buyer}", "E-FACT", "follow from no activity themselves"),
        ("activity: {when: debt_share_bp > 1, then: seller, else: buyer}", "E-UNKNOWN", "no such fact"),
        ("activity: {when: months_employed > 6, then: seller}", "E-SHAPE", "else"),
    ],
)
def test_a_fault_is_told_with_its_line(tmp_path: Path, activity: str, code: str, right: str) -> None:
    changes = with_kind(activity)
    line = next(number for number, text in enumerate(changes[FACTS].splitlines(), 1) if text.startswith("  kind:"))
    (fault,) = faults_of(tmp_path, changes)
    assert (fault.code, fault.file, fault.line) == (code, FACTS, line) and right in str(fault)


def test_a_family_has_none_and_neither_has_what_is_no_enum(tmp_path: Path) -> None:
    none = "activity: {when: consent, then: a, else: b}"
    family = [("\nfamilies:", f"\nfamilies:\n  shown: {{type: bool, source: profile, zh: 示, en: shown, {none}}}")]
    assert [each.code for each in faults_of(tmp_path, {FACTS: family})] == ["E-FACT"]


def test_a_bundle_without_one_says_nothing(tmp_path: Path) -> None:
    assert shipped("starter").plan.activities == ()
    found = policy_of(tmp_path, with_kind("activity: {when: months_employed > 6, then: seller, else: buyer}")).plan.activities
    assert [(each.fact, each.inputs) for each in found] == [("kind", ("months_employed",))]
