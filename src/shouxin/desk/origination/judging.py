"""Applications that a person decides: referred by the policy, or contested by the customer. Read first: `judge`.

A case goes to its queue when the policy refers, or when a customer contests what a machine alone has declined. Whoever decides it
does so within their authority (`infra/access/cases.py`); what they approve becomes an offer like any other. What nobody decides
in time gets the queue's default outcome.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from shouxin.book.customers import check_may_borrow
from shouxin.book.customers.personal import opened_person, person_wanted
from shouxin.book.facilities.acts import Offer
from shouxin.book.facilities.model import exposure
from shouxin.book.facilities.work import Asker, Command, Work, ask_all
from shouxin.desk.decisions.missing import all_values
from shouxin.desk.decisions.policies import assessor_of
from shouxin.desk.decisions.store import decision_of, facts_of_canonical
from shouxin.desk.origination import errors, store
from shouxin.desk.origination.answer import Grant, ceiling_of, needed, without
from shouxin.desk.origination.applying import REFERRAL, offered_part, raise_line
from shouxin.desk.origination.model import By, Part, Status
from shouxin.desk.origination.offering import make_offer
from shouxin.desk.servicing.house import House
from shouxin.desk.servicing.papers_kept import Party
from shouxin.desk.servicing.vetting import vetted
from shouxin.engines.policy.load import Bundle
from shouxin.engines.policy.plain import evaluate
from shouxin.foundation.money import show_amount, write_amount
from shouxin.infra.access.cases import Case, CaseStatus, NewCase, Verdict, case_of, decide, due, expire, open_case
from shouxin.infra.access.principals import Principal
from shouxin.infra.db.connect import Connection
from shouxin.infra.db.keys_of_customers import CustomerKey
from shouxin.infra.db.unit import Unit
from shouxin.infra.messages.history import About

CONTEST, OVERLAY, APPROVE = "contest", "overlay", "approve"
PRINCIPAL, BATCH = "close of business", 100


def contest(application_id: uuid.UUID, product: str) -> Command:
    """The customer wants a person to look at what a machine alone has declined. Raises ApplicationUnknown, NotContestable,
    QueueFull. Personal Information Protection Law, art. 24; Regulation (EU) 2016/679, art. 22(3)."""
    body = {"application": application_id, "product": product}
    return Command("application.contest", body, lambda work: _contest(work, application_id, product))


def _contest(work: Work, application_id: uuid.UUID, product: str) -> Mapping[str, Any]:
    customer_id, unit = work.standing.customer.customer_id, work.unit
    part = store.part_of(unit, customer_id, application_id, product)
    if part.status is not Status.DECLINED or part.by is not By.MACHINE:
        by = part.by.value if part.by else "-"
        raise errors.NotContestable("application", f"{application_id} {product}", status=part.status.value, by=by)
    new = NewCase(customer_id, CONTEST, application_id, part.amount or 0, part.lang, work.history.principal)
    case = open_case(unit, new, work.standing.today)
    changed = replace(part, status=Status.CONTESTED, by=None, case_id=case.case_id)
    store.store_part(unit, customer_id, changed)
    work.tell("application.contested", {"application": application_id.hex, "product": product, "case": case.case_id.hex}, About())
    return {"application": application_id, "product": product, "case": case.case_id, "by": case.expires}


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a person decides about a case. rate_ppm: where the policy has no price for the customer, or another one is meant"""

    by: Principal
    case_id: uuid.UUID
    verdict: Verdict
    rate_ppm: int | None = None


def judge(house: House, customer_id: uuid.UUID, judgement: Judgement) -> Command:
    """A person decides a case. Within their authority an approval becomes an offer; above it, it waits for a second person.

    Raises the refusals of `case_rules.DECIDE_ORDER`, RateNotKnown, GrantAboveCeiling, then those of `acts.offered`.
    """
    verdict = judgement.verdict
    body = {"case": judgement.case_id, "outcome": verdict.outcome, "granted": verdict.granted, "rate_ppm": judgement.rate_ppm}
    body["reason"] = house.ring.blind("case.reason", verdict.reason).hex()
    reads = (person_wanted(customer_id),)
    command = Command("case.decide", body, lambda work: _judge(work, house, judgement), reads)
    return vetted(house, customer_id, command) if verdict.outcome == APPROVE else command


