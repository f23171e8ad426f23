"""`shouxin advise`: what a customer can change to get a product, or more of it."""

from __future__ import annotations

from typing import Annotated

import typer

from shouxin.desk.advice.advising.asking import advise
from shouxin.desk.advice.advising.model import Wish
from shouxin.desk.advice.advising.told import Teller
from shouxin.desk.advice.advising.written import write_advice
from shouxin.desk.decisions.remedies import Goal
from shouxin.faces.cli.answers_shown import Shown
from shouxin.faces.cli.out import results
from shouxin.faces.cli.session import Customer, Session
from shouxin.foundation.ids import read_id
from shouxin.foundation.money import read_positive

Product = Annotated[str, typer.Option("--product", metavar="CODE", help="What the customer wants.")]
Amount = Annotated[str | None, typer.Option("--amount", metavar="YUAN", help="At least so much; any limit where left out.")]


def advised(session: Session, customer: Customer, product: Product, amount: Amount = None) -> Shown:
    """Look for what would turn a refusal, or too small a limit, round: at most three ways, each tried before it is shown."""
    goal = Goal(product, None if amount is None else read_positive(amount))
    found = advise(session.connection, session.house, Wish(read_id(customer, "customer"), goal, session.principal, session.lang))
    return Shown(write_advice(found), lambda: show_advice(Teller(found, session.lang)))


def show_advice(teller: Teller) -> None:
    """How things stand, each way with where it leads, and what must be said."""
    first, *why = teller.now()
    results.print(first, style="bold", soft_wrap=True)
    for line in why:
        results.print(f"  {line}", soft_wrap=True)
    if heading := teller.heading():
        results.print(f"\n{heading}", soft_wrap=True)
    for way in teller.ways():
        results.print(f"\n{way.number}. {way.changes[0]}", style="green", soft_wrap=True)
        for change in way.changes[1:]:
            results.print(f"   {change}", style="green", soft_wrap=True)
        for line in (way.leads, way.tried):
            if line:
                results.print(f"      {line}", style="dim", soft_wrap=True)
    results.print()
    for line in teller.notices():
        results.print(line, style="dim", soft_wrap=True)
