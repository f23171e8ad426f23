"""The checks of lines and loans: silent on sound books, and each says what is wrong with others."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from shouxin.book.facilities import commands as lines
from shouxin.book.facilities.work import Asker
from shouxin.desk.servicing import checks
from shouxin.desk.servicing import commands as loans
from shouxin.desk.servicing.checks import CHECKS, all_checks
from shouxin.desk.servicing.commands import perform
from shouxin.infra.db.connect import Target, connect
from shouxin.infra.db.unit import Unit, in_unit
from tests.desk.servicing.lender import DAY, FIRST_DAY, YUAN, lender

NO_RULES = """
SET LOCAL session_replication_role = replica;
ALTER TABLE facility DROP CONSTRAINT facility_check, DROP CONSTRAINT facility_check1;
"""
# What is done to the books, the check that tells, and a part of what it says.
BROKEN = [
    ("UPDATE facility SET owed = owed + 1 WHERE loans = 1", "facilities_owe_what_loans_owe", "and 1 loans; its loans owe 100000"),
    ("UPDATE facility SET loans = 2 WHERE loans = 1", "facilities_owe_what_loans_owe", "1 are not settled"),
    ("UPDATE draw SET status = 'reserved' WHERE status = 'failed'", "facilities_reserve_what_draws_ask", "draws ask for 15000"),
    ("UPDATE customer_line SET owed = owed + 1", "lines_are_sums", "owed 100001, reserved 5000; facilities have 100000 and 5000"),
    ("UPDATE customer_line SET total = 1", "lines_within_total", "exceed the total line 1"),
    ("UPDATE facility SET most = 1 WHERE loans = 1", "facilities_within_limit", "exceed its limit 1"),
    ("UPDATE facility SET most = 1 WHERE leads", "pools_within_limit", "105000 in use exceed 1"),
    ("UPDATE loan_state SET to_come = to_come + 1", "loans_are_posted", "principal 100001, fees 0; the ledger has 100000 and 0"),
    ("UPDATE posting SET loan_id = NULL", "loans_are_posted", "the ledger has 0 and 0"),
    ("UPDATE customer_line SET credit = 7", "credits_are_posted", "credit 7; the ledger has 300"),
    ("DELETE FROM customer_line", "credits_are_posted", "credit 0; the ledger has 300"),
    ("UPDATE facility SET status = 'closed', ended = opened WHERE loans = 1", "statuses_fit", "closed with 100000 owed"),
    ("UPDATE facility SET status = 'closing' WHERE loans = 0", "statuses_fit", "closing with 0 owed"),
    ("UPDATE facility SET ended = opened WHERE loans = 1", "statuses_fit", "active with 100000 owed"),
    ("UPDATE draw SET status = 'failed' WHERE status = 'paid'", "draws_have_loans", "failed, with loan: True"),
    ("UPDATE draw SET status = 'paid' WHERE status = 'failed'", "draws_have_loans", "paid, with loan: False"),
    ("DELETE FROM loan_state", "draws_have_loans", "paid, with loan: True, with state: False"),
    ("DELETE FROM request WHERE answer -> 'body' ? 'payment'", "answers_kept", "payment 10 has 0 answers"),
    ("DELETE FROM request WHERE answer -> 'body' ? 'loan'", "answers_kept", "draw "),
    ("UPDATE loan_state SET accrued = accrued + 1", "states_are_folds", "accrued is"),
    ("UPDATE loan_state SET turn = turn + 1", "states_are_folds", "turn is 2026-02-06; the fold of its events has 2026-02-05"),
    ("UPDATE loan_state SET pending = turn", "states_are_folds", "pending is 2026-02-05; the fold of its events has None"),
    (
        "UPDATE event SET body = body || '{\"amount\": 1}' WHERE kind = 'loan.repaid'",
        "states_are_folds",
        "the fold of its events has 119999",
    ),
    ("UPDATE facility SET most = most + 100 WHERE loans = 1", "facilities_are_folds", "most is 200100; its events have 200000"),
    ("UPDATE facility SET terms = '[]' WHERE loans = 1", "facilities_are_folds", "terms is []"),
    (
        "UPDATE closed_balance SET debits = debits + 1 WHERE account LIKE '1132%'",
        "accounts_at_targets",
        "2026-01-07 account 1132",
    ),
]


@pytest.fixture(scope="module")
def books(database: Target) -> Target:
    """A loan, a draw under way, one that failed, and credit, after three days."""
    with lender(database) as bank:
        customer = bank.customer()
        facility = bank.line(customer, most=2_000 * YUAN, total=5_000 * YUAN)
        bank.facility(customer, "pay-later", 1_000 * YUAN)
        loan = bank.loan(customer, facility, 1_200 * YUAN)
        bank.done(customer, loans.repay_loan(customer, loan, 200 * YUAN))
        bank.done(customer, loans.failed(customer, bank.draw(customer, facility, 100 * YUAN), "closed account"))
        bank.draw(customer, facility, 50 * YUAN)
        bank.done(customer, loans.receive(customer, 3 * YUAN, (), {"source": "counter"}))
        bank.close_until(FIRST_DAY + 3 * DAY)
        assert in_unit(bank.connection, all_checks) == []
    return database


@pytest.fixture
def breaking(books: Target) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """A connection of a superuser whose changes are taken back."""
    with connect(books.admin) as connection:
        connection.execute(NO_RULES, prepare=False)
        yield connection
        connection.rollback()


@pytest.mark.parametrize(("change", "check", "said"), BROKEN)
def test_what_is_wrong_is_told(breaking: psycopg.Connection[tuple[object, ...]], change: str, check: str, said: str) -> None:
    assert breaking.execute(change.encode()).rowcount > 0
    unit = Unit(breaking)
    found = getattr(checks, check)(unit)
    assert any(said in each for each in found), found
    assert set(found) <= set(all_checks(unit))
    in_chinese = getattr(checks, check)(unit, lang="zh")
    assert len(in_chinese) == len(found) and not set(in_chinese) & set(found)


def test_every_check_is_broken_once() -> None:
    named = {name for name, each in vars(checks).items() if each in CHECKS}
    others = {"states_are_folds", "facilities_are_folds", "accounts_at_targets"}
    assert named | others == {check for _, check, _ in BROKEN} and len(named) == len(CHECKS)


def test_a_line_may_be_over_its_limit_for_a_reason(books: Target) -> None:
    """A lowered limit, and principal that came back: what explains it is an event."""
    with connect(books.app) as connection:
        unit = Unit(connection)
        (rows,) = unit.read(("SELECT customer_id, facility_id FROM facility WHERE leads", ()))
        connection.rollback()
        customer, facility = rows[0]
        command = lines.change_limit(facility, 500 * YUAN, "RISK")
        assert perform(connection, Asker(customer, "test", "lower"), command).done
        assert in_unit(connection, all_checks) == []
