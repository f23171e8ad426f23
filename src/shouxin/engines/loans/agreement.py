"""What holds for the whole life of a loan beside its terms: penalty, grace, order of allocation, early repayment."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum

from shouxin.engines.loans.errors import ConventionUnknown, GraceTooLong
from shouxin.engines.loans.model import Terms
from shouxin.foundation.businessdays import EVERY_DAY, BusinessCalendar

WHOLE_BP = 10_000
MOST_GRACE = 90


class Component(StrEnum):
    """What an amount is paid for."""

    PENALTY = "penalty"
    FEE = "fee"
    INTEREST = "interest"
    PRINCIPAL = "principal"


class Sorting(StrEnum):
    """Which goes first: all that is due on the oldest date, or one component on all dates."""

    OLDEST_FIRST = "oldest-first"
    COMPONENT_FIRST = "component-first"


@dataclass(frozen=True, slots=True)
class Order:
    """The order of allocation, as data. Raises ConventionUnknown where a component is not named once."""

    components: tuple[Component, ...] = (Component.PENALTY, Component.FEE, Component.INTEREST, Component.PRINCIPAL)
    sorting: Sorting = Sorting.OLDEST_FIRST

    def __post_init__(self) -> None:
        if sorted(self.components) != sorted(Component):
            raise ConventionUnknown("components", ", ".join(self.components), known=f"orders of {', '.join(Component)}")


class Prepayment(StrEnum):
    """What early money changes.

    reduce-instalment: 减少月供, the term stays; shorten-term: 缩短期限, the instalment stays;
    next-instalments: 提前还当期, the next instalments have so much less to pay, the others stay
    """

    REDUCE_INSTALMENT = "reduce-instalment"
    SHORTEN_TERM = "shorten-term"
    NEXT_INSTALMENTS = "next-instalments"


class EarlyInterest(StrEnum):
    """Interest on what is repaid early: to the day, or to the next due date as if it had stayed."""

    TO_THE_DAY = "to-the-day"
    TO_NEXT_DUE = "to-next-due"


class PenaltyBase(StrEnum):
    """What bears the penalty: principal that is late (罚息), or late interest too (复利), which bears rate and penalty."""

    PRINCIPAL = "principal"
    PRINCIPAL_AND_INTEREST = "principal-and-interest"


@dataclass(frozen=True, slots=True)
class Penalty:
    """Late principal keeps bearing the rate; this comes on top.

    multiple_bp: the rate on what is late, as a multiple of the rate; 15,000 is 1.5 times
    misuse_bp:   the same on a loan that is used for what it was not lent for (挪用)
    cap_ppm:     rate and penalty together never exceed it
    """

    multiple_bp: int = 15_000
    misuse_bp: int = 20_000
    cap_ppm: int = 240_000
    base: PenaltyBase = PenaltyBase.PRINCIPAL

    def extra_ppm(self, rate_ppm: int) -> int:
        """What comes on top of the rate when late, in ppm, rounded down.

        >>> Penalty().extra_ppm(109_500), Penalty().extra_ppm(200_000), Penalty().extra_ppm(300_000)
        (54750, 40000, 0)
        """
        return self.beyond(rate_ppm, self.multiple_bp)

    def beyond(self, rate_ppm: int, multiple_bp: int) -> int:
        """What a multiple of the rate has beyond the rate, within the cap."""
        return max(0, min(rate_ppm * multiple_bp // WHOLE_BP, self.cap_ppm) - rate_ppm)


@dataclass(frozen=True, slots=True)
class Grace:
    """宽限期: days after a due date on which payment still counts as on time; later, the penalty runs from the due date.

    calendar: its business days are counted; with every day a business day, calendar days
    Raises GraceTooLong beyond 90 days.
    """

    days: int = 0
    calendar: BusinessCalendar = field(default=EVERY_DAY)

    def __post_init__(self) -> None:
        if not 0 <= self.days <= MOST_GRACE:
            raise GraceTooLong("grace", self.days, most=MOST_GRACE)

    def end(self, due: dt.date) -> dt.date:
        """The last day on which payment is on time."""
        return self.calendar.add_business_days(due, self.days)


@dataclass(frozen=True, slots=True)
class Agreement:
    """A loan's contract, as far as arithmetic needs it."""

    terms: Terms
    penalty: Penalty = Penalty()
    grace: Grace = Grace()
    order: Order = Order()
    prepayment: Prepayment = Prepayment.REDUCE_INSTALMENT
    early_interest: EarlyInterest = EarlyInterest.TO_THE_DAY
