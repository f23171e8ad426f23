"""Repayment schedules: what falls due when, in whole minor units, each method by its textbook formula.

Every row is rounded by itself; the last row takes what is left, so that the principal adds up exactly. Interest of a row is
the balance before it x rate x share of a year. docs/reference/loans.md shows each method as a table.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import lru_cache

from shouxin.engines.loans.errors import GraceLeavesNoInstalment, InstalmentBelowInterest
from shouxin.engines.loans.growth import Growth, growth_of
from shouxin.engines.loans.model import Conventions, Method, Schedule, Shape, Smoothing, Terms
from shouxin.engines.loans.periods import periods_of
from shouxin.foundation.daycount import Period
from shouxin.foundation.errors import AmountNotPositive, RateAbsurd, RateNegative
from shouxin.foundation.rates import MOST_PPM, write_percent
from shouxin.foundation.rounding import Rounding, divide

Rows = tuple[list[int], list[int]]  # principals, interests


def schedule(terms: Terms) -> Schedule:
    """The schedule of a loan as agreed.

    Raises, in this order: AmountNotPositive, RateNegative, RateAbsurd, DayOutOfRange, PeriodsNotPositive, TermTooLong,
    FirstDueNotAfterPayout, GraceLeavesNoInstalment, InstalmentBelowInterest.

    >>> import datetime as dt
    >>> from shouxin.engines.loans.model import Shape
    >>> rows = schedule(Terms(1_000_000, 109_500, Method.EQUAL_INSTALMENT, Shape(dt.date(2026, 1, 15), 3)))
    >>> [(row.principal, row.interest, row.balance) for row in rows]
    [(330051, 9300, 669949), (333723, 5628, 336226), (336226, 3127, 0)]
    """
    dues, principals, interests = unpostponed(terms)
    if terms.interest_grace:
        interests = postponed(terms, _grid(terms)[1], principals, interests)
    return Schedule(dues, tuple(principals), tuple(interests))


def unpostponed(terms: Terms) -> tuple[tuple[dt.date, ...], list[int], list[int]]:
    """Due dates, principals and interests, before interest waits for the end of its grace. Raises what `schedule` raises."""
    if terms.principal <= 0:
        raise AmountNotPositive("principal", terms.principal)
    if terms.rate_ppm < 0:
        raise RateNegative("annual_rate", terms.rate_ppm)
    if terms.rate_ppm > MOST_PPM:
        raise RateAbsurd("annual_rate", terms.rate_ppm, most=MOST_PPM // 10_000)
    dues, growth = _grid(terms)
    if terms.principal_grace or terms.interest_grace:
        _check_graces(terms)
    if terms.method is Method.EQUAL_INSTALMENT and not growth.since(terms.principal_grace).repays:
        raise InstalmentBelowInterest("periods", terms.shape.periods, rate=write_percent(terms.rate_ppm))
    return dues, *METHODS[terms.method](terms, growth)


def _check_graces(terms: Terms) -> None:
    last = terms.shape.periods - 1
    most_principal = 0 if terms.method in (Method.INTEREST_ONLY, Method.FLEXIBLE) else last
    most_interest = 0 if terms.method is Method.FLEXIBLE else last
    for name, grace, most in (
        ("principal_grace", terms.principal_grace, most_principal),
        ("interest_grace", terms.interest_grace, most_interest),
    ):
        if not 0 <= grace <= most:
            raise GraceLeavesNoInstalment(name, grace, most=most)


def _grid(terms: Terms) -> tuple[tuple[dt.date, ...], Growth]:
    return grid_of(terms.shape, terms.conventions, terms.rate_ppm, terms.method is Method.FLEXIBLE)


@lru_cache(maxsize=2048)
def grid_of(shape: Shape, conventions: Conventions, rate_ppm: int, at_maturity: bool) -> tuple[tuple[dt.date, ...], Growth]:
    """Due dates, and interest by period; worked out once for all loans of one shape, convention and rate."""
    periods = periods_of(shape, conventions)
    if at_maturity:
        periods = (whole_period(periods),)
    return tuple(each.end for each in periods), growth_of(periods, conventions.day_count, rate_ppm)


def whole_period(periods: Sequence[Period]) -> Period:
    """All periods as one."""
    whole, part = sum(each.every for each in periods), sum((each.part for each in periods), Fraction(0))
    return Period(periods[0].start, periods[-1].end, periods[0].unit, whole, part)


def level_rows(principal: int, growth: Growth, grace: int, conventions: Conventions) -> Rows:
    """Equal instalments after `grace` rows of interest only.

    Most schedules need nothing but the loop below, `divide` written in line; the others, and what it is checked against, go
    the plain way.
    """
    if grace or conventions.multiple > 1 or conventions.smoothing is not Smoothing.NONE or principal < growth.safe:
        return plain_level_rows(principal, growth, grace, conventions)
    half_even = conventions.rounding is Rounding.HALF_EVEN
    doubled, denominator, twice = growth.level_doubled
    instalment, rest = divmod(principal * doubled + denominator, twice)
    if not rest and half_even:
        instalment -= instalment & 1
    balance, denominator, twice = principal, growth.denominator, 2 * growth.denominator
    principals, interests = [], []
    for numerator in growth.doubled:
        interest, rest = divmod(balance * numerator + denominator, twice)
        if not rest and half_even:
            interest -= interest & 1
        repaid = instalment - interest
        interests.append(interest)
        principals.append(repaid)
        balance -= repaid
    principals[-1] += balance
    return (principals, interests) if principals[-1] >= 0 else plain_level_rows(principal, growth, grace, conventions)


def plain_level_rows(principal: int, growth: Growth, grace: int, conventions: Conventions) -> Rows:
    """`level_rows`, plainly, for every grace and convention."""
    numerator, denominator = growth.since(grace).level
    instalment = rounded(principal * numerator, denominator, conventions)
    rows = amortise(principal, instalment, growth, grace, conventions.rounding)
    if conventions.smoothing is Smoothing.ONE_STEP:
        return _smoothed(principal, instalment, growth, grace, conventions, rows)
    return rows


def rounded(numerator: int, denominator: int, conventions: Conventions) -> int:
    """An instalment, to a whole multiple of the convention's unit; to a minor unit where no multiple is left of it."""
    unit = conventions.multiple
    in_units = divide(numerator, denominator * unit, conventions.rounding) * unit if unit > 1 else 0
    return in_units or divide(numerator, denominator, conventions.rounding)


