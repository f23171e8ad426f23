"""Interest that has been earned and not yet rounded: integers, summed by denominator, so that nothing is lost between two dates.

An accumulator is a tuple of (denominator, numerator): for actual/365 one pair, minor units x ppm x days over 365; for
actual/actual two, one for each length of year. Its worth in minor units is the sum of numerator / (denominator x 1,000,000).
"""

from __future__ import annotations

from fractions import Fraction

from shouxin.engines.loans.errors import AccrualTooLarge
from shouxin.foundation.rates import MILLION
from shouxin.foundation.rounding import Rounding, divide

Accrued = tuple[tuple[int, int], ...]

NOTHING: Accrued = ()
MOST = 2**63 - 1


def add(accrued: Accrued, base: int, rate_ppm: int, legs: tuple[tuple[int, int], ...]) -> Accrued:
    """What `base` earns at a rate over shares of a year (`daycount.legs`), added. Raises AccrualTooLarge beyond 64 bits.

    >>> add((), 1_000_000, 109_500, ((31, 365),))  # CNY 10,000 for 31 days
    ((365, 3394500000000),)
    """
    if not base or not rate_ppm:
        return accrued
    sums = dict(accrued)
    for days, denominator in legs:
        total = sums.get(denominator, 0) + base * rate_ppm * days
        if total > MOST:
            raise AccrualTooLarge("interest", f"{base} x {rate_ppm} x {days}")
        sums[denominator] = total
    return tuple(sorted(sums.items()))


def worth(accrued: Accrued) -> Fraction:
    """Minor units, exact."""
    return sum((Fraction(numerator, denominator * MILLION) for denominator, numerator in accrued), Fraction(0))


def whole(accrued: Accrued, rounding: Rounding) -> int:
    """Minor units, rounded.

    >>> whole(((365, 3394500000000),), Rounding.HALF_EVEN)
    9300
    """
    if len(accrued) == 1:
        denominator, numerator = accrued[0]
        return divide(numerator, denominator * MILLION, rounding)
    exact = worth(accrued)
    return divide(exact.numerator, exact.denominator, rounding)
