"""The target of a drafted specification: which value is bad."""

from __future__ import annotations

import numpy as np

from shouxin.engines.scoring.fitting.fit_errors import (
    FEW_BADS,
    BadValueAbsent,
    ColumnsAbsent,
    FitWarning,
    TargetEmpty,
    TargetManyValues,
    TargetNeedsBad,
    TargetOneClass,
    nearest,
)
from shouxin.engines.scoring.fitting.spec import TargetSpec
from shouxin.engines.scoring.fitting.table import Table, among, outcomes

SHOWN = 6
RUNNING = ("current", "in progress", "open", "active", "running", "正常", "未结清")


def draft_target(table: Table, column: str, bad_value: str | None) -> tuple[TargetSpec, list[FitWarning]]:
    """The target, and what is doubtful about it. Of 1 and 0, 1 is bad; of anything else the bad value is said.

    Raises ColumnsAbsent, TargetEmpty, TargetNeedsBad, TargetManyValues, BadValueAbsent, TargetOneClass.
    """
    if column not in table.names:
        near = nearest(column, table.names)
        raise ColumnsAbsent("--target", column, data=table.name, near_en=near.en, near_zh=near.zh)
    values, _ = table.coded(column)
    if not values:
        raise TargetEmpty(f"--target {column}", f"{table.rows:,} rows")
    bad = _by_itself(table, column, values) if bad_value is None else bad_value
    if not any(among(each, [bad], column in table.flags) for each in values):
        raise BadValueAbsent(f"--target {column}", bad, column=column, values=shown(values))
    target = TargetSpec(column=column, bad=[bad])
    known = outcomes(target, table)
    known = known[~np.isnan(known)]
    if known.all() or not known.any():
        raise TargetOneClass(f"--target {column}", shown(values), rows=len(known), bad=bad)
    return target, _notes(table, column, values, bad, int(min(known.sum(), (1 - known).sum())))


def shown(values: list[str]) -> str:
    """The first few values, for a message.

    >>> shown([str(each) for each in range(9)])
    '0, 1, 2, 3, 4, 5 ...'
    """
    return ", ".join(values[:SHOWN]) + (" ..." if len(values) > SHOWN else "")


def _by_itself(table: Table, column: str, values: list[str]) -> str:
    """The bad value where the values say it themselves."""
    if column in table.flags:
        return "true"
    if set(values) <= {"0", "1"}:
        return "1"
    if len(values) > 2:
        raise TargetManyValues(f"--target {column}", shown(values), count=len(values), values=shown(values))
    remedy = " / ".join(f"--target {column}={each}" for each in values)
    raise TargetNeedsBad(f"--target {column}", shown(values), values=shown(values), remedy=remedy)


def _notes(table: Table, column: str, values: list[str], bad: str, fewer: int) -> list[FitWarning]:
    found = []
    missing = int(table.missing(column).sum())
    if missing:
        en = f"{missing:,} rows have no outcome and are left out"
        found.append(FitWarning(column, f"{missing:,} 行没有表现结果，不参与建模", en))
    if len(values) > 2:
        others = [each for each in values if each != bad]
        running = [each for each in others if each.lower() in RUNNING]
        hint = f" ({', '.join(running)}?)" if running else ""
        found.append(
            FitWarning(
                column,
                f"其余取值均视为好：{shown(others)}；既非好也非坏的请列入 target.indeterminate{hint}",
                f"every other value is good: {shown(others)}; list under target.indeterminate what is neither{hint}",
            )
        )
    if fewer < FEW_BADS:
        zh = f"较少一类只有 {fewer} 行（少于 {FEW_BADS}）：分值不稳，区间会很宽"
        found.append(
            FitWarning(column, zh, f"only {fewer} rows of the rarer outcome (fewer than {FEW_BADS}): points will be unsure")
        )
    return found
