"""The monthly file for the bureau: a small book by hand, month after month, and what is booked later."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from shouxin.book.facilities import commands as lines
from shouxin.desk.servicing import commands as loans
from shouxin.foundation.ids import NIL
from shouxin.infra.access.audit import audit_of
from shouxin.infra.db.unit import in_unit
from tests.database import Make
from tests.desk.servicing.lender import YUAN, Lender, lender
from tests.desk.servicing.reported import AMOUNT, INSTALMENT, File, agree, open_first_of, reported


@dataclass(frozen=True)
class Book:
    """Customers, and per customer a line and a loan of 12,000 over 12 months, paid out on 2026-01-05."""

    bank: Lender
    customer: dict[str, uuid.UUID]
    line: dict[str, uuid.UUID]
    loan: dict[str, uuid.UUID]


WHO = ("good", "late", "bounced", "closed", "silent", "written")


@pytest.fixture(scope="module")
def files(databases: Make, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Book, dict[str, File]]]:
    """Three months, and the files of each, written on the first day after it; March's is written once more in April."""
    folder = tmp_path_factory.mktemp("bureau")
    with lender(databases()) as bank:
        customer = {who: bank.customer() for who in WHO}
        for who in WHO:
            if who != "silent":
                agree(bank, customer[who])
        line = {who: bank.line(customer[who]) for who in WHO}
        loan = {who: bank.loan(customer[who], line[who], AMOUNT) for who in WHO}
        found = {}
        open_first_of(bank, "2026-02")
        found["2026-01"] = reported(bank, "2026-01", folder)
        bank.close_until(dt.date(2026, 2, 5))  # the first instalment falls due
        for who in ("good", "silent"):
            bank.done(customer[who], loans.repay_loan(customer[who], loan[who], INSTALMENT))
        paid = bank.done(customer["bounced"], loans.repay_loan(customer["bounced"], loan["bounced"], INSTALMENT))["payment"]
        bank.close_until(dt.date(2026, 2, 20))
        bank.done(customer["closed"], lines.close(line["closed"], "BY_CHOICE"))
        payoff = bank.one("SELECT to_come + due_principal + due_interest FROM loan_state WHERE loan_id = %s", loan["closed"])[0]
        bank.done(customer["closed"], loans.repay_loan(customer["closed"], loan["closed"], payoff + 1_000 * YUAN))
        bank.done(customer["written"], loans.write_off(customer["written"], loan["written"], "LOSS"))
        open_first_of(bank, "2026-03")
        found["2026-02"] = reported(bank, "2026-02", folder)
        bank.close_until(dt.date(2026, 3, 3))
        bank.done(customer["bounced"], loans.bounce(customer["bounced"], paid, "NO_FUNDS"))
        bank.done(customer["written"], loans.repay_loan(customer["written"], loan["written"], 500 * YUAN))
        bank.close_until(dt.date(2026, 3, 10))
        bank.done(customer["good"], lines.change_limit(line["good"], 20_000 * YUAN, "RISK"))
        found["2026-02 again"] = reported(bank, "2026-02", folder)
        open_first_of(bank, "2026-04")
        found["2026-03"] = reported(bank, "2026-03", folder)
        bank.done(customer["late"], loans.repay_loan(customer["late"], loan["late"], 3_000 * YUAN))
        found["2026-03 again"] = reported(bank, "2026-03", folder)
        yield Book(bank, customer, line, loan), found
        bank.check_books()


Files = tuple[Book, dict[str, File]]


def test_a_loan_that_is_paid_as_agreed(files: Files) -> None:
    book, found = files
    first, second = (found[month].own(book.loan["good"]) for month in ("2026-01", "2026-02"))
    assert (first["balance"], first["due"], first["paid"], first["status"]) == (AMOUNT, 0, 0, "normal")
    assert (first["opened"], first["limit"], first["line"]) == ("2026-01-05", AMOUNT, str(book.line["good"]))
    # 31 nights at 10.95 % on 12,000.00 are 111.60; the rest of the equal instalment is principal
    assert second["paid"] == second["due"] == INSTALMENT
    assert AMOUNT - second["balance"] == INSTALMENT - 11_160
    assert (second["months_overdue"], second["class"], second["overdue"]) == (0, "normal", 0)


def test_a_late_payer_month_by_month(files: Files) -> None:
    book, found = files
    months = [found[month].own(book.loan["late"]) for month in ("2026-01", "2026-02", "2026-03")]
    # due on 5 February and 5 March, unpaid: 23 days on 28 February, 54 on 31 March
    assert [each["days_past_due"] for each in months] == [0, 23, 54]
    assert [each["months_overdue"] for each in months] == [0, 1, 2]
    assert [each["class"] for each in months] == ["normal", "special_mention", "special_mention"]
    assert [each["status"] for each in months] == ["normal", "overdue", "overdue"]
    assert months[1]["overdue"] == months[1]["due"] and months[2]["overdue"] == months[1]["due"] + months[2]["due"]
    line = found["2026-03"].own(book.line["late"])
    assert (line["kind"], line["limit"], line["balance"]) == ("line", 50_000 * YUAN, months[2]["balance"])
    assert (line["status"], line["days_past_due"], line["class"]) == ("overdue", 54, "special_mention")


