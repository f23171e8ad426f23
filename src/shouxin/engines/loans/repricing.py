"""Equal instalments of many loans at once, exact to the cent: what a book would pay at other rates.

The level factor depends on rate and term alone and is worked out once for each pair, exactly. Amounts are multiplied by it
in 64-bit halves of 30 bits; where the fraction comes so close to one half that 60 bits cannot tell which side it is on, the
exact fraction decides. Months are twelfths of a year, as in a quote. Needs numpy: `pip install 'shouxin[vector]'`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from shouxin.engines.loans.errors import PeriodsNotPositive
from shouxin.engines.loans.growth import level_factor
from shouxin.foundation.errors import AmountNotPositive, RateNegative
from shouxin.foundation.rates import MILLION
from shouxin.foundation.rounding import divide

HALF = 30  # bits
MASK = (1 << HALF) - 1
MOST = 1 << 32  # minor units that 64 bits hold after multiplication; larger amounts are worked out one by one
UNSURE = 8  # so many of the last of 30 bits below one half may be a rounding of the factor


def reprice(principals: Any, rates_ppm: Any, months: Any) -> Any:
    """The monthly instalment of each loan: three arrays of int64 of one length give one. Half to even.

    Raises AmountNotPositive, RateNegative, PeriodsNotPositive with the first row that breaks it; ValueError where the
    lengths differ.

    >>> reprice([1_000_000, 50_001], [109_500, 0], [12, 2]).tolist()
    [88358, 25000]
    """
    import numpy as np

    principal, rate, term = (np.asarray(each, dtype=np.int64) for each in (principals, rates_ppm, months))
    if not principal.shape == rate.shape == term.shape:
        raise ValueError(f"arrays of one length, not {principal.shape}, {rate.shape} and {term.shape}")
    _check(principal < 1, principal, "principal", AmountNotPositive)
    _check(rate < 0, rate, "rate_ppm", RateNegative)
    _check(term < 1, term, "months", PeriodsNotPositive)
    pairs, which = np.unique(rate * MOST + term, return_inverse=True)
    factors = [_factor(int(pair) // MOST, int(pair) % MOST) for pair in pairs]
    high, low = _halves(factors)
    product = principal * low[which]
    upper = principal * high[which] + (product >> HALF)
    fraction = upper & MASK
    instalments = (upper >> HALF) + (fraction > MASK >> 1)
    unsure = (np.abs(fraction - (1 << HALF - 1)) <= UNSURE) | (principal >= MOST)
    for row in np.flatnonzero(unsure):
        numerator, denominator = factors[which[row]]
        instalments[row] = divide(int(principal[row]) * numerator, denominator)
    return instalments


def _factor(rate_ppm: int, months: int) -> tuple[int, int]:
    return level_factor([rate_ppm] * months, 12 * MILLION)


def _halves(factors: Iterable[tuple[int, int]]) -> Any:
    """The first and the next 30 bits of each factor, rounded down."""
    import numpy as np

    bits = [(numerator << 2 * HALF) // denominator for numerator, denominator in factors]
    return np.array([[each >> HALF, each & MASK] for each in bits], dtype=np.int64).T


def _check(broken: Any, values: Any, field: str, refusal: type[AmountNotPositive | RateNegative | PeriodsNotPositive]) -> None:
    rows = broken.nonzero()[0]
    if len(rows):
        raise refusal(f"{field}[{rows[0]}]", values[rows[0]])
