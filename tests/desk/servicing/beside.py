"""Customers in the database beside the same customers in memory: asking both, and comparing them."""

from __future__ import annotations

import datetime as dt
import itertools
import uuid
from collections.abc import Callable
from typing import Any

from shouxin.book.facilities.work import Command
from shouxin.infra.access.requests import Answer
from shouxin.infra.db.unit import in_unit
from tests.desk.servicing.imagined_loans import Borrower
from tests.desk.servicing.lender import FIRST_DAY, Lender

READS = (
    "SELECT total, owed, reserved, credit FROM customer_line WHERE customer_id = %s",
    "SELECT facility_id, product, status, most, owed, reserved, loans, expires, opened, used, ended, reason"
    " FROM facility WHERE customer_id = %s",
    "SELECT loan_id, to_come + due_principal AS principal, settled, written_off FROM loan_state WHERE customer_id = %s",
    "SELECT loan_id, status FROM draw WHERE customer_id = %s",
    "SELECT kind FROM event WHERE customer_id = %s ORDER BY number",
    "SELECT count(*) AS answers FROM request WHERE customer_id = %s",
)
# A lender that has forgotten everything but its customers, bundles and accounts; done as the owner of the tables.
FORGET = """
DELETE FROM sealed; DELETE FROM closed_balance; DELETE FROM closed_day; DELETE FROM posting; DELETE FROM event;
DELETE FROM outbox; DELETE FROM notice_attempt; DELETE FROM notice; DELETE FROM document; DELETE FROM job_run;
DELETE FROM request; DELETE FROM settlement; DELETE FROM schedule_version; DELETE FROM loan_state;
DELETE FROM loan; DELETE FROM draw; DELETE FROM over_limit; DELETE FROM facility_version; DELETE FROM line_version;
DELETE FROM facility; DELETE FROM customer_line;
UPDATE customer SET events = 0, state = 'normal'; UPDATE open_day SET day = since;
"""


class Beside:
    """The lender's customers, each in the database and in memory. `real` has the ids of what the memory knows by numbers."""

    def __init__(self, bank: Lender, customers: list[uuid.UUID]) -> None:
        self.bank, self.customers = bank, customers
        self.people = [Borrower((), FIRST_DAY) for _ in customers]
        self.answers = [0 for _ in customers]
        self.real: dict[int, uuid.UUID] = {}
        self.asked: list[tuple[int, str, Command, Answer]] = []
        self._keys = itertools.count(1)

    @property
    def today(self) -> dt.date:
        """The open day."""
        return self.people[0].today

    def ask(self, who: int, command: Command, step: Callable[[], None], naming: int | None = None) -> bool:
        """Ask for something new, and see that the lender does, or refuses, what the memory expects; whether it does.

        naming: the number of the facility or loan that there is if it does
        """
        key, expected = f"key {next(self._keys)}", self.people[who].attempt(step)
        answer = self.bank.ask(self.customers[who], command, key)
        told = None if answer.done else answer.body["code"]
        assert told == expected, f"{command.action}: told {answer.body}, expected {expected}"
        if answer.done and naming is not None:
            self.real[naming] = answer.body["facility" if "facility" in answer.body else "loan"]
        self.answers[who] += 1
        self.asked.append((who, key, command, answer))
        self.agree(who)
        return answer.done

    def agree(self, who: int, *, in_order: bool = True) -> None:
        """The database has of a customer what the memory has.

        in_order: the events too; lines that lapse on one morning do so in any order, which the memory then takes over
        """
        person, customer = self.people[who], self.customers[who]
        line, facilities, states, draws, events, answers = in_unit(
            self.bank.connection, lambda unit: unit.read(*((text, (customer,)) for text in READS))
        )
        told, expected = [row.kind for row in events], list(person.told)
        assert (told == expected) if in_order else (sorted(told) == sorted(expected)), (told, expected)
        person.told = tuple(told)
        assert answers[0].answers == self.answers[who], (answers, self.answers[who])
        sums = sum(map(person.owed, person.rooms)), sum(map(person.reserved, person.rooms))
        same(list(map(tuple, line)), [] if person.total is None else [(person.total, *sums, person.credit)])
        same(by_id(facilities), {self.real[each]: self._facility(person, each) for each in person.rooms})
        same(by_id(draws), {self.real[each]: (asked.status,) for each, asked in person.draws.items()})
        same(by_id(states), {self.real[each]: self._loan(person, each) for each in person.loans})

    def _facility(self, person: Borrower, key: int) -> tuple[Any, ...]:
        room = person.rooms[key]
        sums = (person.owed(key), person.reserved(key), person.unsettled(key))
        return (room.product, room.status, room.most, *sums, room.expires, room.opened, room.used, room.ended, room.reason)

    def _loan(self, person: Borrower, key: int) -> tuple[Any, ...]:
        loan = person.loan(key)
        return loan.principal, loan.settled, loan.written_off


def by_id(rows: list[Any]) -> dict[uuid.UUID, tuple[Any, ...]]:
    """Rows by their first column."""
    return {row[0]: tuple(row[1:]) for row in rows}


def same(found: object, expected: object) -> None:
    """Both, where they differ."""
    assert found == expected, f"found {found}, expected {expected}"
