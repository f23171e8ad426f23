"""One more event for a loan: checked in one order, folded, and compared with what the books hold.

The order of checks, first broken first told (docs/reference/loans.md has it as a table):
identity and order of events, then its dates, then its amounts, then the state of the loan on the day it takes effect.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from shouxin.engines.loans import errors
from shouxin.engines.loans import events as ev
from shouxin.engines.loans.accrual import MOST
from shouxin.engines.loans.apply import applied, opened
from shouxin.engines.loans.fold import fold, in_effect
from shouxin.engines.loans.loan import Loan, Totals
from shouxin.engines.loans.model import Method
from shouxin.engines.loans.periods import MOST_PERIODS, check_shape
from shouxin.engines.loans.roll import roll
from shouxin.foundation.errors import AmountNotPositive, RateAbsurd, RateNegative
from shouxin.foundation.money import write_amount
from shouxin.foundation.rates import MOST_PPM, write_percent
from shouxin.foundation.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event that was recorded.

    events:     all of the loan's, the new one last; of `advance` the new one alone
    before:     the loan on the book date without it; None for a payout
    after:      with it
    difference: what the books post on the book date: after - before
    """

    events: tuple[ev.Event, ...]
    before: Loan | None
    after: Loan
    difference: Totals


def record(events: Sequence[ev.Event], event: ev.Event) -> Recorded:
    """One more event. A backdated one refolds the loan, and the difference is posted on its book date.

    Raises the refusals of `ORDER`, the first that applies; for a payout first what `schedule` raises.
    """
    _check_identity(events, event)
    _check_dates(events, event)
    _check_values(event)
    if isinstance(event, ev.PaidOut):
        after = opened(event)
        _check_sums(after)
        return Recorded((event,), None, after, after.totals)
    if isinstance(event, ev.Reversed):
        _check_reversal(events, event)
    else:
        _check_state(fold(events, event.effective), event)
    before, after = fold(events, event.booked), fold((*events, event), event.booked)
    return _recorded((*events, event), before, after)


def advance(loan: Loan, event: ev.Event) -> Recorded:
    """The same for an event of today, from the loan itself instead of from all its events: no refold.

    event: no payout and no reversal, effective and booked on one day, not before `loan.on`; the caller knows that its id is
    new and that no event of the loan takes effect later.
    Raises what `record` raises for such an event, in the same order.
    """
    assert event.effective == event.booked >= loan.on, "an event of today"
    assert not isinstance(event, ev.PaidOut | ev.Reversed)
    if isinstance(event, ev.InterestPaused) and event.until <= event.effective:
        raise errors.PauseEndsBeforeItStarts("until", event.until, start=event.effective)
    _check_values(event)
    before = roll(loan, event.effective)
    _check_state(before, event)
    return _recorded((event,), before, applied(before, event))


def _recorded(events: tuple[ev.Event, ...], before: Loan, after: Loan) -> Recorded:
    event = events[-1]
    _check_excess(event, before, after)
    if isinstance(event, LENGTHENING):
        _check_sums(after)
    return Recorded(events, before, after, after.totals - before.totals)


def _check_sums(loan: Loan) -> None:
    """No accumulator leaves 64 bits before the last due date. Raises AccrualTooLarge."""
    if loan.plan:
        longest = max(loan.plan[-1].period.end - loan.on, LEAST_ROOM)
        at_once = loan.rate_ppm + loan.agreement.penalty.extra_ppm(loan.rate_ppm)
        most = loan.principal * at_once * longest.days
        if most > MOST:
            raise errors.AccrualTooLarge("principal", f"{write_amount(loan.principal)} at {write_percent(at_once)}%")
        if most > MOST // PLENTY:
            roll(loan, loan.plan[-1].period.end)


def _check_identity(events: Sequence[ev.Event], event: ev.Event) -> None:
    if any(each.id == event.id for each in events):
        raise errors.EventTwice("id", event.id, id=event.id)
    if isinstance(event, ev.PaidOut):
        if events:
            raise errors.LoanPaidOutTwice("event", event.id)
    elif not events:
        raise errors.LoanNotPaidOut("event", event.id)


def _check_dates(events: Sequence[ev.Event], event: ev.Event) -> None:
    if events and event.booked < events[-1].booked:
        raise errors.EventsOutOfOrder("booked", event.booked, after=events[-1].booked)
    payout = _payout_day(events, event)
    if isinstance(event, ev.PaidOut) and event.effective != payout:
        raise errors.PayoutDayDiffers("effective", event.effective, payout=payout)
    if event.effective < payout:
        raise errors.EventBeforePayout("effective", event.effective, payout=payout)
    if not isinstance(event, ev.RateChanged | ev.InterestPaused | ev.Reversed) and event.effective > event.booked:
        raise errors.EventNotYetEffective("effective", event.effective, booked=event.booked)
    if isinstance(event, ev.InterestPaused) and event.until <= event.effective:
        raise errors.PauseEndsBeforeItStarts("until", event.until, start=event.effective)


