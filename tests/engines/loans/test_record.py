"""What `record` refuses, in its documented order; and lives that a banker can check by hand."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shouxin.engines.loans import errors
from shouxin.engines.loans import events as ev
from shouxin.engines.loans.agreement import Agreement, Component, EarlyInterest, Grace, Order, Penalty, PenaltyBase, Prepayment
from shouxin.engines.loans.fold import fold
from shouxin.engines.loans.loan import Loan, payable
from shouxin.engines.loans.model import Conventions, Method, Shape, Terms
from shouxin.engines.loans.payment import payoff
from shouxin.engines.loans.record import ORDER, record
from shouxin.engines.loans.schedule import schedule
from shouxin.foundation.daycount import THIRTY_360
from shouxin.foundation.errors import AmountNotPositive, RateAbsurd, RateNegative
from shouxin.foundation.refusal import Refusal

PAYOUT = dt.date(2026, 1, 15)
PLAIN = Conventions(THIRTY_360)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(f"2026-{text}")


def agreement(method: Method = Method.EQUAL_PRINCIPAL, periods: int = 4, **more: Any) -> Agreement:
    """10,000.00 at 12%: 1% a month under 30/360."""
    return Agreement(Terms(1_000_000, 120_000, method, Shape(PAYOUT, periods), PLAIN), **more)


def paid_out(*more: ev.Event, **terms: Any) -> tuple[ev.Event, ...]:
    events: tuple[ev.Event, ...] = (ev.PaidOut("out", PAYOUT, PAYOUT, agreement(**terms)),)
    for each in more:
        events = record(events, each).events
    return events


def repaid(name: str, when: str, amount: int, booked: str | None = None, **more: Any) -> ev.Repaid:
    return ev.Repaid(name, day(when), day(booked or when), amount, **more)


# Refusals: each row breaks its own sentence and every later one that can be broken with it.

OPEN = paid_out()
LATE = OPEN  # nothing was paid
SETTLED = paid_out(repaid("all", "01-20", payoff(fold(OPEN, day("01-20")))))
WRITTEN_OFF = paid_out(ev.WrittenOff("off", day("06-01"), day("06-01")))
FLAT = paid_out(method=Method.FLAT)

REFUSED: list[tuple[str, tuple[ev.Event, ...], ev.Event, type[Refusal]]] = [
    ("the same id", OPEN, ev.Repaid("out", day("01-01"), day("01-01"), -1), errors.EventTwice),
    ("two payouts", OPEN, ev.PaidOut("b", day("01-01"), day("01-01"), agreement()), errors.LoanPaidOutTwice),
    ("no payout", (), ev.Repaid("b", day("01-01"), day("01-01"), -1), errors.LoanNotPaidOut),
    ("booked before", paid_out(repaid("a", "02-15", 1)), ev.Repaid("b", day("01-01"), day("02-14"), -1), errors.EventsOutOfOrder),
    ("paid out on another day", (), ev.PaidOut("b", day("01-20"), day("01-20"), agreement()), errors.PayoutDayDiffers),
    ("before payout", OPEN, ev.Repaid("b", day("01-14"), day("01-15"), -1), errors.EventBeforePayout),
    ("paid tomorrow", OPEN, ev.Repaid("b", day("02-15"), day("02-14"), -1), errors.EventNotYetEffective),
    (
        "a pause of nothing",
        OPEN,
        ev.InterestPaused("b", day("02-01"), day("02-01"), day("02-01")),
        errors.PauseEndsBeforeItStarts,
    ),
    ("half a cent", SETTLED, ev.Repaid("b", day("02-15"), day("02-15"), 0.5), errors.NotWhole),  # type: ignore[arg-type]
    ("nothing", SETTLED, ev.Repaid("b", day("02-15"), day("02-15"), 0), AmountNotPositive),
    ("less than nothing", SETTLED, ev.FeeCharged("b", day("02-15"), day("02-15"), -1), AmountNotPositive),
    ("a rate below zero", SETTLED, ev.Renewed("b", day("02-15"), day("02-15"), 0, -1), RateNegative),
    ("an absurd rate", SETTLED, ev.RateChanged("b", day("02-15"), day("02-15"), 10**9), RateAbsurd),
    ("no periods", SETTLED, ev.Extended("b", day("02-15"), day("02-15"), 0), errors.PeriodsNotPositive),
    ("too many periods", SETTLED, ev.Extended("b", day("02-15"), day("02-15"), 1201), errors.TermTooLong),
    ("a term too long in all", LATE, ev.Extended("b", day("02-20"), day("02-20"), 599), errors.TermTooLong),
    ("reversing what is not", SETTLED, ev.Reversed("b", day("02-15"), day("02-15"), "nothing"), errors.ReversedEventUnknown),
    ("reversing the payout", OPEN, ev.Reversed("b", day("02-15"), day("02-15"), "out"), errors.ReversedEventUnknown),
    ("paying what is written off", WRITTEN_OFF, ev.Repaid("b", day("06-02"), day("06-02"), 10**9), errors.LoanWrittenOff),
    ("recovering what is not", OPEN, ev.Recovered("b", day("02-15"), day("02-15"), 10**9), errors.LoanNotWrittenOff),
    ("a repayment on a settled loan", SETTLED, ev.Repaid("b", day("02-15"), day("02-15"), 10**9), errors.LoanSettled),
    ("another rate for a flat loan", FLAT, ev.RateChanged("b", day("02-15"), day("02-15"), 1), errors.FlatRateFixed),
    ("extending after the end", LATE, ev.Extended("b", day("06-15"), day("06-15"), 1), errors.NoInstalmentToCome),
    ("extending what is late", LATE, ev.Extended("b", day("02-20"), day("02-20"), 1), errors.LoanOverdue),
    ("renewing what is late", LATE, ev.Renewed("b", day("02-20"), day("02-20"), 1, 1), errors.LoanOverdue),
    ("re-ageing what is not late", OPEN, ev.ReAged("b", day("02-10"), day("02-10")), errors.LoanNotOverdue),
    ("more than is owed", OPEN, ev.Repaid("b", day("02-15"), day("02-15"), 1_010_001), errors.PrepaymentExceedsBalance),
    ("a claim paid twice", WRITTEN_OFF, ev.Recovered("b", day("06-02"), day("06-02"), 10**9), errors.PrepaymentExceedsBalance),
]


@pytest.mark.parametrize(("events", "event", "refusal"), [each[1:] for each in REFUSED], ids=[each[0] for each in REFUSED])
def test_refused(events: tuple[ev.Event, ...], event: ev.Event, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal) as told:
        record(events, event)
    assert type(told.value) is refusal
    for lang in ("zh", "en"):
        assert told.value.right(lang) and "{" not in told.value.text(lang)


def test_the_table_is_in_the_documented_order() -> None:
    told = [each[3] for each in REFUSED]
    assert [ORDER.index(each) for each in told] == sorted(ORDER.index(each) for each in told)
    assert set(ORDER) - set(told) == {errors.AccrualTooLarge}  # below


@pytest.mark.parametrize(
    ("yuan", "rate", "years", "fits"), [(10**7, 360_000, 30, True), (10**8, 360_000, 30, False), (10**9, 240_000, 30, False)]
)
def test_accumulators_stay_within_64_bits(yuan: int, rate: int, years: int, fits: bool) -> None:
    """CNY 10,000,000 at 36% for 30 years fits to its last day; beyond, the payout is refused."""
    terms = Terms(yuan * 100, rate, Method.FLEXIBLE, Shape(PAYOUT, years * 12))
    event = ev.PaidOut("out", PAYOUT, PAYOUT, Agreement(terms, Penalty(cap_ppm=360_000)))
    if not fits:
        with pytest.raises(errors.AccrualTooLarge):
            record((), event)
        return
    done = record((), event)
    loan = fold(done.events, dt.date(PAYOUT.year + years, 1, 14))
    assert 0 < loan.accrued[0][2] < 2**63
    assert loan.interest_to_date > yuan * 100 * 10


# Lives.


def test_one_paid_as_agreed() -> None:
    """Equal principal at 1% a month: 100, 75, 50, 25 of interest."""
    events = paid_out(
        *(
            repaid(str(index), f"0{index + 2}-15", 250_000 + interest)
            for index, interest in enumerate((10_000, 7_500, 5_000, 2_500))
        )
    )
    loan = fold(events, day("12-31"))
    assert loan.settled == day("05-15") and loan.totals.changed == {
        "paid_out": 1_000_000,
        "principal_repaid": 1_000_000,
        "interest_raised": 25_000,
        "interest_paid": 25_000,
    }


def test_a_payment_on_the_due_date_is_on_time() -> None:
    loan = fold(paid_out(repaid("1", "02-15", 260_000)), day("02-16"))
    assert not loan.days_past_due and not loan.dues[0].late and loan.dues[0].settled == day("02-15")


def test_late_principal_bears_interest_and_penalty() -> None:
    """Nothing paid: on 15 March 2,500.00 is 28 days late; 6% a year on top of 12%, by days over 360 outside of months."""
    loan = fold(paid_out(), day("03-15"))
    assert loan.days_past_due == 28 and loan.penalty_due == round(250_000 * 0.06 * 28 / 360)
    assert [each.interest for each in loan.dues] == [10_000, 10_000]  # on 10,000.00 again, since nothing left it


def test_the_penalty_is_cut_at_the_cap() -> None:
    loan = fold(paid_out(penalty=Penalty(30_000, cap_ppm=240_000)), day("03-15"))
    assert loan.penalty_due == round(250_000 * 0.12 * 28 / 360)


def test_within_the_grace_nothing_is_late() -> None:
    """Grace of 3 days: paid on the 18th is on time; on the 19th the penalty runs from the 15th."""
    events = paid_out(grace=Grace(3))
    assert fold(events, day("02-18")).days_past_due == 0 and fold(events, day("02-18")).penalty_due == 0
    late = fold(events, day("02-19"))
    assert late.days_past_due == 4 and late.penalty_due == round(250_000 * 0.06 * 4 / 360)
    assert fold(paid_out(repaid("1", "02-18", 260_000), grace=Grace(3)), day("02-20")).penalty_due == 0


@pytest.mark.parametrize(
    ("rule", "left"),
    [(Prepayment.REDUCE_INSTALMENT, [100_000, 100_000, 100_000]), (Prepayment.SHORTEN_TERM, [250_000, 50_000])],
)
def test_early_money(rule: Prepayment, left: list[int]) -> None:
    """7,000.00 with the first instalment: 3,000.00 are left, in lower instalments or in fewer."""
    loan = fold(paid_out(repaid("1", "02-15", 260_000 + 450_000, early=rule)), day("02-15"))
    assert [each.principal for each in loan.plan] == left and loan.interest_to_date == 0


@pytest.mark.parametrize(("how", "interest"), [(EarlyInterest.TO_THE_DAY, 5_000), (EarlyInterest.TO_NEXT_DUE, 10_000)])
def test_settled_in_the_middle_of_a_month(how: EarlyInterest, interest: int) -> None:
    """15 April to 15 May has 30 days; on the 30th half of the month's interest is earned."""
    events = paid_out(method=Method.INTEREST_ONLY, early_interest=how)
    for index, when in enumerate(("02-15", "03-15", "04-15")):
        events = record(events, repaid(str(index), when, 10_000)).events
    assert payoff(fold(events, day("04-30"))) == 1_000_000 + interest
    assert record(events, repaid("all", "04-30", 1_000_000 + interest)).after.settled == day("04-30")


