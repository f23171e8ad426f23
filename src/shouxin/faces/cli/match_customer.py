"""`shouxin apply match`: all products ranked for a customer who is known here, and one need."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import typer

from shouxin.book.facilities.model import Line
from shouxin.book.facts.known import facts_of
from shouxin.desk.advice import Need, match, position_of
from shouxin.desk.advice.told import Teller
from shouxin.desk.advice.written import write_matching
from shouxin.desk.decisions.assess import Assessor
from shouxin.desk.decisions.policies import active_assessor
from shouxin.desk.servicing import looking
from shouxin.engines.policy.read import Facts, read_facts
from shouxin.faces.cli.answers_shown import Shown
from shouxin.faces.cli.match_shown import show_matching
from shouxin.faces.cli.session import Customer, Session
from shouxin.faces.cli.written import read_money
from shouxin.foundation.ids import read_id
from shouxin.infra.access.audit import Entry, note
from shouxin.infra.db.keys_of_customers import key_of
from shouxin.infra.db.unit import Unit


def match_customer(
    session: Session,
    customer: Customer,
    amount: Annotated[str, typer.Option(help="What is needed, in major units.")],
    purpose: Annotated[str, typer.Option(help="What for: a use that the products name, such as stock or renovation.")],
    months: Annotated[int | None, typer.Option(help="The term wished, in months; any where left out.")] = None,
) -> Shown:
    """Rank all products for a customer and a need, from what is held: no enquiry is made, and nothing is offered."""
    customer_id, today = read_id(customer, "customer"), session.today
    need = Need(read_money(amount), purpose, today, months)

    def look(unit: Unit) -> tuple[Assessor, Facts, Line | None]:
        assessor, key = active_assessor(unit, today), key_of(unit, session.house.ring, customer_id)
        known = facts_of(unit, key, assessor.policy, customer_id, today)
        note(unit, Entry(session.principal, "personal.read", today, customer_id, "match"))
        return assessor, read_facts(assessor.policy.plan, known.written), looking.standing(unit, customer_id).line

    assessor, facts, line = session.look(look)
    policy, decision = assessor.policy, assessor.assess(facts, today)
    position = position_of(policy, decision, facts)
    matching = match(policy, decision, need, replace(position, total=line.total) if line else position)
    teller = Teller(policy, decision, facts, session.lang)
    return Shown(write_matching(matching, teller), lambda: show_matching(matching, teller))
