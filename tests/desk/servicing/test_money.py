"""Money that goes out and comes in through rails and statements."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from shouxin.book.customers.errors import CustomerUnknown, ListUnreadable
from shouxin.book.customers.personal import read_person
from shouxin.book.customers.screening import ListFile
from shouxin.book.facilities import commands as lines
from shouxin.book.facilities.work import Command
from shouxin.desk.servicing import commands as loans
from shouxin.desk.servicing import debits, incoming
from shouxin.desk.servicing.draw import Draw
from shouxin.desk.servicing.jobs import Debits, Payouts
from shouxin.desk.servicing.papers_kept import Payee
from shouxin.desk.servicing.rails import AnswerUnreadable, FileRail, InstantRail
from shouxin.desk.servicing.vetting import vetted
from shouxin.foundation.ids import NIL
from shouxin.infra.db.connect import Target, connect
from shouxin.infra.db.unit import in_unit
from tests.database import Make
from tests.desk.servicing.lender import DAY, FIRST_DAY, YUAN, Lender, lender

PAYEE = Payee("李四商贸", "6222020000001234567", "某银行")
MONTH = dt.timedelta(days=31)


@pytest.fixture
def target(databases: Make) -> Target:
    return databases()


@pytest.fixture
def bank(target: Target) -> Iterator[Lender]:
    with lender(target) as found:
        yield found


def test_an_instant_rail_pays_at_once(bank: Lender) -> None:
    customer = bank.customer()
    loan = bank.draw(customer, bank.line(customer), 1_000 * YUAN)
    payouts = Payouts(bank.house, InstantRail())
    assert payouts.run_once(bank.connection) == 1
    assert bank.one("SELECT status FROM draw WHERE loan_id = %s", loan) == ("paid",)
    assert bank.one("SELECT to_come FROM loan_state WHERE loan_id = %s", loan) == (100_000,)
    assert payouts.run_once(bank.connection) == 0


def test_a_file_rail_waits_for_the_answer(bank: Lender, tmp_path: Path) -> None:
    rail = FileRail(tmp_path, "instant")
    customer = bank.customer()
    facility = bank.line(customer, most=3_000 * YUAN)
    wanted = Draw(facility, 1_000 * YUAN, "equal_instalment", 3, "shopping", payee=PAYEE, merchant_category="5411")
    paid, failed = (bank.done(customer, loans.draw(bank.house, customer, wanted))["loan"] for _ in range(2))
    payouts = Payouts(bank.house, rail)
    assert payouts.run_once(bank.connection) == 2
    assert payouts.run_once(bank.connection) == 0
    sent = json.loads((tmp_path / "out" / f"{paid}.json").read_text("utf-8"))
    assert sent["amount"] == 100_000
    assert json.loads(sent["account"])["name"] == PAYEE.name
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / f"{paid}.json").write_text('{"status": "paid"}')
    (tmp_path / "in" / f"{failed}.json").write_text('{"status": "failed", "why": "account closed"}')
    assert payouts.run_once(bank.connection) == 2
    assert bank.one("SELECT owed, reserved, loans FROM facility WHERE facility_id = %s", facility) == (100_000, 0, 1)
    assert bank.one("SELECT status, failure FROM draw WHERE loan_id = %s", failed) == ("failed", "account closed")
    bank.check_books()


def test_an_answer_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.json").write_text('{"status": "maybe"}')
    with pytest.raises(AnswerUnreadable):
        FileRail(tmp_path).outcome("a")


def test_what_is_due_is_debited(bank: Lender, tmp_path: Path) -> None:
    customer = bank.customer()
    loan = bank.loan(customer, bank.line(customer), 12_000 * YUAN)
    sign = Command("mandate.sign", {}, lambda work: debits.sign(work, bank.house, PAYEE), debits.sign_reads(customer))
    bank.done(customer, sign)
    job = Debits(bank.house, FileRail(tmp_path))
    assert job.run_once(bank.connection) == 0
    bank.close_until(FIRST_DAY + MONTH)
    assert job.run_once(bank.connection) == 1
    sent = json.loads((tmp_path / "out" / f"{customer} {FIRST_DAY + MONTH}.json").read_text("utf-8"))
    assert sent["way"] == "in"
    assert json.loads(sent["account"])["account"] == PAYEE.account
    (tmp_path / "in").mkdir()
    answer = tmp_path / "in" / f"{customer} {FIRST_DAY + MONTH}.json"
    answer.write_text('{"status": "failed", "why": "no funds"}')
    assert job.run_once(bank.connection) == 1
    assert job.run_once(bank.connection) == 0
    bank.close_until(FIRST_DAY + MONTH + DAY)
    assert job.run_once(bank.connection) == 1
    amount, attempt = bank.one("SELECT amount, attempt FROM debit WHERE status = 'instructed'")
    assert attempt == 2
    (tmp_path / "in" / f"{customer} {FIRST_DAY + MONTH + DAY}.json").write_text('{"status": "paid"}')
    assert job.run_once(bank.connection) == 1
    assert bank.one("SELECT dues, oldest_late FROM loan_state WHERE loan_id = %s", loan) == ([], None)
    assert amount > 1_000 * YUAN
    assert job.run_once(bank.connection) == 0
    bank.check_books()


def test_a_statement_is_booked_once_line_by_line(bank: Lender, tmp_path: Path) -> None:
    customer = bank.customer()
    loan = bank.loan(customer, bank.line(customer), 12_000 * YUAN)
    path = tmp_path / "statement.csv"
    rows = ["reference,day,amount,text", f"A1,{FIRST_DAY},100.00,还款 {loan}", f"A2,{FIRST_DAY},55.50,thanks"]
    path.write_text("\n".join(rows), "utf-8")
    lines = incoming.read_statement(path, "bank-1")
    for _ in range(2):
        booked = in_unit(bank.connection, lambda unit: [incoming.book_line(unit, line, "test") for line in lines])
        assert booked == ["matched", "suspense"]
    assert bank.one("SELECT credit FROM customer_line WHERE customer_id = %s", customer) == (10_000,)
    answer = in_unit(bank.connection, lambda unit: incoming.resolve(unit, "bank-1", "A2", customer, "test"))
    assert answer.done
    assert bank.one("SELECT credit FROM customer_line WHERE customer_id = %s", customer) == (15_550,)
    with pytest.raises(incoming.LineNotInSuspense):
        in_unit(bank.connection, lambda unit: incoming.resolve(unit, "bank-1", "A2", customer, "test"))
    assert bank.one(
        "SELECT sum(CASE WHEN debit = '2241' THEN -amount ELSE amount END) FROM posting WHERE '2241' IN (debit, credit)"
    ) == (0,)


def test_a_reference_with_another_amount_is_refused(bank: Lender) -> None:
    line = incoming.Line("bank-1", "A1", FIRST_DAY, 100, "")
    assert in_unit(bank.connection, lambda unit: incoming.book_line(unit, line, "test")) == "suspense"
    other = incoming.Line("bank-1", "A1", FIRST_DAY, 101, "")
    with pytest.raises(incoming.LineDiffers):
        in_unit(bank.connection, lambda unit: incoming.book_line(unit, other, "test"))


def test_a_list_that_cannot_be_read_is_no_answer(bank: Lender, tmp_path: Path) -> None:
    """Nobody is cleared by it, and the same request is answered once it is there again."""
    path = tmp_path / "list.csv"
    customer = bank.customer()
    wanted = Draw(bank.line(customer), 1_000 * YUAN, "equal_instalment", 3, "shopping")
    command = loans.draw(replace(bank.house, screening=ListFile(path)), customer, wanted)
    with pytest.raises(ListUnreadable):
        bank.ask(customer, command, "the same key")
    path.write_text("name,id_number,list,since\n某人,,sanctions,2026-01-01\n", "utf-8")
    answer = bank.ask(customer, command, "the same key")
    assert answer.done
    assert not answer.repeated


def test_the_house_is_no_customer(bank: Lender) -> None:
    with pytest.raises(CustomerUnknown):
        bank.ask(NIL, loans.refund(1))


def test_nobody_on_the_list_is_granted_or_paid(bank: Lender, tmp_path: Path) -> None:
    """Offer, acceptance, draw and payout each ask; what the customer is told gives nothing away."""
    path = tmp_path / "list.csv"
    path.write_text("name,id_number,list,since\n别人,,sanctions,2026-01-01\n", "utf-8")
    house = replace(bank.house, screening=ListFile(path))
    customer = bank.customer()
    facility = bank.line(customer)
    drawn = bank.draw(customer, facility, 1_000 * YUAN)
    name = in_unit(bank.connection, lambda unit: read_person(unit, house.ring, customer)).name
    path.write_text(f"name,id_number,list,since\n{name},,sanctions,2026-01-01\n", "utf-8")
    wanted = Draw(facility, 1_000 * YUAN, "equal_instalment", 3, "shopping")
    for command in (
        vetted(house, customer, lines.accept(facility)),
        loans.draw(house, customer, wanted),
        loans.instruct(house, customer, drawn),
    ):
        assert bank.refusal(customer, command) == "StaffNeeded"
    assert Payouts(house, InstantRail()).run_once(bank.connection) == 1
    assert bank.one("SELECT status, failure FROM draw WHERE loan_id = %s", drawn) == ("failed", "StaffNeeded")


def test_two_who_book_the_same_line_at_once_book_it_once(bank: Lender, target: Target) -> None:
    customer = bank.customer()
    bank.line(customer)
    for text in (str(customer), "nobody"):
        line = incoming.Line("bank-1", text, FIRST_DAY, 100, text)
        with connect(target.app) as other, ThreadPoolExecutor(2) as pool:
            book = partial(incoming.book_line, line=line, principal="test")
            asked = [pool.submit(in_unit, each, book) for each in (bank.connection, other)]
            assert len({each.result() for each in asked}) == 1
    assert bank.one("SELECT count(*), sum(amount) FROM posting WHERE debit = '1002'") == (2, 200)
