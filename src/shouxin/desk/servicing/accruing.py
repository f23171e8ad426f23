"""What the house's books should hold at the end of a day, from all loans, and the journals that bring them there. Pure.

Interest receivable is the exact sum of what is earned and unpaid, over all loans of a product and bucket, rounded down once; so
no cent is lost or made by a million small roundings. Loans over 90 days late hold none: what was booked of theirs is taken back,
and comes again when they are cured. Provisions are by class.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from shouxin.book.ledger import chart
from shouxin.book.ledger.model import Posting
from shouxin.desk.servicing.booking import MOST_ACCRUING_DAYS
from shouxin.engines.loans.accrual import merged, worth
from shouxin.engines.loans.delinquency import BUCKETS, FIVE_CLASSES, Scale, in_force, provision
from shouxin.engines.loans.loan import Loan
from shouxin.foundation.errors import DayUnreadable

CLASSES = (FIVE_CLASSES,)


@dataclass(slots=True)
class Owed:
    """Sums over loans of one kind. principal: minor units; interest and penalty: exact, what is earned and unpaid."""

    loans: int = 0
    principal: int = 0
    interest: Fraction = Fraction(0)
    penalty: Fraction = Fraction(0)


@dataclass(slots=True)
class Sums:
    """What is owed, by product, bucket and class."""

    by_kind: dict[tuple[str, str, str], Owed] = field(default_factory=lambda: defaultdict(Owed))

    def add(self, product: str, days_past_due: int, scale: Scale, more: Owed) -> None:
        """Loans that are so late."""
        found = self.by_kind[product, BUCKETS.band(days_past_due).code, scale.band(days_past_due).code]
        found.loans += more.loans
        found.principal += more.principal
        found.interest += more.interest
        found.penalty += more.penalty

    def add_loan(self, product: str, loan: Loan, scale: Scale) -> None:
        """One loan, on its day; settled and written-off ones owe nothing that is on the books."""
        if loan.is_open:
            self.add(product, loan.days_past_due, scale, owed_by(loan))


def owed_by(loan: Loan) -> Owed:
    """What one open loan owes."""
    earned = merged(loan.waiting, loan.accrued) if loan.waiting else loan.accrued
    unpaid = sum(each.unpaid_interest for each in loan.dues) + loan.carried - loan.raised
    return Owed(1, loan.principal, worth(earned) + unpaid, worth(loan.penalty) - loan.totals.penalty_paid)


def classes_on(day: dt.date) -> Scale:
    """The scale of asset classes that is in force on a day."""
    found = in_force(CLASSES, day)
    if found is None:
        raise DayUnreadable("date", day)
    return found


def targets(sums: Sums, scale: Scale) -> dict[str, int]:
    """The balance that each account of the house should have, debits positive. Accounts of buckets and classes in which there is
    nothing are not named: their target is zero.
    """
    exact: dict[str, Fraction] = defaultdict(Fraction)
    allowance: dict[str, int] = defaultdict(int)
    accruing = {each.code for each in BUCKETS.bands if each.from_days <= MOST_ACCRUING_DAYS}
    bands = {each.code: each for each in scale.bands}
    for (product, bucket, band), owed in sums.by_kind.items():
        if bucket in accruing:
            exact[chart.account(chart.INTEREST_RECEIVABLE, product, bucket)] += owed.interest
            exact[chart.account(chart.PENALTY_RECEIVABLE, product, bucket)] += owed.penalty
        allowance[chart.account(chart.ALLOWANCE, product, band)] -= provision(owed.principal, bands[band])
    return {**{account: int(sum_ // 1) for account, sum_ in exact.items()}, **allowance}


# Where the other side of a journal goes that brings an account to its target.
AGAINST = {
    chart.INTEREST_RECEIVABLE: chart.INTEREST_INCOME,
    chart.PENALTY_RECEIVABLE: chart.PENALTY_INCOME,
    chart.ALLOWANCE: chart.IMPAIRMENT,
}


def journals(wanted: Mapping[str, int], balances: Mapping[str, int]) -> Iterable[tuple[str, Posting]]:
    """For each account that is not at its target the posting that brings it there, in the order of accounts.

    >>> balances = {"1132.cash-line.current": 400, "1132.cash-line.m1": 50}
    >>> for account, posting in journals({"1132.cash-line.current": 900}, balances):
    ...     print(account, posting.debit, posting.credit, posting.amount)
    1132.cash-line.current 1132.cash-line.current 6011.cash-line 500
    1132.cash-line.m1 6011.cash-line 1132.cash-line.m1 50
    """
    for account in sorted({*wanted, *balances}):
        code, *split = account.split(".")
        if code in AGAINST:
            other = chart.account(AGAINST[code], split[0])
            missing = wanted.get(account, 0) - balances.get(account, 0)
            if missing:
                yield account, Posting(account, other, missing) if missing > 0 else Posting(other, account, -missing)
