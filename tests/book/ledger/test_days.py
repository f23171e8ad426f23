"""Business days: set once, ended one after the other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import psycopg
import pytest

from shouxin.book.ledger import days
from shouxin.book.ledger.days import DAY, day_of, open_first_day, open_next_day
from shouxin.book.ledger.errors import FirstDayAlreadySet, LedgerWithoutDay
from shouxin.book.ledger.sealing import seal_day
from shouxin.foundation.refusal import Refusal
from shouxin.infra.db.keys import KeyRing
from shouxin.infra.db.unit import Unit
from tests.book.ledger.conftest import FIRST

SECOND, THIRD = FIRST + dt.timedelta(days=1), FIRST + dt.timedelta(days=2)


def _today(unit: Unit) -> dt.date:
    [rows] = unit.read(DAY)
    return day_of(rows)


def test_without_a_day(bare: psycopg.Connection[Any]) -> None:
    with pytest.raises(LedgerWithoutDay):
        _today(Unit(bare))


def test_the_first_day_is_set_once(unit: Unit) -> None:
    open_first_day(unit, FIRST)
    assert _today(unit) == FIRST
    with pytest.raises(FirstDayAlreadySet, match="2026-03-01"):
        open_first_day(unit, SECOND)
    assert _today(unit) == FIRST


def test_a_repeat_after_days_have_passed_changes_nothing(unit: Unit) -> None:
    open_next_day(unit, FIRST)
    open_first_day(unit, FIRST)
    assert _today(unit) == SECOND


def test_a_day_ends_once(unit: Unit) -> None:
    assert [open_next_day(unit, FIRST), open_next_day(unit, FIRST)] == [SECOND, SECOND]
    assert _today(unit) == SECOND


def _without_day(unit: Unit) -> None:
    unit.write("DELETE FROM open_day")
    open_next_day(unit, FIRST)


def _not_begun(unit: Unit) -> None:
    open_next_day(unit, SECOND)


def _long_over(unit: Unit) -> None:
    unit.write("UPDATE open_day SET day = %s", (THIRD,))
    open_next_day(unit, FIRST)


def _unsealed(unit: Unit) -> None:
    open_next_day(unit, FIRST)
    open_next_day(unit, SECOND)


REFUSED = [
    (_without_day, "LedgerWithoutDay"),
    (_not_begun, "DayNotOpen"),
    (_long_over, "DayNotOpen"),
    (_unsealed, "EarlierDayNotSealed"),
]


@pytest.mark.parametrize(("work", "code"), REFUSED)
def test_what_does_not_end_a_day(work: Callable[[Unit], None], code: str, admin_unit: Unit) -> None:
    with pytest.raises(Refusal) as refused:
        work(admin_unit)
    assert refused.value.code == code and refused.value.text("zh")


def test_each_refusal_has_a_row() -> None:
    assert list(dict.fromkeys(code for _, code in REFUSED)) == [each.__name__ for each in days.ORDER]


def test_days_go_on_once_the_day_before_is_sealed(unit: Unit, ring: KeyRing) -> None:
    open_next_day(unit, FIRST)
    seal_day(unit, ring, FIRST)
    assert open_next_day(unit, SECOND) == THIRD
