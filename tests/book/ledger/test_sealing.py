"""Sealing a day: what is hashed, what is carried forward, what is refused."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import time
from collections.abc import Callable
from typing import Any

import psycopg
import pytest

from shouxin.book.ledger import sealing
from shouxin.book.ledger.days import open_next_day
from shouxin.book.ledger.seal import GENESIS, PART_ROWS, ROW_BYTES, Seal, day_hash
from shouxin.book.ledger.sealing import contents_now, seal_day
from shouxin.foundation.refusal import Refusal
from shouxin.infra.db.connect import Target, connect
from shouxin.infra.db.keys import KeyRing
from shouxin.infra.db.unit import Unit
from tests.book.ledger.conftest import FIRST
from tests.ledgers import keep, lines_of

pytestmark = pytest.mark.both_servers  # a seal made on one version is verified on another

SECOND, THIRD = FIRST + dt.timedelta(days=1), FIRST + dt.timedelta(days=2)
BOOKED = """
    2026-03-01 ann loan.paid_out loan car
      1303.consumer-line  1002  1000.00
    2026-03-01 ann customer.called
    2026-03-01 ben loan.paid_out loan van
      1303.business-loan  1002  500.00
"""
LATER = """
    2026-03-02 ann loan.repaid value 2026-03-01 loan car
      1002  6011.consumer-line  10.00
      1002  1303.consumer-line  390.00
