"""What a what-if predicted is what happens when the same steps are then really done on the same days.

Random customers under two bundles, with lines and loans at random, and random plans. The plan is imagined; every table is as
it was; then the steps are really given, days really close, what others say is really loaded again, and each state is compared.
"""

from __future__ import annotations

import datetime as dt
import os
import random
import uuid
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from shouxin.book.facilities import service
from shouxin.book.facilities.model import Facility, Standing
from shouxin.book.facilities.work import Command, Work, act_on, begin_work
from shouxin.desk.advice.whatif.assuming import aged, assumed
from shouxin.desk.advice.whatif.doing import carry_out
from shouxin.desk.advice.whatif.imagining import imagine
from shouxin.desk.advice.whatif.model import Outcome, State, Taken, WhatIf
from shouxin.desk.advice.whatif.moves import moves
from shouxin.desk.advice.whatif.steps import (
    Assume,
    Close,
    DrawOn,
    Open,
    Repay,
    Step,
    SwitchTo,
    Wait,
)
from shouxin.desk.advice.whatif.told import Teller
from shouxin.desk.advice.whatif.world import World
from shouxin.desk.decisions.policies import active_assessor
from shouxin.desk.review.following_due import follow_due
from shouxin.desk.servicing import looking
from shouxin.desk.servicing.commands import receive
from shouxin.desk.servicing.house import House
from shouxin.desk.servicing.record import HeldLoan
from shouxin.engines.policy.model import ProductFile
from shouxin.foundation.refusal import Refusal
from shouxin.infra.db.connect import Target
from shouxin.infra.db.keys_of_customers import key_of
from shouxin.infra.db.unit import Unit, in_imagination, in_unit
from tests.desk.advice.whatif.tables import table_hashes
from tests.desk.origination.applicant import Desk, desk
from tests.desk.servicing.lender import YUAN

PEOPLE = ("lin", "chen", "zhao", "huang", "liu", "hengyuan")
CUSTOMERS = int(os.environ.get("SHOUXIN_PLANS", "5"))
SEED = int(os.environ.get("SHOUXIN_SEED", "20260702"))
PURPOSE = {"business-loan": "stock"}
PRODUCTS = ("consumer-line", "pay-later", "business-loan")


class RealRefusal(Exception):
    """A command that was really given was refused, with this code."""


@dataclass
class Real:
    """The same steps, given for real: each command is a request, and each day is closed. paid: what is to be paid on which day"""

    lender: Desk
    customer_id: uuid.UUID
    paid: Mapping[dt.date, tuple[int, tuple[str, ...]]] = field(default_factory=dict)
    lang: str = "zh"

    @property
    def house(self) -> House:
        return self.lender.house

    @property
    def standing(self) -> Standing:
        return in_unit(self.lender.connection, lambda unit: looking.standing(unit, self.customer_id))

    def product_of(self, facility: Facility) -> ProductFile:
        return in_unit(
            self.lender.connection, lambda unit: service.product_of(begin_work(unit, self.customer_id, "test"), facility)
        )

    def loans(self) -> list[HeldLoan]:
        return in_imagination(self.lender.connection, lambda unit: self._world(unit).loans())

    def look(self) -> State:
        """What is there by now, read in the same way and from committed rows."""
        return in_imagination(self.lender.connection, lambda unit: self._world(unit).look())

    def _world(self, unit: Unit) -> World:
        return World(self.house, key_of(unit, self.house.ring, self.customer_id), begin_work(unit, self.customer_id, "test"))

    def do(self, command: Command) -> Mapping[str, Any]:
        answer = self.lender.ask(self.customer_id, command)
        if not answer.done:
            raise RealRefusal(answer.body["code"])
        return answer.body

    def wait(self, wait: Wait) -> None:
        """Close the days; pay on the days on which the what-if paid; then load again what others said, of the later day."""
        first = self.lender.today
        for number in range(1, wait.days + 1):
            day = first + dt.timedelta(days=number)
            end_day(self.lender, day)
            if day in self.paid:
                amount, order = self.paid[day]
                self.do(receive(self.customer_id, amount, order, {"source": "own_money"}))
        self._load(lambda unit: aged(key_of(unit, self.house.ring, self.customer_id), _policy(unit, self.lender.today), first))

    def assume(self, assume: Assume) -> None:
        self._load(
            lambda unit: assumed(key_of(unit, self.house.ring, self.customer_id), _policy(unit, self.lender.today), assume)
        )

    def _load(self, command_of: Any) -> None:
        """Facts are loaded by the lender: in a unit of work of its own."""

        def act(unit: Unit) -> None:
            work: Work = begin_work(unit, self.customer_id, "test")
            act_on(work, command_of(unit))

        try:
            in_unit(self.lender.connection, act)
        except Refusal as refusal:
            raise RealRefusal(refusal.code) from None


