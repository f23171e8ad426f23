"""Trial balance, ledger of an account, statement of a customer: from text to text."""

from __future__ import annotations

import datetime as dt
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shouxin.book.ledger import chart, reports
from shouxin.book.ledger.model import Posting
from shouxin.book.ledger.reports import Line, Totals, account_ledger, statement, trial_balance
from shouxin.foundation.money import CNY, CURRENCIES, write_amount
from shouxin.foundation.refusal import Refusal
from shouxin.infra.db.keys import KeyRing
from shouxin.infra.db.unit import Unit
from tests.book.ledger.conftest import FIRST
from tests.ledgers import ACCOUNTS, Journal, id_of, keep, lines_of, trial_lines, written

SECOND, THIRD = FIRST + dt.timedelta(days=1), FIRST + dt.timedelta(days=2)
DAY_ONE = """
    2026-03-01 house capital.paid_in
      1002  4001  5000.00
    2026-03-01 ann loan.paid_out loan car
      1303.consumer-line  1002  1000.00
    2026-03-01 ben loan.paid_out loan van
      1303.business-loan  1002  500.00
"""
DAY_TWO = """
    2026-03-02 ann loan.repaid loan car value 2026-03-01
      1002  6011.consumer-line   10.00
      1002  1303.consumer-line  390.00
    2026-03-02 ann loan.paid_out loan boat
      1303.consumer-line  1002  50.00
"""
TRIAL_TWO = """
    1002                3500.00  400.00   50.00   3850.00
    1303.business-loan   500.00    0.00    0.00    500.00
    1303.consumer-line  1000.00   50.00  390.00    660.00
    4001               -5000.00    0.00    0.00  -5000.00
    6011.consumer-line     0.00    0.00   10.00    -10.00
"""


@pytest.mark.parametrize(
    "text",
    [
        f"{DAY_ONE}\nclose 2026-03-01\n{DAY_TWO}",
        f"{DAY_ONE}\nclose 2026-03-01\n{DAY_TWO}\nclose 2026-03-02\nclose 2026-03-03",
        f"{DAY_ONE}\n{DAY_TWO}",
    ],
    ids=["open", "closed", "nothing closed"],
)
def test_a_trial_balance(text: str, unit: Unit, ring: KeyRing) -> None:
    keep(unit, ring, text)
    trial = trial_balance(unit, SECOND)
    assert trial_lines(trial) == lines_of(TRIAL_TWO)
    assert trial.totals == Totals(500_000, 500_000, 45_000, 45_000, 501_000, 501_000) and trial.currency == CNY
    before, after = trial_balance(unit, FIRST - dt.timedelta(days=1)), trial_balance(unit, THIRD)
    assert before.rows == () and [row.closing for row in after.rows] == [row.closing for row in trial.rows]
    assert {row.debits for row in after.rows} == {0}


def test_an_account_that_is_even_again_is_left_out(unit: Unit, ring: KeyRing) -> None:
    keep(unit, ring, f"{DAY_ONE}\n2026-03-01 ben loan.undone reverses 1\nclose 2026-03-01")
    assert "1303.business-loan" not in {row.account for row in trial_balance(unit, SECOND).rows}
    assert "1303.business-loan" in {row.account for row in trial_balance(unit, FIRST).rows}


@pytest.mark.parametrize("closed", ["", "close 2026-03-01"])
def test_the_ledger_of_an_account(closed: str, unit: Unit, ring: KeyRing) -> None:
    keep(unit, ring, f"{DAY_ONE}\n{closed}\n{DAY_TWO}")
    book = account_ledger(unit, "1303.consumer-line", SECOND, THIRD)
    assert (book.opening, book.closing) == (100_000, 66_000)
    assert [(each.journal, each.line, each.other, each.amount, each.balance) for each in book.lines] == [
        (2, 2, "1002", -39_000, 61_000),
        (3, 1, "1002", 5_000, 66_000),
    ]
    assert {each.loan_id for each in book.lines} == {id_of("car"), id_of("boat")}
    assert book.lines[0].value_date == FIRST
    nothing = account_ledger(unit, "6711", FIRST, THIRD)
    assert (nothing.opening, nothing.lines, nothing.closing) == (0, (), 0)


# One row for each refusal in the order of the checks; the day is wrong in all but the last.
REFUSED = [
    ("9999", THIRD, FIRST, "AccountCodeUnknown"),
    ("1303.x.y", THIRD, FIRST, "AccountSplitWrong"),
    ("1303.X", THIRD, FIRST, "AccountPartUnreadable"),
    ("1303.no-such-line", THIRD, FIRST, "DaysReversed"),
    ("1303.no-such-line", FIRST, FIRST, "AccountNotOpen"),
]


