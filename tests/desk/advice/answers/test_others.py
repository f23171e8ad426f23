"""Overdue and other lines, uses and proof, and who lends."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from shouxin.desk.advice.answers import answer
from shouxin.desk.advice.answers.model import Answer
from shouxin.desk.advice.answers.values import Amount, Listed, Rate, days
from shouxin.desk.advice.answers.view import Lender, View
from shouxin.foundation.texts import Text
from tests.desk.advice.answers.made import LENDER, YUAN, facility, loan, values, view

CONSUMER = Text("个人消费贷", "Consumer line")
BUSINESS = Text("经营贷", "Business loan")


def both(**changes: Any) -> View:
    return view(facility("consumer-line"), facility("business-loan", most=600_000), **changes)


def codes(found: Answer) -> dict[str, str]:
    """Which rule is told how."""
    return {str(each.values["code"].zh): each.case for each in found.parts if isinstance(each.values.get("code"), Text)}  # type: ignore[union-attr]


def test_what_being_overdue_would_do() -> None:
    found = answer(both(), "OVERDUE_AND_OTHERS")
    assert found.cases == ("not_late", "suspends", "closes", "closes")
    assert [each.values["products"] for each in found.parts[1:]] == [
        Listed((CONSUMER, BUSINESS)),
        Listed((CONSUMER,)),
        Listed((BUSINESS,)),
    ]
    assert found.parts[1].uses[0].value == Text("days_overdue_now > 30", "days_overdue_now > 30")


def test_whether_a_rule_applies_is_not_known_without_facts() -> None:
    found = answer(replace(both(), assessed=None), "OVERDUE_AND_OTHERS")
    assert found.cases == ("not_late", "unknown", "unknown", "unknown")


def test_a_rule_about_a_line_that_is_not_held_is_not_told() -> None:
    assert codes(answer(view(facility("consumer-line")), "OVERDUE_AND_OTHERS")) == {"CROSS_OVERDUE": "suspends"}
    pool = view(facility("consumer-line"), facility("pay-later", most=20_000))
    assert codes(answer(pool, "OVERDUE_AND_OTHERS")) == {"CROSS_OVERDUE": "suspends"}


def test_what_being_overdue_does_now() -> None:
    line, other = facility("consumer-line"), facility("business-loan")
    facts = {"days_overdue_now": 30, "days_overdue_consumer_line": 30}
    late = view(line, other, loans=[loan(line, 12_000, "2026-05-01")], facts=facts)
    found = answer(late, "OVERDUE_AND_OTHERS")
    assert found.cases == ("late", "suspends", "closes", "closes")
    assert (found.parts[0].values["since"], found.parts[0].values["days"]) == (dt.date(2026, 6, 1), days(30))
    held = {"held_consumer_line": True, "held_business_loan": True}
    worse = view(line, other, facts={**held, "days_overdue_now": 91, "days_overdue_consumer_line": 91})
    assert codes(answer(worse, "OVERDUE_AND_OTHERS")) == {
        "CROSS_OVERDUE": "suspends_now",
        "CROSS_DEFAULT_BUSINESS": "closes",
        "CROSS_DEFAULT_PERSONAL": "closes_now",
    }


def test_overdue_without_lines_rules_or_facts() -> None:
    assert answer(view(), "OVERDUE_AND_OTHERS").cases == ("none",)
    closing = view(facility("consumer-line", "closing"))
    assert answer(closing, "OVERDUE_AND_OTHERS").cases == ("not_late", "no_rules")
    unknown = both(facts={"book_status": "found", "days_overdue_now": None})
    assert codes(answer(unknown, "OVERDUE_AND_OTHERS"))["CROSS_OVERDUE"] == "unknown"


def test_homes_and_shares_are_forbidden() -> None:
    found = answer(view(facility("consumer-line")), "HOUSE_OR_SHARES")
    assert found.cases == ("forbidden", "misuse")
    assert Text("股票", "shares") in found.parts[0].values["forbidden"].items  # type: ignore[union-attr]
    assert found.parts[1].values == {"products": Listed((CONSUMER,)), "rate": Rate(219_000), "wait": days(365)}
    assert answer(both(), "HOUSE_OR_SHARES").cases == ("forbidden", "forbidden", "misuse")
    assert answer(view(), "HOUSE_OR_SHARES").cases == ("forbidden",) * 3


@pytest.mark.parametrize(
    ("allowed", "forbidden", "case"),
    [(["shopping"], ["bonds"], "not_named"), (["home_purchase"], ["shares"], "allowed"), (["shopping"], ["shares"], "forbidden")],
)
def test_what_a_product_names(allowed: list[str], forbidden: list[str], case: str) -> None:
    made = view(facility("consumer-line"))
    found = answer(_with_uses(made, allowed=allowed, forbidden=forbidden), "HOUSE_OR_SHARES")
    assert found.cases[0] == case


def test_from_which_amount_on_proof_is_asked_for() -> None:
    small = answer(view(facility("consumer-line", most=50_000)), "WHY_PROOF")
    assert small.cases == ("limit_below", "why")
    assert small.parts[0].values["above"] == Amount(50_000 * YUAN)
    more = answer(view(facility("consumer-line", most=50_100)), "WHY_PROOF")
    assert more.cases == ("proof", "why")
    large = answer(view(facility("business-loan", most=600_000)), "WHY_PROOF")
    assert large.cases == ("proof", "entrusted", "why") and large.parts[1].values["above"] == Amount(500_000 * YUAN)
    stocking = answer(view(facility("business-loan-stocking", most=200_000)), "WHY_PROOF")
    assert stocking.cases == ("proof", "papers", "papers", "why")
    assert stocking.parts[1].values["above"] == Amount(10_000 * YUAN)
    assert "products/business-loan.yaml" in stocking.parts[1].uses[0].where


def test_a_product_that_asks_for_no_proof() -> None:
    made = _with_uses(view(facility("consumer-line")), proof_above=None)
    assert answer(made, "WHY_PROOF").cases == ("no_proof", "why")


def test_who_lends() -> None:
    found = answer(view(facility("consumer-line")), "WHO_IS_LENDER")
    assert found.cases == ("lender", "alone", "complain")
    assert found.parts[0].values == {"lender": LENDER, "licence": Text("银行", "a bank")}


def test_loans_with_several_funders() -> None:
    line = facility("consumer-line")
    made = view(line, loans=[loan(line, 5_000)], lender=Lender(LENDER, {"self": 300_000, "trust": 700_000}))
    own = answer(made, "WHO_IS_LENDER")
    assert own.cases == ("lender", "new_shared", "complain")
    shares = own.parts[1].values["funders"]
    assert shares == Listed(
        (Text("授信示范银行（30%）", "Shouxin Demonstration Bank (30%)"), Text("trust（70%）", "trust (70%)"))
    )
    (held,) = made.lines
    shared = replace(held, loans=(replace(held.loans[0], funders={"self": 100_000, "trust": 900_000}),))
    found = answer(replace(made, lines=(shared,), lender=Lender(LENDER, {"self": 1_000_000})), "WHO_IS_LENDER")
    assert found.cases == ("lender", "loan_shared", "complain")
    assert values(found.parts, "loan_shared")[0]["opened"] == dt.date(2026, 3, 1)


def _with_uses(made: View, **uses: Any) -> View:
    """The same customer whose line's product has other uses."""
    (held,) = made.lines
    product = held.product.model_copy(update={"uses": held.product.uses.model_copy(update=uses)})
    bundle = replace(held.bundle, products={**held.bundle.products, held.code: product})
    return replace(made, lines=(replace(held, bundle=bundle),))
