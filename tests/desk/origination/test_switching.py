"""先批后关: the shopkeeper's question, answered by really doing it; promised, kept, and carried out together or not at all."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from shouxin.book.facilities import commands as lines
from shouxin.book.facilities.model import Status
from shouxin.desk.origination.switching import Switch, execute, promise, withdraw
from shouxin.desk.servicing import looking
from shouxin.infra.db.connect import Target
from shouxin.infra.db.unit import in_unit
from tests.desk.origination.applicant import Desk, desk
from tests.desk.servicing.lender import YUAN


@pytest.fixture
def exclusive(database: Target) -> Iterator[Desk]:
    """A lender under `exclusive`: a consumer line and a business loan displace each other."""
    with desk(database, "exclusive") as found:
        yield found


@pytest.fixture
def standard(databases: Any) -> Iterator[Desk]:
    """A lender under `standard`."""
    with desk(databases()) as found:
        yield found


def statuses(lender: Desk, customer: uuid.UUID) -> dict[str, str]:
    standing = in_unit(lender.connection, lambda unit: looking.standing(unit, customer))
    return {each.product: each.status.value for each in sorted(standing.facilities, key=lambda each: each.offered)}


def shopkeeper(lender: Desk) -> tuple[uuid.UUID, uuid.UUID]:
    """A merchant whose consumer line was displaced when she took the business loan, of which she owes 40,000."""
    huang = lender.named("huang")
    lender.opened(huang, "consumer-line", 100_000)
    business = lender.opened(huang, "business-loan", 200_000)
    assert statuses(lender, huang) == {"consumer-line": "closed", "business-loan": "active"}
    lender.loan(huang, business, 40_000 * YUAN, purpose="stock")
    lender.close_until(lender.today + dt.timedelta(days=20))
    return huang, business


def snapshot_of(lender: Desk, customer: uuid.UUID) -> list[tuple[Any, ...]]:
    """Everything a switch could touch, but for the decision, the plan and their events."""
    tables = {
        "facility": "SELECT to_jsonb(t)::text FROM facility t WHERE customer_id = %s ORDER BY facility_id",
        "line": "SELECT to_jsonb(t)::text FROM customer_line t WHERE customer_id = %s",
        "loan": "SELECT to_jsonb(t)::text FROM loan_state t WHERE customer_id = %s ORDER BY loan_id",
        "posting": "SELECT count(*)::text FROM posting WHERE customer_id = %s",
        "settlement": "SELECT count(*)::text FROM settlement WHERE customer_id = %s",
    }
    with lender.connection.cursor() as cursor:
        found = [tuple(cursor.execute(text.encode(), (customer,)).fetchall()) for text in tables.values()]
    lender.connection.rollback()
    return found


def test_the_shopkeeper_switches_with_an_approval_beforehand(exclusive: Desk) -> None:
    huang, business = shopkeeper(exclusive)
    asked = Switch((business,), "consumer-line", 80_000 * YUAN)
    (now,) = exclusive.apply(huang, consumer_line=None)
    assert (now["outcome"], now["reasons"]) == ("decline", ["HELD_TOGETHER"])
    before = snapshot_of(exclusive, huang)
    plan = exclusive.done(huang, promise(exclusive.house, huang, asked))
    assert snapshot_of(exclusive, huang) == before
    assert (plan["limit"], plan["product"], plan["closes"]) == (80_000 * YUAN, "consumer-line", [business])
    assert plan["payoff"] > 40_000 * YUAN and plan["unless_changed"]
    exclusive.close_until(exclusive.today + dt.timedelta(days=3))
    done = exclusive.done(huang, execute(exclusive.house, huang, plan["plan"], plan["contract_sha256"]))
    assert done["paid"] > plan["payoff"] and done["limit"] == 80_000 * YUAN  # three more days of interest
    assert statuses(exclusive, huang) == {"consumer-line": "active", "business-loan": "closed"}
    exclusive.draw(huang, done["facility"], 10_000 * YUAN)
    exclusive.check_books()


def test_the_promise_holds_though_the_score_falls(exclusive: Desk) -> None:
    huang, business = shopkeeper(exclusive)
    plan = exclusive.done(huang, promise(exclusive.house, huang, Switch((business,), "consumer-line", 80_000 * YUAN)))
    worse = {
        "bureau_status": "found",
        "bureau_date": exclusive.today,
        "enquiries_3m": 9,
        "history_months": 100,
        "debts_elsewhere": 90_000,
    }
    more = {"days_overdue_elsewhere": 0, "worst_overdue_24m": 0, "overdue_months_24m": 0, "written_off_debt": 0}
    exclusive.know(huang, {**worse, **more, "payments_elsewhere": 3_000, "lenders_elsewhere": 3})
    done = exclusive.done(huang, execute(exclusive.house, huang, plan["plan"], plan["contract_sha256"]))
    assert (done["limit"], done["rate_ppm"]) == (80_000 * YUAN, plan["rate_ppm"])


def test_a_named_fact_ends_the_promise_and_nothing_is_half_done(exclusive: Desk) -> None:
    huang, business = shopkeeper(exclusive)
    plan = exclusive.done(huang, promise(exclusive.house, huang, Switch((business,), "consumer-line", 80_000 * YUAN)))
    exclusive.know(huang, {"screening_date": exclusive.today, "is_sanctioned": False, "court_enforced": True, "fraud_score": 150})
    before = snapshot_of(exclusive, huang)
    answer = exclusive.ask(huang, execute(exclusive.house, huang, plan["plan"], plan["contract_sha256"]))
    assert answer.body["code"] == "NamedFactsChanged" and "court_enforced" in answer.body["en"]
    assert snapshot_of(exclusive, huang) == before
    assert statuses(exclusive, huang)["business-loan"] == "active"


def test_refusals_of_a_promise(exclusive: Desk) -> None:
    huang, business = shopkeeper(exclusive)

    def code(**changes: Any) -> str:
        asked = Switch(**{"closes": (business,), "product": "consumer-line", **changes})
        return exclusive.refusal(huang, promise(exclusive.house, huang, asked))

    assert code(source="new_loan") == "SettlementSourceUnknown"
    assert code(closes=(uuid.uuid4(),)) == "FacilityUnknown"
    closed = next(
        each.id
        for each in in_unit(exclusive.connection, lambda unit: looking.standing(unit, huang)).facilities
        if each.status is Status.CLOSED
    )
    assert code(closes=(closed,)) == "NotClosable"
    exclusive.draw(huang, business, 1_000 * YUAN, purpose="stock")
    assert code() == "DrawUnderWay"


def test_refusals_of_what_was_promised(exclusive: Desk) -> None:
    huang, business = shopkeeper(exclusive)
    asked = promise(exclusive.house, huang, Switch((business,), "consumer-line"))
    plan = exclusive.done(huang, asked)
    assert exclusive.refusal(huang, asked) == "SwitchOpen"
    assert exclusive.refusal(huang, execute(exclusive.house, huang, uuid.uuid4(), "")) == "SwitchUnknown"
    assert exclusive.refusal(huang, execute(exclusive.house, huang, plan["plan"], "0" * 64)) == "ContractNotShown"
    exclusive.done(huang, withdraw(plan["plan"]))
    assert exclusive.refusal(huang, execute(exclusive.house, huang, plan["plan"], plan["contract_sha256"])) == "SwitchNotOpen"
    again = exclusive.done(huang, promise(exclusive.house, huang, Switch((business,), "consumer-line")))
    exclusive.close_until(exclusive.today + dt.timedelta(days=31))
    assert exclusive.refusal(huang, execute(exclusive.house, huang, again["plan"], again["contract_sha256"])) == "SwitchNotOpen"


def test_under_standard_she_holds_both(standard: Desk) -> None:
    huang = standard.named("huang")
    standard.opened(huang, "consumer-line", 100_000)
    standard.opened(huang, "business-loan", 200_000)
    assert statuses(standard, huang) == {"consumer-line": "active", "business-loan": "active"}
    standard.check_books()


def test_a_third_closes_and_is_then_refused_for_true_reasons(standard: Desk) -> None:
    lin = standard.named("lin")
    facility = standard.opened(lin, "consumer-line", 50_000)
    standard.done(lin, lines.close(facility, "BY_CHOICE"))
    (again,) = standard.apply(lin, consumer_line=50_000)
    assert again["outcome"] == "decline" and again["reasons"] == ["REOPENING_WAIT"]
    standard.close_until(standard.today + dt.timedelta(days=30))
    standard.know(lin, {"screening_date": standard.today, "is_sanctioned": False, "court_enforced": False, "fraud_score": 120})
    (after,) = standard.apply(lin, consumer_line=50_000)
    assert "REOPENING_WAIT" not in after.get("reasons", [])
