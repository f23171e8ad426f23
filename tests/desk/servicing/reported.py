"""The file for the bureau, written and read again, for tests; and the consents that it needs."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shouxin.book.customers import history_of, hold_customer, store_events
from shouxin.book.customers.consents import give_consent, withdraw_consent
from shouxin.book.customers.model import NewConsent, Purpose
from shouxin.desk.servicing.reporting import Made, report
from shouxin.desk.servicing.reporting_records import read_month
from shouxin.infra.db.unit import Unit, in_unit
from tests.desk.servicing.lender import YUAN, Lender

AMOUNT = 12_000 * YUAN
INSTALMENT = 1_060_05  # of 12,000.00 over 12 months at 10.95 %, by nights, to be equal


def today(bank: Lender) -> dt.date:
    """The open day."""
    day: dt.date = bank.one("SELECT day FROM open_day")[0]
    return day


def agree(bank: Lender, customer: uuid.UUID, ends_on: dt.date | None = None) -> int:
    """A consent to reporting, given today."""

    def act(unit: Unit) -> int:
        history = history_of(unit, hold_customer(unit, customer), "test", today(bank))
        given = give_consent(unit, NewConsent(Purpose.BUREAU_REPORTING, "v1", "zh", history.today, ends_on), history)
        store_events(unit, history)
        return given

    return in_unit(bank.connection, act)


def disagree(bank: Lender, customer: uuid.UUID, consent: int) -> None:
    """The consent is withdrawn today."""

    def act(unit: Unit) -> None:
        history = history_of(unit, hold_customer(unit, customer), "test", today(bank))
        withdraw_consent(unit, consent, history)
        store_events(unit, history)

    in_unit(bank.connection, act)


@dataclass(frozen=True)
class File:
    """A file that was written, read again."""

    made: Made
    text: str
    header: dict[str, Any]
    records: list[dict[str, Any]]
    trailer: dict[str, Any]

    def own(self, account: uuid.UUID) -> dict[str, Any]:
        """The month's own record of an account."""
        (found,) = [each for each in self.records if each["type"] == "account" and each["account"] == str(account)]
        return found

    @property
    def accounts(self) -> set[str]:
        return {each["account"] for each in self.records if each["type"] == "account"}

    @property
    def corrections(self) -> list[dict[str, Any]]:
        return [each for each in self.records if each["type"] == "correction"]


def reported(bank: Lender, month: str, folder: Path) -> File:
    """A month's file, written into a folder."""
    path = folder / f"{month}.jsonl"
    made = report(bank.connection, bank.house, read_month(month), path, "test")
    text = path.read_text("utf-8")
    header, *records, trailer = (json.loads(each) for each in text.splitlines())
    return File(made, text, header, records, trailer)


def open_first_of(bank: Lender, month: str) -> None:
    """All days before a month are closed."""
    bank.close_until(read_month(month).first)
