"""Checks of scorecards: bins against the declared direction, bins that nothing reaches, tiers that no score reaches."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import TypeAlias

from shouxin.engines.policy.card_shapes import AxisBinShape, BinShape, CharacteristicShape, ScorecardFile
from shouxin.engines.policy.check_uses import Subject
from shouxin.engines.policy.cuts import regions
from shouxin.engines.policy.findings import Finding, amount, finding
from shouxin.engines.policy.scope import Column
from shouxin.engines.policy.stage_bins import RANGED, Bin, bins_of
from shouxin.engines.policy.stager import possible
from shouxin.engines.policy.tables import read_value
from shouxin.engines.policy.tree import Type, Value

Path_: TypeAlias = tuple[str, ...]


def check_bins(subject: Subject) -> Iterator[Finding]:
    """Points move with the declared direction, and every bin can be reached."""
    for code, card in subject.policy.bundle.scorecards.items():
        file = f"scorecards/{code}.yaml"
        for name, shape in card.characteristics.items():
            column = subject.policy.plan.scope.column(shape.input)
            yield from _direction(subject, (file, "characteristics", name), shape, column)
            yield from _dead_bins(subject, (file, "characteristics", name), column, shape.bins)
        for name, pair in card.pairs.items():
            for side, axis in (("down", pair.down), ("across", pair.across)):
                if axis is not None:
                    column = subject.policy.plan.scope.column(axis.input)
                    yield from _dead_bins(subject, (file, "pairs", name, side), column, axis.bins)


def _direction(subject: Subject, path: Path_, shape: CharacteristicShape, column: Column) -> Iterator[Finding]:
    """Neighbouring bins against `up` or `down`. Values of an enum, and special values, have no order; false comes first."""
    if shape.direction == "either" or column.type is Type.ENUM:
        return
    bins = list(enumerate(shape.bins))
    if column.type is Type.BOOL:
        bins = sorted(bins, key=lambda each: _is_true(shape, each[0]))
    else:
        bins = [(index, each) for index, each in bins if each.within is None]
    for (_, low), (index, high) in itertools.pairwise(bins):
        if low.points != high.points and (high.points > low.points) != (shape.direction == "up"):
            place = subject.policy.bundle.place(*path, "bins", index)
            should = "no fewer" if shape.direction == "up" else "no more"
            right = f"direction is {shape.direction}: {should} points than the bin before ({low.points}), or another direction"
            text = f"{path[2]}: {high.points} points"
            yield finding("error", "C-BIN-ORDER", place, text, right, _where(shape, column, high))


def _is_true(shape: CharacteristicShape, index: int) -> bool:
    within = shape.bins[index].within
    return True in within if within is not None else not any(True in (each.within or ()) for each in shape.bins)


def _where(shape: CharacteristicShape, column: Column, bin_: BinShape) -> dict[str, str]:
    """A value at which the bin begins."""
    index = shape.bins.index(bin_)
    before = shape.bins[index - 1].below if index else None
    return {} if before is None else {shape.input: amount(read_value(str(before), column), column.type)}


def _dead_bins(subject: Subject, path: Path_, column: Column, shapes: Sequence[AxisBinShape]) -> Iterator[Finding]:
    if column.type not in RANGED:
        return
    bins = bins_of(column, shapes)
    cuts = [value for each in bins for value in (*each.listed, each.below) if value is not None]
    reached = {_bin_of(value, bins) for value in regions(column, cuts)}
    for index, each in enumerate(shapes):
        if index not in reached:
            place = subject.policy.bundle.place(*path, "bins", index)
            span = f"{amount(column.low, column.type)} to {amount(column.high, column.type)}"
            right = f"{column.name} lies between {span}, so nothing falls into this bin: mend the bound, or leave it out"
            text = f"{path[2]}: {_shown(each)}" if len(path) == 3 else f"{path[2]} {path[3]}: {_shown(each)}"
            yield finding("warning", "C-DEAD-BIN", place, text, right)


def _shown(each: AxisBinShape) -> str:
    if each.within is not None:
        return f"in: {', '.join(str(value) for value in each.within)}"
    return "the last bin" if each.below is None else f"below: {each.below}"


def _bin_of(value: Value, bins: Sequence[Bin]) -> int | None:
    return None if value is None else next(index for index, each in enumerate(bins) if each.holds(value))


def check_tiers(subject: Subject) -> Iterator[Finding]:
    """Every card can give a score in every tier."""
    bundle, scale = subject.policy.bundle, subject.policy.bundle.about.scale
    tiers = bundle.tiers.tiers
    uppers = [None, *(tier.since - 1 for tier in tiers)]
    for index, code in enumerate(subject.policy.plan.cards):
        sums = _sums(subject, index, bundle.scorecards[code])
        scores = {min(max(each, scale.lowest), scale.highest) for each in sums}
        for tier, upper in zip(tiers, uppers, strict=False):
            if not any(tier.since <= score and (upper is None or score <= upper) for score in scores):
                place = bundle.place(f"scorecards/{code}.yaml", "base")
                span = f"{min(scores)} to {max(scores)}"
                right = f"no answers give a score in this tier; the card gives {span}: mend the points or the tiers"
                yield finding("warning", "C-TIER-REACH", place, f"{code}: tier {tier.name}", right)


def _sums(subject: Subject, index: int, card: ScorecardFile) -> set[int]:
    """Every sum of points; inputs are taken as free of each other, so what is not here cannot be."""
    sums = {card.base}
    for each in (row for row in subject.policy.plan.characteristics if row.card == index):
        points = {value for value in possible(each.points) or () if isinstance(value, int)}
        sums = {total + value for total in sums for value in points}
    return sums
