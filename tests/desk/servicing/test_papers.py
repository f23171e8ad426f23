"""Papers as they are handed out, held to golden files: tests/desk/servicing/papers/NAME.LANG.txt.

After a change that is meant, write them anew with SHOUXIN_WRITE_GOLDEN=1 and read the difference.
"""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouxin.desk.servicing import paper_words as words
from shouxin.desk.servicing.capitals import DIGITS, capitals
from shouxin.desk.servicing.papers import (
    Borrower,
    LoanFacts,
    LoanNotSettled,
    SettlementFacts,
    Share,
    contract_paper,
    disclosure_paper,
    settlement_certificate,
    yuan,
)
from shouxin.engines.loans.agreement import (
    Agreement,
    Component,
    EarlyInterest,
    Grace,
    Order,
    Penalty,
    PenaltyBase,
    Prepayment,
    Sorting,
)
from shouxin.engines.loans.disclosure import disclose
from shouxin.engines.loans.model import Conventions, Method, Shape, Terms
from shouxin.engines.loans.quote import quote
from shouxin.engines.policy.load import load, shipped_names
from shouxin.foundation.businessdays import Adjustment, china
from shouxin.foundation.daycount import DAY_COUNTS, Unit
from shouxin.foundation.money import show_amount
from shouxin.foundation.texts import LANGUAGES, Text

GOLDEN = Path(__file__).with_name("papers")
DAY = dt.date(2026, 1, 15)
BANK = Text("授信示范银行", "Shouxin Demonstration Bank")
WANG = Borrower("王小明", id_number="110101199003071233")
SHOP = Borrower("晨光商贸有限公司", credit_code="91110105MA00000014")
CONSUMER = Agreement(Terms(1_000_000, 109_500, Method.EQUAL_INSTALMENT, Shape(DAY, 6)))
BUSINESS = Agreement(
    Terms(
        80_050_005, 146_000, Method.INTEREST_ONLY, Shape(DAY, 12), Conventions(adjustment=Adjustment.FOLLOWING, calendar=china())
    ),
    Penalty(20_000, 25_000, 240_000, PenaltyBase.PRINCIPAL_AND_INTEREST),
    Grace(3, china()),
    Order((Component.FEE, Component.PENALTY, Component.INTEREST, Component.PRINCIPAL), Sorting.COMPONENT_FIRST),
    Prepayment.SHORTEN_TERM,
    EarlyInterest.TO_NEXT_DUE,
)
CONSUMER_FACTS = LoanFacts(
    "0198c0de-0000-7000-8000-000000000001",
    DAY,
    Text("个人消费贷", "Consumer line"),
    WANG,
    BANK,
    (Share(BANK, 1_000_000),),
    "renovation",
    CONSUMER,
    quote(CONSUMER.terms),
    disclose(quote(CONSUMER.terms), CONSUMER.penalty, BANK),
    ("operating_use", "home_purchase", "shares", "repaying_loans", "other_loans"),
)
BUSINESS_FACTS = LoanFacts(
    "0198c0de-0000-7000-8000-000000000002",
    DAY,
    Text("经营贷", "Business loan"),
    SHOP,
    BANK,
    (Share(BANK, 300_000), Share(Text("联合出借银行", "Partner Bank"), 700_000)),
    "stock",
    BUSINESS,
    quote(BUSINESS.terms, 800_500),
    disclose(quote(BUSINESS.terms, 800_500), BUSINESS.penalty, BANK),
    payee="北京货源有限公司（账号尾号5678）",
)
SETTLED = SettlementFacts(
    "0198c0de-0000-7000-8000-000000000001",
    dt.date(2026, 8, 3),
    Text("个人消费贷", "Consumer line"),
    WANG,
    BANK,
    1_000_000,
    DAY,
    dt.date(2026, 7, 15),
)
PAPERS: dict[str, Callable[[str], str]] = {
    "disclosure-consumer": lambda lang: disclosure_paper(CONSUMER_FACTS, lang),
    "disclosure-business": lambda lang: disclosure_paper(BUSINESS_FACTS, lang),
    "contract-consumer": lambda lang: contract_paper(CONSUMER_FACTS, lang),
    "contract-business": lambda lang: contract_paper(BUSINESS_FACTS, lang),
    "settlement-person": lambda lang: settlement_certificate(SETTLED, lang),
    "settlement-company": lambda lang: settlement_certificate(replace(SETTLED, borrower=SHOP), lang),
}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", PAPERS)
def test_a_paper_is_as_its_golden_file(name: str, lang: str) -> None:
    file, made = GOLDEN / f"{name}.{lang}.txt", PAPERS[name](lang)
    if os.environ.get("SHOUXIN_WRITE_GOLDEN") == "1":
        file.write_text(made, "utf-8")
    assert made == file.read_text("utf-8")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", PAPERS)
