"""What persons are by what they do, as it is known of customers: receipts before profile and record, and never of a company."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest

from shouxin.book.customers.model import Kind
from shouxin.book.facts.known import Known
from shouxin.infra.db.connect import Target, connect
from shouxin.infra.db.keys import KeyRing
from tests.book.customers.people import TODAY
from tests.book.facts.told import DAY, Book, snapshot

SOME, NONE = {"turnover_3m": "900.00", "active_days_3m": 20}, {"turnover_3m": "0.00", "active_days_3m": 0}


@pytest.fixture(scope="module")
def book(database: Target) -> Iterator[Book]:
    """A book with the standard bundle."""
    with connect(database.app) as connection:
        yield Book(connection, KeyRing.fresh())


def kind(known: Known) -> tuple[str, str, dt.date]:
    """What the customer is, who says so, and of which day."""
    given = known.given["customer_type"]
    return str(given.value), given.source, given.observed


@pytest.mark.parametrize("record", [Kind.PERSON, Kind.SOLE_TRADER])
def test_receipts_say_it_before_profile_and_record(book: Book, record: Kind) -> None:
    customer = book.customer(record)
    book.tell(customer, snapshot("profile", {"customer_type": "consumer"}))
    book.tell(customer, snapshot("receipts", SOME, TODAY - 2 * DAY))
    assert kind(book.known(customer)) == ("merchant", "activity", TODAY - 2 * DAY)
    book.tell(customer, snapshot("profile", {"customer_type": "merchant"}))
    book.tell(customer, snapshot("receipts", NONE, TODAY))
    assert kind(book.known(customer)) == ("consumer", "activity", TODAY)


def test_without_receipts_or_with_old_ones_profile_and_record_say_it(book: Book) -> None:
    customer = book.customer(Kind.SOLE_TRADER)
    assert kind(book.known(customer))[:2] == ("merchant", "record")
    book.tell(customer, snapshot("receipts", NONE, TODAY))
    assert kind(book.known(customer, TODAY + 45 * DAY))[:2] == ("consumer", "activity")
    assert kind(book.known(customer, TODAY + 46 * DAY))[:2] == ("merchant", "record")  # receipts count for 45 days
    book.tell(customer, snapshot("profile", {"customer_type": "consumer"}))
    assert kind(book.known(customer, TODAY + 46 * DAY))[:2] == ("consumer", "profile")


def test_half_of_the_answer_is_enough_for_a_merchant_only(book: Book) -> None:
    customer = book.customer()
    book.tell(customer, snapshot("receipts", {"active_days_3m": 0}))
    assert kind(book.known(customer))[:2] == ("consumer", "record")
    book.tell(customer, snapshot("receipts", {"active_days_3m": 1}))
    assert kind(book.known(customer))[:2] == ("merchant", "activity")


@pytest.mark.parametrize("receipts", [SOME, NONE])
def test_a_company_stays_a_company(book: Book, receipts: dict[str, object]) -> None:
    company = book.customer(Kind.COMPANY)
    book.tell(company, snapshot("receipts", receipts))
    assert kind(book.known(company))[:2] == ("company", "record")
    person = book.customer()
    book.tell(person, snapshot("receipts", receipts))
    book.tell(person, snapshot("profile", {"customer_type": "company"}))
    assert kind(book.known(person))[:2] == ("company", "profile")  # neither of the two: left for who can mend it


def test_it_is_known_no_earlier_than_what_it_follows_from(book: Book) -> None:
    customer = book.customer()
    book.tell(customer, snapshot("receipts", SOME, TODAY - 3 * DAY), TODAY + DAY)
    assert kind(book.known(customer, TODAY))[:2] == ("consumer", "record")
    given = book.known(customer, TODAY + DAY).given["customer_type"]
    assert (given.value, given.observed, given.booked) == ("merchant", TODAY - 3 * DAY, TODAY + DAY)
