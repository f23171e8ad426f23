"""Forgetting a person: nothing opens, nothing finds them, what happened stays."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shouxin.book.customers import Kind, errors, hold_customer
from shouxin.book.customers.consents import consents_of, give_consent
from shouxin.book.customers.erasure import erase
from shouxin.book.customers.finding import find_by_credit_code, find_by_id_number, find_by_phone
from shouxin.book.customers.model import Customer, NewConsent, Purpose
from shouxin.book.customers.personal import read_contacts, read_person
from shouxin.foundation.ids import NIL
from shouxin.infra.db.connect import Connection
from shouxin.infra.db.keys import KeyRing
from shouxin.infra.db.keys_errors import PersonErased
from shouxin.infra.db.unit import Unit, in_unit
from tests.book.customers.people import TODAY, acted, contacted, events, made, new_person, phone


def erased(connection: Connection, customer: Customer) -> None:
    acted(connection, customer.customer_id, lambda unit, held, history: erase(unit, held, history))


def test_an_erased_person_is_unreadable_and_not_found_and_may_come_again(connection: Connection, ring: KeyRing) -> None:
    asked = new_person(Kind.SOLE_TRADER)
    customer = in_unit(connection, lambda unit: made(unit, ring, asked))
    one = customer.customer_id
    contacted(connection, ring, one, phone("13700137000"))
    consent = NewConsent(Purpose.SENSITIVE_DATA, "1", "zh", TODAY)
    acted(connection, one, lambda unit, _, history: give_consent(unit, consent, history))
    erased(connection, customer)

    with pytest.raises(PersonErased):
        in_unit(connection, lambda unit: read_person(unit, ring, one))
    with pytest.raises(PersonErased):
        in_unit(connection, lambda unit: read_contacts(unit, ring, one))
    with pytest.raises(PersonErased):
        contacted(connection, ring, one, phone("13700137001"))
    with pytest.raises(PersonErased):
        erased(connection, customer)

    def found(unit: Unit) -> tuple[object, ...]:
        by_number = find_by_id_number(unit, ring, asked.id_number or "", TODAY)
        return by_number, find_by_credit_code(unit, ring, asked.credit_code or ""), find_by_phone(unit, ring, "13700137000")

    assert in_unit(connection, found) == (None, None, ())
    assert [each[1] for each in events(connection, one)][-2:] == ["consent.given", "customer.erased"]
    assert in_unit(connection, lambda unit: hold_customer(unit, one)) == replace(customer, events=4)
    assert len(in_unit(connection, lambda unit: consents_of(unit, one))) == 1
    again = in_unit(connection, lambda unit: made(unit, ring, asked))
    assert again.customer_id != one


def test_erasing_one_leaves_the_others(connection: Connection, ring: KeyRing) -> None:
    gone, asked = in_unit(connection, lambda unit: made(unit, ring, new_person())), new_person()
    stays = in_unit(connection, lambda unit: made(unit, ring, asked))
    erased(connection, gone)
    assert in_unit(connection, lambda unit: read_person(unit, ring, stays.customer_id)).name == asked.name
    assert in_unit(connection, lambda unit: find_by_id_number(unit, ring, asked.id_number or "", TODAY)) == stays.customer_id


def test_the_house_is_not_erased(connection: Connection) -> None:
    with pytest.raises(errors.CustomerUnknown):
        acted(connection, NIL, lambda unit, held, history: erase(unit, held, history))
