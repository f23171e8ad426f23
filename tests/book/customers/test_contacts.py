"""Phones, addresses and e-mail: added, ended, found, and refused in order."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from shouxin.book.customers import errors, identity_errors
from shouxin.book.customers.contacts import MOST_OF_A_KIND, ORDER, PURPOSES, checked, end_contact
from shouxin.book.customers.finding import find_by_phone
from shouxin.book.customers.model import Contact, ContactKind, NewContact
from shouxin.book.customers.personal import read_contacts
from shouxin.foundation.refusal import Refusal
from shouxin.infra.db.connect import Connection
from shouxin.infra.db.keys import KeyRing
from shouxin.infra.db.keys_errors import SealBroken
from shouxin.infra.db.unit import in_unit
from tests.book.customers.people import TODAY, acted, contacted, events, person, phone

PHONE, EMAIL, ADDRESS = ContactKind.PHONE, ContactKind.EMAIL, ContactKind.ADDRESS
HOME = NewContact(ADDRESS, "home", "北京市朝阳区建国路1号", TODAY)
FULL = tuple(Contact(each, PHONE, "main", f"+86138001380{each:02}", TODAY) for each in range(MOST_OF_A_KIND))

REFUSED: list[tuple[str, NewContact, type[Refusal]]] = [
    ("no purpose of phones", phone("1", "registered"), errors.PurposeUnknown),
    ("no phone", phone("1"), identity_errors.PhoneUnreadable),
    ("no e-mail", NewContact(EMAIL, "main", "1", TODAY), identity_errors.EmailUnreadable),
    ("no address", NewContact(ADDRESS, "home", "", TODAY), identity_errors.AddressUnreadable),
    ("known", phone("138 0013 8000"), errors.ContactAlreadyKnown),
    ("too many", phone("138 0013 8099"), errors.ContactsTooMany),
]


@pytest.mark.parametrize(("asked", "refusal"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_refusals_in_their_order(asked: NewContact, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        checked(asked, FULL)


def test_the_table_is_the_order() -> None:
    assert tuple(row[2] for row in REFUSED) == ORDER


def test_ended_contacts_and_other_purposes_do_not_stand_in_the_way() -> None:
    ended = tuple(replace(each, ended=TODAY) for each in FULL)
    assert checked(phone("13800138000"), ended) == "+8613800138000"
    assert checked(phone("13800138000", "work"), FULL[:-1]) == "+8613800138000"
    assert checked(HOME, FULL) == HOME.text


def test_contacts_are_sealed_read_and_ended(connection: Connection, ring: KeyRing) -> None:
    one = person(connection, ring).customer_id
    later = TODAY + dt.timedelta(days=9)
    asked = [phone("13800138000"), HOME, NewContact(EMAIL, "notices", "wang@example.com", later)]
    numbers = [contacted(connection, ring, one, each) for each in asked]
    assert numbers == [2, 3, 4]
    acted(connection, one, lambda unit, _, history: end_contact(unit, ring, 3, history), later)
    contacts = in_unit(connection, lambda unit: read_contacts(unit, ring, one))
    assert contacts == (
        Contact(2, PHONE, "main", "+8613800138000", TODAY),
        Contact(3, ADDRESS, "home", HOME.text, TODAY, later),
        Contact(4, EMAIL, "notices", "wang@example.com", later),
    )
    assert [each.valid(TODAY) for each in contacts] == [True, True, False]
    assert [each.valid(later) for each in contacts] == [True, False, True]
    assert [each[1::2] for each in events(connection, one)[1:]] == [
        ("contact.added", {"contact": "phone", "purpose": "main", "valid_from": "2026-03-02"}),
        ("contact.added", {"contact": "address", "purpose": "home", "valid_from": "2026-03-02"}),
        ("contact.added", {"contact": "email", "purpose": "notices", "valid_from": "2026-03-11"}),
        ("contact.ended", {"contact": 3}),
    ]


def test_a_contact_is_not_added_twice_and_not_ended_twice(connection: Connection, ring: KeyRing) -> None:
    one = person(connection, ring).customer_id
    number = contacted(connection, ring, one, HOME)
    with pytest.raises(errors.ContactAlreadyKnown) as refused:
        contacted(connection, ring, one, HOME)
    assert refused.value.value == "北京市朝阳区*****"
    acted(connection, one, lambda unit, _, history: end_contact(unit, ring, number, history))
    with pytest.raises(errors.ContactAlreadyEnded, match="2026-03-02"):
        acted(connection, one, lambda unit, _, history: end_contact(unit, ring, number, history))
    with pytest.raises(errors.ContactUnknown):
        acted(connection, one, lambda unit, _, history: end_contact(unit, ring, 1, history))
    assert contacted(connection, ring, one, HOME) == 4


def test_a_customer_is_found_by_phone_until_no_purpose_has_it(connection: Connection, ring: KeyRing) -> None:
    one, other = sorted(person(connection, ring).customer_id for _ in range(2))

    def found() -> tuple[object, ...]:
        return in_unit(connection, lambda unit: find_by_phone(unit, ring, "139 0013 9000"))

    assert found() == ()
    for who, purpose in ((one, "main"), (one, "work"), (other, "main")):
        new = phone("13900139000", purpose)
        contacted(connection, ring, who, new)
    assert found() == (one, other)
    acted(connection, one, lambda unit, _, history: end_contact(unit, ring, 2, history))
    assert found() == (one, other)
    acted(connection, one, lambda unit, _, history: end_contact(unit, ring, 3, history))
    assert found() == (other,)


def test_a_contact_moved_to_another_row_does_not_open(connection: Connection, ring: KeyRing, database_owner: Connection) -> None:
    one = person(connection, ring).customer_id
    for new in (phone("13800138000"), phone("13800138001")):
        contacted(connection, ring, one, new)
    moved = "UPDATE contact SET sealed = (SELECT sealed FROM contact WHERE customer_id = %s AND number = 2) WHERE number = 3"
    database_owner.execute(moved, (one,))
    database_owner.commit()
    with pytest.raises(SealBroken):
        in_unit(connection, lambda unit: read_contacts(unit, ring, one))


def test_every_kind_has_purposes() -> None:
    assert set(PURPOSES) == set(ContactKind)
