"""Linked persons: who is owner, legal representative, guarantor or spouse of a customer. Read first: `ROLES`.

A linked person is a customer too, with or without products, so that a group's exposure can be counted. A link stands with the
customer whom it serves; readers who want a group ask in both directions. A spouse is written once, on either side.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from shouxin.book.customers import errors
from shouxin.book.customers.model import Customer, Kind, Link, NewLink, Role
from shouxin.book.customers.store import QUERIES, read_customer
from shouxin.foundation.refusal import Refusal
from shouxin.infra.db.unit import Unit
from shouxin.infra.messages.history import About, History

NATURAL = (Kind.PERSON, Kind.SOLE_TRADER)
ANYBODY = (*NATURAL, Kind.COMPANY)

# For each role the kinds of customer that have such a linked person, and the kinds that can be one.
ROLES: Mapping[Role, tuple[tuple[Kind, ...], tuple[Kind, ...]]] = {
    Role.OWNER: ((Kind.COMPANY,), ANYBODY),
    Role.LEGAL_REPRESENTATIVE: ((Kind.COMPANY,), NATURAL),
    Role.GUARANTOR: (ANYBODY, ANYBODY),
    Role.SPOUSE: (NATURAL, NATURAL),
}


def add_link(unit: Unit, customer: Customer, new: NewLink, history: History) -> int:
    """One more linked person of a held customer; event `link.added`, whose number is returned: the link's own.

    Raises the refusals of `ORDER`. A repeat raises LinkAlreadyKnown. Does not hold the linked customer, whose row stays as it is.
    """
    if new.linked_id == customer.customer_id:
        raise errors.LinkedToSelf("linked", new.linked_id)
    linked = read_customer(unit, new.linked_id)
    check_link(customer, linked, new, links_of(unit, customer.customer_id))
    body = {"role": new.role, "linked": str(new.linked_id)}
    number = history.append("link.added", body, About(effective=new.valid_from))
    unit.write(QUERIES["link_added"], (customer.customer_id, number, new.linked_id, new.role, new.valid_from))
    return number


def check_link(customer: Customer, linked: Customer, new: NewLink, links: Sequence[Link]) -> None:
    """Raises RoleNotOfKind, LinkAlreadyKnown."""
    customers, persons = ROLES[new.role]
    if customer.kind not in customers or linked.kind not in persons:
        raise errors.RoleNotOfKind("role", new.role, customers="/".join(customers), linked="/".join(persons))
    if any((each.linked_id, each.role, each.ended) == (new.linked_id, new.role, None) for each in links):
        raise errors.LinkAlreadyKnown("linked", new.linked_id)


def end_link(unit: Unit, number: int, until: dt.date, history: History) -> None:
    """From that day on the link does not hold; event `link.ended`.

    Raises LinkUnknown, LinkAlreadyEnded (a repeat too), LinkEndsBeforeItStarts, in this order.
    """
    link = next((each for each in links_of(unit, history.customer_id) if each.number == number), None)
    if link is None:
        raise errors.LinkUnknown("link", number)
    if link.ended:
        raise errors.LinkAlreadyEnded("link", number, ended=link.ended)
    if until < link.valid_from:
        raise errors.LinkEndsBeforeItStarts("until", until, start=link.valid_from)
    history.append("link.ended", {"link": number}, About(effective=until))
    unit.write(QUERIES["link_ended"], (until, history.customer_id, number))


def links_of(unit: Unit, customer_id: uuid.UUID) -> tuple[Link, ...]:
    """The linked persons of a customer, former ones too."""
    return _links(unit.read((QUERIES["links_read"], (customer_id,)))[0])


def links_to(unit: Unit, customer_id: uuid.UUID) -> tuple[Link, ...]:
    """The links in which this customer is the linked person, former ones too."""
    return _links(unit.read((QUERIES["links_to_read"], (customer_id,)))[0])


def _links(rows: Sequence[Any]) -> tuple[Link, ...]:
    def one(row: Any) -> Link:
        return Link(row.customer_id, row.number, row.linked_id, Role(row.role), row.valid_from, row.ended)

    return tuple(one(row) for row in rows)


# The order in which `add_link` tells its refusals.
ORDER: tuple[type[Refusal], ...] = (
    errors.LinkedToSelf,
    errors.CustomerUnknown,
    errors.RoleNotOfKind,
    errors.LinkAlreadyKnown,
)
