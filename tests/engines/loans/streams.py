"""Random loans and random lives: whatever `record` accepts of random events, also backdated ones."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from shouxin.engines.loans import events as ev
from shouxin.engines.loans.agreement import Agreement, EarlyInterest, Grace, Order, Penalty, PenaltyBase, Prepayment, Sorting
from shouxin.engines.loans.errors import InstalmentBelowInterest
from shouxin.engines.loans.fold import fold
from shouxin.engines.loans.model import Conventions, Method, Shape, Smoothing, Terms
from shouxin.engines.loans.payment import payoff
from shouxin.engines.loans.record import record
from shouxin.engines.loans.schedule import schedule
from shouxin.foundation.businessdays import EVERY_DAY, Adjustment, china
from shouxin.foundation.daycount import DAY_COUNTS, Unit
from shouxin.foundation.refusal import Refusal
from shouxin.foundation.rounding import Rounding

DAY = dt.timedelta(days=1)


@st.composite
def conventions(draw: st.DrawFn) -> Conventions:
    calendar = draw(st.sampled_from([EVERY_DAY, china()]))
    return Conventions(
        draw(st.sampled_from(list(DAY_COUNTS.values()))),
        draw(st.sampled_from(list(Rounding))),
        draw(st.sampled_from([1, 1, 1, 100])),
        draw(st.sampled_from(list(Smoothing))),
        Adjustment.NONE if calendar is EVERY_DAY else draw(st.sampled_from(list(Adjustment))),
        calendar,
    )


@st.composite
def terms(draw: st.DrawFn, most_periods: int = 36) -> Terms:
    """Terms of every method and convention."""
    unit = draw(st.sampled_from(list(Unit)))
    periods = draw(st.integers(1, most_periods))
    every = draw(st.integers(1, {Unit.DAYS: 40, Unit.WEEKS: 5, Unit.MONTHS: 3}[unit]))
    paid_out = draw(st.dates(dt.date(2022, 1, 1), dt.date(2026, 12, 31)))
    first = draw(st.none() | st.integers(1, 75).map(lambda days: paid_out + days * DAY))
    method = draw(st.sampled_from(list(Method)))
    grace = st.one_of(st.just(0), st.integers(0, periods - 1))
    made = Terms(
        draw(st.integers(1, 5_000) | st.integers(5_000, 10**9)),
        draw(st.sampled_from([0, 1, 43_800, 109_500, 240_000, 360_000]) | st.integers(0, 400_000)),
        method,
        Shape(paid_out, periods, every, unit, first),
        draw(conventions()),
        0 if method in (Method.INTEREST_ONLY, Method.FLEXIBLE) else draw(grace),
        0 if method is Method.FLEXIBLE else draw(grace),
    )
    try:
        schedule(made)
    except InstalmentBelowInterest:
        return replace(made, rate_ppm=0)
    return made


@st.composite
def agreements(draw: st.DrawFn) -> Agreement:
    return Agreement(
        draw(terms(most_periods=8)),
        Penalty(draw(st.sampled_from([10_000, 15_000, 20_000])), cap_ppm=360_000, base=draw(st.sampled_from(list(PenaltyBase)))),
        Grace(draw(st.sampled_from([0, 0, 3, 10])), draw(st.sampled_from([EVERY_DAY, china()]))),
        Order(sorting=draw(st.sampled_from(list(Sorting)))),
        draw(st.sampled_from(list(Prepayment))),
        draw(st.sampled_from(list(EarlyInterest))),
    )


KINDS = (
    *("repaid",) * 5,
    *("re_aged",) * 3,
    *("due", "payoff", "fee", "reversed", "paused", "rate", "extended", "renewed", "re_aged", "restructured"),
    *("recalled", "written_off", "recovered"),
)


@st.composite
def lives(draw: st.DrawFn) -> tuple[ev.Event, ...]:
    """A payout and up to twelve more events, as far as they were accepted."""
    agreement = draw(agreements())
    start = agreement.terms.shape.paid_out
    events: tuple[ev.Event, ...] = (ev.PaidOut("0", start, start, agreement),)
    booked = start
    for number in range(1, draw(st.integers(3, 12)) + 1):
        booked += draw(st.integers(0, 60)) * DAY
        effective = max(start, booked - draw(st.sampled_from([0, 0, 0, 1, 20, 45])) * DAY)
        event = _event(draw, events, str(number), effective, booked)
        try:
            events = record(events, event).events
        except Refusal:
            continue
    return events


@st.composite
def lives_going_on(draw: st.DrawFn) -> tuple[tuple[ev.Event, ...], ev.Event, dt.date]:
    """A life, one more event effective and booked on one day, no reversal, maybe one that is refused; and a day in between."""
    events = draw(lives())
    latest = max(max(each.booked, each.effective) for each in events)
    day = latest + draw(st.integers(0, 40)) * DAY
    event = _event(draw, events, "next", day, day)
    assume(not isinstance(event, ev.Reversed))
    return events, event, latest + draw(st.integers(0, (day - latest).days)) * DAY


def _event(draw: st.DrawFn, events: Sequence[ev.Event], name: str, effective: dt.date, booked: dt.date) -> ev.Event:
    loan = fold(events, effective)
    when: Any = {"id": name, "effective": effective, "booked": booked}
    kind = draw(st.sampled_from(KINDS))
    owed = max(1, payoff(loan))
    if kind == "repaid":
        return ev.Repaid(**when, amount=draw(st.integers(1, owed)), early=draw(st.none() | st.sampled_from(list(Prepayment))))
    if kind == "due":
        return ev.Repaid(**when, amount=max(1, sum(each.unpaid_principal + each.unpaid_interest for each in loan.dues)))
    if kind == "payoff":
        return ev.Repaid(**when, amount=owed)
    if kind == "fee":
        return ev.FeeCharged(**when, amount=draw(st.integers(1, 10_000)))
    if kind == "reversed":
        return ev.Reversed(**when, reverses=draw(st.sampled_from([each.id for each in events])))
    if kind == "paused":
        return ev.InterestPaused(**when, until=effective + draw(st.integers(1, 60)) * DAY)
    if kind == "rate":
        return ev.RateChanged(**when, rate_ppm=draw(st.integers(0, 360_000)))
    if kind == "recovered":
        return ev.Recovered(**when, amount=draw(st.integers(1, max(1, loan.claim))))
    periods, rate, arrears = draw(st.integers(1, 6)), draw(st.integers(0, 360_000)), draw(st.sampled_from(list(ev.Arrears)))
    others: dict[str, ev.Event] = {
        "extended": ev.Extended(**when, periods=periods),
        "renewed": ev.Renewed(**when, periods=periods, rate_ppm=rate),
        "re_aged": ev.ReAged(**when, arrears=arrears),
        "restructured": ev.Restructured(**when, periods=periods, rate_ppm=rate, arrears=arrears),
        "recalled": ev.Recalled(**when),
        "written_off": ev.WrittenOff(**when),
    }
    return others[kind]
