"""`shouxin whatif`: what would come of some steps, carried out for real and undone."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.markup import escape

from shouxin.desk.advice.whatif.asking import Plan, what_if
from shouxin.desk.advice.whatif.steps import FORMS, read_step
from shouxin.desk.advice.whatif.told import Teller
from shouxin.desk.advice.whatif.written import write_what_if
from shouxin.faces.cli.answers_shown import Shown
from shouxin.faces.cli.session import Customer, Session
from shouxin.faces.cli.whatif_shown import show_what_if
from shouxin.foundation.ids import read_id

HELP = escape(f"A step; repeat it for each, in order: {'; '.join(FORMS.values())}.")  # [unpaid] is no style


def imagined(
    session: Session,
    customer: Customer,
    step: Annotated[list[str], typer.Option("--step", metavar="STEP", help=HELP)],
) -> Shown:
    """Carry out steps for a customer, one after another, show what comes of each, and undo all of it."""
    steps = [read_step(each) for each in step]
    plan = Plan(read_id(customer, "customer"), steps, session.principal, session.lang)
    found = what_if(session.connection, session.house, plan)
    return Shown(write_what_if(found), lambda: show_what_if(found, Teller(found, session.lang)))
