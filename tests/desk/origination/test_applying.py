"""Applications: offered, referred, declined; accepted, or not any more; decided again from what was kept."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from functools import partial

import pytest

from shouxin.book.customers import history_of, hold_customer, store_events
from shouxin.book.customers.links import add_link
from shouxin.book.customers.model import NewLink, Role
from shouxin.book.facts.known import facts_of
from shouxin.desk.decisions.store import decisions_of, replay
from shouxin.desk.origination.accepting import accept
from shouxin.desk.origination.applying import apply, precheck
from shouxin.desk.origination.model import Asking, Status
from shouxin.desk.origination.store import parts_of
from shouxin.engines.policy.compile import compile_policy
from shouxin.infra.db.connect import Target
from shouxin.infra.db.keys_of_customers import key_of
from shouxin.infra.db.unit import Unit, in_unit
from shouxin.infra.messages.documents import documents_of
from tests.desk.origination.applicant import Desk, desk
from tests.desk.servicing.lender import YUAN


@pytest.fixture
def lender(database: Target) -> Iterator[Desk]:
    """A lender under `standard`."""
    with desk(database) as found:
        yield found


def test_an_application_becomes_a_line(lender: Desk) -> None:
    lin = lender.named("lin")
    (offer,) = lender.apply(lin, consumer_line=50_000)
    assert (offer["outcome"], offer["limit"], offer["rate_ppm"], offer["missing"]) == ("approve", 50_000 * YUAN, 73_000, [])
    opened = lender.accept(lin, offer)
    assert (opened["limit"], opened["closed"]) == (50_000 * YUAN, [])
    (part,) = in_unit(lender.connection, lambda unit: parts_of(unit, lin))
    assert (part.status, part.by, part.facility_id) == (Status.ACCEPTED, "machine", offer["facility"])
    kinds = [each.kind for each in in_unit(lender.connection, lambda unit: decisions_of(unit, lin))]
    assert kinds == ["application", "acceptance"]
    assert len(in_unit(lender.connection, lambda unit: documents_of(unit, lin))) == 2
    lender.check_books()


def test_a_kept_decision_gives_the_same_bytes_again(lender: Desk) -> None:
    customer = lender.named("chen")
    (offer,) = lender.apply(customer, consumer_line=None)
    for row in in_unit(lender.connection, lambda unit: decisions_of(unit, customer)):
        found = in_unit(lender.connection, partial(replay, ring=lender.house.ring, decision_id=row.decision_id))
        assert found.same and found.unaltered and found.kept.customer_id == customer
    assert offer["limit"] == 3_960_000


def test_declined_for_reasons_and_referred_for_what_is_missing(lender: Desk) -> None:
    student = lender.named("lin", birth_date="2010-01-01")
    (declined,) = lender.apply(student, consumer_line=10_000)
    assert declined["outcome"] == "decline" and declined["reasons"] and declined["texts"][0]["zh"] and declined["texts"][0]["en"]
    assert in_unit(lender.connection, lambda unit: parts_of(unit, student))[0].status is Status.DECLINED
    unproven = lender.named("lin", monthly_income=None, income_date=None, income_proof=None)
    (referred,) = lender.apply(unproven, consumer_line=10_000)
    assert referred["outcome"] == "refer" and referred["case"] and referred["missing"]
    assert lender.refusal(unproven, apply(lender.house, unproven, Asking({"consumer-line": None}))) == "ApplicationWaits"


def test_a_pre_check_offers_nothing_and_asks_nobody(lender: Desk) -> None:
    lin = lender.named("lin")
    found = lender.done(lin, precheck(lender.house, lin, "en"))
    outcomes = {each["product"]: each["outcome"] for each in found["products"]}
    assert outcomes["consumer-line"] == "approve" and outcomes["business-loan"] == "decline"
    assert in_unit(lender.connection, lambda unit: parts_of(unit, lin)) == []
    assert lender.one("SELECT count(*) FROM event WHERE customer_id = %s AND kind LIKE 'bureau%%'", lin) == (0,)
    assert lender.one("SELECT count(*) FROM facility WHERE customer_id = %s", lin) == (0,)


def test_facts_that_changed_end_an_offer(lender: Desk) -> None:
    lin = lender.named("lin")
    (offer,) = lender.apply(lin, consumer_line=50_000)
    lender.know(lin, {"bureau_status": "found", "bureau_date": lender.today, "days_overdue_elsewhere": 95})
    yes = accept(lender.house, lin, offer["facility"], offer["contract_sha256"])
    answer = lender.ask(lin, yes)
    assert not answer.done and answer.body["code"] == "OfferNoLongerStands" and "OVERDUE" in answer.body["en"]


def test_refusals_of_an_acceptance(lender: Desk) -> None:
    lin, chen = lender.named("lin"), lender.named("chen")
    (offer,) = lender.apply(lin, consumer_line=50_000)
    other = "0" * 64
    assert lender.refusal(lin, accept(lender.house, lin, uuid.uuid4(), other)) == "FacilityUnknown"
    by_staff = lender.line(chen)
    assert lender.refusal(chen, accept(lender.house, chen, by_staff, other)) == "OfferUnknown"
    assert lender.refusal(lin, accept(lender.house, lin, offer["facility"], other)) == "ContractNotShown"
    lender.accept(lin, offer)
    again = accept(lender.house, lin, offer["facility"], offer["contract_sha256"])
    assert lender.refusal(lin, again) == "OfferNotOpen"


def test_refusals_of_an_application(lender: Desk) -> None:
    lin = lender.named("lin")

    def code(asking: Asking) -> str:
        return lender.refusal(lin, apply(lender.house, lin, asking))

    assert code(Asking({"consumer-line": None}, "fr")) == "LanguageNotOurs"
    assert code(Asking({})) == "NothingAsked"
    assert code(Asking({"boat-loan": None})) == "ProductNotOffered"
    lender.apply(lin, consumer_line=50_000)
    assert code(Asking({"consumer-line": None})) == "ProductAlreadyHeld"


def test_what_linked_persons_have_counts_against_the_total_line(lender: Desk) -> None:
    """Both are of tier A, whose ceiling is a million; what the one has, the other cannot have."""
    huang, lin = lender.named("huang"), lender.named("lin")
    lender.opened(huang, "business-loan", 400_000)

    def link(unit: Unit) -> None:
        customer = hold_customer(unit, lin)
        history = history_of(unit, customer, "test", lender_day)
        add_link(unit, customer, NewLink(huang, Role.SPOUSE, lender_day), history)
        store_events(unit, history)

    def linked(customer: uuid.UUID) -> object:
        key = in_unit(lender.connection, lambda unit: key_of(unit, lender.house.ring, customer))
        policy = compile_policy(lender.bundle)
        known = in_unit(lender.connection, lambda unit: facts_of(unit, key, policy, customer, lender_day))
        return known.written.get("linked_exposure")

    lender_day = lender.today
    assert linked(lin) is None and linked(huang) is None
    in_unit(lender.connection, link)
    assert (linked(lin), linked(huang)) == ("400000.00", "0.00")
    found = lender.done(lin, precheck(lender.house, lin))
    assert found["total_line"] <= 600_000 * YUAN
