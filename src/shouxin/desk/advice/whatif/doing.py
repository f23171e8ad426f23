"""What each step does: the commands that a customer would really give, in their order. Read first: `carry_out`."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any, Protocol

from shouxin.book.facilities import commands as lines
from shouxin.book.facilities.acts import BY_CHOICE
from shouxin.book.facilities.model import Facility, Standing, Status
from shouxin.book.facilities.work import Command
from shouxin.desk.advice.whatif.errors import LineNotHeld, PersonDecides, ProductDeclined
from shouxin.desk.advice.whatif.steps import ALL, DUE, Assume, Close, DrawOn, Open, Repay, Step, SwitchTo, Wait
from shouxin.desk.origination.accepting import accept
from shouxin.desk.origination.applying import apply
from shouxin.desk.origination.model import Asking
from shouxin.desk.origination.switching import Switch, execute, promise
from shouxin.desk.servicing import commands as loans
from shouxin.desk.servicing.draw import Draw
from shouxin.desk.servicing.house import House
from shouxin.desk.servicing.papers_kept import Payee
from shouxin.desk.servicing.record import HeldLoan
from shouxin.desk.servicing.uses import Proof, papers_wanted
from shouxin.engines.loans.loan import due_today, payable
from shouxin.engines.loans.payment import payoff
from shouxin.engines.policy.model import ProductFile
from shouxin.engines.policy.product_shapes import UsesShape

ASSUMED_PAYEE = Payee("收款方", "0000000000000000")
ASSUMED_PAPER = "0" * 64


class Doer(Protocol):
    """Who carries out steps: the imagined customer (`world.py`), or, in tests, the real one."""

    @property
    def house(self) -> House:
        """The lender."""

    @property
    def lang(self) -> str:
        """Of papers."""

    @property
    def customer_id(self) -> uuid.UUID:
        """Whose steps they are."""

    @property
    def standing(self) -> Standing:
        """Line and facilities as they are by now, and the day."""

    def product_of(self, facility: Facility) -> ProductFile:
        """The product as it was when the line was offered."""

    def loans(self) -> list[HeldLoan]:
        """The loans that are not settled, as of the day."""

    def do(self, command: Command) -> Mapping[str, Any]:
        """Give a command; returns the body of the answer. Raises its refusal."""

    def wait(self, wait: Wait) -> None:
        """Let days pass."""

    def assume(self, assume: Assume) -> None:
        """Take what others say to have changed."""


def carry_out(doer: Doer, step: Step) -> None:
    """Carry out a step. Raises the refusal of the command that was refused; LineNotHeld, ProductDeclined, PersonDecides."""
    match step:
        case Repay():
            _repay(doer, step)
        case Close(product):
            doer.do(lines.close(_held(doer, product).id, BY_CHOICE))
        case Open(product, amount):
            _open(doer, product, amount)
        case SwitchTo():
            _switch(doer, step)
        case DrawOn():
            _draw(doer, step)
        case Wait():
            doer.wait(step)
        case Assume():
            doer.assume(step)


def _held(doer: Doer, product: str) -> Facility:
    """The open line of a product; an offer is none. Raises LineNotHeld."""
    held = [each for each in doer.standing.facilities if each.is_open and each.status is not Status.OFFERED]
    for each in held:
        if each.product == product:
            return each
    raise LineNotHeld("product", product, held=", ".join(each.product for each in held) or "-")


def _repay(doer: Doer, step: Repay) -> None:
    facility = _held(doer, step.product)
    if step.amount == ALL:
        doer.do(loans.settle([facility.id]))
        return
    owing = sorted((each for each in doer.loans() if each.facility_id == facility.id), key=_oldest)
    if step.amount == DUE:
        for each in owing:
            if due := due_today(each.loan):
                doer.do(loans.repay_loan(doer.customer_id, each.id, due))
        return
    assert isinstance(step.amount, int)
    _pay(doer, [each.id for each in owing], step.amount)


def _oldest(held: HeldLoan) -> tuple[dt.date, uuid.UUID]:
    due = min((each.due for each in payable(held.loan)), default=dt.date.max)
    return due, held.id


def _pay(doer: Doer, owing: list[uuid.UUID], amount: int) -> None:
    """What is left of the money after one loan goes to the next, and after the last it is the customer's credit."""
    order = tuple(owing)
    if not order:
        doer.do(loans.receive(doer.customer_id, amount, (), {"source": "own_money"}))
        return
    rest = amount
    for number, loan in enumerate(order, 1):
        most = next(payoff(each.loan) for each in doer.loans() if each.id == loan)
        part = rest if number == len(order) else min(rest, most)
        if part:
            doer.do(loans.repay_loan(doer.customer_id, loan, part))
            rest -= part


def _open(doer: Doer, product: str, amount: int | None) -> None:
    answer = doer.do(apply(doer.house, doer.customer_id, Asking({product: amount}, doer.lang)))
    (told,) = answer["products"]
    if told["outcome"] == "decline":
        raise ProductDeclined("product", product, reasons=", ".join(told["reasons"]) or "-")
    if told["outcome"] == "refer":
        raise PersonDecides("product", product, reasons=", ".join(each["code"] for each in told["texts"]) or "-")
    doer.do(accept(doer.house, doer.customer_id, told["facility"], told["contract_sha256"]))


def _switch(doer: Doer, step: SwitchTo) -> None:
    closes = tuple(_held(doer, each).id for each in step.closes)
    promised = doer.do(promise(doer.house, doer.customer_id, Switch(closes, step.product, step.amount, lang=doer.lang)))
    doer.do(execute(doer.house, doer.customer_id, promised["plan"], promised["contract_sha256"]))


def _draw(doer: Doer, step: DrawOn) -> None:
    facility = _held(doer, step.product)
    wanted = drawn(doer.product_of(facility), facility, step)
    loan = doer.do(loans.draw(doer.house, doer.customer_id, wanted))["loan"]
    doer.do(loans.instruct(doer.house, doer.customer_id, loan))
    doer.do(loans.paid(doer.house, doer.customer_id, loan))


def drawn(product: ProductFile, facility: Facility, step: DrawOn) -> Draw:
    """The draw of a step: what it leaves out is the first on offer; papers and a payee, where they are asked for, are taken to be
    there."""
    fitting = [each for each in facility.terms if step.method in (None, each[0])]
    method, months = fitting[0] if fitting else (step.method or "", facility.terms[0][1])
    uses = product.uses
    purpose = step.purpose or next(iter(uses.allowed), "")
    payee = ASSUMED_PAYEE if _above(step.amount, uses.entrusted_above) else None
    return Draw(facility.id, step.amount, method, step.months or months[0], purpose, payee, proof=_papers(uses, step.amount))


def _papers(uses: UsesShape, amount: int) -> tuple[Proof, ...]:
    if uses.proof:
        return tuple(Proof(ASSUMED_PAPER, next(iter(each.papers))) for each in papers_wanted(uses, amount))
    return (Proof(ASSUMED_PAPER),) if _above(amount, uses.proof_above) else ()


def _above(amount: int, most: int | None) -> bool:
    return most is not None and amount > most
