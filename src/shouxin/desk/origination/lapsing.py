"""Approvals beforehand that nobody carried out in time: they lapse at close of business, and the customer is told."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator, Mapping
from typing import Any

from shouxin.book.facilities.work import Asker, Command, Work, ask_all
from shouxin.desk.origination import errors
from shouxin.desk.origination.plans import PlanStatus, end_plan, plan_of, plans_over
from shouxin.foundation.refusal import Refusal
from shouxin.infra.db.connect import Connection
from shouxin.infra.db.unit import Unit
from shouxin.infra.messages.history import About

PRINCIPAL, BATCH = "close of business", 100
ORDER: tuple[type[Refusal], ...] = (errors.SwitchUnknown, errors.SwitchNotOpen, errors.SwitchStands)


def lapse_switches(connection: Connection, day: dt.date) -> int:
    """End the approved switches whose days were over before a day, some at a time; returns how many. A repeat finds nothing."""

    def find(unit: Unit) -> Iterator[tuple[Asker, Command]]:
        for customer, plan in plans_over(unit, day, BATCH):
            yield Asker(customer, PRINCIPAL, f"switch {plan} lapses {day}"), lapse_switch(plan)

    return ask_all(connection, find)


def lapse_switch(plan_id: uuid.UUID) -> Command:
    """An approved switch whose days are over. Raises the refusals of `ORDER`."""
    return Command("switch.lapse", {"plan": plan_id}, lambda work: _lapse(work, plan_id))


def _lapse(work: Work, plan_id: uuid.UUID) -> Mapping[str, Any]:
    customer_id, today = work.standing.customer.customer_id, work.standing.today
    plan = plan_of(work.unit, customer_id, plan_id)
    if plan.status is not PlanStatus.APPROVED:
        raise errors.SwitchNotOpen("plan", plan_id, status=plan.status.value, expires=plan.expires)
    if plan.stands(today):
        raise errors.SwitchStands("plan", plan_id, expires=plan.expires)
    end_plan(work.unit, customer_id, plan_id, PlanStatus.LAPSED, today)
    told = {"plan": plan_id.hex, "product": plan.product, "until": plan.expires.isoformat()}
    work.tell("switch.lapsed", {**told, "lang": plan.lang, "asked": plan.day.isoformat()}, About())
    return {"plan": plan_id}
