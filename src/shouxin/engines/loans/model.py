"""The terms of a loan and its schedule, frozen. Amounts are minor units, rates ppm a year (`shouxin.foundation`)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from shouxin.foundation.businessdays import EVERY_DAY, Adjustment, BusinessCalendar
from shouxin.foundation.daycount import ACTUAL_365, DayCount, Unit
from shouxin.foundation.rounding import Rounding


class Method(StrEnum):
    """How a loan is repaid.

    equal_instalment: 等额本息; equal_principal: 等额本金; interest_only: 先息后本;
    flexible: 随借随还, all at maturity or whenever it is paid before; flat: 等本等息, interest on the original amount
    """

    EQUAL_INSTALMENT = "equal_instalment"
    EQUAL_PRINCIPAL = "equal_principal"
    INTEREST_ONLY = "interest_only"
    FLEXIBLE = "flexible"
    FLAT = "flat"


class Smoothing(StrEnum):
    """What is done about a last instalment that differs. `one-step`: the difference is spread once, and kept if it helped."""

    NONE = "none"
    ONE_STEP = "one-step"


@dataclass(frozen=True, slots=True)
class Conventions:
    """How periods, days and cents are counted.

    multiple: instalments (of equal principal: nothing) are whole multiples of so many minor units
    """

    day_count: DayCount = ACTUAL_365
    rounding: Rounding = Rounding.HALF_EVEN
    multiple: int = 1
    smoothing: Smoothing = Smoothing.NONE
    adjustment: Adjustment = Adjustment.NONE
    calendar: BusinessCalendar = field(default=EVERY_DAY)


STANDARD = Conventions()


@dataclass(frozen=True, slots=True)
class Shape:
    """When a loan falls due, whatever its amount and rate: `periods` times every `every` units after the payout.

    first_due: where it is not one whole period after the payout; later due dates keep its day of the month
    """

    paid_out: dt.date
    periods: int
    every: int = 1
    unit: Unit = Unit.MONTHS
    first_due: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """What lender and borrower agreed.

    principal:       paid out, minor units
    rate_ppm:        a year, simple
    principal_grace: the first instalments that hold interest only
    interest_grace:  the first instalments that hold no interest; it falls due, unraised, with the next
    """

    principal: int
    rate_ppm: int
    method: Method
    shape: Shape
    conventions: Conventions = STANDARD
    principal_grace: int = 0
    interest_grace: int = 0


@dataclass(frozen=True, slots=True)
class Instalment:
    """One row of a schedule. `balance` is the principal that is left when it is paid."""

    number: int
    due: dt.date
    principal: int
    interest: int
    balance: int

    @property
    def total(self) -> int:
        """What is to be paid."""
        return self.principal + self.interest


@dataclass(frozen=True, slots=True)
class Schedule:
    """Instalments by column: the principal adds up to what was paid out, exactly."""

    dues: tuple[dt.date, ...]
    principals: tuple[int, ...]
    interests: tuple[int, ...]

    @property
    def principal(self) -> int:
        """All principal."""
        return sum(self.principals)

    @property
    def interest(self) -> int:
        """All interest."""
        return sum(self.interests)

    def __len__(self) -> int:
        return len(self.dues)

    def __iter__(self) -> Iterator[Instalment]:
        balance = self.principal
        for number, (due, principal, interest) in enumerate(zip(self.dues, self.principals, self.interests, strict=True), 1):
            balance -= principal
            yield Instalment(number, due, principal, interest, balance)
