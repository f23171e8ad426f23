"""Verification: rows are really changed, by somebody who may change anything, and each change shows as what it is."""

from __future__ import annotations

import datetime as dt
from typing import Any

import psycopg
import pytest

from shouxin.book.ledger.chart import accounts_for
from shouxin.book.ledger.findings import TEXTS, Finding, What
from shouxin.book.ledger.seal import Key
from shouxin.book.ledger.verify import Scope, verify
from shouxin.foundation.refusal import Refusal
from shouxin.infra.db.keys import KeyRing
from shouxin.infra.db.unit import Unit
from tests.book.ledger.conftest import FIRST
from tests.book.ledger.tampering import ANN, BEN, NOBODY, SECOND, THIRD, changed, found
from tests.ledgers import PRODUCTS, id_of


def test_what_nobody_changed_is_whole(tamper: psycopg.Connection[Any], ring: KeyRing) -> None:
    report = verify(Unit(tamper), ring)
    assert report.whole and report.findings == () and report.violations == ()
    assert (report.days, report.rows) == (2, 12)
    assert report.head is not None and report.head[0] == SECOND
    assert report.to_dict()["head"] == {"day": "2026-03-02", "hash": report.head[1].hex()}


# Every column of a posting and of an event.

POSTING = {
    "debit": "6711",
    "credit": "4001",
    "amount": 39_001,
    "currency": "USD",
    "value_date": SECOND,
    "loan_id": None,
    "reverses": 1,
}
EVENT = {
    "kind": "loan.called",
    "facility_id": NOBODY,
    "loan_id": None,
    "effective": SECOND,
    "at": dt.datetime(2026, 3, 1, tzinfo=dt.UTC),
    "principal": "somebody",
    "reason": "R1",
    "body": '{"a": 1}',
}
KEYS = {"posting": {"customer_id", "journal", "line", "book_date"}, "event": {"customer_id", "number", "booked"}}


@pytest.mark.parametrize(("table", "columns"), [("posting", POSTING), ("event", EVENT)])
def test_no_column_is_left_out(table: str, columns: dict[str, object], tamper: psycopg.Connection[Any]) -> None:
    rows = tamper.execute("SELECT column_name FROM information_schema.columns WHERE table_name = %s", (table,)).fetchall()
    assert {name for (name,) in rows} == set(columns) | KEYS[table]


@pytest.mark.parametrize("column", POSTING)
def test_a_changed_posting(column: str, tamper: psycopg.Connection[Any], ring: KeyRing) -> None:
    sql = f"UPDATE posting SET {column} = %s WHERE customer_id = %s AND journal = 2 AND line = 2"
    report = changed(tamper, ring, sql, POSTING[column], ANN)
    assert found(report) == {(What.CHANGED, "posting ann 2/2", "01")}
    assert not report.whole and "2/2" in report.findings[0].text("en")


@pytest.mark.parametrize("column", EVENT)
def test_a_changed_event(column: str, tamper: psycopg.Connection[Any], ring: KeyRing) -> None:
    report = changed(tamper, ring, f"UPDATE event SET {column} = %s WHERE customer_id = %s AND number = 2", EVENT[column], ANN)
    assert found(report) == {(What.CHANGED, "event ann 2/0", "01")}


def test_a_time_changed_by_a_microsecond(tamper: psycopg.Connection[Any], ring: KeyRing) -> None:
    sql = "UPDATE event SET at = at + interval '1 microsecond' WHERE customer_id = %s AND number = 1"
    assert found(changed(tamper, ring, sql, BEN)) == {(What.CHANGED, "event ben 1/0", "01")}


def test_a_date_put_two_thousand_years_back(tamper: psycopg.Connection[Any], ring: KeyRing) -> None:
    sql = "UPDATE posting SET value_date = '2026-03-01 BC' WHERE customer_id = %s AND journal = 1"
    assert found(changed(tamper, ring, sql, BEN)) == {(What.CHANGED, "posting ben 1/1", "01")}