def _judge(work: Work, house: House, judgement: Judgement) -> Mapping[str, Any]:
    case_id, verdict = judgement.case_id, judgement.verdict
    customer_id, today = work.standing.customer.customer_id, work.standing.today
    key, person = opened_person(house.ring, customer_id, work.rows[0])
    case = decide(work.unit, case_of(work.unit, customer_id, case_id), judgement.by, verdict, today, key)
    work.tell("case.decided" if case.status is CaseStatus.DECIDED else "case.proposed", _case_told(case), About())
    told = {"case": case_id, "status": case.status, "outcome": verdict.outcome}
    if case.status is not CaseStatus.DECIDED:
        return told
    part = store.part_of_case(work.unit, customer_id, case_id)
    if verdict.outcome != APPROVE:
        return {**told, **_declined(work, part, By.PERSON)}
    return {**told, **_granted(work, Party(house, key, person, part.lang), (part, case, judgement.rate_ppm))}


@dataclass(frozen=True, slots=True)
class _Priced:
    """What the decision's bundle has for a product and this customer, whatever the decision was.

    room:    what the policy's total line left for it; ceiling: the most that a customer of the tier may owe; minor units
    """

    bundle: Bundle
    rate_ppm: int | None
    displaces: tuple[str, ...]
    room: int
    ceiling: int


def _granted(work: Work, party: Party, what: tuple[Part, Case, int | None]) -> Mapping[str, Any]:
    part, case, rate_ppm = what
    check_may_borrow(work.standing.customer)
    priced = _priced(work, party.key, part)
    rate, most = priced.rate_ppm if rate_ppm is None else rate_ppm, case.granted or 0
    if rate is None:
        raise errors.RateNotKnown("rate", "")
    product = priced.bundle.products[part.product]
    left = without(work.standing.facilities, priced.displaces)
    room = max(0, min(priced.room, priced.ceiling - exposure(left)))
    if most > room:
        raise errors.GrantAboveCeiling("granted", write_amount(most), most=show_amount(room))
    raise_line(work, min(priced.ceiling, needed(left) + most))
    terms = tuple((each.method, tuple(each.months)) for each in product.terms)
    offered = make_offer(work, priced.bundle, Grant(Offer(part.product, most, rate, terms), priced.displaces), party)
    work.finish()  # the facility stands before the row that names it
    store.store_part(work.unit, work.standing.customer.customer_id, offered_part(part, By.PERSON, offered))
    work.tell("application.offered", {**part.told(), "by": By.PERSON.value}, About(offered.facility.id))
    return {**_about(part), **offered.to_dict(), "displaces": list(priced.displaces)}


def _declined(work: Work, part: Part, by: By) -> Mapping[str, Any]:
    store.store_part(work.unit, work.standing.customer.customer_id, replace(part, status=Status.DECLINED, by=by))
    told = {**part.told(), "by": by.value, "contested": part.status is Status.CONTESTED}
    work.tell("application.declined", told, About())
    return _about(part)


def _priced(work: Work, key: CustomerKey, part: Part) -> _Priced:
    kept = decision_of(work.unit, key, part.decision_id)
    policy, decision = assessor_of(work.unit, kept.bundle).policy, kept.decision
    facts = facts_of_canonical(policy.plan, kept.facts)
    product = next(each for each in policy.plan.products if each.code == part.product)
    values, ceiling = all_values(policy, facts, decision.as_of), ceiling_of(policy.bundle, decision.tier)
    room = values[f"_{product.column}_room"]
    rate = evaluate(product.price, values)
    return _Priced(policy.bundle, rate, product.displaces, room if isinstance(room, int) else ceiling, ceiling)


def lapse_due(connection: Connection, day: dt.date) -> int:
    """Give their default to the cases of applications, and of adjustments by hand, that nobody decided before a day, some at a
    time; returns how many.

    A repeat finds nothing. Disputes have no default (`reporting_late.py` of servicing).
    """

    def find(unit: Unit) -> Iterator[tuple[Asker, Command]]:
        for each in due(unit, day, (REFERRAL, CONTEST, OVERLAY), BATCH):
            yield Asker(each.customer_id, PRINCIPAL, f"case {each.case_id} lapses {day}"), _lapse(each.case_id)

    return ask_all(connection, find)


def _lapse(case_id: uuid.UUID) -> Command:
    """The default of a case becomes its outcome. Raises CaseUnknown, CaseNotDue."""

    def act(work: Work) -> Mapping[str, Any]:
        customer_id = work.standing.customer.customer_id
        case = expire(work.unit, case_of(work.unit, customer_id, case_id), work.standing.today)
        work.tell("case.expired", _case_told(case), About())
        if case.kind == OVERLAY:  # the adjustment is not made; it was nobody's application
            return {"case": case_id, "outcome": case.outcome}
        return _declined(work, store.part_of_case(work.unit, customer_id, case_id), By.DEFAULT)

    return Command("case.expire", {"case": case_id}, act)


def _about(part: Part) -> dict[str, Any]:
    return {"application": part.application_id.hex, "product": part.product}


def _case_told(case: Case) -> dict[str, Any]:
    return {"case": case.case_id.hex, "kind": case.kind, "outcome": case.outcome}
