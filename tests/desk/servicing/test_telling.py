"""What customers are told: notices from events, and from close of business."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from functools import partial

import pytest

from shouxin.book.facilities import commands as lines
from shouxin.desk.servicing import closing
from shouxin.desk.servicing import commands as loans
from shouxin.desk.servicing.telling import NoticeSink
from shouxin.infra.db.connect import Target, connect
from shouxin.infra.db.unit import in_unit
from shouxin.infra.messages.notice_texts import text_of
from shouxin.infra.messages.notices import notices_of
from shouxin.infra.messages.outbox import Relay
from tests.database import Make
from tests.desk.servicing.lender import DAY, FIRST_DAY, YUAN, Lender, lender

FIRST_DUE = dt.date(2026, 2, 5)


@pytest.fixture
def target(databases: Make) -> Target:
    return databases()


@pytest.fixture
def bank(target: Target) -> Iterator[Lender]:
    with lender(target) as found:
        yield found


def texts(bank: Lender, customer: uuid.UUID, lang: str = "en") -> dict[str, str]:
    """What the customer is told, by kind; the first of each kind."""
    rows = in_unit(bank.connection, lambda unit: notices_of(unit, customer))
    told = [(each.notice.kind, text_of(each.notice.kind, each.notice.about, each.notice.facts, lang)) for each in rows]
    return dict(reversed(told))


def tell(bank: Lender, target: Target) -> None:
    relay = Relay([NoticeSink(partial(connect, target.app))])
    while relay.run_once(bank.connection):
        pass


def test_events_become_notices_once(bank: Lender, target: Target) -> None:
    customer = bank.customer()
    facility = bank.line(customer)
    loan = bank.loan(customer, facility, 12_000 * YUAN)
    bank.done(customer, lines.change_limit(facility, 20_000 * YUAN, "REVIEW"))
    bank.done(customer, lines.close(facility, "BY_CHOICE"))
    paid = bank.done(customer, loans.repay_loan(customer, loan, 12_000 * YUAN))
    bank.done(customer, loans.bounce(customer, paid["payment"], "NO_FUNDS"))
    tell(bank, target)
    tell(bank, target)
    found = texts(bank, customer)
    assert "limit CNY 50,000.00, 10.95% a year, simple" in found["facility_offered"]
    assert found["loan_paid_out"].startswith("Your loan of CNY 12,000.00 was paid out on 2026-01-05 at 10.95% a year, simple.")
    assert "due on 2026-02-05" in found["loan_paid_out"]
    assert "is CNY 20,000.00; it was CNY 50,000.00" in found["limit_changed"]
    assert "CNY 12,000.00" in found["repayment_received"]
    assert "CNY 12,000.00" in found["repayment_bounced"]
    assert "loan_settled" in found
    assert "facility_closed" in found
    assert len(in_unit(bank.connection, lambda unit: notices_of(unit, customer))) == len(found)
    assert "年化利率（单利）10.95%" in texts(bank, customer, "zh")["loan_paid_out"]


def test_close_of_business_tells_what_falls_due_and_what_is_late(bank: Lender) -> None:
    customer = bank.customer()
    loan = bank.loan(customer, bank.line(customer), 12_000 * YUAN)
    bank.close_until(FIRST_DUE + 2 * DAY)
    found = texts(bank, customer)
    due = bank.one("SELECT due_principal + due_interest FROM loan_state WHERE loan_id = %s", loan)[0]
    amount = f"CNY {due // 100:,}.{due % 100:02}"
    assert f"due on 2026-02-05: {amount}." in found["instalment_due_soon"]
    assert "unpaid since 2026-02-05" in found["instalment_late"]
    assert bank.one("SELECT count(*) FROM notice WHERE customer_id = %s", customer) == (2,)


def test_the_late_amount_holds_the_penalty_of_the_day(bank: Lender) -> None:
    customer = bank.customer()
    loan = bank.loan(customer, bank.line(customer), 12_000 * YUAN)
    bank.close_until(FIRST_DUE + DAY)
    told = bank.one("SELECT facts ->> 'amount', facts ->> 'day' FROM notice WHERE kind = 'instalment_late' AND about = %s", loan)
    paid = bank.done(customer, loans.repay_loan(customer, loan, int(told[0])))
    assert told[1] == str(FIRST_DUE + DAY)
    assert paid["paid"]["penalty_paid"] > 0
    assert bank.one("SELECT dues FROM loan_state WHERE loan_id = %s", loan) == ([],)


def test_a_line_that_ends_soon_is_told_and_ends(bank: Lender, target: Target) -> None:
    customer = bank.customer()
    facility = bank.line(customer)
    with connect(target.owner) as owner:
        owner.execute("UPDATE facility SET expires = %s", (FIRST_DAY + 32 * DAY,))
    bank.close_until(FIRST_DAY + 34 * DAY)
    assert bank.one("SELECT status, reason FROM facility WHERE facility_id = %s", facility) == ("closed", "EXPIRED")
    assert bank.one("SELECT on_day FROM notice WHERE kind = 'facility_expires_soon'") == (FIRST_DAY + 2 * DAY,)


def test_a_close_that_died_after_its_seal_is_carried_on(bank: Lender, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it would have told is told by the next run, which finds the day's job begun and not done."""
    customer = bank.customer()
    bank.loan(customer, bank.line(customer), 12_000 * YUAN)
    bank.close_until(FIRST_DUE - 3 * DAY)
    last = FIRST_DUE - 4 * DAY
    assert bank.one("SELECT outcome FROM job_run WHERE key = %s", str(last)) == ("done",)
    assert bank.one("SELECT count(*) FROM notice WHERE kind = 'instalment_due_soon'") == (1,)
    bank.close_until(FIRST_DUE + 28 * DAY - 3 * DAY)
    day = FIRST_DUE + 28 * DAY - 3 * DAY

    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(closing, "tell_soon", dies)
    with pytest.raises(KeyboardInterrupt):
        bank.close_until(day + DAY)
    monkeypatch.undo()
    assert bank.one("SELECT day FROM open_day") == (day + DAY,)
    assert [each.day for each in closing.run(bank.connection, bank.house, day)] == [day]
    assert [each.day for each in closing.run(bank.connection, bank.house, day + DAY)] == [day + DAY]
    assert bank.one("SELECT count(*) FROM job_run WHERE outcome IS NULL") == (0,)
