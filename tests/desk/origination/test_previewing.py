"""What closing would mean, said beforehand, and a wish to close that is taken back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from shouxin.book.facilities import commands as lines
from shouxin.desk.origination.previewing import preview
from shouxin.desk.servicing import commands as loans
from shouxin.infra.db.connect import Target
from tests.desk.origination.applicant import Desk, desk
from tests.desk.servicing.lender import YUAN


@pytest.fixture
def lender(database: Target) -> Iterator[Desk]:
    """A lender under `standard`."""
    with desk(database) as found:
        yield found


def test_blockers_and_changes(lender: Desk) -> None:
    huang = lender.named("huang")
    line = lender.opened(huang, "consumer-line", 100_000)
    lender.opened(huang, "business-loan", 200_000)
    lender.loan(huang, line, 20_000 * YUAN)
    found = lender.done(huang, preview(lender.house, huang, line))
    assert found["blockers"] == {"owed": 20_000 * YUAN, "payoff": 20_000 * YUAN, "in_clearing": 0}
    assert found["wait_days"] == 30
    changed = {each["what"]: each["after"] for each in found["changes"]}
    assert changed["consumer-line"]["reasons"] == ["REOPENING_WAIT"]
    assert "business-loan" not in changed or changed["business-loan"]["outcome"] != "decline"  # a merchant stays one
    lender.draw(huang, line, 5_000 * YUAN)
    assert lender.done(huang, preview(lender.house, huang, line))["blockers"]["in_clearing"] == 5_000 * YUAN
    lender.check_books()


def test_closing_is_undone_until_it_has_come_about(lender: Desk) -> None:
    huang = lender.named("huang")
    line = lender.opened(huang, "consumer-line", 100_000)
    loan = lender.loan(huang, line, 20_000 * YUAN)
    assert lender.refusal(huang, lines.keep_open(line)) == "StatusForbids"
    assert lender.done(huang, lines.close(line, "BY_CHOICE"))["status"] == "closing"
    assert lender.done(huang, lines.keep_open(line))["status"] == "active"
    lender.done(huang, lines.close(line, "RISK"))
    assert lender.refusal(huang, lines.keep_open(line)) == "ClosedByUs"
    lender.done(huang, loans.repay_loan(huang, loan, 30_000 * YUAN))
    assert lender.refusal(huang, lines.keep_open(line)) == "StatusForbids"
    assert lender.refusal(huang, preview(lender.house, huang, line)) == "NotClosable"
