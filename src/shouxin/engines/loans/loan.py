"""The state of one loan on one day, frozen: what is still to come, what has fallen due, what is earned, what was paid."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields, replace

from shouxin.engines.loans.accrual import NOTHING, Accrued, merged, whole
from shouxin.engines.loans.agreement import Agreement, Component
from shouxin.engines.loans.allocation import Item
from shouxin.engines.loans.model import Shape
from shouxin.foundation.daycount import Period


@dataclass(frozen=True, slots=True)
class Planned:
    """An instalment to come. Its interest is known when it falls due, except for flat loans (`flat_interest`).

    interest_only: in its principal grace
    collects:      interest falls due with it; else it waits for the first one that does
    flat_interest: its part of the interest of a flat loan
    carried:       interest of earlier instalments that falls due again with this one
    """

    number: int
    period: Period
    principal: int
    interest_only: bool = False
    collects: bool = True
    flat_interest: int = 0
    carried: int = 0


@dataclass(frozen=True, slots=True)
class Due:
    """An instalment that has fallen due, with what is unpaid of it.

    grace_end: the last day on which payment is on time; the due date itself where there is no grace
    late:    something of it was unpaid at the end of that day
    settled: the day on which nothing of it was unpaid any more
    """

    number: int
    due: dt.date
    grace_end: dt.date
    principal: int
    interest: int
    unpaid_principal: int
    unpaid_interest: int
    late: bool = False
    settled: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Totals:
    """What has happened so far, as sums that only grow; their differences are what the books post.

    interest is raised when it falls due or is paid early; penalty when it is paid; capitalised: interest that
    became principal; written_off_*: what left the balance sheet, still owed
    """

    paid_out: int = 0
    principal_repaid: int = 0
    interest_raised: int = 0
    interest_paid: int = 0
    penalty_paid: int = 0
    fees_raised: int = 0
    fees_paid: int = 0
    capitalised: int = 0
    written_off_principal: int = 0
    written_off_interest: int = 0
    written_off_penalty: int = 0
    written_off_fees: int = 0
    recovered: int = 0
    overpaid: int = 0

    def __sub__(self, other: Totals) -> Totals:
        return Totals(*[getattr(self, name) - getattr(other, name) for name in TOTALS])

    @property
    def changed(self) -> dict[str, int]:
        """What is not zero, by name."""
        return {name: value for name in TOTALS if (value := getattr(self, name))}


TOTALS = tuple(each.name for each in fields(Totals))


@dataclass(frozen=True, slots=True)
class Loan:
    """A loan at the end of its events on the day `on`.

    rates:    the rates so far, each with the day from which it counts; the last one is `rate_ppm`
    accrued:  interest of the running period, exact
    waiting:  interest of earlier periods that did not fall due with theirs (interest grace), exact
    raised:   so much of both was raised already, because it was paid
    penalty:  penalty interest since the payout, exact; `totals.penalty_paid` of it are paid
    fees:     unpaid, due at once
    shape:    of the present term
    fallen:   the number of the last instalment that has fallen due
    level:    the equal instalment, or the equal part of principal, that a shorter term would keep
    """

    agreement: Agreement
    on: dt.date
    rates: tuple[tuple[dt.date, int], ...]
    shape: Shape
    plan: tuple[Planned, ...]
    level: int
    totals: Totals
    dues: tuple[Due, ...] = ()
    accrued: Accrued = NOTHING
    waiting: Accrued = NOTHING
    raised: int = 0
    penalty: Accrued = NOTHING
    fees: int = 0
    pauses: tuple[tuple[dt.date, dt.date], ...] = ()
    fallen: int = 0
    settled: dt.date | None = None
    written_off: dt.date | None = None

    @property
    def rate_ppm(self) -> int:
        """The rate that counts today."""
        return self.rates[-1][1]

    @property
    def principal_to_come(self) -> int:
        """Principal that has not fallen due."""
        return sum(each.principal for each in self.plan)

    @property
    def principal_due(self) -> int:
        """Principal that has fallen due and is unpaid; of a written-off loan it is part of the claim."""
        return 0 if self.written_off else sum(each.unpaid_principal for each in self.dues)

    @property
    def principal(self) -> int:
        """All principal that is owed: the design's `owed`."""
        return self.principal_to_come + self.principal_due

    @property
    def carried(self) -> int:
        """Interest of earlier instalments that falls due again."""
        return sum(each.carried for each in self.plan)

    @property
    def interest_to_date(self) -> int:
        """Interest that was earned and not raised, rounded. After early repayment under `to-next-due` it holds what that
        principal bears until the next due date."""
        accrued = merged(self.waiting, self.accrued) if self.waiting else self.accrued
        return whole(accrued, self.agreement.terms.conventions.rounding) - self.raised

    @property
    def penalty_due(self) -> int:
        """Penalty interest up to today that is unpaid, rounded; of a written-off loan it is part of the claim."""
        if self.written_off:
            return 0
        return whole(self.penalty, self.agreement.terms.conventions.rounding) - self.totals.penalty_paid

    @property
    def oldest_late(self) -> dt.date | None:
        """The due date of the oldest instalment that is late and unpaid; none of a settled loan."""
        if self.settled:
            return None
        return min((each.due for each in self.dues if each.late and each.settled is None), default=None)

    @property
    def days_past_due(self) -> int:
        """Days since the oldest unpaid due date; 0 within its grace."""
        oldest = self.oldest_late
        return (self.on - oldest).days if oldest else 0

    @property
    def is_open(self) -> bool:
        """Neither settled nor written off."""
        return self.settled is None and self.written_off is None

    @property
    def claim(self) -> int:
        """What a written-off loan still owes."""
        totals = self.totals
        interest = totals.written_off_interest + totals.written_off_penalty + totals.written_off_fees
        return totals.written_off_principal + interest - totals.recovered


def compact(loan: Loan) -> Loan:
    """The loan without the instalments that are settled: what comes does not depend on them, and books need not keep them."""
    return replace(loan, dues=tuple(each for each in loan.dues if each.settled is None))


def payable(loan: Loan) -> tuple[Item, ...]:
    """What is due today and unpaid: penalty, fees, and interest and principal of each instalment.

    After the last instalment the interest of late principal is due day by day. Of a written-off loan nothing is due: what is
    left of it is the claim.
    """
    if loan.written_off:
        return ()
    oldest = min((each.due for each in loan.dues if each.settled is None), default=loan.on)
    items = [Item(Component.PENALTY, oldest, 0, loan.penalty_due), Item(Component.FEE, oldest, 0, loan.fees)]
    for each in loan.dues:
        if each.settled is None:
            items.append(Item(Component.INTEREST, each.due, each.number, each.unpaid_interest))
            items.append(Item(Component.PRINCIPAL, each.due, each.number, each.unpaid_principal))
    if not loan.plan:
        items.append(Item(Component.INTEREST, loan.on, 0, loan.interest_to_date))
    return tuple(each for each in items if each.amount)


def due_today(loan: Loan) -> int:
    """What is due today and unpaid, in minor units; of a written-off loan the claim."""
    return loan.claim if loan.written_off else sum(each.amount for each in payable(loan))


def settled_if_paid(loan: Loan) -> Loan:
    """The loan marked as settled where nothing is owed any more, now or later."""
    if not loan.is_open or loan.principal_to_come or loan.carried or any(each.flat_interest for each in loan.plan):
        return loan
    if loan.interest_to_date or payable(loan):
        return loan
    return replace(loan, plan=(), settled=loan.on, accrued=NOTHING, waiting=NOTHING, raised=0)
