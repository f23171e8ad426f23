"""A schedule restated after events, as recalculating core systems publish it: the level instalment stays, and every row is
worked out again from what was drawn and paid.

Up to the day of the last event, interest runs on the principal that is really out. From that day on, what is overdue counts
as paid, and the rest as paid when due. The last row that is not fully paid takes the difference. These conventions are
needed to compare with published schedules (docs/reference/loans.md); loans of our own are folds of events (`fold.py`).
"""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from fractions import Fraction
from math import lcm

from shouxin.engines.loans.growth import level_factor
from shouxin.engines.loans.model import Conventions, Instalment, Shape, Smoothing
from shouxin.engines.loans.periods import periods_of
from shouxin.engines.loans.schedule import rounded
from shouxin.foundation.daycount import Period, legs
from shouxin.foundation.rates import MILLION
from shouxin.foundation.rounding import divide

MOST_STEPS = 3
ONE_DAY = dt.timedelta(days=1)


class Ahead(StrEnum):
    """Which rows early money pays: the next ones, or the last ones first."""

    NEXT = "next_installment"
    LAST = "last_installment"


class Until(StrEnum):
    """To which day a pay-off is charged."""

    THE_DAY = "till_preclose_date"
    NEXT_DUE = "till_rest_frequency_date"


@dataclass(frozen=True, slots=True)
class Rules:
    """How a product restates.

    recalculates: payments change the interest of later rows; where not, only draws, rates and pauses do
    overdue_to_period_end: overdue principal bears interest to the end of the running period, not only to the last event
    flat: interest on all that was drawn, not on what is left
    """

    ahead: Ahead = Ahead.NEXT
    until: Until = Until.THE_DAY
    recalculates: bool = True
    overdue_to_period_end: bool = False
    flat: bool = False
    principal_grace: int = 0


@dataclass(slots=True)
class Row:
    """One instalment: its level, and what was paid of it, by day."""

    period: Period
    level: int = 0
    agreed: int = 0
    principal: int = 0
    interest: int = 0
    paid: list[tuple[dt.date, int]] = field(default_factory=list)  # principal, by day
    paid_interest: int = 0
    paid_on: dt.date | None = None

    @property
    def paid_principal(self) -> int:
        return sum(amount for _, amount in self.paid)

    @property
    def is_full(self) -> bool:
        """Nothing of it is left to pay."""
        return self.level == self.paid_principal + self.paid_interest


