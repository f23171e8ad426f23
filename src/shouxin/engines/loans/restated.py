"""A schedule restated after events, as recalculating core systems publish it: the level instalment stays, and every row is
worked out again from what was drawn and paid.

Up to the day of the last event, interest runs on the principal that is really out. From that day on, what is overdue counts
as paid, and the rest as paid when due. The last row that is not fully paid takes the difference. These conventions are
needed to compare with published schedules (docs/reference/loans.md); loans of our own are folds of events (`fold.py`).
"""

from __future__ import annotations

import copy
import datetime as dt
from dataclasses import replace

from shouxin.engines.loans.model import Instalment
from shouxin.engines.loans.restating import Ahead, Row, Rows, Rules, Until

ONE_DAY = dt.timedelta(days=1)

__all__ = ["Ahead", "Restatement", "Rules", "Until"]


class Restatement(Rows):
    """Rows and what happens to them; each event restates all."""

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

    def repay(self, day: dt.date, amount: int, interest: int | None = None) -> int:
        """Money: overdue rows first, then the row that falls due, then rows ahead; interest before principal.

        interest: how much of the amount is interest, where the record says so
        Returns what could not be placed: more interest than is owed, or more principal.
        """
        if not self.rules.recalculates:
            return 0
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
            if principal:
                row.paid.append((day, principal))
            amount, open_principal = amount - principal, open_principal - principal
            self._mark_paid(row, day, row_principal + row_interest)
        self.restate()
        return amount

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
                    row.level, row.paid_on = row.agreed, day
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

    def instalments(self) -> list[Instalment]:
        """The table: balances are what is left of the draws before each due date when all rows up to it are paid."""
        found, repaid = [], 0
        for number, row in enumerate(self.rows, 1):
            repaid += row.principal
            drawn = sum(amount for day, amount in self.draws if day < row.period.end or number == len(self.rows))
            found.append(Instalment(number, row.period.end, row.principal, row.interest, drawn - repaid))
        return found
