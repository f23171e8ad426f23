"""Decisions kept as they were made, and made again from what was kept. Read first: `keep`, then `replay`.

A row holds the facts and the decision, both sealed under the customer's key, the bundle's hash, and the hash of the decision's
bytes. From facts and bundle the same bytes come out again: that is what `replay` shows. Who destroys the customer's key makes
both unreadable; the row stays.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from shouxin.desk.decisions.assess import Assessor
from shouxin.desk.decisions.model import Decision
from shouxin.desk.decisions.policies import assessor_of
from shouxin.engines.policy.plan import Plan
from shouxin.engines.policy.read import Facts
from shouxin.engines.policy.tree import Type
from shouxin.foundation.ids import new_id
from shouxin.foundation.refusal import Refusal
from shouxin.infra.db.keys import KeyRing
from shouxin.infra.db.keys_of_customers import CustomerKey, Where, key_of
from shouxin.infra.db.queries import load_queries
from shouxin.infra.db.unit import Unit

QUERIES = load_queries(__package__)


class DecisionUnknown(Refusal):
    """No decision of that id."""

    en = "the id of a decision that was kept"
    zh = "须为已存档审批结论的编号"


class Kind(StrEnum):
    """What a decision was made for. A shadow watches another one and decides nothing."""

    PRECHECK = "precheck"
    APPLICATION = "application"
    ACCEPTANCE = "acceptance"
    SWITCH = "switch"
    REVIEW = "review"
    SHADOW = "shadow"


@dataclass(frozen=True, slots=True)
class NewDecision:
    """A decision to be kept.

    follows:    the decision that this one looks at again, or that it watched
    experiment: number of the experiment whose challenger made it
    """

    kind: Kind
    decision: Decision
    facts: Facts = field(repr=False)
    follows: uuid.UUID | None = None
    experiment: int | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """A kept decision, opened. body: its canonical bytes as they were stored"""

    customer_id: uuid.UUID
    decision_id: uuid.UUID
    kind: Kind
    day: dt.date
    principal: str
    bundle: bytes
    engine: str
    sha256: bytes
    follows: uuid.UUID | None
    experiment: int | None
    facts: bytes = field(repr=False)
    body: bytes = field(repr=False)

    @property
    def decision(self) -> Decision:
        """As a value."""
        return Decision.from_dict(json.loads(self.body))


@dataclass(frozen=True, slots=True)
class Replayed:
    """A decision made again. same: byte for byte what was stored; unaltered: what was stored has the hash that was kept"""

    kept: Kept
    again: bytes = field(repr=False)

    @property
    def same(self) -> bool:
        """Whether the same bytes came out."""
        return self.again == self.kept.body

    @property
    def unaltered(self) -> bool:
        """Whether the stored bytes are those that were hashed."""
        return hashlib.sha256(self.kept.body).digest() == self.kept.sha256


def keep(unit: Unit, key: CustomerKey, new: NewDecision, who: tuple[str, dt.date]) -> uuid.UUID:
    """Store a decision in the transaction of what it was made for; returns its id. A repeat stores one more.

    who: the principal for whom it was made, and the business day
    """
    decision_id, (principal, day) = new_id(), who
    body, bundle = new.decision.canonical(), bytes.fromhex(new.decision.bundle_hash)
    sealed = [key.seal(each, _place(name, decision_id)) for name, each in (("facts", new.facts.canonical()), ("body", body))]
    row = (key.customer_id, decision_id, new.kind, day, principal, bundle, new.decision.engine, *sealed)
    unit.write(QUERIES["decision_added"], (*row, hashlib.sha256(body).digest(), new.follows, new.experiment))
    return decision_id


def decision_of(unit: Unit, key: CustomerKey, decision_id: uuid.UUID) -> Kept:
    """A kept decision of the key's customer. Raises DecisionUnknown, SealBroken."""
    (rows,) = unit.read((QUERIES["decision_read"], (key.customer_id, decision_id)))
    if not rows:
        raise DecisionUnknown("decision", decision_id)
    row = rows[0]
    facts, body = (key.open(getattr(row, name), _place(name, decision_id)) for name in ("facts", "body"))
    about = (row.customer_id, row.decision_id, Kind(row.kind), row.day, row.principal, bytes(row.bundle), row.engine)
    return Kept(*about, bytes(row.sha256), row.follows, row.experiment, facts, body)


def customer_of(unit: Unit, decision_id: uuid.UUID) -> uuid.UUID:
    """Whose decision it is. Raises DecisionUnknown."""
    (rows,) = unit.read((QUERIES["decision_found"], (decision_id,)))
    if not rows:
        raise DecisionUnknown("decision", decision_id)
    found: uuid.UUID = rows[0].customer_id
    return found


def decisions_of(unit: Unit, customer_id: uuid.UUID) -> Sequence[Any]:
    """The rows of a customer's decisions, the oldest first; nothing is opened."""
    (rows,) = unit.read((QUERIES["decisions_of"], (customer_id,)))
    return rows


def replay(unit: Unit, ring: KeyRing, decision_id: uuid.UUID) -> Replayed:
    """Decide again from the facts and the bundle that were kept. Raises DecisionUnknown, PersonErased, SealBroken."""
    kept = decision_of(unit, key_of(unit, ring, customer_of(unit, decision_id)), decision_id)
    assessor = assessor_of(unit, kept.bundle)
    return Replayed(kept, again(assessor, kept).canonical())


def again(assessor: Assessor, kept: Kept) -> Decision:
    """The decision on the kept facts, under the version of the engine that it names."""
    made = assessor.assess(facts_of_canonical(assessor.policy.plan, kept.facts), kept.decision.as_of)
    return Decision.from_dict({**made.to_dict(), "engine": kept.engine})


def facts_of_canonical(plan: Plan, canonical: bytes) -> Facts:
    """The facts whose canonical bytes these are."""
    plain: dict[str, Any] = json.loads(canonical)
    names = {each.fact: index for index, each in enumerate(plan.inputs)}
    values = []
    for each in plan.inputs:
        value = plain[each.fact]
        dated = each.column.type is Type.DATE and value is not None
        values.append(dt.date.fromisoformat(value) if dated else value)
    return Facts(names, tuple(values))


def _place(column: str, decision_id: uuid.UUID) -> Where:
    return Where("decision", column, decision_id.hex)