class Restatement:
    """Rows and what happened to them; each event restates all."""

    def __init__(self, shape: Shape, rate_ppm: int, conventions: Conventions, rules: Rules) -> None:
        self.rows = [Row(each) for each in periods_of(shape, conventions)]
        self.conventions, self.rules = conventions, rules
        self.rates = [(dt.date.min, rate_ppm)]
        self.draws: list[tuple[dt.date, int]] = []
        self.pauses: list[tuple[dt.date, dt.date]] = []
        self.known = shape.paid_out  # the day of the last event

    # What can happen.

    def draw(self, day: dt.date, amount: int) -> None:
        """More principal; the level is worked out again from the row of that day, as if all had been paid when due."""
        self.draws.append((day, amount))
        first = self._row_of(day)
        plain = self._without_payments()
        plain.set_level(first)
        for row, other in zip(self.rows[first:], plain.rows[first:], strict=True):
            row.level, row.agreed = other.level, other.agreed
        self.see(day)

    def change_rate(self, day: dt.date, rate_ppm: int) -> None:
        """Another rate from the night before a day; the level is worked out again from the row of that night."""
        self.see(day)
        self.rates.append((day - ONE_DAY, rate_ppm))
        self.set_level(self._row_of(day - ONE_DAY))

    def pause(self, first: dt.date, last: dt.date) -> None:
        """No interest on the days from first to last, both included."""
        self.pauses.append((first - ONE_DAY, last))
        self.restate()

    def see(self, day: dt.date) -> None:
        """What is overdue bears interest up to a day."""
        if self.rules.recalculates:
            self.known = max(self.known, day)
        self.restate()

    def repay(self, day: dt.date, amount: int, interest: int | None = None) -> None:
        """Money: overdue rows first, then the row that falls due, then rows ahead; interest before principal.

        interest: how much of the amount is interest, where the record says so
        """
        if not self.rules.recalculates:
            return
        self.see(day)
        levels = [each.level for each in self.rows]
        self.restate(until=day)
        owed = {id(row): (row.principal, row.interest) for row in self.rows}
        for row, level in zip(self.rows, levels, strict=True):
            row.level = level
            if row.period.start >= day:  # a row ahead is paid as principal, up to what is left
                owed[id(row)] = (level - row.paid_interest, row.paid_interest)
        open_principal = self._drawn(day) - sum(each.paid_principal for each in self.rows)
        for row in self._order(day):
            row_principal, row_interest = owed[id(row)]
            part = min(amount if interest is None else interest, row_interest - row.paid_interest)
            amount, interest = amount - part, None if interest is None else interest - part
            principal = max(0, min(amount - (interest or 0), row_principal - row.paid_principal, open_principal))
            row.paid_interest += part
            row.paid.append((day, principal))
            amount, open_principal = amount - principal, open_principal - principal
            self._mark_paid(row, day, row_principal + row_interest)
        self.restate()

    def _mark_paid(self, row: Row, day: dt.date, owed: int) -> None:
        paid = row.paid_principal + row.paid_interest
        if paid < owed or row.paid_on:
            return
        row.paid_on = day
        if row.period.start >= day:
            row.level = paid

    def pay_off(self, day: dt.date) -> None:
        """Everything is paid on a day; interest to that day or to the next due date."""
        until = day if self.rules.until is Until.THE_DAY else self.rows[self._row_of(day)].period.end
        self.see(until)
        if self.rules.ahead is Ahead.LAST:  # the last rows are paid first, and the running one takes the difference
            for row in self.rows:
                if row.period.start >= day and not row.is_full:
                    row.level = row.agreed
                    row.paid.append((day, row.level - row.paid_principal - row.paid_interest))
        self.restate(until=until)
        for row in self.rows:
            row.paid_interest, row.paid_on = row.interest, row.paid_on or day
            row.paid.append((day, row.principal - row.paid_principal))

    def owed(self, day: dt.date) -> int:
        """What settles everything on a day."""
        payoff = copy.copy(self)
        payoff.rows = [replace(each, paid=list(each.paid)) for each in self.rows]
        paid = sum(each.paid_principal + each.paid_interest for each in payoff.rows)
        payoff.pay_off(day)
        return sum(each.principal + each.interest for each in payoff.rows) - paid

    def start_of_period(self, day: dt.date) -> dt.date:
        """The first day of the period in which a day lies."""
        return self.rows[self._row_of(day)].period.start

    def _order(self, day: dt.date) -> list[Row]:
        """Rows in the order in which money on a day pays them."""
        begun = [each for each in self.rows if each.period.end <= day]
        ahead = [each for each in self.rows if each.period.end > day]
        return begun + (ahead if self.rules.ahead is Ahead.NEXT else ahead[::-1])

    def _row_of(self, day: dt.date) -> int:
        """The row in whose period a day lies; a due date belongs to the next."""
        return next((index for index, each in enumerate(self.rows) if day < each.period.end), len(self.rows) - 1)

    def _without_payments(self) -> Restatement:
        plain = copy.copy(self)
        plain.rows = [Row(each.period, each.level, each.agreed) for each in self.rows]
        plain.known = self.draws[0][0]
        plain.restate()
        return plain

    # Interest and rows.

    def restate(self, until: dt.date | None = None) -> None:
        """Interest and principal of every row; nights from `until` on earn nothing."""
        for _ in range(len(self.rows) + 1):
            self._pass(until)
            last = next((each for each in reversed(self.rows) if not each.is_full), None)
            drawn = sum(amount for _, amount in self.draws)
            if last is None:
                return
            missing = drawn + sum(each.interest for each in self.rows) - sum(each.level for each in self.rows)
            if not missing:
                return
            last.level = max(last.level + missing, last.paid_principal + last.paid_interest)
        self._pass(until)

    def _pass(self, until: dt.date | None) -> None:
        carried = 0
        for row in self.rows:
            computed = self._interest(row, until) + carried
            room = max(0, row.level - computed)
            row.interest = row.paid_interest if row.paid_principal > room else min(computed, row.level)
            row.interest = max(row.interest, row.paid_interest)
            row.principal = max(0, row.level - row.interest, row.paid_principal)
            carried = max(0, computed - row.interest)

    def _interest(self, row: Row, until: dt.date | None) -> int:
        exact = Fraction(0)
        for start, end in self._slices(row.period, until):
            base = self._drawn(start) if self.rules.flat else self._balance(start)
            exact += max(0, base) * self._factor(row.period, start, end)
        return divide(exact.numerator, exact.denominator, self.conventions.rounding)

    def _slices(self, period: Period, until: dt.date | None) -> Iterator[tuple[dt.date, dt.date]]:
        """The parts of a period in which balance and rate stay the same."""
        end = period.end if until is None else min(period.end, until)
        days = {period.start, end, self.known, self._overdue_until}
        days |= (
            {day for day, _ in self.draws} | {day for day, _ in self.rates} | {each for pause in self.pauses for each in pause}
        )
        days |= {day for row in self.rows for day, _ in row.paid}
        cuts = sorted(day for day in days if period.start <= day <= end)
        return zip(cuts, cuts[1:], strict=False)

    def _factor(self, period: Period, start: dt.date, end: dt.date) -> Fraction:
        """Interest on 1 from start to end, at the rate of that time; nothing within a pause."""
        if any(first <= start < last for first, last in self.pauses):
            return Fraction(0)
        rate = [ppm for day, ppm in self.rates if day <= start][-1]
        shares = legs(self.conventions.day_count, period, start, end)
        return sum((Fraction(*each) for each in shares), Fraction(0)) * Fraction(rate, MILLION)

    def _drawn(self, day: dt.date) -> int:
        return sum(amount for when, amount in self.draws if when <= day)

    @property
    def _overdue_until(self) -> dt.date:
        """Up to when what is overdue bears interest."""
        return self._counts_from(self.known)

    def _balance(self, day: dt.date) -> int:
        """Principal out on a day: really, up to the last event; as scheduled after it."""
        balance = self._drawn(day)
        for row in self.rows:
            due = row.period.end <= day
            overdue = due and row.period.end <= self.known
            if due and not (day < (self._overdue_until if overdue else self.known)):
                balance -= row.principal
            else:
                balance -= sum(amount for when, amount in row.paid if self._out_from(row, when) <= day)
        return balance

    def _out_from(self, row: Row, paid: dt.date) -> dt.date:
        """From when principal that was paid bears no interest; overdue principal may bear it to the end of the period."""
        return self._counts_from(paid) if paid > row.period.end else paid

    def _counts_from(self, day: dt.date) -> dt.date:
        """The day itself, or the end of its period."""
        if not self.rules.overdue_to_period_end:
            return day
        return next((each.period.end for each in self.rows if day < each.period.end), day)

    # The level.

    def set_level(self, first: int) -> None:
        """One level for all rows from `first` on, from what is out when the first of them begins, drawn within it included."""
        self.restate()
        rows = self.rows[first:]
        if self.rules.flat:
            self._set(first, self._flat_level(first))
            return
        start, end = rows[0].period.start, rows[0].period.end
        balance = self._balance(start) + sum(amount for day, amount in self.draws if start < day < end)
        grace = max(0, self.rules.principal_grace - first)
        factors = [self._full_factor(each.period) for each in rows]
        numerator, denominator = _level(factors[grace:])
        self._set(first, rounded(balance * numerator, denominator, self.conventions), grace, balance)
        if self.conventions.smoothing is Smoothing.ONE_STEP:
            self._smooth(first, grace, balance)

    def _full_factor(self, period: Period) -> Fraction:
        days = sorted({period.start, period.end, *(day for day, _ in self.rates if period.start < day < period.end)})
        pairs = zip(days, days[1:], strict=False)
        return sum((self._factor(period, start, end) for start, end in pairs), Fraction(0))

    def _flat_level(self, first: int) -> int:
        rows = self.rows[first:]
        before = sum(each.principal for each in self.rows[:first])
        total = sum(amount for _, amount in self.draws) - before + sum(self._interest(each, None) for each in rows)
        return rounded(total, len(rows), self.conventions)

    def _set(self, first: int, level: int, grace: int = 0, balance: int = 0) -> None:
        for index, row in enumerate(self.rows[first:]):
            if level >= row.paid_principal + row.paid_interest:
                row.level = row.agreed = level
            if index < grace:
                interest = balance * self._full_factor(row.period)
                row.level = row.agreed = divide(interest.numerator, interest.denominator, self.conventions.rounding)
        self.restate()

    def _smooth(self, first: int, grace: int, balance: int) -> None:
        """Up to three steps towards a last instalment like the others, each kept only if it comes closer."""
        for _ in range(MOST_STEPS):
            level, difference = self._difference(first)
            count = len(self.rows) - first - grace
            if abs(difference) <= count // 2:
                return
            above = sum(each.paid_principal + each.paid_interest > level for each in self.rows[first:])
            unit = self.conventions.multiple
            step = divide(difference, max(1, count - above) * unit, self.conventions.rounding) * unit
            before = [(each.level, each.agreed) for each in self.rows]
            self._set(first, level + step, grace, balance)
            if not step or abs(self._difference(first)[1]) >= abs(difference):
                for row, (old, agreed) in zip(self.rows, before, strict=True):
                    row.level, row.agreed = old, agreed
                self.restate()
                return

    def _difference(self, first: int) -> tuple[int, int]:
        """The level, and how far the last row that is not fully paid is from the one before it."""
        for before, last in reversed(list(zip(self.rows[first:], self.rows[first + 1 :], strict=False))):
            if not last.is_full and not before.is_full:
                return before.level, last.level - before.level
        return self.rows[first].level, 0

    def instalments(self) -> list[Instalment]:
        """The table: balances are what is left of the draws before each due date when all rows up to it are paid."""
        found, repaid = [], 0
        for number, row in enumerate(self.rows, 1):
            repaid += row.principal
            drawn = sum(amount for day, amount in self.draws if day < row.period.end or number == len(self.rows))
            found.append(Instalment(number, row.period.end, row.principal, row.interest, drawn - repaid))
        return found


def _level(factors: Sequence[Fraction]) -> tuple[int, int]:
    """`level_factor` of fractions with different denominators."""
    denominator = lcm(*(each.denominator for each in factors))
    return level_factor([each.numerator * (denominator // each.denominator) for each in factors], denominator)
