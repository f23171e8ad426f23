"""Laws of a loan's life, over random lives: lazy is eager, nothing is lost, nothing is negative, history can be asked for."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shouxin.engines.loans import events as ev
from shouxin.engines.loans.accrual import worth
from shouxin.engines.loans.agreement import PenaltyBase
from shouxin.engines.loans.apply import applied, opened
from shouxin.engines.loans.fold import fold, in_effect
from shouxin.engines.loans.loan import Due, Loan, Totals, compact, payable
from shouxin.engines.loans.model import Method
from shouxin.engines.loans.payment import payoff
from shouxin.engines.loans.record import Recorded, advance, record
from shouxin.engines.loans.roll import roll
from shouxin.foundation.daycount import DayCount, Period, legs
from shouxin.foundation.rates import MILLION
from shouxin.foundation.refusal import Refusal
from tests.engines.loans.streams import DAY, lives, lives_going_on

LAWS = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def end_of(events: tuple[ev.Event, ...], more: int = 40) -> dt.date:
    return max(each.booked for each in events) + more * DAY


def eager(events: tuple[ev.Event, ...], on: dt.date) -> list[Loan]:
    """The loan at the end of each day, walked day by day."""
    live = in_effect(events)
    assert isinstance(live[0], ev.PaidOut)
    loan, days = opened(live[0]), []
    day = live[0].effective
    while day <= on:
        loan = roll(loan, day)
        for each in live[1:]:
            if each.effective == day:
                loan = applied(loan, each)
        days.append(loan)
        day += DAY
    return days


@LAWS
@given(lives(), st.integers(0, 400))
def test_a_jump_is_a_walk_day_by_day(events: tuple[ev.Event, ...], more: int) -> None:
    on = end_of(events, more)
    assert fold(events, on) == eager(events, on)[-1]


@LAWS
@given(lives())
def test_interest_is_the_sum_of_its_days(events: tuple[ev.Event, ...]) -> None:
    """Earned again from the balances of each evening, in fractions: what was raised and what is earned since are its parts."""
    days = eager(events, end_of(events))
    if any(each.agreement.early_interest == "to-next-due" for each in days[:1]) or days[-1].settled:
        return  # interest for days that were not lived through; tested by example
    terms = days[0].agreement.terms
    exact, roundings = Fraction(0), 0
    for before, after in pairwise(days):
        exact += one_day(before)
        roundings += earned(after) < earned(before) + one_day(before)  # fallen due, settled or written off
    last = days[-1]
    told = last.totals.interest_raised + worth(last.accrued) + worth(last.waiting) - last.raised
    assert abs(told - exact) <= Fraction(roundings, 2), terms


def earned(loan: Loan) -> Fraction:
    return worth(loan.accrued) + worth(loan.waiting)


def one_day(loan: Loan) -> Fraction:
    """What the night that begins on `loan.on` earns, worked out on its own."""
    if not loan.is_open or any(start <= loan.on < end for start, end in loan.pauses):
        return Fraction(0)
    count, day = loan.agreement.terms.conventions.day_count, loan.on
    actual = share(DayCount("", count.year), Period(day, day + DAY), day)
    rate = Fraction(loan.rate_ppm, MILLION)
    if not loan.plan:
        return loan.principal_due * rate * actual
    period = loan.plan[0].period
    if loan.agreement.terms.method is Method.FLAT:
        return Fraction(loan.plan[0].flat_interest, period.days) + loan.principal_due * rate * actual
    return loan.principal * rate * share(count, period, day)


def share(count: DayCount, period: Period, day: dt.date) -> Fraction:
    return sum((leg.share for leg in legs(count, period, day, day + DAY)), Fraction(0))


@LAWS
@given(lives())
def test_penalty_is_the_sum_of_its_nights(events: tuple[ev.Event, ...]) -> None:
    """Each night at its own rate, on what was late; the nights of a grace once it has ended unpaid."""
    days = eager(events, end_of(events))
    evening = {each.on: each for each in days}
    exact = Fraction(0)
    for before, after in pairwise(days):
        exact += sum((penalty(before, each) for each in before.dues if each.late), Fraction(0))
        known = {each.number for each in before.dues if each.late}
        for each in after.dues:
            if each.late and each.number not in known:
                unpaid = next((due for due in before.dues if due.number == each.number), each)
                nights = ((each.grace_end - each.due).days + 1) if each.due > events[0].effective else 0
                exact += sum((penalty(evening[each.due + index * DAY], unpaid) for index in range(nights)), Fraction(0))
                exact -= penalty(before, unpaid) if unpaid.late else 0
    assert worth(days[-1].penalty) == exact


def penalty(loan: Loan, due: Due) -> Fraction:
    """What one instalment bears in the night that begins on `loan.on`."""
    if not loan.is_open or due.settled or any(start <= loan.on < end for start, end in loan.pauses):
        return Fraction(0)
    extra = loan.agreement.penalty.extra_ppm(loan.rate_ppm)
    on_interest = loan.rate_ppm + extra if loan.agreement.penalty.base is PenaltyBase.PRINCIPAL_AND_INTEREST else 0
    count = loan.agreement.terms.conventions.day_count
    nights = share(DayCount("", count.year), Period(loan.on, loan.on + DAY), loan.on)
    return (due.unpaid_principal * extra + due.unpaid_interest * on_interest) * nights / MILLION


@LAWS
@given(lives())
def test_every_cent_is_somewhere(events: tuple[ev.Event, ...]) -> None:
    loan = fold(events, end_of(events))
    totals = loan.totals
    paid = sum(each.amount for each in in_effect(events) if isinstance(each, ev.Repaid | ev.Recovered))
    parts = totals.principal_repaid + totals.interest_paid + totals.penalty_paid + totals.fees_paid
    assert paid == parts + totals.recovered + totals.overpaid
    unpaid = sum(each.unpaid_interest for each in loan.dues) + loan.carried
    if not loan.written_off:
        assert totals.paid_out + totals.capitalised == totals.principal_repaid + loan.principal
        assert totals.interest_raised == totals.interest_paid + totals.capitalised + unpaid
        assert totals.fees_raised == totals.fees_paid + loan.fees
    else:
        assert totals.paid_out + totals.capitalised == totals.principal_repaid + totals.written_off_principal
        assert totals.interest_raised == totals.interest_paid + totals.capitalised + totals.written_off_interest


@LAWS
@given(lives())
def test_nothing_is_negative(events: tuple[ev.Event, ...]) -> None:
    for loan in eager(events, end_of(events)):
        assert min(loan.totals.changed.values()) > 0
        assert all(min(each.unpaid_principal, each.unpaid_interest, each.principal, each.interest) >= 0 for each in loan.dues)
        assert all(each.principal >= 0 for each in loan.plan)
        assert loan.interest_to_date >= 0 and loan.penalty_due >= 0 and loan.fees >= 0 and loan.claim >= 0
        assert all(each.amount > 0 for each in payable(loan))


@LAWS
@given(lives())
def test_what_settles_it_settles_it(events: tuple[ev.Event, ...]) -> None:
    on = end_of(events)
    loan = fold(events, on)
    if loan.is_open:
        amount = payoff(loan)
        after = record(events, ev.Repaid("last", on, on, amount)).after if amount else loan
        assert after.settled == on and not after.totals.overpaid - loan.totals.overpaid
        assert not payable(after) and not after.principal


@LAWS
@given(lives(), st.integers(1, 100))
def test_paying_part_of_what_settles_it_leaves_the_rest(events: tuple[ev.Event, ...], percent: int) -> None:
    on = end_of(events)
    whole = payoff(fold(events, on))
    part = max(1, whole * percent // 100)
    if fold(events, on).is_open and part <= whole:
        assert payoff(record(events, ev.Repaid("part", on, on, part)).after) == whole - part


@LAWS
@given(lives())
def test_instalments_to_come_touch(events: tuple[ev.Event, ...]) -> None:
    for loan in eager(events, end_of(events)):
        assert all(one.period.end == two.period.start for one, two in pairwise(loan.plan))
        assert not loan.plan or loan.plan[-1].collects


@LAWS
@given(lives(), st.data())
def test_what_was_known_is_what_was_known(events: tuple[ev.Event, ...], data: st.DataObject) -> None:
    """Asked with the knowledge of a day, a loan is what it was on that day, whatever came later; differences add up."""
    known = data.draw(st.sampled_from([each.booked for each in events]))
    early = tuple(each for each in events if each.booked <= known)
    assert fold(events, known, known_by=known) == fold(early, known)
    posted = fold(events[:1], events[0].booked).totals
    last = events[0].booked
    for index, each in enumerate(events[1:], 1):
        grown = fold(events[:index], each.booked).totals - fold(events[:index], last).totals
        posted = total(
            posted, total(grown, fold(events[: index + 1], each.booked).totals - fold(events[:index], each.booked).totals)
        )
        last = each.booked
    assert posted == fold(events, last).totals


def total(one: Totals, two: Totals) -> Totals:
    return one - (Totals() - two)


@LAWS
@given(lives())
def test_a_settled_loan_stays_as_it_is(events: tuple[ev.Event, ...]) -> None:
    loan = fold(events, end_of(events))
    if loan.settled:
        later = fold(events, end_of(events, 400))
        assert later == replace(loan, on=later.on) and later.principal == 0 and later.days_past_due == 0
        assert payoff(later) == 0


@LAWS
@given(lives_going_on())
def test_a_loan_advances_as_its_events_fold(life: tuple[tuple[ev.Event, ...], ev.Event, dt.date]) -> None:
    """From the loan alone, settled instalments left out, the next event gives what a refold gives; and refuses alike."""
    events, event, day = life
    loan = compact(fold(events, day))
    try:
        expected: Recorded | str = record(events, event)
    except Refusal as refusal:
        expected = str(refusal)
    try:
        got: Recorded | str = advance(loan, event)
    except Refusal as refusal:
        got = str(refusal)
    if isinstance(expected, str) or isinstance(got, str):
        assert got == expected
    else:
        assert compact(got.after) == compact(expected.after)
        assert got.difference == expected.difference
