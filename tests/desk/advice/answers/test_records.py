"""What a credit report shows: of a closed line, to a mortgage lender, and for how long what was overdue."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from shouxin.book.customers.model import Kind
from shouxin.desk.advice.answers import answer
from shouxin.desk.advice.answers.values import Amount, Listed, Span, days, years
from shouxin.desk.advice.answers.words import BY_CUSTOMER, BY_LENDER
from shouxin.foundation.texts import Text
from tests.desk.advice.answers.made import YUAN, facility, loan, values, view

CONSUMER = Text("个人消费贷", "Consumer line")


def test_closing_on_the_credit_record() -> None:
    line = facility("consumer-line")
    found = answer(view(line, loans=[loan(line, 10_000, "2026-07-01")]), "CLOSING_AND_BUREAU")
    assert found.cases == ("reported", "line", "changes")
    assert found.parts[1].values == {
        "product": CONSUMER,
        "opened": dt.date(2026, 1, 5),
        "limit": Amount(50_000 * YUAN),
        "balance": Amount(10_000 * YUAN),
    }


def test_closing_of_an_overdue_line_takes_nothing_off() -> None:
    line = facility("consumer-line")
    found = answer(view(line, loans=[loan(line, 10_000, "2026-05-01")]), "CLOSING_AND_BUREAU")
    assert found.cases == ("reported", "line_late", "changes") and found.parts[1].values["days"] == days(30)


@pytest.mark.parametrize(("reason", "by"), [("BY_CHOICE", BY_CUSTOMER), ("RISK", BY_LENDER), ("UNUSED", BY_LENDER)])
def test_who_closed_a_line_is_reported(reason: str, by: Text) -> None:
    closed = facility("consumer-line", "closed", reason=reason, ended="2026-06-20")
    (told,) = values(answer(view(closed), "CLOSING_AND_BUREAU").parts, "closed")
    assert told == {"product": CONSUMER, "day": dt.date(2026, 6, 20), "by": by}


def test_closing_lines_without_consent_or_without_any() -> None:
    line = facility("consumer-line", "closing", reason="BY_CHOICE")
    assert answer(view(line, loans=[loan(line, 10_000)]), "CLOSING_AND_BUREAU").cases == ("reported", "closing", "changes")
    assert answer(view(line, reporting_agreed=False), "CLOSING_AND_BUREAU").cases == ("not_reported",)
    assert answer(view(), "CLOSING_AND_BUREAU").cases == ("none",)


def test_the_mortgage_lenders_view() -> None:
    line, unused = facility("consumer-line"), facility("business-loan", most=80_000)
    elsewhere = {"payments_elsewhere": 1_500, "lenders_elsewhere": 2}
    made = view(line, unused, loans=[loan(line, 12_000, "2026-06-15")], facts=elsewhere)
    found = answer(made, "MORTGAGE_VIEW")
    assert found.cases == ("line", "line", "sums", "closing_lowers", "repaying_lowers", "elsewhere", "no_promise")
    told = found.parts[2].values
    assert (told["count"], told["limit"], told["balance"]) == (Span(2, "lines"), Amount(130_000 * YUAN), Amount(12_000 * YUAN))
    (due,) = made.lines[0].next_dues
    assert told["monthly"] == Amount(due.principal + due.interest)
    assert found.parts[3].values == {"products": Listed((Text("经营贷", "Business loan"),)), "limit": Amount(80_000 * YUAN)}
    assert found.parts[5].values == {"payments": Amount(1_500 * YUAN), "lenders": Span(2, "lenders")}


def test_the_mortgage_lenders_view_in_other_cases() -> None:
    line = facility("consumer-line")
    late = answer(view(line, loans=[loan(line, 12_000, "2026-05-01")]), "MORTGAGE_VIEW")
    assert late.cases[0] == "line_late"
    old = answer(view(line, facts={"bureau_date": "2026-01-01"}), "MORTGAGE_VIEW")
    assert old.cases == ("line", "sums", "closing_lowers", "unknown", "no_promise")
    assert answer(view(line, reporting_agreed=False), "MORTGAGE_VIEW").cases == (
        "not_reported",
        "nothing_elsewhere",
        "no_promise",
    )
    assert answer(view(), "MORTGAGE_VIEW").cases == ("none", "nothing_elsewhere", "no_promise")


def test_nothing_was_overdue_here() -> None:
    found = answer(view(facility("consumer-line")), "OVERDUE_RECORD_KEPT")
    assert found.cases == ("rule", "none_here", "not_shown", "elsewhere")
    assert found.parts[0].values == {"years": years(5)}
    assert "regulation/records.yaml" in found.parts[0].uses[0].where
    told = found.parts[2].values
    assert (told["since"], told["until"], told["repaid_by"]) == (
        dt.date(2020, 1, 1),
        dt.date(2025, 12, 31),
        dt.date(2026, 3, 31),
    )
    assert told["amount"] == Amount(10_000 * YUAN)


def test_overdue_now_and_settled_before() -> None:
    line = facility("consumer-line")
    running = answer(view(line, loans=[loan(line, 12_000, "2026-05-01")]), "OVERDUE_RECORD_KEPT")
    assert running.cases == ("rule", "running", "not_shown", "not_shown_others", "elsewhere")
    assert running.parts[1].values["since"] == dt.date(2026, 6, 1)
    settled = answer(view(line, loans=[loan(line, 12_000, "2026-05-01", {"2026-06-20": 5_000})]), "OVERDUE_RECORD_KEPT")
    (told,) = values(settled.parts, "settled")
    assert told == {"product": CONSUMER, "settled": dt.date(2026, 6, 20), "until": dt.date(2031, 6, 20)}


@pytest.mark.parametrize(
    ("amount", "opened", "repaid", "fits"),
    [
        (12_000, "2025-09-01", "2026-03-31", True),
        (12_000, "2025-09-01", "2026-04-01", False),  # repaid too late
        (12_000, "2025-12-05", "2026-03-31", False),  # fell overdue in 2026
        (200_000, "2025-09-01", "2026-03-31", False),  # an instalment above 10,000
    ],
)
def test_whether_the_one_off_rule_may_reach_what_was_overdue_here(amount: int, opened: str, repaid: str, fits: bool) -> None:
    line = facility("consumer-line", most=300_000, opened="2025-08-01")
    whole = loan(line, amount, opened, {repaid: amount * 2})
    found = answer(view(line, loans=[whole]), "OVERDUE_RECORD_KEPT")
    assert ("not_shown_yours" in found.cases, "not_shown_others" in found.cases) == (fits, not fits)


def test_the_one_off_rule_is_of_persons_and_passes() -> None:
    assert "not_shown" not in answer(view(kind=Kind.COMPANY), "OVERDUE_RECORD_KEPT").cases
    later = replace(view(), today=dt.date(2031, 4, 1))
    assert "not_shown" not in answer(later, "OVERDUE_RECORD_KEPT").cases
    assert "not_shown" in answer(replace(view(), today=dt.date(2031, 3, 31)), "OVERDUE_RECORD_KEPT").cases


def test_a_bundle_that_does_not_say_for_how_long() -> None:
    line = facility("consumer-line")
    made = view(line, loans=[loan(line, 12_000, "2026-05-01", {"2026-06-20": 5_000})], bundle="starter")
    found = answer(made, "OVERDUE_RECORD_KEPT")
    assert found.cases == ("unknown", "elsewhere")
