"""What the fault test has found, each as a test of its own that needs no luck."""

from __future__ import annotations

import threading

import pytest

from shouxin.book.customers import hold_customer
from shouxin.book.ledger.days import DAY, day_of, open_next_day
from shouxin.desk.servicing import change, closing
from shouxin.desk.servicing import commands as loans
from shouxin.desk.servicing.checks import states_are_folds
from shouxin.engines.loans.events import Arrears
from shouxin.infra.db.connect import connect
from shouxin.infra.db.unit import Unit, in_unit
from tests.database import Make
from tests.desk.servicing.lender import FIRST_DAY, YUAN, lender

pytestmark = pytest.mark.both_servers
STILL_SECONDS = 0.3


def test_close_of_business_waits_for_a_command_that_began_during_the_flip(databases: Make) -> None:
    """Such a command is younger than the transaction that flips the day, and has read the day that ends all the same."""
    database = databases()
    with lender(database) as bank, connect(database.app) as flipping, connect(database.app) as asking:
        customer = bank.customer()
        flip = Unit(flipping)
        open_next_day(flip, FIRST_DAY)
        flip.flush()
        command = Unit(asking)
        hold_customer(command, customer)
        assert day_of(command.read(DAY)[0]) == FIRST_DAY
        flip.commit()
        waiting = threading.Thread(target=closing.wait_for_older, args=(flipping,))
        waiting.start()
        waiting.join(STILL_SECONDS)
        waited = waiting.is_alive()
        command.commit()
        waiting.join()
        assert waited


def test_a_loan_restructured_as_it_was_is_the_row_that_its_events_make(databases: Make) -> None:
    """Its shape is then another one that is equal: what is written of it must not depend on which of the two it is."""
    with lender(databases()) as bank:
        customer = bank.customer()
        loan = bank.loan(customer, bank.line(customer), 1_000 * YUAN)
        same = change.restructuring(12, 109_500, Arrears.CARRIED, "AGREED")
        bank.done(customer, loans.change_loan(customer, loan, "as before", same))
        assert in_unit(bank.connection, states_are_folds) == []
        bank.done(customer, loans.repay_loan(customer, loan, 100 * YUAN))
        assert in_unit(bank.connection, states_are_folds) == []
