"""What gets a blocked plan on: steps that take away what stands in the way. Read first: `solutions`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from shouxin.book.facilities.errors import ReopeningTooEarly
from shouxin.book.facilities.model import Status
from shouxin.desk.advice.whatif.errors import ProductDeclined
from shouxin.desk.advice.whatif.model import State
from shouxin.desk.advice.whatif.steps import ALL, DUE, Close, Repay, Step, Wait
from shouxin.desk.origination.errors import DisplacedStillOwes, ProductAlreadyHeld
from shouxin.desk.servicing.errors import CustomerOverdue
from shouxin.foundation.refusal import Refusal


def solutions(refusal: Refusal, state: State) -> tuple[Step, ...]:
    """Steps that take away what a refusal names, of those that a customer can take; none where there are none, or where what was
    asked must be another.

    state: before the step that was refused
    """
    for kind, found in SOLVED_BY.items():
        if isinstance(refusal, kind):
            return found(refusal, state)
    return ()


@dataclass(frozen=True, slots=True)
class Blocked:
    """A line that is to be closed and still is not. in_use: owed and on its way, minor units"""

    product: str
    in_use: int
    solved_by: tuple[Step, ...]


def blockers(state: State) -> tuple[Blocked, ...]:
    """The lines that wait for their last repayment."""
    closing = [each for each in state.facilities if each.status is Status.CLOSING]
    return tuple(Blocked(each.product, each.in_use, (Repay(each.product, ALL),)) for each in closing)


def _displaced(refusal: Refusal, _: State) -> tuple[Step, ...]:
    return (Repay(str(refusal.limits["product"]), ALL),)


def _too_early(refusal: Refusal, state: State) -> tuple[Step, ...]:
    earliest = refusal.limits["earliest"]
    assert isinstance(earliest, dt.date)
    return (Wait((earliest - state.day).days),)


def _overdue(_: Refusal, state: State) -> tuple[Step, ...]:
    days = state.policy.plan.scope.families.get("days_overdue", {})
    late = [each.product for each in state.facilities if each.is_open and state.facts.get(days.get(each.product, ""))]
    owing = [each.product for each in state.facilities if each.owed]
    return tuple(Repay(product, DUE) for product in late or owing)


def _held(refusal: Refusal, state: State) -> tuple[Step, ...]:
    return (Close(refusal.value),) if any(each.product == refusal.value and each.commits for each in state.facilities) else ()


def _declined(refusal: Refusal, state: State) -> tuple[Step, ...]:
    day = state.reopens.get(refusal.value)
    return (Wait((day - state.day).days),) if day else ()


SOLVED_BY: Mapping[type[Refusal], Callable[[Refusal, State], tuple[Step, ...]]] = {
    DisplacedStillOwes: _displaced,
    ReopeningTooEarly: _too_early,
    CustomerOverdue: _overdue,
    ProductAlreadyHeld: _held,
    ProductDeclined: _declined,
}