def test_what_is_repaid_early_may_bear_interest_to_the_next_due_date() -> None:
    """Half is repaid on 30 April: interest to that day is paid, and the other half of the month on all of it falls due."""
    events = paid_out(method=Method.INTEREST_ONLY, early_interest=EarlyInterest.TO_NEXT_DUE)
    for index, when in enumerate(("02-15", "03-15", "04-15")):
        events = record(events, repaid(str(index), when, 10_000)).events
    done = record(events, repaid("half", "04-30", 505_000))
    assert done.difference.changed == {"principal_repaid": 500_000, "interest_raised": 5_000, "interest_paid": 5_000}
    assert fold(done.events, day("05-15")).dues[-1].interest == 5_000


def test_a_bounced_repayment_opens_the_loan_again() -> None:
    done = record(SETTLED, ev.Reversed("bounce", day("01-25"), day("01-25"), "all"))
    assert done.before is not None and done.before.settled and not done.after.settled
    assert done.difference.principal_repaid == -1_000_000 and done.after.principal == 1_000_000
    assert fold(done.events, day("01-24"), known_by=day("01-24")).settled


def test_a_backdated_repayment_posts_the_difference_on_its_book_date() -> None:
    """Booked on 20 March, effective on 15 February: the late penalty was never due, and March's interest was too high."""
    done = record(OPEN, repaid("1", "02-15", 260_000, booked="03-20"))
    before = fold(OPEN, day("03-20"))
    assert before.penalty_due > 0 and before.dues[1].interest == 10_000
    assert done.after.penalty_due == fold(done.events, day("03-20")).penalty_due < before.penalty_due
    assert done.difference.changed == {"principal_repaid": 250_000, "interest_raised": -2_500, "interest_paid": 10_000}


