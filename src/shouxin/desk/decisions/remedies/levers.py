"""The levers of one customer: what may be changed, in which direction, to which values. Read first: `levers_of`.

Only facts that the bundle declares changeable, in the declared direction, within the declared range. The values are those at
which the policy decides otherwise: the constants that it compares a fact with, and the end of the range. Where a value follows
from several facts, the value that just suffices lies between them: `weakest.py` finds it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from shouxin.desk.decisions.remedies.catalogue import (
    HELD,
    INSTALMENT,
    OVERDUE,
    OVERDUE_NOW,
    REQUESTED,
    SINCE_CLOSED,
    USED,
    Catalogue,
    as_day,
    as_integer,
)
from shouxin.desk.decisions.remedies.model import Act, Kind
from shouxin.engines.policy.cuts import regions
from shouxin.engines.policy.scope import Column
from shouxin.engines.policy.stage_facts import AS_OF
from shouxin.engines.policy.tree import INTEGERS, Type, Value

MOST_DAYS = 3_653  # ten years
ORDER = {None: 0, Act.REPAY: 1, Act.CATCH_UP: 2, Act.CLOSE: 3, Act.WAIT: 4}


@dataclass(frozen=True, slots=True)
class Lever:
    """One thing that can be changed.

    rungs:   what it can be changed to, from the least change to the greatest; of a wait, numbers of days
    ordered: between two rungs lie further values, each a greater change than the one before
    touches: the facts that may move, itself among them
    """

    fact: str
    rungs: tuple[Value, ...]
    kind: Kind
    cost: int
    touches: frozenset[str]
    act: Act | None = None
    product: str | None = None
    up: bool = False
    ordered: bool = True
    place: int = 0

    @property
    def turn(self) -> tuple[int, int]:
        """When it is carried out among others: acts after what others report, a wait last."""
        return ORDER[self.act], self.place


def levers_of(catalogue: Catalogue, values: Sequence[Value], as_of: dt.date, product: str) -> tuple[Lever, ...]:
    """The levers of a customer who wants a product, in the order of the catalogue."""
    found: list[Lever] = []
    for index, each in enumerate(catalogue.inputs):
        value = values[index]
        if value is None or not catalogue.is_told(each.fact, tuple(values)):
            continue
        family, code = catalogue.member.get(each.fact, ("", ""))
        if family == HELD:
            found += _closing(catalogue, values, index, code, product)
        elif family == USED:
            found += _repaying(catalogue, index, code, value)
        elif family == OVERDUE or each.fact == OVERDUE_NOW:
            found += _catching_up(catalogue, values, index, code)
        elif family == SINCE_CLOSED:
            found += _waiting(catalogue, index, code, value, as_of)
        elif family == INSTALMENT and _follows_from_used(catalogue, code):
            continue
        else:
            found += _simple(catalogue, values, index, as_of)
    return tuple(found)


def _closing(catalogue: Catalogue, values: Sequence[Value], index: int, code: str, product: str) -> Iterator[Lever]:
    """Closing a line; not that which is wanted. What is owed is repaid first, so that this costs as much more."""
    fact, used = catalogue.inputs[index].fact, catalogue.of(USED, code)
    if values[index] is not True or code == product or not catalogue.changes(fact, "down"):
        return
    cost = catalogue.cost(fact)
    if used is not None and values[used]:
        cost += catalogue.cost(catalogue.inputs[used].fact)
    yield Lever(fact, (False,), Kind.ACT, cost, _family_facts(catalogue, code), Act.CLOSE, code, ordered=False, place=index)


def _repaying(catalogue: Catalogue, index: int, code: str, value: Value) -> Iterator[Lever]:
    each = catalogue.inputs[index]
    rungs = _below(each.column, catalogue.cuts[each.fact], value)
    if value and rungs and catalogue.changes(each.fact, "down"):
        touches = _family_facts(catalogue, code)
        yield Lever(each.fact, rungs, Kind.ACT, catalogue.cost(each.fact), touches, Act.REPAY, code, place=index)


def _catching_up(catalogue: Catalogue, values: Sequence[Value], index: int, code: str) -> Iterator[Lever]:
    """Paying what is overdue: all of a product, or all there is. Of one product there is nothing to choose where it is all."""
    fact = catalogue.inputs[index].fact
    if not values[index] or not catalogue.changes(fact, "down"):
        return
    if code and OVERDUE_NOW in catalogue.place and catalogue.changes(OVERDUE_NOW, "down"):
        others = [each for each in catalogue.all_of(OVERDUE) if each != index and values[each]]
        if not others and values[catalogue.place[OVERDUE_NOW]]:
            return
    touches = frozenset({fact, *_facts(catalogue, catalogue.all_of(OVERDUE))} | ({OVERDUE_NOW} & catalogue.place.keys()))
    cost = catalogue.cost(fact)
    yield Lever(fact, (0,), Kind.ACT, cost, touches, Act.CATCH_UP, code or None, ordered=False, place=index)


def _waiting(catalogue: Catalogue, index: int, code: str, value: Value, as_of: dt.date) -> Iterator[Lever]:
    """Waiting until a closing is long enough ago."""
    each = catalogue.inputs[index]
    if not catalogue.changes(each.fact, "up"):
        return
    days = [as_integer(rung) - as_integer(value) for rung in _above(each.column, catalogue.cuts[each.fact], value)[:-1]]
    most = min(MOST_DAYS, (as_day(AS_OF.high) - as_of).days)
    rungs = tuple(day for day in days if day <= most)
    touches = frozenset(_facts(catalogue, catalogue.all_of(SINCE_CLOSED)))
    if rungs:
        yield Lever(each.fact, rungs, Kind.WAIT, catalogue.cost(each.fact), touches, Act.WAIT, code, up=True, place=index)


def _simple(catalogue: Catalogue, values: Sequence[Value], index: int, as_of: dt.date) -> Iterator[Lever]:
    """A fact that moves by itself: up, down, or both."""
    each, value, cuts = catalogue.inputs[index], values[index], set(catalogue.cuts[catalogue.inputs[index].fact])
    fact, column = each.fact, each.column
    family, code = catalogue.member.get(fact, ("", None))
    kind = Kind.ASK if family == REQUESTED else Kind.ACT if fact in catalogue.own else Kind.OUTSIDE
    cost, touches = catalogue.cost(fact), _moved_by(catalogue, fact)
    if column.type is Type.ENUM:
        if catalogue.shapes[fact].change == "any":
            others = tuple(word for word in column.values if word != value)
            yield Lever(fact, others, kind, cost, touches, None, code, ordered=False, place=index)
        return
    if column.type is Type.DATE:  # a day is mostly compared with the day of the assessment
        cuts |= {as_of}
    for way, rungs in (("up", _above(column, cuts, value)), ("down", _below(column, cuts, value))):
        rungs = _coherent(catalogue, values, fact, rungs) if rungs and catalogue.changes(fact, way) else ()
        if rungs:
            ordered = column.type not in (Type.BOOL, Type.DOUBLE)
            yield Lever(fact, rungs, kind, cost, touches, None, code, way == "up", ordered, index)


def _coherent(catalogue: Catalogue, values: Sequence[Value], fact: str, rungs: tuple[Value, ...]) -> tuple[Value, ...]:
    """No further than the other windows of the same allow, as they stand: a longer one holds no less than a shorter one."""
    if catalogue.inputs[catalogue.place[fact]].column.type not in INTEGERS:
        return rungs
    low, high = -(10**18), 10**18
    for name in catalogue.beyond.get(fact, ()):
        value = values[catalogue.place[name]]
        if value is not None:
            high = min(high, as_integer(value))
    for name in catalogue.within.get(fact, ()):
        value = values[catalogue.place[name]]
        if value is not None:
            low = max(low, as_integer(value))
    start = as_integer(values[catalogue.place[fact]])
    kept = [rung for rung in rungs if low <= as_integer(rung) <= high]
    end = high if rungs and as_integer(rungs[-1]) > high else low if rungs and as_integer(rungs[-1]) < low else None
    rising = bool(rungs) and as_integer(rungs[0]) > start
    return (*kept, end) if end is not None and end != start and (end > start) == rising and end not in kept else tuple(kept)


def _above(column: Column, cuts: set[Value], value: Value) -> tuple[Value, ...]:
    """Values above one at which a condition may change, and the end of the range; the lowest first."""
    return tuple(each for each in _ladder(column, cuts) if each > value)  # type: ignore[operator]


def _below(column: Column, cuts: set[Value], value: Value) -> tuple[Value, ...]:
    """Values below one, the highest first."""
    return tuple(each for each in reversed(_ladder(column, cuts)) if each < value)  # type: ignore[operator]


def _ladder(column: Column, cuts: set[Value]) -> list[Value]:
    inner: list[Value] = [each for each in regions(column, cuts) if each is not None]
    if column.type in INTEGERS or column.type is Type.DATE:
        inner += [column.low, column.high]
    if column.type in INTEGERS:  # below a constant as well as at it and above
        inner += [each - 1 for each in cuts if isinstance(each, int) and as_integer(column.low) < each <= as_integer(column.high)]
    return sorted(set(inner), key=lambda each: (each,))


def _moved_by(catalogue: Catalogue, fact: str) -> frozenset[str]:
    name = catalogue.inputs[catalogue.place[fact]].name
    follows = [each.fact for each in catalogue.policy.plan.activities if name in each.inputs]
    return frozenset({fact, *follows})


def _family_facts(catalogue: Catalogue, code: str) -> frozenset[str]:
    """All that moves with a line of a product."""
    mine = {members[code] for name, members in catalogue.families.items() if code in members and name != REQUESTED}
    return frozenset(mine | ({OVERDUE_NOW, "lines_closed_12m"} & catalogue.place.keys()))


def _follows_from_used(catalogue: Catalogue, code: str) -> bool:
    used = catalogue.of(USED, code)
    return used is not None and catalogue.changes(catalogue.inputs[used].fact, "down")


def _facts(catalogue: Catalogue, places: Sequence[int]) -> list[str]:
    return [catalogue.inputs[index].fact for index in places]
