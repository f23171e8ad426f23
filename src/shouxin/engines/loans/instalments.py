"""Monthly instalments and all-in annual costs, for the tables that a policy's affordability and price caps are built on.

Rates are ppm a year, simple; a month is a twelfth of a year, as in the quote. The all-in cost is 12 times the monthly
internal rate of return of what the borrower receives and pays, fees inside: the measure that the shipped bundles hold
against the cap of the People's Bank of China and the NFRA (a setting of the bundle, marked A there).
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import ceil

from shouxin.engines.loans.annual_rates import AnnualRate, Flow, Rule, monthly_irr_rate
from shouxin.engines.loans.growth import level_factor
from shouxin.engines.loans.model import Method
from shouxin.foundation.rates import MILLION

PRINCIPAL = 10**20  # so many units that rounding a payment to one of them changes no digit of a rate


def instalment_per_million(rate_ppm: int, months: int) -> int:
    """The equal monthly instalment of a loan of 1,000,000 minor units, rounded up.

    A/P = i / (1 - (1+i)^-n) with i = rate/12; any textbook of financial mathematics.

    >>> instalment_per_million(109_500, 12), instalment_per_million(0, 12)
    (88359, 83334)
    """
    return ceil(_level(rate_ppm, months) * MILLION)


def _level(rate_ppm: int, months: int) -> Fraction:
    if rate_ppm < 0 or months < 1:
        raise ValueError(f"a rate of at least 0 and at least one month, not {rate_ppm} ppm and {months}")
    return Fraction(*level_factor([rate_ppm] * months, 12 * MILLION))


def _payments(method: str, rate_ppm: int, months: int) -> list[Fraction]:
    """What a borrower of 1 pays at the end of each month."""
    monthly = Fraction(rate_ppm, 12 * MILLION)
    if method == Method.EQUAL_INSTALMENT:
        return [_level(rate_ppm, months)] * months
    if method == Method.EQUAL_PRINCIPAL:
        share = Fraction(1, months)
        return [share + (1 - share * done) * monthly for done in range(months)]
    if method == Method.FLAT:
        return [Fraction(1, months) + monthly] * months
    return [monthly] * (months - 1) + [1 + monthly]


def all_in_rate(rate_ppm: int, months: int, method: str, upfront_fee: Fraction = Fraction(0)) -> AnnualRate:
    """The all-in annual cost, 12 x monthly IRR, of a loan of 1 with a fee taken from what is paid out, by equal months.

    Without a fee it is the rate itself, but for a flat loan. Interest of a flexible loan counts as paid each month.

    >>> all_in_rate(120_000, 12, "flat").percent(2)
    Decimal('21.46')
    """
    if not upfront_fee and method != Method.FLAT:
        return AnnualRate(Rule.MONTHLY_IRR, Decimal(rate_ppm) / MILLION)
    if not 0 <= upfront_fee < 1:
        raise ValueError(f"a fee from 0 to below 100%, not {upfront_fee}")
    received = Flow(round(PRINCIPAL * (1 - upfront_fee)), Fraction(0))
    amounts = (round(each * PRINCIPAL) for each in _payments(method, rate_ppm, months))
    return monthly_irr_rate([received], [Flow(amount, Fraction(month)) for month, amount in enumerate(amounts, 1) if amount])


def all_in_ppm(rate_ppm: int, months: int, method: str, upfront_fee_ppm: int = 0) -> int:
    """The all-in annual cost in ppm, rounded up.

    >>> all_in_ppm(146_000, 12, "equal_instalment"), all_in_ppm(146_000, 12, "equal_instalment", 20_000)
    (146000, 184785)
    """
    rate = all_in_rate(rate_ppm, months, method, Fraction(upfront_fee_ppm, MILLION))
    return ceil((rate.value * MILLION).quantize(Decimal("0.0001")))


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
