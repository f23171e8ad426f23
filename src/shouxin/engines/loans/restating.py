"""The rows of a schedule that is restated, and how interest and level are worked out again. See `restated.py`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from math import lcm

from shouxin.engines.loans.growth import level_factor
from shouxin.engines.loans.model import Conventions, Shape, Smoothing
from shouxin.engines.loans.periods import periods_of
from shouxin.engines.loans.schedule import rounded
from shouxin.foundation.daycount import Period, legs
from shouxin.foundation.rates import MILLION
from shouxin.foundation.rounding import divide

MOST_STEPS, MOST_PASSES = 3, 12


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

    def early_by(self, day: dt.date) -> int:
        """Principal that was paid by a day."""
        return sum(amount for when, amount in self.paid if when <= day)

    @property
    def is_full(self) -> bool:
        """It was paid, and nothing of it is left; an empty row that was not paid may still take something."""
        paid = self.paid_principal + self.paid_interest
        return self.level == paid and (paid > 0 or self.paid_on is not None)


class Rows:
    """Rows, and the draws, rates and pauses that they are worked out from."""

    def __init__(self, shape: Shape, rate_ppm: int, conventions: Conventions, rules: Rules) -> None:
        self.rows = [Row(each) for each in periods_of(shape, conventions)]
        self.conventions, self.rules = conventions, rules
        self.rates = [(dt.date.min, rate_ppm)]
        self.draws: list[tuple[dt.date, int]] = []
        self.pauses: list[tuple[dt.date, dt.date]] = []
        self.known = shape.paid_out  # the day of the last event

    def restate(self, until: dt.date | None = None) -> None:
        """Interest and principal of every row; nights from `until` on earn nothing."""
        for _ in range(MOST_PASSES):
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
        carried = before = 0
        for row in self.rows:
            computed = self._interest(row, until, before) + carried
            room = max(0, row.level - computed)
            row.interest = row.paid_interest if row.paid_principal > room else min(computed, row.level)
            row.interest = max(row.interest, row.paid_interest)
            row.principal = max(0, row.level - row.interest, row.paid_principal)
            carried = max(0, computed - row.interest)
            before += row.principal

    def _interest(self, row: Row, until: dt.date | None, before: int) -> int:
        """The interest of a row; `before` is the principal of the rows before it."""
        exact = Fraction(0)
        for start, end in self._slices(row.period, until):
            if self.rules.flat:
                base = self._drawn(start)
            elif start >= self._overdue_until:  # as scheduled from here on
                early = sum(each.early_by(start) for each in self.rows if each.paid and each.period.end > start)
                base = self._drawn(start) - before - early
            else:
                base = self._balance(start)
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
        return pairwise(cuts)

    def _factor(self, period: Period, start: dt.date, end: dt.date) -> Fraction:
        """Interest on 1 from start to end, at the rate of that time; nothing within a pause."""
        if any(first <= start < last for first, last in self.pauses):
            return Fraction(0)
        rate = [ppm for day, ppm in self.rates if day <= start][-1]
        shares = legs(self.conventions.day_count, period, start, end)
        return sum((each.share for each in shares), Fraction(0)) * Fraction(rate, MILLION)

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
        pairs = pairwise(days)
        return sum((self._factor(period, start, end) for start, end in pairs), Fraction(0))

    def _flat_level(self, first: int) -> int:
        rows = self.rows[first:]
        before = sum(each.principal for each in self.rows[:first])
        total = sum(amount for _, amount in self.draws) - before + sum(self._interest(each, None, 0) for each in rows)
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
            emptied = any(not each.principal for each in self.rows[first + grace :])
            if not step or emptied or abs(self._difference(first)[1]) >= abs(difference):
                for row, (old, agreed) in zip(self.rows, before, strict=True):
                    row.level, row.agreed = old, agreed
                self.restate()
                return

    def _difference(self, first: int) -> tuple[int, int]:
        """The level, and how far the last row that is not fully paid is from the one before it."""
        for before, last in reversed(list(pairwise(self.rows[first:]))):
            if not last.is_full and not before.is_full:
                return before.level, last.level - before.level
        return self.rows[first].level, 0


def _level(factors: Sequence[Fraction]) -> tuple[int, int]:
    """`level_factor` of fractions with different denominators."""
    denominator = lcm(*(each.denominator for each in factors))
    return level_factor([each.numerator * (denominator // each.denominator) for each in factors], denominator)
