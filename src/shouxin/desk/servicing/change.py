"""What a lender agrees with a borrower, or does, while a loan runs: longer, renewed, paused, restructured, written off, recalled.

Each takes the `Work` with `work.rows[0]` of `record.loan_read`, and raises LoanUnknown and what the loan itself refuses
(`engines/loans/record.py`), in that order.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from shouxin.book.facilities.errors import ReasonMissing
from shouxin.book.facilities.model import Status
from shouxin.book.facilities.service import product_of, suspend
from shouxin.book.facilities.work import Work
from shouxin.desk.servicing import errors
from shouxin.desk.servicing.record import Happening, following, happen, held_loan, up_to_today
from shouxin.engines.loans import errors as loan_errors
from shouxin.engines.loans import events as ev
from shouxin.engines.loans.events import Arrears

MISUSE = "MISUSE"

# The order in which refusals are told: of a change, after which come those of the loan itself; of a write-off, and of misuse.
ORDER = (errors.LoanUnknown, errors.RenewalNotOffered)
WRITE_OFF_ORDER = (errors.LoanUnknown, loan_errors.LoanWrittenOff, loan_errors.LoanSettled, ReasonMissing)
MISUSE_ORDER = (
    errors.LoanUnknown,
    loan_errors.LoanWrittenOff,
    loan_errors.LoanSettled,
    loan_errors.FlatRateFixed,
    loan_errors.NoInstalmentToCome,
)


@dataclass(frozen=True, slots=True)
class Change:
    """What is to happen to a loan, and why: `event` makes it from its id and the open day."""

    event: Callable[[str, dt.date], ev.Event]
    reason: str


def extension(periods: int, reason: str) -> Change:
    """展期: more periods at the end."""
    return Change(lambda key, day: ev.Extended(key, day, day, periods), reason)


def renewal(periods: int, rate_ppm: int, reason: str) -> Change:
    """无还本续贷: a new term for the principal, without repaying it first."""
    return Change(lambda key, day: ev.Renewed(key, day, day, periods, rate_ppm), reason)


def pause(until: dt.date, reason: str) -> Change:
    """停息: no interest until a day."""
    return Change(lambda key, day: ev.InterestPaused(key, day, day, until), reason)


def rate_change(rate_ppm: int, since: dt.date, reason: str) -> Change:
    """Another rate from a day on, which may be to come."""
    return Change(lambda key, day: ev.RateChanged(key, since, day, rate_ppm), reason)


def restructuring(periods: int, rate_ppm: int, arrears: Arrears, reason: str) -> Change:
    """重组: all principal on a new term, since the borrower cannot pay as agreed."""
    return Change(lambda key, day: ev.Restructured(key, day, day, periods, rate_ppm, arrears), reason)


def re_ageing(arrears: Arrears, reason: str) -> Change:
    """逾期重置: what is overdue joins the instalments to come."""
    return Change(lambda key, day: ev.ReAged(key, day, day, arrears), reason)


def fee(amount: int, reason: str) -> Change:
    """收费: due at once."""
    return Change(lambda key, day: ev.FeeCharged(key, day, day, amount), reason)


def reversal(number: int, reason: str) -> Change:
    """冲正: an event of the loan that was a mistake counts as if it had never been."""
    return Change(lambda key, day: ev.Reversed(key, day, day, str(number)), reason)


def change(work: Work, loan_id: uuid.UUID, wanted: Change) -> Mapping[str, Any]:
    """Let it happen. A renewal needs a product that allows it: raises RenewalNotOffered after LoanUnknown."""
    held = up_to_today(work, held_loan(work.rows[0], loan_id))
    if isinstance(wanted.event("", work.standing.today), ev.Renewed):
        product = product_of(work, work.facility(held.facility_id))
        if not product.renewal_without_repaying:
            raise errors.RenewalNotOffered("product", held.product, product=held.product)
    recorded = happen(work, held, Happening(wanted.event, reason=wanted.reason))
    return {"loan": loan_id, "changed": recorded.difference.changed}


def write_off(work: Work, loan_id: uuid.UUID, reason: str) -> Mapping[str, Any]:
    """核销: off the balance sheet, still owed; the facility is suspended."""
    held = up_to_today(work, held_loan(work.rows[0], loan_id))
    recorded = happen(work, held, Happening(lambda key, day: ev.WrittenOff(key, day, day), reason=reason))
    _suspend(work, held.facility_id, reason)
    return {"loan": loan_id, "claim": recorded.after.claim}


def misused(work: Work, loan_id: uuid.UUID, recall: bool) -> Mapping[str, Any]:
    """挪用 found: the facility is suspended, the loan bears the penalty rate for misuse from today, and, where so decided, all of
    it is due today."""
    held = up_to_today(work, held_loan(work.rows[0], loan_id))
    penalty = held.loan.agreement.penalty
    rate = held.loan.rate_ppm + penalty.beyond(held.loan.rate_ppm, penalty.misuse_bp)
    _suspend(work, held.facility_id, MISUSE)
    recorded = happen(work, held, Happening(lambda key, day: ev.RateChanged(key, day, day, rate), reason=MISUSE))
    if recall:
        happen(work, following(held, recorded), Happening(lambda key, day: ev.Recalled(key, day, day), reason=MISUSE))
    return {"loan": loan_id, "rate_ppm": rate, "recalled": recall}


def _suspend(work: Work, facility_id: uuid.UUID, reason: str) -> None:
    """No more draws, where there could be some."""
    if work.facility(facility_id).status is Status.ACTIVE:
        suspend(work, facility_id, reason)
