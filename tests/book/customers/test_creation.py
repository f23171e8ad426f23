"""Creating and finding customers: the order of refusals, one identity for one customer, under concurrency too."""

from __future__ import annotations

import threading
import time
import uuid
from dataclasses import replace

import pytest

from shouxin.book.customers import errors, finding, hold_customer, identity_errors
from shouxin.book.customers.creation import ORDER, create, new_history
from shouxin.book.customers.model import Customer, Kind, NewCustomer, Person
from shouxin.book.customers.personal import read_person
from shouxin.foundation.ids import NIL, new_id
from shouxin.foundation.refusal import Refusal
from shouxin.infra.db.connect import Connection, Target, connect
from shouxin.infra.db.keys import KeyRing
from shouxin.infra.db.unit import Unit, in_unit
from tests.book.customers.people import TODAY, credit_code, events, id_number, made, new_person, one, person

pytestmark = pytest.mark.both_servers  # who waits for whom is the server's doing

WANG = id_number("11010119900307123")
SHOP = credit_code("92110105MA1234567")
KNOWN = NewCustomer(Kind.SOLE_TRADER, "王小明", id_number("11010119910307123"), credit_code("92110105MA7654321"))


def new(kind: Kind, name: str = "", id_number: str | None = None, credit_code: str | None = None) -> NewCustomer:
    return NewCustomer(kind, name, id_number, credit_code)


# Each row breaks its own sentence and later ones with it.
REFUSED: list[tuple[str, NewCustomer, type[Refusal]]] = [
    ("the house", new(Kind.HOUSE), errors.KindNotCreated),
    ("a person without number", new(Kind.PERSON, credit_code=SHOP[:-1]), errors.IdNumberMissing),
    ("a company with a person's number", new(Kind.COMPANY, id_number="1"), errors.IdNumberNotExpected),
    ("a company without code", new(Kind.COMPANY), errors.CreditCodeMissing),
    ("a person with a code", new(Kind.PERSON, id_number="1", credit_code="1"), errors.CreditCodeNotExpected),
    ("no name", new(Kind.SOLE_TRADER, "", "1", "1"), identity_errors.NameUnreadable),
    ("no number", new(Kind.SOLE_TRADER, "王", "1", "1"), identity_errors.IdNumberMalformed),
    ("no province", new(Kind.SOLE_TRADER, "王", "0" * 18, "1"), identity_errors.IdNumberRegionUnknown),
    ("no birth", new(Kind.SOLE_TRADER, "王", "11" + "0" * 16, "1"), identity_errors.IdNumberBirthImplausible),
    ("one digit", new(Kind.SOLE_TRADER, "王", WANG[:-1] + "9", "1"), identity_errors.IdNumberCheckDigitWrong),
    ("no code", new(Kind.SOLE_TRADER, "王", KNOWN.id_number, "1"), identity_errors.CreditCodeMalformed),
    ("one place", new(Kind.SOLE_TRADER, "王", KNOWN.id_number, SHOP[:-1] + "0"), identity_errors.CreditCodeCheckDigitWrong),
    ("known", replace(KNOWN, name="王"), errors.IdentityAlreadyKnown),
]


