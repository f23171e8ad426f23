"""The migration that brings the history of facts into a book that is older: it tells the same of lines as was kept since."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from shouxin.book.facilities import commands as lines
from shouxin.book.facts.account import account_facts
from shouxin.desk.servicing import commands as loans
from shouxin.infra.db.connect import Target, connect
from shouxin.infra.db.migrate import shipped
from shouxin.infra.db.unit import Unit
from tests.desk.servicing.lender import YUAN, Lender, lender

TABLES = ("line_version", "facility_version", "over_limit", "schedule_version", "settlement")
KEPT = "SELECT facility_id, status, most, expires, reason, booked FROM facility_version ORDER BY facility_id, number"
TOTALS = "SELECT customer_id, number, total, booked FROM line_version ORDER BY customer_id, number"
UNTIL = dt.date(2026, 3, 20)


def lived(bank: Lender) -> list[Any]:
    """Three customers: one is late, one is over a limit, one has paid all and closed."""
    customers = [bank.customer() for _ in range(3)]
    facilities = [bank.line(each) for each in customers]
    some = [bank.loan(each, facility, 6_000 * YUAN) for each, facility in zip(customers, facilities, strict=True)]
    bank.close_until(dt.date(2026, 2, 10))
    bank.done(customers[1], lines.change_limit(facilities[1], 1_000 * YUAN, "RISK"))
    bank.done(customers[2], lines.close(facilities[2], "BY_CHOICE"))
    bank.done(customers[2], loans.repay_loan(customers[2], some[2], 10_000 * YUAN))
    bank.close_until(UNTIL)
    return customers


def test_lines_and_what_is_unpaid_are_told_alike(database: Target) -> None:
    (text,) = [each.text.decode() for each in shipped() if each.name == "0010_facts"]
    inserts = re.findall(r"^INSERT INTO .*?;$", text, re.MULTILINE | re.DOTALL)
    assert [each.split()[2] for each in inserts] == list(TABLES)
    with lender(database) as bank, connect(database.owner) as owner:
        customers = lived(bank)
        kept = [owner.execute(each.encode()).fetchall() for each in (KEPT, TOTALS)]
        before = account_facts(Unit(owner), customers, UNTIL)
        for table in TABLES:
            owner.execute(f"DELETE FROM {table}".encode())
        for each in inserts:
            owner.execute(each.encode())
        assert [owner.execute(each.encode()).fetchall() for each in (KEPT, TOTALS)] == kept
        after = account_facts(Unit(owner), customers, UNTIL)
        owner.rollback()
    forgotten = (
        "payments_",
        "worst_",
        "months_since_late",
        "over_limit_days",
        "instalment_",
    )  # before that day they are not known
    for customer in customers:
        assert before[customer]["book_status"] == "found"
        for name, value in before[customer].items():
            if not name.startswith(forgotten):
                assert after[customer][name] == value, name
    assert [after[each]["days_overdue_now"] for each in customers] == [43, 43, 0]
    assert [after[each]["over_limit_days_12m"] for each in customers] == [0, 1, 0]
