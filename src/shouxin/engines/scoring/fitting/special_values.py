"""Numbers of a column that are codes: what stands for missing, and what is special. The outcome is not looked at.

Codes stand apart from the other values and are written as people write codes: -1, 98, 999, -999999.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from shouxin.engines.scoring.measuring.sample import Codes, Floats

FEWEST_ROWS = 5
MOST_CODES = 5
FEW_VALUES, SMALL = 15, 15

_HIGH = re.compile(r"9+[6-9]")
_LOW = re.compile(r"-[1-9]|-9+[6-9]?")
_SENTINEL = re.compile(r"-?9{4,}")


@dataclass(frozen=True, slots=True)
class SpecialValues:
    """Codes among the values of a column: those that mean missing, and those that mean something else."""

    missing: tuple[int, ...] = ()
    special: tuple[int, ...] = ()


def special_values(numbers: Floats) -> SpecialValues:
    """The codes of a column of numbers, NaN where it is missing.

    >>> special_values(np.repeat([0.0, 1, 2, 3, 96, 98], 10)).special
    (96, 98)
    >>> special_values(np.repeat([-2.0, -1, 0, 1, 2, 8], 10)).special
    (-2, -1, 0)
    >>> special_values(np.repeat([-999999.0, 1200.5, 3100, 52000], 10)).missing
    (-999999,)
    """
    values, counts = np.unique(numbers[np.isfinite(numbers)], return_counts=True)
    if len(values) < 3:
        return SpecialValues()
    if _counts_with_codes(values):
        return SpecialValues(special=tuple(int(each) for each in values if each <= 0))
    codes = [*_low_codes(values, counts), *_high_codes(values, counts)]
    missing = tuple(each for each in codes if _SENTINEL.fullmatch(str(each)))
    return SpecialValues(missing, tuple(each for each in codes if each not in missing))


def _counts_with_codes(values: Floats) -> bool:
    """Few small whole numbers, some below zero and several above: a count whose codes are zero and below."""
    whole = bool(np.all(values == np.floor(values)))
    return whole and len(values) <= FEW_VALUES and bool(-SMALL <= values[0] < 0) and int((values > 0).sum()) >= 3


def _low_codes(values: Floats, counts: Codes) -> list[int]:
    """Codes below zero of a column that otherwise is not."""
    below = values[values < 0]
    if not 0 < len(below) <= MOST_CODES or counts[: len(below)].sum() < FEWEST_ROWS:
        return []
    return [int(each) for each in below] if all(_is_code(each, _LOW) for each in below) else []


def _high_codes(values: Floats, counts: Codes) -> list[int]:
    """Codes at the upper end, as far above the other values as those are wide."""
    first = len(values)
    while first > len(values) - MOST_CODES and first > 2 and _is_code(values[first - 1], _HIGH):
        first -= 1
    for start in range(first, len(values)):
        own = values[:start][values[:start] >= 0]
        if counts[start:].sum() < FEWEST_ROWS or not len(own):
            break
        if values[start] - own[-1] >= max(own[-1] - own[0], 10):
            return [int(each) for each in values[start:]]
    return []


def _is_code(value: float, form: re.Pattern[str]) -> bool:
    return bool(value == np.floor(value)) and form.fullmatch(str(int(value))) is not None