"""
BALANCES = ("SELECT day, account, debits, credits FROM closed_balance ORDER BY day, account", ())


def test_balances_are_carried_forward(unit: Unit, ring: KeyRing) -> None:
    keep(unit, ring, f"{BOOKED}\nclose 2026-03-01\n{LATER}\nclose 2026-03-02\nclose 2026-03-03")
    [rows] = unit.read(BALANCES)
    assert [f"{row.day} {row.account} {row.debits} {row.credits}" for row in rows] == lines_of(
        """
        2026-03-01 1002                     0  150000
        2026-03-01 1303.business-loan   50000       0
        2026-03-01 1303.consumer-line  100000       0
        2026-03-02 1002                 40000  150000
        2026-03-02 1303.business-loan   50000       0
        2026-03-02 1303.consumer-line  100000   39000
        2026-03-02 6011.consumer-line       0    1000
        2026-03-03 1002                 40000  150000
        2026-03-03 1303.business-loan   50000       0
        2026-03-03 1303.consumer-line  100000   39000
        2026-03-03 6011.consumer-line       0    1000
        """
    )


def test_days_are_chained_and_signed(unit: Unit, ring: KeyRing) -> None:
    keep(unit, ring, f"{BOOKED}\nclose 2026-03-01\n{LATER}\nclose 2026-03-02\nclose 2026-03-03")
    [rows] = unit.read(("SELECT * FROM closed_day ORDER BY day", ()))
    seals = [Seal(*row) for row in rows]
    assert [each.rows for each in seals] == [5, 3, 0]
    assert [each.previous_hash for each in seals] == [GENESIS, seals[0].hash, seals[1].hash]
    assert all(ring.verify(each.key_id, each.signed, each.signature) for each in seals)
    assert len({each.hash for each in seals}) == 3


def test_a_repeat_returns_the_first_seal(unit: Unit, ring: KeyRing) -> None:
    keep(unit, ring, BOOKED)
    open_next_day(unit, FIRST)
    first = seal_day(unit, ring, FIRST)
    assert seal_day(unit, KeyRing.fresh(), FIRST) == first
    keep(unit, ring, f"{LATER}\nclose 2026-03-02")
    assert seal_day(unit, ring, FIRST) == first


def _still_open(unit: Unit, ring: KeyRing) -> None:
    seal_day(unit, ring, THIRD)


def _without_day(unit: Unit, ring: KeyRing) -> None:
    unit.write("DELETE FROM open_day")
    seal_day(unit, ring, FIRST)


def _before_all(unit: Unit, ring: KeyRing) -> None:
    seal_day(unit, ring, FIRST - dt.timedelta(days=1))


def _changed(unit: Unit, ring: KeyRing) -> None:
    seal_day(unit, ring, FIRST)
    unit.write("UPDATE posting SET amount = amount + 1 WHERE book_date = %s", (FIRST,))
    seal_day(unit, ring, FIRST)


def _removed_between(unit: Unit, ring: KeyRing) -> None:
    seal_day(unit, ring, FIRST)
    seal_day(unit, ring, SECOND)
    unit.write("DELETE FROM sealed WHERE day = %s", (FIRST,))
    unit.write("DELETE FROM closed_balance WHERE day = %s", (FIRST,))
    unit.write("DELETE FROM closed_day WHERE day = %s", (FIRST,))
    seal_day(unit, ring, FIRST)


def _with_a_gap(unit: Unit, ring: KeyRing) -> None:
    seal_day(unit, ring, SECOND)


REFUSED = [
    (_without_day, "LedgerWithoutDay"),
    (_still_open, "DayStillOpen"),
    (_before_all, "DayBeforeFirst"),
    (_changed, "SealedDayDiffers"),
    (_removed_between, "SealedDayDiffers"),
    (_with_a_gap, "EarlierDayNotSealed"),
]


@pytest.mark.parametrize(("work", "code"), REFUSED)
def test_what_is_not_sealed(work: Callable[[Unit, KeyRing], None], code: str, admin_unit: Unit, ring: KeyRing) -> None:
    keep(admin_unit, ring, BOOKED)
    admin_unit.write("UPDATE open_day SET day = %s", (THIRD,))
    with pytest.raises(Refusal) as refused:
        work(admin_unit, ring)
    assert refused.value.code == code and refused.value.text("zh")


def test_each_refusal_has_a_row() -> None:
    assert list(dict.fromkeys(code for _, code in REFUSED)) == [each.__name__ for each in sealing.ORDER]


def test_two_that_seal_at_once_make_one_seal(books: psycopg.Connection[Any], ring: KeyRing, database: Target) -> None:
    def first(unit: Unit) -> Seal:
        keep(unit, ring, BOOKED)
        open_next_day(unit, FIRST)
        return seal_day(unit, ring, FIRST)

    with connect(database.app) as other:
        one, two = Unit(books), Unit(other)
        made = first(one)
        one.flush()
        other.execute("SET LOCAL lock_timeout = '50ms'")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            seal_day(two, ring, FIRST)
        other.rollback()
        one.commit()
        assert seal_day(two, ring, FIRST) == made
        other.rollback()


# The form of a seal. It must not drift: seals of years ago are compared with it.

FIXED = """
INSERT INTO event (customer_id, number, kind, facility_id, loan_id, effective, booked, at, principal, reason, body) VALUES
  ('0198c0de-0000-7000-8000-000000000001', 1, 'loan.paid_out', '0198c0de-0000-7000-8000-000000000002',
   '0198c0de-0000-7000-8000-000000000003', '2026-02-27', '2026-03-01', '2026-03-01 08:30:00.120000+08', 'staff:7', 'R1',
   '{"b": [1.50, null, true], "a": "支用 \\"quoted\\" \\\\"}'),
  ('0198c0de-0000-7000-8000-000000000001', 2, 'customer.called', NULL, NULL, '2026-03-01', '2026-03-01',
   '2026-03-01 00:00:00+00', 'system', NULL, '{}');
INSERT INTO posting (customer_id, journal, line, debit, credit, amount, currency, book_date, value_date, loan_id, reverses) VALUES
  ('0198c0de-0000-7000-8000-000000000001', 1, 1, '1303.consumer-line', '1002', 1000000, 'CNY', '2026-03-01', '2026-02-27',
   '0198c0de-0000-7000-8000-000000000003', NULL);