def end_day(lender: Desk, day: dt.date) -> None:
    """The day before a day ends, and its rules of `cross` act, as `shouxin cob run` does it."""
    lender.close_until(day)
    follow_due(lender.connection, lender.house, day)


def _policy(unit: Unit, day: dt.date) -> Any:
    return active_assessor(unit, day).policy


def really(real: Real, taken: Taken) -> tuple[Outcome, str | None]:
    """Give one step for real."""
    acts = [each for each in taken.acts if each.action == "receive" and isinstance(taken.step, Wait)]
    paid = {}
    for each in acts:
        paid[each.day] = (int(each.body["amount"]), tuple(real.lender.bundle.exposure.order))
    try:
        carry_out(replace(real, paid=paid), taken.step)
    except RealRefusal as refused:
        return Outcome.REFUSED, str(refused)
    except Refusal as refused:
        return Outcome.REFUSED, refused.code
    return Outcome.DONE, None


def comparable(state: State) -> dict[str, Any]:
    """A state without ids, which are new each time."""
    lines = [
        replace(each, id=uuid.UUID(int=0), bundle=b"")
        for each in sorted(state.facilities, key=lambda each: (each.offered, each.product))
    ]
    decision = state.decision.to_dict()
    return {
        "day": state.day,
        "kind": state.kind,
        "decision": decision,
        "facts": dict(state.facts),
        "line": state.line,
        "lines": sorted(map(repr, lines)),
        "late": state.late,
        "reopens": dict(state.reopens),
    }


def random_plan(draw: random.Random) -> list[Step]:
    """One to five steps."""
    return [random_step(draw) for _ in range(draw.randint(1, 5))]


def random_step(draw: random.Random) -> Step:
    product, other = draw.sample(PRODUCTS, 2)
    amount = draw.choice((500, 1_000, 20_000, 90_000)) * YUAN
    return draw.choice(
        (
            Repay(product, draw.choice(("all", "all", "due", amount))),
            Close(product),
            Open(product, draw.choice((None, amount))),
            Open(product),
            SwitchTo((product,), other, None),
            DrawOn(product, amount, purpose=PURPOSE.get(product, "shopping")),
            Wait(draw.choice((1, 8, 31, 45)), draw.random() < 0.3),
            Assume(draw.choice(("turnover_12m", "monthly_income")), draw.choice(("+20%", "-70%"))),
        )
    )


def furnish(lender: Desk, customer: uuid.UUID, draw: random.Random) -> None:
    """Lines and loans, as far as the customer gets any."""
    real = Real(lender, customer)
    for product in draw.sample(PRODUCTS, draw.randint(0, 2)):
        drawn = DrawOn(product, draw.choice((1_000, 20_000)) * YUAN, purpose=PURPOSE.get(product, "shopping"))
        for step in (Open(product), *((drawn,) if draw.random() < 0.7 else ())):
            with suppress(Refusal, RealRefusal):
                carry_out(real, step)


@pytest.fixture(params=["standard", "exclusive"])
def lender(request: pytest.FixtureRequest, databases: Any) -> Iterator[Desk]:
    target: Target = databases()
    with desk(target, request.param) as found:
        yield found


def test_what_was_predicted_is_what_happens(lender: Desk) -> None:
    seen: Counter[str] = Counter()
    for number in range(CUSTOMERS):
        draw = random.Random(f"{SEED} {number}")
        customer = lender.named(draw.choice(PEOPLE))
        furnish(lender, customer, draw)
        plan = random_plan(draw)
        before = table_hashes(lender.connection)
        found = imagine(lender.connection, lender.house, customer, plan)
        assert table_hashes(lender.connection) == before, plan
        check_words(found)
        check_really(Real(lender, customer), found, seen)
    lender.check_books()
    assert seen["done"] and (seen["refused"] or CUSTOMERS < 3), seen


def check_really(real: Real, found: WhatIf, seen: Counter[str]) -> None:
    """Each step ends as it was predicted, and the customer is then as it was predicted."""
    assert comparable(real.look()) == comparable(found.before)
    previous = found.before
    for taken in found.steps:
        if taken.outcome is Outcome.NOT_REACHED:
            break
        outcome, code = really(real, taken)
        assert (outcome, code) == (taken.outcome, taken.refusal and taken.refusal.code), (found.steps, code)
        seen[taken.outcome.value] += 1
        seen[type(taken.step).__name__ + " " + taken.outcome.value] += 1
        if taken.after is not None:
            assert comparable(real.look()) == comparable(taken.after), taken
            change = taken.after.decision.score - previous.decision.score
            assert sum(each.points for each in moves(previous, taken.after)) == change
            previous = taken.after


def check_words(found: WhatIf) -> None:
    """It can be told in both languages, step by step."""
    for lang in ("zh", "en"):
        teller = Teller(found, lang)
        told = teller.steps()
        assert len(told) == len(found.steps) and teller.notices()
        assert all(each.lines for each, taken in zip(told, found.steps, strict=True) if taken.outcome is Outcome.REFUSED)