def test_a_bounce_corrects_the_month_before(files: Files) -> None:
    book, found = files
    before, again = (found[month].own(book.loan["bounced"]) for month in ("2026-02", "2026-02 again"))
    assert before["status"] == "normal" and before["paid"] == INSTALMENT and before == again
    (line, loan) = sorted(found["2026-03"].corrections, key=lambda each: str(each["kind"]))
    assert (loan["account"], line["account"]) == (str(book.loan["bounced"]), str(book.line["bounced"]))
    assert (loan["month"], loan["number"], loan["status"], loan["paid"]) == ("2026-02", 2, "overdue", 0)
    assert (loan["balance"], loan["days_past_due"], loan["months_overdue"]) == (AMOUNT, 23, 1)
    assert (line["balance"], line["status"]) == (AMOUNT, "overdue")


def test_what_is_booked_after_the_month_is_not_in_it(files: Files) -> None:
    book, found = files
    assert found["2026-02"].text == found["2026-02 again"].text and found["2026-02 again"].made.again
    assert found["2026-03"].text == found["2026-03 again"].text
    assert found["2026-02"].own(book.line["good"])["limit"] == 50_000 * YUAN
    assert found["2026-03"].own(book.line["good"])["limit"] == 20_000 * YUAN


def test_a_line_that_the_customer_closed(files: Files) -> None:
    book, found = files
    line, loan = found["2026-02"].own(book.line["closed"]), found["2026-02"].own(book.loan["closed"])
    assert (line["status"], line["closed"], line["closed_by"], line["balance"]) == ("closed", "2026-02-20", "customer", 0)
    assert (loan["status"], loan["closed"], loan["closed_by"], loan["balance"]) == ("settled", "2026-02-20", None, 0)
    assert not {line["account"], loan["account"]} & found["2026-03"].accounts


def test_a_loan_that_was_written_off(files: Files) -> None:
    book, found = files
    second, third = (found[month].own(book.loan["written"]) for month in ("2026-02", "2026-03"))
    assert (second["status"], second["class"], second["balance"]) == ("written_off", "loss", 0)
    assert second["written_off"] == "2026-02-20" and second["claim"] > AMOUNT
    assert (third["claim"], third["paid"]) == (second["claim"] - 500 * YUAN, 500 * YUAN)
    assert found["2026-03"].own(book.line["written"])["status"] == "written_off"


def test_who_has_not_agreed_is_listed_apart(files: Files) -> None:
    book, found = files
    for month in ("2026-01", "2026-02", "2026-03"):
        assert sorted(found[month].made.totals.withheld) == sorted(
            (each, "no_consent") for each in (book.line["silent"], book.loan["silent"])
        )
        assert str(book.line["silent"]) not in found[month].text


def test_header_and_trailer(files: Files) -> None:
    _, found = files
    file = found["2026-02"]
    assert file.header["count"] == {"lines": 5, "loans": 5, "corrections": 0, "disputed": 0}
    assert (file.header["month"], file.header["known_by"]) == ("2026-02", "2026-02-28")
    for kind in ("line", "loan"):
        records = [each for each in file.records if each["kind"] == kind]
        assert file.header["sum"][f"{kind}s"] == {
            name: sum(each[name] for each in records) for name in ("limit", "balance", "due", "paid", "overdue", "claim")
        }
    assert file.header["sum"]["lines"]["balance"] == file.header["sum"]["loans"]["balance"]
    *before, last = file.text.splitlines(keepends=True)
    assert json.loads(last)["lines"] == len(before)
    assert json.loads(last)["sha256"] == hashlib.sha256("".join(before).encode()).hexdigest()
    assert file.made.sha256 == hashlib.sha256(file.text.encode()).hexdigest()


def test_the_audit_and_the_list_of_files_tell_of_each(files: Files) -> None:
    book, found = files
    entries = [each.entry for each in in_unit(book.bank.connection, lambda unit: audit_of(unit, NIL))]
    told = [(each.about, each.detail["again"], each.detail["sha256"]) for each in entries if each.action == "bureau.report"]
    months = ["2026-01", "2026-02", "2026-02 again", "2026-03", "2026-03 again"]
    assert told == [(month[:7], "again" in month, found[month].made.sha256) for month in months]
    assert all(each.principal == "test" for each in entries)
    with book.bank.connection.cursor() as cursor:
        rows = cursor.execute("SELECT month, number, records, corrections, withheld FROM bureau_file ORDER BY month").fetchall()
    book.bank.connection.rollback()
    assert [(str(month), *rest) for month, *rest in rows] == [
        ("2026-01-01", 1, 10, 0, 2),
        ("2026-02-01", 1, 10, 0, 2),
        ("2026-03-01", 1, 10, 2, 2),
    ]


def test_what_was_reported_stays_as_it_was(files: Files) -> None:
    book, _ = files
    for table in ("bureau_record", "bureau_file"):
        assert book.bank.one("SELECT has_any_column_privilege(%s, 'UPDATE')", table) == (False,)
        assert book.bank.one("SELECT has_table_privilege(%s, 'DELETE, TRUNCATE')", table) == (False,)
