"""The loans that a book is made of: each distinct life through `engines/loans`, up to one evening.

Loans of every age that is still running, equally many of each day; instalments were paid on their due days. Of those that fall
due on the evening's day one in twenty is unpaid, and so much of the whole book is overdue, by one instalment to seven.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from benchmarks.bank import METHOD, RATE_PPM
from shouxin.book.facilities.model import Facility, Status
from shouxin.desk.servicing.accruing import Owed, Sums, classes_on, owed_by
from shouxin.desk.servicing.terms import agreement_for
from shouxin.engines.loans import events as ev
from shouxin.engines.loans.agreement import Agreement
from shouxin.engines.loans.fold import fold
from shouxin.engines.loans.loan import Loan, compact, payable
from shouxin.engines.loans.record import advance
from shouxin.engines.loans.roll import next_date, roll
from shouxin.engines.policy.load import Bundle
from shouxin.foundation.days import add_months
from shouxin.foundation.ids import NIL

EVENING = dt.date(2026, 6, 15)
TERMS = {"consumer-line": 12, "business-loan": 6, "pay-later": 3}
AMOUNTS = (480_000, 1_250_000, 3_100_000)
SLOTS, OVERDUE_SHARE, MOST_MISSED = 20, 0.05, 7


@dataclass(frozen=True, slots=True)
class Shape:
    """One life. loan: on the evening; touched: when it was last paid or paid out; paid: principal and interest on the evening's
    day."""

    product: str
    agreement: Agreement
    loan: Loan
    touched: dt.date
    paid: tuple[int, int]

    @property
    def opened(self) -> dt.date:
        """The day of payout."""
        return self.agreement.terms.shape.paid_out


class Life(NamedTuple):
    """What a life follows from. missed: so many instalments, the last that fell due, are unpaid."""

    product: str
    opened: dt.date
    amount: int
    missed: int


class Shapes:
    """Distinct lives, and the order in which a book takes them.

    all:   the lives
    slots: their numbers, each as often as its share of the book says, shuffled; loan n of a book has that of slot n modulo
    """

    def __init__(self, bundle: Bundle) -> None:
        self._bundle = bundle
        self._numbers: dict[Life, int] = {}
        self.all: list[Shape] = []
        self.slots: list[int] = []
        running = list(_running())
        for product, opened in running:
            for slot in range(SLOTS):
                amount = AMOUNTS[slot % len(AMOUNTS)]
                missed = self._late_payers(product, opened) if slot == 0 else 0
                self.slots.append(self._number(Life(product, opened, amount, missed)))
        self._add_overdue(running)
        random.Random(20260615).shuffle(self.slots)

    def _late_payers(self, product: str, opened: dt.date) -> int:
        """1 where the last instalment is unpaid and still in time, else 0."""
        dues = _dues(opened, TERMS[product])
        return int(bool(dues) and self._agreement(product, opened, AMOUNTS[0]).grace.end(dues[-1]) >= EVENING)

    def _add_overdue(self, running: list[tuple[str, dt.date]]) -> None:
        source = random.Random(20260616)
        wanted = len(self.slots) * OVERDUE_SHARE / (1 - OVERDUE_SHARE)
        while wanted > 0:
            product, opened = source.choice(running)
            fallen = len(_dues(opened, TERMS[product]))
            life = Life(product, opened, source.choice(AMOUNTS), min(source.randint(1, MOST_MISSED), fallen))
            if fallen and self.all[number := self._number(life)].loan.days_past_due:
                self.slots.append(number)
                wanted -= 1

    def _number(self, life: Life) -> int:
        """The number of a life, which is lived the first time it is asked for."""
        if life not in self._numbers:
            self._numbers[life] = len(self.all)
            self.all.append(self._lived(life))
        return self._numbers[life]

    def _agreement(self, product: str, opened: dt.date, amount: int) -> Agreement:
        facility = Facility(NIL, product, b"", None, False, Status.ACTIVE, amount, RATE_PPM, (), opened, opened)
        return agreement_for(self._bundle, facility, (amount, METHOD, TERMS[product]), opened)

    def _lived(self, life: Life) -> Shape:
        """Paid out, all instalments paid on their due days but those that are missed, and rolled to the evening."""
        product, opened, amount, missed = life
        agreement = self._agreement(product, opened, amount)
        loan, touched, paid = fold([ev.PaidOut("out", opened, opened, agreement)], opened), opened, (0, 0)
        dues = _dues(opened, TERMS[product])
        for due in dues[: len(dues) - missed]:
            owed = sum(each.amount for each in payable(roll(loan, due)))
            recorded = advance(loan, ev.Repaid(f"{due}", due, due, owed))
            loan, touched = compact(recorded.after), due
            if due == EVENING:
                paid = (recorded.difference.principal_repaid, recorded.difference.interest_paid)
        while (turn := next_date(loan)) is not None and turn <= EVENING:
            loan = roll(loan, turn)
        return Shape(product, agreement, loan, touched, paid)

    def owed(self, loans: int) -> Sums:
        """What so many loans owe on the evening, from the lives themselves."""
        scale, sums = classes_on(EVENING), Sums()
        rounds, rest = divmod(loans, len(self.slots))
        counts = [0] * len(self.all)
        for slot, number in enumerate(self.slots):
            counts[number] += rounds + (0 < slot <= rest)  # loans are numbered from 1
        for shape, count in zip(self.all, counts, strict=True):
            loan = roll(shape.loan, EVENING)
            each = owed_by(loan)
            more = Owed(count, each.principal * count, each.interest * count, each.penalty * count)
            if count:
                sums.add(shape.product, loan.days_past_due, scale, more)
        return sums


def _running() -> Iterator[tuple[str, dt.date]]:
    """Every product with every day of payout whose last instalment is still to come."""
    for product, months in TERMS.items():
        opened = EVENING
        while add_months(opened, months) > EVENING:
            yield product, opened
            opened -= dt.timedelta(days=1)


def _dues(opened: dt.date, months: int) -> list[dt.date]:
    """The due days until the evening."""
    return [due for month in range(1, months + 1) if (due := add_months(opened, month)) <= EVENING]