def test_a_pause_earns_nothing() -> None:
    """15 of February's 28 nights."""
    events = paid_out(ev.InterestPaused("pause", day("02-15"), day("02-15"), day("03-02")))
    assert fold(events, day("03-15")).dues[1].interest == round(1_000_000 * 0.01 * 13 / 28)


def test_another_rate_from_the_middle_of_a_month() -> None:
    """14 of February's 28 nights at 12%, 14 at 24%; nothing was late."""
    events = paid_out(repaid("1", "02-15", 260_000), ev.RateChanged("rate", day("03-01"), day("03-01"), 240_000))
    assert fold(events, day("03-15")).dues[1].interest == 7_500 // 2 + 7_500


def test_an_extension_spreads_what_is_left() -> None:
    events = paid_out(repaid("1", "02-15", 260_000), ev.Extended("more", day("02-20"), day("02-20"), 2))
    loan = fold(events, day("02-20"))
    assert [each.principal for each in loan.plan] == [150_000] * 5 and str(loan.plan[-1].period.end) == "2026-07-15"


def test_a_renewal_without_repaying_first() -> None:
    """Interest only; on the last due date its interest is paid and the principal stays out for three months more at 9%."""
    events = paid_out(method=Method.INTEREST_ONLY, periods=2)
    events = record(events, repaid("1", "02-15", 10_000)).events
    events = record(events, repaid("2", "03-15", 10_000)).events
    done = record(events, ev.Renewed("new", day("03-15"), day("03-15"), 3, 90_000))
    assert done.difference.changed == {} and done.after.principal == 1_000_000 and done.after.principal_due == 0
    later = fold(done.events, day("04-20"))
    assert (
        later.dues[-1].interest == 7_500 and str(later.plan[-1].period.end) == "2026-06-15" and later.oldest_late == day("04-15")
    )


