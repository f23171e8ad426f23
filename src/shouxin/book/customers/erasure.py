"""Forgetting a person: the key is destroyed, and the directories that would still find them are cleared."""

from __future__ import annotations

from shouxin.book.customers import errors
from shouxin.book.customers.model import Customer, Kind
from shouxin.book.customers.store import QUERIES
from shouxin.infra.db.keys_of_customers import destroy_key
from shouxin.infra.db.unit import Unit
from shouxin.infra.messages.history import History


def erase(unit: Unit, customer: Customer, history: History) -> None:
    """Make the personal data of a held customer unreadable for good; event `customer.erased`. Events, postings, consents and
    links stay, and name nobody. The person may become a customer again, as somebody new.

    THE CALLER CHECKS that nothing is owed in either direction, that no line is open and that the legal retention has passed: this
    room knows of none of these. Backups made before still hold the key (`destroy_key`).

    Raises CustomerUnknown for the house, PersonErased (a repeat too), in this order.
    """
    if customer.kind is Kind.HOUSE:
        raise errors.CustomerUnknown("customer", customer.customer_id)
    destroy_key(unit, customer.customer_id)
    history.append("customer.erased", {})
    unit.write(QUERIES["identities_forgotten"], (customer.customer_id,))
    unit.write(QUERIES["phones_forgotten"], (customer.customer_id,))
