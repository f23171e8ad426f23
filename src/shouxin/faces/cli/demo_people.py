"""The people of the demonstration's story, and the counter at which they ask."""

from __future__ import annotations

import datetime as dt
import itertools
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from shouxin.book.customers import history_of, hold_customer, store_events
from shouxin.book.customers.consents import give_consent
from shouxin.book.customers.model import Kind, NewConsent, NewCustomer, Purpose
from shouxin.book.facilities.work import Asker, Command, ask
from shouxin.book.facts.snapshots import NewSnapshot, record_snapshot
from shouxin.book.facts.values import by_source
from shouxin.book.ledger.days import DAY, day_of
from shouxin.desk.servicing import closing
from shouxin.desk.servicing.commands import perform
from shouxin.desk.servicing.house import House
from shouxin.desk.servicing.people import create_customer
from shouxin.engines.policy.compile import compile_policy
from shouxin.engines.policy.load import Bundle
from shouxin.faces.cli.demo_lending import identity
from shouxin.infra.db.connect import Connection
from shouxin.infra.db.keys_of_customers import key_of
from shouxin.infra.db.unit import Unit, in_unit

PRINCIPAL = "demo"
KINDS = {"consumer": Kind.PERSON, "merchant": Kind.SOLE_TRADER}
_numbers = itertools.count(1)


@dataclass(slots=True)
class Counter:
    """Where customers ask, under one bundle."""

    connection: Connection
    house: House
    bundle: Bundle
    _keys: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    @property
    def today(self) -> dt.date:
        """The open business day."""
        return in_unit(self.connection, lambda unit: day_of(unit.read(DAY)[0]))

    def ask(self, customer_id: uuid.UUID, command: Command) -> Mapping[str, Any]:
        """The body of the answer; a refusal here is a fault of the demonstration."""
        return _body(perform(self.connection, self._asker(customer_id), command))

    def imagine(self, customer_id: uuid.UUID, command: Command) -> Mapping[str, Any]:
        """The same, undone at once."""

        def work(unit: Unit) -> Mapping[str, Any]:
            with unit.imagined():
                return _body(ask(unit, self._asker(customer_id), command))

        return in_unit(self.connection, work)

    def close_until(self, day: dt.date) -> None:
        """Business days end until `day` is open."""
        for _ in closing.run(self.connection, self.house, day - dt.timedelta(days=1)):
            pass

    def _asker(self, customer_id: uuid.UUID) -> Asker:
        return Asker(customer_id, PRINCIPAL, f"{self.bundle.about.name} {next(self._keys)}")


def _body(answer: Any) -> Mapping[str, Any]:
    if not answer.done:
        raise AssertionError(answer.body)
    body: Mapping[str, Any] = answer.body
    return body


def named(counter: Counter, name: str, called: str, **changes: Any) -> uuid.UUID:
    """A customer of whom is known today what the bundle's cases say of somebody, but for some changes."""
    facts = {**counter.bundle.profiles[name], **changes}
    born = facts["birth_date"]
    new = NewCustomer(KINDS[facts["customer_type"]], called, identity(born, next(_numbers)))
    created = create_customer(counter.connection, counter.house, (PRINCIPAL, f"create {called}"), new)
    customer_id: uuid.UUID = created.body["customer"]
    in_unit(counter.connection, partial(_know, counter=counter, customer_id=customer_id, facts=facts))
    return customer_id


def _know(unit: Unit, counter: Counter, customer_id: uuid.UUID, facts: Mapping[str, Any]) -> None:
    today = day_of(unit.read(DAY)[0])
    history = history_of(unit, hold_customer(unit, customer_id), PRINCIPAL, today)
    give_consent(unit, NewConsent(Purpose.BUREAU_QUERY, "demo-1", "zh", today), history)
    key = key_of(unit, counter.house.ring, customer_id)
    plan = compile_policy(counter.bundle).plan
    fresh = {observed: today for _, observed in plan.sources.values() if observed and facts.get(observed)}
    for source, values in by_source(plan.inputs, {**facts, **fresh}).items():
        record_snapshot(unit, history, key, NewSnapshot(source, today, bytes.fromhex(counter.bundle.hash), values))
    store_events(unit, history)
