"""Random customers at the counter: whatever they ask for, in whatever order, the books stay right and the lines within the total.

Each customer applies, accepts, draws, closes, takes it back, switches, and waits, under `standard` or `exclusive`. A refusal is
an answer and leaves nothing behind; a promise changes nothing but itself.
"""

from __future__ import annotations

import datetime as dt
import os
import random
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pytest

from shouxin.book.facilities import commands as lines
from shouxin.book.facilities.model import Facility, Status, exposure
from shouxin.book.facilities.work import Command
from shouxin.desk.decisions.store import decisions_of, replay
from shouxin.desk.origination.accepting import accept
from shouxin.desk.origination.applying import apply, precheck
from shouxin.desk.origination.model import Asking
from shouxin.desk.origination.switching import Switch, execute, promise
from shouxin.desk.servicing import commands as loans
from shouxin.desk.servicing import looking
from shouxin.desk.servicing.draw import Draw
from shouxin.infra.db.connect import Target
from shouxin.infra.db.unit import in_unit
from tests.desk.origination.applicant import Desk, desk
from tests.desk.servicing.lender import YUAN

PEOPLE = ("lin", "chen", "zhao", "huang", "liu", "hengyuan")
CUSTOMERS, STEPS = int(os.environ.get("SHOUXIN_CUSTOMERS", "4")), 14
PURPOSE = {"consumer-line": "shopping", "pay-later": "shopping", "business-loan": "stock"}


@pytest.fixture(params=["standard", "exclusive"])
def lender(request: pytest.FixtureRequest, databases: Any) -> Iterator[Desk]:
    """A lender under one of the bundles."""
    target: Target = databases()
    with desk(target, request.param) as found:
        yield found


@dataclass
class Life:
    """One customer's way through the counter. seen: what was asked, and what was answered"""

    lender: Desk
    customer: uuid.UUID
    draw: random.Random
    offers: dict[uuid.UUID, str] = field(default_factory=dict)
    plans: dict[uuid.UUID, str] = field(default_factory=dict)
    seen: list[str] = field(default_factory=list)

    def facilities(self, *statuses: Status) -> list[Facility]:
        standing = in_unit(self.lender.connection, lambda unit: looking.standing(unit, self.customer))
        return [each for each in standing.facilities if each.status in statuses]

    def ask(self, command: Command) -> dict[str, Any]:
        """The answer's body where it was done; else nothing."""
        answer = self.lender.ask(self.customer, command)
        self.seen.append(f"{command.action}: {'done' if answer.done else answer.body['code']}")
        return dict(answer.body) if answer.done else {}

    def step(self) -> None:
        """Something, at random."""
        self.draw.choice(
            (self.apply, self.apply, self.accept, self.accept, self.borrow, self.close, self.keep, self.switch, self.wait)
        )()

    def apply(self) -> None:
        product = self.draw.choice(list(PURPOSE))
        amount = self.draw.choice((None, 1_000, 40_000, 250_000))
        asked = apply(self.lender.house, self.customer, Asking({product: amount and amount * YUAN}))
        for each in self.ask(asked).get("products", []):
            if "contract_sha256" in each:
                self.offers[each["facility"]] = each["contract_sha256"]

    def accept(self) -> None:
        for facility, contract in self.offers.items():
            self.ask(accept(self.lender.house, self.customer, facility, contract))
        self.offers.clear()

    def borrow(self) -> None:
        for each in self.facilities(Status.ACTIVE):
            amount = max(500 * YUAN, each.most // self.draw.choice((1, 2, 7)) // 100 * 100)
            wanted = Draw(each.id, min(amount, 50_000 * YUAN), "equal_instalment", 6, PURPOSE.get(each.product, "shopping"))
            if loan := self.ask(loans.draw(self.lender.house, self.customer, wanted)).get("loan"):
                self.ask(loans.instruct(self.lender.house, self.customer, loan))
                self.ask(loans.paid(self.lender.house, self.customer, loan))

    def close(self) -> None:
        for each in self.facilities(Status.ACTIVE)[:1]:
            self.ask(lines.close(each.id, "BY_CHOICE"))

    def keep(self) -> None:
        for each in self.facilities(Status.CLOSING):
            self.ask(lines.keep_open(each.id))

    def switch(self) -> None:
        self.carry_out()
        for each in self.facilities(Status.ACTIVE, Status.CLOSING)[:1]:
            product = self.draw.choice([code for code in PURPOSE if code != each.product])
            found = self.ask(promise(self.lender.house, self.customer, Switch((each.id,), product)))
            if found:
                self.plans[found["plan"]] = found["contract_sha256"]
        if self.draw.random() < 0.7:
            self.carry_out()

    def carry_out(self) -> None:
        for plan, contract in self.plans.items():
            self.ask(execute(self.lender.house, self.customer, plan, contract))
        self.plans.clear()

    def wait(self) -> None:
        self.lender.close_until(self.lender.today + dt.timedelta(days=self.draw.choice((1, 9, 32))))

    def check(self) -> None:
        """All lines fit into the total line, and each product has one open line."""
        standing = in_unit(self.lender.connection, lambda unit: looking.standing(unit, self.customer))
        if standing.line is None:
            assert standing.facilities == ()
            return
        assert exposure(standing.facilities) <= standing.line.total, self.seen
        usable = [each.product for each in standing.facilities if each.status in (Status.ACTIVE, Status.SUSPENDED)]
        assert len(usable) == len(set(usable)), self.seen
        if self.lender.bundle.about.name == "exclusive":
            assert not {"consumer-line", "business-loan"} <= set(usable), self.seen


def test_the_books_stay_right(lender: Desk) -> None:
    seed = int(os.environ.get("SHOUXIN_SEED", "20260701"))
    answers: Counter[str] = Counter()
    for number in range(CUSTOMERS):
        draw = random.Random(f"{seed} {number}")
        life = Life(lender, lender.named(draw.choice(PEOPLE)), draw)
        life.ask(precheck(lender.house, life.customer))
        for _ in range(STEPS):
            life.step()
            life.check()
        answers.update(life.seen)
        for row in in_unit(lender.connection, partial(decisions_of, customer_id=life.customer))[-3:]:
            found = in_unit(lender.connection, partial(replay, ring=lender.house.ring, decision_id=row.decision_id))
            assert found.same and found.unaltered
    assert answers["application.apply: done"] and answers["application.accept: done"], answers
    lender.check_books()
