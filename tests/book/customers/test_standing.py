"""States: which changes there are, for which reasons, and who may borrow."""

from __future__ import annotations

import datetime as dt
import itertools
import uuid
from dataclasses import replace

import pytest

from shouxin.book.customers import Customer, Kind, State, check_may_borrow, errors, hold_customer
from shouxin.book.customers.standing import ALLOWED, ORDER, REASONS, change_state, check_change
from shouxin.foundation.ids import NIL
from shouxin.foundation.refusal import Refusal
from shouxin.infra.db.connect import Connection
from shouxin.infra.db.keys import KeyRing
from shouxin.infra.db.unit import in_unit
from shouxin.infra.messages.history import About
from tests.book.customers.people import TODAY, acted, events, one, person

SOMEBODY = Customer(uuid.UUID(int=1), Kind.PERSON, State.NORMAL, 1, TODAY)
COMPANY, HOUSE = replace(SOMEBODY, kind=Kind.COMPANY), replace(SOMEBODY, kind=Kind.HOUSE)
CHANGES = list(itertools.permutations(State, 2))

REFUSED: list[tuple[str, Customer, State, type[Refusal]]] = [
    ("as before", replace(COMPANY, state=State.DECEASED), State.DECEASED, errors.StateUnchanged),
    ("a company dies", COMPANY, State.DECEASED, errors.StateNotOfKind),
    ("no reason", SOMEBODY, State.DECEASED, errors.ReasonNotOfChange),
]


@pytest.mark.parametrize(("customer", "to", "refusal"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_refusals_in_their_order(customer: Customer, to: State, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        check_change(customer, to, "for no reason")


def test_the_table_is_the_order() -> None:
    assert tuple(row[3] for row in REFUSED) == ORDER


def test_the_house_has_no_states_and_a_company_may_be_frozen() -> None:
    with pytest.raises(errors.StateNotOfKind):
        check_change(HOUSE, State.FROZEN, "court_order")
    check_change(COMPANY, State.FROZEN, "court_order")


@pytest.mark.parametrize(("before", "after"), CHANGES)
def test_each_change_has_its_reasons_and_no_other(before: State, after: State) -> None:
    customer = replace(SOMEBODY, state=before)
    allowed = ALLOWED[before, after]
    assert allowed
    assert set(allowed) <= set(REASONS)
    for reason in REASONS:
        if reason in allowed:
            check_change(customer, after, reason)
        else:
            with pytest.raises(errors.ReasonNotOfChange):
                check_change(customer, after, reason)


def test_every_reason_leads_somewhere_and_has_both_texts() -> None:
    assert {reason for reasons in ALLOWED.values() for reason in reasons} == set(REASONS)
    assert all(each.zh and each.en for each in REASONS.values())


def test_a_change_is_an_event_with_its_reason_and_day(connection: Connection, ring: KeyRing) -> None:
    customer_id = person(connection, ring).customer_id
    died = dt.date(2026, 2, 20)
    about = About(reason="death_certified", effective=died)
    acted(connection, customer_id, lambda unit, customer, history: change_state(unit, customer, State.DECEASED, about, history))
    customer = in_unit(connection, lambda unit: hold_customer(unit, customer_id))
    assert (customer.state, customer.events) == (State.DECEASED, 2)
    body = {"from": "normal", "to": "deceased"}
    assert events(connection, customer_id)[1] == (2, "customer.state_changed", "death_certified", body)
    assert one(connection, "SELECT effective FROM event WHERE customer_id = %s AND number = 2", customer_id) == died


def test_a_refused_change_changes_nothing(connection: Connection, ring: KeyRing) -> None:
    created = person(connection, ring)
    with pytest.raises(errors.ReasonNotOfChange):
        acted(
            connection,
            created.customer_id,
            lambda unit, customer, history: change_state(unit, customer, State.FROZEN, About(), history),
        )
    assert in_unit(connection, lambda unit: hold_customer(unit, created.customer_id)) == created


@pytest.mark.parametrize(
    ("customer", "refusal"),
    [
        (replace(SOMEBODY, customer_id=NIL, kind=Kind.HOUSE), errors.CustomerUnknown),
        (replace(SOMEBODY, state=State.FROZEN), errors.CustomerFrozen),
        (replace(SOMEBODY, state=State.DECEASED), errors.CustomerDeceased),
        (replace(COMPANY, state=State.INSOLVENT), errors.CustomerInsolvent),
    ],
)
def test_who_may_not_borrow(customer: Customer, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal, match=str(customer.customer_id)):
        check_may_borrow(customer)
    check_may_borrow(SOMEBODY)
