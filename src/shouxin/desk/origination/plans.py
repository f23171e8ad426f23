"""Approved switches: values and rows."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from shouxin.book.facilities.acts import Terms
from shouxin.desk.origination.errors import SwitchUnknown
from shouxin.desk.origination.store import QUERIES
from shouxin.infra.db.unit import Unit


class PlanStatus(StrEnum):
    """Where a switch stands; one whose days are over cannot be carried out, and lapses at close of business."""

    APPROVED = "approved"
    EXECUTED = "executed"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True)
class Plan:
    """A switch that was approved.

    closes:   the lines to be settled and closed
    facility_id, product, most, rate_ppm, terms: of the line to be opened, guaranteed until `expires`
    contract: the document to which the customer says yes
    source:   where the money to settle comes from; payoff: what there was to settle on the day, minor units
    """

    plan_id: uuid.UUID
    decision_id: uuid.UUID
    closes: tuple[uuid.UUID, ...]
    product: str
    facility_id: uuid.UUID
    most: int
    rate_ppm: int
    terms: Terms
    contract: uuid.UUID
    source: str
    payoff: int
    lang: str
    day: dt.date
    expires: dt.date
    status: PlanStatus = PlanStatus.APPROVED
    ended: dt.date | None = None

    def stands(self, today: dt.date) -> bool:
        """Whether it can still be carried out."""
        return self.status is PlanStatus.APPROVED and today <= self.expires


def add_plan(unit: Unit, customer_id: uuid.UUID, plan: Plan) -> None:
    """Keep a switch that was approved."""
    line = (plan.product, plan.facility_id, plan.most, plan.rate_ppm, json.dumps(plan.terms))
    row = (plan.contract, plan.source, plan.payoff, plan.lang, plan.day, plan.expires)
    unit.write(QUERIES["plan_added"], (customer_id, plan.plan_id, plan.decision_id, list(plan.closes), *line, *row))


def end_plan(unit: Unit, customer_id: uuid.UUID, plan_id: uuid.UUID, status: PlanStatus, today: dt.date) -> None:
    """It was carried out, is not wanted any more, or its days are over."""
    unit.write(QUERIES["plan_ended"], (status, today, customer_id, plan_id))


def plans_of(unit: Unit, customer_id: uuid.UUID) -> Sequence[Plan]:
    """All switches of a customer that were ever approved, the oldest first."""
    (rows,) = unit.read((QUERIES["plans_of"], (customer_id,)))
    return [_plan(each) for each in rows]


def plan_of(unit: Unit, customer_id: uuid.UUID, plan_id: uuid.UUID) -> Plan:
    """One of them. Raises SwitchUnknown."""
    for each in plans_of(unit, customer_id):
        if each.plan_id == plan_id:
            return each
    raise SwitchUnknown("plan", plan_id)


def plans_over(unit: Unit, day: dt.date, limit: int) -> Sequence[tuple[uuid.UUID, uuid.UUID]]:
    """Customers with the switches that were approved and whose days were over before a day, at most `limit`."""
    (rows,) = unit.read((QUERIES["plans_over"], (day, limit)))
    return [(each.customer_id, each.plan_id) for each in rows]


def standing_plan(unit: Unit, customer_id: uuid.UUID, today: dt.date) -> Plan | None:
    """The one that can still be carried out; there is at most one."""
    return next((each for each in plans_of(unit, customer_id) if each.stands(today)), None)


def _plan(row: Any) -> Plan:
    terms = tuple((method, tuple(months)) for method, months in row.terms)
    line = (row.product, row.facility_id, row.most, row.rate_ppm, terms)
    rest = (row.contract, row.source, row.payoff, row.lang, row.day, row.expires)
    return Plan(row.plan_id, row.decision_id, tuple(row.closes), *line, *rest, PlanStatus(row.status), row.ended)
