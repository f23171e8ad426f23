"""What reversals and bounces do to the customer's credit, to lines that were closed, and to loans that were written off."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from shouxin.book.facilities import commands as lines
from shouxin.desk.servicing import change
from shouxin.desk.servicing import commands as loans
from shouxin.desk.servicing.checks import all_checks
from shouxin.infra.db.connect import Target
from shouxin.infra.db.unit import in_unit
from tests.desk.servicing.lender import YUAN, Lender, lender


@pytest.fixture(scope="module")
def bank(database: Target) -> Iterator[Lender]:
    with lender(database) as found:
        yield found
        assert in_unit(found.connection, all_checks) == []


def test_credit_that_a_reversed_fee_gave_and_that_was_paid_out_cannot_be_taken_back(bank: Lender) -> None:
    customer = bank.customer()
    loan = bank.loan(customer, bank.line(customer), 1_000 * YUAN)
    bank.done(customer, loans.change_loan(customer, loan, "fee 100", change.fee(100 * YUAN, "AGREED")))
    (fee,) = bank.one("SELECT max(number) FROM event WHERE loan_id = %s", loan)
    paid = bank.done(customer, loans.repay_loan(customer, loan, 1_100 * YUAN))
    bank.done(customer, loans.change_loan(customer, loan, f"reversal {fee}", change.reversal(fee, "MISTAKE")))
    assert bank.one("SELECT credit FROM customer_line WHERE customer_id = %s", customer) == (100 * YUAN,)
    bank.done(customer, loans.refund(60 * YUAN))
    assert bank.refusal(customer, loans.bounce(customer, paid["payment"], "NO_FUNDS")) == "RefundExceedsCredit"


def test_a_fee_on_a_settled_loan_opens_its_closed_facility_again(bank: Lender) -> None:
    customer = bank.customer()
    facility = bank.line(customer)
    loan = bank.loan(customer, facility, 1_000 * YUAN)
    bank.done(customer, lines.close(facility, "BY_CHOICE"))
    bank.done(customer, loans.repay_loan(customer, loan, 1_000 * YUAN))
    assert bank.one("SELECT status FROM facility WHERE facility_id = %s", facility) == ("closed",)
    bank.done(customer, loans.change_loan(customer, loan, "fee 1", change.fee(1 * YUAN, "AGREED")))
    assert bank.one("SELECT status, owed, loans FROM facility WHERE facility_id = %s", facility) == ("closing", 0, 1)
    bank.done(customer, loans.receive(customer, 1 * YUAN, (), {"source": "counter"}))
    assert bank.one("SELECT status, owed, loans FROM facility WHERE facility_id = %s", facility) == ("closed", 0, 0)


def test_a_recovered_loan_takes_no_more(bank: Lender) -> None:
    customer = bank.customer()
    loan = bank.loan(customer, bank.line(customer), 1_000 * YUAN)
    assert bank.done(customer, loans.write_off(customer, loan, "LOSS"))["claim"] == 1_000 * YUAN
    bank.done(customer, loans.repay_loan(customer, loan, 400 * YUAN))
    last = bank.done(customer, loans.repay_loan(customer, loan, 700 * YUAN))
    assert (last["paid"], last["credit"]) == ({"recovered": 600 * YUAN}, 100 * YUAN)
    assert bank.refusal(customer, loans.repay_loan(customer, loan, 1)) == "PaidIntoNothing"
    bank.done(customer, loans.bounce(customer, last["payment"], "NO_FUNDS"))
    assert bank.done(customer, loans.repay_loan(customer, loan, 600 * YUAN))["paid"] == {"recovered": 600 * YUAN}


def test_a_payment_that_was_reversed_by_hand_does_not_bounce_as_well(bank: Lender) -> None:
    customer = bank.customer()
    loan = bank.loan(customer, bank.line(customer), 1_000 * YUAN)
    payment = bank.done(customer, loans.repay_loan(customer, loan, 100 * YUAN))["payment"]
    bank.done(customer, loans.change_loan(customer, loan, f"reversal {payment}", change.reversal(payment, "MISTAKE")))
    assert bank.refusal(customer, loans.bounce(customer, payment, "NO_FUNDS")) == "ReversedEventUnknown"
    assert bank.one("SELECT owed FROM facility WHERE customer_id = %s", customer) == (1_000 * YUAN,)


def test_a_bounced_payment_may_leave_a_line_over_its_limit_and_blocks_draws(bank: Lender) -> None:
    customer = bank.customer()
    facility = bank.line(customer, most=2_000 * YUAN)
    loan = bank.loan(customer, facility, 2_000 * YUAN)
    payment = bank.done(customer, loans.repay_loan(customer, loan, 1_500 * YUAN))["payment"]
    bank.loan(customer, facility, 1_000 * YUAN)
    bank.done(customer, loans.bounce(customer, payment, "NO_FUNDS"))
    assert bank.one("SELECT owed, most FROM facility WHERE facility_id = %s", facility) == (3_000 * YUAN, 2_000 * YUAN)
    bank.done(customer, lines.change_limit(facility, 1_500 * YUAN, "RISK"))
    assert bank.refusal(customer, lines.change_limit(facility, 2_000 * YUAN, "RISK")) == "ExposureExceedsTotalLine"
