"""The specification held against the data: what must be mended is refused, what is doubtful is told."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from shouxin.engines.scoring.fitting.column_kinds import ColumnLook, look_at, too_many_levels
from shouxin.engines.scoring.fitting.draft_target import shown
from shouxin.engines.scoring.fitting.fit_errors import (
    FEW_BADS,
    FEWEST_BADS,
    BadValueAbsent,
    ColumnsAbsent,
    FitWarning,
    NoColumnUsed,
    ProtectedUsed,
    SplitNotDays,
    SplitOneSided,
    TargetEmpty,
    TargetManyValues,
    TargetOneClass,
    TargetUsed,
    TooFewBads,
    WeightsNotPositive,
    nearest,
)
from shouxin.engines.scoring.fitting.inputs import inputs_of
from shouxin.engines.scoring.fitting.spec import Spec
from shouxin.engines.scoring.fitting.table import Table, among, outcomes, split_rows
from shouxin.engines.scoring.measuring.sample import Codes, Floats


def check_spec(spec: Spec, table: Table) -> tuple[FitWarning, ...]:
    """What is doubtful about a fit of this specification on this data.

    Raises a refusal of `fit_errors.py`, with the column and the remedy, where the fit cannot be done.
    """
    _check_columns(spec, table)
    _check_used(spec)
    _check_target(spec, table)
    if spec.weights is not None:
        _check_weights(spec.weights, table)
    bad = outcomes(spec.target, table)
    train, _ = _sides(spec, table, bad)
    bads, goods = int((bad[train] == 1).sum()), int((bad[train] == 0).sum())
    if min(bads, goods) < FEWEST_BADS:
        raise TooFewBads(spec.target.column, f"{bads} bad, {goods} good", fewest=FEWEST_BADS, few=FEW_BADS)
    inputs_of(spec, table)
    return tuple(_doubts(spec, table, min(bads, goods)))


def _check_columns(spec: Spec, table: Table) -> None:
    named = [spec.target.column, spec.split.column, spec.weights, spec.segments, spec.decision_date]
    wanted = [each for each in (*named, *spec.protected, *spec.columns) if each is not None]
    absent = [each for each in dict.fromkeys(wanted) if each not in table.names]
    if absent:
        near = nearest(absent[0], table.names)
        raise ColumnsAbsent("columns", ", ".join(absent), data=table.name, near_en=near.en, near_zh=near.zh)


def _check_used(spec: Spec) -> None:
    if not spec.used:
        raise NoColumnUsed("columns", f"{len(spec.columns)} columns, none used")
    for column in spec.protected:
        if column in spec.used:
            raise ProtectedUsed(column, "use: true")
    for role, name in (("target", spec.target.column), ("weights", spec.weights), ("segments", spec.segments)):
        if name is not None and name in spec.used:
            raise TargetUsed(name, "use: true", role=role)


def _check_target(spec: Spec, table: Table) -> None:
    column = spec.target.column
    values, _ = table.coded(column)
    if not values:
        raise TargetEmpty(f"target {column}", f"{table.rows:,} rows")
    flag = column in table.flags
    for wanted in (*spec.target.bad, *spec.target.indeterminate):
        if not any(among(each, [wanted], flag) for each in values):
            raise BadValueAbsent(f"target {column}", wanted, column=column, values=shown(values))
    good = [each for each in values if not among(each, [*spec.target.bad, *spec.target.indeterminate], flag)]
    if column in table.numbers and len(good) > 20:
        raise TargetManyValues(f"target {column}", "a measure", count=len(values), values=shown(values))
    bad = outcomes(spec.target, table)
    known = bad[~np.isnan(bad)]
    if not len(known):
        raise TargetEmpty(f"target {column}", f"{table.rows:,} rows")
    if known.all() or not known.any():
        raise TargetOneClass(f"target {column}", shown(values), rows=len(known), bad=", ".join(spec.target.bad))


def _check_weights(column: str, table: Table) -> None:
    if column not in table.numbers:
        raise WeightsNotPositive(column, "no numbers", row=1)
    broken = np.flatnonzero(~((table.numbers[column] > 0) & np.isfinite(table.numbers[column])))
    if len(broken):
        raise WeightsNotPositive(column, table.numbers[column][broken[0]], row=int(broken[0]) + 1)


def _sides(spec: Spec, table: Table, bad: Floats) -> tuple[Codes, Codes]:
    """The rows to fit on and to test on; both sides hold both outcomes."""
    column = spec.split.column
    if spec.split.method == "out_of_time":
        assert column is not None, "held by the shape"
        if column not in table.days:
            raise SplitNotDays(f"split {column}", "no days", days=", ".join(table.days) or "-")
    elif spec.split.method == "random" and min((bad == 0).sum(), (bad == 1).sum()) < FEWEST_BADS:
        counts = f"{int((bad == 1).sum())} bad, {int((bad == 0).sum())} good"
        raise TooFewBads(spec.target.column, counts, fewest=FEWEST_BADS, few=FEW_BADS)
    train, test = split_rows(spec, table, bad)
    if spec.split.method == "out_of_time":
        assert column is not None
        days = table.days[column][~np.isnan(bad)]
        ends = [str(each) for each in (np.nanmin(days), np.nanmax(days))] if (~np.isnat(days)).any() else ["-", "-"]
        for side in (train, test):
            if not len(side) or bad[side].all() or not bad[side].any():
                raise SplitOneSided(f"split {column}", spec.split.since, first=ends[0], last=ends[1])
    return train, test


def _doubts(spec: Spec, table: Table, fewer: int) -> Iterator[FitWarning]:
    if fewer < FEW_BADS:
        yield FitWarning(
            spec.target.column,
            f"较少一类只有 {fewer} 个建模样本（少于 {FEW_BADS}）：分值不稳，区间会很宽",
            f"only {fewer} training rows of the rarer outcome (fewer than {FEW_BADS}): points are unsure, intervals wide",
        )
    for column in spec.used:
        yield from _doubts_of(look_at(table, column))


def _doubts_of(look: ColumnLook) -> Iterator[FitWarning]:
    if look.distinct == 0:
        yield FitWarning(
            look.column, "全部缺失，不会有分值；建议 `use: false`", "all missing: it gets no points; set `use: false`"
        )
    elif look.distinct == 1 and not look.missing:
        yield FitWarning(
            look.column, "只有一个取值，不会有分值；建议 `use: false`", "one value only: it gets no points; set `use: false`"
        )
    elif look.is_id:
        yield FitWarning(
            look.column,
            f"{look.distinct:,} 个取值几乎逐行不同，像是编号；建议 `use: false`",
            f"{look.distinct:,} values, nearly one for each row: an identifier says nothing of new customers; set `use: false`",
        )
    elif too_many_levels(look):
        yield FitWarning(
            look.column,
            f"类别过多（{look.distinct:,} 个），少见的并入“其他”；建议先归并",
            f"{look.distinct:,} levels, most of them rare: those become `other`; group them first, or set `use: false`",
        )
