"""How often advice may be asked for about a customer, and that it was: loan intermediaries probe for what gets people through.

Counted and noted in a transaction of its own, before anything is worked out: who asks too often is counted, too.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from shouxin.book.customers.store import read_customer
from shouxin.foundation.refusal import Refusal
from shouxin.infra.access.audit import Entry, note_sealed
from shouxin.infra.db.keys import KeyRing
from shouxin.infra.db.keys_of_customers import key_of
from shouxin.infra.db.queries import load_queries
from shouxin.infra.db.unit import Unit

QUERIES = load_queries(__package__, "advice.sql")


class Kind(StrEnum):
    """Of advice."""

    WHAT_IF = "whatif"
    REMEDIES = "remedies"
    ANSWERS = "answers"


# The most of each kind about one customer on one business day. mark: A
MOST: Mapping[Kind, int] = MappingProxyType({Kind.WHAT_IF: 30, Kind.REMEDIES: 10, Kind.ANSWERS: 60})


class AdviceTooOften(Refusal):
    """More advice about one customer and day than is given."""

    en = "at most {most} of this kind a day about one customer; ask again tomorrow, or ask a person"
    zh = "每位客户每日最多 {most} 次，请明日再试或咨询工作人员"
    passing = True


@dataclass(frozen=True, slots=True)
class Asked:
    """Advice that somebody asks for. about: what of it, for whoever looks into probing; sealed under the customer's key"""

    kind: Kind
    customer_id: uuid.UUID
    principal: str
    day: dt.date
    about: Mapping[str, Any]


def count(unit: Unit, ring: KeyRing, asked: Asked) -> bool:
    """Count and note advice that is asked for; returns whether it may be given. The edge commits, and then gives it or raises
    `refusal`. Raises CustomerUnknown, PersonErased."""
    read_customer(unit, asked.customer_id)
    key = key_of(unit, ring, asked.customer_id)
    ((row,),) = unit.read((QUERIES["advice_counted"], (asked.customer_id, asked.day, asked.kind)))
    given: bool = row.used <= MOST[asked.kind]
    action = f"advice.{asked.kind}" if given else "advice.refused"
    note_sealed(unit, Entry(asked.principal, action, asked.day, asked.customer_id, asked.kind), key, asked.about)
    return given


def refusal(asked: Asked) -> AdviceTooOften:
    """What is told to whoever asks too often."""
    return AdviceTooOften("customer", asked.customer_id, most=MOST[asked.kind])
