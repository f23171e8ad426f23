"""`shouxin book incoming`, `suspense`, `resolve`, `mandate`: the lender's bank statements, and accounts that may be debited."""

from __future__ import annotations

from collections import Counter
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from shouxin.book.facilities.work import Command
from shouxin.desk.servicing import debits, incoming
from shouxin.desk.servicing.papers_kept import Payee
from shouxin.faces.cli.answers_shown import Shown, show_table
from shouxin.faces.cli.session import Customer, Session, changes, shows
from shouxin.foundation.ids import read_id
from shouxin.foundation.money import show_amount, write_amount
from shouxin.foundation.texts import Text
from shouxin.infra.access.requests import Answer
from shouxin.infra.db.unit import in_unit

Source = Annotated[str, typer.Option(help="Which account's statement it is; a reference is unique in it.")]
Reference = Annotated[str, typer.Option(help="The bank's reference of the line.")]
SUSPENSE = (
    (Text("账户", "Source"), False),
    (Text("流水号", "Reference"), False),
    (Text("日期", "Day"), False),
    (Text("金额", "Amount"), True),
)
BOOKED = ((Text("结果", "Result"), False), (Text("笔数", "Lines"), True))
WORDS = {
    "matched": Text("已入账", "matched"),
    "suspense": Text("挂账", "in suspense"),
    "resolved": Text("已认领", "resolved"),
}


def book_incoming(session: Session, file: Annotated[Path, typer.Argument(metavar="FILE")], source: Source) -> Shown:
    """Book a bank statement, line by line: CSV with reference,day,amount,text. A line names a loan or a customer by id in its
    text; what names nobody waits in suspense. A file may be booked again: each line counts once."""
    lines = incoming.read_statement(file, source)
    counts: Counter[str] = Counter()
    for line in lines:
        counts[in_unit(session.connection, partial(incoming.book_line, line=line, principal=session.principal))] += 1
    rows = [(WORDS[each].in_language(session.lang), f"{counts[each]:,}") for each in WORDS if counts[each]]
    return Shown({each: counts[each] for each in WORDS}, lambda: show_table(BOOKED, rows, session.lang))


def suspense(session: Session) -> Shown:
    """Show the lines of statements for which no customer was found."""
    found: list[Any] = session.look(lambda unit: unit.read((incoming.QUERIES["lines_in_suspense"], ()))[0])
    rows = [(each.source, each.reference, str(each.day), show_amount(each.amount)) for each in found]
    plain = [
        {"source": each.source, "reference": each.reference, "day": str(each.day), "amount": write_amount(each.amount)}
        for each in found
    ]
    return Shown({"lines": plain}, lambda: show_table(SUSPENSE, rows, session.lang))


def resolve(session: Session, customer: Customer, source: Source, reference: Reference) -> Answer:
    """Say whose a line in suspense is: its money pays what is due of that customer."""
    customer_id = read_id(customer, "customer")
    return in_unit(session.connection, lambda unit: incoming.resolve(unit, source, reference, customer_id, session.principal))


def mandate(
    session: Session,
    customer: Customer,
    name: Annotated[str, typer.Option(help="Who holds the account.")],
    account: Annotated[str, typer.Option(help="The account.")],
    bank: Annotated[str, typer.Option(help="Its bank.")] = "",
) -> Answer:
    """Record the account from which the customer lets us debit what is due (代扣签约); the one before ends."""
    customer_id, payee = read_id(customer, "customer"), Payee(name, account, bank)
    body = {"account": session.house.ring.blind("payee", repr((name, account, bank))).hex()}
    command = Command("mandate.sign", body, lambda work: debits.sign(work, session.house, payee), debits.sign_reads(customer_id))
    return session.ask(customer_id, command)


def register(app: typer.Typer) -> None:
    """Add the commands to `shouxin book`."""
    shows(app, "incoming", "receive")(book_incoming)
    shows(app, "suspense", "ledger.read")(suspense)
    changes(app, "resolve", "receive")(resolve)
    changes(app, "mandate", "customer.change")(mandate)
