"""Rounding of exact fractions to whole numbers, in integers only."""

from __future__ import annotations

from enum import StrEnum


class Rounding(StrEnum):
    """How a tie is broken. `half-even`: to the even neighbour; `half-up`: away from zero."""

    HALF_EVEN = "half-even"
    HALF_UP = "half-up"


def divide(numerator: int, denominator: int, rounding: Rounding = Rounding.HALF_EVEN) -> int:
    """numerator / denominator, rounded to a whole number; the denominator is positive. Half-up means away from zero.

    >>> [divide(each, 2) for each in (1, 3, 5, -1, -3)]
    [0, 2, 2, 0, -2]
    >>> [divide(each, 2, Rounding.HALF_UP) for each in (1, 3, 5, -1, -3)]
    [1, 2, 3, -1, -2]
    """
    whole, rest = divmod(2 * numerator + denominator, 2 * denominator)  # floor(x + 1/2), and what is left of it
    if rest:
        return whole
    if rounding is Rounding.HALF_EVEN:
        return whole - (whole & 1)
    return whole if numerator >= 0 else whole - 1
