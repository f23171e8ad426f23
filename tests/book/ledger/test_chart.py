"""The chart of accounts, how accounts are named, and how they are opened."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from shouxin.book.ledger import chart
from shouxin.book.ledger.chart import CHART, Kind, account, accounts_for, name_of, open_accounts, read_account
from shouxin.foundation.refusal import Refusal
from shouxin.infra.db.unit import Unit

# One row for each refusal, in the order of the checks; the last one breaks all of them but what was checked before.
REFUSED = [
    (("9999",), "AccountCodeUnknown"),
    (("9999", "UP", "x"), "AccountCodeUnknown"),
    (("1303",), "AccountSplitWrong"),
    (("1002", "consumer-line"), "AccountSplitWrong"),
    (("1303", "UP", "m1"), "AccountSplitWrong"),
    (("1303", "Consumer"), "AccountPartUnreadable"),
    (("1303", ""), "AccountPartUnreadable"),
    (("1132", "consumer-line", "m.1"), "AccountPartUnreadable"),
    (("1303", "x" * 49), "AccountPartUnreadable"),
]


@pytest.mark.parametrize(("parts", "code"), REFUSED)
def test_what_no_account_is_named(parts: tuple[str, ...], code: str) -> None:
    with pytest.raises(Refusal) as refused:
        account(*parts)
    assert refused.value.code == code and refused.value.text("zh") != refused.value.text("en")


def test_each_refusal_has_a_row() -> None:
    assert list(dict.fromkeys(code for _, code in REFUSED)) == [each.__name__ for each in chart.ORDER]


def test_each_named_code_is_in_the_chart_and_each_of_the_chart_is_named() -> None:
    named = {value for name, value in vars(chart).items() if name.isupper() and isinstance(value, str)}
    assert named == set(CHART)


def test_every_row_says_where_it_comes_from() -> None:
    for head in CHART.values():
        assert head.source[:2] in {"V ", "K ", "A "} and head.name.zh and head.name.en


def test_the_kind_fits_the_first_digit_of_the_chinese_chart() -> None:
    kinds = {"1": {Kind.ASSET}, "2": {Kind.LIABILITY}, "4": {Kind.EQUITY}, "6": {Kind.INCOME, Kind.EXPENSE}}
    for code, head in CHART.items():
        assert head.kind in kinds[code[0]]


def test_names_for_people() -> None:
    assert name_of("1304.business-loan.3", "zh") == "贷款损失准备（business-loan，3）"
    assert name_of("1304.business-loan.3", "en") == "allowance for loan losses (business-loan, 3)"
    assert name_of("1002", "zh") == "银行存款" and name_of("9999.x", "en") == "9999.x"


def test_accounts_are_opened_once(bare: psycopg.Connection[Any]) -> None:
    unit = Unit(bare)
    open_accounts(unit, ["pay-later"], ["m0", "m1"], ["1"])
    [first] = unit.read(("SELECT account, code, product, part FROM account ORDER BY account", ()))
    open_accounts(unit, ["pay-later"], ["m0", "m1"], ["1"])
    [again] = unit.read(("SELECT account, code, product, part FROM account ORDER BY account", ()))
    open_accounts(unit, ["consumer-line"], ["m0"], ["1"])
    [more] = unit.read(("SELECT account, code, product, part FROM account ORDER BY account", ()))
    assert again == first and set(first) < set(more)
    assert ("1002", "1002", None, None) in first and ("1132.pay-later.m1", "1132", "pay-later", "m1") in first
    assert all(read_account(row.account) for row in more)
    assert len(first) == len(list(accounts_for(["pay-later"], ["m0", "m1"], ["1"])))


def test_an_account_that_cannot_be_named_is_not_opened(bare: psycopg.Connection[Any]) -> None:
    unit = Unit(bare)
    with pytest.raises(Refusal, match="Pay Later"):
        open_accounts(unit, ["Pay Later"], ["m0"], ["1"])
    assert unit.read(("SELECT account FROM account", ())) == [[]]
