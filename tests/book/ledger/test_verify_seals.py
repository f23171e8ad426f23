"""Verification: seals, balances and the chain are really changed, up to everything but the signature."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from shouxin.book.ledger.findings import What
from shouxin.book.ledger.seal import Seal, day_hash
from shouxin.book.ledger.sealing import contents_now
from shouxin.book.ledger.verify import Noted, Scope, verify
from shouxin.infra.db.keys import KeyRing
from shouxin.infra.db.unit import Unit
from tests.book.ledger.conftest import FIRST
from tests.book.ledger.tampering import BEN, SECOND, changed, found
from tests.ledgers import keep

CLOSED = {
    "closed_at": ("closed_at + interval '1 second'", {(What.SEAL_CHANGED, "closed_day 02", "02")}),
    "previous_hash": (
        "sha256('x')",
        {(What.SEAL_CHANGED, "closed_day 02", "02"), (What.CHAIN_BROKEN, "closed_day 02", "02")},
    ),
    "hash": ("sha256('x')", {(What.SEAL_CHANGED, "closed_day 02", "02"), (What.SIGNATURE_WRONG, "closed_day 02", "02")}),
    "rows": ("rows + 1", {(What.SEAL_CHANGED, "closed_day 02", "02")}),
    "key_id": ("'another'", {(What.SIGNATURE_WRONG, "closed_day 02", "02")}),
    "signature": ("set_byte(signature, 3, 255 - get_byte(signature, 3))", {(What.SIGNATURE_WRONG, "closed_day 02", "02")}),
    "day": (
        "day + 7",
        {
            (What.NOT_CLOSED, "closed_day 02", "02"),
            (What.CLOSED_TOO_EARLY, "closed_day 09", "09"),
            (What.CHAIN_BROKEN, "closed_day 09", "09"),
            (What.SEAL_CHANGED, "closed_day 09", "09"),
        },
    ),
}


@pytest.mark.parametrize("column", CLOSED)
def test_a_changed_seal(column: str, tamper: psycopg.Connection[Any], ring: KeyRing) -> None:
    value, expected = CLOSED[column]
    assert found(changed(tamper, ring, f"UPDATE closed_day SET {column} = {value} WHERE day = %s", SECOND)) == expected


def test_no_column_of_a_seal_is_left_out(tamper: psycopg.Connection[Any]) -> None:
    rows = tamper.execute("SELECT column_name FROM information_schema.columns WHERE table_name = 'closed_day'").fetchall()
    assert {name for (name,) in rows} == set(CLOSED)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE sealed SET rows = set_byte(rows, 42, 255 - get_byte(rows, 42)) WHERE day = '2026-03-01'",
        "UPDATE sealed SET rows = substr(rows, 44) WHERE day = '2026-03-01'",
        "UPDATE sealed SET rows = substr(rows, 44) || substr(rows, 1, 43) WHERE day = '2026-03-01'",
        "UPDATE sealed SET rows = rows || 'x' WHERE day = '2026-03-01'",
        "UPDATE sealed SET part = 5 WHERE day = '2026-03-01'",
        "INSERT INTO sealed VALUES ('2026-03-01', 1, '')",
        "DELETE FROM sealed WHERE day = '2026-03-01'",
    ],
)
def test_changed_parts_of_a_seal(change: str, tamper: psycopg.Connection[Any], ring: KeyRing) -> None:
    assert found(changed(tamper, ring, change)) == {(What.SEAL_CHANGED, "sealed 01", "01")}


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE closed_balance SET debits = debits + 1 WHERE day = '2026-03-02' AND account = '1002'",
        "UPDATE closed_balance SET credits = credits + 1 WHERE day = '2026-03-02' AND account = '1002'",
        "UPDATE closed_balance SET account = '6711' WHERE day = '2026-03-02' AND account = '1002'",
        "DELETE FROM closed_balance WHERE day = '2026-03-02' AND account = '1002'",
        "INSERT INTO closed_balance VALUES ('2026-03-02', '6711', 1, 1)",
    ],
)
def test_changed_balances(change: str, tamper: psycopg.Connection[Any], ring: KeyRing) -> None:
    report = changed(tamper, ring, change)
    assert found(report) == {(What.BALANCES_CHANGED, "closed_balance 02", "02")}
    assert report.violations


def test_seals_removed(tamper: psycopg.Connection[Any], ring: KeyRing) -> None:
    report = changed(tamper, ring, "DELETE FROM closed_day WHERE day = %s", SECOND)
    assert found(report) == {(What.NOT_CLOSED, "closed_day 02", "02")}
    report = changed(tamper, ring, "UPDATE open_day SET day = %s", SECOND)
    assert {each.what for each in report.findings} == {What.NO_BUSINESS_DAY}


def test_the_first_seal_removed_and_the_first_day_moved(tamper: psycopg.Connection[Any], ring: KeyRing) -> None:
    report = changed(tamper, ring, "DELETE FROM closed_day WHERE day = %s", FIRST)
    assert found(report) == {(What.NOT_CLOSED, "closed_day 01", "01"), (What.CHAIN_BROKEN, "closed_day 02", "02")}
    report = changed(tamper, ring, "UPDATE open_day SET since = %s", SECOND)
    assert (What.CHAIN_BROKEN, "closed_day 02", "02") in found(report)


def rewritten(tamper: psycopg.Connection[Any], ring: KeyRing) -> None:
    """A posting changed, and with it every balance, part, hash and link of the chain; signed with the keys of `ring`."""
    tamper.execute("UPDATE posting SET amount = amount + 1 WHERE customer_id = %s AND journal = 1", (BEN,))
    tamper.execute("DELETE FROM sealed")
    tamper.execute("DELETE FROM closed_balance")
    rows = tamper.execute("SELECT * FROM closed_day ORDER BY day").fetchall()
    tamper.execute("DELETE FROM closed_day")
    tamper.execute("UPDATE open_day SET day = since")
    unit = Unit(tamper)
    keep(unit, ring, "".join(f"close {row[0]}\n" for row in rows))
    unit.flush()
    previous = bytes(32)
    for row in rows:  # the times as they were
        seal = Seal(*row)
        hashed = day_hash(previous, seal.day, seal.closed_at, contents_now(unit, seal.day))
        key_id, signature = ring.sign(Seal(seal.day, seal.closed_at, previous, hashed, seal.rows, "", b"").signed)
        tamper.execute(
            "UPDATE closed_day SET closed_at = %s, previous_hash = %s, hash = %s, key_id = %s, signature = %s WHERE day = %s",
            (seal.closed_at, previous, hashed, key_id, signature, seal.day),
        )
        previous = hashed


def test_everything_rewritten_but_for_the_signature(tamper: psycopg.Connection[Any], ring: KeyRing) -> None:
    rewritten(tamper, KeyRing.fresh())
    report = verify(Unit(tamper), ring)
    assert found(report) == {(What.SIGNATURE_WRONG, "closed_day 01", "01"), (What.SIGNATURE_WRONG, "closed_day 02", "02")}
    assert report.violations == ()


def test_everything_rewritten_with_the_signature_shows_against_a_note(tamper: psycopg.Connection[Any], ring: KeyRing) -> None:
    head = verify(Unit(tamper), ring).head
    assert head is not None
    scope = Scope(noted=(Noted(*head),))
    assert verify(Unit(tamper), ring, scope).whole
    rewritten(tamper, ring)
    assert verify(Unit(tamper), ring).whole
    assert found(verify(Unit(tamper), ring, scope)) == {(What.NOT_AS_NOTED, "closed_day 02", "02")}


def test_a_key_that_was_replaced_still_verifies(tamper: psycopg.Connection[Any], ring: KeyRing) -> None:
    newer = ring.rotated()
    assert newer.signer != ring.signer
    assert verify(Unit(tamper), newer).whole
