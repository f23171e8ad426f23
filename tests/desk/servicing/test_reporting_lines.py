"""The lines of the file: every field is documented, in the file's order and on the page; and control sums."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from pathlib import Path

from shouxin.book.customers.model import Person
from shouxin.desk.servicing.reporting_disputes import GROUNDS
from shouxin.desk.servicing.reporting_lines import ACCOUNT, CORRECTION, FIELDS, Reported, Totals, line_of
from shouxin.desk.servicing.reporting_records import Kind, LoanTold, Month, Record, loan_record
from shouxin.engines.loans.agreement import Agreement
from shouxin.engines.loans.events import PaidOut, Repaid, WrittenOff
from shouxin.engines.loans.model import Method, Shape, Terms

PAGE = Path(__file__).resolve().parents[3] / "docs/reference/bureau-report.md"
JANUARY, FEBRUARY, MARCH = (Month(dt.date(2026, number, 1)) for number in (1, 2, 3))
PAID_OUT = dt.date(2026, 1, 5)
# 1,200.00 without interest, 100.00 a month from 5 February on
TERMS = Terms(120_000, 0, Method.EQUAL_INSTALMENT, Shape(PAID_OUT, 12))
OPENED = PaidOut("1", PAID_OUT, PAID_OUT, Agreement(TERMS))
LATE = dt.date(2026, 3, 20)
BACKDATED = Repaid("2", dt.date(2026, 2, 5), LATE, 10_000)


def told(*events: PaidOut | Repaid | WrittenOff) -> LoanTold:
    return LoanTold(uuid.UUID(int=2), uuid.UUID(int=1), "consumer-line", events)


def record(month: Month, known_by: dt.date, *events: PaidOut | Repaid | WrittenOff) -> Record:
    found = loan_record(told(*events), month, known_by)
    assert found is not None
    return found


def test_a_backdated_payment_counts_only_for_who_knows_of_it() -> None:
    before, after = (record(FEBRUARY, day, OPENED, BACKDATED) for day in (FEBRUARY.last, LATE))
    assert (before.balance, before.paid, before.days_past_due, before.overdue) == (120_000, 0, 23, 10_000)
    assert (after.balance, after.paid, after.days_past_due, after.overdue) == (110_000, 10_000, 0, 0)
    assert before.sha256 != after.sha256
    assert record(JANUARY, LATE, OPENED, BACKDATED).sha256 == record(JANUARY, JANUARY.last, OPENED).sha256


def test_there_is_nothing_to_say_of_a_loan_before_it_is_paid_out() -> None:
    assert loan_record(told(OPENED), Month(dt.date(2025, 12, 1)), LATE) is None
    assert loan_record(told(OPENED), JANUARY, dt.date(2026, 1, 4)) is None


def test_what_is_written_off_is_a_loss_and_a_claim() -> None:
    found = record(MARCH, MARCH.last, OPENED, WrittenOff("2", LATE, LATE))
    assert (found.balance, found.claim, found.band, found.status, found.overdue) == (0, 120_000, "loss", "written_off", 0)
    assert (found.written_off, found.closed, found.due) == (LATE, None, 10_000)


def test_fields_stand_in_the_documented_order() -> None:
    made = Reported(ACCOUNT, FEBRUARY, 1, record(FEBRUARY, LATE, OPENED), False)
    line = json.loads(line_of(made, Person("王\n小明", "110101199003071233")))
    assert list(line) == list(FIELDS)
    assert "\n" not in line_of(made, Person("王\n小明"))
    page = PAGE.read_text("utf-8")
    for name, field in FIELDS.items():
        assert f"| `{name}` | {field.text.zh} | {field.text.en} | {field.type} | {field.source} |" in page
    for code, text in GROUNDS.items():
        assert f"| `{code}` | {text.zh} | {text.en} |" in page


def test_corrections_are_counted_and_not_summed() -> None:
    totals = Totals()
    totals.add(Reported(ACCOUNT, FEBRUARY, 1, record(FEBRUARY, FEBRUARY.last, OPENED), False))
    totals.add(Reported(CORRECTION, JANUARY, 2, record(JANUARY, FEBRUARY.last, OPENED), True))
    assert (totals.records, totals.corrections, totals.disputed) == (2, 1, 1)
    assert totals.sums[Kind.LOAN]["balance"] == 120_000 and totals.accounts == {Kind.LOAN: 1}
