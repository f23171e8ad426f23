"""Customers: people and businesses, who they are, who is linked to them, what they agreed to, whether they may borrow.

Read `store.py` first (how every command holds a customer), then `creation.py`. Personal data are sealed under a key of the
customer's own; `personal.py` opens them, `erasure.py` destroys the key, `finding.py` finds customers by blind indexes.
"""

from shouxin.book.customers.model import Customer, Kind, Person, State
from shouxin.book.customers.standing import check_may_borrow
from shouxin.book.customers.store import (
    LOCKED,
    all_locked,
    customer_of,
    history_of,
    hold_customer,
    locked,
    only_customer,
    store_events,
)

__all__ = [
    "LOCKED",
    "Customer",
    "Kind",
    "Person",
    "State",
    "all_locked",
    "check_may_borrow",
    "customer_of",
    "history_of",
    "hold_customer",
    "locked",
    "only_customer",
    "store_events",
]
