"""`shouxin whatif`: plans on the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from shouxin.book.facts.known import own_facts
from shouxin.engines.policy.compile import compile_policy
from tests.faces.cli.counter import Counter

STANDARD = compile_policy("standard")
OURS = own_facts(STANDARD) | {"customer_id", "as_of"}
MERCHANT = {name: value for name, value in STANDARD.bundle.profiles["huang"].items() if name not in OURS}
CLOSING = ("--step", "repay business-loan all", "--step", "close business-loan", "--step", "open consumer-line 30000")


@pytest.fixture(scope="module")
def known() -> dict[str, str]:
    """The customers of this module, made once."""
    return {}


def merchant(counter: Counter, known: dict[str, str], folder: Path, **changes: Any) -> str:
    """A merchant of whom all is known, with a business loan of which some is owed."""
    name = json.dumps(changes, sort_keys=True)
    if name not in known:
        customer = counter.customer()
        counter(
            "book", "customer", "consent", "give", customer, "bureau_query", "--text-version", "1", "--given-on", "2026-06-01"
        )
        days = {each: "2026-06-20" for _, each in STANDARD.plan.sources.values() if each in MERCHANT}
        row = {**MERCHANT, **days, **changes, "customer_id": customer}
        (folder / "known.jsonl").write_text(json.dumps(row, default=str) + "\n", "utf-8")
        counter("facts", "load", str(folder / "known.jsonl"), "--as-of", "2026-07-01")
        if not changes:
            facility = counter.facility(customer, "business-loan")
            told = counter.told(*f"book draw {customer} {facility} --amount 20000 --months 12 --purpose stock".split())
            counter("book", "pay-out", customer, told["loan"], "paid")
        known[name] = customer
    return known[name]


def test_a_plan_in_chinese(counter: Counter, known: dict[str, str], tmp_path: Path) -> None:
    said = counter("whatif", merchant(counter, known, tmp_path), *CLOSING, "--lang", "zh")
    assert "1. 结清「经营贷」  [可行]\n    2026-07-01 还款 20,000.00元\n" in said
    assert "3. 申请开通「个人消费贷」，额度30,000.00元  [可行]\n    开通「个人消费贷」：额度30,000.00元，年化利率（单利）" in said
    assert "试算结果不构成授信承诺。" in said and "以上均为模拟" in said and "先批后关" in said


def test_a_plan_for_programs(counter: Counter, known: dict[str, str], tmp_path: Path) -> None:
    customer = merchant(counter, known, tmp_path)
    before = counter.rows()
    told = counter.told("whatif", customer, *CLOSING)
    assert told["works"] and told["identity_proven"]
    assert [each["outcome"] for each in told["steps"]] == ["done"] * 3
    last = told["steps"][-1]["after"]
    assert {each["product"]: each["status"] for each in last["lines"]}["consumer-line"] == "active"
    for earlier, later in zip([told["before"], *(each["after"] for each in told["steps"])], told["steps"], strict=False):
        moved = sum(each["points"] for each in later["score_moved"])
        assert earlier["score"] + moved == later["after"]["score"]
    changed = {name for name, count in counter.rows().items() if count != before[name]}
    assert changed <= {"advice_use"}


def test_a_refused_plan_says_what_solves_it(counter: Counter, known: dict[str, str], tmp_path: Path) -> None:
    customer = merchant(counter, known, tmp_path)
    told = counter.told("whatif", customer, "--step", "close business-loan", "--step", "open business-loan", "--step", "wait 1d")
    assert not told["works"] and [each["outcome"] for each in told["steps"]] == ["done", "refused", "not_reached"]
    assert told["steps"][0]["after"]["blocked"][0]["solved_by"] == ["repay business-loan all"]


def test_before_identity_is_proven_no_figures_are_told(counter: Counter, known: dict[str, str], tmp_path: Path) -> None:
    customer = merchant(counter, known, tmp_path, identity_verified=False)
    told = counter.told("whatif", customer, "--step", "open consumer-line")
    assert not told["identity_proven"] and told["before"] is None
    assert set(told["steps"][0]) == {"step", "outcome", "refusal", "solved_by", "zh", "en"}
    said = counter("whatif", customer, "--step", "open consumer-line", "--lang", "zh")
    assert "身份核验通过前" in said and "评分 " not in said


@pytest.mark.parametrize(
    ("steps", "code"),
    [
        (("sell business-loan",), "StepWordUnknown"),
        (("wait soon",), "StepUnreadable"),
        (("wait 500d",), "DaysTooMany"),
        (tuple(["wait 1d"] * 13), "StepsTooMany"),
    ],
)
def test_what_is_refused(counter: Counter, known: dict[str, str], tmp_path: Path, steps: tuple[str, ...], code: str) -> None:
    customer = merchant(counter, known, tmp_path)
    assert counter.refusal("whatif", customer, *(word for each in steps for word in ("--step", each))) == code


def test_nobody(counter: Counter) -> None:
    assert counter.refusal("whatif", "0198c0de-0000-7000-8000-00000000dead", "--step", "wait 1d") == "CustomerUnknown"