def test_the_words_that_must_be_exact(name: str, lang: str) -> None:
    made = PAPERS[name](lang)
    assert not re.search(r"日利率|日息|万分之|[{}]|None|关闭不影响征信|秒批|必过|修复征信", made)
    if not name.startswith("settlement"):
        exact = {
            "zh": ("年化利率（单利）", "除以上列明费用外，不收取其他费用。"),
            "en": ("% a year, simple", "Nothing is charged beyond"),
        }
        assert all(each in made for each in exact[lang])
    if name.startswith("contract"):
        assert ("示范文本" if lang == "zh" else "Specimen text") in made.split("\n\n")[1]


def test_a_settlement_certificate_masks_the_borrower() -> None:
    for lang in LANGUAGES:
        made = settlement_certificate(SETTLED, lang)
        assert "王**" in made and "110101********1233" in made and "王小明" not in made
    assert "王小明" not in repr(CONSUMER_FACTS) and "1233" not in repr(SETTLED)


@pytest.mark.parametrize("changed", [{"settled": None}, {"owed": 1}])
def test_nothing_is_certified_that_is_owed(changed: dict[str, int | None]) -> None:
    with pytest.raises(LoanNotSettled):
        settlement_certificate(replace(SETTLED, **changed), "zh")  # type: ignore[arg-type]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("method", Method)
def test_every_way_of_repaying_has_a_contract(method: Method, lang: str) -> None:
    agreement = Agreement(Terms(1_000_000, 109_500, method, Shape(DAY, 12)))
    cost = quote(agreement.terms)
    facts = replace(CONSUMER_FACTS, agreement=agreement, quote=cost, told=disclose(cost, agreement.penalty, BANK))
    made = contract_paper(facts, lang)
    about_flat = ("按初始本金" in made) if lang == "zh" else ("of the original amount" in made)
    assert about_flat == (method is Method.FLAT)
    assert ("未还本金" in made or "outstanding principal" in made) == (method is not Method.FLAT)


def test_there_are_words_for_everything() -> None:
    assert words.COMPONENTS.keys() == set(Component) and words.SORTINGS.keys() == set(Sorting)
    assert words.PREPAYMENTS.keys() == set(Prepayment) and words.EARLY_INTERESTS.keys() == set(EarlyInterest)
    assert words.BASES.keys() == set(PenaltyBase) and words.ADJUSTMENTS.keys() == set(Adjustment)
    assert words.UNITS.keys() == set(Unit) and words.DAY_COUNTS.keys() == DAY_COUNTS.keys()
    products = [each for name in shipped_names() for each in load(name).products.values()]
    assert {use for each in products for use in (*each.uses.allowed, *each.uses.forbidden)} <= words.PURPOSES.keys()


UNITS = {"亿": 10**8, "万": 10**4, "仟": 1000, "佰": 100, "拾": 10}


def read_whole(text: str) -> int:
    """Capital figures back to a number, from the largest unit down."""
    for name, size in UNITS.items():
        if name in text:
            above, _, below = text.rpartition(name)
            return read_whole(above) * size + read_whole(below)
    return DIGITS.index(text[-1]) if text else 0


def read_capitals(text: str) -> int:
    yuan, mark, rest = text.partition("元")
    yuan, rest = (yuan, rest) if mark else ("", text)
    parts = {name: DIGITS.index(rest[rest.index(name) - 1]) for name in "角分" if name in rest}
    return read_whole(yuan) * 100 + parts.get("角", 0) * 10 + parts.get("分", 0)


@given(st.integers(0, 10**15))
def test_yuan_is_show_amount(minor: int) -> None:
    assert yuan(minor) == show_amount(minor)


@given(st.one_of(st.integers(0, 10**15), st.integers(0, 10**6), st.sampled_from([10**n for n in range(16)])))
def test_capital_figures_say_the_amount(minor: int) -> None:
    text = capitals(minor)
    assert read_capitals(text) == minor
    assert "零零" not in text and not re.search(r"零[万亿元整]", text.replace("零元整", ""))
    assert text.endswith("整") == (minor % 100 == 0)


@pytest.mark.parametrize(
    ("minor", "text"),
    [
        (0, "零元整"),
        (5, "伍分"),
        (1_000_500, "壹万零伍元整"),
        (10_050_000, "壹拾万零伍佰元整"),
        (1_000_000_000_000, "壹佰亿元整"),
        (10_000_100_000_003, "壹仟亿零壹佰万元零叁分"),
        (32_504, "叁佰贰拾伍元零肆分"),
    ],
)
def test_capital_figures(minor: int, text: str) -> None:
    assert capitals(minor) == text
