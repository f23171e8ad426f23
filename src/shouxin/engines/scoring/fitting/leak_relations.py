"""Leaks that another column shows: a column compared with it, or worked out from a column that leaks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from shouxin.engines.scoring.fitting.leak_tests import ranking
from shouxin.engines.scoring.fitting.table import Table
from shouxin.engines.scoring.measuring.sample import Flags, Floats
from shouxin.foundation.texts import Text

MOST_ROWS, MOST_COLUMNS = 20_000, 100
FEWEST_ROWS = 50
COMPARED_APART = 0.7
SAME_SHARE = 0.95
FEW_LEVELS, DECIDED_SHARE, COMMONEST_SHARE = 10, 0.995, 0.95


@dataclass(frozen=True, slots=True)
class Related:
    """A column, and what another column shows of it."""

    column: str
    evidence: Text


def compared_leaks(table: Table, outcome: Flags, columns: Sequence[str]) -> tuple[Related, ...]:
    """Columns that are below another one for one outcome and not for the other, such as what was paid back and what was lent.

    Of two columns the one is named that ranks better alone.
    """
    step = max(1, table.rows // MOST_ROWS)
    numbers = {each: table.numbers[each][::step] for each in columns[:MOST_COLUMNS]}
    bad = outcome[::step]
    found: dict[str, Related] = {}
    for one, other in combinations(numbers, 2):
        below = _below(numbers[one], numbers[other], bad)
        if below is None or abs(below[0] - below[1]) < COMPARED_APART:
            continue
        better = max((one, other), key=lambda each: ranking(table, each, outcome))
        against = other if better == one else one
        in_bad, in_good = below if better == one else (1 - below[0], 1 - below[1])
        evidence = Text(
            f"坏样本中 {in_bad:.0%} 低于 {against}，好样本中 {in_good:.0%}",
            f"below {against} in {in_bad:.0%} of the bad rows and {in_good:.0%} of the good ones",
        )
        found.setdefault(better, Related(better, evidence))
    return tuple(found.values())


def _below(one: Floats, other: Floats, bad: Flags) -> tuple[float, float] | None:
    """How often one column is below the other, in bad rows and in good ones."""
    both = ~np.isnan(one) & ~np.isnan(other)
    bads, goods = both & bad, both & ~bad
    if min(bads.sum(), goods.sum()) < FEWEST_ROWS:
        return None
    below = one < other
    return float(below[bads].mean()), float(below[goods].mean())


def following_leaks(table: Table, leaking: Sequence[str], columns: Sequence[str]) -> tuple[Related, ...]:
    """Columns that can be worked out from one that leaks: a multiple of it, a sum with it, or levels that it decides."""
    step = max(1, table.rows // MOST_ROWS)
    numbers = {each: table.numbers[each][::step] for each in [*leaking, *columns[:MOST_COLUMNS]]}
    found: dict[str, Related] = {}
    for leak in leaking:
        others = {name: each for name, each in numbers.items() if name not in leaking}
        for related in (*_multiples(leak, numbers[leak], others), *_decided(leak, numbers[leak], others)):
            found.setdefault(related.column, related)
        for related in _sums(leak, numbers[leak], {name: each for name, each in others.items() if name not in found}):
            found.setdefault(related.column, related)
    return tuple(found.values())


def _multiples(leak: str, values: Floats, others: Mapping[str, Floats]) -> Iterator[Related]:
    for name, other in others.items():
        times = _times(values, other)
        if times is not None:
            yield Related(name, Text(f"等于 {times:g} × {leak}", f"it is {times:g} times {leak}"))


def _sums(leak: str, values: Floats, others: Mapping[str, Floats]) -> Iterator[Related]:
    """Of a sum with the leak, the column is named that goes along with it."""
    for one, other in combinations(others, 2):
        times = _times(values, others[one] - others[other])
        if times is not None:
            name, base = sorted((one, other), key=lambda each: -_together(values, others[each]))
            times = times if name == one else -times
            yield Related(name, Text(f"等于 {base} + {times:g} × {leak}", f"it is {base} + {times:g} times {leak}"))


def _times(values: Floats, other: Floats) -> float | None:
    """By which number the values are multiplied to give the other ones, where nearly all are."""
    there = np.isfinite(values) & np.isfinite(other) & (values != 0)
    if there.sum() < max(FEWEST_ROWS, 0.3 * len(values)):
        return None
    times = float(np.median(other[there] / values[there]))
    same = np.isclose(other[there], times * values[there], rtol=1e-6, atol=1e-6)
    return times if times != 0 and same.mean() >= SAME_SHARE and len(np.unique(values[there])) > 2 else None


def _together(one: Floats, other: Floats) -> float:
    """The size of the correlation of two columns."""
    there = np.isfinite(one) & np.isfinite(other)
    if not there.any() or one[there].std() == 0 or other[there].std() == 0:
        return 0.0
    return abs(float(np.corrcoef(one[there], other[there])[0, 1]))


def _decided(leak: str, values: Floats, others: Mapping[str, Floats]) -> Iterator[Related]:
    """Columns of few levels, each in a range of the leak of its own."""
    there = np.isfinite(values)
    distinct, places = np.unique(values[there], return_inverse=True)
    if len(distinct) < FEW_LEVELS or len(distinct) * 5 > there.sum():
        return
    for name, column in others.items():
        levels, codes = np.unique(column[there], return_inverse=True)
        if not 1 < len(levels) <= FEW_LEVELS or np.bincount(codes).max() > COMMONEST_SHARE * len(codes):
            continue
        counts = np.zeros((len(distinct), len(levels)))
        np.add.at(counts, (places, codes), 1)
        if counts.max(axis=1).sum() >= DECIDED_SHARE * len(codes):
            yield Related(name, Text(f"{leak} 决定其取值", f"{leak} says which value it has"))
