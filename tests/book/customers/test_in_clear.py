"""No personal data stand in clear anywhere: not in a column of any table, not in refusals, not in the repr of a value."""

from __future__ import annotations

import base64

import pytest
from psycopg import sql

from shouxin.book.customers import Kind, State
from shouxin.book.customers.consents import give_consent
from shouxin.book.customers.contacts import end_contact
from shouxin.book.customers.links import add_link
from shouxin.book.customers.model import ContactKind, NewConsent, NewContact, NewCustomer, NewLink, Purpose, Role
from shouxin.book.customers.personal import read_contacts, read_person
from shouxin.book.customers.standing import change_state
from shouxin.foundation.refusal import Refusal
from shouxin.infra.db.connect import Connection
from shouxin.infra.db.keys import KeyRing
from shouxin.infra.db.keys_of_customers import rewrap
from shouxin.infra.db.unit import in_unit
from shouxin.infra.messages.history import About
from tests.book.customers.people import TODAY, acted, contacted, credit_code, id_number, made

NAME, NUMBER, CODE = "欧阳记号", id_number("11010119900307987"), credit_code("92110105MAMARKED1")
PHONE, EMAIL, ADDRESS = "13812387654", "marked.person@example.com", "北京市东城区记号胡同99号"
WHO = NewCustomer(Kind.SOLE_TRADER, NAME, NUMBER, CODE)
CONTACTS = [
    NewContact(ContactKind.PHONE, "main", PHONE, TODAY),
    NewContact(ContactKind.EMAIL, "main", EMAIL, TODAY),
    NewContact(ContactKind.ADDRESS, "home", ADDRESS, TODAY),
]
# Pieces by which somebody would be known; a mask shows none of them.
MARKS = [NAME, NAME[1:], NUMBER, NUMBER[6:14], CODE, CODE[8:14], PHONE, PHONE[2:8], EMAIL, "marked.person", ADDRESS, "记号胡同"]


def found(text: str) -> list[str]:
    """The marks in a text: as they are, as hex, as Base64."""
    lower = text.lower()

    def stands(mark: str) -> bool:
        forms = [mark, *(mark.encode(code).hex() for code in ("utf-8", "utf-16-le", "gb18030"))]
        return any(each.lower() in lower for each in forms) or base64.b64encode(mark.encode()).decode()[:-4] in text

    return [each for each in MARKS if stands(each)]


def scanned(owner: Connection) -> tuple[int, list[tuple[str, list[str]]]]:
    """How many rows of all tables were read, and where marks stand; every column as text, bytes as hex."""
    asked = (
        "SELECT c.oid::regclass::text FROM pg_class c WHERE c.relnamespace = 'shouxin'::regnamespace AND c.relkind IN ('r', 'p')"
    )
    tables = [str(row[0]) for row in owner.execute(asked).fetchall()]
    rows = 0
    stands: list[tuple[str, list[str]]] = []
    for table in tables:
        for row in owner.execute(sql.SQL("SELECT t::text FROM {} AS t").format(sql.Identifier(table))).fetchall():
            rows += 1
            marks = found(str(row[0]))
            if marks:
                stands.append((table, marks))
    return rows, stands


def live(connection: Connection, ring: KeyRing) -> list[str]:
    """Everything that a customer does here; returns what was shown meanwhile."""
    one = in_unit(connection, lambda unit: made(unit, ring, WHO)).customer_id
    other = in_unit(connection, lambda unit: made(unit, ring, NewCustomer(Kind.PERSON, NAME, id_number("11010119910307987"))))
    shown = []
    for contact in CONTACTS:
        contacted(connection, ring, one, contact)
        with pytest.raises(Refusal) as refused:
            contacted(connection, ring, one, contact)
        shown.append(str(refused.value.to_dict("zh")))
    acted(connection, one, lambda unit, _, history: end_contact(unit, ring, 2, history))
    link = NewLink(other.customer_id, Role.SPOUSE, TODAY)
    acted(connection, one, lambda unit, customer, history: add_link(unit, customer, link, history))
    consent = NewConsent(Purpose.BUREAU_QUERY, "2026-01", "zh", TODAY)
    acted(connection, one, lambda unit, _, history: give_consent(unit, consent, history))
    frozen = About(reason="customer_request")
    acted(connection, one, lambda unit, customer, history: change_state(unit, customer, State.FROZEN, frozen, history))
    with pytest.raises(Refusal) as refused:
        in_unit(connection, lambda unit: made(unit, ring, WHO))
    opened = in_unit(connection, lambda unit: (read_person(unit, ring, one), read_contacts(unit, ring, one)))
    in_unit(connection, lambda unit: rewrap(unit, ring.rotated(), 100))
    return [*shown, str(refused.value), repr(refused.value), repr(WHO), repr(CONTACTS), repr(opened)]


def test_no_personal_data_stand_in_clear(connection: Connection, database_owner: Connection, ring: KeyRing) -> None:
    shown = live(connection, ring)
    rows, stands = scanned(database_owner)
    assert rows > 20
    assert stands == []
    assert [found(each) for each in shown] == [[] for _ in shown]


def test_the_scan_would_find_them(database_owner: Connection) -> None:
    for table, column, value in (("event", "body", '"' + NAME + '"'), ("customer_key", "wrapped", PHONE.encode())):
        change = sql.SQL("UPDATE {} SET {} = %s").format(sql.Identifier(table), sql.Identifier(column))
        database_owner.execute(change, (value,))
        assert {place for place, _ in scanned(database_owner)[1]} == {table}
        database_owner.rollback()
