"""A matching in words: both languages, what must be said, what must not, and the same as plain values."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from shouxin.desk.advice import Need
from shouxin.desk.advice.advice_words import BARRIER, FIT, NO_PAIR, SUMMARY, WANTS
from shouxin.desk.advice.model import Barrier, Fit, NoPair, Wants
from shouxin.desk.advice.written import write_matching
from shouxin.desk.servicing.paper_words import PURPOSES
from shouxin.foundation.texts import LANGUAGES, Text
from tests.bundles import compiling, shipped
from tests.desk.advice.shop import APART, asked, need, shop

CHINESE = re.compile(r"[\u4e00-\u9fff]")
PRESSING = ("立即", "马上", "限时", "仅剩", "秒批", "必过", "最优惠", "now or", "hurry", "only today", "guaranteed", "best")
WEAK: dict[str, Any] = {
    "months_employed": 0,
    "enquiries_6m": 12,
    "housing": "other",
    "worst_overdue_24m": 60,
    "monthly_debt": 5_000,
}
ASKED: list[tuple[Need, dict[str, Any]]] = [
    (need(5_000), {}),
    (need(60_000, months=12), {}),
    (need(60_000, months=18), {}),
    (need(95_000), {"held_cash_line": True, "line_cash_line": 51_900, "used_cash_line": 40_000}),
    (need(5_000, "shares"), {}),
    (need(25_000, "education"), {}),
    (need(5_000, "stock"), {"months_employed": 3}),
    (need(5_000), {"worst_overdue_24m": 120}),
    (need(5_000), {"bureau_status": "no_consent", "worst_overdue_24m": None, "monthly_debt": 0, "housing": "owned"}),
    (need(5_000), WEAK),
]


def everything(plain: Any) -> list[str]:
    """Every text in a value that is meant for people: names, texts and what can be done."""
    if isinstance(plain, dict):
        own = [value for name, value in plain.items() if name in ("text", "do", "name", "summary") and value]
        return [*own, *(each for value in plain.values() for each in everything(value))]
    return [each for value in plain for each in everything(value)] if isinstance(plain, list) else []


@pytest.mark.parametrize("index", range(len(ASKED)))
@pytest.mark.parametrize("policy", [shop(), shop(APART)], ids=["free", "apart"])
def test_both_languages_say_the_same_things(index: int, policy: Any) -> None:
    wanted, changes = ASKED[index]
    told = {}
    for lang in LANGUAGES:
        matching, teller = asked(wanted, policy, changes, lang)
        told[lang] = json.loads(json.dumps(write_matching(matching, teller)))
    zh, en = told["zh"], told["en"]
    assert len(everything(zh)) == len(everything(en)) >= 4
    assert all(CHINESE.search(each) for each in everything(zh))
    assert not any(CHINESE.search(each) for each in everything(en))
    for one, other in zip(zh["products"], en["products"], strict=True):
        assert {name: one[name] for name in ("product", "fit", "amount", "costs", "displaces", "apart", "rooms")} == {
            name: other[name] for name in ("product", "fit", "amount", "costs", "displaces", "apart", "rooms")
        }
    for each in (*everything(zh), *everything(en), *zh["notices"], *en["notices"]):
        assert "{" not in each and not any(word in each.lower() for word in PRESSING), each


@pytest.mark.parametrize("lang", LANGUAGES)
def test_it_is_never_a_promise(lang: str) -> None:
    for wanted, changes in ASKED:
        matching, teller = asked(wanted, shop(), changes, lang)
        notices = teller.notices(matching)
        assert notices[-1] == {"zh": "试算结果不构成授信承诺。", "en": "This is an estimate, not an offer of credit."}[lang]
        all_costs = {"zh": "除以上列明费用外，不收取其他费用。", "en": "Nothing is charged beyond what is listed above."}[lang]
        assert (all_costs in notices) == matching.met


def test_a_score_that_is_told_is_no_bureau_score() -> None:
    said = "本评分仅供本机构授信使用，不是征信评分。"
    matching, teller = asked(need(5_000), shop(), WEAK, "zh")
    assert any(each.code == "SCORE_LOW" for found in matching.matches for each in found.obstacles)
    assert said in teller.notices(matching)
    matching, teller = asked(need(5_000), shop(), {}, "zh")
    assert said not in teller.notices(matching)


def test_the_shape_for_programs() -> None:
    matching, teller = asked(need(60_000, months=12), shop(), {})
    plain = json.loads(json.dumps(write_matching(matching, teller)))
    assert list(plain) == [
        "bundle",
        "bundle_hash",
        "as_of",
        "facts_hash",
        "need",
        "met",
        "summary",
        "products",
        "pair",
        "no_pair",
        "notices",
    ]
    assert plain["need"] == {
        "amount": "60000.00",
        "purpose": "renovation",
        "purpose_text": "renovation",
        "day": "2026-07-01",
        "months": 12,
    }
    cash = plain["products"][0]
    assert (cash["product"], cash["fit"], cash["amount"]) == ("cash-line", "part", "51900.00")
    assert cash["costs"] == [
        {
            "method": "equal_instalment",
            "months": 12,
            "principal": "51900.00",
            "received": "51900.00",
            "interest": "2082.70",
            "fee": "0.00",
            "cost": "2082.70",
            "first_payment": "4498.56",
            "last_payment": "4498.54",
            "monthly": "4497.97",
            "within_capacity": True,
            "annual": {"rule": "simple-nominal", "percent": "7.3000"},
        }
    ]
    assert cash["obstacles"] == [
        {
            "barrier": "limit",
            "code": "AFFORDABILITY",
            "kind": None,
            "amount": "51900.00",
            "text": "The limit would be 51,900.00. Your monthly capacity to repay sets this line.",
            "do": "Lower your monthly debt payments or show a higher income.",
            "because": [],
        }
    ]
    assert [each["product"] for each in plain["pair"]["shares"]] == ["cash-line", "tool-line"]
    assert plain["no_pair"] is None


def test_nothing_of_what_the_lender_earns_is_written() -> None:
    matching, teller = asked(need(5_000), shop(), {})
    assert not re.search("margin|loss|profit", json.dumps(write_matching(matching, teller)))


def test_every_word_is_there_in_both_languages() -> None:
    assert set(FIT) == set(SUMMARY) == set(Fit) and set(WANTS) == set(Wants) and set(BARRIER) == set(Barrier) - {Barrier.DECIDED}
    assert set(NO_PAIR) == set(NoPair) - {NoPair.ONE_IS_ENOUGH}
    both = [text for pair in BARRIER.values() for text in pair if text is not None]
    texts: list[Text] = [*FIT.values(), *SUMMARY.values(), *WANTS.values(), *NO_PAIR.values(), *both]
    for each in texts:
        assert CHINESE.search(each.zh) and not CHINESE.search(each.en)
        assert sorted(re.findall(r"{\w+}", each.zh)) == sorted(re.findall(r"{\w+}", each.en)) or "{facts}" in each.zh


@pytest.mark.parametrize("name", compiling())
def test_every_use_of_a_shipped_product_has_a_name(name: str) -> None:
    for product in shipped(name).bundle.products.values():
        assert {*product.uses.allowed, *product.uses.forbidden} <= set(PURPOSES)
