"""Cross-suspension and cross-default carried out at close of business, and the way back."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from functools import partial
from itertools import count

import pytest

from shouxin.book.customers import history_of, hold_customer, store_events
from shouxin.book.customers.model import State
from shouxin.book.customers.standing import change_state
from shouxin.book.facilities import commands as lines
from shouxin.book.facilities.work import ask
from shouxin.book.ledger.days import DAY as OPEN_DAY
from shouxin.book.ledger.days import day_of
from shouxin.desk.review import following_due
from shouxin.desk.review.following_due import Followed, follow_due, is_left
from shouxin.desk.servicing import commands as loans
from shouxin.desk.servicing.telling import NoticeSink
from shouxin.infra.db.connect import Target, connect
from shouxin.infra.db.unit import Unit, in_unit
from shouxin.infra.messages.history import About
from shouxin.infra.messages.notices import notices_of
from shouxin.infra.messages.outbox import Relay
from tests.database import Make
from tests.desk.origination.applicant import FIRST_DAY, Desk, desk
from tests.desk.review.reviewed import acted, borrower, end_days, events, followed, lender_under, line
from tests.desk.servicing.lender import DAY, YUAN

FIRST_DUE = dt.date(2026, 8, 1)
SUSPENDED_ON, ENDED_ON = FIRST_DUE + 31 * DAY, FIRST_DUE + 91 * DAY
OVERDUE, BUSINESS = "CROSS_OVERDUE", "CROSS_DEFAULT_BUSINESS"


@pytest.fixture
def target(databases: Make) -> Target:
    """A database of this test alone."""
    return databases()


@pytest.fixture
def lender(target: Target) -> Iterator[Desk]:
    """A lender under `standard`."""
    with desk(target) as found:
        yield found


@pytest.mark.parametrize("bundle", ["standard", "exclusive"])
def test_overdue_on_one_line_suspends_the_other_until_it_is_repaid(databases: Make, bundle: str) -> None:
    with lender_under(databases(), bundle) as lender:
        customer, held, loan = borrower(lender)
        assert acted(lender, SUSPENDED_ON - DAY) == {}  # 30 days overdue, and not more
        assert acted(lender, SUSPENDED_ON) == {SUSPENDED_ON: Followed(suspended=2)}
        assert {line(lender, each) for each in held.values()} == {("suspended", OVERDUE)}
        told = lender.one("SELECT body FROM event WHERE customer_id = %s AND kind = 'review.followed'", customer)[0]
        assert told["bundle"] == lender.bundle.hash
        assert {each["facility"] for each in told["lines"]} == {each.hex for each in held.values()}
        assert all((each["act"], each["rules"]) == ("suspend", [OVERDUE]) for each in told["lines"])
        lender.done(customer, loans.repay_loan(customer, loan, 3_000 * YUAN))
        assert acted(lender, SUSPENDED_ON + DAY) == {SUSPENDED_ON + DAY: Followed(resumed=2)}
        assert {line(lender, each) for each in held.values()} == {("active", "CAUSE_GONE")}
        lender.draw(customer, held["business-loan"], 5_000 * YUAN, purpose="stock")
        lender.check_books()


@pytest.mark.parametrize("bundle", ["standard", "exclusive"])
def test_a_business_loan_in_default_ends_the_consumer_line(databases: Make, bundle: str) -> None:
    """One that owes nothing is closed at once; one that owes is closing until it is repaid, and then for risk."""
    with lender_under(databases(), bundle) as lender:
        _customer, held, _ = borrower(lender, "business-loan")
        owing, others, _ = borrower(lender, "business-loan")
        lender.close_until(FIRST_DAY + 20 * DAY)
        debt = lender.loan(owing, others["consumer-line"], 1_000 * YUAN)
        lender.close_until(ENDED_ON - 2 * DAY)
        suspended, ended = Followed(suspended=4), Followed(ended=2)  # it was not looked at before
        assert acted(lender, ENDED_ON + DAY) == {ENDED_ON - DAY: suspended, ENDED_ON: ended}
        assert line(lender, held["consumer-line"]) == ("closed", BUSINESS)
        assert line(lender, others["consumer-line"]) == ("closing", BUSINESS)
        assert line(lender, held["business-loan"]) == line(lender, others["business-loan"]) == ("suspended", OVERDUE)
        lender.done(owing, loans.repay_loan(owing, debt, 2_000 * YUAN))
        assert line(lender, others["consumer-line"]) == ("closed", BUSINESS)
        lender.check_books()


def test_a_repeat_on_the_same_day_does_nothing(lender: Desk) -> None:
    customer, _, _ = borrower(lender)
    lender.close_until(SUSPENDED_ON)
    assert in_unit(lender.connection, lambda unit: is_left(unit, SUSPENDED_ON))
    assert follow_due(lender.connection, lender.house, SUSPENDED_ON) == Followed(suspended=2)
    assert not in_unit(lender.connection, lambda unit: is_left(unit, SUSPENDED_ON))
    before = events(lender, customer)
    assert follow_due(lender.connection, lender.house, SUSPENDED_ON) == Followed()
    assert followed(lender, customer) == {"lines": [], "undecided": []}
    assert events(lender, customer) == before
    assert before == [("facility.suspended", OVERDUE)] * 2 + [("review.followed", "-")]


def test_the_command_says_what_it_did_and_why(lender: Desk) -> None:
    customer, held, _ = borrower(lender)
    assert followed(lender, customer) == {"lines": [], "undecided": []}
    lender.close_until(SUSPENDED_ON)
    found = followed(lender, customer)
    assert found["undecided"] == []
    assert {each["facility"]: (each["product"], each["act"], each["rules"], each["status"]) for each in found["lines"]} == {
        facility: (product, "suspend", [OVERDUE], "suspended") for product, facility in held.items()
    }


def test_who_has_one_line_or_is_not_late_is_left_alone(lender: Desk) -> None:
    alone = lender.customer()
    only = lender.line(alone)
    lender.loan(alone, only, 12_000 * YUAN)
    _, held, _ = borrower(lender)
    punctual, theirs, loan = borrower(lender)
    lender.done(punctual, loans.repay_loan(punctual, loan, 12_000 * YUAN))
    assert acted(lender, SUSPENDED_ON) == {SUSPENDED_ON: Followed(suspended=2)}
    assert line(lender, only)[0] == line(lender, theirs["consumer-line"])[0] == "active"
    assert line(lender, held["business-loan"])[0] == "suspended"


def test_a_line_that_somebody_else_suspended_is_not_resumed(lender: Desk) -> None:
    customer, held, loan = borrower(lender)
    lender.done(customer, lines.suspend(held["business-loan"], "RISK"))
    lender.close_until(SUSPENDED_ON - DAY)
    assert acted(lender, SUSPENDED_ON) == {SUSPENDED_ON: Followed(suspended=1)}
    lender.done(customer, loans.repay_loan(customer, loan, 3_000 * YUAN))
    assert acted(lender, SUSPENDED_ON + DAY) == {SUSPENDED_ON + DAY: Followed(resumed=1)}
    assert line(lender, held["business-loan"]) == ("suspended", "RISK")
    assert line(lender, held["consumer-line"])[0] == "active"


def test_another_limit_meanwhile_changes_nothing_of_why_it_was_suspended(lender: Desk) -> None:
    customer, held, loan = borrower(lender)
    lender.close_until(SUSPENDED_ON)
    followed(lender, customer)
    lender.done(customer, lines.change_limit(held["business-loan"], 20_000 * YUAN, "REVIEW"))
    lender.done(customer, loans.repay_loan(customer, loan, 3_000 * YUAN))
    assert [each["act"] for each in followed(lender, customer)["lines"]] == ["resume", "resume"]


def test_who_may_not_borrow_gets_nothing_back(lender: Desk) -> None:
    customer, held, loan = borrower(lender)
    lender.close_until(SUSPENDED_ON)
    followed(lender, customer)
    lender.done(customer, loans.repay_loan(customer, loan, 3_000 * YUAN))

    def freeze(unit: Unit) -> None:
        row = hold_customer(unit, customer)
        history = history_of(unit, row, "test", day_of(unit.read(OPEN_DAY)[0]))
        change_state(unit, row, State.FROZEN, About(reason="fraud_suspected"), history)
        store_events(unit, history)

    in_unit(lender.connection, freeze)
    assert followed(lender, customer) == {"lines": [], "undecided": []}
    assert line(lender, held["business-loan"]) == ("suspended", OVERDUE)


def test_the_customer_is_told(lender: Desk, target: Target) -> None:
    customer, _, _ = borrower(lender, "business-loan")
    list(end_days(lender, FIRST_DUE + 96 * DAY))
    relay = Relay([NoticeSink(partial(connect, target.app))])
    while relay.run_once(lender.connection):
        pass
    told = {each.notice.kind for each in in_unit(lender.connection, lambda unit: notices_of(unit, customer))}
    assert {"facility_suspended", "facility_closed"} <= told


@pytest.mark.parametrize("after", [0, 1, 2])
@pytest.mark.parametrize("later", [False, True], ids=["the same day", "the next day"])
def test_a_run_that_was_killed_goes_on(lender: Desk, monkeypatch: pytest.MonkeyPatch, after: int, later: bool) -> None:
    customers = sorted(borrower(lender)[0] for _ in range(3))
    lender.close_until(SUSPENDED_ON)
    with monkeypatch.context() as patch:
        patch.setattr(following_due, "BATCH", 1)
        patch.setattr(following_due, "ask", dying(ask, after))
        with pytest.raises(KeyboardInterrupt):
            follow_due(lender.connection, lender.house, SUSPENDED_ON)
    assert [len(events(lender, each)) for each in customers] == [3] * after + [0] * (3 - after)
    assert in_unit(lender.connection, lambda unit: is_left(unit, SUSPENDED_ON))
    day = SUSPENDED_ON
    if later:
        lender.close_until(day := SUSPENDED_ON + DAY)
    done = follow_due(lender.connection, lender.house, day)
    assert done == Followed(suspended=2 * (3 - after) if later else 6)  # on the same day the counts are of the whole
    assert [events(lender, each) for each in customers] == [events(lender, customers[0])] * 3
    lender.check_books()


def dying(whole: Callable[..., object], after: int) -> Callable[..., object]:
    """The same function, which dies when it is called once too often."""
    calls = count()

    def dies(*values: object) -> object:
        if next(calls) == after:
            raise KeyboardInterrupt
        return whole(*values)

    return dies


def test_what_happened_on_a_day_that_was_never_followed_is_looked_at_later(lender: Desk) -> None:
    customer, held, loan = borrower(lender)
    lender.close_until(SUSPENDED_ON)
    follow_due(lender.connection, lender.house, SUSPENDED_ON)
    lender.done(customer, loans.repay_loan(customer, loan, 3_000 * YUAN))
    lender.close_until(SUSPENDED_ON + 3 * DAY)  # nobody drew the consequences of two days
    assert follow_due(lender.connection, lender.house, SUSPENDED_ON + 3 * DAY) == Followed(resumed=2)
    assert {line(lender, each)[0] for each in held.values()} == {"active"}


def test_nobody_is_concerned_on_the_first_day(lender: Desk) -> None:
    assert follow_due(lender.connection, lender.house, FIRST_DAY) == Followed()
    assert followed(lender, uuid.UUID(str(lender.customer())))["lines"] == []
