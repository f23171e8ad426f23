"""The instalments still to come: as agreed, and worked out again when balance, rate or term change within a period."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction

from shouxin.engines.loans.accrual import whole, worth
from shouxin.engines.loans.agreement import EarlyInterest, Prepayment
from shouxin.engines.loans.earning import rest_of_period
from shouxin.engines.loans.growth import growth_of
from shouxin.engines.loans.loan import Loan, Planned
from shouxin.engines.loans.model import Conventions, Method, Shape, Terms
from shouxin.engines.loans.periods import periods_of
from shouxin.engines.loans.schedule import equal_parts, rounded, unpostponed, whole_period
from shouxin.foundation.daycount import Period
from shouxin.foundation.rounding import divide


def agreed_plan(terms: Terms) -> tuple[tuple[Planned, ...], int]:
    """The plan of a new loan, and its level (see `Loan`). Raises what `schedule` raises."""
    _, principals, interests = unpostponed(terms)
    periods = _periods(terms.shape, terms.conventions, terms.method)
    flat, first = terms.method is Method.FLAT, terms.principal_grace
    plan = tuple(
        Planned(number, period, principal, number <= first, number > terms.interest_grace, interest if flat else 0)
        for number, (period, principal, interest) in enumerate(zip(periods, principals, interests, strict=True), 1)
    )
    interest = interests[first] if terms.method is Method.EQUAL_INSTALMENT else 0
    return plan, 0 if terms.method in (Method.INTEREST_ONLY, Method.FLEXIBLE) else principals[first] + interest


def new_plan(loan: Loan, shape: Shape, principal: int) -> tuple[Planned, ...]:
    """Instalments of a new term after those that have fallen due, without graces, with their principal still to be planned;
    of a flat loan with their interest. Raises what `check_shape` raises."""
    terms, number = loan.agreement.terms, loan.fallen + 1
    periods = _periods(shape, terms.conventions, terms.method)
    interests = [0] * len(periods)
    if terms.method is Method.FLAT:
        growth = growth_of(tuple(periods), terms.conventions.day_count, loan.rate_ppm)
        total = divide(principal * sum(growth.numerators), growth.denominator, terms.conventions.rounding)
        interests = equal_parts(total, len(periods), terms.conventions.rounding)
    rows = zip(periods, interests, strict=True)
    return tuple(Planned(number + index, period, 0, flat_interest=each) for index, (period, each) in enumerate(rows))


def _periods(shape: Shape, conventions: Conventions, method: Method) -> Sequence[Period]:
    periods = periods_of(shape, conventions)
    return (whole_period(periods),) if method is Method.FLEXIBLE else periods


def replanned(loan: Loan, principal: int, rule: Prepayment = Prepayment.REDUCE_INSTALMENT) -> Loan:
    """The loan with `principal` over its instalments to come. Interest earned so far in the running period stays in it.

    reduce-instalment: the same due dates and a new level; shorten-term: the same level on fewer of them;
    next-instalments: the next ones have so much less to pay
    """
    if not loan.plan:
        return loan
    if rule is Prepayment.NEXT_INSTALMENTS:
        return _with_principals(loan, _without_first(loan, loan.principal_to_come - principal), loan.level)
    if rule is Prepayment.SHORTEN_TERM and loan.level:
        principals = _principals(loan, principal, loan.level)
        dropped = len(loan.plan) - len(principals)
        kept = replace(loan, plan=loan.plan[: len(principals)], shape=replace(loan.shape, periods=loan.shape.periods - dropped))
        last = replace(kept.plan[-1], collects=True)
        return _with_principals(replace(kept, plan=(*kept.plan[:-1], last)), principals, loan.level, loan.principal_to_come)
    level = _new_level(loan, principal)
    principals = _principals(loan, principal, level)
    return _with_principals(loan, principals + [0] * (len(loan.plan) - len(principals)), level)


def _with_principals(loan: Loan, principals: Sequence[int], level: int, before: int | None = None) -> Loan:
    """The plan with these principals; `before` was the principal to come, where rows have fallen away since."""
    interests = _flat_interests(loan, sum(principals), loan.principal_to_come if before is None else before)
    rows = zip(loan.plan, principals, interests, strict=True)
    return replace(loan, plan=tuple(replace(row, principal=part, flat_interest=each) for row, part, each in rows), level=level)


def _without_first(loan: Loan, early: int) -> list[int]:
    """The principals to come, with so much less in the first ones."""
    principals = []
    for row in loan.plan:
        part = min(early, row.principal)
        principals.append(row.principal - part)
        early -= part
    return principals


def _flat_interests(loan: Loan, principal: int, before: int) -> list[int]:
    """The interest of a flat loan in proportion to its principal; that of the running period stays, where so agreed."""
    interests = [each.flat_interest for each in loan.plan]
    if not any(interests) or not before or principal == before:
        return interests
    rounding = loan.agreement.terms.conventions.rounding
    scaled = [divide(each * principal, before, rounding) for each in interests]
    return interests[:1] + scaled[1:] if loan.agreement.early_interest is EarlyInterest.TO_NEXT_DUE else scaled


def _new_level(loan: Loan, principal: int) -> int:
    """The level that repays the principal over the instalments to come.

    Where the first of them is under way, it is owed W = principal x (1 + rest of its interest) + interest earned so far, and
    the level E leaves W - E for the others: E = (W - E) x factor of the others.
    """
    terms, grace = loan.agreement.terms, _grace_left(loan)
    if terms.method is Method.EQUAL_INSTALMENT:
        if grace:
            numerator, denominator = growth_of(_later(loan, grace), terms.conventions.day_count, loan.rate_ppm).level
            return rounded(principal * numerator, denominator, terms.conventions)
        owed = principal * (1 + rest_of_period(loan)) + worth(loan.accrued) - _raised_of_period(loan)
        if len(loan.plan) > 1:
            factor = Fraction(*growth_of(_later(loan, 1), terms.conventions.day_count, loan.rate_ppm).level)
            owed *= factor / (1 + factor)
        return rounded(owed.numerator, owed.denominator, terms.conventions)
    if terms.method in (Method.EQUAL_PRINCIPAL, Method.FLAT):
        return divide(principal, len(loan.plan) - grace, terms.conventions.rounding)
    return 0


def _raised_of_period(loan: Loan) -> int:
    """What was raised of the running period's interest; interest that waits from earlier periods is raised first."""
    return max(0, loan.raised - whole(loan.waiting, loan.agreement.terms.conventions.rounding))


