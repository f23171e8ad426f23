"""Bins as conditions on their input: those of a characteristic, and those of the two sides of a pair table."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from shouxin.engines.policy.card_shapes import AxisBinShape, AxisShape, CharacteristicShape, PairShape
from shouxin.engines.policy.errors import ExpressionRefused
from shouxin.engines.policy.plan import MISSING, NO_RECORD, SPECIAL, VALUE
from shouxin.engines.policy.scope import Column, Scope
from shouxin.engines.policy.stager import integer, when
from shouxin.engines.policy.tables import read_value
from shouxin.engines.policy.tree import INTEGERS, Cmp, In, IsNull, Lit, Node, Ref, Type, Value

RANGED = INTEGERS | {Type.DATE, Type.DOUBLE}


@dataclass(frozen=True, slots=True)
class Bin:
    """What falls into one bin: the values listed, or those below a bound; all others where there is neither."""

    listed: tuple[Value, ...] = ()
    below: Value = None

    def holds(self, value: Value) -> bool:
        """Whether a value that is in none of the bins before, and not NULL, falls into this one."""
        if self.listed:
            return value in self.listed
        return self.below is None or value < self.below  # type: ignore[operator]


@dataclass(frozen=True, slots=True)
class Branch:
    """One branch of a characteristic; the last has no test. `kind` says which of its reasons applies."""

    test: Node | None
    points: int
    kind: int = VALUE


def branches(scope: Scope, shape: CharacteristicShape, *, fitted: bool) -> list[Branch]:
    """The branches of a characteristic: no record first, then missing, then special values, then the values in order.

    fitted: a frozen card goes into any bundle. It may have points for a missing value where the bundle's fact never is,
            and where there is no record it takes the value that the bundle gives the fact then.

    Raises ExpressionRefused.
    """
    column = scope.column(shape.input)
    can_lack_record = shape.input in scope.no_record
    found: list[Branch] = []
    if can_lack_record != (shape.no_record is not None) and not (fitted and can_lack_record):
        raise ExpressionRefused("E-BINS", shape.input, _NO_RECORD[can_lack_record])
    if shape.no_record is not None:
        found.append(Branch(scope.no_record[shape.input], shape.no_record, NO_RECORD))
    if column.nullable != (shape.missing is not None) and not (fitted and not column.nullable):
        raise ExpressionRefused("E-BINS", shape.input, _MISSING[column.nullable])
    if shape.missing is not None and column.nullable:
        found.append(Branch(IsNull(Ref(column.name, column.type)), shape.missing, MISSING))
    for each, points in zip(bins_of(column, shape.bins), (part.points for part in shape.bins), strict=True):
        kind = SPECIAL if each.listed and column.type in RANGED else VALUE
        found.append(Branch(_test(column, each), points, kind))
    return found


_NO_RECORD = {
    True: "this input can have no record: give `no_record` its points",
    False: "this input always has a record",
}
_MISSING = {
    True: "this input can be missing: give `missing` its points",
    False: "this input is never missing",
}


def pair_points(scope: Scope, shape: PairShape) -> Node:
    """The points of an inline pair table; raises ExpressionRefused."""
    assert shape.down is not None and shape.across is not None and shape.points is not None, "an inline pair"
    across = shape.across
    rows = [_along(scope, across, [integer(each) for each in row]) for row in shape.points]
    return _along(scope, shape.down, rows)


def _along(scope: Scope, axis: AxisShape, cells: Sequence[Node]) -> Node:
    """The cell of the bin that applies: there is one for each bin, and the last for missing."""
    column = scope.column(axis.input)
    bins = bins_of(column, axis.bins)
    if all(cell == cells[0] for cell in cells):
        return cells[0]
    tests = [(_test(column, each), cell) for each, cell in zip(bins, cells, strict=False)]
    whens = [(test, cell) for test, cell in tests if test is not None]
    if column.nullable:
        whens.insert(0, (IsNull(Ref(column.name, column.type)), cells[-1]))
    return when(*whens, otherwise=cells[len(bins) - 1])


def bins_of(column: Column, shapes: Sequence[AxisBinShape]) -> tuple[Bin, ...]:
    """The bins of an input, in order, as its values are stored; the last is for all others.

    Raises ExpressionRefused.
    """
    return tuple(_ranged(column, shapes) if column.type in RANGED else _listed(column, shapes))


def _ranged(column: Column, shapes: Sequence[AxisBinShape]) -> list[Bin]:
    specials = list(itertools.takewhile(lambda each: each.within is not None and each.below is None, shapes))
    found = _values(column, specials)
    before: Value = None
    for index, each in enumerate(shapes[len(specials) :], len(specials)):
        if each.within is not None or (each.below is None) != (index == len(shapes) - 1):
            raise ExpressionRefused("E-BINS", column.name, _RANGED_RIGHT)
        bound = None if each.below is None else read_value(str(each.below), column)
        if before is not None and bound is not None and not before < bound:  # type: ignore[operator]
            raise ExpressionRefused("E-BINS", str(each.below), "the bounds of the bins ascend")
        found.append(Bin(below=bound))
        before = bound
    if len(specials) == len(shapes):
        raise ExpressionRefused("E-BINS", column.name, _RANGED_RIGHT)
    return found


_RANGED_RIGHT = (
    "each bin but the last says `below`, in ascending order; the last says nothing. Bins of special values, with `in: [...]`, "
    "stand before them"
)


def _listed(column: Column, shapes: Sequence[AxisBinShape]) -> list[Bin]:
    *first, last = shapes
    if any(each.below is not None or each.within is None for each in first) or last.below is not None or last.within is not None:
        raise ExpressionRefused("E-BINS", column.name, "each bin but the last says `in: [...]`; the last is for all others")
    return [*_values(column, first), Bin()]


def _values(column: Column, shapes: Sequence[AxisBinShape]) -> list[Bin]:
    """Bins that list their values; no value stands twice."""
    found: list[Bin] = []
    seen: set[Value] = set()
    for each in shapes:
        values = tuple(read_value(_written(value), column) for value in each.within or ())
        if len(seen | set(values)) < len(seen) + len(values):
            raise ExpressionRefused("E-BINS", str(each.within), "a value stands in two bins, or twice in one")
        seen |= set(values)
        found.append(Bin(listed=values))
    return found


def _written(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _test(column: Column, each: Bin) -> Node | None:
    ref = Ref(column.ordinal, Type.INT) if column.ordinal else Ref(column.name, column.type)
    if each.listed:
        return Cmp("=", ref, Lit(each.listed[0], ref.type)) if len(each.listed) == 1 else In(ref, each.listed)
    return None if each.below is None else Cmp("<", ref, Lit(each.below, ref.type))
