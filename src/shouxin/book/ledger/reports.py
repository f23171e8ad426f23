"""Reading the books: trial balance, the ledger of an account, the statement of a customer.

Balances are signed minor units: more than zero is a debit balance. They start from the last closed day, never from all history.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from shouxin.book.ledger import chart
from shouxin.book.ledger.chart import QUERIES, read_account
from shouxin.book.ledger.errors import AccountNotOpen, DaysReversed
from shouxin.foundation.money import CNY, Currency, currency
from shouxin.infra.db.unit import Unit

ORDER = (*chart.ORDER, DaysReversed, AccountNotOpen)


@dataclass(frozen=True, slots=True)
class Balance:
    """An account on a day. opening: its balance when the day began; debits, credits: what was booked on the day."""

    account: str
    opening: int
    debits: int
    credits: int

    @property
    def closing(self) -> int:
        """Its balance at the end of the day."""
        return self.opening + self.debits - self.credits


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over all accounts, debit and credit balances apart."""

    opening_debit: int
    opening_credit: int
    debits: int
    credits: int
    closing_debit: int
    closing_credit: int


@dataclass(frozen=True, slots=True)
class TrialBalance:
    """All accounts that have a balance or were booked on a day, by account."""

    day: dt.date
    rows: tuple[Balance, ...]
    currency: Currency = CNY

    @property
    def totals(self) -> Totals:
        """What must be equal, two and two."""
        opening, closing = [row.opening for row in self.rows], [row.closing for row in self.rows]
        return Totals(
            *sides(opening), sum(row.debits for row in self.rows), sum(row.credits for row in self.rows), *sides(closing)
        )


def sides(balances: Iterable[int]) -> tuple[int, int]:
    """The sum of the debit balances, and that of the credit balances.

    >>> sides([500, -200, -300])
    (500, 500)
    """
    kept = list(balances)
    return sum(each for each in kept if each > 0), -sum(each for each in kept if each < 0)


@dataclass(frozen=True, slots=True)
class Line:
    """One side of a posting. other: the account of its other side; kind: of the event, where that was read; balance: after it."""

    book_date: dt.date
    value_date: dt.date
    customer_id: uuid.UUID
    journal: int
    line: int
    loan_id: uuid.UUID | None
    kind: str | None
    account: str
    other: str
    amount: int
    reverses: int | None
    balance: int


@dataclass(frozen=True, slots=True)
class AccountLedger:
    """What was booked to an account between two days, both included; `amount` and balances are more than zero for debits."""

    account: str
    first: dt.date
    last: dt.date
    opening: int
    lines: tuple[Line, ...]
    currency: Currency = CNY

    @property
    def closing(self) -> int:
        """The balance at the end of the last day."""
        return self.lines[-1].balance if self.lines else self.opening


@dataclass(frozen=True, slots=True)
class Statement:
    """All that was booked for a customer: both sides of each posting, each with the running balance of its loan and account."""

    customer_id: uuid.UUID
    lines: tuple[Line, ...]
    currency: Currency = CNY


def trial_balance(unit: Unit, day: dt.date) -> TrialBalance:
    """The trial balance of a day; while the day is open, of what is booked so far."""
    [rows, found] = unit.read((QUERIES["trial_balance"], (day,) * 7), (QUERIES["currency"], ()))
    made = (Balance(row.account, int(row.opening), int(row.debits), int(row.credits)) for row in rows)
    return TrialBalance(day, tuple(made), _currency(found))


def account_ledger(unit: Unit, account: str, first: dt.date, last: dt.date) -> AccountLedger:
    """What was booked to an account from one day to another.

    Raises what `ORDER` lists. The lines are all in memory: for the settlement account of a large lender ask for few days.
    """
    account = read_account(account)
    if last < first:
        raise DaysReversed("until", last, first=first)
    [[found], [opening], rows, money] = unit.read(
        (QUERIES["account_found"], (account,)),
        (QUERIES["account_opening"], (first, account, account, first, account, account)),
        (QUERIES["account_postings"], (first, last, account, account)),
        (QUERIES["currency"], ()),
    )
    if not found.open:
        raise AccountNotOpen("account", account, example=found.example or "1002")
    lines = _running(rows, account, int(opening.opening))
    return AccountLedger(account, first, last, int(opening.opening), tuple(lines), _currency(money))


def statement(unit: Unit, customer_id: uuid.UUID) -> Statement:
    """All that was booked for a customer, in the order in which it happened; without lines where nothing was."""
    [rows, money] = unit.read((QUERIES["customer_postings"], (customer_id,)), (QUERIES["currency"], ()))
    balances: defaultdict[tuple[uuid.UUID | None, str], int] = defaultdict(int)
    lines = []
    for row in rows:
        for account, other, amount in ((row.debit, row.credit, row.amount), (row.credit, row.debit, -row.amount)):
            balances[row.loan_id, account] += amount
            lines.append(_line(row, account, other, amount, balances[row.loan_id, account], row.kind))
    return Statement(customer_id, tuple(lines), _currency(money))


def _running(rows: Iterable[Any], account: str, balance: int) -> Iterator[Line]:
    for row in rows:
        other, amount = (row.credit, row.amount) if row.debit == account else (row.debit, -row.amount)
        balance += amount
        yield _line(row, account, other, amount, balance, None)


def _line(row: Any, account: str, other: str, amount: int, balance: int, kind: str | None) -> Line:
    head = (row.book_date, row.value_date, row.customer_id, row.journal, row.line, row.loan_id)
    return Line(*head, kind, account, other, amount, row.reverses, balance)


def _currency(rows: list[Any]) -> Currency:
    return currency(rows[0].currency) if rows else CNY
