"""The checks: each is silent on sound books, and says what is wrong with others."""

from __future__ import annotations

import datetime as dt
from typing import Any

import psycopg
import pytest

from shouxin.book.ledger import checks
from shouxin.book.ledger.checks import CHECKS, Check, violations
from shouxin.infra.db.keys import KeyRing
from shouxin.infra.db.unit import Unit
from tests.book.ledger.conftest import FIRST
from tests.ledgers import id_of, keep

ANN, BEN = id_of("ann"), id_of("ben")
BOOKED = """
    2026-03-01 ann loan.paid_out loan car
      1303.consumer-line  1002  1000.00
    2026-03-01 ann loan.repaid loan car
      1002  6011.consumer-line   10.00
      1002  1303.consumer-line  390.00
    close 2026-03-01
    2026-03-02 ann loan.repayment_reversed loan car reverses 2
    2026-03-02 ben loan.paid_out
      1303.business-loan  1002  1.00
    close 2026-03-02
"""
NO_RULES = """
SET LOCAL session_replication_role = replica;
ALTER TABLE account DROP CONSTRAINT account_named;
ALTER TABLE posting DROP CONSTRAINT posting_amount_check, DROP CONSTRAINT posting_two_accounts;
"""

# What is done to the books, the check that tells, and a part of what it says.
NAMED, SOUND, HEADED = checks.accounts_named_rightly, checks.postings_sound, checks.journals_have_events
MIRROR, COUNTED = checks.reversals_mirror, checks.events_without_gaps
SUMS, EVEN = checks.closed_balances_are_sums, checks.closed_days_balance
BROKEN = [
    ("UPDATE account SET product = 'x' WHERE account = '1303.business-loan'", NAMED, "1303.business-loan"),
    ("UPDATE posting SET amount = -amount WHERE customer_id = '{ben}'", SOUND, "{ben} 1/1"),
    ("UPDATE posting SET credit = debit WHERE customer_id = '{ben}'", SOUND, "{ben} 1/1"),
    ("UPDATE posting SET currency = 'USD' WHERE customer_id = '{ben}'", SOUND, "{ben} 1/1"),
    ("DELETE FROM event WHERE customer_id = '{ben}'", HEADED, "{ben} 1 of 2026-03-02"),
    ("UPDATE event SET booked = '2026-03-01' WHERE customer_id = '{ben}'", HEADED, "{ben} 1 of 2026-03-02"),
    ("UPDATE posting SET amount = 1 WHERE journal = 3 AND line = 2", MIRROR, "{ann} 3/2: not the mirror image of journal 2"),
    ("UPDATE posting SET debit = '6711' WHERE journal = 2 AND line = 1", MIRROR, "{ann} 3/1"),
    ("UPDATE posting SET credit = '6711' WHERE journal = 3 AND line = 1", MIRROR, "{ann} 3/1"),
    ("UPDATE posting SET loan_id = NULL WHERE journal = 3 AND line = 1", MIRROR, "{ann} 3/1"),
    ("DELETE FROM posting WHERE journal = 3 AND line = 1", MIRROR, "{ann} 3/1"),
    ("DELETE FROM posting WHERE journal = 2", MIRROR, "{ann} 3/2"),
    (
        "DELETE FROM event WHERE customer_id = '{ann}' AND number = 3",
        COUNTED,
        "3 events are told, 2 are there, the last is number 2",
    ),
    (
        "DELETE FROM event WHERE customer_id = '{ann}' AND number = 1",
        COUNTED,
        "3 events are told, 2 are there, the last is number 3",
    ),
    ("UPDATE customer SET events = 9 WHERE customer_id = '{ann}'", COUNTED, "9 events are told, 3 are there"),
    ("DELETE FROM customer WHERE customer_id = '{ben}'", COUNTED, "0 events are told, 1 are there"),
    ("UPDATE posting SET amount = 7 WHERE customer_id = '{ben}'", SUMS, "2026-03-02 account 1002"),
    ("DELETE FROM closed_balance WHERE account = '1002'", SUMS, "2026-03-01 account 1002: closed with debits 0"),
    (
        "UPDATE closed_balance SET debits = 1 WHERE account = '1002' AND day = '2026-03-02'",
        EVEN,
        "2026-03-02: closed",
    ),
]


@pytest.mark.parametrize(("change", "check", "said"), BROKEN)
def test_what_is_wrong(
    change: str, check: Check, said: str, admin: psycopg.Connection[Any], admin_unit: Unit, ring: KeyRing
) -> None:
    names = {"ann": str(ANN), "ben": str(BEN)}
    keep(admin_unit, ring, BOOKED)
    admin_unit.flush()
    admin.execute(NO_RULES.encode(), prepare=False)
    assert violations(admin_unit) == []
    admin_unit.write(change.format(**names))
    told = check(admin_unit)
    assert any(said.format(**names) in each for each in told), told
    assert set(told) <= set(violations(admin_unit))
    assert len(check(admin_unit, lang="zh")) == len(told) and set(check(admin_unit, lang="zh")).isdisjoint(told)


def test_each_check_has_a_row() -> None:
    assert list(dict.fromkeys(check.name for _, check, _ in BROKEN)) == [each.name for each in CHECKS]
    assert {each.name for each in CHECKS} == set(checks.QUERIES)


def test_what_is_before_the_first_day_asked_for_is_not_looked_at(admin_unit: Unit, ring: KeyRing) -> None:
    keep(admin_unit, ring, BOOKED)
    admin_unit.write("UPDATE posting SET amount = amount + 1 WHERE customer_id = %s AND journal = 1", (ANN,))
    assert any("2026-03-01" in each for each in violations(admin_unit))
    assert violations(admin_unit, FIRST + dt.timedelta(days=1)) == []


def test_empty_books_are_sound(unit: Unit) -> None:
    assert violations(unit) == []
