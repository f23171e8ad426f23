"""`shouxin case`: listed, shown, taken, released, decided and sent back."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest

from shouxin.foundation.ids import new_id
from shouxin.infra.access import cases
from shouxin.infra.access.cases import Case, NewCase
from shouxin.infra.access.principals import cli_principal
from shouxin.infra.access.roles import ROLES
from shouxin.infra.db.connect import Target, connect
from shouxin.infra.db.unit import in_unit
from tests.faces.cli.counter import FIRST_DAY, Counter
from tests.faces.cli.test_admission import as_one_with

WHY = "流水与申报一致，同意"
NOBODY = "0198c0de-0000-7000-8000-00000000dead"


@pytest.fixture
def waits(counter: Counter, open_books: Target) -> Iterator[Case]:
    """A referral of a customer who exists, about no application."""
    as_one_with(open_books, tuple(ROLES))
    yield opened(counter, open_books)
    as_one_with(open_books, tuple(ROLES))


def opened(counter: Counter, database: Target, kind: str = "referral") -> Case:
    new = NewCase(uuid.UUID(counter.customer()), kind, new_id(), 80_000_000, "zh", "portal")
    with connect(database.app) as connection:
        return in_unit(connection, lambda unit: cases.open_case(unit, new, FIRST_DAY))


def propose(database: Target, name: str, found: Case) -> None:
    """Whoever runs the command line is not the maker any more."""
    with connect(database.owner) as owner:
        owner.execute("UPDATE case_file SET maker = %s WHERE case_id = %s", (name, found.case_id))


def test_a_case_is_taken_and_released(counter: Counter, waits: Case) -> None:
    case = str(waits.case_id)
    taken = counter.told("case", "take", case, "--key", "mine")
    assert (taken["status"], taken["taken_by"], taken["expires"]) == ("taken", cli_principal(), "2026-07-08")
    assert counter.told("case", "take", case, "--key", "mine")["repeated"]
    listed = counter.told("case", "list", "--queue", "referrals")["cases"]
    assert [each["amount"] for each in listed if each["case"] == case] == ["800000.00"]
    assert counter.told("case", "release", case)["status"] == "open"
    shown = counter.told("case", "show", case)
    assert [each["act"] for each in shown["acts"]] == ["opened", "taken", "released"]
    assert "办理人" in counter("case", "take", case, "--lang", "zh")


def test_queues_are_counted(counter: Counter, waits: Case) -> None:
    told = counter.told("case", "list")["queues"]
    assert told["referrals"]["waiting"] >= 1 and told["disputes"] == {"waiting": 0, "capacity": 500}
    assert "人工审批" in counter("case", "list", "--lang", "zh")
    assert "待办理" in counter("case", "list", "--queue", "referrals", "--lang", "zh")
    assert counter.refusal("case", "list", "--queue", "archive") == "QueueUnknown"


def test_a_decision_above_the_authority_waits_for_a_second_person(counter: Counter, waits: Case, open_books: Target) -> None:
    case = str(waits.case_id)
    as_one_with(open_books, ["credit_officer"])
    decide = ("case", "decide", case, "--outcome", "approve", "--reason", WHY, "--amount")
    assert counter.told(*decide, "600000")["status"] == "proposed"
    assert counter.told(*decide, "600000", code=1)["refusal"]["code"] == "MakerIsChecker"
    propose(open_books, "cli:li", waits)
    assert counter.told(*decide, "500000", code=1)["refusal"]["code"] == "VerdictDiffers"
    assert counter.told(*decide, "600000", code=1)["refusal"]["code"] == "AuthorityExceeded"
    printed = counter("case", "show", case, "--lang", "zh")
    assert "待复核" in printed and "600,000.00" in printed and WHY in printed and "逾期结论" in printed
    sent = counter.told("case", "send-back", case, "--reason", "额度偏高，请重新测算", "--key", "back")
    assert (sent["status"], sent["outcome"]) == ("open", None)
    again = ("case", "send-back", case, "--reason", "另一个理由，不一样", "--key", "back")
    assert counter.told(*again, code=1)["refusal"]["code"] == "KeyUsedForAnother"
    assert counter.told("case", "show", case)["acts"][-1]["reason"] == "额度偏高，请重新测算"
    assert counter.one("SELECT count(*) FROM request WHERE answer::text LIKE '%%额度偏高%%'") == (0,)


def test_reading_a_case_is_noted(counter: Counter, waits: Case) -> None:
    counter("case", "show", str(waits.case_id))
    noted = counter.one("SELECT principal, about FROM audit WHERE action = 'case.read' AND customer_id = %s", waits.customer_id)
    assert noted == (cli_principal(), str(waits.case_id))


def test_a_person_who_was_erased_leaves_no_reasons(counter: Counter, waits: Case, open_books: Target) -> None:
    case = str(waits.case_id)
    counter("case", "decide", case, "--outcome", "approve", "--amount", "800000", "--reason", WHY, code=1)
    as_one_with(open_books, ["credit_officer"])
    counter("case", "decide", case, "--outcome", "approve", "--amount", "600000", "--reason", WHY)
    with connect(open_books.owner) as owner:
        owner.execute("DELETE FROM customer_key WHERE customer_id = %s", (waits.customer_id,))
    assert [each["reason"] for each in counter.told("case", "show", case)["acts"]] == [None, None]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (f"show {NOBODY}", "CaseUnknown"),
        (f"take {NOBODY}", "CaseUnknown"),
        ("take 7", "IdUnreadable"),
        ("send-back {case} --reason 请补充收入材料", "CaseNotProposed"),
        ("decide {case} --outcome approve --reason 同意授信申请 --amount 0", "AmountNotPositive"),
        ("decide {case} --outcome approve --reason 同意授信申请", "GrantedMissing"),
        ("decide {case} --outcome stands --reason 同意授信申请", "OutcomeUnknown"),
        ("decide {case} --outcome decline --reason 否", "ReasonTooShort"),
        ("decide {dispute} --outcome stands --reason 账务记录无误", "CaseDecidedElsewhere"),
    ],
)
def test_what_is_refused(words: str, code: str, counter: Counter, waits: Case, open_books: Target) -> None:
    dispute = opened(counter, open_books, "dispute").case_id
    args = [each.format(case=waits.case_id, dispute=dispute) for each in words.split()]
    assert counter.refusal("case", *args) == code
