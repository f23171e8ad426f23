"""Customers in many situations, so that between them every case of every answer is told."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from shouxin.desk.advice.answers.view import Change, Lender, Raising, View
from shouxin.desk.advice.whatif.errors import LineNotHeld
from shouxin.desk.advice.whatif.model import IDENTITY
from shouxin.desk.origination.plans import Plan
from shouxin.engines.loans import events as ev
from shouxin.engines.loans.agreement import EarlyInterest
from shouxin.foundation.texts import Text
from tests.desk.advice.answers.made import LENDER, TODAY, changed, decided, facility, loan, view, with_closing

MERCHANT: dict[str, Any] = {
    "customer_type": "merchant",
    "held_business_loan": True,
    "line_business_loan": 50_000,
    "used_business_loan": 20_000,
}
SETTLED: dict[str, Any] = {"held_business_loan": False, "line_business_loan": 0, "used_business_loan": 0}
BORROWED_FUNDS = {"self": 300_000, "trust": 700_000}


def situations() -> Iterator[tuple[str, View]]:
    """Each with what it is."""
    yield from _lines()
    yield from _debts()
    yield from _bundles()
    yield from _switching()
    yield from _past()
    yield from _raising()


def both() -> View:
    """Two lines that are not used."""
    return view(facility("consumer-line"), facility("business-loan", most=600_000))


def _lines() -> Iterator[tuple[str, View]]:
    yield "nothing yet", view()
    yield "nothing yet and frozen", view(facts={"customer_state": "frozen"})
    yield "too little known", replace(both(), assessed=None, lacking=(Text("身份核验通过", "identity verified"),))
    yield "identity not proven", view(facility("consumer-line"), facts={"identity_verified": False})
    unknown = both()
    yield "identity not known", replace(unknown, given={name: each for name, each in unknown.given.items() if name != IDENTITY})
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


def _switching() -> Iterator[tuple[str, View]]:
    line = facility("consumer-line")
    yield "two to choose from", with_closing(view(line), held_consumer_line=False)
    business = view(facility("business-loan"), bundle="exclusive", facts=MERCHANT)
    yield "one displaces the other", with_closing(business, **SETTLED)
    line_of = facility("business-loan")
    owes = view(line_of, bundle="exclusive", facts=MERCHANT, loans=[loan(line_of, 20_000, "2026-06-15")])
    yield "one displaces the other, and owes", with_closing(owes, **SETTLED)
    yield "and then a person decides", with_closing(business, **SETTLED, days_overdue_elsewhere=9)
    yield "and then it is declined, too", with_closing(business, **SETTLED, enquiries_3m=12)
    yield "cannot be closed", with_closing(business, LineNotHeld("product", "business-loan", held="-"))
    owing = view(line, loans=[loan(line, 10_000, "2026-06-15")], facts={"worst_overdue_here_12m": 40})
    for repaid in ({"worst_overdue_here_12m": 0}, {"enquiries_3m": 8}, {}):
        yield "repaid early", with_closing(owing, repaid=repaid)
    yield "cannot be repaid", with_closing(owing, LineNotHeld("product", "consumer-line", held="-"))
    all_held = view(line, facility("business-loan"), facility("pay-later"))
    (first, *_), alone = all_held.lines, with_closing(view(line))
    yield "everything is held", replace(all_held, imagined_lines=((first, alone.imagined_lines[0][1]),))
    head = (uuid.UUID(int=3), uuid.UUID(int=4), (line.id,), "business-loan", uuid.UUID(int=5), 50_000_000, 109_500)
    plan = Plan(*head, (), uuid.UUID(int=6), "own_money", 1_000_000, "zh", TODAY, TODAY)
    yield "a switch that was promised", replace(view(line), plans=(plan,))


def _past() -> Iterator[tuple[str, View]]:
    body = {"before": 8_000_000, "most": 5_000_000}
    lowered = Change("facility.limit_changed", dt.date(2026, 6, 1), "RISK", body)
    line = facility("consumer-line")
    yield "lowered", changed(view(line), lowered)
    yield "lowered below what is used", changed(view(line, loans=[loan(line, 60_000, "2026-05-20")]), lowered)
    by_rule = facility("consumer-line", "suspended", reason="CROSS_OVERDUE")
    late = facility("business-loan")
    yield "suspended for an overdue elsewhere", view(by_rule, late, loans=[loan(late, 12_000, "2026-04-01")])
    unsettled = {"days_overdue_now": 40, "days_overdue_business_loan": 40, "held_business_loan": True, "held_consumer_line": True}
    still = view(by_rule, late, loans=[loan(late, 12_000, "2026-04-01")], facts=unsettled)
    yield "suspended for an overdue elsewhere, still", still
    yield "suspended for an overdue that is paid", view(by_rule, late)
    yield "suspended, and nobody knows", view(by_rule, late, facts={"book_status": "found", "days_overdue_now": None})
    for name, before in (
        ("more than before", {"enquiries_3m": 12}),
        ("another limit", {"monthly_income": 3_000}),
        ("as before", {}),
    ):
        now = view()
        yield name, replace(now, earlier=decided(now, **before).decision)
    for name, after in (("less than before", {"enquiries_3m": 12}), ("a person now", {"days_overdue_elsewhere": 9})):
        yield name, replace(view(facts=after), earlier=view().decision)


def _raising() -> Iterator[tuple[str, View]]:
    line = facility("consumer-line", most=50_000)
    yield "could be more", view(line)
    yield "nothing lost", view(line, facts={"months_on_book": 120})
    yield "is the most", view(facility("consumer-line", most=300_000))
    yield "no more now", view(line, facts={"enquiries_3m": 12})
    bound = view(line, facts={"monthly_income": 4_000})
    way = Raising(
        Text("已核实月收入提高到8,000.00元以上（目前4,000.00元）", "verified monthly income: 8,000.00 or more"), 6_000_000
    )
    yield "bound, with a way", replace(bound, raising={"consumer-line": (way,)})
    yield "not offered any more", view(facility("pay-later"), bundle="starter")