@pytest.mark.parametrize("arrears", list(ev.Arrears))
def test_re_ageing_makes_it_current(arrears: ev.Arrears) -> None:
    events = record(OPEN, ev.ReAged("again", day("03-20"), day("03-20"), arrears)).events
    loan = fold(events, day("03-20"))
    assert loan.days_past_due == 0 and loan.principal_due == 0
    capitalised = 20_000 if arrears is ev.Arrears.CAPITALISED else 0
    assert loan.principal == 1_000_000 + capitalised and loan.totals.capitalised == capitalised
    due = fold(events, day("04-15")).dues[-1]
    assert due.unpaid_interest >= (20_000 if arrears is ev.Arrears.CARRIED else 0) and due.principal == loan.principal // 2


def test_restructuring_starts_a_new_term() -> None:
    done = record(OPEN, ev.Restructured("new", day("06-20"), day("06-20"), 10, 60_000))
    assert done.after.days_past_due == 0 and [each.principal for each in done.after.plan] == [100_000] * 10
    assert done.after.plan[0].carried == 40_000 + 12_000  # 36 nights after the end
    assert done.after.plan[0].period.end == day("07-20")


def test_written_off_and_partly_recovered() -> None:
    loan = fold(WRITTEN_OFF, day("09-01"))
    assert loan.claim == 1_000_000 + loan.totals.written_off_interest + loan.totals.written_off_penalty
    assert loan == replace(fold(WRITTEN_OFF, day("06-01")), on=day("09-01"))  # interest has stopped
    done = record(WRITTEN_OFF, ev.Recovered("some", day("09-01"), day("09-01"), 300_000))
    assert done.difference.changed == {"recovered": 300_000} and done.after.claim == loan.claim - 300_000
    rest = record(done.events, ev.Recovered("rest", day("10-01"), day("10-01"), done.after.claim))
    assert rest.after.settled == day("10-01") and rest.after.claim == 0