@pytest.mark.parametrize(
    ("change", "gone", "come"),
    [
        ("posting SET customer_id = '{nobody}' WHERE customer_id = '{ben}'", "posting ben 1/1", "posting nobody 1/1"),
        ("posting SET journal = 9 WHERE customer_id = '{ben}'", "posting ben 1/1", "posting ben 9/1"),
        ("posting SET line = 9 WHERE customer_id = '{ben}'", "posting ben 1/1", "posting ben 1/9"),
        ("posting SET line = line + 1 WHERE customer_id = '{ben}'", "posting ben 1/1", "posting ben 1/2"),
        ("event SET customer_id = '{nobody}' WHERE customer_id = '{ben}' AND number = 1", "event ben 1/0", "event nobody 1/0"),
        ("event SET number = 9 WHERE customer_id = '{ben}' AND number = 1", "event ben 1/0", "event ben 9/0"),
    ],
)
def test_a_row_under_another_key(change: str, gone: str, come: str, tamper: psycopg.Connection[Any], ring: KeyRing) -> None:
    report = changed(tamper, ring, f"UPDATE {change.format(ben=BEN, nobody=NOBODY)}")
    assert found(report) == {(What.MISSING, gone, "01"), (What.NOT_SEALED, come, "01")}
    assert bool(report.violations) is ("line" not in change)  # a journal may number its lines in any way


@pytest.mark.parametrize(
    ("table", "column", "row"), [("posting", "book_date", "posting ben 1/1"), ("event", "booked", "event ben 1/0")]
)
def test_a_row_on_another_day(table: str, column: str, row: str, tamper: psycopg.Connection[Any], ring: KeyRing) -> None:
    sql = f"UPDATE {table} SET {column} = %s WHERE customer_id = %s AND {column} = %s"
    to_sealed = changed(tamper, ring, sql, SECOND, BEN, FIRST)
    assert found(to_sealed) == {(What.MISSING, row, "01"), (What.NOT_SEALED, row, "02")}
    to_open = changed(tamper, ring, sql, THIRD, BEN, SECOND)
    assert found(to_open) == {(What.MISSING, row, "01")}
    tamper.execute(f"DELETE FROM {table} WHERE customer_id = %s AND {column} < %s".encode(), (BEN, FIRST))
    to_future = changed(tamper, ring, f"UPDATE {table} SET {column} = %s WHERE customer_id = %s", dt.date(2027, 1, 1), BEN)
    assert (What.NO_BUSINESS_DAY, row, "01") in found(to_future) and (What.MISSING, row, "01") in found(to_future)
    to_past = changed(tamper, ring, f"UPDATE {table} SET {column} = %s WHERE customer_id = %s", dt.date(2020, 1, 7), BEN)
    assert (What.NO_BUSINESS_DAY, row, "07") in found(to_past)


def test_two_rows_swapped(tamper: psycopg.Connection[Any], ring: KeyRing) -> None:
    sql = "UPDATE posting SET line = CASE line WHEN 1 THEN 102 ELSE 101 END WHERE customer_id = %s AND journal = 2"
    tamper.execute(sql.encode(), (ANN,))
    report = changed(tamper, ring, "UPDATE posting SET line = line - 100 WHERE customer_id = %s AND line > 100", ANN)
    assert found(report) == {(What.CHANGED, "posting ann 2/1", "01"), (What.CHANGED, "posting ann 2/2", "01")}


def test_deleted_rows(tamper: psycopg.Connection[Any], ring: KeyRing) -> None:
    report = changed(tamper, ring, "DELETE FROM posting WHERE customer_id = %s AND journal = 2 AND line = 1", ANN)
    assert found(report) == {(What.MISSING, "posting ann 2/1", "01")}
    report = changed(tamper, ring, "DELETE FROM event WHERE customer_id = %s AND number = 1", BEN)
    assert (What.MISSING, "event ben 1/0", "01") in found(report)
    assert any("1 are there" in each for each in report.violations)


