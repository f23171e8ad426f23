"""Background work on money: draws go to their rail and become loans, and what is due is debited.

Each step is a command of its own with a key made from what it is about, so that whoever runs it again, after a death in between,
does nothing twice. A rail is spoken to between two transactions, never within one.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from shouxin.book.facilities.work import Asker, Command
from shouxin.book.ledger.days import DAY, day_of
from shouxin.book.products import active_bundle
from shouxin.desk.servicing import commands, debits
from shouxin.desk.servicing.commands import perform
from shouxin.desk.servicing.draw import PAYEE
from shouxin.desk.servicing.house import House
from shouxin.desk.servicing.rails import Instruction, Rail, Way
from shouxin.desk.servicing.record import QUERIES as DRAW_QUERIES
from shouxin.desk.servicing.terms import allocation_order
from shouxin.infra.access.requests import Answer
from shouxin.infra.db.connect import Connection
from shouxin.infra.db.keys_of_customers import Where, key_of
from shouxin.infra.db.unit import in_unit

PRINCIPAL = "work"
BATCH = 200


@dataclass(frozen=True, slots=True)
class Payouts:
    """Draws that wait for their rail."""

    house: House
    rail: Rail
    name: str = "payouts"

    def run_once(self, connection: Connection) -> int:
        """Move every draw on by one step: instructed, then paid or failed; returns how many moved."""
        waiting = in_unit(connection, lambda unit: unit.read((DRAW_QUERIES["draws_waiting"], (self.rail.name, BATCH)))[0])
        return sum(self._move(connection, row.customer_id, row.loan_id, row.status) for row in waiting)

    def _move(self, connection: Connection, customer_id: uuid.UUID, loan_id: uuid.UUID, status: str) -> bool:
        if status == "reserved":
            answer = self._ask(
                connection, customer_id, f"instruct {loan_id}", commands.instruct(self.house, customer_id, loan_id)
            )
            if not answer.done:
                why = str(answer.body["code"])
                self._ask(connection, customer_id, f"failed {loan_id}", commands.failed(customer_id, loan_id, why))
                return True
        self.rail.send(self._instruction(connection, customer_id, loan_id))
        outcome = self.rail.outcome(str(loan_id))
        if outcome is None:
            return status == "reserved"
        if outcome.paid:
            self._ask(connection, customer_id, f"paid {loan_id}", commands.paid(self.house, customer_id, loan_id))
        else:
            self._ask(connection, customer_id, f"failed {loan_id}", commands.failed(customer_id, loan_id, outcome.why))
        return True

    def _instruction(self, connection: Connection, customer_id: uuid.UUID, loan_id: uuid.UUID) -> Instruction:
        """What leaves the lender: the amount less the fee, to the payee or the borrower."""
        (row,) = in_unit(connection, lambda unit: unit.read((DRAW_QUERIES["draw_read"], (customer_id, loan_id)))[0])
        account = _opened(connection, self.house, customer_id, row.payee, PAYEE) if row.payee else ""
        return Instruction(str(loan_id), Way.OUT, customer_id, row.amount - row.fee, account=account)

    def _ask(self, connection: Connection, customer_id: uuid.UUID, key: str, command: Command) -> Answer:
        return perform(connection, Asker(customer_id, PRINCIPAL, key), command)


def _opened(connection: Connection, house: House, customer_id: uuid.UUID, sealed: bytes, where: Where) -> str:
    """An account as the rail needs it."""
    key = in_unit(connection, lambda unit: key_of(unit, house.ring, customer_id))
    return key.open(sealed, where).decode()


@dataclass(frozen=True, slots=True)
class Debits:
    """Customers who owe what is due and have named an account."""

    house: House
    rail: Rail
    name: str = "debits"

    def run_once(self, connection: Connection) -> int:
        """Instruct what is to be debited today, and book what the bank has answered; returns how many moved."""
        days = in_unit(connection, lambda unit: unit.read(DAY)[0])
        if not days:  # a lender who is not set up yet
            return 0
        today = day_of(days)
        wanted = in_unit(connection, lambda unit: unit.read((debits.QUERIES["debits_wanted"], (today, today, BATCH)))[0])
        moved = sum(self._instruct(connection, row.customer_id, today.isoformat()) for row in wanted)
        waiting = in_unit(connection, lambda unit: unit.read((debits.QUERIES["debits_open"], (BATCH,)))[0])
        order = in_unit(connection, lambda unit: allocation_order(active_bundle(unit, today)))
        return moved + sum(self._answered(connection, row, order) for row in waiting)

    def _instruct(self, connection: Connection, customer_id: uuid.UUID, day: str) -> bool:
        reads = debits.debit_reads(customer_id)
        command = Command("debit.instruct", {"day": day}, debits.instruct, reads)
        return perform(connection, Asker(customer_id, PRINCIPAL, f"debit {day}"), command).done

    def _answered(self, connection: Connection, row: Any, order: Iterable[str]) -> bool:
        customer_id, day = row.customer_id, row.day
        account = _opened(connection, self.house, customer_id, row.account, debits.ACCOUNT)
        self.rail.send(Instruction(f"{customer_id} {day}", Way.IN, customer_id, row.amount, account=account))
        outcome = self.rail.outcome(f"{customer_id} {day}")
        if outcome is None:
            return False
        reads, products = debits.debit_reads(customer_id), tuple(order)
        if outcome.paid:
            command = Command("debit.paid", {"day": str(day)}, lambda work: debits.paid(work, day, products), reads)
        else:
            why = outcome.why
            command = Command("debit.failed", {"day": str(day)}, lambda work: debits.failed(work, day, why), reads)
        return perform(connection, Asker(customer_id, PRINCIPAL, f"debited {day}"), command).done