def test_a_fee_is_due_at_once_and_paid_before_interest() -> None:
    events = paid_out(ev.FeeCharged("fee", day("02-15"), day("02-15"), 500), repaid("1", "02-15", 10_500))
    loan = fold(events, day("02-15"))
    assert loan.fees == 0 and loan.dues[0].unpaid_interest == 0 and loan.dues[0].unpaid_principal == 250_000


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from([each for each in Method if each is not Method.FLAT]),
    st.integers(0, 5),
    st.integers(0, 5),
    st.integers(0, 330),
)
def test_a_rate_that_stays_changes_nothing(method: Method, principal_grace: int, interest_grace: int, after: int) -> None:
    """Worked out again in the middle of a period at the same rate, instalments are what they were, within rounding."""
    graces: dict[str, Any] = {
        "principal_grace": 0 if method in (Method.INTEREST_ONLY, Method.FLEXIBLE) else principal_grace,
        "interest_grace": 0 if method is Method.FLEXIBLE else interest_grace,
    }
    terms = Terms(1_200_000, 120_000, method, Shape(PAYOUT, 12), **graces)
    when = PAYOUT + dt.timedelta(days=after)
    events = paid_as_due((ev.PaidOut("out", PAYOUT, PAYOUT, Agreement(terms)),), when)
    loan = fold(events, when)
    if loan.is_open and loan.plan:
        again = record(events, ev.RateChanged("same", when, when, 120_000)).after
        assert all(abs(one.principal - two.principal) <= 12 for one, two in zip(loan.plan, again.plan, strict=True))
        assert abs(again.level - loan.level) <= 12


# What the first reader of this code found.


def opened_at(method: Method = Method.EQUAL_INSTALMENT, periods: int = 12, **more: Any) -> tuple[ev.Event, ...]:
    """12,000.00 at 12%, actual/365."""
    graces = {name: more.pop(name) for name in ("principal_grace", "interest_grace") if name in more}
    terms = Terms(1_200_000, 120_000, method, Shape(PAYOUT, periods), **graces)
    return record((), ev.PaidOut("out", PAYOUT, PAYOUT, Agreement(terms, **more))).events


NO_GRACE = [
    (Method.FLEXIBLE, "interest_grace"),
    (Method.FLEXIBLE, "principal_grace"),
    (Method.INTEREST_ONLY, "principal_grace"),
]


@pytest.mark.parametrize(("method", "grace"), NO_GRACE)
def test_a_grace_that_a_method_does_not_have(method: Method, grace: str) -> None:
    with pytest.raises(errors.GraceLeavesNoInstalment):
        opened_at(method, **{grace: 1})