def _principals(loan: Loan, principal: int, level: int) -> list[int]:
    """The principal of each instalment, as far as it lasts; the last one takes what is left."""
    interest_of, grace, parts = _interest_within(loan), _grace_left(loan), []
    last = len(loan.plan) - 1
    for index in range(len(loan.plan)):
        part = 0 if index < grace else max(0, min(level - interest_of(index, principal), principal))
        parts.append(principal if index == last else part)
        principal -= parts[-1]
        if not principal:
            break
    return parts


def _interest_within(loan: Loan) -> Callable[[int, int], int]:
    """The interest inside the level, by instalment and balance; none where the level is principal alone."""
    terms = loan.agreement.terms
    if terms.method is not Method.EQUAL_INSTALMENT:
        return lambda _index, _balance: 0
    first, earned, raised = rest_of_period(loan), worth(loan.accrued), _raised_of_period(loan)
    rounding = terms.conventions.rounding
    later = growth_of(_later(loan, 1), terms.conventions.day_count, loan.rate_ppm) if len(loan.plan) > 1 else None

    def interest(index: int, balance: int) -> int:
        if index and later:
            return divide(balance * later.numerators[index - 1], later.denominator, rounding)
        exact = balance * first + earned
        return divide(exact.numerator, exact.denominator, rounding) - raised

    return interest


def _later(loan: Loan, first: int) -> tuple[Period, ...]:
    return tuple(each.period for each in loan.plan[first:])


def _grace_left(loan: Loan) -> int:
    """How many of the instalments to come hold interest only; never the last."""
    return min(sum(each.interest_only for each in loan.plan), len(loan.plan) - 1)
