"""Trying changes on one customer: carry them out on a copy of the facts, and evaluate the policy. Read first: `Trial.of`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from shouxin.desk.decisions.remedies.acts import Sheet, carry_out
from shouxin.desk.decisions.remedies.catalogue import Catalogue
from shouxin.desk.decisions.remedies.levers import Lever
from shouxin.desk.decisions.remedies.model import Act, Change, Goal, Moved
from shouxin.desk.decisions.remedies.needs import Need, Needs
from shouxin.engines.policy.tree import Value

Moves: TypeAlias = tuple[tuple[Lever, Value], ...]
Raw: TypeAlias = tuple[Any, ...]


@dataclass
class Trial:
    """One customer with a goal. Counts how often the policy was evaluated."""

    catalogue: Catalogue
    needs: Needs
    goal: Goal
    values: Sequence[Value]
    as_of: dt.date
    evaluations: int = 0
    _days: dict[dt.date, tuple[object, ...]] = field(default_factory=dict)
    _seen: dict[tuple[tuple[int, bool, Value], ...], Raw] = field(default_factory=dict)

    def of(self, moves: Moves) -> Raw:
        """The policy's raw outputs after these changes."""
        key = tuple((lever.place, lever.up, value) for lever, value in moves)
        if key not in self._seen:
            self._seen[key] = self.evaluate(self.sheet(moves))
        return self._seen[key]

    def is_met(self, moves: Moves) -> bool:
        """Whether the changes reach the goal."""
        return self.needs.is_met(self.of(moves), self.goal)

    def obstacles(self, moves: Moves) -> tuple[Need, ...]:
        """What is still in the way."""
        return self.needs.of(self.of(moves))

    def evaluate(self, sheet: Sheet) -> Raw:
        """The policy's raw outputs for changed facts."""
        self.evaluations += 1
        emitted = self.catalogue.policy.emitted
        if sheet.as_of not in self._days:
            self._days[sheet.as_of] = emitted.day(sheet.as_of)
        return emitted.function(sheet.as_of, tuple(sheet.values), self._days[sheet.as_of])

    def sheet(self, moves: Moves) -> Sheet:
        """The facts after these changes, in the order in which they are done."""
        sheet = Sheet(list(self.values), self.as_of)
        for lever, value in _in_turn(moves):
            carry_out(self.catalogue, sheet, lever.fact, lever.act, value)
        return sheet

    def changes(self, moves: Moves) -> tuple[Change, ...]:
        """What each change moves, in the order in which they are done."""
        sheet, found = Sheet(list(self.values), self.as_of), []
        for lever, value in _in_turn(moves):
            before = list(sheet.values)
            carry_out(self.catalogue, sheet, lever.fact, lever.act, value)
            found.append(self._change(lever, before, sheet))
        return tuple(found)

    def _change(self, lever: Lever, before: list[Value], sheet: Sheet) -> Change:
        inputs, seen = self.catalogue.inputs, self.catalogue.observed
        moved = {
            each.fact: Moved(each.fact, old, new)
            for index, (each, old, new) in enumerate(zip(inputs, before, sheet.values, strict=True))
            if (old != new and index not in seen) or each.fact == lever.fact
        }
        own = moved.pop(lever.fact)
        until = sheet.as_of if lever.act is Act.WAIT else None
        head = (lever.fact, own.before, own.after, lever.cost, lever.kind, lever.act, lever.product, lever.up)
        return Change(*head, until, tuple(moved.values()))


def _in_turn(moves: Moves) -> Moves:
    return moves if len(moves) < 2 else tuple(sorted(moves, key=lambda move: move[0].turn))
