"""先批后关, approve before closing: close some lines and open another, together or not at all. Read first: `promise`.

Whether the other product would be opened is seen by really settling and closing in the transaction, deciding the customer from
what is then known, and undoing all of it. What came out is promised for some days: limit, price and terms stand, whatever the
score does meanwhile, unless a fact that the promise names comes to speak against it.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from shouxin.book.customers.personal import opened_person, person_wanted
from shouxin.book.facilities import acts, service
from shouxin.book.facilities.acts import BY_CHOICE, Offer
from shouxin.book.facilities.model import Facility
from shouxin.book.facilities.model import Status as FacilityStatus
from shouxin.book.facilities.work import Command, Work
from shouxin.book.ledger import chart
from shouxin.book.products import active_bundle
from shouxin.desk.decisions.policies import active_assessor, assessor_of
from shouxin.desk.decisions.store import Kept, Kind, NewDecision, decision_of
from shouxin.desk.origination import errors
from shouxin.desk.origination.accepting import check_contract, displace
from shouxin.desk.origination.answer import Grant, answer, ceiling_of, needed
from shouxin.desk.origination.applying import check_asked, raise_line
from shouxin.desk.origination.deciding import Decided, keep_decided, known_facts
from shouxin.desk.origination.model import Asking
from shouxin.desk.origination.naming import named_facts, speaking_against
from shouxin.desk.origination.offering import keep_line_papers
from shouxin.desk.origination.plans import Plan, PlanStatus, add_plan, end_plan, plan_of, standing_plan
from shouxin.desk.servicing.house import House
from shouxin.desk.servicing.papers_kept import Party
from shouxin.desk.servicing.repay import Settled, settle
from shouxin.desk.servicing.vetting import vetted
from shouxin.foundation.ids import new_id
from shouxin.foundation.refusal import Refusal
from shouxin.infra.db.keys_of_customers import CustomerKey
from shouxin.infra.messages.history import About

SOURCES = {"own_money": chart.BANK, "credit_balance": chart.CREDIT_BALANCES}
ORDER: tuple[type[Refusal], ...] = (
    errors.SettlementSourceUnknown,
    errors.SwitchOpen,
    errors.NotClosable,
    errors.DrawUnderWay,
    errors.LanguageNotOurs,
    errors.NothingAsked,
    errors.ProductNotOffered,
    errors.ProductAlreadyHeld,
    errors.ApplicationWaits,
    errors.SwitchNotApproved,
)
EXECUTE_ORDER: tuple[type[Refusal], ...] = (
    errors.SwitchUnknown,
    errors.SwitchNotOpen,
    errors.ContractNotShown,
    errors.DrawUnderWay,
    errors.NamedFactsChanged,
)


@dataclass(frozen=True, slots=True)
class Switch:
    """What a customer wants: to close lines and to open another.

    amount: asked for, minor units; None asks for what there is
    source: where the money to settle comes from, one of `SOURCES`
    """

    closes: tuple[uuid.UUID, ...]
    product: str
    amount: int | None = None
    source: str = "own_money"
    lang: str = "zh"


def promise(house: House, customer_id: uuid.UUID, wanted: Switch) -> Command:
    """Ask for an approval beforehand. After the refusals of screening those of `ORDER`; nothing is closed, paid or opened."""
    body = {"closes": list(wanted.closes), "product": wanted.product, "amount": wanted.amount, "source": wanted.source}
    reads = (person_wanted(customer_id),)
    return vetted(house, customer_id, Command("switch.promise", body, lambda work: _promise(work, house, wanted), reads))


def execute(house: House, customer_id: uuid.UUID, plan_id: uuid.UUID, contract_sha256: str) -> Command:
    """Carry out a switch: the money to settle has come in, the old lines are settled and closed, and the new one opened.

    After the refusals of screening those of `EXECUTE_ORDER`, then those of `acts.accepted`.
    """
    body, reads = {"plan": plan_id, "contract_sha256": contract_sha256}, (person_wanted(customer_id),)
    command = Command("switch.execute", body, lambda work: _execute(work, house, plan_id, contract_sha256), reads)
    return vetted(house, customer_id, command)


def withdraw(plan_id: uuid.UUID) -> Command:
    """The customer does not want it any more. Raises SwitchUnknown, SwitchNotOpen."""
    return Command("switch.withdraw", {"plan": plan_id}, lambda work: _withdraw(work, plan_id))


def _promise(work: Work, house: House, wanted: Switch) -> Mapping[str, Any]:
    customer_id, today = work.standing.customer.customer_id, work.standing.today
    key, person = opened_person(house.ring, customer_id, work.rows[0])
    closing = _check(work, wanted)
    decided, payoff, grant = _imagined(work, key, wanted, closing)
    facility = acts.facility_for(decided.bundle, grant.offer, new_id(), today)
    papers = keep_line_papers(work, decided.bundle, (facility, grant), Party(house, key, person, wanted.lang))
    closes = tuple(each.id for each in closing)
    plan = Plan(
        plan_id=new_id(),
        decision_id=decided.decision_id,
        closes=closes,
        product=facility.product,
        facility_id=facility.id,
        most=facility.most,
        rate_ppm=facility.rate_ppm,
        terms=facility.terms,
        contract=papers.contract,
        source=wanted.source,
        payoff=payoff,
        lang=wanted.lang,
        day=today,
        expires=facility.expires,
    )
    add_plan(work.unit, customer_id, plan)
    work.tell("switch.promised", {"plan": plan.plan_id.hex, "product": plan.product, "until": plan.expires.isoformat()}, About())
    named = named_facts(decided.assessor.policy, plan.product)
    told = {"plan": plan.plan_id, "decision": plan.decision_id, "product": plan.product, "payoff": payoff}
    names = [{"zh": each.zh, "en": each.en} for each in named]
    return {**told, **papers.to_dict(), "closes": list(closes), "unless_changed": names}


def _imagined(work: Work, key: CustomerKey, wanted: Switch, closing: Sequence[Facility]) -> tuple[Decided, int, Grant]:
    """What would come out: the decision after settling and closing, kept; what there was to settle; and what would be granted."""
    standing, unit = work.standing, work.unit
    assessor = active_assessor(unit, standing.today)
    with unit.imagined():
        inside = work.apart()
        payoff = settle_and_close(inside, closing, wanted.source).amount
        facts = known_facts(inside, key, assessor, {wanted.product: wanted.amount})
        after = inside.standing
    decision = assessor.assess(facts, standing.today)
    found = answer(decision, after, assessor.policy.bundle, [wanted.product])
    if wanted.product not in found.grants:
        reasons = found.declined.get(wanted.product) or decision.product(wanted.product).reasons
        why = ", ".join(each.code for each in reasons) or ", ".join(decision.product(wanted.product).missing)
        raise errors.SwitchNotApproved("product", wanted.product, product=wanted.product, reasons=why)
    decided = keep_decided(work, key, assessor, NewDecision(Kind.SWITCH, decision, facts))
    return decided, payoff, found.grants[wanted.product]


def settle_and_close(work: Work, closing: Sequence[Facility], source: str) -> Settled:
    """Pay off and close lines; returns what was paid. Raises RefundExceedsCredit."""
    paid = settle(work, {each.id for each in closing}, {"source": source}, SOURCES[source])
    for each in closing:
        if work.facility(each.id).status is not FacilityStatus.CLOSING and work.facility(each.id).is_open:
            service.close(work, each.id, BY_CHOICE)
    work.finish()
    return paid


def _check(work: Work, wanted: Switch) -> list[Facility]:
    """The lines to be closed. Raises the refusals of `ORDER` but the last."""
    if wanted.source not in SOURCES:
        raise errors.SettlementSourceUnknown("source", wanted.source, known=", ".join(SOURCES))
    customer_id, today = work.standing.customer.customer_id, work.standing.today
    if other := standing_plan(work.unit, customer_id, today):
        raise errors.SwitchOpen("plan", other.plan_id, expires=other.expires)
    closing = [work.facility(each) for each in dict.fromkeys(wanted.closes)]
    for each in closing:
        if each.status not in (FacilityStatus.ACTIVE, FacilityStatus.SUSPENDED, FacilityStatus.CLOSING):
            raise errors.NotClosable("closes", each.id, status=each.status.value)
    _check_no_draw(closing)
    left = replace(work.standing, facilities=tuple(each for each in work.standing.facilities if each not in closing))
    check_asked(work.unit, left, active_bundle(work.unit, today), Asking({wanted.product: wanted.amount}, wanted.lang))
    return closing


def _check_no_draw(closing: Sequence[Facility]) -> None:
    for each in closing:
        if each.reserved:
            raise errors.DrawUnderWay("closes", each.id, product=each.product)


def _execute(work: Work, house: House, plan_id: uuid.UUID, contract_sha256: str) -> Mapping[str, Any]:
    customer_id, today = work.standing.customer.customer_id, work.standing.today
    key, _ = opened_person(house.ring, customer_id, work.rows[0])
    plan = plan_of(work.unit, customer_id, plan_id)
    _check_stands(plan, today)
    check_contract(work, key, plan.contract, contract_sha256)
    closing = [work.facility(each) for each in plan.closes]
    _check_no_draw(closing)
    paid = settle_and_close(work, [each for each in closing if each.is_open], plan.source)
    kept = decision_of(work.unit, key, plan.decision_id)
    decided = _still_promised(work, key, plan, kept)
    opened = _open(work, plan, decided, ceiling_of(decided.bundle, kept.decision.tier))
    end_plan(work.unit, customer_id, plan_id, PlanStatus.EXECUTED, today)
    work.tell("switch.executed", {"plan": plan_id.hex, "product": opened.product, "paid": paid.amount}, About(opened.id))
    told = {"facility": opened.id, "product": opened.product, "limit": opened.most, "rate_ppm": opened.rate_ppm}
    payment = {"payment": paid.payment, "credit": 0} if paid.payment else {}
    return {"plan": plan_id, "paid": paid.amount, **payment, "closed": list(plan.closes), **told, "expires": opened.expires}


def _check_stands(plan: Plan, today: dt.date) -> None:
    if not plan.stands(today):
        raise errors.SwitchNotOpen("plan", plan.plan_id, status=plan.status.value, expires=plan.expires)


def _still_promised(work: Work, key: CustomerKey, plan: Plan, kept: Kept) -> Decided:
    """The decision of today by the rules of the promise, kept. Raises NamedFactsChanged where a named fact speaks against it."""
    assessor = assessor_of(work.unit, kept.bundle)
    facts = known_facts(work, key, assessor, {plan.product: plan.most})
    decision = assessor.assess(facts, work.standing.today)
    codes, names = speaking_against(assessor.policy, plan.product, decision, facts)
    if codes:
        raise errors.NamedFactsChanged("plan", plan.plan_id, facts=", ".join(names) or "-", reasons=", ".join(codes))
    new = NewDecision(Kind.SWITCH, decision, facts, plan.decision_id)
    return keep_decided(work, key, assessor, new)


def _open(work: Work, plan: Plan, decided: Decided, ceiling: int) -> Facility:
    """The promised line, offered and accepted in one; lines that it displaces close. ceiling: of the tier at the promise"""
    displace(work, decided.displaces(plan.product))
    bundle, offer = decided.bundle, Offer(plan.product, plan.most, plan.rate_ppm, plan.terms)
    raise_line(work, min(ceiling, needed(work.standing.facilities) + plan.most))
    facility = acts.offered(work.standing, bundle, offer, plan.facility_id)
    work.set_facility(facility)
    work.tell("facility.offered", service.difference(None, facility), About(facility_id=facility.id))
    work.finish()  # a row is added as offered
    return service.accept(work, facility.id)


def _withdraw(work: Work, plan_id: uuid.UUID) -> Mapping[str, Any]:
    customer_id, today = work.standing.customer.customer_id, work.standing.today
    _check_stands(plan_of(work.unit, customer_id, plan_id), today)
    end_plan(work.unit, customer_id, plan_id, PlanStatus.WITHDRAWN, today)
    work.tell("switch.withdrawn", {"plan": plan_id.hex}, About())
    return {"plan": plan_id}
