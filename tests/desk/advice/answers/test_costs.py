"""What borrowing costs: by method, as an annual rate, and when it is repaid early."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from shouxin.desk.advice.answers import answer
from shouxin.desk.advice.answers.switching import saved
from shouxin.desk.advice.answers.values import Amount, Daily, Rate, months
from shouxin.engines.loans import events as ev
from shouxin.engines.loans.agreement import EarlyInterest, Prepayment
from shouxin.engines.loans.disclosure import METHODS, NO_PROMISE, NOTHING_ELSE
from shouxin.engines.loans.model import Method, Shape, Terms
from shouxin.engines.loans.quote import quote
from shouxin.foundation.texts import Text
from tests.desk.advice.answers.made import TODAY, YUAN, facility, loan, values, view

CONSUMER = Text("个人消费贷", "Consumer line")


def test_methods_compared_on_the_lines_own_rate() -> None:
    found = answer(view(facility("consumer-line")), "INTEREST_ONLY_OR_INSTALMENTS")
    assert found.cases == ("terms", "method", "method", "differ") and found.notices == (NOTHING_ELSE, NO_PROMISE)
    assert found.parts[0].values == {
        "product": CONSUMER,
        "amount": Amount(10_000 * YUAN),
        "months": months(12),
        "rate": Rate(109_500),
        "daily": Daily(109_500),
    }
    equal, only = (
        quote(Terms(10_000 * YUAN, 109_500, each, Shape(TODAY, 12))) for each in (Method.EQUAL_INSTALMENT, Method.INTEREST_ONLY)
    )
    first, second = values(found.parts, "method")
    assert (first["method"], first["cost"]) == (METHODS[Method.EQUAL_INSTALMENT], Amount(equal.cost))
    assert (second["method"], second["cost"]) == (METHODS[Method.INTEREST_ONLY], Amount(only.cost))
    assert Amount(1_095 * YUAN) == second["cost"]  # a year of 10.95% on 10,000
    (told,) = values(found.parts, "differ")
    assert (told["dear"], told["more"]) == (METHODS[Method.INTEREST_ONLY], Amount(only.cost - equal.cost))


def test_the_example_is_what_is_free_where_that_is_less() -> None:
    line = facility("consumer-line", most=12_000)
    found = answer(view(line, loans=[loan(line, 8_000, "2026-07-01")]), "INTEREST_ONLY_OR_INSTALMENTS")
    assert found.parts[0].values["amount"] == Amount(4_000 * YUAN)
    full = answer(view(line, loans=[loan(line, 12_000, "2026-07-01")]), "INTEREST_ONLY_OR_INSTALMENTS")
    assert full.parts[0].values["amount"] == Amount(10_000 * YUAN)


def test_methods_are_compared_over_months_that_all_of_them_have() -> None:
    found = answer(view(facility("business-loan")), "INTEREST_ONLY_OR_INSTALMENTS")
    assert found.parts[0].values["months"] == months(12)  # 24 months are on offer in equal instalments only


def test_a_line_with_one_method_and_no_line() -> None:
    found = answer(view(facility("pay-later")), "INTEREST_ONLY_OR_INSTALMENTS")
    assert found.cases == ("terms", "method", "one")
    none = answer(view(facility("consumer-line", "closing")), "INTEREST_ONLY_OR_INSTALMENTS")
    assert none.cases == ("unknown",) and none.notices == ()


def test_methods_that_cost_the_same() -> None:
    found = answer(view(facility("consumer-line", rate_ppm=0)), "INTEREST_ONLY_OR_INSTALMENTS")
    assert found.cases == ("terms", "method", "method", "same")


def test_the_rate_of_a_line() -> None:
    found = answer(view(facility("consumer-line")), "REAL_ANNUAL_RATE")
    assert found.cases == ("line", "compare") and found.notices == (NOTHING_ELSE,)
    told = found.parts[0].values
    assert (told["rate"], told["daily"], told["late"]) == (Rate(109_500), Daily(109_500), Rate(164_250))
    assert {each.name for each in found.parts[0].uses} == {"rate", "price.penalty_multiple_bp", "all_in.0"}


def test_the_penalty_stays_within_the_cap() -> None:
    (told,) = values(answer(view(facility("consumer-line", rate_ppm=200_000)), "REAL_ANNUAL_RATE").parts, "line")
    assert told["late"] == Rate(240_000)


def test_a_loan_at_another_rate_than_its_line() -> None:
    line = facility("consumer-line")
    same = view(line, loans=[loan(line, 5_000)])
    assert answer(same, "REAL_ANNUAL_RATE").cases == ("line", "compare")
    other = answer(view(line, loans=[loan(line, 5_000, rate_ppm=73_000)]), "REAL_ANNUAL_RATE")
    assert other.cases == ("line", "loan", "compare") and other.parts[1].values["rate"] == Rate(73_000)


def test_what_the_rate_would_be_without_a_line() -> None:
    found = answer(view(), "REAL_ANNUAL_RATE")
    assert found.cases == ("would", "would", "compare") and found.notices == (NO_PROMISE,)
    assert found.parts[0].values == {"product": CONSUMER, "rate": Rate(73_000), "daily": Daily(73_000)}
    for facts in ({"customer_state": "frozen"}, {"is_sanctioned": True}):
        assert answer(view(facts=facts), "REAL_ANNUAL_RATE").cases == ("unknown", "compare")


def test_an_upfront_fee_is_told_and_counts() -> None:
    made = view(facility("consumer-line"))
    (held,) = made.lines
    price = held.product.price.model_copy(update={"upfront_fee": 10_000})
    product = held.product.model_copy(update={"price": price})
    bundle = replace(held.bundle, products={**held.bundle.products, "consumer-line": product})
    found = answer(replace(made, lines=(replace(held, bundle=bundle),)), "REAL_ANNUAL_RATE")
    assert found.cases == ("line_fee", "compare")
    told = found.parts[0].values
    assert (
        told["fee"] == Amount(100 * YUAN)
        and told["all_in"] == quote(Terms(10_000 * YUAN, 109_500, Method.EQUAL_INSTALMENT, Shape(TODAY, 12)), 100 * YUAN).all_in
    )


def test_what_settles_a_loan_today() -> None:
    line = facility("consumer-line")
    found = answer(view(line, loans=[loan(line, 10_000, "2026-06-21")]), "EARLY_REPAYMENT_FEE")
    assert found.cases == ("loan", "part")
    told = found.parts[0].values
    assert told["interest"] == Amount(3_000)  # ten days of 10,000 at 10.95%: 30 yuan
    assert (told["owed"], told["payoff"]) == (Amount(10_000 * YUAN), Amount(10_030 * YUAN))
    assert told["opened"] == dt.date(2026, 6, 21)


def test_early_repayment_in_other_cases() -> None:
    line = facility("consumer-line")
    late = answer(view(line, loans=[loan(line, 10_000, "2026-05-01")]), "EARLY_REPAYMENT_FEE")
    assert late.cases == ("loan_late", "part")
    to_due = loan(line, 10_000, "2026-06-21", early_interest=EarlyInterest.TO_NEXT_DUE, prepayment=Prepayment.SHORTEN_TERM)
    found = answer(view(line, loans=[to_due]), "EARLY_REPAYMENT_FEE")
    assert found.cases == ("loan_to_due", "part") and found.parts[0].values["interest"] == Amount(9_000)  # thirty days
    assert answer(view(line), "EARLY_REPAYMENT_FEE").cases == ("none",)


def test_a_loan_that_was_written_off() -> None:
    line = facility("consumer-line")
    of_line, events = loan(line, 10_000, "2026-03-01")
    day = dt.date(2026, 6, 1)
    gone = (of_line, (*events, ev.WrittenOff("9", day, day)))
    found = answer(view(line, loans=[gone]), "EARLY_REPAYMENT_FEE")
    assert found.cases == ("claim",)


def test_what_is_saved_by_paying_off_early_is_the_interest_to_come() -> None:
    """A penalty is owed either way, and takes nothing off what is saved."""
    line = facility("consumer-line")
    (held,) = view(line, loans=[loan(line, 12_000, "2026-05-01")]).lines
    to_come = sum(due.interest for each in held.owing for due in each.to_come)
    running = held.payoff - held.due - sum(each.loan.principal_to_come for each in held.owing)
    assert saved(held) == to_come - running > 0
    assert held.due > sum(due.unpaid_interest + due.unpaid_principal for due in held.owing[0].loan.dues)  # there is a penalty
