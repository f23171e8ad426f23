"""Tests of one column for leaks: each returns the evidence, or None.

outcome: for every row whether it was bad; both outcomes occur
"""

from __future__ import annotations

import numpy as np

from shouxin.engines.scoring.fitting.table import Days, Table
from shouxin.engines.scoring.measuring.bands import band_of
from shouxin.engines.scoring.measuring.measures import auc
from shouxin.engines.scoring.measuring.sample import Codes, Flags, Floats
from shouxin.foundation.texts import Text

SUSPICIOUS_AUC = 0.90
MISSING_MOSTLY, MISSING_AT_MOST, MISSING_AUC = 0.95, 0.5, 0.85
COPY_MISTAKES, COPY_MISTAKES_OF_RARER = 0.01, 0.1
COPY_LEVELS = 100
LATER_SHARE = 0.5
ONLY_SHARE, ONLY_TIMES, ONLY_ROWS = 0.3, 50, 50
BINS, FOLDS = 20, 3


def ranks_leak(table: Table, column: str, outcome: Flags) -> Text | None:
    """Alone it ranks suspiciously well, measured on rows that it was not fitted on."""
    found = ranking(table, column, outcome)
    if found < SUSPICIOUS_AUC:
        return None
    return Text(f"单独一列的 AUC 达 {found:.3f}（交叉验证）", f"alone it ranks with an AUC of {found:.3f}, cross-fitted")


def ranking(table: Table, column: str, outcome: Flags) -> float:
    """The AUC of one column by the bad rate of its bins or levels, each part of the rows ranked by the others."""
    codes = _coarse(table, column)
    fold = np.arange(table.rows) % FOLDS
    risk = np.zeros(table.rows)
    size = int(codes.max()) + 1
    for part in range(FOLDS):
        others = fold != part
        rows = np.bincount(codes[others], minlength=size)
        bads = np.bincount(codes[others], weights=outcome[others], minlength=size)
        risk[fold == part] = ((bads + outcome[others].mean()) / (rows + 1))[codes[fold == part]]
    return auc(outcome, risk)


def missing_leak(table: Table, column: str, outcome: Flags) -> Text | None:
    """It is missing for one outcome only."""
    missing = table.missing(column)
    bad, good = float(missing[outcome].mean()), float(missing[~outcome].mean())
    apart = 0.5 + abs(bad - good) / 2  # the AUC of a flag
    if not ((max(bad, good) >= MISSING_MOSTLY and min(bad, good) <= MISSING_AT_MOST) or apart >= MISSING_AUC):
        return None
    return Text(
        f"坏样本中缺失 {bad:.1%}，好样本中缺失 {good:.1%}",
        f"missing in {bad:.1%} of the bad rows and {good:.1%} of the good ones",
    )


def copy_leak(table: Table, column: str, outcome: Flags) -> Text | None:
    """Its few values say the outcome, with next to no mistakes."""
    values, codes = table.distinct(column)
    if not 1 < len(values) <= min(COPY_LEVELS, table.rows // 10):
        return None
    bads = np.bincount(codes + 1, weights=outcome, minlength=len(values) + 1)
    rows = np.bincount(codes + 1, minlength=len(values) + 1)
    mistakes = float(np.minimum(bads, rows - bads).sum())
    rarer = min(outcome.sum(), (~outcome).sum())
    if mistakes > min(COPY_MISTAKES * table.rows, COPY_MISTAKES_OF_RARER * rarer):
        return None
    share = 1 - mistakes / table.rows
    return Text(f"其取值在 {share:.1%} 的样本中直接对应好坏", f"its values alone say the outcome of {share:.1%} of the rows")


def only_leak(table: Table, column: str, outcome: Flags) -> Text | None:
    """For one outcome it nearly always has its commonest value, or none at all; for the other often not."""
    values, codes = table.distinct(column)
    if not len(values):
        return None
    common = int(np.bincount(codes[codes >= 0]).argmax())
    other = codes != common
    bad, good = float(other[outcome].mean()), float(other[~outcome].mean())
    if other.sum() < ONLY_ROWS or max(bad, good) < ONLY_SHARE or min(bad, good) * ONLY_TIMES > max(bad, good):
        return None
    shown = str(values[common])
    return Text(
        f"取值不是 {shown} 的，坏样本中占 {bad:.1%}，好样本中占 {good:.1%}",
        f"other than {shown} in {bad:.1%} of the bad rows and {good:.1%} of the good ones",
    )


def dates_leak(days: Days, decided: Days) -> Text | None:
    """Most of its days are later than the decision."""
    both = ~np.isnat(days) & ~np.isnat(decided)
    if not both.any():
        return None
    later = float((days[both] > decided[both]).mean())
    if later < LATER_SHARE:
        return None
    return Text(f"{later:.1%} 的日期晚于审批日", f"{later:.1%} of its days are later than the decision")


def _coarse(table: Table, column: str) -> Codes:
    """At most BINS bins of a number and one for missing; the levels of a text."""
    if column in table.texts:
        return table.distinct(column)[1] + 1
    numbers: Floats = table.numbers[column]
    there = ~np.isnan(numbers)
    if not there.any():
        return np.zeros(table.rows, dtype=np.intp)
    cuts = np.unique(np.quantile(numbers[there], np.arange(1, BINS) / BINS, method="higher"))
    return np.where(there, band_of(numbers, cuts.tolist()) + 1, 0)
