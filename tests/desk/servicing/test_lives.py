"""What happens to a customer's lines and loans, told day by day."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from shouxin.book.facilities import commands as lines
from shouxin.desk.servicing import commands as loans
from shouxin.desk.servicing.draw import Draw
from shouxin.infra.db.connect import Target
from tests.desk.servicing.lender import DAY, FIRST_DAY, YUAN, Lender, lender

pytestmark = pytest.mark.both_servers


@pytest.fixture(scope="module")
def bank(database: Target) -> Iterator[Lender]:
    with lender(database) as found:
        yield found


def test_drawn_repaid_and_closed(bank: Lender) -> None:
    customer = bank.customer()
    facility = bank.line(customer)
    loan = bank.loan(customer, facility, 10_000 * YUAN)
    assert bank.one("SELECT owed, reserved, loans FROM facility WHERE facility_id = %s", facility) == (1_000_000, 0, 1)
    paid = bank.done(customer, loans.repay_loan(customer, loan, 4_000 * YUAN))
    assert paid["paid"] == {"principal_repaid": 400_000}
    assert bank.done(customer, lines.close(facility, "BY_CHOICE"))["status"] == "closing"
    assert bank.refusal(customer, lines.close(facility, "BY_CHOICE")) == "StatusForbids"
    last = bank.done(customer, loans.repay_loan(customer, loan, 7_000 * YUAN))
    assert last["credit"] == 1_000 * YUAN
    assert bank.one("SELECT status, owed, loans FROM facility WHERE facility_id = %s", facility) == ("closed", 0, 0)
    bank.done(customer, loans.bounce(customer, last["payment"], "NO_FUNDS"))
    assert bank.one("SELECT status, owed, loans FROM facility WHERE facility_id = %s", facility) == ("closing", 600_000, 1)
    assert bank.one("SELECT credit FROM customer_line WHERE customer_id = %s", customer) == (0,)


def test_a_loan_goes_overdue_and_is_cured(bank: Lender) -> None:
    customer = bank.customer()
    loan = bank.loan(customer, bank.line(customer), 12_000 * YUAN)
    first_due, second_due = FIRST_DAY.replace(month=2), FIRST_DAY.replace(month=3)
    bank.close_until(first_due)
    state = bank.one("SELECT due_principal > 0, late_principal, fallen, turn FROM loan_state WHERE loan_id = %s", loan)
    assert state == (True, 0, 1, first_due + DAY)
    bank.close_until(second_due + DAY)
    late, since, fallen = bank.one("SELECT late_principal > 0, oldest_late, fallen FROM loan_state WHERE loan_id = %s", loan)
    assert (late, since, fallen) == (True, first_due, 2)
    facility = bank.one("SELECT facility_id FROM loan WHERE loan_id = %s", loan)[0]
    another = Draw(facility, 100 * YUAN, "equal_instalment", 3, "shopping")
    assert bank.refusal(customer, loans.draw(bank.house, customer, another)) == "CustomerOverdue"
    bank.done(customer, loans.receive(customer, 2_200 * YUAN, ("consumer-line",), {"source": "counter"}))
    assert bank.one("SELECT oldest_late, dues FROM loan_state WHERE loan_id = %s", loan) == (None, [])
    bank.done(customer, loans.draw(bank.house, customer, another))
    bank.close_until(second_due + 5 * DAY)
    bank.check_books()
