"""A question as it is asked: counted and noted first, then answered. Read first: `ask_about`.

What is told is read in one state of the database; what is tried is tried on the customer as they are a moment later.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from shouxin.book.customers.store import read_customer
from shouxin.book.ledger.days import DAY, day_of
from shouxin.desk.advice.answers.errors import QuestionUnknown
from shouxin.desk.advice.answers.model import Answer, Question
from shouxin.desk.advice.answers.reading import read_view
from shouxin.desk.advice.answers.registry import QUESTIONS
from shouxin.desk.advice.answers.trying import tried
from shouxin.desk.advice.answers.view import View
from shouxin.desk.advice.quota import Asked, Kind, count, refusal
from shouxin.desk.advice.whatif.asking import one_of_few
from shouxin.desk.servicing.house import House
from shouxin.infra.access.audit import Entry, note
from shouxin.infra.db.connect import Connection
from shouxin.infra.db.unit import Unit, in_imagination, in_unit


@dataclass(frozen=True, slots=True)
class Asking:
    """What is asked. code: of one question; None asks all; principal: who asks"""

    customer_id: uuid.UUID
    principal: str
    code: str | None = None


def ask_about(connection: Connection, house: House, asking: Asking) -> tuple[View, tuple[Answer, ...]]:
    """The answers to one question about a customer, or to all in their order, and what they were made from.

    Raises QuestionUnknown, LedgerWithoutDay, CustomerUnknown, PersonErased, AdviceTooOften, WhatIfsBusy, then what `read_view`
    raises.
    """
    questions = asked_for(asking.code)
    asked, given = in_unit(connection, lambda unit: _counted(unit, house, asking))
    if not given:
        raise refusal(asked)
    view = in_unit(connection, lambda unit: read_view(unit, house, asking.customer_id))
    if any(each.tries for each in questions):
        with one_of_few("question", asking.code or "all"):
            view = in_imagination(connection, lambda unit: tried(unit, house, view, asking.principal))
    return view, tuple(each.answer(view) for each in questions)


def asked_for(code: str | None) -> tuple[Question, ...]:
    """The question of a code, or all of them. Raises QuestionUnknown.

    >>> [each.code for each in asked_for("WHO_IS_LENDER")]
    ['WHO_IS_LENDER']
    """
    found = tuple(each for each in QUESTIONS if code in (None, each.code))
    if not found:
        raise QuestionUnknown("question", code, known=", ".join(each.code for each in QUESTIONS))
    return found


def _counted(unit: Unit, house: House, asking: Asking) -> tuple[Asked, bool]:
    """Noted before it is known whether there is an answer: once as advice, and, where it is given, as personal data read."""
    read_customer(unit, asking.customer_id)
    today = day_of(unit.read(DAY)[0])
    asked = Asked(Kind.ANSWERS, asking.customer_id, asking.principal, today, {"question": asking.code or "all"})
    given = count(unit, house.ring, asked)
    if given:
        note(unit, Entry(asking.principal, "personal.read", today, asking.customer_id, "ask"))
    return asked, given
