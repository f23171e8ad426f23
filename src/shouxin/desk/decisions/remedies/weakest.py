"""The least change that suffices: of changes that reach a goal together, each is made as small as it can be.

What costs most changes least: the dearest change is made smallest first, while the others are at their greatest.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from shouxin.desk.decisions.remedies.levers import Lever
from shouxin.desk.decisions.remedies.model import Act
from shouxin.desk.decisions.remedies.trying import Moves, Trial
from shouxin.engines.policy.tree import Type, Value

YUAN = 100  # minor units; between constants, money moves by whole major units
PASSES = 4


def weakest(trial: Trial, moves: Moves) -> Moves:
    """The same changes, each as small as the others allow; those that are not needed are left out."""
    for _ in range(PASSES):
        smaller = _without_idle(trial, moves)
        for lever, _ in sorted(smaller, key=lambda move: (-move[0].cost, move[0].place)):
            smaller = _smaller(trial, smaller, lever)
        if smaller == moves:
            break
        moves = smaller
    return moves


def _without_idle(trial: Trial, moves: Moves) -> Moves:
    """Without the changes without which the goal is reached, too; the dearest is the first to go."""
    for move in sorted(moves, key=lambda each: (-each[0].cost, -each[0].place)):
        rest = tuple(each for each in moves if each is not move)
        if len(moves) > 1 and trial.is_met(rest):
            return _without_idle(trial, rest)
    return moves


def _smaller(trial: Trial, moves: Moves, lever: Lever) -> Moves:
    """One of the changes at the first value with which the goal is reached."""
    before = start(trial, lever)
    current = next(value for each, value in moves if each is lever)
    for value in (*lever.rungs, current):
        tried = _with(moves, lever, value)
        if value == current or trial.is_met(tried):
            return _between(trial, moves, lever, before, value) if lever.ordered else tried
        if lever.ordered and _is_past(lever, value, current):
            return _between(trial, moves, lever, before, current)
        before = value
    return moves


def _is_past(lever: Lever, value: Value, current: Value) -> bool:
    return value > current if lever.up else value < current  # type: ignore[operator]


def _between(trial: Trial, moves: Moves, lever: Lever, fails: Value, holds: Value) -> Moves:
    """Bisect between a value that does not suffice and one that does."""
    values = _grid(trial, lever, fails, holds)
    low, high = -1, len(values)
    while high - low > 1:
        middle = (low + high) // 2
        if trial.is_met(_with(moves, lever, values.at(middle))):
            high = middle
        else:
            low = middle
    return _with(moves, lever, holds if high == len(values) else values.at(high))


class _Values:
    """Values between two others, from the first towards the second."""

    def __init__(self, first: int, count: int, step: int, is_day: bool) -> None:
        self._first, self._count, self._step, self._is_day = first, count, step, is_day

    def __len__(self) -> int:
        return self._count

    def at(self, index: int) -> Value:
        number = self._first + index * self._step
        return dt.date.fromordinal(number) if self._is_day else number


def _grid(trial: Trial, lever: Lever, fails: Value, holds: Value) -> _Values:
    kind = trial.catalogue.inputs[lever.place].column.type
    is_day = isinstance(holds, dt.date)
    low, high = (each.toordinal() if isinstance(each, dt.date) else int(str(each)) for each in (fails, holds))
    grain = YUAN if kind is Type.MONEY else 1
    if low <= high:
        first = (low // grain + 1) * grain
        return _Values(first, max(0, -(-(high - first) // grain)), grain, is_day)
    first = (low - 1) // grain * grain
    return _Values(first, max(0, -(-(first - high) // grain)), -grain, is_day)


def _with(moves: Moves, lever: Lever, value: Value) -> Moves:
    return tuple((each, value if each is lever else old) for each, old in moves)


def spread(trial: Trial, lever: Lever, count: int) -> Sequence[Value]:
    """Values from now to the greatest change, closer together near now, for what is not the better the greater it is."""
    if not lever.ordered:
        return ()
    values = _grid(trial, lever, start(trial, lever), lever.rungs[-1])
    places = {int(len(values) * (step / count) ** 3) for step in range(1, count)}
    return [values.at(index) for index in sorted(places) if index < len(values)]


def start(trial: Trial, lever: Lever) -> Value:
    """Where a lever stands now; a wait begins with no day."""
    return 0 if lever.act is Act.WAIT else trial.values[lever.place]
