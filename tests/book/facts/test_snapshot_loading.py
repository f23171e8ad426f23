"""Loading many customers: in steps that can be stopped and done again, nobody twice, and with what a record needs."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import pytest

from shouxin.book.customers.erasure import erase
from shouxin.book.facts import loading
from shouxin.book.facts.loading import Loaded, Row, load, refused_rows
from shouxin.book.facts.snapshot_errors import ObservedLater, SourceConsentMissing
from shouxin.book.ledger.days import open_first_day
from shouxin.foundation.ids import NIL, new_id
from shouxin.infra.db.connect import Target, connect
from shouxin.infra.db.keys import KeyRing
from shouxin.infra.db.keys_errors import PersonErased
from shouxin.infra.db.unit import in_unit
from tests.book.customers.people import TODAY, acted, events, one
from tests.book.facts.told import DAY, Book, snapshot

FILE = b"f" * 32


@pytest.fixture(scope="module")
def book(database: Target) -> Iterator[Book]:
    with connect(database.app) as connection:
        in_unit(connection, lambda unit: open_first_day(unit, TODAY))
        yield Book(connection, KeyRing.fresh())


@pytest.fixture
def steps_of_two() -> Iterator[None]:
    """Small steps, so that a few customers are several."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loading, "STEP", 2)
        yield


def row(customer_id: uuid.UUID, months: int, file: bytes = FILE) -> Row:
    said = (snapshot("profile", {"months_in_work": months}), snapshot("income", {"monthly_income": f"{months}.00"}))
    return customer_id, tuple(replace(each, file=file) for each in said)


class Stopped(BaseException):
    """The process ends."""


@pytest.mark.usefixtures("steps_of_two")
def test_a_load_that_was_stopped_goes_on_where_it_was(book: Book) -> None:
    customers = [book.customer() for _ in range(5)]
    rows = [row(each, number) for number, each in enumerate(customers)]

    def stop(done: int) -> None:
        if done == 4:
            raise Stopped

    do = partial(load, book.connection, book.ring, "clerk-1")
    with pytest.raises(Stopped):
        do(iter(rows), stop)
    assert [len(book.said(each, TODAY)) for each in customers] == [2, 2, 2, 2, 0]
    told: list[int] = []
    assert do(iter(rows), told.append) == Loaded(5, 2, 8) and told == [2, 4, 5]
    assert do(iter(rows)) == Loaded(5, 0, 10)
    assert [[each.values for each in book.said(customer, TODAY)] for customer in customers] == [
        [{"monthly_income": f"{number}.00"}, {"months_in_work": number}] for number in range(5)
    ]
    assert [each[:2] for each in events(book.connection, customers[0])[1:]] == [
        (2, "snapshot.recorded"),
        (3, "snapshot.recorded"),
    ]
    assert one(book.connection, "SELECT events FROM customer WHERE customer_id = %s", customers[0]) == 3


def test_another_file_is_recorded_beside_it(book: Book) -> None:
    customer = book.customer()
    do = partial(load, book.connection, book.ring, "clerk-1")
    assert do(iter([row(customer, 1)])) == Loaded(1, 2, 0)
    assert do(iter([row(customer, 2, b"g" * 32)])) == Loaded(1, 2, 0)
    assert book.known(customer).written["months_in_work"] == 2


def test_rows_that_cannot_be_stored_are_told_before(book: Book) -> None:
    fine, agreed, erased = (book.customer() for _ in range(3))
    consent = book.agree(agreed)
    acted(book.connection, erased, erase)
    bureau = replace(snapshot("bureau", {"bureau_status": "found"}), file=FILE)
    late = replace(snapshot("profile", {"months_in_work": 1}, TODAY + DAY), file=FILE)
    unknown = new_id()
    rows: list[Row] = [
        row(fine, 1),
        (agreed, (bureau,)),
        (fine, (bureau, late)),
        (agreed, (replace(bureau, observed=TODAY - DAY),)),
        *(row(each, 1) for each in (erased, unknown, NIL)),
    ]
    found = in_unit(book.connection, lambda unit: refused_rows(unit, rows))
    assert [(each.customer_id, type(each.why)) for each in found] == [
        (fine, SourceConsentMissing),
        (fine, ObservedLater),
        (agreed, SourceConsentMissing),
        *((each, type(None)) for each in (erased, unknown, NIL)),
    ]
    assert load(book.connection, book.ring, "clerk-1", iter(rows[1:2])) == Loaded(1, 1, 0)
    assert [each.consent for each in book.said(agreed, TODAY)] == [consent]


def test_who_was_erased_meanwhile_stops_the_load(book: Book) -> None:
    customer = book.customer()
    acted(book.connection, customer, erase)
    with pytest.raises(PersonErased):
        load(book.connection, book.ring, "clerk-1", iter([row(customer, 1)]))
