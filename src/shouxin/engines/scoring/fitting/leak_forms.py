"""Whether a column's values are formed otherwise for one outcome: a sign that they were written after it was known.

A loan that is repaid as agreed has the term that was agreed, a multiple of 12; one that failed has the months until then.
"""

from __future__ import annotations

import re
from collections import Counter

import numpy as np

from shouxin.engines.scoring.fitting.table import Table, Words
from shouxin.engines.scoring.measuring.sample import Codes, Flags, Floats
from shouxin.foundation.texts import Text

STEPS = (1, 5, 10, 12, 100, 360, 1_000)
APART, APART_IN_RANGE = 0.5, 0.35
FEWEST_ROWS, FEWEST_VALUES = 50, 30
RANGES = 12
SHAPE_LEVELS = 50


def form_leak(table: Table, column: str, outcome: Flags) -> Text | None:
    """The evidence that values of one outcome are formed otherwise; None where there is none."""
    if column in table.texts:
        return _text_form(table.texts[column], outcome)
    return None if column in table.flags else _number_form(table.numbers[column], outcome)


def _number_form(numbers: Floats, outcome: Flags) -> Text | None:
    """Multiples of a step, among values that are neither missing nor zero, since zero is a multiple of everything."""
    there = np.isfinite(numbers) & (numbers != 0)
    values, bad = numbers[there], outcome[there]
    if min(bad.sum(), (~bad).sum()) < FEWEST_ROWS or len(np.unique(values)) < FEWEST_VALUES:
        return None
    ranges = _ranges(values)
    found = []
    for step in STEPS:
        multiple = np.asarray(values % step == 0, dtype=np.bool_)
        in_bad, in_good = float(multiple[bad].mean()), float(multiple[~bad].mean())
        if abs(in_bad - in_good) >= APART and abs(_apart_in_ranges(multiple, bad, ranges)) >= APART_IN_RANGE:
            found.append((abs(in_bad - in_good), step, in_bad, in_good))
    if not found:
        return None
    _, step, in_bad, in_good = max(found)
    zh, en = ("是整数", "whole numbers") if step == 1 else (f"是 {step} 的整数倍", f"multiples of {step:,}")
    return Text(
        f"好样本中 {in_good:.0%} {zh}，坏样本中为 {in_bad:.0%}",
        f"{en} in {in_good:.0%} of the good rows and {in_bad:.0%} of the bad ones",
    )


def _ranges(values: Floats) -> Codes:
    """Ranges of about equal width of the logarithm, so that each holds values of every form."""
    size = np.sign(values) * np.log1p(np.abs(values))
    low, high = np.quantile(size, (0.01, 0.99))
    cuts = np.linspace(low, high, RANGES + 1)[1:-1]
    return np.searchsorted(cuts, size, side="right")


def _apart_in_ranges(multiple: Flags, bad: Flags, ranges: Codes) -> float:
    """How far the outcomes are apart within ranges of the value, where both occur: what the range alone does not explain."""
    bads, goods = (np.bincount(ranges[rows], minlength=RANGES).astype(np.float64) for rows in (bad, ~bad))
    in_bads, in_goods = (
        np.bincount(ranges[rows], weights=multiple[rows], minlength=RANGES).astype(np.float64) for rows in (bad, ~bad)
    )
    weight = bads * goods / np.maximum(bads + goods, 1)
    apart = in_bads / np.maximum(bads, 1) - in_goods / np.maximum(goods, 1)
    return float((weight * apart).sum() / max(weight.sum(), 1e-12))


def _text_form(texts: Words, outcome: Flags) -> Text | None:
    """The shape of a text: a 9 for every digit, an A for every letter. Categories of few levels have shapes by chance."""
    there = np.array([each is not None for each in texts], dtype=np.bool_)
    bad = outcome[there]
    if min(bad.sum(), (~bad).sum()) < FEWEST_ROWS or len(set(texts[there])) <= SHAPE_LEVELS:
        return None
    shapes = np.array([shape_of(each) for each in texts[there]], dtype=object)
    for shape, rows in Counter(shapes.tolist()).most_common(10):
        same = np.asarray(shapes == shape, dtype=np.bool_)
        in_bad, in_good = float(same[bad].mean()), float(same[~bad].mean())
        if rows >= FEWEST_ROWS and abs(in_bad - in_good) >= APART:
            return Text(
                f"形如 {shape} 的取值在好样本中占 {in_good:.0%}，在坏样本中占 {in_bad:.0%}",
                f"written like {shape} in {in_good:.0%} of the good rows and {in_bad:.0%} of the bad ones",
            )
    return None


def shape_of(text: str) -> str:
    """How a text is formed.

    >>> shape_of("AB-2017/3"), shape_of("12.50")
    ('A-9/9', '9.9')
    """
    return re.sub(r"[^\W\d_]+", "A", re.sub(r"\d+", "9", text))
