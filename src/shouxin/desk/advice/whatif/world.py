"""The imagined customer: commands are given to them for real, days pass for them alone, and all of it is undone. See `World`."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from shouxin.book.facilities import service
from shouxin.book.facilities.acts import reopens
from shouxin.book.facilities.model import Facility, Standing
from shouxin.book.facilities.work import Command, Work, act_on
from shouxin.desk.advice.whatif.assuming import aged, assumed
from shouxin.desk.advice.whatif.errors import TooLittleKnown
from shouxin.desk.advice.whatif.model import Act, State
from shouxin.desk.advice.whatif.steps import Assume, Wait
from shouxin.desk.decisions.assess import Assessor
from shouxin.desk.decisions.policies import active_assessor
from shouxin.desk.origination.deciding import known_facts
from shouxin.desk.review.following import follow
from shouxin.desk.review.following_due import is_concerned
from shouxin.desk.servicing.commands import receive
from shouxin.desk.servicing.house import House
from shouxin.desk.servicing.lapsing import ends, lapse_lines
from shouxin.desk.servicing.record import QUERIES, HeldLoan, held_loans, open_loans_read, up_to_today
from shouxin.desk.servicing.rolling import roll_customers
from shouxin.desk.servicing.terms import allocation_order
from shouxin.engines.loans.loan import payable
from shouxin.engines.policy.model import ProductFile
from shouxin.engines.policy.read import FactsRefused
from shouxin.infra.db.keys_of_customers import CustomerKey

CUSTOMER_TYPE = "customer_type"
ONE_DAY = dt.timedelta(days=1)


@dataclass(slots=True)
class World:
    """One customer in a transaction that will be undone.

    acts:     what was done since it was last taken
    _touched: something happened to them since the rules of `cross` were last followed, as far as is known here
    """

    house: House
    key: CustomerKey
    work: Work
    lang: str = "zh"
    acts: list[Act] = field(default_factory=list)
    _assessors: dict[dt.date, Assessor] = field(default_factory=dict)
    _touched: bool = True

    @property
    def customer_id(self) -> uuid.UUID:
        """Whose steps they are."""
        return self.work.standing.customer.customer_id

    @property
    def standing(self) -> Standing:
        """Line and facilities, and the day."""
        return self.work.standing

    def product_of(self, facility: Facility) -> ProductFile:
        """The product as it was when the line was offered."""
        return service.product_of(self.work, facility)

    def loans(self) -> list[HeldLoan]:
        """The loans that are not settled, as of the day."""
        (rows,) = self.work.unit.read(open_loans_read(self.customer_id))
        return [up_to_today(self.work, each) for each in held_loans(rows)]

    def do(self, command: Command) -> Mapping[str, Any]:
        """Give a command; returns the body of the answer. Raises its refusal, and then nothing more can be done here."""
        self.work = self.work.apart()
        if command.reads:
            self.work.rows = self.work.unit.read(*command.reads)
        answer = act_on(self.work, command)
        self.acts.append(Act(self.standing.today, command.action, command.body, answer))
        self._touched = True
        return answer

    def taken(self) -> tuple[Act, ...]:
        """What was done since this was last asked."""
        acts, self.acts = tuple(self.acts), []
        return acts

    def assume(self, assume: Assume) -> None:
        """Take what others say to have changed. Raises FactNotAssumable, NothingToChange, AssumedValueUnusable."""
        self.do(assumed(self.key, self.assessor.policy, assume))

    def wait(self, wait: Wait) -> None:
        """Let days pass, from one on which something happens to the next, as close of business would.

        What falls due is paid on its day, where nothing was overdue before and the step does not say otherwise. What others
        say of the customer stays as it is: it is said again of the later day.
        """
        first = self.standing.today
        last = first + dt.timedelta(days=wait.days)
        pays = not wait.unpaid and self.late() is None
        while self.standing.today < last:
            self._go_to(self._next_day(last))
            if pays and self._owes:
                self._pay_due()
        self.do(aged(self.key, self.assessor.policy, first))

    @property
    def assessor(self) -> Assessor:
        """Of the bundle that is in force on the day: looked for once a day, since no step changes it."""
        day = self.standing.today
        if day not in self._assessors:
            self._assessors[day] = active_assessor(self.work.unit, day)
        return self._assessors[day]

    def late(self) -> dt.date | None:
        """Since when something is overdue."""
        return self._turns()[0]

    @property
    def _owes(self) -> bool:
        return any(each.loans for each in self.standing.facilities)

    def _turns(self) -> tuple[dt.date | None, dt.date | None]:
        """Since when something is overdue, and when something falls due or late next."""
        if not self._owes:
            return None, None
        ((row,),) = self.work.unit.read((QUERIES["oldest_late"], (self.customer_id,)))
        return row.since, row.turn

    def _next_day(self, last: dt.date) -> dt.date:
        """The next day on which something happens by itself; where something is overdue that is every day, and where rules of
        `cross` are still to be followed the next."""
        today, (since, turn) = self.standing.today, self._turns()
        if since is not None or (self._touched and self._concerned):
            return today + ONE_DAY
        bundle = self.assessor.policy.bundle
        days = [last, *(ends(each, bundle) for each in self.standing.facilities), turn or last]
        return min(each for each in days if each > today)

    def _go_to(self, day: dt.date) -> None:
        """What close of business does between two days, for this customer."""
        self.work.standing = replace(self.standing, today=day)
        self.work = self.work.apart()
        if self._owes:
            roll_customers(self.work.unit, [self.customer_id], day)
        if any(ends(each, self.assessor.policy.bundle) <= day for each in self.standing.facilities):
            self.do(lapse_lines())
        if self._concerned and (self._touched or self.late() is not None):
            self._follow()

    @property
    def _concerned(self) -> bool:
        """Whether one line may have consequences for another: `review.following_due` says of whom it looks for them."""
        return is_concerned(self.standing.facilities)

    def _follow(self) -> None:
        """What follows for other lines. Where that is nothing, nothing is told of it."""
        if not self.do(follow(self.house))["lines"]:
            self.acts.pop()
            self._touched = False

    def _pay_due(self) -> None:
        due = sum(item.amount for each in self.loans() for item in payable(each.loan))
        if due:
            order = allocation_order(self.assessor.policy.bundle)
            self.do(receive(self.customer_id, due, tuple(order), {"source": "own_money"}))

    def look(self) -> State:
        """The customer as they are by now: decided by the policy from what is known. Raises TooLittleKnown."""
        standing, assessor = self.standing, self.assessor
        try:
            facts = known_facts(self.work, self.key, assessor, {})
        except FactsRefused as refused:
            raise self._too_little(refused) from None
        kind = facts.get(CUSTOMER_TYPE)
        decision = assessor.assess(facts, standing.today)
        closed = reopens(standing, assessor.policy.bundle)
        who = (kind if isinstance(kind, str) else None, assessor.policy)
        return State(standing.today, *who, decision, facts, standing.line, standing.facilities, self.late(), closed)

    def _too_little(self, refused: FactsRefused) -> TooLittleKnown:
        lacking = {each.fact for each in refused.faults}
        named = [each for each in self.assessor.policy.plan.inputs if each.fact in lacking]
        zh, en = "、".join(each.zh for each in named), ", ".join(each.en for each in named)
        return TooLittleKnown("customer", self.customer_id, zh_facts=zh, en_facts=en)
