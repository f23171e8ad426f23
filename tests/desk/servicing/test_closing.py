"""Close of business: the same whether days come one by one, whether it was stopped, and whatever customers do meanwhile."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import count
from typing import Any

import pytest

from shouxin.book.facilities.work import Asker, ask
from shouxin.book.ledger.verify import verify
from shouxin.desk.servicing import change, closing, lapsing
from shouxin.desk.servicing import commands as loans
from shouxin.desk.servicing.checks import all_checks
from shouxin.desk.servicing.commands import perform
from shouxin.desk.servicing.rolling import roll_book
from shouxin.engines.loans.events import Arrears
from shouxin.infra.db.connect import Connection, connect
from shouxin.infra.db.unit import Unit, in_unit
from tests.database import Make
from tests.desk.servicing.lender import DAY, FIRST_DAY, YUAN, Lender, lender

ACCOUNTS = "SELECT day, account, debits, credits FROM closed_balance ORDER BY day, account"
STATES = (
    "SELECT s.product, on_day, turn, touched, rate_ppm, to_come, due_principal, due_interest, late_principal, oldest_late, fees,"
    " accrued, penalty, fallen, dues, settled, written_off FROM loan_state AS s ORDER BY loan_id"
)
LINES = "SELECT product, status, most, owed, reserved, loans, expires, used, ended, reason FROM facility ORDER BY facility_id"


@pytest.fixture
def bank(databases: Make) -> Iterator[Lender]:
    with lender(databases()) as found:
        yield found


def rows(bank: Lender, query: str) -> list[tuple[Any, ...]]:
    (found,) = in_unit(bank.connection, lambda unit: unit.read((query, ())))
    return [tuple(row) for row in found]


def check(bank: Lender) -> None:
    """Nothing was booked behind a seal, and all that must be true is true."""
    report = in_unit(bank.connection, lambda unit: verify(unit, bank.house.ring))
    assert (report.findings, report.violations) == ((), ())
    assert in_unit(bank.connection, all_checks) == []


def lend(bank: Lender) -> None:
    """Loans that will be paid, late, restructured, paused, written off, and repriced on a day to come."""
    customers = [bank.customer() for _ in range(6)]
    made = [bank.loan(each, bank.line(each), (5_000 + 100 * number) * YUAN) for number, each in enumerate(customers)]
    bank.close_until(FIRST_DAY + 40 * DAY)
    pause, later = change.pause(FIRST_DAY + 90 * DAY, "AGREED"), FIRST_DAY + 60 * DAY
    bank.done(customers[1], loans.repay_loan(customers[1], made[1], 600 * YUAN))
    bank.done(customers[2], loans.change_loan(customers[2], made[2], "pause", pause))
    again = change.restructuring(12, 36_500, Arrears.CAPITALISED, "AGREED")
    bank.done(customers[3], loans.change_loan(customers[3], made[3], "restructured", again))
    bank.done(customers[4], loans.write_off(customers[4], made[4], "LOSS"))
    repriced = change.rate_change(73_000, later, "AGREED")
    bank.done(customers[5], loans.change_loan(customers[5], made[5], "rate", repriced))


def test_a_month_at_once_is_day_by_day(databases: Make) -> None:
    found = []
    for each_day in (False, True):
        with lender(databases()) as bank:
            lend(bank)
            days = range(41, 76) if each_day else [75]
            for number in days:
                bank.close_until(FIRST_DAY + number * DAY)
            found.append([rows(bank, query) for query in (ACCOUNTS, STATES, LINES)])
            check(bank)
    assert found[0] == found[1]


def test_loans_that_nobody_rolled_are_in_the_books_all_the_same(databases: Make) -> None:
    """What all loans owe is worked out from any state: one of today, or one that is months old."""
    last, found = FIRST_DAY + 75 * DAY, []
    for rolling in (True, False):
        with lender(databases()) as bank:
            lend(bank)
            day = FIRST_DAY + 40 * DAY
            while day < last:
                if rolling:
                    closing.close_day(bank.connection, bank.house, day)
                else:
                    closing.close_book(bank.connection, bank.house, day)
                day += DAY
            found.append(rows(bank, ACCOUNTS))
            check(bank)
            roll_book(bank.connection, day)
            check(bank)
    assert found[0] == found[1]


def test_a_day_is_closed_once(bank: Lender) -> None:
    customer = bank.customer()
    facility = bank.line(customer)
    loan = bank.loan(customer, facility, 12_000 * YUAN)
    bank.close_until(FIRST_DAY + 32 * DAY)
    day = FIRST_DAY + 31 * DAY
    bank.done(customer, loans.repay_loan(customer, loan, 3_000 * YUAN))
    bank.loan(customer, facility, 700 * YUAN)
    before = rows(bank, ACCOUNTS), rows(bank, "SELECT * FROM closed_day"), rows(bank, "SELECT count(*) FROM event")
    assert closing.close_book(bank.connection, bank.house, day) == (0, 0)
    assert (rows(bank, ACCOUNTS), rows(bank, "SELECT * FROM closed_day"), rows(bank, "SELECT count(*) FROM event")) == before
    with pytest.raises(closing.DayAlreadyClosed):
        list(closing.run(bank.connection, bank.house, day))
    check(bank)


@pytest.mark.parametrize("stopped_after", ["nothing", "rolling", "flip", "waiting", "seal", "rolling again", "telling"])
def test_a_close_that_was_stopped_is_finished_by_the_next(
    databases: Make, monkeypatch: pytest.MonkeyPatch, stopped_after: str
) -> None:
    found = []
    for stopping in (False, True):
        with lender(databases()) as bank:
            lend(bank)
            day = FIRST_DAY + 40 * DAY
            if stopping:
                stop(bank, monkeypatch, day, stopped_after)
            bank.close_until(day + 3 * DAY)
            found.append([rows(bank, query) for query in (ACCOUNTS, STATES, LINES)])
            check(bank)
    assert found[0] == found[1]


STEPS = ["roll_book", "open_next_day", "wait_for_older", "_close", "roll_book", "tell_soon", "lapse"]
NAMES = ["nothing", "rolling", "flip", "waiting", "seal", "rolling again", "telling"]


def stop(bank: Lender, patch: pytest.MonkeyPatch, day: dt.date, after: str) -> None:
    """Close of business for a day, which dies at the step that follows."""
    number = NAMES.index(after)
    name, turn = STEPS[number], STEPS[: number + 1].count(STEPS[number])
    place: Any = lapsing if name == "lapse" else closing
    whole = getattr(place, name)
    calls = count(1)

    def dies(*values: Any) -> Any:
        if next(calls) == turn:
            raise KeyboardInterrupt
        return whole(*values)

    with patch.context() as patched:
        patched.setattr(place, name, dies)
        with pytest.raises(KeyboardInterrupt):
            closing.close_day(bank.connection, bank.house, day)


def test_what_was_open_at_the_flip_is_in_the_seal_of_its_day(bank: Lender, databases: Make) -> None:
    """A command that has begun on a day is booked on it, and the close waits for it; one that comes later is of the next."""
    slow, quick = bank.customer(), bank.customer()
    first = bank.loan(slow, bank.line(slow), 1_000 * YUAN)
    second = bank.loan(quick, bank.line(quick), 1_000 * YUAN)
    with connected(bank) as connection, connected(bank) as closer:
        unit = Unit(connection)
        answer = ask(unit, Asker(slow, "test", "slow"), loans.repay_loan(slow, first, 100 * YUAN))
        unit.flush()
        closing_it = threading.Thread(target=lambda: closing.close_book(closer, bank.house, FIRST_DAY))
        closing_it.start()
        wait_for(lambda: bank.one("SELECT day FROM open_day") == (FIRST_DAY + DAY,))
        bank.done(quick, loans.repay_loan(quick, second, 200 * YUAN))
        closing_it.join(0.2)
        assert closing_it.is_alive() and rows(bank, "SELECT day FROM closed_day") == []
        unit.commit()
        closing_it.join(10)
        assert not closing_it.is_alive() and answer.done
    booked = dict(rows(bank, "SELECT customer_id, max(booked) FROM event WHERE kind = 'loan.repaid' GROUP BY customer_id"))
    assert booked == {slow: FIRST_DAY, quick: FIRST_DAY + DAY}
    assert (FIRST_DAY, "1303.consumer-line", 200_000, 10_000) in rows(bank, ACCOUNTS)
    check(bank)
    bank.close_until(FIRST_DAY + 2 * DAY)
    assert (FIRST_DAY + DAY, "1303.consumer-line", 200_000, 29_970) in rows(bank, ACCOUNTS)
    check(bank)


def test_a_command_between_the_sums_of_a_close_counts_once(bank: Lender, monkeypatch: pytest.MonkeyPatch) -> None:
    """Plain loans are summed in one statement, the others are folded after another: what changes between is in one of them."""
    customer = bank.customer()
    loan = bank.loan(customer, bank.line(customer), 12_000 * YUAN)
    bank.close_until(FIRST_DAY + 10 * DAY)
    day = FIRST_DAY + 10 * DAY
    sums = f"SELECT sums.* FROM ({closing.QUERIES['standing_sums']}) AS sums CROSS JOIN pg_sleep(0.5)"
    monkeypatch.setattr(closing, "QUERIES", {**closing.QUERIES, "standing_sums": sums})
    with connected(bank) as closer:
        closing_it = threading.Thread(target=lambda: closing.close_book(closer, bank.house, day))
        closing_it.start()
        wait_for(lambda: bank.one("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'") == (1,))
        bank.done(customer, loans.repay_loan(customer, loan, 1_000 * YUAN))
        closing_it.join(10)
        assert not closing_it.is_alive()
    assert (day, "1132.consumer-line.current", 3_600, 0) in rows(bank, ACCOUNTS)
    check(bank)


def test_commands_that_race_with_the_close_land_on_one_side(bank: Lender) -> None:
    """Clients pay while days are closed: every event and posting is in the seal of the day on which it is booked."""
    customers = [bank.customer() for _ in range(4)]
    made = {each: bank.loan(each, bank.line(each), 20_000 * YUAN) for each in customers}
    over, failures = threading.Event(), []
    payments = dict.fromkeys(customers, 0)

    def pay(customers_of_one: list[Any]) -> None:
        try:
            with connected(bank) as connection:
                for number in count():
                    if over.is_set():
                        return
                    customer = customers_of_one[number % 2]
                    command = loans.repay_loan(customer, made[customer], 100)
                    assert perform(connection, Asker(customer, "test", f"{customer} {number}"), command).done
                    payments[customer] += 1
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=partial(pay, customers[:2])), threading.Thread(target=partial(pay, customers[2:]))]
    for each in threads:
        each.start()
    bank.close_until(FIRST_DAY + 25 * DAY)
    over.set()
    for each in threads:
        each.join(10)
    assert not failures and min(payments.values()) > 5
    assert len(rows(bank, "SELECT DISTINCT booked FROM event WHERE kind = 'loan.repaid'")) > 10
    check(bank)
    assert rows(bank, "SELECT count(*) FROM event WHERE kind = 'loan.repaid'") == [(sum(payments.values()),)]


@contextmanager
def connected(bank: Lender) -> Iterator[Connection]:
    """Another client of the same database."""
    with connect(bank.connection.info.dsn) as connection:
        yield connection


def wait_for(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 5
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)
