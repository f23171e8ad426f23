"""Snapshots: kept sealed and for good, known from the day on which they were recorded, refused in order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shouxin.book.customers.consents import withdraw_consent
from shouxin.book.customers.erasure import erase
from shouxin.book.customers.model import Kind, State
from shouxin.book.customers.standing import change_state
from shouxin.book.facts import snapshot_errors as errors
from shouxin.book.facts.known import own_facts
from shouxin.book.facts.snapshots import ORDER, NewSnapshot, values_as_of
from shouxin.book.facts.values import as_written, plain_value
from shouxin.engines.policy.read import read_facts, read_value
from shouxin.foundation.refusal import Refusal
from shouxin.infra.db.connect import Target, connect
from shouxin.infra.db.keys import KeyRing
from shouxin.infra.db.keys_errors import PersonErased
from shouxin.infra.db.keys_of_customers import key_of
from shouxin.infra.db.unit import in_unit
from shouxin.infra.messages.history import About
from tests.book.customers.people import TODAY, acted, events, one
from tests.book.facts.told import BUNDLE, DAY, POLICY, Book, snapshot

INCOME = {"monthly_income": "12000.00", "income_proof": "tax"}
INPUTS = {each.fact: each for each in POLICY.plan.inputs}


@pytest.fixture(scope="module")
def book(database: Target) -> Iterator[Book]:
    with connect(database.app) as connection:
        yield Book(connection, KeyRing.fresh())


REFUSED: list[tuple[NewSnapshot, type[Refusal]]] = [
    (snapshot("book", {"held": True}, TODAY + DAY), errors.SourceOfOurOwn),
    (snapshot("bureau", {"bureau_status": "found"}, TODAY + DAY), errors.ObservedLater),
    (snapshot("bureau", {"bureau_status": "found"}), errors.SourceConsentMissing),
]


@pytest.mark.parametrize(("new", "refusal"), REFUSED, ids=[each[1].__name__ for each in REFUSED])
def test_refusals_in_their_order(book: Book, new: NewSnapshot, refusal: type[Refusal]) -> None:
    customer = book.customer()
    with pytest.raises(refusal) as refused:
        book.tell(customer, new)
    assert refused.value.text("zh") and book.said(customer, TODAY + DAY) == ()


def test_the_table_is_the_order() -> None:
    assert tuple(row[1] for row in REFUSED) == ORDER


def test_a_snapshot_is_kept_sealed_and_told_without_values(book: Book) -> None:
    customer = book.customer()
    number = book.tell(customer, snapshot("income", INCOME, TODAY - DAY))
    (kept,) = book.said(customer, TODAY)
    assert (kept.number, kept.source, kept.observed, kept.booked) == (number, "income", TODAY - DAY, TODAY)
    assert kept.values == INCOME and kept.consent is None and kept.bundle == BUNDLE
    sealed = bytes(one(book.connection, "SELECT sealed FROM snapshot WHERE customer_id = %s", customer))
    assert b"12000" not in sealed
    assert events(book.connection, customer)[-1] == (
        number,
        "snapshot.recorded",
        None,
        {"source": "income", "bundle": POLICY.bundle.hash},
    )
    assert "12000" not in repr(kept) and "12000" not in repr(snapshot("income", INCOME))


def test_the_bureau_needs_a_consent_of_the_day_it_speaks_of(book: Book) -> None:
    customer = book.customer()
    consent = book.agree(customer)
    found = snapshot("bureau", {"bureau_status": "found"})
    with pytest.raises(errors.SourceConsentMissing, match=str(TODAY - DAY)):
        book.tell(customer, replace(found, observed=TODAY - DAY))
    book.tell(customer, found)
    assert [each.consent for each in book.said(customer, TODAY)] == [consent]
    acted(book.connection, customer, lambda unit, _, history: withdraw_consent(unit, consent, history), TODAY + 2 * DAY)
    book.tell(customer, replace(found, observed=TODAY + DAY), TODAY + 2 * DAY)
    with pytest.raises(errors.SourceConsentMissing):
        book.tell(customer, replace(found, observed=TODAY + 2 * DAY), TODAY + 2 * DAY)


@pytest.mark.parametrize("status", ["not_asked", "no_consent", "failed"])
def test_who_was_not_told_anything_needs_no_consent(book: Book, status: str) -> None:
    customer = book.customer()
    book.tell(customer, NewSnapshot("bureau", TODAY, BUNDLE, {"bureau_status": status}, status))
    assert book.known(customer).written["bureau_status"] == status


def test_a_late_correction_changes_nothing_of_before(book: Book) -> None:
    """Of the 1st, recorded on the 1st; of the 3rd, on the 3rd; a correction of the 1st on the 5th, and of the 3rd on the 6th."""
    customer = book.customer()
    told = [(0, 0, "1"), (2, 2, "2"), (0, 4, "3"), (2, 5, "4")]
    for observed, booked, months in told:
        book.tell(customer, snapshot("profile", {"months_in_work": months}, TODAY + observed * DAY), TODAY + booked * DAY)
    seen = [[each.values["months_in_work"] for each in book.said(customer, TODAY + day * DAY)] for day in range(-1, 7)]
    assert seen == [[], ["1"], ["1"], ["2"], ["2"], ["2"], ["4"], ["4"]]


steps = st.lists(
    st.tuples(st.sampled_from(["profile", "income", "consent", "frozen"]), st.integers(0, 4), st.integers(0, 5)), max_size=8
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps)
def test_nothing_recorded_later_leaks(book: Book, told: list[tuple[str, int, int]]) -> None:
    """What is known of each day right at its end is what is known of it for ever."""
    customer, day, at_its_end = book.customer(), TODAY, {}
    for what, passed, back in told:
        for _ in range(passed):
            at_its_end[day] = (book.said(customer, day), book.known(customer, day))
            day += DAY
        happen(book, customer, (what, day, day - back * DAY))
    at_its_end[day] = (book.said(customer, day), book.known(customer, day))
    for each, known in at_its_end.items():
        assert (book.said(customer, each), book.known(customer, each)) == known
        assert all(given.booked <= each and given.observed <= each for given in known[1].given.values())


def happen(book: Book, customer: Any, what: tuple[str, dt.date, dt.date]) -> None:
    kind, today, observed = what
    if kind == "consent":
        book.agree(customer, today, observed)
    elif kind == "frozen":

        def act(unit: Any, held: Any, history: Any) -> None:
            to = State.NORMAL if held.state is State.FROZEN else State.FROZEN
            change_state(unit, held, to, About(reason="cause_gone" if to is State.NORMAL else "fraud_suspected"), history)

        acted(book.connection, customer, act, today)
    else:
        days = (today - TODAY).days
        values: dict[str, Any] = {"months_in_work": days} if kind == "profile" else {"monthly_income": f"{days}.00"}
        book.tell(customer, snapshot(kind, values, observed), today)


def test_values_of_all_sources_with_their_origin(book: Book) -> None:
    customer = book.customer()
    book.tell(customer, snapshot("income", INCOME, TODAY - 3 * DAY))
    book.tell(customer, snapshot("profile", {"housing": "rented"}))
    found = in_unit(book.connection, lambda unit: values_as_of(unit, key_of(unit, book.ring, customer), TODAY))
    assert {fact: (each.value, each.source, each.observed) for fact, each in found.items()} == {
        "monthly_income": ("12000.00", "income", TODAY - 3 * DAY),
        "income_proof": ("tax", "income", TODAY - 3 * DAY),
        "housing": ("rented", "profile", TODAY),
    }


@pytest.mark.parametrize(("kind", "word"), [(Kind.PERSON, "consumer"), (Kind.SOLE_TRADER, "merchant"), (Kind.COMPANY, "company")])
def test_the_record_says_who_it_is_where_no_snapshot_does(book: Book, kind: Kind, word: str) -> None:
    customer = book.customer(kind)
    known = book.known(customer)
    assert known.written == {
        "customer_type": word,
        "customer_state": "normal",
        "consent_given": False,
        "bureau_status": "no_consent",
        "book_status": "no_record",
    }
    book.tell(customer, snapshot("profile", {"customer_type": "merchant", "consent_given": True}))
    known = book.known(customer)
    assert known.written["customer_type"] == "merchant" and known.given["customer_type"].source == "profile"
    assert known.written["consent_given"] is False  # the consents on record say so, whatever a file says
    consent = book.agree(customer)
    known = book.known(customer)
    assert known.written["bureau_status"] == "not_asked"
    assert known.given["consent_given"].value is True and known.given["consent_given"].consent == consent


def test_facts_are_what_a_policy_takes(book: Book) -> None:
    customer = book.customer()
    book.agree(customer)
    book.tell(customer, snapshot("identity", {"identity_verified": True, "document_expires": "2030-01-31"}))
    book.tell(customer, snapshot("income", INCOME, TODAY - DAY))
    book.tell(customer, snapshot("bureau", {"bureau_status": "no_record"}))
    facts = read_facts(POLICY.plan, book.known(customer).written)
    assert facts["monthly_income"] == 1_200_000 and facts["document_expires"] == dt.date(2030, 1, 31)
    assert facts["income_date"] == TODAY - DAY and facts["bureau_date"] == TODAY  # the day of the answer, where it does not say
    assert facts["held_consumer_line"] is False


def test_what_another_bundle_typed_otherwise_is_not_used(book: Book) -> None:
    customer = book.customer()
    values = {"monthly_income": "99999999999.00", "income_proof": "hearsay", "fact_of_old": 1, "held_consumer_line": True}
    book.tell(customer, snapshot("income", values))
    book.tell(customer, snapshot("profile", {"held_consumer_line": True, "line_consumer_line": "100.00"}))
    known = book.known(customer)
    assert known.unusable == ("income_proof", "monthly_income")
    assert not {"held_consumer_line", "line_consumer_line", "fact_of_old"} & set(known.written)


def test_our_own_facts_are_those_of_the_book_and_of_lines() -> None:
    ours = own_facts(POLICY)
    assert {"book_status", "months_on_book", "held_pay_later", "closed_because_business_loan"} <= ours
    assert not {"monthly_income", "requested_consumer_line", "customer_type"} & ours


@given(st.sampled_from(sorted(INPUTS)), st.data())
def test_a_value_is_read_again_as_it_was(fact: str, data: st.DataObject) -> None:
    each = INPUTS[fact]
    column = each.column
    if column.values:
        value: Any = data.draw(st.sampled_from(column.values))
    elif isinstance(column.low, dt.date) and isinstance(column.high, dt.date):
        value = data.draw(st.dates(column.low, column.high))
    elif column.low is not None and column.high is not None:
        value = data.draw(st.integers(int(str(column.low)), int(str(column.high))))
    else:
        value = data.draw(st.booleans())
    for unit in ("major", "minor") if each.unit else ("",):
        other = replace(each, unit=unit)
        assert read_value(other, as_written(other, plain_value(each, value))) == value


def test_who_is_erased_is_known_no_more(book: Book) -> None:
    customer = book.customer()
    book.tell(customer, snapshot("income", INCOME))
    acted(book.connection, customer, erase)
    with pytest.raises(PersonErased):
        book.known(customer)


@pytest.mark.parametrize("change", ["UPDATE snapshot SET observed = observed", "DELETE FROM snapshot", "TRUNCATE snapshot"])
def test_the_application_cannot_change_what_was_recorded(book: Book, change: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        book.connection.execute(change.encode())
    book.connection.rollback()