"""
CONTENTS = [
    (
        "0198c0de0000700080000000000000010000000000000001000045",
        '["0198c0de-0000-7000-8000-000000000001", 1, "loan.paid_out", "0198c0de-0000-7000-8000-000000000002",'
        ' "0198c0de-0000-7000-8000-000000000003", "2026-02-27", "2026-03-01", "2026-03-01T00:30:00.12", "staff:7", "R1",'
        ' {"a": "支用 \\"quoted\\" \\\\", "b": [1.50, null, true]}]',
    ),
    (
        "0198c0de0000700080000000000000010000000000000001000150",
        '["0198c0de-0000-7000-8000-000000000001", 1, 1, "1303.consumer-line", "1002", 1000000, "CNY", "2026-03-01",'
        ' "2026-02-27", "0198c0de-0000-7000-8000-000000000003", null]',
    ),
    (
        "0198c0de0000700080000000000000010000000000000002000045",
        '["0198c0de-0000-7000-8000-000000000001", 2, "customer.called", null, null, "2026-03-01", "2026-03-01",'
        ' "2026-03-01T00:00:00", "system", null, {}]',
    ),
]


@pytest.mark.parametrize("session", ["", "SET DateStyle = 'German'; SET TimeZone = 'Asia/Shanghai'; SET bytea_output = 'escape'"])
def test_the_form_of_a_seal(session: str, books: psycopg.Connection[Any], ring: KeyRing) -> None:
    books.execute(FIXED.encode(), prepare=False)
    books.execute((session or "SELECT").encode(), prepare=False)
    unit = Unit(books)
    contents = contents_now(unit, FIRST)
    rows = b"".join(bytes.fromhex(key) + hashlib.sha256(text.encode()).digest()[:16] for key, text in CONTENTS)
    assert contents.parts == (hashlib.sha256(rows).digest(),) and contents.rows == 3
    balances = hashlib.sha256(b"1002 0 1000000\n1303.consumer-line 1000000 0\n").digest()
    assert contents.balances == balances
    closed_at = dt.datetime(2026, 3, 2, 1, 2, 3, 4, tzinfo=dt.UTC)
    text = (
        f"shouxin closed day 1\nprevious {'00' * 32}\nday 2026-03-01\nclosed 2026-03-02T01:02:03.000004Z\nrows 3\n"
        f"balances {balances.hex()}\npart 0 {contents.parts[0].hex()}\n"
    )
    assert day_hash(GENESIS, FIRST, closed_at, contents) == hashlib.sha256(text.encode()).digest()
    books.rollback()


def test_the_contents_are_json() -> None:
    assert [json.loads(text)[1] for _, text in CONTENTS] == [1, 1, 2]


MANY = """
INSERT INTO event (customer_id, number, kind, effective, booked, principal, body)
SELECT ('0198c0de-0000-7000-8000-' || lpad(to_hex(each %% 5000), 12, '0'))::uuid, each / 5000 + 1, 'made.up', %s, %s, 'test', '{}'
FROM generate_series(0, %s) AS each
"""


def test_a_long_day_is_sealed_in_parts(unit: Unit, ring: KeyRing) -> None:
    unit.write(MANY, (FIRST, FIRST, 2 * PART_ROWS + 4))
    open_next_day(unit, FIRST)
    unit.flush()
    began = time.perf_counter()
    seal = seal_day(unit, ring, FIRST)
    unit.flush()
    assert time.perf_counter() - began < 10  # one second for 100,000 rows, and room for a busy machine
    [parts] = unit.read(("SELECT part, rows FROM sealed ORDER BY part", ()))
    assert [len(part.rows) // ROW_BYTES for part in parts] == [PART_ROWS, PART_ROWS, 5]
    rows = [part.rows[start : start + ROW_BYTES] for part in parts for start in range(0, len(part.rows), ROW_BYTES)]
    assert rows == sorted(rows) and seal.rows == len(set(rows)) == 2 * PART_ROWS + 5