def test_the_level_does_not_hold_interest_that_waits() -> None:
    assert fold(opened_at(interest_grace=3), PAYOUT).level == fold(opened_at(), PAYOUT).level == 106_591


def test_flat_interest_waits_without_being_lost() -> None:
    """Six parts of 120.00 wait for the seventh instalment; paid off a day before the sixth due date, nearly six are owed."""
    events = opened_at(Method.FLAT, interest_grace=6)
    assert [each.flat_interest for each in fold(events, PAYOUT).plan] == [12_000] * 12
    plain, grace = paid_as_due(opened_at(Method.FLAT), day("07-14")), paid_as_due(events, day("07-14"))
    assert cost_of_payoff(grace, day("07-14")) == cost_of_payoff(plain, day("07-14"))
    assert fold(paid_as_due(events, day("08-16")), day("08-16")).dues[-1].interest == 84_000


def cost_of_payoff(events: tuple[ev.Event, ...], when: dt.date) -> int:
    loan = record(events, ev.Repaid("off", when, when, payoff(fold(events, when)))).after
    return loan.totals.interest_paid


@pytest.mark.parametrize("method", list(Method))
@pytest.mark.parametrize("how", list(EarlyInterest))
def test_all_but_a_cent(method: Method, how: EarlyInterest) -> None:
    events, when = opened_at(method, early_interest=how), day("02-01")
    whole = payoff(fold(events, when))
    done = record(events, ev.Repaid("most", when, when, whole - 1))
    assert payoff(done.after) == 1 and done.after.settled is None
    assert record(done.events, ev.Repaid("rest", when, when, 1)).after.settled == when


def test_early_money_pays_what_was_carried_before_principal() -> None:
    events = record(opened_at(), ev.ReAged("again", day("03-01"), day("03-01"))).events
    done = record(events, ev.Repaid("early", day("03-01"), day("03-01"), 50_000))
    assert done.before is not None and done.before.carried > 0 and done.after.carried == 0
    assert done.difference.interest_paid == done.before.carried + done.before.interest_to_date


def test_an_extension_after_a_shorter_term_leaves_no_hole() -> None:
    events = opened_at(prepayment=Prepayment.SHORTEN_TERM)
    events = record(events, repaid("early", "02-10", 600_000)).events
    loan = record(events, ev.Extended("more", day("02-11"), day("02-11"), 3)).after
    assert all(one.period.end == two.period.start for one, two in zip(loan.plan, loan.plan[1:], strict=False))


def test_an_extension_on_the_last_due_date() -> None:
    """展期 is asked for on the day on which the loan ends."""
    events = record(opened_at(Method.INTEREST_ONLY, 1), ev.Extended("more", day("02-15"), day("02-15"), 2)).events
    loan = fold(events, day("02-15"))
    assert [each.principal for each in loan.plan] == [0, 1_200_000] and loan.principal_due == 0
    assert loan.dues[0].unpaid_interest > 0  # its interest stays due


def test_a_flat_loan_is_extended_at_its_interest() -> None:
    """On its last due date 12,000.00 are due; two months more cost 12% a year of them, in two equal parts."""
    loan = record(opened_at(Method.FLAT, 1), ev.Extended("more", day("02-15"), day("02-15"), 2)).after
    assert [each.principal for each in loan.plan] == [600_000, 600_000]
    assert sum(each.flat_interest for each in loan.plan) == round(1_200_000 * 0.12 * 59 / 365)


def test_a_written_off_loan_owes_its_claim_and_nothing_beside() -> None:
    events = record(opened_at(), ev.WrittenOff("off", day("06-01"), day("06-01"))).events
    loan = fold(events, day("08-01"))
    assert loan.principal == 0 and payoff(loan) == loan.claim > 1_200_000
    settled = record(events, ev.Recovered("all", day("08-01"), day("08-01"), loan.claim)).after
    assert settled.settled and settled.days_past_due == 0 and settled.principal == 0


