"""A loan as a row of `loan_state` and back: the result of the fold, kept so that the next event need not fold again.

Most loans fit the columns, and SQL rolls them forward. What does not fit goes into `rare`, as the whole of what the columns
cannot say; such a loan is rolled forward by `engines/loans` alone.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from fractions import Fraction
from typing import Any, NamedTuple

from shouxin.desk.servicing.written import read_shape, write_shape
from shouxin.engines.loans.accrual import NOTHING, Accrued
from shouxin.engines.loans.agreement import Agreement, PenaltyBase
from shouxin.engines.loans.loan import TOTALS, Due, Loan, Planned, Totals
from shouxin.engines.loans.model import Method
from shouxin.engines.loans.roll import next_date
from shouxin.foundation.daycount import DaysInMonth, Period, Unit
from shouxin.foundation.rounding import Rounding


class State(NamedTuple):
    """The columns of a loan's state after its keys, in the order of `queries.sql`; see the table's comment."""

    product: str
    on_day: dt.date
    turn: dt.date | None
    pending: dt.date | None
    touched: dt.date
    rate_ppm: int
    extra_ppm: int
    year_days: int
    to_come: int
    due_principal: int
    due_interest: int
    late_principal: int
    oldest_late: dt.date | None
    fees: int
    accrued: int
    raised: int
    penalty: int
    level: int
    fallen: int
    from_day: dt.date | None
    due_days: list[dt.date]
    grace_ends: list[dt.date] | None
    principals: list[int]
    dues: str
    totals: tuple[int, ...]
    settled: dt.date | None
    written_off: dt.date | None
    rare: str | None


def column_values(state: State) -> tuple[Any, ...]:
    """The columns one by one."""
    return (*state[:24], *state.totals, *state[25:])


class Kept(NamedTuple):
    """What a state has that the loan itself does not know."""

    product: str
    pending: dt.date | None
    touched: dt.date


def write_state(loan: Loan, kept: Kept) -> State:
    """The row of a loan; instalments that are settled are left out (`loan.compact`)."""
    open_dues = [each for each in loan.dues if each.settled is None]
    accrued, penalty = _single(loan, loan.accrued), _single(loan, loan.penalty)
    rare = None if accrued is not None and penalty is not None and is_plain(loan) else _write_rare(loan)
    grace = loan.agreement.grace
    return State(
        kept.product,
        loan.on,
        next_date(loan),
        kept.pending,
        kept.touched,
        loan.rate_ppm,
        loan.agreement.penalty.extra_ppm(loan.rate_ppm),
        loan.agreement.terms.conventions.day_count.year or 0,
        loan.principal_to_come,
        loan.principal_due,
        sum(each.unpaid_interest for each in open_dues),
        sum(each.unpaid_principal for each in open_dues if each.late),
        loan.oldest_late,
        loan.fees,
        0 if rare else accrued or 0,
        loan.raised,
        0 if rare else penalty or 0,
        loan.level,
        loan.fallen,
        loan.plan[0].period.start if loan.plan else None,
        [each.period.end for each in loan.plan],
        [grace.end(each.period.end) for each in loan.plan] if grace.days else None,
        [each.principal for each in loan.plan],
        json.dumps([_write_due(each) for each in open_dues], separators=(",", ":")) if open_dues else "[]",
        tuple(getattr(loan.totals, name) for name in TOTALS),
        loan.settled,
        loan.written_off,
        json.dumps(rare, separators=(",", ":")) if rare else None,
    )


def is_plain(loan: Loan) -> bool:
    """Whether the columns alone say what the loan is: one rate, one weight of nights, nothing waiting, carried or paused."""
    terms, shape = loan.agreement.terms, loan.shape
    if loan.pauses or loan.waiting or len(loan.rates) > 1 or terms.method is Method.FLAT or shape != terms.shape:
        return False
    count = terms.conventions.day_count
    if count.year is None or count.month is not DaysInMonth.ACTUAL or terms.conventions.rounding is not Rounding.HALF_EVEN:
        return False
    if loan.agreement.penalty.base is not PenaltyBase.PRINCIPAL or shape.unit is not Unit.MONTHS:
        return False
    every = shape.periods * shape.every if terms.method is Method.FLEXIBLE else shape.every
    return shape.every == 1 and all(_is_plain_row(row, every) for row in loan.plan)


def _is_plain_row(row: Planned, every: int) -> bool:
    ordinary = row.collects and not row.interest_only and not row.carried and not row.flat_interest
    return ordinary and not row.period.part and row.period.every == every


def _single(loan: Loan, accrued: Accrued) -> int | None:
    """The one sum of an accumulator whose nights are all of one weight; None where they are not."""
    if not accrued:
        return 0
    if len(accrued) > 1 or accrued[0][:2] != (1, loan.agreement.terms.conventions.day_count.year):
        return None
    return accrued[0][2]


def _write_due(each: Due) -> list[Any]:
    days = (each.due.isoformat(), each.grace_end.isoformat())
    return [each.number, *days, each.principal, each.interest, each.unpaid_principal, each.unpaid_interest, int(each.late)]


def _read_due(row: list[Any]) -> Due:
    number, due, grace_end, principal, interest, unpaid_principal, unpaid_interest, late = row
    days = (dt.date.fromisoformat(due), dt.date.fromisoformat(grace_end))
    return Due(number, *days, principal, interest, unpaid_principal, unpaid_interest, bool(late))


def _write_rare(loan: Loan) -> dict[str, Any]:
    return {
        "shape": write_shape(loan.shape),
        "rates": [[day.isoformat(), rate] for day, rate in loan.rates],
        "accrued": loan.accrued,
        "waiting": loan.waiting,
        "penalty": loan.penalty,
        "pauses": [[first.isoformat(), until.isoformat()] for first, until in loan.pauses],
        "plan": [_write_planned(each) for each in loan.plan],
    }


def _write_planned(row: Planned) -> list[Any]:
    period = row.period
    part = [period.part.numerator, period.part.denominator]
    flags = (row.interest_only, row.collects, row.flat_interest, row.carried)
    return [period.start.isoformat(), period.end.isoformat(), period.unit.value, period.every, part, *flags]


def read_state(agreement: Agreement, row: Any) -> Loan:
    """The loan of a row of `loan_state`."""
    rare: Mapping[str, Any] | None = row.rare
    year = row.year_days
    accrued: Accrued = ((1, year, row.accrued),) if row.accrued else ()
    penalty: Accrued = ((1, year, row.penalty),) if row.penalty else ()
    shape, waiting = agreement.terms.shape, NOTHING
    rates: tuple[tuple[dt.date, int], ...] = ((shape.paid_out, row.rate_ppm),)
    pauses: tuple[tuple[dt.date, dt.date], ...] = ()
    if rare is not None:
        accrued, waiting, penalty = (_accrued(rare[name]) for name in ("accrued", "waiting", "penalty"))
        rates = tuple((dt.date.fromisoformat(day), rate) for day, rate in rare["rates"])
        pauses = tuple((dt.date.fromisoformat(first), dt.date.fromisoformat(until)) for first, until in rare["pauses"])
        shape = read_shape(rare["shape"])
    return Loan(
        agreement,
        row.on_day,
        rates,
        agreement.terms.shape if shape == agreement.terms.shape else shape,
        _read_plan(agreement, row),
        row.level,
        Totals(*(getattr(row, name) for name in TOTALS)),
        tuple(_read_due(each) for each in row.dues),
        accrued,
        waiting,
        row.raised,
        penalty,
        row.fees,
        pauses,
        row.fallen,
        row.settled,
        row.written_off,
    )


def _accrued(rows: list[list[int]]) -> Accrued:
    return tuple((weight, basis, total) for weight, basis, total in rows)


def _read_plan(agreement: Agreement, row: Any) -> tuple[Planned, ...]:
    numbers = range(row.fallen + 1, row.fallen + 1 + len(row.principals))
    if row.rare is not None:
        planned = zip(numbers, row.principals, row.rare["plan"], strict=True)
        return tuple(_read_planned(number, principal, each) for number, principal, each in planned)
    every = agreement.terms.shape.periods if agreement.terms.method is Method.FLEXIBLE else 1
    plan, start = [], row.from_day
    for number, end, principal in zip(numbers, row.due_days, row.principals, strict=True):
        plan.append(Planned(number, Period(start, end, Unit.MONTHS, every), principal))
        start = end
    return tuple(plan)


def _read_planned(number: int, principal: int, row: list[Any]) -> Planned:
    start, end, unit, every, (over, under), interest_only, collects, flat_interest, carried = row
    period = Period(dt.date.fromisoformat(start), dt.date.fromisoformat(end), Unit(unit), every, Fraction(over, under))
    return Planned(number, period, principal, interest_only, collects, flat_interest, carried)
