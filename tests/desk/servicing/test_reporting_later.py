"""What becomes of the file where things change later, or go wrong: consents, erased persons, disputes, months out of order."""

from __future__ import annotations

import datetime as dt
import stat
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from shouxin.book.customers import history_of, hold_customer, store_events
from shouxin.book.customers.erasure import erase
from shouxin.book.facilities.work import Command
from shouxin.desk.servicing import change, reporting, reporting_reading
from shouxin.desk.servicing import commands as loans
from shouxin.desk.servicing import reporting_disputes as disputes
from shouxin.desk.servicing.house import House
from shouxin.desk.servicing.reporting import report
from shouxin.desk.servicing.reporting_disputes import GROUNDS, Answered
from shouxin.desk.servicing.reporting_errors import MonthUnreadable
from shouxin.desk.servicing.reporting_late import mark_late, mark_late_disputes
from shouxin.desk.servicing.reporting_records import read_month
from shouxin.foundation.refusal import Refusal
from shouxin.infra.access import cases
from shouxin.infra.access.principals import Kind, Principal, add_principal
from shouxin.infra.db.connect import connect
from shouxin.infra.db.keys import KeyRing
from shouxin.infra.db.keys_errors import MasterKeyUnknown
from shouxin.infra.db.unit import Unit, in_unit
from shouxin.infra.messages.notices import notices_of
from tests.database import Make
from tests.desk.servicing.lender import DAY, FIRST_DAY, YUAN, Lender, lender
from tests.desk.servicing.reported import AMOUNT, INSTALMENT, agree, disagree, open_first_of, reported

REASON = "looked into the books of February"
FEBRUARY = read_month("2026-02")


@pytest.fixture
def bank(databases: Make) -> Iterator[Lender]:
    with lender(databases()) as found:
        yield found


def borrower(bank: Lender) -> tuple[uuid.UUID, uuid.UUID, uuid.UUID]:
    """A customer with a line and a loan."""
    customer = bank.customer()
    line = bank.line(customer)
    return customer, line, bank.loan(customer, line, AMOUNT)


# What is refused, and what a run leaves.


def test_refusals_in_their_order(databases: Make, tmp_path: Path) -> None:
    target, path = databases(), tmp_path / "file"
    told: list[type[Refusal]] = []

    def refused(bank: Lender, month: str) -> None:
        with pytest.raises(Refusal) as caught:
            report(bank.connection, bank.house, read_month(month), path, "test")
        told.append(type(caught.value))
        assert not list(tmp_path.iterdir())

    with connect(target.app) as connection:
        refused(Lender(connection, House(KeyRing.fresh())), "2025-12")
    with lender(target) as bank:
        refused(bank, "2025-12")
        refused(bank, "2026-01")
        open_first_of(bank, "2026-03")
        report(bank.connection, bank.house, FEBRUARY, path, "test")
        path.unlink()
        refused(bank, "2026-01")
    assert tuple(told) == reporting.ORDER


@pytest.mark.parametrize("written", ["2026-7", "2026-13", "0000-01", "2026-07-01", "二月", ""])
def test_what_is_no_month(written: str) -> None:
    with pytest.raises(MonthUnreadable):
        read_month(written)


def test_the_last_day_must_be_sealed(bank: Lender, tmp_path: Path) -> None:
    bank.close_until(dt.date(2026, 1, 31))
    with pytest.raises(Refusal, match="2026-01-31, is closed"):
        reported(bank, "2026-01", tmp_path)
    open_first_of(bank, "2026-02")
    assert reported(bank, "2026-01", tmp_path).header["count"]["loans"] == 0


def test_the_file_is_its_owners_alone_and_whole_or_not_there(bank: Lender, tmp_path: Path) -> None:
    agree(bank, borrower(bank)[0])
    open_first_of(bank, "2026-02")
    path = tmp_path / "2026-01.jsonl"
    with pytest.raises(FileNotFoundError):
        report(bank.connection, bank.house, read_month("2026-01"), tmp_path / "none" / "file", "test")
    path.write_text("before")
    path.chmod(0o644)
    with pytest.raises(MasterKeyUnknown):  # in the middle of the work
        report(bank.connection, House(KeyRing.fresh()), read_month("2026-01"), path, "test")
    assert path.read_text() == "before" and list(tmp_path.iterdir()) == [path]
    assert reported(bank, "2026-01", tmp_path).header["count"]["loans"] == 1
    assert stat.S_IMODE(path.stat().st_mode) == 0o600 and list(tmp_path.iterdir()) == [path]


