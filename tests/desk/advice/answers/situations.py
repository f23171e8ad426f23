"""Customers in many situations, so that between them every case of every answer is told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from shouxin.desk.advice.answers.view import Lender, View
from shouxin.engines.loans import events as ev
from shouxin.engines.loans.agreement import EarlyInterest
from shouxin.foundation.texts import Text
from tests.desk.advice.answers.made import LENDER, facility, loan, view

BORROWED_FUNDS = {"self": 300_000, "trust": 700_000}


def situations() -> Iterator[tuple[str, View]]:
    """Each with what it is."""
    yield from _lines()
    yield from _debts()
    yield from _bundles()


def both() -> View:
    """Two lines that are not used."""
    return view(facility("consumer-line"), facility("business-loan", most=600_000))


def _lines() -> Iterator[tuple[str, View]]:
    yield "nothing yet", view()
    yield "nothing yet and frozen", view(facts={"customer_state": "frozen"})
    yield "too little known", replace(both(), assessed=None, lacking=(Text("身份核验通过", "identity verified"),))
    yield "an offer", view(facility("consumer-line", "offered"))
    yield "one unused line", view(facility("consumer-line", most=80_000))
    yield "two lines", both()
    yield "two lines in a pool", view(facility("consumer-line"), facility("pay-later", most=20_000))
    yield "suspended, no consent", view(facility("consumer-line", "suspended", reason="RISK"), reporting_agreed=False)
    yield "to close for not being used", view(facility("consumer-line", expires="2030-01-05", used="2026-06-30"))
    yield "under way", view(facility("consumer-line", reserved=500), facts={"bureau_date": "2026-01-01"})
    closed = [("BY_CHOICE", "2026-06-20"), ("RISK", "2026-01-20"), ("DISPLACED", "2026-06-20")]
    products = ["consumer-line", "business-loan", "pay-later"]
    yield "at no interest", view(facility("consumer-line", rate_ppm=0))
    yield "debts elsewhere", view(facts={"payments_elsewhere": 1_500, "lenders_elsewhere": 2})
    yield (
        "closed",
        view(*(facility(each, "closed", reason=why, ended=day) for each, (why, day) in zip(products, closed, strict=True))),
    )
    yield "papers", view(facility("business-loan-stocking", most=200_000))


def _debts() -> Iterator[tuple[str, View]]:
    line, other = facility("consumer-line"), facility("business-loan")
    yield "borrowed", view(line, other, loans=[loan(line, 10_000, "2026-06-15", rate_ppm=73_000)])
    yield "overdue", view(line, other, loans=[loan(line, 12_000, "2026-05-01")], facts={"days_overdue_now": 30})
    worse = {"held_consumer_line": True, "held_business_loan": True, "days_overdue_now": 91, "days_overdue_consumer_line": 91}
    yield "long overdue", view(line, other, loans=[loan(line, 12_000, "2026-03-01")], facts=worse)
    yield "not known whether overdue", view(line, other, facts={"book_status": "found", "days_overdue_now": None})
    was = loan(facility("consumer-line", opened="2025-08-01"), 12_000, "2025-09-01", {"2026-03-31": 24_000})
    yield "was overdue", view(was[0], loans=[was])
    closing = facility("consumer-line", "closing", reason="BY_CHOICE")
    yield "closing", view(closing, loans=[loan(closing, 8_000, "2026-06-15")])
    ours = facility("consumer-line", "closing", reason="RISK")
    yield "closing by us", view(ours, loans=[loan(ours, 8_000, "2026-06-15")])
    paid = {"2026-05-01": 200, "2026-06-01": 200}
    yield "all due today", view(line, loans=[loan(line, 12_000, "2026-04-01", paid, months=3, method="interest_only")])
    to_due = loan(line, 10_000, "2026-06-21", early_interest=EarlyInterest.TO_NEXT_DUE)
    yield "interest to the due date", view(line, loans=[to_due])
    _, events = loan(line, 10_000)
    gone = ev.WrittenOff("9", dt.date(2026, 6, 1), dt.date(2026, 6, 1))
    yield "written off", view(line, loans=[(line, (*events, gone))])


def _bundles() -> Iterator[tuple[str, View]]:
    yield "products that exclude each other", view(facility("business-loan"), bundle="exclusive")
    closed = facility("consumer-line", "closed", reason="BY_CHOICE", ended="2026-06-20")
    yield "another bundle", view(closed, bundle="starter")
    made = view(facility("consumer-line"), lender=Lender(LENDER, BORROWED_FUNDS))
    yield "several funders from now on", made
    line = facility("consumer-line")
    made = view(line, loans=[loan(line, 5_000)])
    (held,) = made.lines
    yield "several funders", replace(made, lines=(replace(held, loans=(replace(held.loans[0], funders=BORROWED_FUNDS),)),))
    for uses in (
        {"allowed": ["shopping"], "forbidden": ["bonds"], "proof_above": None},
        {"allowed": ["home_purchase"], "forbidden": []},
    ):
        yield "other uses", with_product(view(facility("consumer-line")), uses=uses)
    yield "a fee", with_product(view(facility("consumer-line")), price={"upfront_fee": 10_000})


def with_product(made: View, **parts: dict[str, Any]) -> View:
    """The same customer, whose only line has a product with other values in some parts."""
    (held,) = made.lines
    update = {name: getattr(held.product, name).model_copy(update=values) for name, values in parts.items()}
    product = held.product.model_copy(update=update)
    bundle = replace(held.bundle, products={**held.bundle.products, held.code: product})
    return replace(made, lines=(replace(held, bundle=bundle),))
