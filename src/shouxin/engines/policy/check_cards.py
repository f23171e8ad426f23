"""Checks of scorecards: bins against the declared direction, bins that nothing reaches, tiers that no score reaches."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from shouxin.engines.policy.check_uses import Subject
from shouxin.engines.policy.cuts import regions
from shouxin.engines.policy.findings import Finding, amount, finding
from shouxin.engines.policy.model import BinShape, CharacteristicShape, ScorecardFile
from shouxin.engines.policy.scope import Column
from shouxin.engines.policy.stager import possible
from shouxin.engines.policy.tables import read_value
from shouxin.engines.policy.tree import Type, Value


def check_bins(subject: Subject) -> Iterator[Finding]:
    """Points move with the declared direction, and every bin can be reached."""
    for code, card in subject.policy.bundle.scorecards.items():
        for name, shape in card.characteristics.items():
            column = subject.policy.plan.scope.column(shape.input)
            yield from _direction(subject, code, name, shape, column)
            yield from _dead_bins(subject, code, name, shape, column)


def _direction(subject: Subject, code: str, name: str, shape: CharacteristicShape, column: Column) -> Iterator[Finding]:
    """Neighbouring bins against `up` or `down`. Values of an enum have no order; of a flag, false comes first."""
    if shape.direction == "either" or column.type is Type.ENUM:
        return
    bins = list(enumerate(shape.bins))
    if column.type is Type.BOOL:
        bins = sorted(bins, key=lambda each: _is_true(shape, each[0]))
    for (_, low), (index, high) in itertools.pairwise(bins):
        if low.points != high.points and (high.points > low.points) != (shape.direction == "up"):
            place = subject.policy.bundle.place(f"scorecards/{code}.yaml", "characteristics", name, "bins", index)
            should = "no fewer" if shape.direction == "up" else "no more"
            right = f"direction is {shape.direction}: {should} points than the bin before ({low.points}), or another direction"
            yield finding("error", "C-BIN-ORDER", place, f"{name}: {high.points} points", right, _where(shape, column, high))


def _is_true(shape: CharacteristicShape, index: int) -> bool:
    within = shape.bins[index].within
    return True in within if within is not None else not any(True in (each.within or ()) for each in shape.bins)


def _where(shape: CharacteristicShape, column: Column, bin_: BinShape) -> dict[str, str]:
    """A value at which the bin begins."""
    index = shape.bins.index(bin_)
    before = shape.bins[index - 1].below if index else None
    return {} if before is None else {shape.input: amount(read_value(str(before), column), column.type)}


def _dead_bins(subject: Subject, code: str, name: str, shape: CharacteristicShape, column: Column) -> Iterator[Finding]:
    bounds = [None if each.below is None else read_value(str(each.below), column) for each in shape.bins]
    if all(bound is None for bound in bounds):
        return
    reached = {_bin_of(value, bounds) for value in regions(column, [each for each in bounds if each is not None])}
    for index, each in enumerate(shape.bins):
        if index not in reached:
            place = subject.policy.bundle.place(f"scorecards/{code}.yaml", "characteristics", name, "bins", index)
            span = f"{amount(column.low, column.type)} to {amount(column.high, column.type)}"
            right = f"{shape.input} lies between {span}, so nothing falls into this bin: mend the bound, or leave it out"
            shown = "the last bin" if each.below is None else f"below: {each.below}"
            yield finding("warning", "C-DEAD-BIN", place, f"{name}: {shown}", right)


def _bin_of(value: Value, bounds: list[Value]) -> int | None:
    if value is None:
        return None
    return next(index for index, bound in enumerate(bounds) if bound is None or value < bound)  # type: ignore[operator]


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
