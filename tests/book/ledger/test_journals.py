"""Journals: what is written, what is refused, what the database stops."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shouxin.book.ledger import journals
from shouxin.book.ledger.checks import violations
from shouxin.book.ledger.journals import mirrored, post, postings_of
from shouxin.book.ledger.model import Entry, Posting
from shouxin.book.ledger.reports import trial_balance
from shouxin.foundation.money import MOST_MINOR
from shouxin.foundation.refusal import Refusal
from shouxin.infra.db.keys import KeyRing
from shouxin.infra.db.unit import Unit
from tests.book.ledger.conftest import FIRST
from tests.ledgers import ACCOUNTS, Journal, id_of, keep, lines_of, read_ledger, trial_lines, written

LOANS, BANK, INCOME = "1303.consumer-line", "1002", "6011.consumer-line"
ANN = id_of("ann")
ENTRY = Entry(ANN, 1, FIRST, FIRST)
GOOD = Posting(LOANS, BANK, 100)

# One row for each refusal, in the order of the checks; each posting breaks what comes after as well where it can.
REFUSED: list[tuple[list[Posting], str]] = [
    ([], "JournalEmpty"),
    ([Posting(BANK, BANK, -0.5)], "AmountNotWhole"),  # type: ignore[arg-type]
    ([Posting(BANK, BANK, True)], "AmountNotWhole"),
    ([Posting(BANK, BANK, 0)], "AmountNotPositive"),
    ([GOOD, Posting(BANK, BANK, -1)], "AmountNotPositive"),
    ([Posting(BANK, BANK, MOST_MINOR + 1)], "AmountTooLarge"),
    ([GOOD, Posting(BANK, BANK, 1)], "SameAccountTwice"),
]


@pytest.mark.parametrize(("postings", "code"), REFUSED)
def test_what_is_no_journal(postings: list[Posting], code: str, unit: Unit) -> None:
    with pytest.raises(Refusal) as refused:
        post(unit, ENTRY, postings)
    assert refused.value.code == code and refused.value.text("zh")
    assert unit.read(("SELECT FROM posting", ())) == [[]]


def test_each_refusal_has_a_row() -> None:
    assert list(dict.fromkeys(code for _, code in REFUSED)) == [each.__name__ for each in journals.ORDER]


def test_what_is_written(unit: Unit) -> None:
    entry = Entry(ANN, 7, FIRST, dt.date(2026, 2, 27), loan_id=id_of("car"), reverses=3)
    post(unit, entry, iter([GOOD, Posting(BANK, INCOME, MOST_MINOR)]))
    [rows] = unit.read(("SELECT * FROM posting ORDER BY line", ()))
    head, tail = (ANN, 7), ("CNY", FIRST, dt.date(2026, 2, 27), id_of("car"), 3)
    assert rows == [(*head, 1, LOANS, BANK, 100, *tail), (*head, 2, BANK, INCOME, MOST_MINOR, *tail)]
    assert postings_of(unit, ANN, 7) == [GOOD, Posting(BANK, INCOME, MOST_MINOR)]
    assert postings_of(unit, ANN, 8) == [] and postings_of(unit, id_of("ben"), 7) == []


@pytest.mark.parametrize("count", [1, 2, 7, 8, 9, 16, 17])
def test_a_long_journal_keeps_its_order(count: int, unit: Unit) -> None:
    made = [Posting(LOANS, BANK, amount) for amount in range(1, count + 1)]
    post(unit, ENTRY, made)
    [rows] = unit.read(("SELECT line, amount FROM posting ORDER BY line", ()))
    assert rows == [(number, number) for number in range(1, count + 1)] and postings_of(unit, ANN, 1) == made


def _unopened(unit: Unit) -> None:
    post(unit, ENTRY, [Posting("1303.no-such-line", BANK, 1)])


def _twice(unit: Unit) -> None:
    post(unit, ENTRY, [GOOD])
    post(unit, ENTRY, [GOOD])


def _reversed_twice(unit: Unit) -> None:
    post(unit, ENTRY, [GOOD])
    for number in (2, 3):
        post(unit, Entry(ANN, number, FIRST, FIRST, reverses=1), mirrored([GOOD]))


def _reversed_before(unit: Unit) -> None:
    post(unit, Entry(ANN, 2, FIRST, FIRST, reverses=2), [GOOD])


@pytest.mark.parametrize("work", [_unopened, _twice, _reversed_twice, _reversed_before])
def test_what_the_database_stops(work: Callable[[Unit], None], unit: Unit) -> None:
    work(unit)
    with pytest.raises(psycopg.errors.IntegrityError):
        unit.flush()


@pytest.mark.parametrize("table", ["account", "posting", "event", "closed_day", "closed_balance", "sealed"])
@pytest.mark.parametrize("act", ["DELETE FROM {}", "TRUNCATE {}", "UPDATE {} SET {} = {}"])
def test_the_application_only_adds(table: str, act: str, books: psycopg.Connection[Any]) -> None:
    column = {"account": "code", "posting": "amount", "event": "kind", "sealed": "part"}.get(table, "day")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        books.execute(act.format(table, column, column).encode())


def test_the_application_cannot_remove_the_open_day(books: psycopg.Connection[Any]) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        books.execute("DELETE FROM open_day")


accounts = st.sampled_from(ACCOUNTS)
pairs = st.tuples(accounts, accounts).filter(lambda pair: pair[0] != pair[1])
postings = st.builds(lambda pair, amount: Posting(pair[0], pair[1], amount), pairs, st.integers(1, MOST_MINOR))
some = st.lists(st.lists(postings, min_size=1, max_size=4), min_size=1, max_size=6)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(made=some)
def test_debits_equal_credits_and_a_reversal_leaves_nothing(made: list[list[Posting]], books: psycopg.Connection[Any]) -> None:
    text = written(Journal(FIRST, "ann", "made.up", {}, each) for each in made)
    undone = "\n".join(f"{FIRST} ann made.undone reverses {number}" for number in range(1, len(made) + 1))
    unit = Unit(books)
    keep(unit, KeyRing.fresh(), text)
    totals = trial_balance(unit, FIRST).totals
    assert totals.debits == totals.credits == sum(each.amount for one in made for each in one)
    assert totals.closing_debit == totals.closing_credit
    keep(unit, KeyRing.fresh(), undone)
    assert {row.closing for row in trial_balance(unit, FIRST).rows} == {0}
    assert violations(unit) == []
    books.rollback()


def test_a_text_reads_back() -> None:
    text = """
        2026-03-01 ann loan.paid_out loan car  # a comment
          1303.consumer-line  1002  1000.00
        2026-03-02 house interest.accrued value 2026-03-01
          1132.consumer-line.m0  6011.consumer-line  0.33
    """
    read = [each for each in read_ledger(text) if isinstance(each, Journal)]
    assert lines_of(written(read)) == lines_of(text.replace("  # a comment", "")) and list(read_ledger(written(read))) == read
    with pytest.raises(ValueError, match="nonsense"):
        list(read_ledger("nonsense"))


def test_a_reversal_in_the_trial_balance(unit: Unit, ring: KeyRing) -> None:
    keep(
        unit,
        ring,
        """
        2026-03-01 ann loan.paid_out loan car
          1303.consumer-line  1002  1000.00
        2026-03-01 ann loan.repaid loan car
          1002  6011.consumer-line  10.00
          1002  1303.consumer-line  490.00
        2026-03-01 ann loan.repayment_reversed loan car reverses 2
        """,
    )
    expected = """
        1002                   0.00   500.00  1500.00  -1000.00
        1303.consumer-line     0.00  1490.00   490.00   1000.00
        6011.consumer-line     0.00    10.00    10.00      0.00
    """
    assert trial_lines(trial_balance(unit, FIRST)) == lines_of(expected)
    assert violations(unit) == []