@pytest.fixture(scope="module")
def known(database: Target, ring: KeyRing) -> Customer:
    """The customer KNOWN."""
    with connect(database.app) as opened:
        return in_unit(opened, lambda unit: made(unit, ring, KNOWN))


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize(("asked", "refusal"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_refusals_in_their_order(connection: Connection, ring: KeyRing, asked: NewCustomer, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        in_unit(connection, lambda unit: made(unit, ring, asked))


def test_the_table_is_the_order() -> None:
    assert tuple(row[2] for row in REFUSED) == ORDER
    assert WANG[-1] != "9" and SHOP[-1] != "0"


@pytest.mark.parametrize("kind", [Kind.PERSON, Kind.SOLE_TRADER, Kind.COMPANY])
def test_a_customer_is_created_read_and_found(connection: Connection, ring: KeyRing, kind: Kind) -> None:
    asked = new_person(kind)
    customer = in_unit(connection, lambda unit: made(unit, ring, asked))
    assert in_unit(connection, lambda unit: hold_customer(unit, customer.customer_id)) == customer
    assert (customer.kind, customer.state, customer.events, customer.since) == (kind, "normal", 1, TODAY)
    assert events(connection, customer.customer_id) == [(1, "customer.created", None, {"kind": kind})]
    opened = in_unit(connection, lambda unit: read_person(unit, ring, customer.customer_id))
    assert opened == Person(asked.name, asked.id_number, asked.credit_code)
    assert set(in_unit(connection, lambda unit: found(unit, ring, asked))) == {customer.customer_id}


def found(unit: Unit, ring: KeyRing, asked: NewCustomer) -> list[uuid.UUID | None]:
    by_number = [finding.find_by_id_number(unit, ring, asked.id_number.lower(), TODAY)] if asked.id_number else []
    return by_number + ([finding.find_by_credit_code(unit, ring, asked.credit_code.lower())] if asked.credit_code else [])


def test_a_sole_trader_needs_no_code_and_nobody_is_found_who_is_not_there(connection: Connection, ring: KeyRing) -> None:
    customer = person(connection, ring, Kind.SOLE_TRADER, credit_code=None)
    opened = in_unit(connection, lambda unit: read_person(unit, ring, customer.customer_id))
    assert opened.credit_code is None
    assert in_unit(connection, lambda unit: finding.find_by_id_number(unit, ring, WANG, TODAY)) is None
    assert in_unit(connection, lambda unit: finding.find_by_credit_code(unit, ring, SHOP)) is None


def test_an_unknown_customer_is_named(connection: Connection) -> None:
    with pytest.raises(errors.CustomerUnknown):
        in_unit(connection, lambda unit: hold_customer(unit, new_id()))
    assert in_unit(connection, lambda unit: hold_customer(unit, NIL)).kind is Kind.HOUSE


def test_a_number_is_one_customers_whatever_the_kind(connection: Connection, ring: KeyRing) -> None:
    first = new_person()
    in_unit(connection, lambda unit: made(unit, ring, first))
    again = new_person(Kind.SOLE_TRADER, id_number=first.id_number)
    with pytest.raises(errors.IdentityAlreadyKnown) as refused:
        in_unit(connection, lambda unit: made(unit, ring, again))
    assert (refused.value.field, refused.value.value) == ("id_number", "110101********" + (first.id_number or "")[-4:])


def test_a_refusal_within_a_step_takes_back_what_was_claimed(connection: Connection, ring: KeyRing) -> None:
    taken = new_person(Kind.COMPANY)
    in_unit(connection, lambda unit: made(unit, ring, taken))
    asked = new_person(Kind.SOLE_TRADER, credit_code=taken.credit_code)

    def work(unit: Unit) -> str:
        try:
            with unit.step():
                made(unit, ring, asked)
        except errors.IdentityAlreadyKnown as refused:
            return refused.field
        return ""

    counted = "SELECT (SELECT count(*) FROM identity) + (SELECT count(*) FROM event) + (SELECT count(*) FROM outbox)"
    before = one(connection, counted)
    assert in_unit(connection, work) == "credit_code"
    assert one(connection, counted) == before
    assert in_unit(connection, lambda unit: made(unit, ring, replace(asked, credit_code=None))).events == 1


# The race of two creations.


def begun(connection: Connection, ring: KeyRing, asked: NewCustomer) -> Unit:
    unit = Unit(connection)
    create(unit, ring, asked, new_history(unit, "clerk-1", TODAY))
    unit.flush()
    return unit


@pytest.mark.parametrize("first_commits", [True, False])
def test_who_comes_second_waits_for_the_first(database: Target, ring: KeyRing, first_commits: bool) -> None:
    asked, told = new_person(), []

    def second() -> None:
        with connect(database.app) as mine:
            try:
                in_unit(mine, lambda unit: made(unit, ring, asked))
                told.append("created")
            except errors.IdentityAlreadyKnown:
                told.append("refused")

    with connect(database.app) as first, connect(database.app) as watching:
        unit = begun(first, ring, asked)
        thread = threading.Thread(target=second)
        thread.start()
        waits = "SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'transactionid'"
        deadline = time.monotonic() + 4
        while not one(watching, waits) and time.monotonic() < deadline:
            time.sleep(0.01)
        assert not told
        unit.commit() if first_commits else first.rollback()
        thread.join()
    assert told == ["refused" if first_commits else "created"]


def test_of_many_who_create_the_same_sole_trader_at_once_one_does(database: Target, ring: KeyRing) -> None:
    asked, told = new_person(Kind.SOLE_TRADER), []
    barrier = threading.Barrier(6)

    def create_one() -> None:
        with connect(database.app) as mine:
            barrier.wait()
            try:
                told.append(in_unit(mine, lambda unit: made(unit, ring, asked)).kind.value)
            except Refusal as refused:
                told.append(refused.code)

    threads = [threading.Thread(target=create_one) for _ in range(6)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(told) == ["IdentityAlreadyKnown"] * 5 + ["sole_trader"]
