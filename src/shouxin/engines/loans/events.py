"""What can happen to a loan. A loan is the fold of these, in the order in which they take effect; none is ever changed.

effective: the day from which it counts; booked: the day on which the books learn of it. A backdated event has an effective
date before its book date. Interest counts the night that begins on a day: a rate that changes on the 5th earns from then on.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from shouxin.engines.loans.agreement import Agreement, Prepayment


@dataclass(frozen=True, slots=True)
class Event:
    """Common to all: an id of its own, and its two dates."""

    id: str
    effective: dt.date
    booked: dt.date


@dataclass(frozen=True, slots=True)
class PaidOut(Event):
    """放款: the money left, interest starts. Effective on the day of payout of the terms."""

    agreement: Agreement


@dataclass(frozen=True, slots=True)
class Repaid(Event):
    """还款: money came in. First what is due, in the agreed order; what is left repays early."""

    amount: int
    early: Prepayment | None = None  # instead of the agreement's


@dataclass(frozen=True, slots=True)
class FeeCharged(Event):
    """收费: a fee, due at once."""

    amount: int


@dataclass(frozen=True, slots=True)
class Reversed(Event):
    """冲正: another event of this loan counts as if it had never been; a repayment bounced, an entry was wrong.

    It takes effect on the day on which that event did; its own effective date says when it happened, and changes nothing.
    """

    reverses: str


@dataclass(frozen=True, slots=True)
class InterestPaused(Event):
    """停息: no interest and no penalty for the nights from `effective` to `until`."""

    until: dt.date


@dataclass(frozen=True, slots=True)
class RateChanged(Event):
    """利率调整: another rate from `effective` on; later instalments are worked out again."""

    rate_ppm: int


@dataclass(frozen=True, slots=True)
class Extended(Event):
    """展期: more periods at the end, for a loan that is not overdue."""

    periods: int


@dataclass(frozen=True, slots=True)
class Renewed(Event):
    """无还本续贷: the principal stays out for a new term from `effective`; for a loan that is not overdue."""

    periods: int
    rate_ppm: int


class Arrears(StrEnum):
    """What becomes of unpaid interest. `carried`: due with the next instalment; `capitalised`: becomes principal."""

    CARRIED = "carried"
    CAPITALISED = "capitalised"


@dataclass(frozen=True, slots=True)
class ReAged(Event):
    """逾期重置: what is overdue joins the instalments still to come, and the loan counts as current."""

    arrears: Arrears = Arrears.CARRIED


@dataclass(frozen=True, slots=True)
class Restructured(Event):
    """重组: all principal, overdue or not, on a new term and rate from `effective`, since the borrower cannot pay as agreed."""

    periods: int
    rate_ppm: int
    arrears: Arrears = Arrears.CARRIED


@dataclass(frozen=True, slots=True)
class Recalled(Event):
    """提前收回: all principal falls due today, with the interest earned so far; the lender calls a loan that was misused."""


@dataclass(frozen=True, slots=True)
class WrittenOff(Event):
    """核销: no longer carried as an asset, still owed; interest stops."""


@dataclass(frozen=True, slots=True)
class Recovered(Event):
    """核销后收回: money on a loan that is written off."""

    amount: int
