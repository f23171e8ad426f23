"""A lender to whom customers apply: what is known of them comes from the named people of the shipped bundle's cases."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from typing import Any

import yaml

from shouxin.book.customers import history_of, hold_customer, store_events
from shouxin.book.customers.consents import give_consent
from shouxin.book.customers.model import Kind, NewConsent, Purpose
from shouxin.book.facts.snapshots import NewSnapshot, record_snapshot
from shouxin.book.facts.values import by_source
from shouxin.book.ledger.chart import open_accounts
from shouxin.book.ledger.days import DAY, day_of, open_first_day
from shouxin.book.products import activate
from shouxin.desk.origination.accepting import accept
from shouxin.desk.origination.applying import apply
from shouxin.desk.origination.model import Asking
from shouxin.desk.servicing.house import House
from shouxin.engines.loans.delinquency import BUCKETS, FIVE_CLASSES
from shouxin.engines.policy.compile import compile_policy
from shouxin.engines.policy.load import Bundle, load
from shouxin.infra.db.connect import Target, connect
from shouxin.infra.db.keys import KeyRing
from shouxin.infra.db.keys_of_customers import key_of
from shouxin.infra.db.unit import Unit, in_unit
from tests.desk.servicing.lender import YUAN, Lender

FIRST_DAY = dt.date(2026, 7, 1)
PEOPLE: dict[str, dict[str, Any]] = yaml.safe_load(
    resources.files("shouxin.bundles").joinpath("standard/cases/profiles.yaml").read_text("utf-8")
)
KINDS = {"consumer": Kind.PERSON, "merchant": Kind.SOLE_TRADER, "company": Kind.COMPANY}


class Desk(Lender):
    """A lender under one bundle. Amounts of the methods are in yuan."""

    def __init__(self, connection: Any, house: House, bundle: Bundle) -> None:
        super().__init__(connection, house)
        self.bundle = bundle
        plan = compile_policy(bundle).plan
        self.inputs, self.days = plan.inputs, [observed for _, observed in plan.sources.values() if observed]

    @property
    def today(self) -> dt.date:
        return in_unit(self.connection, lambda unit: day_of(unit.read(DAY)[0]))

    def named(self, name: str, **changes: Any) -> uuid.UUID:
        """A customer of whom is known what the cases say of somebody, but for some changes."""
        customer = self.customer(KINDS[PEOPLE[name]["customer_type"]])
        self.know(customer, {**PEOPLE[name], **changes})
        return customer

    def know(self, customer: uuid.UUID, facts: dict[str, Any]) -> None:
        """What sources say of a customer from today on; what is None was not said."""

        def act(unit: Unit) -> None:
            today = day_of(unit.read(DAY)[0])
            history = history_of(unit, hold_customer(unit, customer), "test", today)
            give_consent(unit, NewConsent(Purpose.BUREAU_QUERY, "v1", "zh", today), history)
            key = key_of(unit, self.house.ring, customer)
            fresh = {name: today for name in self.days if facts.get(name)}
            for source, values in by_source(self.inputs, {**facts, **fresh}).items():
                record_snapshot(unit, history, key, NewSnapshot(source, today, bytes.fromhex(self.bundle.hash), values))
            store_events(unit, history)

        in_unit(self.connection, act)

    def apply(self, customer: uuid.UUID, **amounts: int | None) -> list[dict[str, Any]]:
        """An application for products (with _ for -), each with its amount; what became of each."""
        asked = {name.replace("_", "-"): amount and amount * YUAN for name, amount in amounts.items()}
        found: list[dict[str, Any]] = self.done(customer, apply(self.house, customer, Asking(asked)))["products"]
        return found

    def accept(self, customer: uuid.UUID, offer: dict[str, Any]) -> dict[str, Any]:
        """Yes to an offer."""
        return self.done(customer, accept(self.house, customer, offer["facility"], offer["contract_sha256"]))

    def opened(self, customer: uuid.UUID, product: str, amount: int | None = None) -> uuid.UUID:
        """A line that was applied for, offered and accepted."""
        (offer,) = self.apply(customer, **{product.replace("-", "_"): amount})
        assert offer["outcome"] == "approve", offer
        facility: uuid.UUID = self.accept(customer, offer)["facility"]
        return facility


@contextmanager
def desk(target: Target, bundle: str = "standard") -> Iterator[Desk]:
    """A lender that has just begun, under a shipped bundle."""
    shipped = load(bundle)
    with connect(target.app) as connection:

        def begin(unit: Unit) -> None:
            open_first_day(unit, FIRST_DAY)
            activate(unit, shipped, FIRST_DAY, "test", FIRST_DAY)
            buckets, classes = ([each.code for each in scale.bands] for scale in (BUCKETS, FIVE_CLASSES))
            open_accounts(unit, list(shipped.products), buckets, classes)

        in_unit(connection, begin)
        yield Desk(connection, House(KeyRing.fresh()), shipped)
