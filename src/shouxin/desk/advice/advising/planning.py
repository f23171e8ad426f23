"""The steps of a remedy, as a what-if carries them out. Read first: `plan_of`.

What others say is assumed, what is done here is done, and days pass; then the product is opened, where it is not held.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from shouxin.book.facilities.model import Status
from shouxin.desk.advice.whatif.assuming import assumable
from shouxin.desk.advice.whatif.model import State
from shouxin.desk.advice.whatif.steps import ALL, DUE, MOST_DAYS, Assume, Close, Open, Repay, Step, Wait
from shouxin.desk.decisions.remedies import Act, Change, Goal, Kind, Remedy
from shouxin.engines.policy.plan import Input
from shouxin.engines.policy.tree import Type, Value
from shouxin.foundation.money import write_amount

HELD = (Status.ACTIVE, Status.SUSPENDED, Status.CLOSING)


def is_tried(remedy: Remedy) -> bool:
    """Whether something of it is done with a line here, or by waiting: then the assessment of changed facts is not enough."""
    return any(each.kind in (Kind.ACT, Kind.WAIT) for each in remedy.changes)


def plan_of(remedy: Remedy, goal: Goal, now: State, besides: Mapping[str, int]) -> tuple[Step, ...] | None:
    """The steps; None where a change cannot be carried out as one, as when it is something else that our books tell.

    besides: what is owed on each product beyond principal, minor units; a payment goes to that first, so it is paid on top
    """
    steps: list[Step] = []
    for each in remedy.changes:
        made = _steps(each, now)
        if made is None:
            return None
        steps += [_on_top(step, besides) if isinstance(step, Repay) else step for step in made]
    if not is_held(now, goal.product):
        steps.append(Open(goal.product, _asked(remedy, goal)))
    return tuple(steps)


def is_held(now: State, product: str) -> bool:
    """Whether a line of the product is open, so that it is not opened but looked at anew."""
    return any(each.product == product and each.status in HELD for each in now.facilities)


def _asked(remedy: Remedy, goal: Goal) -> int | None:
    """How much is asked for: less where that is part of the remedy."""
    asked = [each.after for each in remedy.changes if each.kind is Kind.ASK]
    return int(str(asked[0])) if asked else goal.amount


def _steps(change: Change, now: State) -> list[Step] | None:
    if change.kind is Kind.ASK:
        return []
    if change.kind is Kind.OUTSIDE:
        return _assumed(change, now)
    if change.act is None:
        return None
    return list(BY_ACT[change.act](change, now))


def _assumed(change: Change, now: State) -> list[Step] | None:
    """A change of what others say, with what else they say then; what follows by itself is left out."""
    known = {each.fact: each for each in assumable(now.policy)}
    if change.fact not in known:
        return None
    also = [(each.fact, each.after) for each in change.follows if each.fact in known]
    return [Assume(fact, _written(known[fact], value)) for fact, value in [(change.fact, change.after), *also]]


def _written(each: Input, value: Value) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dt.date):
        return value.isoformat()
    return write_amount(value) if each.column.type is Type.MONEY and isinstance(value, int) else str(value)


def _repay(change: Change, _: State) -> Iterator[Step]:
    assert change.product is not None
    before, after = int(str(change.before)), int(str(change.after))
    yield Repay(change.product, before - after if after else ALL)


def _on_top(step: Repay, besides: Mapping[str, int]) -> Repay:
    return replace(step, amount=step.amount + besides.get(step.product, 0)) if isinstance(step.amount, int) else step


def _catch_up(change: Change, now: State) -> Iterator[Step]:
    for each in now.facilities:
        if each.status in HELD and each.loans and change.product in (None, each.product):
            yield Repay(each.product, DUE)


def _close(change: Change, now: State) -> Iterator[Step]:
    assert change.product is not None
    if any(each.product == change.product and each.loans for each in now.facilities if each.status in HELD):
        yield Repay(change.product, ALL)
    yield Close(change.product)


def _wait(change: Change, now: State) -> Iterator[Step]:
    days = 0 if change.until is None else (change.until - now.day).days
    while days > 0:
        yield Wait(min(days, MOST_DAYS))
        days -= MOST_DAYS


BY_ACT: Mapping[Act, Callable[[Change, State], Iterator[Step]]] = {
    Act.REPAY: _repay,
    Act.CATCH_UP: _catch_up,
    Act.CLOSE: _close,
    Act.WAIT: _wait,
}
