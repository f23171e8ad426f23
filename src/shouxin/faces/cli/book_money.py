"""`shouxin book draw`, `draws`, `pay-out`, `repay`, `bounce`, `refund`: money that goes out and comes in."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from shouxin.book.products import active_bundle
from shouxin.desk.servicing import commands, looking
from shouxin.desk.servicing.draw import Draw
from shouxin.desk.servicing.errors import DrawNotUnderWay
from shouxin.desk.servicing.papers_kept import Payee
from shouxin.desk.servicing.terms import allocation_order
from shouxin.engines.loans.agreement import Prepayment
from shouxin.faces.cli.answers_shown import Shown
from shouxin.faces.cli.lines_shown import shown_draws
from shouxin.faces.cli.options import language
from shouxin.faces.cli.session import Customer, Facility, Loan, Reason, Session, changes, shows
from shouxin.faces.cli.written import one_of, read_method, read_money, read_proof
from shouxin.foundation.ids import read_id
from shouxin.foundation.refusal import Refusal
from shouxin.infra.access.requests import Answer

MOST_NUMBER = 2**63 - 1
PROOF_HELP = (
    "A document that proves the use, with its kind where the product names kinds, such as stock_invoice=invoice.pdf; its SHA-256 "
    "is kept. May be given several times."
)
Amount = Annotated[str, typer.Option(help="In major units, such as 10000.50.")]


class Became(StrEnum):
    """What became of a payout."""

    PAID = "paid"
    FAILED = "failed"


class LoanOrAll(Refusal):
    """A repayment that names neither a loan nor all, or both."""

    en = "a loan's id, or --all and no loan"
    zh = "请填写借据编号，或使用 --all（不填借据）"


class PayeeIncomplete(Refusal):
    """A payee without a name or an account."""

    en = "--payee-name and --payee-account together"
    zh = "收款方户名和账号须同时填写"


def draw(
    session: Session,
    customer: Customer,
    facility: Facility,
    amount: Amount,
    months: Annotated[int, typer.Option(help="One of the facility's terms.")],
    purpose: Annotated[str, typer.Option(help="One of the uses that the product allows.")],
    method: Annotated[str, typer.Option(help="One of the facility's methods.")] = "equal-instalment",
    payee_name: Annotated[str | None, typer.Option(help="Who is paid instead of the borrower (受托支付).")] = None,
    payee_account: Annotated[str | None, typer.Option(help="The payee's account.")] = None,
    payee_bank: Annotated[str, typer.Option(help="The payee's bank.")] = "",
    category: Annotated[str | None, typer.Option(help="The payee's merchant category code (ISO 18245).")] = None,
    proof: Annotated[list[str] | None, typer.Option(metavar="[KIND=]FILE", help=PROOF_HELP)] = None,
    papers: Annotated[str, typer.Option(help="The language of the papers: zh or en.", callback=language)] = "zh",
) -> Answer:
    """Ask for money under a facility: it is checked and reserved, and the papers are kept."""
    customer_id = read_id(customer, "customer")
    wanted = Draw(
        read_id(facility, "facility"),
        read_money(amount),
        read_method(method),
        months,
        purpose,
        _payee(payee_name, payee_account, payee_bank),
        category,
        tuple(read_proof(each) for each in proof or ()),
        papers,
    )
    return session.ask(customer_id, commands.draw(session.house, customer_id, wanted))


def _payee(name: str | None, account: str | None, bank: str) -> Payee | None:
    if not name and not account:
        return None
    if not name or not account:
        raise PayeeIncomplete("payee", "")
    return Payee(name, account, bank)


def draws(session: Session, customer: Customer) -> Shown:
    """Show all draws of a customer, newest first."""
    customer_id = read_id(customer, "customer")
    return shown_draws(session.look(lambda unit: looking.draws(unit, customer_id)), session.lang)


def pay_out(
    session: Session,
    customer: Customer,
    loan: Loan,
    became: Annotated[str, typer.Argument(metavar="BECAME", help=", ".join(Became))],
    why: Annotated[str, typer.Option(help="Why it failed, as the bank says.")] = "",
) -> Answer:
    """Say what became of a payout: paid, and the loan begins today; or failed, and the room is free again.

    A draw that was not given to its rail yet is given to it first, which screens the borrower once more.
    """
    customer_id, loan_id, outcome = read_id(customer, "customer"), read_id(loan, "loan"), one_of(Became, became, "became")
    if outcome is Became.FAILED:
        return session.ask(customer_id, commands.failed(customer_id, loan_id, why))
    sent = session.ask(customer_id, commands.instruct(session.house, customer_id, loan_id), step=" instruct")
    if not sent.done and sent.body["code"] != DrawNotUnderWay.__name__:
        return sent
    return session.ask(customer_id, commands.paid(session.house, customer_id, loan_id))


def repay(
    session: Session,
    customer: Customer,
    amount: Amount,
    loan: Annotated[str | None, typer.Argument(metavar="[LOAN]", help="The loan; else --all.")] = None,
    every: Annotated[bool, typer.Option("--all", help="All loans: what is due, in the order of the bundle.")] = False,
    early: Annotated[str | None, typer.Option(help=f"What early money changes, else as agreed: {', '.join(Prepayment)}.")] = None,
) -> Answer:
    """Record money that came in: on one loan, or on all that is due. What is too much becomes the customer's credit."""
    customer_id, paid = read_id(customer, "customer"), read_money(amount)
    if every == bool(loan) or (every and early):
        raise LoanOrAll("loan", loan or "")
    if loan:
        changed = one_of(Prepayment, early, "early") if early else None
        return session.ask(customer_id, commands.repay_loan(customer_id, read_id(loan, "loan"), paid, changed))
    today = session.today
    order = session.look(lambda unit: allocation_order(active_bundle(unit, today)))
    return session.ask(customer_id, commands.receive(customer_id, paid, order, {"source": "counter"}))


def bounce(
    session: Session,
    customer: Customer,
    payment: Annotated[int, typer.Argument(metavar="PAYMENT", min=1, max=MOST_NUMBER, help="The payment's number.")],
    reason: Reason,
) -> Answer:
    """Record that a payment came back: its loans owe again what it had paid."""
    customer_id = read_id(customer, "customer")
    return session.ask(customer_id, commands.bounce(customer_id, payment, reason))


def refund(session: Session, customer: Customer, amount: Amount) -> Answer:
    """Pay back what a customer has paid too much."""
    return session.ask(read_id(customer, "customer"), commands.refund(read_money(amount)))


def register(app: typer.Typer) -> None:
    """Add the commands to `shouxin book`."""
    changes(app, "draw", "draw")(draw)
    shows(app, "draws", "customer.read")(draws)
    changes(app, "pay-out", "draw.paid")(pay_out)
    changes(app, "repay", "repay")(repay)
    changes(app, "bounce", "bounce")(bounce)
    changes(app, "refund", "refund")(refund)
