"""Applying: from what a customer asks for to offers, to cases for a person, and to reasons. Read first: `apply`.

Everything happens in one request: facts are read, a decision is made and kept, and each product that was asked for is offered,
referred or declined. Nothing outside is asked: a bureau is, where the customer agreed, before the request begins (`asking.py`).
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from shouxin.book.customers import check_may_borrow
from shouxin.book.customers.errors import CustomerDeceased, CustomerFrozen, CustomerInsolvent, CustomerListed
from shouxin.book.customers.personal import opened_person, person_wanted
from shouxin.book.customers.screening import check_not_listed
from shouxin.book.facilities.model import Line, Standing
from shouxin.book.facilities.work import Command, Work
from shouxin.book.products import BundleNotActive, active_bundle
from shouxin.desk.decisions.explain import Explainer, ReasonText
from shouxin.desk.decisions.store import Kind
from shouxin.desk.origination import errors, store
from shouxin.desk.origination.answer import Answer, answer
from shouxin.desk.origination.deciding import Decided, decide, decide_application
from shouxin.desk.origination.model import Asking, By, Part, Status
from shouxin.desk.origination.offering import Offered, make_offer
from shouxin.desk.servicing.house import House
from shouxin.desk.servicing.papers_kept import Party
from shouxin.engines.policy.load import Bundle
from shouxin.foundation.ids import new_id
from shouxin.foundation.refusal import Refusal
from shouxin.foundation.texts import LANGUAGES
from shouxin.infra.access.cases import NewCase, QueueFull, open_case
from shouxin.infra.db.unit import Unit
from shouxin.infra.messages.history import About

REFERRAL = "referral"
ORDER: tuple[type[Refusal], ...] = (
    CustomerFrozen,
    CustomerDeceased,
    CustomerInsolvent,
    CustomerListed,
    BundleNotActive,
    errors.LanguageNotOurs,
    errors.NothingAsked,
    errors.ProductNotOffered,
    errors.ProductAlreadyHeld,
    errors.ApplicationWaits,
    QueueFull,
)


def apply(house: House, customer_id: uuid.UUID, asking: Asking) -> Command:
    """An application. The answer says for each product what became of it; the refusals are those of `ORDER`, then those of
    `acts.offered`. A repeat under another key applies again, and is refused while an offer or a case is open."""
    body = {"products": dict(asking.products), "lang": asking.lang}
    return Command("application.apply", body, lambda work: _apply(work, house, asking), (person_wanted(customer_id),))


def precheck(house: House, customer_id: uuid.UUID, lang: str = "zh") -> Command:
    """What the customer could have, from what is held already: no enquiry anywhere, no offer, no case; the decision is kept.

    The refusals are those of `ORDER` up to LanguageNotOurs.
    """
    reads = (person_wanted(customer_id),)
    return Command("application.precheck", {"lang": lang}, lambda work: _precheck(work, house, lang), reads)


def _precheck(work: Work, house: House, lang: str) -> Mapping[str, Any]:
    party = _party(work, house, lang)
    if lang not in LANGUAGES:
        raise errors.LanguageNotOurs("lang", lang)
    decided = decide(work, party.key, Kind.PRECHECK, {})
    work.tell("precheck.made", {"decision": decided.decision_id.hex}, About())
    products = [_told(decided, each.product, each.outcome) for each in decided.decision.products]
    return {"decision": decided.decision_id, "total_line": decided.decision.total_line, "products": products}


def _apply(work: Work, house: House, asking: Asking) -> Mapping[str, Any]:
    party = _party(work, house, asking.lang)
    check_asked(work.unit, work.standing, active_bundle(work.unit, work.standing.today), asking)
    decided = decide_application(work, party.key, asking.products)
    found = answer(decided.decision, work.standing, decided.bundle, list(asking.products))
    application_id = new_id()
    row = (work.standing.customer.customer_id, application_id, decided.decision_id, work.standing.today)
    work.unit.write(store.QUERIES["application_added"], (*row, work.history.principal, asking.lang))
    work.tell("application.made", {"application": application_id.hex, "decision": decided.decision_id.hex}, About())
    blank = Part(application_id, decided.decision_id, row[-1], asking.lang, "", None, Status.DECLINED, By.MACHINE)
    ours = (party, decided, found)
    told = [_one(work, ours, replace(blank, product=code, amount=amount)) for code, amount in asking.products.items()]
    return {"application": application_id, "decision": decided.decision_id, "products": told}


def _one(work: Work, ours: tuple[Party, Decided, Answer], blank: Part) -> Mapping[str, Any]:
    party, decided, found = ours
    product, customer_id = blank.product, work.standing.customer.customer_id
    part, more, until = blank, dict[str, Any](), dict[str, str]()
    if product in found.grants:
        raise_line(work, found.total)
        offered = make_offer(work, decided.bundle, found.grants[product], party)
        part, more = offered_part(blank, By.MACHINE, offered), offered.to_dict()
        more["displaces"] = list(found.grants[product].displaces)
    elif product in found.referred:
        new = NewCase(customer_id, REFERRAL, blank.application_id, blank.amount or 0, party.lang, work.history.principal)
        case = open_case(work.unit, new, work.standing.today)
        part = replace(blank, status=Status.REFERRED, by=None, case_id=case.case_id)
        more, until = {"case": case.case_id, "by": case.expires}, {"until": case.expires.isoformat()}
    else:
        more["reasons"] = [each.code for each in found.declined[product]]
    work.finish()  # the facility stands before the row that names it
    store.add_part(work.unit, customer_id, part)
    outcome = {Status.OFFERED: "approve", Status.REFERRED: "refer"}.get(part.status, "decline")
    by = {"by": part.by.value} if part.by else {}
    work.tell(f"application.{part.status}", {**part.told(), **by, **until}, About(part.facility_id))
    return {**_told(decided, product, outcome), **more}


def offered_part(part: Part, by: By, offered: Offered) -> Part:
    """A part that was offered."""
    return replace(part, status=Status.OFFERED, by=by, facility_id=offered.facility.id, contract=offered.contract)


def raise_line(work: Work, total: int) -> None:
    """The total line, raised where it is lower."""
    line = work.standing.line
    if line is None or line.total < total:
        work.set_line(replace(line, total=total) if line else Line(total))
        work.tell("line.set", {"total": total}, About(reason="GRANTED"))


def check_asked(unit: Unit, standing: Standing, bundle: Bundle, asking: Asking) -> None:
    """Raises LanguageNotOurs, NothingAsked, ProductNotOffered, ProductAlreadyHeld, ApplicationWaits."""
    known = ", ".join(bundle.products)
    if asking.lang not in LANGUAGES:
        raise errors.LanguageNotOurs("lang", asking.lang)
    if not asking.products:
        raise errors.NothingAsked("products", "", known=known)
    open_ones = {each.product: each.status.value for each in standing.facilities if each.is_open}
    for each in asking.products:
        if each not in bundle.products:
            raise errors.ProductNotOffered("product", each, known=known)
    for each in asking.products:
        if each in open_ones:
            raise errors.ProductAlreadyHeld("product", each, status=open_ones[each])
    waits = store.waiting(unit, standing.customer.customer_id)
    for each in asking.products:
        if each in waits:
            raise errors.ApplicationWaits("product", each)


def _party(work: Work, house: House, lang: str) -> Party:
    customer = work.standing.customer
    check_may_borrow(customer)
    key, person = opened_person(house.ring, customer.customer_id, work.rows[0])
    check_not_listed(house.screening, customer.customer_id, person)
    return Party(house, key, person, lang)


def _told(decided: Decided, product: str, outcome: str) -> dict[str, Any]:
    """What an answer says of a product, with the reasons and what is missing in words of both languages."""
    each = decided.decision.product(product)
    zh, en = (_words(decided, product, lang) for lang in ("zh", "en"))
    texts = [
        {"code": one.code, "zh": one.text, "en": two.text, "do_zh": one.do, "do_en": two.do}
        for one, two in zip(zh[0], en[0], strict=True)
    ]
    missing = [{"zh": one, "en": two} for one, two in zip(zh[1], en[1], strict=True)]
    limits = {"limit": each.limit, "rate_ppm": each.rate_ppm} if each.outcome == "approve" else {}
    return {"product": product, "outcome": outcome, **limits, "texts": texts, "missing": missing}


def _words(decided: Decided, product: str, lang: str) -> tuple[list[ReasonText], list[str]]:
    """Reasons, and the facts that are missing."""
    explainer, each = Explainer(decided.assessor.policy, lang), decided.decision.product(product)
    said = (decided.decision, each, decided.facts)
    return explainer.reasons(*said), explainer.missing(*said)
