"""The commands on loans, ready to be asked: what is asked as JSON values, what is read, and the act."""

from __future__ import annotations

import json
import uuid
from collections.abc import Collection, Mapping
from dataclasses import asdict
from typing import Any

from shouxin.book.customers.personal import person_wanted
from shouxin.book.facilities.work import Asker, Command, Work, ask
from shouxin.book.ledger.chart import BANK
from shouxin.desk.servicing import change, repay
from shouxin.desk.servicing import draw as drawing
from shouxin.desk.servicing.draw import Draw, draw_read, draw_reads
from shouxin.desk.servicing.house import House
from shouxin.desk.servicing.record import loan_read, open_loans_read
from shouxin.engines.loans.agreement import Prepayment
from shouxin.foundation.refusal import Refusal
from shouxin.infra.access.requests import Answer
from shouxin.infra.db.connect import Connection
from shouxin.infra.db.unit import in_unit

# The order in which refusals are told, by the action of the command.
ORDERS: Mapping[str, tuple[type[Refusal], ...]] = {
    "draw": drawing.ORDER,
    "draw.instruct": drawing.INSTRUCT_ORDER,
    "draw.paid": drawing.ANSWER_ORDER,
    "draw.failed": drawing.ANSWER_ORDER,
    "repay": repay.ORDER,
    "receive": repay.RECEIVE_ORDER,
    "bounce": repay.BOUNCE_ORDER,
    "refund": repay.REFUND_ORDER,
    "loan.change": change.ORDER,
    "loan.write_off": change.WRITE_OFF_ORDER,
    "loan.misused": change.MISUSE_ORDER,
}


def perform(connection: Connection, asker: Asker, command: Command) -> Answer:
    """Ask in a transaction of its own, and commit it: the edge of every command of one customer.

    Raises what `ask` raises, and RequestInFlight.
    """
    return in_unit(connection, lambda unit: ask(unit, asker, command))


def draw(house: House, customer_id: uuid.UUID, wanted: Draw) -> Command:
    """支用: reserve an amount."""
    names = ("facility_id", "amount", "method", "months", "purpose", "merchant_category", "lang")
    body: dict[str, Any] = {name: getattr(wanted, name) for name in names}
    body["proof"] = [asdict(each) for each in wanted.proof] or None
    if wanted.payee:  # personal: the request's hash is stored, so it takes what nobody can guess from it
        body["payee"] = house.ring.blind("payee", json.dumps(asdict(wanted.payee))).hex()
    return Command("draw", body, lambda work: {"loan": drawing.draw(work, house, wanted)}, draw_reads(customer_id))


def instruct(house: House, customer_id: uuid.UUID, loan_id: uuid.UUID) -> Command:
    """Give a draw to its rail."""
    reads = (draw_read(customer_id, loan_id), person_wanted(customer_id))
    return Command("draw.instruct", {"loan": loan_id}, lambda work: drawing.instruct(work, house, loan_id), reads)


def paid(house: House, customer_id: uuid.UUID, loan_id: uuid.UUID) -> Command:
    """The rail has paid."""
    reads = (draw_read(customer_id, loan_id),)
    return Command("draw.paid", {"loan": loan_id}, lambda work: drawing.paid(work, house, loan_id), reads)


def failed(customer_id: uuid.UUID, loan_id: uuid.UUID, why: str) -> Command:
    """The rail has not paid, and will not."""
    reads = (draw_read(customer_id, loan_id),)
    return Command("draw.failed", {"loan": loan_id, "why": why}, lambda work: drawing.failed(work, loan_id, why), reads)


def repay_loan(customer_id: uuid.UUID, loan_id: uuid.UUID, amount: int, early: Prepayment | None = None) -> Command:
    """还款 on one loan."""
    body = {"loan": loan_id, "amount": amount, "early": early}
    return Command("repay", body, lambda work: repay.repay(work, loan_id, amount, early), (loan_read(customer_id, loan_id),))


def settle(facilities: Collection[uuid.UUID], account: str = BANK) -> Command:
    """结清: all loans of some lines are paid off today; where nothing is owed, nothing happens."""
    body = {"facilities": list(facilities)}

    def act(work: Work) -> Mapping[str, Any]:
        paid = repay.settle(work, facilities, {"source": "own_money"}, account)
        return {"paid": paid.amount, **({"payment": paid.payment, "credit": 0} if paid.payment else {})}

    return Command("settle", body, act)


def receive(
    customer_id: uuid.UUID, amount: int, order: tuple[str, ...], source: Mapping[str, Any], account: str = BANK
) -> Command:
    """Money that names no loan."""
    body = {"amount": amount, "source": dict(source)}
    reads = (open_loans_read(customer_id),)
    return Command("receive", body, lambda work: repay.receive(work, amount, order, source, account), reads)


def bounce(customer_id: uuid.UUID, payment: int, reason: str) -> Command:
    """A payment came back."""
    body = {"payment": payment, "reason": reason}
    return Command("bounce", body, lambda work: repay.bounce(work, payment, reason), (repay.payment_read(customer_id, payment),))


def refund(amount: int) -> Command:
    """What was paid too much goes back."""
    return Command("refund", {"amount": amount}, lambda work: repay.refund(work, amount))


def change_loan(customer_id: uuid.UUID, loan_id: uuid.UUID, name: str, wanted: change.Change) -> Command:
    """What is agreed while a loan runs. name: of the change, with what it asks for, since the request's hash needs it."""
    body = {"loan": loan_id, "change": name, "reason": wanted.reason}
    return Command("loan.change", body, lambda work: change.change(work, loan_id, wanted), (loan_read(customer_id, loan_id),))


def write_off(customer_id: uuid.UUID, loan_id: uuid.UUID, reason: str) -> Command:
    """核销."""
    body = {"loan": loan_id, "reason": reason}
    reads = (loan_read(customer_id, loan_id),)
    return Command("loan.write_off", body, lambda work: change.write_off(work, loan_id, reason), reads)


def misused(customer_id: uuid.UUID, loan_id: uuid.UUID, recall: bool) -> Command:
    """挪用 was found."""
    body = {"loan": loan_id, "recall": recall}
    return Command("loan.misused", body, lambda work: change.misused(work, loan_id, recall), (loan_read(customer_id, loan_id),))
