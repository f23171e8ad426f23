"""Monthly instalments and all-in annual costs, for the tables that a policy's affordability and price caps are built on.

Rates are ppm a year, simple; a month is a twelfth of a year, as in the quote. The all-in cost is 12 times the monthly
internal rate of return of what the borrower receives and pays, fees inside: the measure that the shipped bundles hold
against the cap of the People's Bank of China and the NFRA (a setting of the bundle, marked A there).
"""

from __future__ import annotations

from decimal import Decimal, localcontext
from fractions import Fraction
from math import ceil

MILLION = 1_000_000
DIGITS = 40


def instalment_per_million(rate_ppm: int, months: int) -> int:
    """The equal monthly instalment of a loan of 1,000,000 minor units, rounded up.

    A/P = i / (1 - (1+i)^-n) with i = rate/12; any textbook of financial mathematics.

    >>> instalment_per_million(109_500, 12), instalment_per_million(0, 12)
    (88359, 83334)
    """
    return ceil(_instalment(rate_ppm, months) * MILLION)


def _instalment(rate_ppm: int, months: int) -> Fraction:
    if rate_ppm < 0 or months < 1:
        raise ValueError(f"a rate of at least 0 and at least one month, not {rate_ppm} ppm and {months}")
    if rate_ppm == 0:
        return Fraction(1, months)
    monthly = Fraction(rate_ppm, 12 * MILLION)
    growth = (1 + monthly) ** months
    return monthly * growth / (growth - 1)


def flows(method: str, rate_ppm: int, months: int) -> list[Fraction]:
    """What a borrower of 1 pays at the end of each month."""
    monthly = Fraction(rate_ppm, 12 * MILLION)
    if method == "equal_instalment":
        return [_instalment(rate_ppm, months)] * months
    if method == "equal_principal":
        share = Fraction(1, months)
        return [share + (1 - share * done) * monthly for done in range(months)]
    return [monthly] * (months - 1) + [1 + monthly]


def all_in_ppm(rate_ppm: int, months: int, method: str, upfront_fee_ppm: int = 0) -> int:
    """The all-in annual cost, 12 x monthly IRR, in ppm rounded up; the fee is taken from what is paid out.

    >>> all_in_ppm(146_000, 12, "equal_instalment"), all_in_ppm(146_000, 12, "equal_instalment", 20_000)
    (146000, 184785)
    """
    if upfront_fee_ppm == 0:
        return rate_ppm
    if not 0 < upfront_fee_ppm < MILLION:
        raise ValueError(f"a fee between 0 and 100%, not {upfront_fee_ppm} ppm")
    with localcontext() as context:
        context.prec = DIGITS
        received = 1 - Decimal(upfront_fee_ppm) / MILLION
        payments = [Decimal(each.numerator) / Decimal(each.denominator) for each in flows(method, rate_ppm, months)]
        low, high = Decimal(0), Decimal(1)
        while _present_value(payments, high) > received:
            high *= 2
        while high - low > Decimal(10) ** -12:
            middle = (low + high) / 2
            low, high = (middle, high) if _present_value(payments, middle) > received else (low, middle)
        return ceil((high * 12 * MILLION).quantize(Decimal("0.0001")))


def _present_value(payments: list[Decimal], monthly: Decimal) -> Decimal:
    total = Decimal(0)
    for payment in reversed(payments):
        total = (total + payment) / (1 + monthly)
    return total


def highest_rate_within(cap_ppm: int, months: int, method: str, upfront_fee_ppm: int = 0, step: int = 100) -> int:
    """The highest rate, in steps, whose all-in cost does not exceed a cap; 0 when the fee alone exceeds it.

    >>> highest_rate_within(240_000, 12, "equal_instalment", 20_000)
    200700
    """
    low, high = 0, cap_ppm // step
    while low < high:
        middle = (low + high + 1) // 2
        if all_in_ppm(middle * step, months, method, upfront_fee_ppm) <= cap_ppm:
            low = middle
        else:
            high = middle - 1
    return low * step
