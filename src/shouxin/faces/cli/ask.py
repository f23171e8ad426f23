"""`shouxin ask`: answers to a customer's questions, from that customer's own data."""

from __future__ import annotations

from typing import Annotated

import typer

from shouxin.desk.advice.answers import Teller
from shouxin.desk.advice.answers.asking import Asking, ask_about
from shouxin.desk.advice.answers.written import write_answer
from shouxin.faces.cli.answers_shown import Shown
from shouxin.faces.cli.ask_shown import show_answers, tell
from shouxin.faces.cli.session import Customer, Session
from shouxin.foundation.ids import read_id

Code = Annotated[str | None, typer.Argument(metavar="[CODE]", help="One question, such as REAL_ANNUAL_RATE; all where left out.")]


def asked(session: Session, customer: Customer, code: Code = None) -> Shown:
    """Answer a customer's questions, all or one: what applies to this customer, and what that rests on."""
    view, answers = ask_about(session.connection, session.house, Asking(read_id(customer, "customer"), session.principal, code))
    teller = Teller(view.bundle, session.lang)
    told = [tell(each, teller) for each in answers]
    return Shown([write_answer(each, teller) for each in answers], lambda: show_answers(told, session.lang))
