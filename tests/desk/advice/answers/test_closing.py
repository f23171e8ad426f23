"""Closing a line and opening it again: which case applies, and with which numbers."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from shouxin.desk.advice.answers import answer
from shouxin.desk.advice.answers.values import Amount, Listed, days, months
from shouxin.desk.advice.answers.words import CLOSED_WHY
from shouxin.engines.loans.model import Method
from shouxin.foundation.texts import Text
from tests.desk.advice.answers.made import YUAN, facility, loan, values, view

CONSUMER = Text("个人消费贷", "Consumer line")
BUSINESS = Text("经营贷", "Business loan")
PAY_LATER = Text("购物分期", "Pay later")


def test_reopening_of_a_line_that_was_never_closed() -> None:
    assert answer(view(), "REOPEN_WHEN").cases == ("none",)
    found = answer(view(facility("consumer-line")), "REOPEN_WHEN")
    assert found.cases == ("none", "would") and found.parts[1].values == {"product": CONSUMER, "wait": days(30)}


@pytest.mark.parametrize(
    ("reason", "ended", "case", "wait", "day"),
    [
        ("BY_CHOICE", "2026-06-20", "wait", 30, "2026-07-20"),
        ("BY_CHOICE", "2026-06-02", "wait", 30, "2026-07-02"),
        ("BY_CHOICE", "2026-06-01", "over", 30, None),
        ("DISPLACED", "2026-07-01", "at_once", 0, None),
        ("RISK", "2026-06-01", "wait", 90, "2026-08-30"),
        ("OVERDUE_CURED", "2026-06-01", "wait", 180, "2026-11-28"),
        ("MISUSE", "2026-06-01", "wait", 365, "2027-06-01"),
        ("CROSS_DEFAULT_BUSINESS", "2026-06-01", "wait", 90, "2026-08-30"),
        (None, "2026-06-01", "wait", 90, "2026-08-30"),
    ],
)
def test_reopening_by_why_it_was_closed(reason: str | None, ended: str, case: str, wait: int, day: str | None) -> None:
    found = answer(view(facility("consumer-line", "closed", reason=reason, ended=ended)), "REOPEN_WHEN")
    assert found.cases == (case, "anew")
    told = found.parts[0].values
    assert (told["product"], told["closed"]) == (CONSUMER, dt.date.fromisoformat(ended))
    if reason in CLOSED_WHY:
        assert told["why"] == CLOSED_WHY[reason]
    if day:
        assert (told["wait"], told["day"]) == (days(wait), dt.date.fromisoformat(day))
    used = found.parts[0].uses[0]
    assert used.name.startswith("reopening.waits.") and used.value == days(wait) and "products/consumer-line.yaml:" in used.where


def test_of_several_closed_lines_the_longest_wait_counts() -> None:
    first = facility("consumer-line", "closed", reason="MISUSE", ended="2026-02-01")
    second = facility("consumer-line", "closed", reason="BY_CHOICE", ended="2026-06-20")
    (told,) = values(answer(view(first, second), "REOPEN_WHEN").parts, "wait")
    assert (told["day"], told["closed"]) == (dt.date(2027, 2, 1), dt.date(2026, 2, 1))


def test_a_product_that_is_held_again_is_not_told_and_an_offer_that_lapsed_was_no_line() -> None:
    again = view(facility("consumer-line", "closed", reason="BY_CHOICE", ended="2026-06-20"), facility("consumer-line"))
    assert answer(again, "REOPEN_WHEN").cases == ("none", "would")
    lapsed = facility("consumer-line", "closed", reason="LAPSED", ended="2026-06-20")
    assert answer(view(replace(lapsed, opened=None)), "REOPEN_WHEN").cases == ("none",)


def test_reopening_of_a_line_that_is_still_closing() -> None:
    mine = facility("consumer-line", "closing", reason="BY_CHOICE")
    found = answer(view(mine, loans=[loan(mine, 10_000, "2026-07-01")]), "REOPEN_WHEN")
    assert found.cases == ("closing_by_choice", "anew")
    assert found.parts[0].values == {"product": CONSUMER, "amount": Amount(10_000 * YUAN), "wait": days(30)}
    ours = facility("consumer-line", "closing", reason="RISK")
    found = answer(view(ours, loans=[loan(ours, 10_000, "2026-07-01")]), "REOPEN_WHEN")
    assert found.cases == ("closing", "anew") and found.parts[0].values["wait"] == days(90)


def test_a_product_that_is_not_offered_any_more() -> None:
    made = view(facility("consumer-line", "closed", reason="BY_CHOICE", ended="2026-06-20"), bundle="starter")
    found = answer(made, "REOPEN_WHEN")
    assert found.cases == ("gone", "anew")


@pytest.mark.parametrize(
    ("status", "changes", "cases"),
    [
        ("active", {}, ("clear",)),
        ("suspended", {}, ("clear",)),
        ("offered", {}, ("offered",)),
        ("active", {"reserved": 500}, ("in_clearing",)),
        ("closing", {"reserved": 500}, ("in_clearing", "closing")),
        ("closed", {"ended": "2026-06-20"}, ("none",)),
    ],
)
def test_what_keeps_a_line_from_closing(status: str, changes: dict[str, Any], cases: tuple[str, ...]) -> None:
    assert answer(view(facility("consumer-line", status, **changes)), "WHY_NOT_CLOSE").cases == cases


def test_what_is_owed_keeps_it_from_closing() -> None:
    line = facility("business-loan")
    found = answer(view(line, loans=[loan(line, 12_000, "2026-07-01")]), "WHY_NOT_CLOSE")
    amount = Amount(12_000 * YUAN)
    assert found.cases == ("owed",) and found.parts[0].values == {"product": BUSINESS, "owed": amount, "payoff": amount}
    late = answer(view(line, loans=[loan(line, 12_000, "2026-05-01")]), "WHY_NOT_CLOSE")
    assert late.cases == ("owed_late",)
    told = late.parts[0].values
    assert told["days"] == days(30) and Amount(0) != told["due"] != told["payoff"]
    assert answer(view(), "WHY_NOT_CLOSE").cases == ("none",)


def test_repaying_after_closing() -> None:
    assert answer(view(facility("consumer-line")), "MUST_REPAY_AFTER_CLOSING").cases == ("nothing",)
    line = facility("consumer-line", "closing", reason="BY_CHOICE")
    found = answer(view(line, loans=[loan(line, 12_000, "2026-06-15")]), "MUST_REPAY_AFTER_CLOSING")
    told = found.parts[0].values
    assert found.cases == ("owed",) and told["day"] == dt.date(2026, 7, 15) and told["owed"] == Amount(12_000 * YUAN)
    assert isinstance(told["amount"], Amount) and isinstance(told["payoff"], Amount)
    assert 100_000 < told["amount"].minor < 110_000 and told["payoff"].minor > 12_000 * YUAN
    late = answer(view(line, loans=[loan(line, 12_000, "2026-05-01")]), "MUST_REPAY_AFTER_CLOSING")
    assert late.cases == ("owed_late",) and late.parts[0].values["since"] == dt.date(2026, 6, 1)
    over = answer(view(line, loans=[loan(line, 12_000, "2026-04-01", months=3)]), "MUST_REPAY_AFTER_CLOSING")
    assert over.cases == ("owed_late",)


@pytest.mark.parametrize("method", list(Method))
@pytest.mark.parametrize("paid", [{}, {"2026-04-15": 2_000}, {"2026-06-01": 6_000}])
def test_the_next_instalment_is_the_first_of_those_to_come(method: Method, paid: dict[str, int]) -> None:
    line = facility("consumer-line")
    (held,) = view(line, loans=[loan(line, 12_000, "2026-03-15", paid, method=method)]).lines
    assert held.next_dues == (replace(held.loans[0].to_come[0], late=False),)


def test_of_a_loan_that_falls_due_in_whole_today_nothing_is_to_come() -> None:
    line = facility("consumer-line")
    due = loan(line, 12_000, "2026-04-01", months=3, method="interest_only", paid={"2026-05-01": 200, "2026-06-01": 200})
    found = answer(view(line, loans=[due]), "MUST_REPAY_AFTER_CLOSING")
    assert found.cases == ("all_due",)


@pytest.mark.parametrize(
    ("status", "changes", "case"),
    [
        ("active", {"expires": "2030-01-05", "used": "2026-06-30"}, "unused"),
        ("active", {}, "runs_out_before"),
        ("suspended", {}, "runs_out"),
        ("closing", {}, "closing"),
        ("active", {"reserved": 500}, "in_use"),
        ("closed", {"ended": "2026-06-20"}, "none"),
    ],
)
def test_whether_an_unused_line_closes(status: str, changes: dict[str, Any], case: str) -> None:
    assert answer(view(facility("consumer-line", status, **changes)), "UNUSED_LINE_CLOSES").cases == (case,)


def test_the_day_on_which_an_unused_line_closes() -> None:
    line = facility("consumer-line", expires="2030-01-05", used="2026-06-30")
    (told,) = values(answer(view(line), "UNUSED_LINE_CLOSES").parts, "unused")
    assert (told["months"], told["used"], told["day"]) == (months(24), dt.date(2026, 6, 30), dt.date(2028, 7, 1))
    assert told["wait"] == days(30)


def test_what_closing_does_to_the_other_line() -> None:
    assert answer(view(), "OTHER_LINE_ON_CLOSING").cases == ("none",)
    assert answer(view(facility("business-loan")), "OTHER_LINE_ON_CLOSING").cases == ("single",)
    consumer, pay_later, business = facility("consumer-line"), facility("pay-later", most=20_000), facility("business-loan")
    shared = answer(view(consumer, pay_later), "OTHER_LINE_ON_CLOSING")
    assert shared.cases == ("pool_stops", "pool_stays", "score")
    assert shared.parts[0].values == {"product": CONSUMER, "others": Listed((PAY_LATER,))}
    found = answer(view(consumer, business), "OTHER_LINE_ON_CLOSING")
    assert found.cases == ("apart", "apart_frees", "score")
    assert found.parts[1].values["freed"] == Amount(50_000 * YUAN) and found.parts[1].values["total"] == Amount(1_000_000 * YUAN)
    assert found.notices and "征信评分" in found.notices[0].zh


def test_what_is_in_use_is_not_freed_by_closing() -> None:
    consumer, business = facility("consumer-line"), facility("business-loan")
    found = answer(view(consumer, business, loans=[loan(business, 20_000, "2026-07-01")]), "OTHER_LINE_ON_CLOSING")
    (told,) = values(found.parts, "apart_frees")
    assert (told["product"], told["freed"]) == (BUSINESS, Amount(30_000 * YUAN))


def test_products_that_exclude_each_other() -> None:
    found = answer(view(facility("business-loan"), bundle="exclusive"), "OTHER_LINE_ON_CLOSING")
    assert found.cases == ("single", "exclusive")
    assert found.parts[1].values == {"product": BUSINESS, "others": Listed((CONSUMER,))}