def test_money_and_fees_after_a_backdated_write_off_go_to_the_claim() -> None:
    events = record(opened_at(), repaid("late", "06-01", 50_000)).events
    events = record(events, ev.FeeCharged("fee", day("06-01"), day("06-01"), 500)).events
    done = record(events, ev.WrittenOff("off", day("05-31"), day("06-02")))
    assert done.after.totals.recovered == 50_000 and done.after.totals.overpaid == 0 and done.after.totals.fees_raised == 500


def test_thirty_day_months_fit_into_64_bits_too() -> None:
    """The plan's limit under 30/360, and a first period of its own length."""
    terms = Terms(10**9, 360_000, Method.FLEXIBLE, Shape(PAYOUT, 360), PLAIN)
    loan = fold(
        record((), ev.PaidOut("out", PAYOUT, PAYOUT, Agreement(terms, Penalty(cap_ppm=360_000)))).events, dt.date(2056, 1, 14)
    )
    assert 0 < loan.accrued[0][2] < 2**63
    odd = Terms(10**9, 109_500, Method.FLEXIBLE, Shape(PAYOUT, 60, first_due=day("02-20")), PLAIN)
    assert fold(record((), ev.PaidOut("out", PAYOUT, PAYOUT, Agreement(odd))).events, dt.date(2031, 1, 10)).interest_to_date > 0


def test_a_rate_that_would_overflow_is_refused_when_it_is_booked() -> None:
    terms = Terms(10**9, 120_000, Method.FLEXIBLE, Shape(PAYOUT, 240))
    events = record((), ev.PaidOut("out", PAYOUT, PAYOUT, Agreement(terms))).events
    with pytest.raises(errors.AccrualTooLarge):
        record(events, ev.RateChanged("huge", day("03-01"), day("03-01"), 9_000_000))


def test_paused_nights_cost_nothing_to_the_next_due_date_either() -> None:
    events = record(
        opened_at(early_interest=EarlyInterest.TO_NEXT_DUE), ev.InterestPaused("pause", day("01-20"), day("01-20"), day("02-15"))
    ).events
    assert payoff(fold(events, day("01-25"))) == 1_200_000 + round(1_200_000 * 0.12 * 5 / 365)


def test_an_instalment_paid_a_few_days_early_is_paid() -> None:
    """提前还当期: on 12 February the first instalment is paid; on the 15th nothing more than three nights' difference is due."""
    loan = fold(opened_at(), PAYOUT)
    events = record(opened_at(), repaid("early", "02-12", loan.level, early=Prepayment.NEXT_INSTALMENTS)).events
    assert sum(each.amount for each in payable(fold(events, day("02-15")))) < 1_200
    later = fold(events, day("02-15")).plan
    assert [each.principal for each in later[1:]] == [each.principal for each in loan.plan[2:]]


def test_the_penalty_of_a_grace_has_each_night_at_its_rate() -> None:
    """2,500.00 due on 15 February, unpaid when the grace ends on 7 March: 10 nights at half of 12%, 11 at half of 6%."""
    events = paid_out(grace=Grace(20))
    events = record(events, ev.RateChanged("half", day("02-25"), day("02-25"), 60_000)).events
    assert fold(events, day("03-07")).penalty_due == 0
    assert fold(events, day("03-08")).penalty_due == round(250_000 * (0.06 * 10 + 0.03 * 11) / 360)


def test_late_interest_may_bear_rate_and_penalty() -> None:
    """复利: 100.00 of interest, 28 days late, at 18%."""
    base = PenaltyBase.PRINCIPAL_AND_INTEREST
    events = paid_out(method=Method.INTEREST_ONLY, penalty=Penalty(base=base))
    assert fold(events, day("03-15")).penalty_due == round(10_000 * 0.18 * 28 / 360)


def test_capitalised_arrears_hold_all_interest() -> None:
    done = record(OPEN, ev.Restructured("new", day("06-20"), day("06-20"), 10, 60_000, ev.Arrears.CAPITALISED))
    assert done.after.totals.capitalised == 40_000 + 12_000 and done.after.principal == 1_052_000 and done.after.carried == 0


