"""A loan is the fold of its events: begin here. Pure; the same events, day and knowledge give the same loan.

fold(events, on)                what the loan is on a day
fold(events, on, known_by=day)  what it was then thought to be: events booked later are left out
record(events, event)           one more event, checked; and the difference to post on its book date
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from shouxin.engines.loans.apply import applied, opened
from shouxin.engines.loans.errors import LoanNotPaidOut
from shouxin.engines.loans.events import Event, PaidOut, Reversed
from shouxin.engines.loans.loan import Loan
from shouxin.engines.loans.roll import roll


def fold(events: Iterable[Event], on: dt.date, known_by: dt.date | None = None) -> Loan:
    """The loan on a day, from its events in the order in which they were booked.

    Events take effect in the order of their effective dates; on one day in the order in which they were booked. What takes
    effect after `on` is left out, and so is what was reversed.
    Raises LoanNotPaidOut where no payout is among them; AccrualTooLarge.
    """
    known = [each for each in events if known_by is None or each.booked <= known_by]
    live = in_effect(known)
    if not live or not isinstance(live[0], PaidOut) or live[0].effective > on:
        raise LoanNotPaidOut("events", f"{len(live)} by {on}")
    loan = opened(live[0])
    for each in live[1:]:
        if each.effective > on:
            break
        loan = applied(roll(loan, each.effective), each)
    return roll(loan, on)


def in_effect(events: Sequence[Event]) -> list[Event]:
    """Events that count, in the order in which they take effect: reversed ones and their reversals are left out."""
    gone = {each.reverses for each in events if isinstance(each, Reversed)}
    counting = [each for each in events if not isinstance(each, Reversed) and each.id not in gone]
    return sorted(counting, key=lambda each: (each.effective, not isinstance(each, PaidOut)))
