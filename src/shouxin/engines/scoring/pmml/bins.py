"""The bins of a card from the attributes of a PMML characteristic.

In PMML the first attribute whose predicate is true gives the points, and the predicates may be anything. Where the predicates
of a number can change is only at the values that they name: between two such values one attribute applies throughout. So one
value of each stretch is tried, and stretches with the same attribute become one bin.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from shouxin.engines.scoring.pmml.fields import InputField, NoScore
from shouxin.engines.scoring.pmml.predicates import Predicate, Value, constants, holds, names_values

GAP = -1


@dataclass(frozen=True, slots=True)
class Bin:
    """One bin: `within` for values one by one, `below` for a range, neither for the end bin.

    attribute: the place of the attribute that applies, GAP where none does
    """

    attribute: int
    below: Decimal | None = None
    within: tuple[Decimal | str, ...] = ()


@dataclass(frozen=True, slots=True)
class Binned:
    """The bins of one field in a card's order, and the attribute that applies where the value is missing."""

    bins: tuple[Bin, ...]
    missing: int

    def gaps(self) -> Iterator[str]:
        """Where no attribute applies, in words."""
        if self.missing == GAP:
            yield "missing"
        before: Decimal | None = None
        for each in self.bins:
            if each.attribute == GAP:
                yield _shown(each, before, len(self.bins) > 1)
            before = each.below


def _shown(each: Bin, before: Decimal | None, others: bool) -> str:
    if each.within:
        return ", ".join(f"{value}" for value in each.within)
    low = "" if before is None else f"from {before:f}"
    high = "" if each.below is None else f"below {each.below:f}"
    return " ".join(part for part in (low, high) if part) or ("every other value" if others else "every value")


def binned(field: InputField, predicates: Sequence[Predicate]) -> Binned:
    """The bins of a field under predicates tried in order."""
    missing = _first(field, predicates, None)
    if field.kind in ("double", "int"):
        return Binned(tuple(_ranged(field, predicates)), missing)
    return Binned(tuple(_listed(field, predicates)), missing)


def _first(field: InputField, predicates: Sequence[Predicate], value: Value) -> int:
    reached = field.reached(value)
    if isinstance(reached, NoScore):
        return GAP
    return next((place for place, each in enumerate(predicates) if holds(each, reached)), GAP)


# -- texts and flags -----------------------------------------------------------------------------------------------------


def _listed(field: InputField, predicates: Sequence[Predicate]) -> Iterator[Bin]:
    """Values that are named, by attribute; the last bin is that of every other text."""
    named = {each for predicate in predicates for each in constants(predicate)} | field.named()
    texts = sorted(str(each) for each in named - set(field.missing))
    if field.kind == "bool":
        yes, no = (_first(field, predicates, text) for text in ("true", "false"))
        if yes != no:
            yield Bin(yes, within=("true",))
        yield Bin(no)
        return
    other = _first(field, predicates, _unlike(texts))
    applied = {text: _first(field, predicates, text) for text in texts}
    for place in sorted(set(applied.values()) - {other}, key=lambda each: (each == GAP, each)):
        yield Bin(place, within=tuple(text for text, each in applied.items() if each == place))
    yield Bin(other)


def _unlike(texts: Sequence[str]) -> str:
    """A text that is none of these."""
    return max(texts, key=len, default="") + "."


# -- numbers -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Numbers on which no predicate changes: a single one, or those between two.

    low: the bound under which the numbers before it lie; None where there are none before it
    """

    low: Decimal | None
    single: bool
    tried: Decimal


def _ranged(field: InputField, predicates: Sequence[Predicate]) -> Iterator[Bin]:
    """Values that stand alone first, then ranges by their upper bounds.

    A range that ends with its last number (`lessOrEqual`) ends below it in a card, and that number stands alone; whole
    numbers end below the next one instead.
    """
    named = {each for predicate in predicates for each in constants(predicate)} | field.named()
    one_by_one = [names_values(each) for each in predicates]
    alone: dict[Decimal, int] = {}
    ranges: list[tuple[_Stretch, int]] = []
    for each in _stretches(field, sorted(each for each in named if isinstance(each, Decimal))):
        place = _first(field, predicates, each.tried)
        if each.single and (each.tried in field.missing or (place != GAP and one_by_one[place])):
            if each.tried not in field.missing:
                alone[each.tried] = place
            place = _beneath(predicates, one_by_one, each.tried, ranges[-1][1])
        ranges.append((each, place))
    bounds: dict[Decimal, int] = {}
    for (before, place), (after, following) in pairwise(ranges):
        if place != following and after.low is not None:
            bounds.setdefault(after.low, place)
            if after.low == before.low and before.tried not in field.missing:
                alone.setdefault(before.tried, place)
    for place in sorted(set(alone.values())):
        yield Bin(place, within=tuple(value for value, each in alone.items() if each == place))
    yield from (Bin(place, below=bound) for bound, place in bounds.items())
    yield Bin(ranges[-1][1])


def _beneath(predicates: Sequence[Predicate], one_by_one: Sequence[bool], value: Decimal, before: int) -> int:
    """The attribute of the range around a value that is special or stands for missing; else that of the range before."""
    places = (place for place, each in enumerate(predicates) if not one_by_one[place] and holds(each, value))
    return next(places, before)


def _stretches(field: InputField, cuts: Sequence[Decimal]) -> Iterator[_Stretch]:
    """The line of numbers cut at some values, in ascending order; of whole numbers only, where the field has no others."""
    if not cuts:
        yield _Stretch(None, False, Decimal(0))
        return
    yield _Stretch(None, False, Decimal(math.floor(cuts[0]) - 1))
    for cut, after in zip(cuts, [*cuts[1:], None], strict=True):
        if field.kind == "int":
            if cut == cut.to_integral_value():
                yield _Stretch(cut, True, cut)
            low = Decimal(math.floor(cut) + 1)
            if after is None or low < after:
                yield _Stretch(low, False, low)
        else:
            yield _Stretch(cut, True, cut)
            yield _Stretch(cut, False, cut + 1 if after is None else (cut + after) / 2)
