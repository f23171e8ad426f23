"""Creating a customer. Read first: `create`.

An identity number belongs to one customer. That is held by the primary key of the directory `identity`: whoever claims a number
second waits until the first has committed, and is then refused.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from shouxin.book.customers import errors, identity_errors
from shouxin.book.customers.identity import read_credit_code, read_id_number, read_name
from shouxin.book.customers.masking import masked
from shouxin.book.customers.model import Customer, Kind, NewCustomer, Person, State
from shouxin.book.customers.personal import seal_person
from shouxin.book.customers.store import QUERIES
from shouxin.foundation.ids import new_id
from shouxin.foundation.refusal import Refusal
from shouxin.infra.db.keys import KeyRing
from shouxin.infra.db.keys_of_customers import add_key
from shouxin.infra.db.unit import Unit
from shouxin.infra.messages.history import History

CREATED = (Kind.PERSON, Kind.SOLE_TRADER, Kind.COMPANY)


def checked(new: NewCustomer, today: dt.date) -> Person:
    """Who is to become a customer, with name and numbers in the form in which they are stored. Raises the refusals of `ORDER`,
    the first that applies, but the last."""
    if new.kind not in CREATED:
        raise errors.KindNotCreated("kind", new.kind, known=", ".join(CREATED))
    company = new.kind is Kind.COMPANY
    if not company and not new.id_number:
        raise errors.IdNumberMissing("id_number", "")
    if company and new.id_number:
        raise errors.IdNumberNotExpected("id_number", masked(new.id_number))
    if company and not new.credit_code:
        raise errors.CreditCodeMissing("credit_code", "")
    if new.kind is Kind.PERSON and new.credit_code:
        raise errors.CreditCodeNotExpected("credit_code", masked(new.credit_code))
    name = read_name(new.name)
    id_number = read_id_number(new.id_number, today) if new.id_number else None
    return Person(name, id_number, read_credit_code(new.credit_code) if new.credit_code else None)


def new_history(unit: Unit, principal: str, today: dt.date) -> History:
    """The empty history of a customer who is about to be created, with the id that they will have."""
    return History(unit, new_id(), 0, principal, today)


def create(unit: Unit, ring: KeyRing, new: NewCustomer, history: History) -> Customer:
    """A new customer; event `customer.created`. What else happens to them in the same unit (contacts, consents) goes to the same
    history, and `store_events` follows.

    Raises the refusals of `ORDER`. A repeat raises IdentityAlreadyKnown, also where two create the same person at once.
    """
    person = checked(new, history.today)
    history.append("customer.created", {"kind": new.kind})
    _claim(unit, ring, person, history)  # after a write: only then has a step its savepoint, and a refusal takes back every claim
    customer = Customer(history.customer_id, new.kind, State.NORMAL, history.last, history.today)
    unit.write(QUERIES["customer_added"], (customer.customer_id, customer.kind, customer.events, customer.since))
    sealed = seal_person(add_key(unit, ring, customer.customer_id), person)
    unit.write(QUERIES["personal_added"], (customer.customer_id, sealed))
    return customer


def indexes(ring: KeyRing, person: Person) -> dict[bytes, str]:
    """The blind indexes of somebody's identity numbers, with the fields that they come from, in ascending order: two who claim
    the same numbers take them in the same order."""
    found = {}
    if person.id_number:
        found[ring.blind("id_number", person.id_number)] = "id_number"
    if person.credit_code:
        found[ring.blind("credit_code", person.credit_code)] = "credit_code"
    return dict(sorted(found.items()))


def _claim(unit: Unit, ring: KeyRing, person: Person, history: History) -> None:
    wanted = indexes(ring, person)
    rows = unit.read((QUERIES["identities_claimed"], (list(wanted), history.customer_id)))[0]
    taken = _taken(wanted, [bytes(row.index) for row in rows])
    if taken:
        raise errors.IdentityAlreadyKnown(taken, masked(getattr(person, taken)))


def _taken(wanted: dict[bytes, str], claimed: Sequence[bytes]) -> str | None:
    """The first field whose number another customer has."""
    fields = [name for index, name in wanted.items() if index not in claimed]
    return min(fields, key=("id_number", "credit_code").index, default=None)


# The order in which refusals are told.
ORDER: tuple[type[Refusal], ...] = (
    errors.KindNotCreated,
    errors.IdNumberMissing,
    errors.IdNumberNotExpected,
    errors.CreditCodeMissing,
    errors.CreditCodeNotExpected,
    identity_errors.NameUnreadable,
    identity_errors.IdNumberMalformed,
    identity_errors.IdNumberRegionUnknown,
    identity_errors.IdNumberBirthImplausible,
    identity_errors.IdNumberCheckDigitWrong,
    identity_errors.CreditCodeMalformed,
    identity_errors.CreditCodeCheckDigitWrong,
    errors.IdentityAlreadyKnown,
)
