"""What close of business books of interest, penalty and provisions, in numbers worked out by hand.

12,000.00 at 10.95% bear 3.60 a day: 1,200,000 x 0.1095 / 365 = 360 fen. Interest only: nothing of the principal falls due before
the end, so that there is no penalty.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator

import pytest

from shouxin.book.ledger.balances import balances_at
from shouxin.desk.servicing import commands as loans
from shouxin.desk.servicing.accruing import Owed, Sums, classes_on, targets
from shouxin.desk.servicing.checks import all_checks
from shouxin.desk.servicing.draw import Draw
from shouxin.infra.db.unit import in_unit
from tests.database import Make
from tests.desk.servicing.lender import DAY, FIRST_DAY, YUAN, Lender, lender

FIRST_DUE = dt.date(2026, 2, 5)
INTEREST = {31: 11_160, 28: 10_080, 30: 10_800}  # of a month


@pytest.fixture
def bank(databases: Make) -> Iterator[Lender]:
    with lender(databases()) as found:
        yield found
        assert in_unit(found.connection, all_checks) == []


def lent(bank: Lender, method: str = "interest_only") -> tuple[uuid.UUID, uuid.UUID]:
    """A customer, and a loan of 12,000.00 over twelve months from 5 January."""
    customer = bank.customer()
    wanted = Draw(bank.line(customer), 12_000 * YUAN, method, 12, "shopping")
    loan: uuid.UUID = bank.done(customer, loans.draw(bank.house, customer, wanted))["loan"]
    bank.done(customer, loans.instruct(bank.house, customer, loan))
    bank.done(customer, loans.paid(bank.house, customer, loan))
    return customer, loan


def books(bank: Lender, day: dt.date) -> dict[str, int]:
    """The balances at the end of a day, debits positive, without bank and principal; accounts without a balance left out."""
    bank.close_until(day + DAY)
    found = in_unit(bank.connection, lambda unit: balances_at(unit, day))
    short = {account.replace(".consumer-line", ""): amount for account, amount in found.items() if amount}
    return {account: amount for account, amount in short.items() if account not in ("1002", "1303")}


def test_interest_moves_through_the_buckets_and_is_given_back_after_90_days(bank: Lender) -> None:
    lent(bank)
    assert books(bank, FIRST_DAY) == {"1304.normal": -12_000, "6701": 12_000}
    assert books(bank, FIRST_DAY + DAY) == {"1132.current": 360, "6011": -360, "1304.normal": -12_000, "6701": 12_000}
    late = {"1304.special_mention": -24_000, "6701": 24_000}
    assert books(bank, FIRST_DUE) == {"1132.current": 31 * 360, "6011": -31 * 360, "1304.normal": -12_000, "6701": 12_000}
    assert books(bank, FIRST_DUE + DAY) == {"1132.m1": 32 * 360, "6011": -32 * 360, **late}
    assert books(bank, FIRST_DUE + 30 * DAY) == {"1132.m1": 61 * 360, "6011": -61 * 360, **late}
    assert books(bank, FIRST_DUE + 31 * DAY) == {"1132.m2": 62 * 360, "6011": -62 * 360, **late}
    assert books(bank, FIRST_DUE + 61 * DAY) == {"1132.m3": 92 * 360, "6011": -92 * 360, **late}
    assert books(bank, FIRST_DUE + 90 * DAY) == {"1132.m3": 121 * 360, "6011": -121 * 360, **late}
    assert books(bank, FIRST_DUE + 91 * DAY) == {"1304.substandard": -300_000, "6701": 300_000}
    assert books(bank, FIRST_DUE + 95 * DAY) == {"1304.substandard": -300_000, "6701": 300_000}


def test_a_cure_brings_the_interest_again(bank: Lender) -> None:
    customer, loan = lent(bank)
    cured_on = FIRST_DUE + 94 * DAY  # 10 May
    bank.close_until(cured_on)
    due = INTEREST[31] + INTEREST[28] + INTEREST[31] + INTEREST[30]
    bank.done(customer, loans.repay_loan(customer, loan, due))
    assert bank.one("SELECT sum(amount) FROM posting WHERE credit = '6011.consumer-line' AND debit = '1002'") == (43_200,)
    after = {"1132.current": 5 * 360, "6011": -43_200 - 5 * 360, "1304.normal": -12_000, "6701": 12_000}
    assert books(bank, cured_on) == after


def test_a_payment_that_brings_a_loan_below_91_days_lets_it_accrue_again(bank: Lender) -> None:
    customer, loan = lent(bank)
    paid_on = FIRST_DUE + 92 * DAY  # 8 May: 64 days after 5 March
    bank.close_until(paid_on)
    bank.done(customer, loans.repay_loan(customer, loan, INTEREST[31]))
    unpaid = 123 * 360 - INTEREST[31]
    assert books(bank, paid_on) == {"1132.m3": unpaid, "6011": -123 * 360, "1304.special_mention": -24_000, "6701": 24_000}


def test_a_loan_that_is_written_off_leaves_the_books_and_recovers(bank: Lender) -> None:
    customer, loan = lent(bank)
    bank.close_until(FIRST_DUE + 40 * DAY)
    told = bank.done(customer, loans.write_off(customer, loan, "LOSS"))
    assert told["claim"] == 1_200_000 + 71 * 360
    assert books(bank, FIRST_DUE + 40 * DAY) == {"6701": 1_200_000}
    bank.done(customer, loans.repay_loan(customer, loan, 500 * YUAN))
    assert books(bank, FIRST_DUE + 41 * DAY) == {"6701": 1_150_000}


def test_penalty_is_half_the_rate_on_late_principal(bank: Lender) -> None:
    """The first of twelve equal instalments holds 11,160 of interest; its principal bears 0.00015 a day from its due date."""
    lent(bank, "equal_instalment")
    bank.close_until(FIRST_DUE + DAY)
    (principal,) = bank.one("SELECT late_principal FROM loan_state")
    assert 90_000 < principal < 100_000
    nights = 20
    found = books(bank, FIRST_DUE + nights * DAY)
    assert found["1133.m1"] == principal * nights * 150 // 1_000_000
    assert found["1132.m1"] == (31 + nights) * 360
    assert (found["6011"], found["6012"]) == (-found["1132.m1"], -found["1133.m1"])


def test_sums_are_rounded_down_once_for_all_loans(bank: Lender) -> None:
    """Three loans that earn a third of a fen and more each night: the book has the whole fen of their sum."""
    for _ in range(3):
        customer = bank.customer()
        bank.loan(customer, bank.line(customer), 11 * YUAN)  # 0.33 fen a night
    assert "1132.current" not in books(bank, FIRST_DAY)
    found = [books(bank, FIRST_DAY + number * DAY).get("1132.current", 0) for number in (1, 2, 3, 4)]
    assert found == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("days", "account", "provision"),
    [
        (0, "1304.consumer-line.normal", 10_001),
        (1, "1304.consumer-line.special_mention", 20_001),
        (90, "1304.consumer-line.special_mention", 20_001),
        (91, "1304.consumer-line.substandard", 250_001),
        (270, "1304.consumer-line.substandard", 250_001),
        (271, "1304.consumer-line.doubtful", 500_001),
        (360, "1304.consumer-line.doubtful", 500_001),
        (361, "1304.consumer-line.loss", 1_000_001),
    ],
)
def test_provisions_are_by_class_and_rounded_up(days: int, account: str, provision: int) -> None:
    sums, scale = Sums(), classes_on(FIRST_DAY)
    sums.add("consumer-line", days, scale, Owed(1, 1_000_001))
    assert {name: amount for name, amount in targets(sums, scale).items() if amount} == {account: -provision}
