"""`shouxin book statement` and `settlement-certificate`: what happened to a customer, and that a loan is settled."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from shouxin.book.ledger.errors import DayBeforeFirst
from shouxin.desk.servicing import looking
from shouxin.desk.servicing.certificate import certificate, text_of
from shouxin.desk.servicing.looking import Seen
from shouxin.faces.cli.answers_shown import Shown, show_table
from shouxin.faces.cli.events_told import HEADS, event_dict, event_row
from shouxin.faces.cli.loans_told import loan_dict, show_loan
from shouxin.faces.cli.out import results
from shouxin.faces.cli.session import Customer, Loan, Session, changes, shows
from shouxin.foundation.days import read_day
from shouxin.foundation.ids import read_id
from shouxin.foundation.refusal import Refusal
from shouxin.foundation.texts import Text
from shouxin.infra.access.requests import Answer

# Not for the customer's statement: what the loans' own tables have, and what is no business with money.
ELSEWHERE = ("customer.", "contact.", "consent.", "link.")
OTHERS = Text("额度、支用与来款", "Lines, draws and payments")
NOTHING = Text("没有记录。", "Nothing happened.")


class DayToCome(Refusal):
    """A statement of a day that is not there yet."""

    en = "{open}, the open business day, or earlier"
    zh = "不得晚于当前营业日 {open}"


def statement(
    session: Session,
    customer: Customer,
    until: Annotated[str | None, typer.Option(metavar="DATE", help="YYYY-MM-DD; the open business day where left out.")] = None,
) -> Shown:
    """Show a customer's loans with their instalments, and all that happened, as it was known on a day."""
    customer_id = read_id(customer, "customer")
    days = session.look(looking.business_days)
    day = read_day(until, "until") if until else days.open
    if day > days.open:
        raise DayToCome("until", day, open=days.open)
    if day < days.first:
        raise DayBeforeFirst("until", day, since=days.first)
    loans, told = session.look(lambda unit: looking.happened(unit, customer_id, day))
    others = [each for each in told if not each.kind.startswith(("loan.", *ELSEWHERE))]
    return _shown((customer_id, day), loans, others, session.lang)


def _shown(whose: tuple[uuid.UUID, dt.date], loans: Sequence[Seen], others: Sequence[Any], lang: str) -> Shown:
    customer_id, day = whose
    plain = {
        "customer": str(customer_id),
        "until": day.isoformat(),
        "loans": [loan_dict(each, lang) for each in loans],
        "events": [event_dict(each, lang) for each in others],
    }

    def show() -> None:
        title = f"客户对账单 {customer_id}，截至 {day}" if lang == "zh" else f"Statement of {customer_id} until {day}"
        results.print(title, style="bold", soft_wrap=True)
        for each in loans:
            results.print()
            show_loan(each, lang)
        if others:
            results.print()
            results.print(OTHERS.in_language(lang), style="bold")
            show_table(HEADS, [event_row(each, lang) for each in others], lang)
        elif not loans:
            results.print(NOTHING.in_language(lang))

    return Shown(plain, show)


def settlement_certificate(session: Session, customer: Customer, loan: Loan) -> Answer:
    """Make the certificate that a loan is settled (结清证明), keep it, and print it."""
    customer_id, loan_id = read_id(customer, "customer"), read_id(loan, "loan")
    answer = session.ask(customer_id, certificate(session.house, customer_id, loan_id, session.lang))
    if not answer.done:
        return answer
    document = read_id(str(answer.body["document"]), "document")
    text = session.look(lambda unit: text_of(unit, session.house, customer_id, document))
    return Answer(True, {**answer.body, "text": text}, answer.repeated)


def register(app: typer.Typer) -> None:
    """Add the commands to `shouxin book`."""
    shows(app, "statement", "customer.read")(statement)
    changes(app, "settlement-certificate", "document.make")(settlement_certificate)