def _payout_day(events: Sequence[ev.Event], event: ev.Event) -> dt.date:
    first: Any = event if isinstance(event, ev.PaidOut) else events[0]
    day: dt.date = first.agreement.terms.shape.paid_out
    return day


def _check_values(event: ev.Event) -> None:
    amount, rate, periods = (getattr(event, name, None) for name in ("amount", "rate_ppm", "periods"))
    for name, value in (("amount", amount), ("rate_ppm", rate), ("periods", periods)):
        if value is not None and type(value) is not int:
            raise errors.NotWhole(name, value)
    if amount is not None and amount <= 0:
        raise AmountNotPositive("amount", amount)
    if rate is not None and rate < 0:
        raise RateNegative("rate_ppm", rate)
    if rate is not None and rate > MOST_PPM:
        raise RateAbsurd("rate_ppm", rate, most=MOST_PPM // 10_000)
    if periods is not None and periods < 1:
        raise errors.PeriodsNotPositive("periods", periods)
    if periods is not None and periods > MOST_PERIODS:
        raise errors.TermTooLong("periods", periods, most=f"{MOST_PERIODS:,}")


def _check_reversal(events: Sequence[ev.Event], event: ev.Reversed) -> None:
    if event.reverses not in {each.id for each in in_effect(events) if not isinstance(each, ev.PaidOut)}:
        raise errors.ReversedEventUnknown("reverses", event.reverses)


def _check_state(loan: Loan, event: ev.Event) -> None:
    """What the loan, on the day on which the event takes effect, does not allow."""
    if isinstance(event, ev.Extended):
        _check_term(loan, event)
    if loan.written_off and not isinstance(event, ev.Recovered):
        raise errors.LoanWrittenOff("event", event.id, written_off=loan.written_off)
    if isinstance(event, ev.Recovered) and not loan.written_off:
        raise errors.LoanNotWrittenOff("event", event.id)
    if loan.settled and not isinstance(event, ev.FeeCharged):
        raise errors.LoanSettled("event", event.id, settled=loan.settled)
    if isinstance(event, ev.RateChanged) and loan.agreement.terms.method is Method.FLAT:
        raise errors.FlatRateFixed("event", event.id)
    on_time = any(not each.late and each.unpaid_principal for each in loan.dues)
    if not loan.plan and (isinstance(event, ev.ReAged | ev.Recalled) or (isinstance(event, ev.Extended) and not on_time)):
        raise errors.NoInstalmentToCome("event", event.id)
    late = sum(each.unpaid_principal + each.unpaid_interest for each in loan.dues if each.late)
    if isinstance(event, ev.Extended | ev.Renewed) and late:
        raise errors.LoanOverdue("event", event.id, overdue=write_amount(late))
    if isinstance(event, ev.ReAged) and not late:
        raise errors.LoanNotOverdue("event", event.id)


def _check_term(loan: Loan, event: ev.Extended) -> None:
    """The whole term, from its beginning, may not be too long."""
    try:
        check_shape(replace(loan.shape, periods=loan.shape.periods + event.periods))
    except errors.TermTooLong as told:
        most = f"{told.limits['most']} with the {loan.shape.periods} periods before"
        raise errors.TermTooLong("periods", event.periods, most=most) from None


def _check_excess(event: ev.Event, before: Loan, after: Loan) -> None:
    """Money is never taken beyond what is owed, also where a backdated payment leaves less for later ones."""
    excess = after.totals.overpaid - before.totals.overpaid
    if isinstance(event, ev.Repaid | ev.Recovered) and excess > 0:
        owed = write_amount(event.amount - excess)
        raise errors.PrepaymentExceedsBalance("amount", write_amount(event.amount), owed=owed, date=event.effective)


LENGTHENING = ev.RateChanged | ev.Extended | ev.Renewed | ev.ReAged | ev.Restructured
LEAST_ROOM = dt.timedelta(days=365)
PLENTY = 1_000  # far from the limit nothing has to be tried: interest on interest, and weights of nights, are far below that

# The order in which refusals are told.
ORDER: tuple[type[Refusal], ...] = (
    errors.EventTwice,
    errors.LoanPaidOutTwice,
    errors.LoanNotPaidOut,
    errors.EventsOutOfOrder,
    errors.PayoutDayDiffers,
    errors.EventBeforePayout,
    errors.EventNotYetEffective,
    errors.PauseEndsBeforeItStarts,
    errors.NotWhole,
    AmountNotPositive,
    RateNegative,
    RateAbsurd,
    errors.PeriodsNotPositive,
    errors.TermTooLong,
    errors.ReversedEventUnknown,
    errors.LoanWrittenOff,
    errors.LoanNotWrittenOff,
    errors.LoanSettled,
    errors.FlatRateFixed,
    errors.NoInstalmentToCome,
    errors.LoanOverdue,
    errors.LoanNotOverdue,
    errors.PrepaymentExceedsBalance,
    errors.AccrualTooLarge,
)
