"""placeholder until papers exist"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from shouxin.book.customers.model import Person
from shouxin.book.facilities.work import Work
from shouxin.desk.servicing.house import House
from shouxin.foundation.ids import new_id
from shouxin.infra.db.keys_of_customers import CustomerKey


@dataclass(frozen=True, slots=True)
class Party:
    house: House
    key: CustomerKey
    person: Person
    lang: str


@dataclass(frozen=True, slots=True)
class Borrowing:
    loan_id: uuid.UUID
    product: Any
    purpose: str
    fee: int
    agreement: Any
    entrusted: bool


@dataclass(frozen=True, slots=True)
class Papers:
    disclosure: uuid.UUID
    contract: uuid.UUID


def keep_papers(work: Work, party: Party, about: Any) -> Papers:
    return Papers(new_id(), new_id())
