"""A lender is backed up while it runs, restored into an empty folder, and everything that must be true is true there."""

from __future__ import annotations

from pathlib import Path

import pytest

from shouxin.book.facilities import commands as lines
from shouxin.book.ledger.checks import violations
from shouxin.book.ledger.verify import Scope, verify
from shouxin.desk.servicing import commands as loans
from shouxin.desk.servicing.checks import all_checks
from shouxin.infra.db.backup import backup
from shouxin.infra.db.connect import Target, connect, embedded
from shouxin.infra.db.restore import restore
from shouxin.infra.db.server import Server
from shouxin.infra.db.unit import in_unit
from tests.desk.servicing.lender import DAY, FIRST_DAY, YUAN, Lender, lender


def test_a_restored_lender_goes_on(database: Target, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("restored")
    with lender(database) as bank:
        customer = bank.customer()
        facility = bank.line(customer)
        loan = bank.loan(customer, facility, 12_000 * YUAN)
        bank.close_until(FIRST_DAY + 40 * DAY)
        bank.done(customer, loans.repay_loan(customer, loan, 1_500 * YUAN))
        bank.done(customer, lines.change_limit(facility, 20_000 * YUAN, "REVIEW"))
        backup(database, folder / "backup.tar")
        house = bank.house
    restored = _restored(folder)
    try:
        with connect(embedded(restored).app) as connection:
            assert in_unit(connection, all_checks) == []
            assert in_unit(connection, violations) == []
            report = in_unit(connection, lambda unit: verify(unit, house.ring, Scope()))
            assert report.days == 40
            assert report.whole
            again = Lender(connection, house)
            last = again.done(customer, loans.repay_loan(customer, loan, 20_000 * YUAN))
            assert last["credit"] > 0
            again.close_until(FIRST_DAY + 45 * DAY)
            again.check_books()
    finally:
        restored.erase()


def _restored(folder: Path) -> Server:
    restore(folder / "backup.tar", folder / "data")
    server = Server(folder / "data")
    server.ensure()
    return server
