"""What the books keep of a loan's past: which instalments were settled and since when that was known, and its schedules.

`loan_state` has only what is unpaid. Facts of an earlier day need more: `settlement` has a row for every instalment that was
settled (instalment 0 is the loan as a whole), marked as undone where a payment bounced; `schedule_version` has the unsettled
instalments whenever they become others than time and payments on time would leave. Both follow from the loan before and after.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from shouxin.engines.loans.loan import Due, Loan
from shouxin.engines.loans.model import Method
from shouxin.foundation.rates import MILLION
from shouxin.foundation.rounding import Rounding, divide
from shouxin.infra.db.queries import load_queries
from shouxin.infra.db.unit import Unit

QUERIES = load_queries(__package__, "settling.sql")
WHOLE = 0


class Settled(NamedTuple):
    """An instalment that is settled. amount: what fell due with it, minor units; settled: the day from which on it is so."""

    instalment: int
    due: dt.date | None
    grace_end: dt.date | None
    amount: int
    settled: dt.date


class Schedule(NamedTuple):
    """The unsettled instalments of a loan, due and to come.

    monthly: what the next one to come takes, minor units; grace_ends: None where there is no grace
    """

    monthly: int
    instalments: list[int]
    dues: list[dt.date]
    grace_ends: list[dt.date] | None


@dataclass(frozen=True, slots=True)
class Passing:
    """What became of a loan's instalments. undone: numbers whose settlement counts no more; schedule: where it is another."""

    undone: tuple[int, ...]
    settled: tuple[Settled, ...]
    schedule: Schedule | None


def settlements(loan: Loan) -> dict[int, Settled]:
    """The instalments of a loan that are settled, by number, and the loan itself where it is."""
    found = {each.number: _of_due(each, each.settled) for each in loan.dues if each.settled}
    if loan.settled:
        found[WHOLE] = Settled(WHOLE, None, None, 0, loan.settled)
    return found


def _of_due(each: Due, settled: dt.date) -> Settled:
    return Settled(each.number, each.due, each.grace_end, each.principal + each.interest, settled)


def passing(stored: Loan, before: Loan, after: Loan) -> Passing:
    """What is to be kept of a change.

    stored: the loan as its row had it, whose settlements are kept already
    before: on the day of the change without it, with all its settled instalments where the change may touch them
    """
    unpaid = {each.number for each in stored.dues if each.settled is None}
    known = {
        number: each
        for number, each in settlements(before).items()
        if number != WHOLE and number <= stored.fallen and number not in unpaid
    }
    if stored.settled:
        known[WHOLE] = Settled(WHOLE, None, None, 0, stored.settled)
    now = settlements(after)
    undone = tuple(number for number, each in known.items() if now.get(number) != each)
    new = tuple(each for number, each in now.items() if known.get(number) != each)
    opened_again = any(number not in now for number in undone)
    another = opened_again or _is_another(stored, after, {each.instalment for each in new})
    return Passing(undone, new, schedule_of(after) if another else None)


def _is_another(stored: Loan, after: Loan, settled: set[int]) -> bool:
    """Whether more happened to the schedule than that time went by and instalments were paid."""
    if (stored.level, stored.rate_ppm) != (after.level, after.rate_ppm):
        return True
    expected = {number: due for number, due in _unsettled(stored) if number not in settled}
    if dict(_unsettled(after)) != expected:
        return True
    principals = {each.number: each.principal for each in stored.plan}
    return any(principals.get(each.number) != each.principal for each in after.plan)


def _unsettled(loan: Loan) -> Iterator[tuple[int, dt.date]]:
    for each in loan.dues:
        if each.settled is None:
            yield each.number, each.due
    for row in loan.plan:
        yield row.number, row.period.end


def schedule_of(loan: Loan) -> Schedule:
    """The unsettled instalments of a loan."""
    rows, grace = list(_unsettled(loan)), loan.agreement.grace
    dues = [due for _, due in rows]
    grace_ends = None
    if grace.days:
        fallen = {each.number: each.grace_end for each in loan.dues}
        grace_ends = [fallen[number] if number in fallen else grace.end(due) for number, due in rows]
    return Schedule(monthly(loan), [number for number, _ in rows], dues, grace_ends)


def monthly(loan: Loan) -> int:
    """每月应还: what the next instalment to come takes; where all principal comes with the last one, a month's interest.

    Minor units. Interest of a month is a twelfth of a year's at the present rate. Nothing where no instalment is to come.
    """
    if not loan.plan:
        return 0
    first, method = loan.plan[0], loan.agreement.terms.method
    if method is Method.EQUAL_INSTALMENT:
        return loan.level
    if method is Method.FLAT:
        return first.principal + first.flat_interest
    interest = divide(loan.principal_to_come * loan.rate_ppm, 12 * MILLION, Rounding.HALF_EVEN)
    return interest + (first.principal if method is Method.EQUAL_PRINCIPAL else 0)


class LoanKey(NamedTuple):
    """Whose loan it is, and at which number and day of the customer's history something is known of it."""

    customer_id: uuid.UUID
    loan_id: uuid.UUID
    number: int
    booked: dt.date


def keep_schedule(unit: Unit, key: LoanKey, schedule: Schedule) -> None:
    """The schedule from now on."""
    unit.write(QUERIES["scheduled"], (key.customer_id, key.loan_id, key.booked, key.number, *schedule))


def keep(unit: Unit, key: LoanKey, passed: Passing) -> None:
    """Write it, where there is something; in no round trip of its own."""
    if passed.settled or passed.undone:
        owner = (key.customer_id, key.loan_id)
        columns = [list(each) for each in zip(*passed.settled, strict=True)] or [[], [], [], [], []]
        values = (key.booked, *owner, list(passed.undone), *owner, key.booked, key.number, *columns)
        unit.write(QUERIES["settled"], values)
    if passed.schedule:
        keep_schedule(unit, key, passed.schedule)
