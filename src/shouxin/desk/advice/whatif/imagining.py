"""A plan carried out for one customer, and undone. Read first: `imagine`.

Nothing is left behind: the transaction ends in a rollback whatever happens, also when the process dies. That somebody asked is
another transaction's business (`asking.py`).
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from shouxin.book.facilities.work import begin_work
from shouxin.desk.advice.whatif.doing import carry_out
from shouxin.desk.advice.whatif.errors import StepsTooMany
from shouxin.desk.advice.whatif.model import Outcome, Taken, WhatIf
from shouxin.desk.advice.whatif.reported import reported
from shouxin.desk.advice.whatif.steps import MOST_STEPS, Step
from shouxin.desk.advice.whatif.world import World
from shouxin.desk.servicing.house import House
from shouxin.foundation.refusal import Refusal
from shouxin.infra.db.connect import Connection
from shouxin.infra.db.keys_of_customers import key_of
from shouxin.infra.db.unit import Unit, in_imagination

PRINCIPAL = "what-if"


def imagine(connection: Connection, house: House, customer_id: uuid.UUID, steps: Sequence[Step], lang: str = "zh") -> WhatIf:
    """What would come of some steps, one after another, from the open day on.

    The first refusal stops the plan; it is part of the answer. No adapter is called: money that is asked for is taken to be paid
    out, money that is owed to come in. Raises StepsTooMany, CustomerUnknown, PersonErased, BundleNotActive, TooLittleKnown,
    RequestInFlight.
    """
    check_steps(steps)
    return in_imagination(connection, lambda unit: carried_out(unit, house, customer_id, (steps, lang)))


def check_steps(steps: Sequence[Step]) -> None:
    """Raises StepsTooMany."""
    if not 1 <= len(steps) <= MOST_STEPS:
        raise StepsTooMany("steps", len(steps), most=MOST_STEPS)


def carried_out(unit: Unit, house: House, customer_id: uuid.UUID, asked: tuple[Sequence[Step], str]) -> WhatIf:
    """The same in a unit of work that whoever calls undoes. asked: the steps, and the language of papers"""
    steps, lang = asked
    work = begin_work(unit, customer_id, PRINCIPAL)
    world = World(house, key_of(unit, house.ring, customer_id), work, lang)
    before = world.look()
    taken: list[Taken] = []
    for step in steps:
        stopped = bool(taken) and taken[-1].outcome is not Outcome.DONE
        taken.append(Taken(step, Outcome.NOT_REACHED) if stopped else _taken(world, step))
    return WhatIf(customer_id, before, tuple(taken), reported(world) if taken[-1].outcome is Outcome.DONE else ())


def _taken(world: World, step: Step) -> Taken:
    try:
        carry_out(world, step)
    except Refusal as refusal:
        return Taken(step, Outcome.REFUSED, world.taken(), refusal)
    return Taken(step, Outcome.DONE, world.taken(), after=world.look())
