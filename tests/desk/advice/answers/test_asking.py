"""A customer of two lines asks: read from a real database, counted, noted, and nothing else written."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from shouxin.book.customers import history_of, hold_customer, store_events
from shouxin.book.customers.consents import give_consent
from shouxin.book.customers.errors import CustomerUnknown
from shouxin.book.customers.model import NewConsent, Purpose
from shouxin.book.facilities import commands as lines
from shouxin.desk.advice.answers import QUESTIONS, Teller
from shouxin.desk.advice.answers.asking import Asking, ask_about
from shouxin.desk.advice.answers.errors import QuestionUnknown
from shouxin.desk.advice.answers.model import Answer
from shouxin.desk.advice.answers.reading import read_view
from shouxin.desk.advice.answers.values import Amount, days
from shouxin.desk.advice.answers.view import View
from shouxin.desk.advice.quota import MOST, AdviceTooOften, Kind
from shouxin.desk.origination.applying import apply
from shouxin.desk.origination.model import Asking as Application
from shouxin.desk.review.following_due import follow_due
from shouxin.desk.servicing import commands as loans
from shouxin.foundation.ids import new_id
from shouxin.foundation.texts import LANGUAGES
from shouxin.infra.access.audit import audit_of, opened
from shouxin.infra.db.keys_of_customers import key_of
from shouxin.infra.db.unit import Unit, in_unit
from tests.desk.advice.whatif.tables import table_hashes
from tests.desk.origination.applicant import PEOPLE, Desk, desk
from tests.desk.servicing.lender import YUAN


@pytest.fixture
def shop(databases: Any) -> Iterator[Desk]:
    """A lender under the standard bundle."""
    with desk(databases()) as found:
        yield found


def merchant(shop: Desk) -> uuid.UUID:
    """A business loan of which some is owed, and a consumer line; reporting is agreed to."""
    customer = shop.named("huang")
    business = shop.opened(customer, "business-loan", 100_000)
    shop.opened(customer, "consumer-line", 20_000)
    shop.loan(customer, business, 20_000 * YUAN, purpose="stock")

    def agree(unit: Unit) -> None:
        history = history_of(unit, hold_customer(unit, customer), "test", shop.today)
        give_consent(unit, NewConsent(Purpose.BUREAU_REPORTING, "v1", "zh", shop.today), history)
        store_events(unit, history)

    in_unit(shop.connection, agree)
    return customer


def ask(shop: Desk, customer: uuid.UUID, code: str | None = None) -> tuple[View, dict[str, Answer]]:
    view, found = ask_about(shop.connection, shop.house, Asking(customer, "test", code))
    return view, {each.code: each for each in found}


def test_all_answers_of_a_customer_with_two_lines(shop: Desk) -> None:
    customer = merchant(shop)
    shop.close_until(shop.today + dt.timedelta(days=10))
    view, found = ask(shop, customer)
    assert list(found) == [each.code for each in QUESTIONS]
    assert [each.code for each in view.lines] == ["business-loan", "consumer-line"]
    assert found["WHY_NOT_CLOSE"].cases == ("owed", "clear")
    assert found["OTHER_LINE_ON_CLOSING"].cases == ("apart_frees", "apart", "score")
    assert found["CLOSING_AND_BUREAU"].cases == ("reported", "line", "line", "changes")
    (paid_off,) = [each for each in found["EARLY_REPAYMENT_FEE"].parts if each.case == "loan"]
    told = paid_off.values
    assert told["owed"] == Amount(20_000 * YUAN)
    answered = shop.done(customer, loans.settle([view.lines[0].facility.id]))
    assert told["payoff"] == Amount(int(answered["paid"]))
    for lang in LANGUAGES:
        teller = Teller(view.bundle, lang)
        assert all(text for each in found.values() for text in (*teller.paragraphs(each), *teller.based_on(each)))


def test_what_is_read_follows_what_happens(shop: Desk) -> None:
    customer = merchant(shop)
    view, _ = ask(shop, customer, "REOPEN_WHEN")
    business, consumer = view.lines
    assert [each.kind for each in consumer.changes] == ["facility.offered", "facility.opened"]
    shop.done(customer, lines.close(consumer.facility.id, "BY_CHOICE"))
    shop.done(customer, lines.change_limit(business.facility.id, 50_000 * YUAN, "RISK"))
    view, found = ask(shop, customer, "REOPEN_WHEN")
    assert found["REOPEN_WHEN"].cases == ("wait", "anew")
    assert found["REOPEN_WHEN"].parts[0].values["wait"] == days(30)
    changed, closed = (each.changes[-1] for each in view.lines)
    assert (changed.kind, changed.reason, changed.body["before"]) == ("facility.limit_changed", "RISK", 100_000 * YUAN)
    assert (closed.kind, closed.reason, closed.day) == ("facility.closed", "BY_CHOICE", shop.today)
    assert [each.status.value for each in view.reported if each.line is None] == ["normal", "closed"]
    assert [each.product for each in view.applied] == ["business-loan", "consumer-line"] and view.mandate is None


def test_what_is_late_is_told_and_when_it_was_settled(shop: Desk) -> None:
    customer = merchant(shop)
    shop.close_until(shop.today + dt.timedelta(days=45))
    _, found = ask(shop, customer)
    assert found["OVERDUE_AND_OTHERS"].cases[0] == "late"
    assert found["OVERDUE_RECORD_KEPT"].cases[:2] == ("rule", "running")
    assert "owed_late" in found["WHY_NOT_CLOSE"].cases and "line_late" in found["CLOSING_AND_BUREAU"].cases
    shop.done(customer, loans.receive(customer, 2_000 * YUAN, ("business-loan", "consumer-line"), {"source": "own_money"}))
    _, found = ask(shop, customer)
    assert found["OVERDUE_AND_OTHERS"].cases[0] == "not_late"
    assert found["OVERDUE_RECORD_KEPT"].cases[:2] == ("rule", "settled")
    assert found["OVERDUE_RECORD_KEPT"].parts[1].values["settled"] == shop.today


def test_asking_is_counted_and_noted_and_changes_nothing_else(shop: Desk) -> None:
    customer = merchant(shop)
    before = table_hashes(shop.connection)
    ask(shop, customer, "WHY_PROOF")
    after = table_hashes(shop.connection)
    assert {name for name in after if after[name] != before.get(name)} == {"advice_use", "audit"}
    rows = in_unit(shop.connection, lambda unit: audit_of(unit, customer))
    assert [each.entry.action for each in rows] == ["advice.answers", "personal.read"]
    key = in_unit(shop.connection, lambda unit: key_of(unit, shop.house.ring, customer))
    assert in_unit(shop.connection, lambda unit: opened(unit, key, rows[0].audit_id)) == {"question": "WHY_PROOF"}
    assert "WHY_PROOF" not in json.dumps([dict(each.entry.detail) for each in rows])


def test_asking_too_often_is_refused(shop: Desk) -> None:
    customer = shop.customer()
    for _ in range(MOST[Kind.ANSWERS]):
        ask(shop, customer, "WHO_IS_LENDER")
    with pytest.raises(AdviceTooOften):
        ask(shop, customer, "WHO_IS_LENDER")
    assert shop.one("SELECT used FROM advice_use WHERE customer_id = %s", customer) == (MOST[Kind.ANSWERS] + 1,)


def test_who_and_what_must_be_known(shop: Desk) -> None:
    with pytest.raises(QuestionUnknown):
        ask(shop, new_id(), "WHY_NOT")
    with pytest.raises(CustomerUnknown):
        ask(shop, new_id())


def test_reading_can_write_nothing(shop: Desk) -> None:
    customer = merchant(shop)

    def work(unit: Unit) -> None:
        read_view(unit, shop.house, customer)
        unit.write("UPDATE customer_line SET total = 0 WHERE customer_id = %s", (customer,))
        unit.flush()

    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        in_unit(shop.connection, work)


def test_before_identity_is_proven_nothing_personal_is_told(shop: Desk) -> None:
    customer = shop.named("lin", identity_verified=False)
    _, found = ask(shop, customer)
    assert {each.cases for each in found.values()} == {("identity_first",)}


def test_what_is_told_of_closing_is_what_happens(shop: Desk) -> None:
    """The what-if behind the answers: settled for what was said, with the score that was said."""
    customer = merchant(shop)
    view, found = ask(shop, customer)
    (effect,) = found["EARLY_REPAYMENT_EFFECT"].parts
    business = view.line(next(each.facility.id for each in view.lines if each.code == "business-loan"))
    answered = shop.done(customer, loans.settle([business.facility.id]))
    assert effect.values["payoff"] == Amount(int(answered["paid"]))
    after, _ = ask(shop, customer, "MY_SCORE")
    assert effect.values["after"] == after.decision.score


def test_what_happened_to_lines_is_told_from_their_events(shop: Desk) -> None:
    customer = merchant(shop)
    view, _ = ask(shop, customer, "MY_SCORE")
    business, consumer = view.lines
    shop.done(customer, lines.change_limit(business.facility.id, 15_000 * YUAN, "RISK"))
    shop.done(customer, lines.suspend(consumer.facility.id, "MISUSE"))
    shop.close_until(shop.today + dt.timedelta(days=1))
    _, found = ask(shop, customer)
    assert found["WHY_LOWERED"].cases == ("lowered", "over_limit")
    assert found["WHY_LOWERED"].parts[0].values["after"] == Amount(15_000 * YUAN)
    assert found["WHY_STOPPED"].cases == ("suspended",) and found["WHEN_BACK"].cases == ("by_person",)
    assert found["WHY_STOPPED"].parts[0].values["day"] == shop.today - dt.timedelta(days=1)
    shop.done(customer, lines.resume(consumer.facility.id, "CHECKED"))
    shop.done(customer, lines.close(consumer.facility.id, "BY_CHOICE"))
    _, found = ask(shop, customer)
    assert found["WHY_STOPPED"].cases == ("closed",) and found["WHEN_BACK"].cases == ("from_day",)
    assert found["WHEN_BACK"].parts[0].values["day"] == shop.today + dt.timedelta(days=30)
    assert "displaced" not in found["WHY_OFFER_CHANGED"].cases


def test_a_line_that_a_rule_suspended_comes_back_by_what_is_said(shop: Desk) -> None:
    customer = merchant(shop)
    for _ in range(65):
        shop.close_until(shop.today + dt.timedelta(days=1))
        follow_due(shop.connection, shop.house, shop.today)
    _, found = ask(shop, customer)
    assert found["WHEN_BACK"].cases == ("repay_first", "repay_first")
    due = found["WHEN_BACK"].parts[0].values["due"]
    assert isinstance(due, Amount)
    shop.done(customer, loans.receive(customer, due.minor, ("business-loan", "consumer-line"), {"source": "own_money"}))
    shop.close_until(shop.today + dt.timedelta(days=1))
    follow_due(shop.connection, shop.house, shop.today)
    _, found = ask(shop, customer)
    assert found["WHEN_BACK"].cases == ("nothing",) and found["WHY_STOPPED"].cases == ("nothing",)


def test_a_line_without_a_limit_and_a_debt_written_off_are_answered_too(shop: Desk) -> None:
    customer = merchant(shop)
    view, _ = ask(shop, customer, "MY_SCORE")
    business, consumer = view.lines
    shop.done(customer, lines.change_limit(consumer.facility.id, 0, "RISK"))
    shop.close_until(shop.today + dt.timedelta(days=70))
    shop.know(customer, {**PEOPLE["huang"], "enquiries_3m": 12})
    shop.done(customer, loans.write_off(customer, business.loans[0].loan_id, "UNCOLLECTABLE"))
    _, found = ask(shop, customer)
    assert len(found) == len(QUESTIONS) and "lowered" in found["WHY_LOWERED"].cases


def test_an_offer_has_not_changed_because_less_was_asked_for(shop: Desk) -> None:
    """The decision on 20,000 says 20,000; what was to be had then is what is to be had now."""
    customer = shop.named("lin")
    shop.done(customer, apply(shop.house, customer, Application({"consumer-line": 20_000 * YUAN}, "zh")))
    shop.close_until(shop.today + dt.timedelta(days=1))
    _, found = ask(shop, customer, "WHY_OFFER_CHANGED")
    assert found["WHY_OFFER_CHANGED"].cases == ("same",)
