"""A customer as answers need them, read in one state of the database and changing nothing. Read first: `read_view`."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from shouxin.book.customers.consents import consents_of, has_consent
from shouxin.book.customers.model import Purpose
from shouxin.book.facilities.model import Facility
from shouxin.book.facts.known import facts_of
from shouxin.book.products import bundle_of
from shouxin.desk.advice.answers.view import Assessed, Change, Held, Lender, View
from shouxin.desk.decisions.assess import Assessor
from shouxin.desk.decisions.model import Decision
from shouxin.desk.decisions.policies import active_assessor, assessor_of
from shouxin.desk.decisions.remedies.catalogue import REQUESTED
from shouxin.desk.decisions.store import Kind, decision_of, decisions_of, facts_of_canonical
from shouxin.desk.origination.plans import plans_of
from shouxin.desk.origination.store import parts_of
from shouxin.desk.servicing import looking
from shouxin.desk.servicing.house import House
from shouxin.desk.servicing.looking import Seen
from shouxin.desk.servicing.reporting_reading import Told
from shouxin.desk.servicing.reporting_records import LoanTold, Record, month_of
from shouxin.desk.servicing.written import read_events
from shouxin.engines.policy.read import Facts, FactsRefused, read_facts
from shouxin.foundation.texts import Text
from shouxin.infra.db.keys_of_customers import CustomerKey, key_of
from shouxin.infra.db.unit import Unit


def read_view(unit: Unit, house: House, customer_id: uuid.UUID) -> View:
    """All that answers about a customer are made from. The unit must be fresh: all is read in one state.

    Raises CustomerUnknown, LedgerWithoutDay, PersonErased, BundleNotActive.
    """
    unit.only_read()
    standing = looking.standing(unit, customer_id)
    today = standing.today
    assessor = active_assessor(unit, today)
    key = key_of(unit, house.ring, customer_id)
    known = facts_of(unit, key, assessor.policy, customer_id, today)
    assessed, lacking = _assessed(assessor, known.written, today)
    loans, told = looking.happened(unit, customer_id, today)
    agreed = has_consent(consents_of(unit, customer_id), Purpose.BUREAU_REPORTING, today)
    return View(
        today=today,
        lender=Lender(house.lender, house.funders),
        policy=assessor.policy,
        assessed=assessed,
        lacking=lacking,
        given=known.given,
        standing=standing,
        lines=tuple(_lines(unit, standing.facilities, loans, told)),
        applied=parts_of(unit, customer_id),
        plans=plans_of(unit, customer_id),
        mandate=looking.mandate_since(unit, customer_id),
        reporting_agreed=agreed,
        reported=_reported(loans, told, today) if agreed else (),
        earlier=_earlier(unit, key),
    )


def _earlier(unit: Unit, key: CustomerKey) -> Decision | None:
    """What was to be had when something was last decided: by the facts and the bundle of then, asked for nothing in
    particular, as today."""
    kept = [each for each in decisions_of(unit, key.customer_id) if each.kind != Kind.SHADOW]
    if not kept:
        return None
    last = decision_of(unit, key, kept[-1].decision_id)
    assessor = assessor_of(unit, last.bundle)
    plan, facts = assessor.policy.plan, facts_of_canonical(assessor.policy.plan, last.facts)
    asked = frozenset(plan.scope.families.get(REQUESTED, {}).values())
    values = (None if each.fact in asked else facts[each.fact] for each in plan.inputs)
    return assessor.assess(
        Facts({each.fact: index for index, each in enumerate(plan.inputs)}, tuple(values)), last.decision.as_of
    )


def _assessed(assessor: Assessor, written: Mapping[str, Any], today: dt.date) -> tuple[Assessed | None, tuple[Text, ...]]:
    """The decision; or the names of the facts without which there is none."""
    plan = assessor.policy.plan
    try:
        facts = read_facts(plan, written)
    except FactsRefused as refused:
        lacking = {each.fact for each in refused.faults}
        return None, tuple(Text(each.zh, each.en) for each in plan.inputs if each.fact in lacking)
    return Assessed(assessor.assess(facts, today), facts), ()


def _lines(unit: Unit, facilities: Iterable[Facility], loans: Sequence[Seen], told: Sequence[Any]) -> Iterable[Held]:
    """Each line with what belongs to it, the oldest first."""
    for each in sorted(facilities, key=lambda one: (one.offered, one.id)):
        own = tuple(loan for loan in loans if loan.facility_id == each.id)
        changes = tuple(Change(row.kind, row.booked, row.reason, row.body) for row in told if _is_of_line(row, each.id))
        yield Held(each, bundle_of(unit, each.bundle), own, changes)


def _is_of_line(row: Any, facility_id: uuid.UUID) -> bool:
    return bool(row.facility_id == facility_id and row.kind.startswith("facility."))


def _reported(loans: Sequence[Seen], told: Sequence[Any], today: dt.date) -> tuple[Record, ...]:
    """The records of the month, as reporting would make them if nothing else happened until its end."""
    found = Told(loans=[LoanTold(each.loan_id, each.facility_id, each.product, read_events(each.told)) for each in loans])
    for row in told:
        if row.facility_id is not None and row.kind.startswith("facility."):
            found.lines.setdefault(row.facility_id, []).append((row.booked, row.body))
    return tuple(found.records(month_of(today), today))