def test_small_steps_make_the_same_file(bank: Lender, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = [borrower(bank) for _ in range(5)]
    for customer, *_ in made:
        agree(bank, customer)
    bank.close_until(dt.date(2026, 2, 5))
    paid = [bank.done(customer, loans.repay_loan(customer, loan, INSTALMENT))["payment"] for customer, _, loan in made]
    open_first_of(bank, "2026-03")
    reported(bank, "2026-02", tmp_path)
    for (customer, *_), payment in zip(made, paid, strict=True):
        bank.done(customer, loans.bounce(customer, payment, "NO_FUNDS"))
    open_first_of(bank, "2026-04")
    first = reported(bank, "2026-03", tmp_path)
    monkeypatch.setattr(reporting_reading, "STEP", 2)
    assert reported(bank, "2026-03", tmp_path).text == first.text
    assert first.header["count"] == {"lines": 5, "loans": 5, "corrections": 10, "disputed": 0}


# Who is reported.


def test_consents_that_begin_or_end(bank: Lender, tmp_path: Path) -> None:
    """Reported is who had agreed on the month's last day, as it was known then, and agrees still on the day of the report."""
    (early, _, loan), (until, *_), (gone, *_), (late, _, last) = (borrower(bank) for _ in range(4))
    agree(bank, early)
    agree(bank, until, ends_on=dt.date(2026, 1, 31))
    consent = agree(bank, gone)
    open_first_of(bank, "2026-02")
    agree(bank, late)
    disagree(bank, gone, consent)
    assert reported(bank, "2026-01", tmp_path).accounts >= {str(loan)}
    assert reported(bank, "2026-01", tmp_path).header["count"]["loans"] == 1
    open_first_of(bank, "2026-03")
    assert {str(loan), str(last)} <= reported(bank, "2026-02", tmp_path).accounts
    assert reported(bank, "2026-02", tmp_path).header["count"]["loans"] == 2


def test_who_was_never_drawn_on_is_a_line_alone(bank: Lender, tmp_path: Path) -> None:
    customer = bank.customer()
    line = bank.line(customer)
    agree(bank, customer)
    open_first_of(bank, "2026-02")
    file = reported(bank, "2026-01", tmp_path)
    assert file.accounts == {str(line)}
    assert (file.own(line)["status"], file.own(line)["balance"], file.own(line)["id_number"][:8]) == ("normal", 0, "11010119")


def test_corrections_ask_for_no_consent_and_name_nobody_who_was_erased(bank: Lender, tmp_path: Path) -> None:
    """The months between were never reported: what was booked since the last file is looked at all the same."""
    (kept, _, loan), (erased, line, other) = borrower(bank), borrower(bank)
    consents = {each: agree(bank, each) for each in (kept, erased)}
    bank.close_until(dt.date(2026, 2, 5))
    paid = {
        who: bank.done(who, loans.repay_loan(who, which, INSTALMENT))["payment"] for who, which in ((kept, loan), (erased, other))
    }
    open_first_of(bank, "2026-03")
    reported(bank, "2026-02", tmp_path)
    for who in (kept, erased):
        bank.done(who, loans.bounce(who, paid[who], "NO_FUNDS"))
        disagree(bank, who, consents[who])
    open_first_of(bank, "2026-05")
    in_unit(bank.connection, lambda unit: _erase(unit, erased))
    file = reported(bank, "2026-04", tmp_path)
    assert {(each["account"], each["month"]) for each in file.corrections if each["kind"] == "loan"} == {(str(loan), "2026-02")}
    assert (str(line) in file.text, {why for _, why in file.made.totals.withheld}) == (False, {"erased", "no_consent"})
    assert {each for each, why in file.made.totals.withheld if why == "erased"} == {line, other}


def _erase(unit: Unit, customer_id: uuid.UUID) -> None:
    customer = hold_customer(unit, customer_id)
    history = history_of(unit, customer, "test", dt.date(2026, 5, 1))
    erase(unit, customer, history)
    store_events(unit, history)


def test_a_backdated_rate_and_its_reversal_correct_twice(bank: Lender, tmp_path: Path) -> None:
    customer, _, loan = borrower(bank)
    agree(bank, customer)
    open_first_of(bank, "2026-03")
    first = reported(bank, "2026-02", tmp_path).own(loan)
    repriced = change.rate_change(73_000, FIRST_DAY, "AGREED")
    bank.done(customer, loans.change_loan(customer, loan, "rate", repriced))
    (number,) = bank.one("SELECT max(number) FROM event WHERE loan_id = %s", loan)
    open_first_of(bank, "2026-04")
    (second,) = (each for each in reported(bank, "2026-03", tmp_path).corrections if each["kind"] == "loan")
    assert second["number"] == 2 and second["due"] < first["due"]
    bank.done(customer, loans.change_loan(customer, loan, "back", change.reversal(number, "MISTAKE")))
    open_first_of(bank, "2026-05")
    third = {each["month"]: each for each in reported(bank, "2026-04", tmp_path).corrections if each["kind"] == "loan"}
    assert {month: each["number"] for month, each in third.items()} == {"2026-02": 3, "2026-03": 2}
    assert {**third["2026-02"], "type": "account", "number": 1} == first


# Disputes.


def disputed(bank: Lender, tmp_path: Path) -> tuple[uuid.UUID, uuid.UUID, int]:
    """A loan whose February was reported as paid; the payment's number."""
    customer, _, loan = borrower(bank)
    agree(bank, customer)
    in_unit(
        bank.connection,
        lambda unit: add_principal(
            unit, Principal("test", Kind.PERSON, ("operations", "platform"), FIRST_DAY), "test", FIRST_DAY
        ),
    )
    bank.close_until(dt.date(2026, 2, 5))
    payment = bank.done(customer, loans.repay_loan(customer, loan, INSTALMENT))["payment"]
    open_first_of(bank, "2026-03")
    reported(bank, "2026-02", tmp_path)
    return customer, loan, payment


def test_a_dispute_is_marked_while_it_is_open_and_the_customer_is_answered(bank: Lender, tmp_path: Path) -> None:
    customer, loan, _ = disputed(bank, tmp_path)
    bank.close_until(dt.date(2026, 3, 25))
    told = bank.done(customer, disputes.dispute(customer, loan, FEBRUARY, "zh"))
    assert told["expires"] == dt.date(2026, 4, 14)  # 20 days
    open_first_of(bank, "2026-04")
    march = reported(bank, "2026-03", tmp_path)
    assert march.own(loan)["disputed"] and march.header["count"]["disputed"] == 1
    bank.done(customer, disputes.answer(bank.house, customer, told["case"], Answered("stands", "BOOKS_AGREE", REASON)))
    assert reported(bank, "2026-03", tmp_path).text == march.text  # on its last day the dispute was open
    open_first_of(bank, "2026-05")
    assert not reported(bank, "2026-04", tmp_path).own(loan)["disputed"]
    found = {each.notice.kind: each.text for each in in_unit(bank.connection, lambda unit: notices_of(unit, customer))}
    assert "2026年4月14日" in found["dispute_received"]
    assert GROUNDS["BOOKS_AGREE"].zh in found["dispute_rejected"]
    assert bank.one("SELECT count(*) FROM event WHERE body::text LIKE %s", f"%{REASON}%") == (0,)


def test_a_dispute_that_nobody_answers_in_time_is_late_and_keeps_its_mark_until_it_is_answered(
    bank: Lender, tmp_path: Path
) -> None:
    customer, loan, _ = disputed(bank, tmp_path)
    told = bank.done(customer, disputes.dispute(customer, loan, FEBRUARY, "en"))
    case_id, due = told["case"], told["expires"]
    bank.close_until(due)
    assert mark_late_disputes(bank.connection, due) == 0  # the last day is not over
    assert bank.refusal(customer, mark_late(case_id)) == "CaseNotDue"
    bank.close_until(due + DAY)
    assert [mark_late_disputes(bank.connection, due + DAY) for _ in range(2)] == [1, 0]
    open_first_of(bank, "2026-04")
    assert mark_late_disputes(bank.connection, dt.date(2026, 4, 1)) == 0
    assert reported(bank, "2026-03", tmp_path).own(loan)["disputed"]
    (found,) = in_unit(bank.connection, lambda unit: cases.open_cases(unit, "disputes", 10))
    assert (found.case_id, found.status, found.late) == (case_id, "open", due + DAY)
    heard = in_unit(bank.connection, lambda unit: notices_of(unit, customer))
    (late,) = [each for each in heard if each.notice.kind == "dispute_late"]
    assert (late.notice.on_day, late.notice.lang) == (due + DAY, "en") and f"by {due}" in late.text
    bank.done(customer, disputes.answer(bank.house, customer, case_id, Answered("stands", "BOOKS_AGREE", REASON)))
    open_first_of(bank, "2026-05")
    assert not reported(bank, "2026-04", tmp_path).own(loan)["disputed"]
    assert bank.refusal(customer, mark_late(case_id)) == "CaseNotOpen"


def test_an_upheld_dispute_needs_a_correction_in_the_books(bank: Lender, tmp_path: Path) -> None:
    customer, loan, payment = disputed(bank, tmp_path)
    case = bank.done(customer, disputes.dispute(customer, loan, FEBRUARY, "en"))["case"]
    upheld = disputes.answer(bank.house, customer, case, Answered("corrected", None, REASON))
    assert bank.refusal(customer, upheld) == "NothingCorrected"
    bank.done(customer, loans.change_loan(customer, loan, "back", change.reversal(payment, "MISTAKE")))
    bank.done(customer, upheld)
    open_first_of(bank, "2026-04")
    (sent,) = (each for each in reported(bank, "2026-03", tmp_path).corrections if each["kind"] == "loan")
    assert (sent["month"], sent["paid"], sent["disputed"]) == ("2026-02", 0, False)
    (notice,) = (
        each for each in in_unit(bank.connection, lambda unit: notices_of(unit, customer)) if each.notice.kind == "dispute_upheld"
    )
    assert "2026-03-01" in notice.text


def test_a_correction_that_was_sent_meanwhile_counts(bank: Lender, tmp_path: Path) -> None:
    customer, loan, payment = disputed(bank, tmp_path)
    bank.close_until(dt.date(2026, 3, 25))
    case = bank.done(customer, disputes.dispute(customer, loan, FEBRUARY, "en"))["case"]
    bank.done(customer, loans.change_loan(customer, loan, "back", change.reversal(payment, "MISTAKE")))
    open_first_of(bank, "2026-04")
    assert all(each["disputed"] == (each["kind"] == "loan") for each in reported(bank, "2026-03", tmp_path).corrections)
    bank.done(customer, disputes.answer(bank.house, customer, case, Answered("corrected", None, REASON)))


def test_refusals_of_disputes_in_their_order(bank: Lender, tmp_path: Path) -> None:
    customer, loan, _ = disputed(bank, tmp_path)
    told: list[str] = []

    def refused(command: Command) -> None:
        told.append(bank.refusal(customer, command))

    refused(disputes.dispute(customer, loan, read_month("2026-01"), "zh"))
    case = bank.done(customer, disputes.dispute(customer, loan, FEBRUARY, "zh"))["case"]
    refused(disputes.dispute(customer, loan, FEBRUARY, "zh"))
    assert told == [each.__name__ for each in disputes.ORDER]
    told.clear()

    def answering(case_id: uuid.UUID, *what: str | None) -> Command:
        outcome, ground, reason = what
        return disputes.answer(bank.house, customer, case_id, Answered(outcome or "", ground, reason or ""))

    refused(answering(loan, "stands", None, ""))
    refused(answering(_referral(bank, customer), "stands", None, ""))
    refused(answering(case, "stands", None, ""))
    refused(answering(case, "corrected", "PAID_LATE", ""))
    refused(answering(case, "corrected", None, ""))
    refused(answering(case, "perhaps", None, REASON))
    refused(answering(case, "corrected", None, REASON))
    bank.done(customer, answering(case, "stands", "PAID_LATE", REASON))
    refused(answering(case, "stands", "PAID_LATE", REASON))
    expected = ["CaseUnknown", "DisputeUnknown", "GroundUnknown", "GroundNotNeeded", "ReasonMissing", "OutcomeUnknown"]
    assert told == [*expected, "NothingCorrected", "CaseNotOpen"]
    order = [each.__name__ for each in disputes.ANSWER_ORDER]
    places = [order.index(each) for each in told[:-1]]
    assert places == sorted(places)


def _referral(bank: Lender, customer: uuid.UUID) -> uuid.UUID:
    def act(unit: Unit) -> uuid.UUID:
        new = cases.NewCase(customer, "referral", customer, 5_000 * YUAN, "zh")
        return cases.open_case(unit, new, dt.date(2026, 3, 1)).case_id

    return in_unit(bank.connection, act)
