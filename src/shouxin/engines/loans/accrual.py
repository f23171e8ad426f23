"""Interest that has been earned and not yet rounded: integers, so that nothing is lost between two dates.

An accumulator is a tuple of (weight, basis, sum): the sum of amount x rate in ppm x nights, minor units, for the nights that
are weight / basis of a year each (`daycount.Leg`). For actual/365 there is one, of nights that are 1/365; for actual/actual
two, one for each length of year. It is worth sum x weight / (basis x 1,000,000) minor units. No sum leaves 64 bits.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from shouxin.engines.loans.errors import AccrualTooLarge
from shouxin.foundation.daycount import Leg
from shouxin.foundation.rates import MILLION
from shouxin.foundation.rounding import Rounding, divide

Accrued = tuple[tuple[int, int, int], ...]

NOTHING: Accrued = ()
MOST = 2**63 - 1


def add(accrued: Accrued, base: int, rate_ppm: int, legs: Iterable[Leg]) -> Accrued:
    """What `base` earns at a rate over some nights, added. Raises AccrualTooLarge beyond 64 bits.

    >>> add((), 1_000_000, 109_500, [Leg(31, 1, 365)])  # CNY 10,000 for 31 nights
    ((1, 365, 3394500000000),)
    """
    if not base or not rate_ppm:
        return accrued
    sums = {(weight, basis): total for weight, basis, total in accrued}
    for nights, weight, basis in legs:
        total = sums.get((weight, basis), 0) + base * rate_ppm * nights
        if total > MOST:
            raise AccrualTooLarge("interest", f"{base} x {rate_ppm} x {nights}")
        sums[weight, basis] = total
    return tuple(sorted((*kind, total) for kind, total in sums.items()))


def merged(one: Accrued, other: Accrued) -> Accrued:
    """Two accumulators as one. Raises AccrualTooLarge."""
    for weight, basis, total in other:
        one = add(one, total, 1, [Leg(1, weight, basis)])
    return one


def worth(accrued: Accrued) -> Fraction:
    """Minor units, exact."""
    return sum((Fraction(total * weight, basis * MILLION) for weight, basis, total in accrued), Fraction(0))


def whole(accrued: Accrued, rounding: Rounding) -> int:
    """Minor units, rounded.

    >>> whole(((1, 365, 3394500000000),), Rounding.HALF_EVEN)
    9300
    """
    if len(accrued) == 1:
        weight, basis, total = accrued[0]
        return divide(total * weight, basis * MILLION, rounding)
    exact = worth(accrued)
    return divide(exact.numerator, exact.denominator, rounding)
