"""Linked persons: added, ended, seen from both sides, refused in order."""

from __future__ import annotations

import datetime as dt

import pytest

from shouxin.book.customers import Kind, errors
from shouxin.book.customers.links import ORDER, ROLES, add_link, end_link, links_of, links_to
from shouxin.book.customers.model import Link, NewLink, Role
from shouxin.foundation.ids import NIL, new_id
from shouxin.foundation.refusal import Refusal
from shouxin.infra.db.connect import Connection
from shouxin.infra.db.keys import KeyRing
from shouxin.infra.db.unit import in_unit
from tests.book.customers.people import TODAY, acted, events, person

LATER = TODAY + dt.timedelta(days=30)


def test_refusals_in_their_order(connection: Connection, ring: KeyRing) -> None:
    company, owner = (person(connection, ring, kind).customer_id for kind in (Kind.COMPANY, Kind.PERSON))

    def added(new: NewLink) -> int:
        return acted(connection, company, lambda unit, customer, history: add_link(unit, customer, new, history))

    added(NewLink(owner, Role.OWNER, TODAY))
    refused: list[tuple[NewLink, type[Refusal]]] = [
        (NewLink(company, Role.SPOUSE, TODAY), errors.LinkedToSelf),
        (NewLink(new_id(), Role.SPOUSE, TODAY), errors.CustomerUnknown),
        (NewLink(owner, Role.SPOUSE, TODAY), errors.RoleNotOfKind),
        (NewLink(owner, Role.OWNER, LATER), errors.LinkAlreadyKnown),
    ]
    for new, refusal in refused:
        with pytest.raises(refusal):
            added(new)
    assert tuple(refusal for _, refusal in refused) == ORDER
    with pytest.raises(errors.RoleNotOfKind):  # the house is nobody's guarantor
        added(NewLink(NIL, Role.GUARANTOR, TODAY))
    assert added(NewLink(owner, Role.LEGAL_REPRESENTATIVE, TODAY)) == 3


def test_a_link_is_seen_from_both_sides_and_ends(connection: Connection, ring: KeyRing) -> None:
    one, spouse = (person(connection, ring).customer_id for _ in range(2))
    new = NewLink(spouse, Role.SPOUSE, TODAY)
    number = acted(connection, one, lambda unit, customer, history: add_link(unit, customer, new, history))
    with pytest.raises(errors.LinkEndsBeforeItStarts):
        acted(connection, one, lambda unit, _, history: end_link(unit, number, TODAY - dt.timedelta(days=1), history))
    acted(connection, one, lambda unit, _, history: end_link(unit, number, LATER, history))
    with pytest.raises(errors.LinkAlreadyEnded, match=str(LATER)):
        acted(connection, one, lambda unit, _, history: end_link(unit, number, LATER, history))
    with pytest.raises(errors.LinkUnknown):
        acted(connection, one, lambda unit, _, history: end_link(unit, 99, LATER, history))
    link = Link(one, 2, spouse, Role.SPOUSE, TODAY, LATER)
    assert in_unit(connection, lambda unit: links_of(unit, one)) == (link,)
    assert in_unit(connection, lambda unit: links_to(unit, spouse)) == (link,)
    assert in_unit(connection, lambda unit: links_of(unit, spouse) + links_to(unit, one)) == ()
    before, last = TODAY - dt.timedelta(days=1), LATER - dt.timedelta(days=1)
    assert [link.valid(day) for day in (before, TODAY, last, LATER)] == [False, True, True, False]
    assert [each[1::2] for each in events(connection, one)[1:]] == [
        ("link.added", {"role": "spouse", "linked": str(spouse)}),
        ("link.ended", {"link": 2}),
    ]
    assert acted(connection, one, lambda unit, customer, history: add_link(unit, customer, new, history)) == 4


def test_every_role_says_who_may_have_it() -> None:
    assert set(ROLES) == set(Role)
    assert all(Kind.HOUSE not in (*customers, *persons) for customers, persons in ROLES.values())
