"""Frozen values of the customers room. Whatever is personal is left out of a repr, so that it cannot reach a log by accident."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, field
from enum import StrEnum

from shouxin.book.customers.masking import masked, masked_name


class Kind(StrEnum):
    """What a customer is. The house itself has the nil customer, to which its own events and journals belong."""

    HOUSE = "house"
    PERSON = "person"
    SOLE_TRADER = "sole_trader"
    COMPANY = "company"


class State(StrEnum):
    """Whether a customer may borrow; `standing.py` says how one state becomes another."""

    NORMAL = "normal"
    FROZEN = "frozen"
    DECEASED = "deceased"
    INSOLVENT = "insolvent"


@dataclass(frozen=True, slots=True)
class Customer:
    """The row that a command holds. events: how many happened before; since: the business day of creation."""

    customer_id: uuid.UUID
    kind: Kind
    state: State
    events: int
    since: dt.date


@dataclass(frozen=True, slots=True)
class NewCustomer:
    """Who is to become a customer, as written by whoever asks; `checked` reads it.

    id_number:   of a person or a sole trader
    credit_code: the unified social credit code of a company, or of a sole trader who has one
    """

    kind: Kind
    name: str = field(repr=False)
    id_number: str | None = field(default=None, repr=False)
    credit_code: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Person:
    """The opened personal data of a customer, company or not: name and identity numbers."""

    name: str
    id_number: str | None = None
    credit_code: str | None = None

    def __repr__(self) -> str:
        numbers = ", ".join(masked(each) for each in self.numbers)
        return f"Person({masked_name(self.name)}, {numbers})"

    @property
    def numbers(self) -> tuple[str, ...]:
        """The identity numbers that there are."""
        return tuple(each for each in (self.id_number, self.credit_code) if each)


class ContactKind(StrEnum):
    """How somebody is reached."""

    PHONE = "phone"
    ADDRESS = "address"
    EMAIL = "email"


@dataclass(frozen=True, slots=True)
class NewContact:
    """A contact as written by whoever asks. purpose: one of `contacts.PURPOSES`; valid_from: the first day of its use."""

    kind: ContactKind
    purpose: str
    text: str = field(repr=False)
    valid_from: dt.date


@dataclass(frozen=True, slots=True)
class Contact:
    """An opened contact.

    number: that of the event which added it
    ended:  the first day on which it is not used any more
    """

    number: int
    kind: ContactKind
    purpose: str
    text: str = field(repr=False)
    valid_from: dt.date
    ended: dt.date | None = None

    def valid(self, on: dt.date) -> bool:
        """Whether it is to be used on that day."""
        return self.valid_from <= on and (self.ended is None or on < self.ended)


class Role(StrEnum):
    """What a linked person is to the customer."""

    OWNER = "owner"
    LEGAL_REPRESENTATIVE = "legal_representative"
    GUARANTOR = "guarantor"
    SPOUSE = "spouse"


@dataclass(frozen=True, slots=True)
class NewLink:
    """Another customer who is to become a linked person, in a role, from a day on."""

    linked_id: uuid.UUID
    role: Role
    valid_from: dt.date


@dataclass(frozen=True, slots=True)
class Link:
    """`linked_id` is `role` to `customer_id`. number: that of the event which added it; ended: the first day without it."""

    customer_id: uuid.UUID
    number: int
    linked_id: uuid.UUID
    role: Role
    valid_from: dt.date
    ended: dt.date | None

    def valid(self, on: dt.date) -> bool:
        """Whether the link holds on that day."""
        return self.valid_from <= on and (self.ended is None or on < self.ended)


class Purpose(StrEnum):
    """What a consent is given for."""

    BUREAU_QUERY = "bureau_query"
    BUREAU_REPORTING = "bureau_reporting"
    SHARING_WITH_FUNDERS = "sharing_with_funders"
    SENSITIVE_DATA = "sensitive_data"


@dataclass(frozen=True, slots=True)
class NewConsent:
    """A consent as it is given: to which version of the text, in which language.

    ends_on: the last day on which it counts; None until withdrawn
    """

    purpose: Purpose
    text_version: str
    language: str
    given_on: dt.date
    ends_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Consent:
    """A consent. number: that of the event which gave it; withdrawn_on: the first day on which it does not count any more."""

    number: int
    purpose: Purpose
    text_version: str
    language: str
    given_on: dt.date
    ends_on: dt.date | None
    withdrawn_on: dt.date | None

    def counts(self, on: dt.date) -> bool:
        """Whether it allows its purpose on that day."""
        begun, over = self.given_on <= on, self.ends_on is not None and self.ends_on < on
        return begun and not over and (self.withdrawn_on is None or on < self.withdrawn_on)