def test_rows_put_into_a_sealed_day(tamper: psycopg.Connection[Any], ring: KeyRing) -> None:
    sql = "INSERT INTO posting VALUES (%s, 1, 2, '1303.business-loan', '1002', 5, 'CNY', %s, %s, NULL, NULL)"
    report = changed(tamper, ring, sql, BEN, FIRST, FIRST)
    assert found(report) == {(What.NOT_SEALED, "posting ben 1/2", "01")}
    sql = (
        "INSERT INTO event (customer_id, number, kind, effective, booked, principal, body) VALUES (%s, 3, 'x', %s, %s, 'x', '{}')"
    )
    report = changed(tamper, ring, sql, BEN, SECOND, SECOND)
    assert (What.NOT_SEALED, "event ben 3/0", "02") in found(report)


def test_everything_deleted(tamper: psycopg.Connection[Any], ring: KeyRing) -> None:
    tamper.execute("DELETE FROM posting")
    report = changed(tamper, ring, "DELETE FROM event")
    assert len([each for each in report.findings if each.what is What.MISSING]) == 12 and report.violations


# From a day on.


def test_from_a_day_on(tamper: psycopg.Connection[Any], ring: KeyRing) -> None:
    scope = Scope(since=SECOND)
    report = verify(Unit(tamper), ring, scope)
    assert report.whole and (report.days, report.rows) == (1, 5)
    tamper.execute("UPDATE posting SET amount = amount + 1 WHERE customer_id = %s AND journal = 2 AND line = 2", (ANN,))
    assert verify(Unit(tamper), ring, scope).findings == ()
    tamper.execute("UPDATE posting SET amount = amount + 1 WHERE customer_id = %s", (id_of("house"),))
    report = verify(Unit(tamper), ring, scope)
    assert found(report) == {(What.CHANGED, "posting house 1/1", "02")}
    assert len([each for each in report.violations if "1132" in each]) == 1


@pytest.mark.parametrize(("since", "code"), [(FIRST - dt.timedelta(days=1), "DayBeforeFirst"), (THIRD, "DayStillOpen")])
def test_from_a_day_that_is_not_over(since: dt.date, code: str, tamper: psycopg.Connection[Any], ring: KeyRing) -> None:
    with pytest.raises(Refusal) as refused:
        verify(Unit(tamper), ring, Scope(since=since))
    assert refused.value.code == code


# How it is said.


def test_each_finding_is_said_in_both_languages() -> None:
    assert set(TEXTS) == set(What)
    finding = Finding(What.CHANGED, FIRST, "posting", Key("posting", ANN, 2, 1))
    assert finding.text("zh") == f"2026-03-01 posting {ANN} 2/1：封账后被改动"
    assert finding.to_dict() == {
        "what": "changed",
        "day": "2026-03-01",
        "table": "posting",
        "customer_id": str(ANN),
        "number": 2,
        "line": 1,
    }
    assert Finding(What.NOT_CLOSED, FIRST, "closed_day").to_dict() == {
        "what": "not closed",
        "day": "2026-03-01",
        "table": "closed_day",
    }


def test_the_violations_follow_the_language(tamper: psycopg.Connection[Any], ring: KeyRing) -> None:
    tamper.execute("DELETE FROM event WHERE customer_id = %s", (BEN,))
    english = verify(Unit(tamper), ring).violations
    chinese = verify(Unit(tamper), ring, Scope(lang="zh")).violations
    assert len(english) == len(chinese) == 2 and set(english).isdisjoint(chinese)


def test_the_ledger_of_the_test_uses_all_kinds_of_accounts() -> None:
    assert {each[0] for each in accounts_for(PRODUCTS, ("m0",), ("1",))} >= {"1132.consumer-line.m0", "6711", "4001"}
