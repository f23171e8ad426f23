"""`shouxin advise`: ways to a product on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.faces.cli.counter import Counter
from tests.faces.cli.test_whatif import merchant


@pytest.fixture(scope="module")
def known() -> dict[str, str]:
    """The customers of this module, made once."""
    return {}


def test_ways_in_both_languages(counter: Counter, known: dict[str, str], tmp_path: Path) -> None:
    customer = merchant(counter, known, tmp_path, enquiries_3m=12)
    said = counter("advise", customer, "--product", "consumer-line", "--lang", "zh")
    assert said.startswith("「个人消费贷」目前不能办理。\n")
    assert "这样做可以改变结果：\n\n1. 近3个月贷款审批查询次数降至9以内（目前12）（以数据来源核实为准）\n" in said
    assert "      已按此重新评估，确认可行\n" in said and "试算结果不构成授信承诺。" in said
    said = counter("advise", customer, "--product", "consumer-line", "--lang", "en")
    assert "1. enquiries for credit, 3 months: 9 or fewer (now 12) (once a source confirms it)\n" in said


def test_for_programs(counter: Counter, known: dict[str, str], tmp_path: Path) -> None:
    customer = merchant(counter, known, tmp_path, enquiries_3m=12)
    told = counter.told("advise", customer, "--product", "consumer-line", "--amount", "20000")
    assert (told["reached"], told["outcome"], told["amount"], told["reasons"][0]) == (False, "decline", 2_000_000, "ENQUIRIES_10")
    (way,) = told["ways"]
    assert way["changes"] == [
        {
            "fact": "enquiries_3m",
            "before": 12,
            "after": 9,
            "kind": "outside",
            "act": None,
            "product": None,
            "until": None,
            "follows": [],
        }
    ]
    assert way["limit"] >= 2_000_000 and way["steps"] is None
    assert json.dumps(told)


def test_what_is_refused(counter: Counter, known: dict[str, str], tmp_path: Path) -> None:
    """That somebody asked is counted, also where there is no answer."""
    customer, stranger = merchant(counter, known, tmp_path), counter.customer()
    assert counter.refusal("advise", customer, "--product", "consumer-line", "--amount", "0") == "AmountNotPositive"
    assert refused(counter, "advise", customer, "--product", "mortgage") == "ProductUnknown"
    assert refused(counter, "advise", stranger, "--product", "consumer-line") == "TooLittleKnown"
    assert refused(counter, "whatif", stranger, "--step", "wait 1d") == "TooLittleKnown"


def refused(counter: Counter, *args: str) -> str:
    code: str = counter.told(*args, code=1)["refusal"]["code"]
    return code