def test_a_new_term_has_no_grace() -> None:
    events = opened_at(principal_grace=5)
    loan = record(events, ev.Renewed("new", day("02-10"), day("02-10"), 6, 120_000)).after
    assert all(each.principal > 150_000 for each in loan.plan)


def test_within_the_grace_nothing_is_overdue() -> None:
    events = paid_out(grace=Grace(5))
    with pytest.raises(errors.LoanNotOverdue):
        record(events, ev.ReAged("x", day("02-18"), day("02-18")))
    assert record(events, ev.Extended("x", day("02-18"), day("02-18"), 1)).after.plan


def test_the_refusal_of_a_backdated_payment_says_what_fits() -> None:
    with pytest.raises(errors.PrepaymentExceedsBalance) as told:
        record(SETTLED, ev.Repaid("before", day("01-18"), day("01-25"), 50_000))
    assert told.value.limits["owed"] != "500.00"


def test_orders_and_graces_are_checked_when_they_are_agreed() -> None:
    with pytest.raises(errors.ConventionUnknown):
        Order((Component.INTEREST, Component.PRINCIPAL))
    with pytest.raises(errors.GraceTooLong):
        Grace(91)


def test_equal_instalments_that_would_repay_nothing_are_refused() -> None:
    with pytest.raises(errors.InstalmentBelowInterest):
        schedule(Terms(10**8, 240_000, Method.EQUAL_INSTALMENT, Shape(PAYOUT, 360)))
    assert min(schedule(Terms(10**8, 240_000, Method.EQUAL_INSTALMENT, Shape(PAYOUT, 360), PLAIN)).principals) > 0


# Prepaying never raises the total.


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from([Method.EQUAL_INSTALMENT, Method.EQUAL_PRINCIPAL, Method.INTEREST_ONLY, Method.FLEXIBLE, Method.FLAT]),
    st.sampled_from(list(Prepayment)),
    st.sampled_from(list(EarlyInterest)),
    st.integers(10_000, 10**8),
    st.integers(0, 360_000),
    st.integers(2, 14),
    st.integers(0, 400),
    st.integers(1, 10**8),
)
def test_prepaying_never_raises_the_total(
    method: Method, rule: Prepayment, how: EarlyInterest, principal: int, rate: int, periods: int, after: int, amount: int
) -> None:
    """What is paid in all, early or not. Rounding of the new instalments may cost at most one minor unit for each."""
    terms = Terms(principal, rate, method, Shape(PAYOUT, periods))
    start: tuple[ev.Event, ...] = (ev.PaidOut("out", PAYOUT, PAYOUT, Agreement(terms, early_interest=how)),)
    when = PAYOUT + dt.timedelta(days=after)
    plain = paid_as_due(start, when)
    loan = fold(plain, when)
    if not loan.is_open:
        return
    early = ev.Repaid("early", when, when, min(amount, payoff(loan)), rule)
    prepaid = paid_as_due(record(plain, early).events, dt.date(2029, 1, 1))
    total, without = cost(prepaid), cost(paid_as_due(plain, dt.date(2029, 1, 1)))
    assert total <= without + (periods if rule is Prepayment.REDUCE_INSTALMENT else 0)


def cost(events: tuple[ev.Event, ...]) -> int:
    loan: Loan = fold(events, dt.date(2029, 1, 1))
    assert loan.settled
    return loan.totals.interest_paid + loan.totals.penalty_paid


def paid_as_due(events: tuple[ev.Event, ...], until: dt.date) -> tuple[ev.Event, ...]:
    """What is due is paid on its day, for each due date before `until`."""
    day = max(events[-1].booked, PAYOUT)
    while True:
        loan = fold(events, day)
        owed = sum(each.amount for each in payable(loan))
        if owed:
            events = (*events, ev.Repaid(f"due {len(events)}", day, day, owed))
        if not loan.plan or loan.plan[0].period.end >= until:
            return events
        day = loan.plan[0].period.end
