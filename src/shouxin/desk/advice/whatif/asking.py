"""A what-if as it is asked for: counted and noted first, then imagined. Read first: `what_if`."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from shouxin.book.ledger.days import DAY, day_of
from shouxin.desk.advice.quota import Asked, Kind, count, refusal
from shouxin.desk.advice.whatif.errors import WhatIfsBusy
from shouxin.desk.advice.whatif.imagining import check_steps, imagine
from shouxin.desk.advice.whatif.model import WhatIf
from shouxin.desk.advice.whatif.steps import Step, write_step
from shouxin.desk.servicing.house import House
from shouxin.infra.db.connect import Connection
from shouxin.infra.db.unit import Unit, in_unit

AT_ONCE = 4  # mark: A - of one process; each holds a customer and a connection for some dozen milliseconds
_turns = threading.BoundedSemaphore(AT_ONCE)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is asked. principal: who asks; lang: of the papers"""

    customer_id: uuid.UUID
    steps: Sequence[Step]
    principal: str
    lang: str = "zh"


def what_if(connection: Connection, house: House, plan: Plan) -> WhatIf:
    """What would come of a plan. Nothing is different afterwards but that it was asked.

    Raises StepsTooMany, LedgerWithoutDay, CustomerUnknown, PersonErased, AdviceTooOften, WhatIfsBusy, then what `imagine` raises.
    """
    check_steps(plan.steps)
    asked, given = in_unit(connection, lambda unit: _counted(unit, house, plan))
    if not given:
        raise refusal(asked)
    with one_of_few("steps", len(plan.steps)):
        return imagine(connection, house, plan.customer_id, plan.steps, plan.lang)


@contextmanager
def one_of_few(field: str, value: object) -> Iterator[None]:
    """A turn among the few that imagine at once; what was asked is named where there is none. Raises WhatIfsBusy."""
    if not _turns.acquire(blocking=False):
        raise WhatIfsBusy(field, value, most=AT_ONCE)
    try:
        yield
    finally:
        _turns.release()


def _counted(unit: Unit, house: House, plan: Plan) -> tuple[Asked, bool]:
    today = day_of(unit.read(DAY)[0])
    about = {"steps": [write_step(each) for each in plan.steps]}
    asked = Asked(Kind.WHAT_IF, plan.customer_id, plan.principal, today, about)
    return asked, count(unit, house.ring, asked)
