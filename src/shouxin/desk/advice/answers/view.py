"""All that answers are made from, read once: `View`. Frozen, and without a database; `reading.py` reads it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from shouxin.book.customers.model import Kind
from shouxin.book.facilities.model import Facility, Standing, Status
from shouxin.book.facts.snapshots import Given
from shouxin.desk.advice.answers.model import FactsLacking, Source, Use
from shouxin.desk.advice.answers.values import Amount, Value
from shouxin.desk.advice.answers.words import BOOKS
from shouxin.desk.advice.whatif.model import IDENTITY, WhatIf
from shouxin.desk.decisions.missing import all_values
from shouxin.desk.decisions.model import Decision
from shouxin.desk.origination.model import Part as Applied
from shouxin.desk.origination.plans import Plan
from shouxin.desk.servicing.looking import Seen
from shouxin.desk.servicing.reporting_records import Record
from shouxin.engines.loans.loan import Due, due_today
from shouxin.engines.loans.payment import payoff
from shouxin.engines.policy.compile import Policy
from shouxin.engines.policy.load import Bundle
from shouxin.engines.policy.model import ProductFile
from shouxin.engines.policy.read import Facts
from shouxin.engines.policy.tree import Type
from shouxin.foundation.texts import Text

USABLE = (Status.ACTIVE, Status.SUSPENDED)
OPEN = (*USABLE, Status.CLOSING)


@dataclass(frozen=True, slots=True)
class Lender:
    """Who the customer deals with. funders: who lends the money of a new loan, with shares in millionths"""

    name: Text
    funders: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Change:
    """Something that happened to a line: its event, such as `facility.limit_changed`, on the day on which it was booked."""

    kind: str
    day: dt.date
    reason: str | None
    body: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Held:
    """A line, open or closed, with the product as it was when the line was offered.

    bundle: the one whose terms hold for it, which need not be in force any more
    loans:  drawn under it, settled ones too, oldest first; changes: all that happened to it, oldest first
    """

    facility: Facility
    bundle: Bundle = field(repr=False)
    loans: tuple[Seen, ...] = ()
    changes: tuple[Change, ...] = ()

    @property
    def code(self) -> str:
        """Of the product."""
        return self.facility.product

    @property
    def product(self) -> ProductFile:
        """Its terms."""
        return self.bundle.products[self.code]

    @property
    def name(self) -> Text:
        """What the product is called."""
        return Text(self.product.zh, self.product.en)

    @property
    def owing(self) -> tuple[Seen, ...]:
        """Its loans that are not settled."""
        return tuple(each for each in self.loans if each.loan.settled is None)

    @property
    def payoff(self) -> int:
        """What settles all its loans today, in minor units."""
        return sum(payoff(each.loan) for each in self.owing)

    @property
    def due(self) -> int:
        """What is due on it today and unpaid, in minor units; of what was written off the claim."""
        return sum(due_today(each.loan) for each in self.owing)

    @property
    def late_since(self) -> dt.date | None:
        """The oldest unpaid due date that is late; None where nothing is."""
        return min((day for each in self.owing if (day := each.loan.oldest_late)), default=None)

    @property
    def next_dues(self) -> tuple[Due, ...]:
        """The next instalment of each of its loans that has one to come."""
        return tuple(to_come[0] for each in self.owing if (to_come := each.to_come))

    def setting(self, *path: str | int, value: Value | None = None) -> Use:
        """A setting of the product, as it holds for this line."""
        return setting(self.bundle, f"products/{self.code}.yaml", *path, value=value)

    def books(self, name: str, value: Value) -> Use:
        """What our own books say of the line. name: of `words.BOOKS`"""
        text, product = BOOKS[name], self.product
        told = Text(f"{product.zh}{text.zh}", f"{product.en}, {text.en}")
        return Use(Source.BOOKS, name, value, f"{self.code} {self.facility.id}", told)


@dataclass(frozen=True, slots=True)
class Assessed:
    """What the policy in force says of the customer, asked for nothing in particular, from what is known."""

    decision: Decision
    facts: Facts = field(repr=False)


@dataclass(frozen=True, slots=True)
class Raising:
    """A way to a higher limit. changes: what would have to change; limit: what it would be then, minor units"""

    changes: Text
    limit: int


@dataclass(frozen=True, slots=True)
class View:
    """One customer on the open day.

    policy:   in force
    assessed: None where facts are not known without which nobody is assessed: these are `lacking`, by name
    given:    the facts that were given, each with its origin; of what is missing there is none
    lines:    open and closed, the oldest first
    applied:  all that the customer applied for; plans: switches that were ever approved; both the oldest first
    mandate:  since when what is due is debited (代扣); None where it is not
    reported: what a record for the credit bureau says of each account this month; none without the customer's consent
    earlier:  what was to be had when something was last decided
    imagined_lines: each line that can be used, with what comes of settling and closing it today
    raising:  product -> ways to a higher limit, each tried
    """

    today: dt.date
    lender: Lender
    policy: Policy = field(repr=False)
    assessed: Assessed | None
    given: Mapping[str, Given] = field(repr=False)
    standing: Standing
    lacking: tuple[Text, ...] = ()
    lines: tuple[Held, ...] = ()
    applied: Sequence[Applied] = ()
    plans: Sequence[Plan] = ()
    mandate: dt.date | None = None
    reporting_agreed: bool = False
    reported: tuple[Record, ...] = ()
    earlier: Decision | None = None
    imagined_lines: tuple[tuple[Held, WhatIf], ...] = ()
    raising: Mapping[str, tuple[Raising, ...]] = field(default_factory=dict)

    @property
    def bundle(self) -> Bundle:
        """In force."""
        return self.policy.bundle

    @property
    def decision(self) -> Decision:
        """What the policy says of each product. Raises FactsLacking; the answer then is that facts are missing."""
        return self._assessed.decision

    @property
    def facts(self) -> Facts:
        """What is known. Raises FactsLacking, as above."""
        return self._assessed.facts

    @property
    def _assessed(self) -> Assessed:
        if self.assessed is None:
            raise FactsLacking
        return self.assessed

    @property
    def proven(self) -> bool:
        """Whether the customer's identity is proven; a bundle that does not ask for it takes everybody's as proven. Until it is,
        nothing of theirs is told."""
        given = self.given.get(IDENTITY)
        return given.value is True if given else all(each.fact != IDENTITY for each in self.policy.plan.inputs)

    @property
    def is_company(self) -> bool:
        """Whether the customer is no person."""
        return self.standing.customer.kind is Kind.COMPANY

    @property
    def open_lines(self) -> tuple[Held, ...]:
        """Lines that were accepted and are not closed, those that are closing too."""
        return tuple(each for each in self.lines if each.facility.status in OPEN)

    @property
    def usable(self) -> tuple[Held, ...]:
        """Lines that are active or suspended."""
        return tuple(each for each in self.lines if each.facility.status in USABLE)

    @property
    def closed(self) -> tuple[Held, ...]:
        """Lines that were used once and are closed; an offer that nobody took is none."""
        return tuple(each for each in self.lines if each.facility.status is Status.CLOSED and each.facility.opened)

    def line(self, facility_id: uuid.UUID) -> Held:
        """The line of an id."""
        return next(each for each in self.lines if each.facility.id == facility_id)

    def name(self, product: str) -> Text:
        """What a product is called; its code where the bundle in force does not have it."""
        shape = self.bundle.products.get(product)
        return Text(shape.zh, shape.en) if shape else Text(product, product)

    def reason(self, code: str) -> Text:
        """What a reason code says; the code itself where the bundle in force does not have it."""
        shape = self.bundle.reasons.reasons.get(code)
        return Text(shape.zh, shape.en) if shape else Text(code, code)

    def setting(self, file: str, *path: str | int, value: Value | None = None) -> Use:
        """A setting of the bundle in force."""
        return setting(self.bundle, file, *path, value=value)

    def laws(self, section: str) -> tuple[tuple[Any, Use], ...]:
        """What the files of regulation/ say under a name, such as `kept`, each line with its place."""
        return tuple(
            (each, self.setting(f"regulation/{name}.yaml", section, number))
            for name, file in self.bundle.regulation.items()
            for number, each in enumerate(getattr(file, section))
        )

    def laws_today(self, section: str) -> tuple[tuple[Any, Use], ...]:
        """The same, of those lines that hold today."""
        held = self.laws(section)
        return tuple(each for each in held if (each[0].since or self.today) <= self.today <= (each[0].until or self.today))

    def fact(self, name: str) -> Use:
        """A fact of the bundle in force, with who said it and when."""
        shape = next(each for each in self.policy.plan.inputs if each.fact == name)
        given = self.given.get(name)
        where = f"{given.source} {given.observed}" if given else shape.source
        return Use(Source.FACT, name, self.value(name), where, Text(shape.zh, shape.en))

    def value(self, name: str) -> Value | None:
        """A fact or a derived value, typed; None where it is missing or too old, or where the bundle has none."""
        if self.assessed is None:
            return None
        try:
            found = all_values(self.policy, self.assessed.facts, self.today)[name]
        except KeyError:
            return None
        column = self.policy.plan.scope.columns.get(name)
        if isinstance(found, str):
            return Text(found, found)
        if isinstance(found, int) and column is not None and column.type is Type.MONEY:
            return Amount(found)
        return None if isinstance(found, float) else found


def setting(bundle: Bundle, file: str, *path: str | int, value: Value | None = None) -> Use:
    """A setting of a bundle, by the file and line where it stands."""
    place = bundle.place(file, *path)
    name = ".".join(str(each) for each in path) or file
    return Use(Source.SETTING, name, value, f"{bundle.about.name} {bundle.about.version}, {place.file}:{place.line}")
