"""What is to come of a loan that is paid as agreed: the schedule of the contract, whatever was paid until then."""

from __future__ import annotations

import datetime as dt

import pytest

from shouxin.engines.loans import events as ev
from shouxin.engines.loans.agreement import Agreement
from shouxin.engines.loans.as_agreed import instalments_to_come
from shouxin.engines.loans.fold import fold
from shouxin.engines.loans.loan import due_today
from shouxin.engines.loans.model import Method, Shape, Terms
from shouxin.engines.loans.quote import quote

OPENED = dt.date(2026, 1, 15)


def paid_out(method: str) -> tuple[Terms, ev.Event]:
    terms = Terms(2_000_000, 73_000, Method(method), Shape(OPENED, 12))
    return terms, ev.PaidOut("1", OPENED, OPENED, Agreement(terms))


@pytest.mark.parametrize("method", ["equal_instalment", "equal_principal", "interest_only"])
def test_on_the_first_day_it_is_the_quoted_schedule(method: str) -> None:
    terms, event = paid_out(method)
    to_come = instalments_to_come(fold([event], OPENED))
    assert sum(each.interest for each in to_come) == quote(terms, 0).cost
    assert sum(each.principal for each in to_come) == 2_000_000


def test_equal_instalments_stay_equal_and_interest_falls() -> None:
    _, event = paid_out("equal_instalment")
    to_come = instalments_to_come(fold([event], OPENED))
    sums = [each.interest + each.principal for each in to_come]
    assert len(to_come) == 12 and max(sums) - min(sums) < 100
    assert to_come[0].interest > to_come[-1].interest > 0


def test_what_is_overdue_is_taken_to_be_paid_today() -> None:
    _, event = paid_out("equal_instalment")
    on_time = instalments_to_come(fold([event], OPENED))
    late = fold([event], dt.date(2026, 4, 1))
    assert due_today(late) > 0
    rest = instalments_to_come(late)
    assert [each.number for each in rest] == list(range(3, 13))
    assert [each.principal for each in rest] == [each.principal for each in on_time[2:]]


def test_nothing_is_to_come_of_a_loan_that_is_repaid() -> None:
    _, event = paid_out("equal_instalment")
    repaid = ev.Repaid("2", OPENED, OPENED, 2_000_000)
    assert instalments_to_come(fold([event, repaid], OPENED)) == ()
