"""Remedies: the cheapest changes that turn a refusal round, each run through the assessor before it is told. Pure.

finder = RemedyFinder(assessor, own_facts(policy))
found = finder.find(facts, as_of, Goal("consumer-line"))

Only facts that the bundle declares changeable move, and only in the declared direction: nothing else is ever advised, and
nothing that would be a false statement about who somebody is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from shouxin.book.facilities.errors import ProductUnknown
from shouxin.desk.decisions.assess import Assessor, check_day
from shouxin.desk.decisions.model import Decision, Reason
from shouxin.desk.decisions.remedies.acts import Sheet
from shouxin.desk.decisions.remedies.catalogue import REQUESTED, Catalogue
from shouxin.desk.decisions.remedies.levers import Lever, levers_of
from shouxin.desk.decisions.remedies.model import Found, Goal, Remedy
from shouxin.desk.decisions.remedies.needs import Need, Needs, Roots
from shouxin.desk.decisions.remedies.search import MOST_EVALUATIONS, all_at_best, blocked, search
from shouxin.desk.decisions.remedies.trying import Moves, Trial
from shouxin.desk.decisions.remedies.waiting import TurningDays, first_day
from shouxin.engines.policy.read import Facts
from shouxin.engines.policy.tree import Value
from shouxin.foundation.errors import AmountNotPositive


def find_remedies(assessor: Assessor, facts: Facts, as_of: dt.date, goal: Goal, own: frozenset[str] = frozenset()) -> Found:
    """What `RemedyFinder.find` says; for many customers of one policy keep a finder."""
    return RemedyFinder(assessor, own).find(facts, as_of, goal)


class RemedyFinder:
    """Finds remedies under one policy: what never changes between customers is looked up once.

    own:  the facts that only our own books tell, as `book.facts.known.own_facts` names them
    most: evaluations after which a search is cut short
    """

    def __init__(self, assessor: Assessor, own: frozenset[str] = frozenset(), most: int = MOST_EVALUATIONS) -> None:
        self.assessor, self.most = assessor, most
        policy = assessor.policy
        self.catalogue = Catalogue(policy, own)
        self._turning = TurningDays(self.catalogue)
        roots = Roots(policy)
        self._needs = {product.code: Needs(policy, product.code, roots) for product in policy.plan.products}

    def find(self, facts: Facts, as_of: dt.date, goal: Goal) -> Found:
        """The cheapest sets of one to three changes with which the goal is reached, or why there are none and until when.

        A goal with an amount asks for that amount where the facts ask for less.
        Raises ProductUnknown, AmountNotPositive, DateOutOfRange.
        """
        self._check(goal, as_of)
        trial = Trial(self.catalogue, self._needs[goal.product], goal, self._asking(facts, goal), as_of)
        decision = self._assess(trial.sheet(()))
        if trial.is_met(()):
            return Found(goal, decision, reached=True, evaluations=trial.evaluations)
        levers = levers_of(self.catalogue, trial.values, as_of, goal.product)
        if fixed := blocked(trial.obstacles(()), levers):
            return self._blocked(trial, decision, fixed)
        searched = search(trial, levers, self.most)
        if remedies := tuple(self._certified(trial, moves) for moves in searched.sets):
            told = trial.evaluations
            return Found(goal, decision, reached=False, remedies=remedies, evaluations=told, exhausted=searched.exhausted)
        return self._without(trial, decision, levers, exhausted=searched.exhausted)

    def _check(self, goal: Goal, as_of: dt.date) -> None:
        check_day(as_of)
        if goal.product not in self._needs:
            raise ProductUnknown("product", goal.product, known=", ".join(self._needs))
        if goal.amount is not None and goal.amount <= 0:
            raise AmountNotPositive("amount", goal.amount)

    def _asking(self, facts: Facts, goal: Goal) -> tuple[Value, ...]:
        """The facts, with no less asked for than the goal is."""
        index = self.catalogue.of(REQUESTED, goal.product)
        asked = None if index is None else facts.values_in_order[index]
        if index is None or goal.amount is None or not isinstance(asked, int) or asked >= goal.amount:
            return facts.values_in_order
        values, highest = list(facts.values_in_order), self.catalogue.inputs[index].column.high
        values[index] = min(goal.amount, int(str(highest)))
        return tuple(values)

    def _certified(self, trial: Trial, moves: Moves) -> Remedy:
        """The changes with what the assessor says of them."""
        sheet = trial.sheet(moves)
        return Remedy(trial.changes(moves), self._assess(sheet), self._facts(sheet))

    def _blocked(self, trial: Trial, decision: Decision, fixed: Sequence[Need]) -> Found:
        """Nothing that can be changed touches some of the obstacles: perhaps time does."""
        keys = {need.reason for need in fixed}

        def is_gone(raw: tuple[object, ...]) -> bool:
            return trial.needs.is_met(raw, trial.goal) or not keys & {need.reason for need in trial.needs.of(raw)}

        sheet = first_day(trial, self._turning, is_gone) if all(map(self._turning.can_mend, fixed)) else None
        return self._ended(trial, decision, fixed, sheet, exhausted=True)

    def _without(self, trial: Trial, decision: Decision, levers: Sequence[Lever], *, exhausted: bool) -> Found:
        """No set of changes does it: what stays when everything is changed that can be, and whether time alone does it."""
        everything = all_at_best(trial, levers)
        left = () if trial.is_met(everything) else trial.obstacles(everything)
        sheet = None
        if all(map(self._turning.can_mend, trial.obstacles(()))):
            sheet = first_day(trial, self._turning, lambda raw: trial.needs.is_met(raw, trial.goal))
        return self._ended(trial, decision, left, sheet, exhausted=exhausted)

    def _ended(self, trial: Trial, decision: Decision, left: Sequence[Need], sheet: Sheet | None, *, exhausted: bool) -> Found:
        stays: tuple[Reason, ...] = tuple(need.reason for need in left)
        until, then = (None, None) if sheet is None else (sheet.as_of, self._assess(sheet))
        return Found(trial.goal, decision, False, (), stays, until, then, trial.evaluations, exhausted)

    def _assess(self, sheet: Sheet) -> Decision:
        return self.assessor.assess(self._facts(sheet), sheet.as_of)

    def _facts(self, sheet: Sheet) -> Facts:
        return Facts(self.catalogue.place, tuple(sheet.values))
