"""Requests on customers themselves, ready to be asked: creation, state, consents, contacts. Read first: `create_customer`."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from shouxin.book.customers import State, store_events
from shouxin.book.customers.consents import give_consent, withdraw_consent
from shouxin.book.customers.contacts import add_contact, end_contact
from shouxin.book.customers.creation import create, new_history
from shouxin.book.customers.model import ContactKind, NewConsent, NewContact, NewCustomer
from shouxin.book.customers.standing import change_state
from shouxin.book.facilities.work import Command, Work
from shouxin.book.ledger.days import DAY, day_of
from shouxin.desk.servicing.house import House
from shouxin.desk.servicing.own_requests import perform_own
from shouxin.infra.access.requests import Answer, Request
from shouxin.infra.db.connect import Connection
from shouxin.infra.db.unit import Unit, in_unit
from shouxin.infra.messages.history import About


def create_customer(
    connection: Connection, house: House, asker: tuple[str, str], new: NewCustomer, phone: str | None = None
) -> Answer:
    """A new customer, with a main phone number where one is given; the answer's body has the id.

    asker: the principal and the key, which counts for the principal, since there is no customer yet
    The refusals are those of `creation.ORDER`, then those of `contacts.ORDER`. Raises LedgerWithoutDay, and what `perform_own`
    raises.
    """
    principal, key = asker
    body = {"person": house.ring.blind("customer.create", json.dumps([asdict(new), phone])).hex()}
    today = in_unit(connection, lambda unit: day_of(unit.read(DAY)[0]))
    request = Request(principal, key, "customer.create", body)
    return perform_own(connection, request, lambda unit: _create(unit, house, principal, (new, phone)), today)


def _create(unit: Unit, house: House, principal: str, asked: tuple[NewCustomer, str | None]) -> Mapping[str, Any]:
    (new, phone), today = asked, day_of(unit.read(DAY)[0])
    history = new_history(unit, principal, today)
    made = create(unit, house.ring, new, history)
    if phone is not None:
        add_contact(unit, house.ring, NewContact(ContactKind.PHONE, "main", phone, today), history)
    store_events(unit, history)
    return {"customer": made.customer_id, "kind": made.kind}


def change_customer_state(to: State, reason: str) -> Command:
    """Another state: frozen, deceased, insolvent, or normal again."""

    def act(work: Work) -> Mapping[str, Any]:
        change_state(work.unit, work.standing.customer, to, About(reason=reason), work.history)
        return {"customer": work.standing.customer.customer_id, "state": to}

    return Command("customer.state", {"state": to, "reason": reason}, act)


def give(new: NewConsent) -> Command:
    """A consent; the answer's body has its number."""
    body = {name: str(value) for name, value in asdict(new).items()}
    return Command("consent.give", body, lambda work: {"consent": give_consent(work.unit, new, work.history)})


def withdraw(number: int) -> Command:
    """A consent ends by the customer's will."""

    def act(work: Work) -> Mapping[str, Any]:
        withdraw_consent(work.unit, number, work.history)
        return {"consent": number}

    return Command("consent.withdraw", {"consent": number}, act)


def add(house: House, new: NewContact) -> Command:
    """A contact; the answer's body has its number."""
    blind = house.ring.blind("contact.add", new.text).hex()
    body = {"contact": new.kind, "purpose": new.purpose, "from": new.valid_from, "text": blind}
    return Command("contact.add", body, lambda work: {"contact": add_contact(work.unit, house.ring, new, work.history)})


def end(house: House, customer_id: uuid.UUID, number: int) -> Command:
    """A contact is not used any more."""

    def act(work: Work) -> Mapping[str, Any]:
        end_contact(work.unit, house.ring, number, work.history)
        return {"customer": customer_id, "contact": number}

    return Command("contact.end", {"contact": number}, act)
