"""Measures apart for each group of rows: segments of the population, and months, quarters or years of a date."""

from __future__ import annotations

from dataclasses import dataclass

from shouxin.engines.scoring.measuring.delong import delong, judgeable
from shouxin.engines.scoring.measuring.groups import Groups
from shouxin.engines.scoring.measuring.intervals import Estimate, share_of
from shouxin.engines.scoring.measuring.measures import Measures, measure
from shouxin.engines.scoring.measuring.sample import Sample
from shouxin.foundation.texts import Text

TOO_FEW = Text(zh="好样本或坏样本不足 2 个，不计算", en="not measured: fewer than two good or two bad rows")


@dataclass(frozen=True, slots=True)
class GroupMeasures:
    """One group. `measures` and `auc` (with DeLong's interval) are absent where `note` says why.

    name: of the group; nothing for rows of which it is not known
    """

    name: str | None
    rows: int
    bads: int
    bad_rate: Estimate
    measures: Measures | None
    auc: Estimate | None
    note: Text | None


def measure_groups(rows: Sample, groups: Groups) -> tuple[GroupMeasures, ...]:
    """The measures of each group that has rows, in the order of the groups.

    >>> from shouxin.engines.scoring.measuring.groups import by_name
    >>> from shouxin.engines.scoring.measuring.sample import sample
    >>> found = measure_groups(sample([0, 0, 1, 1, 0], [1, 2, 3, 4, 5]), by_name(["new", "new", "new", "new", None]))
    >>> [(each.name, each.rows, each.auc and each.auc.value, each.note is None) for each in found]
    [('new', 4, 1.0, True), (None, 1, None, False)]
    """
    return tuple(_measured(name, rows.take(places)) for name, places in groups.members(len(rows.bad)))


def _measured(name: str | None, rows: Sample) -> GroupMeasures:
    count, bads, rate = len(rows.bad), int(rows.bad.sum()), share_of(rows.bad, rows.weight)
    if not judgeable(rows):
        return GroupMeasures(name, count, bads, rate, None, None, TOO_FEW)
    return GroupMeasures(name, count, bads, rate, measure(rows), delong(rows), None)