def amortise(principal: int, instalment: int, growth: Growth, grace: int, rounding: Rounding) -> Rows:
    """Rows of one instalment after `grace` rows of interest: interest first, the rest repays principal; the last row repays
    what is left.

    An instalment below its interest repays nothing; one above the balance repays the balance, and later rows are empty.
    """
    balance, last = principal, len(growth.numerators) - 1
    principals, interests = list[int](), list[int]()
    for index, numerator in enumerate(growth.numerators):
        interest = divide(balance * numerator, growth.denominator, rounding)
        repaid = 0 if index < grace else min(max(0, instalment - interest), balance)
        interests.append(interest)
        principals.append(balance if index == last else repaid)
        balance -= principals[-1]
    return principals, interests


def _smoothed(principal: int, instalment: int, growth: Growth, grace: int, conventions: Conventions, rows: Rows) -> Rows:
    """One step towards a last instalment like the others; kept only if it comes closer."""
    count = len(growth.numerators) - grace
    difference = rows[0][-1] + rows[1][-1] - instalment
    if count < 2 or abs(difference) <= count // 2:
        return rows
    unit = conventions.multiple
    moved = instalment + divide(difference, count * unit, conventions.rounding) * unit
    again = amortise(principal, moved, growth, grace, conventions.rounding)
    closer = abs(again[0][-1] + again[1][-1] - moved) < abs(difference)
    return again if closer and min(again[0][grace:]) > 0 else rows


def _equal_instalment(terms: Terms, growth: Growth) -> Rows:
    return level_rows(terms.principal, growth, terms.principal_grace, terms.conventions)


def _equal_principal(terms: Terms, growth: Growth) -> Rows:
    """Principal in equal parts; interest on what is left."""
    parts = equal_parts(terms.principal, len(growth.numerators) - terms.principal_grace, terms.conventions.rounding)
    principals = [0] * terms.principal_grace + parts
    return principals, interest_on(terms.principal, principals, growth, terms.conventions.rounding)


def equal_parts(amount: int, count: int, rounding: Rounding) -> list[int]:
    """An amount in equal parts, the last takes what is left.

    >>> equal_parts(1000, 3, Rounding.HALF_EVEN), equal_parts(5, 4, Rounding.HALF_UP), equal_parts(2, 4, Rounding.HALF_UP)
    ([333, 333, 334], [1, 1, 1, 2], [1, 1, 0, 0])
    """
    return parts_of(amount, divide(amount, count, rounding), count)


def parts_of(amount: int, part: int, count: int) -> list[int]:
    """So many parts, as long as the amount lasts; the last takes what is left."""
    parts = []
    for _ in range(count - 1):
        parts.append(max(0, min(part, amount)))
        amount -= parts[-1]
    return [*parts, amount]


def interest_on(principal: int, principals: list[int], growth: Growth, rounding: Rounding) -> list[int]:
    """The interest of each row of principal, on what is left before it."""
    balance, interests = principal, []
    for repaid, numerator in zip(principals, growth.numerators, strict=False):
        interests.append(divide(balance * numerator, growth.denominator, rounding))
        balance -= repaid
    return interests


def _at_the_end(terms: Terms, growth: Growth) -> Rows:
    principals = [0] * (len(growth.numerators) - 1) + [terms.principal]
    return principals, interest_on(terms.principal, principals, growth, terms.conventions.rounding)


def _flat(terms: Terms, growth: Growth) -> Rows:
    """Principal and interest in equal parts; interest on the original amount over the whole term."""
    rounding, grace = terms.conventions.rounding, terms.principal_grace
    total = divide(terms.principal * sum(growth.numerators), growth.denominator, rounding)
    count = len(growth.numerators)
    interests = equal_parts(total, count, rounding)
    part = divide(terms.principal, count - grace, rounding)
    if terms.conventions.multiple > 1:
        part = rounded(part + interests[0], 1, terms.conventions) - interests[0]
    return [0] * grace + parts_of(terms.principal, part, count - grace), interests


def postponed(terms: Terms, growth: Growth, principals: list[int], interests: list[int]) -> list[int]:
    """Interest of the grace is not raised and falls due with the first row after it, rounded once."""
    grace = terms.interest_grace
    if terms.method is Method.FLAT:
        waiting = sum(interests[: grace + 1])
    else:
        balances = [terms.principal - sum(principals[:index]) for index in range(grace + 1)]
        exact = sum(balance * numerator for balance, numerator in zip(balances, growth.numerators, strict=False))
        waiting = divide(exact, growth.denominator, terms.conventions.rounding)
    return [0] * grace + [waiting] + interests[grace + 1 :]


METHODS: dict[Method, Callable[[Terms, Growth], Rows]] = {
    Method.EQUAL_INSTALMENT: _equal_instalment,
    Method.EQUAL_PRINCIPAL: _equal_principal,
    Method.INTEREST_ONLY: _at_the_end,
    Method.FLEXIBLE: _at_the_end,
    Method.FLAT: _flat,
}