@pytest.mark.parametrize(("account", "first", "last", "code"), REFUSED)
def test_what_has_no_ledger(account: str, first: dt.date, last: dt.date, code: str, unit: Unit) -> None:
    with pytest.raises(Refusal) as refused:
        account_ledger(unit, account, first, last)
    assert refused.value.code == code and refused.value.text("zh")


def test_each_refusal_has_a_row() -> None:
    assert [code for *_, code in REFUSED] == [each.__name__ for each in reports.ORDER]


def said(line: Line) -> str:
    return f"{line.book_date:%d} {line.kind} {line.account} {write_amount(line.amount)} {write_amount(line.balance)}"


def test_the_statement_of_a_customer(unit: Unit, ring: KeyRing) -> None:
    keep(unit, ring, f"{DAY_ONE}\nclose 2026-03-01\n{DAY_TWO}\n2026-03-02 ann loan.repayment_reversed loan car reverses 2")
    lines = statement(unit, id_of("ann")).lines
    assert [said(line) for line in lines if line.loan_id == id_of("car")] == lines_of(
        """
        01 loan.paid_out           1303.consumer-line  1000.00   1000.00
        01 loan.paid_out           1002               -1000.00  -1000.00
        02 loan.repaid             1002                  10.00   -990.00
        02 loan.repaid             6011.consumer-line   -10.00    -10.00
        02 loan.repaid             1002                 390.00   -600.00
        02 loan.repaid             1303.consumer-line  -390.00    610.00
        02 loan.repayment_reversed 6011.consumer-line    10.00      0.00
        02 loan.repayment_reversed 1002                 -10.00   -610.00
        02 loan.repayment_reversed 1303.consumer-line   390.00   1000.00
        02 loan.repayment_reversed 1002                -390.00  -1000.00
        """
    )
    assert [said(line) for line in lines if line.loan_id == id_of("boat")] == lines_of(
        """
        02 loan.paid_out  1303.consumer-line   50.00   50.00
        02 loan.paid_out  1002                -50.00  -50.00
        """
    )
    assert {line.reverses for line in lines} == {None, 2} and statement(unit, id_of("nobody")).lines == ()


def test_the_currency_is_that_of_the_books(admin_unit: Unit, ring: KeyRing) -> None:
    keep(admin_unit, ring, DAY_ONE)
    admin_unit.write("UPDATE posting SET currency = 'JPY'")
    assert trial_balance(admin_unit, FIRST).currency == CURRENCIES["JPY"]
    assert statement(admin_unit, id_of("ann")).currency == CURRENCIES["JPY"]


accounts = st.sampled_from(ACCOUNTS[:6])
pairs = st.tuples(accounts, accounts).filter(lambda pair: pair[0] != pair[1])
postings = st.builds(lambda pair, amount: Posting(pair[0], pair[1], amount), pairs, st.integers(1, 1_000_000))
days = st.lists(st.lists(postings, max_size=4), min_size=1, max_size=4)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(made=days, closed=st.integers(0, 4))
def test_balances_are_the_same_whatever_is_closed(made: list[list[Posting]], closed: int, books: psycopg.Connection[Any]) -> None:
    """Each balance equals the sum over all postings, and each trial balance opens where the one before closed."""
    unit, ring = Unit(books), KeyRing.fresh()
    for count, each in enumerate(made):
        day = FIRST + dt.timedelta(days=count)
        keep(unit, ring, written([Journal(day, "ann", "made.up", {}, each)]) if each else "")
    for count in range(min(closed, len(made))):
        keep(unit, ring, f"close {FIRST + dt.timedelta(days=count)}")
    expected: dict[str, int] = {}
    for count, each in enumerate(made):
        day = FIRST + dt.timedelta(days=count)
        trial = trial_balance(unit, day)
        assert {row.account: row.opening for row in trial.rows if row.opening} == {k: v for k, v in expected.items() if v}
        for one in each:
            expected[one.debit] = expected.get(one.debit, 0) + one.amount
            expected[one.credit] = expected.get(one.credit, 0) - one.amount
        assert {row.account: row.closing for row in trial.rows if row.closing} == {k: v for k, v in expected.items() if v}
        for row in trial.rows:
            book = account_ledger(unit, row.account, day, day)
            assert (book.opening, book.closing) == (row.opening, row.closing)
    books.rollback()


def test_the_chart_names_all_accounts_of_a_report(unit: Unit, ring: KeyRing) -> None:
    keep(unit, ring, f"{DAY_ONE}\n{DAY_TWO}")
    assert all(chart.name_of(row.account, "zh") != row.account for row in trial_balance(unit, SECOND).rows)
