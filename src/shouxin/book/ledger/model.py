"""Postings and the journal that they belong to, frozen. Amounts are minor units."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Posting:
    """One debit and one credit of the same amount: `chart.account` names the accounts."""

    debit: str
    credit: str
    amount: int

    @property
    def mirrored(self) -> Posting:
        """What undoes it."""
        return Posting(self.credit, self.debit, self.amount)


@dataclass(frozen=True, slots=True)
class Entry:
    """The head of a journal.

    customer_id: whose journal it is; the nil customer's are the house's
    journal:     the number of the event that it books
    book_date:   the open business day, or at close of business the day that ends
    value_date:  the day from which it counts
    reverses:    the number of the journal that it undoes, line by line
    """

    customer_id: uuid.UUID
    journal: int
    book_date: dt.date
    value_date: dt.date
    loan_id: uuid.UUID | None = None
    reverses: int | None = None
    currency: str = "CNY"
