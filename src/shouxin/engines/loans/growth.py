"""What one rate makes of one row of periods: interest for each period, and the level instalment, as exact fractions.

Neither depends on the amount, so that both are worked out once for many loans.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import gcd, lcm

from shouxin.foundation.daycount import DayCount, Period, year_fraction
from shouxin.foundation.rates import MILLION

NEVER = 2**62


@dataclass(frozen=True, slots=True)
class Growth:
    """Interest of period k on a balance is balance x numerators[k] / denominator, before rounding.

    level:   the instalment of a loan of one minor unit, over all periods (numerator, denominator)
    doubled: 2 x numerators, and level_doubled 2 x numerator, denominator, 2 x denominator: what rounding needs
    repays:  the level is no less than the interest of any period after the first, on all of the loan
    safe:    from this amount on, no rounding makes the level less than the interest of any period
    """

    numerators: tuple[int, ...]
    denominator: int
    level: tuple[int, int]
    doubled: tuple[int, ...]
    level_doubled: tuple[int, int, int]
    repays: bool
    safe: int

    def since(self, first: int) -> Growth:
        """The same without its first periods."""
        return _growth(self.numerators[first:], self.denominator) if first else self


@lru_cache(maxsize=2048)
def growth_of(periods: tuple[Period, ...], count: DayCount, rate_ppm: int) -> Growth:
    """Interest and level instalment of these periods at a yearly rate in ppm."""
    fractions = [year_fraction(count, each) * Fraction(rate_ppm, MILLION) for each in periods]
    denominator = lcm(*(each.denominator for each in fractions))
    return _growth(tuple(each.numerator * (denominator // each.denominator) for each in fractions), denominator)


@lru_cache(maxsize=4096)
def _growth(numerators: tuple[int, ...], denominator: int) -> Growth:
    top, bottom = level_factor(numerators, denominator)
    doubled = tuple(2 * each for each in numerators)
    repays = top * denominator >= max(numerators[1:], default=0) * bottom
    margin = top * denominator - max(numerators) * bottom  # of bottom x denominator; level and interest round by a half each
    safe = -(-bottom * denominator // margin) if margin > 0 else NEVER
    return Growth(numerators, denominator, (top, bottom), doubled, (2 * top, bottom, 2 * bottom), repays, safe)


def level_factor(numerators: Sequence[int], denominator: int) -> tuple[int, int]:
    """The level instalment of a loan of 1, exact: with q_k = 1 + numerators[k] / denominator,

        E = q_1 q_2 ... q_n / f_n,   f_1 = 1,   f_k = 1 + f_(k-1) q_k

    the root of B_n = 0 in B_k = B_(k-1) q_k - E; for equal q the annuity formula of every textbook.

    >>> level_factor([1, 1], 100)  # two periods at 1%: 10201 / 20100
    (10201, 20100)
    """
    product, sums, power = 1, 0, 1  # f_k x denominator^(k-1) is sums, denominator^k is power
    for numerator in numerators:
        product *= denominator + numerator
        sums = power + sums * (denominator + numerator)
        power *= denominator
    common = gcd(product, denominator * sums)
    return product // common, denominator * sums // common
