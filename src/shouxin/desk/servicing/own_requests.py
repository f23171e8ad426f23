"""Requests of a principal that belong to no customer, or to none yet. Read first: `ask_as_principal`.

The answers of a principal stand where those of customers do, under an id that is worked out from the principal's name. No row
is held for them: of two that ask the same at once, the second finds the answer of the first when it is run again.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Mapping
from typing import Any

import psycopg

from shouxin.book.ledger.days import DAY
from shouxin.foundation.ids import NIL
from shouxin.foundation.refusal import Refusal
from shouxin.infra.access.requests import Answer, Request, answer_of, keep_answer, kept_answer, refused
from shouxin.infra.db.connect import Connection
from shouxin.infra.db.unit import Unit, in_unit

Act = Callable[[Unit], Mapping[str, Any]]


def scope_of(principal: str) -> uuid.UUID:
    """The id under which a principal's own answers are kept."""
    return uuid.uuid5(NIL, principal)


def perform_own(connection: Connection, request: Request, act: Act, day: dt.date) -> Answer:
    """Ask in a transaction of its own, and commit it. Raises KeyUnusable, KeyUsedForAnother, RequestInFlight."""
    try:
        return in_unit(connection, lambda unit: ask_as_principal(unit, request, act, day))
    except psycopg.errors.UniqueViolation:  # the same key at the same moment: now the other's answer is there
        return in_unit(connection, lambda unit: ask_as_principal(unit, request, act, day))


def ask_as_principal(unit: Unit, request: Request, act: Act, day: dt.date) -> Answer:
    """Do what is asked, once: `act` gets the unit and returns the body of the answer. A repeat gets the first answer; a refusal
    is an answer and leaves nothing else behind.

    day: on which the answer is kept where no business day is open yet
    Raises KeyUnusable, KeyUsedForAnother, which are no answers.
    """
    scope = scope_of(request.principal)
    answers, days = unit.read(kept_answer(scope, request), DAY)
    earlier = answer_of(request, answers)
    if earlier is not None:
        return earlier
    try:
        with unit.step():
            answer = Answer(True, act(unit))
            unit.flush()
    except Refusal as refusal:
        if refusal.passing:
            raise
        answer = refused(refusal)
    keep_answer(unit, scope, request, answer, days[0].day if days else day)
    return answer
