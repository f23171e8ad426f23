"""What closing a line would mean, before the customer says yes: what stands in the way, and what changes. Read first: `preview`.

What changes is seen by really settling and closing in the transaction and undoing it; customer type and tier are worked out again
from what the customer does, so a merchant with receipts stays one.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from shouxin.book.customers.personal import opened_person, person_wanted
from shouxin.book.facilities.model import Facility, Status
from shouxin.book.facilities.service import product_of
from shouxin.book.facilities.work import Command, Work
from shouxin.desk.decisions.assess import Assessor
from shouxin.desk.decisions.model import Decision, ProductDecision
from shouxin.desk.decisions.policies import active_assessor
from shouxin.desk.origination import errors
from shouxin.desk.origination.deciding import known_facts
from shouxin.desk.origination.switching import settle_and_close
from shouxin.desk.servicing.house import House
from shouxin.infra.db.keys_of_customers import CustomerKey


def preview(house: House, customer_id: uuid.UUID, facility_id: uuid.UUID) -> Command:
    """A preview; nothing is changed. Raises FacilityUnknown, NotClosable, BundleNotActive."""
    body, reads = {"facility": facility_id}, (person_wanted(customer_id),)
    return Command("facility.preview", body, lambda work: _preview(work, house, facility_id), reads)


def _preview(work: Work, house: House, facility_id: uuid.UUID) -> Mapping[str, Any]:
    customer_id, standing = work.standing.customer.customer_id, work.standing
    key, _ = opened_person(house.ring, customer_id, work.rows[0])
    facility = work.facility(facility_id)
    if facility.status is Status.CLOSED:
        raise errors.NotClosable("facility", facility_id, status=facility.status.value)
    assessor = active_assessor(work.unit, standing.today)
    before = _decided(work, key, assessor)
    payoff, after = 0, before
    if not facility.reserved:
        with work.unit.imagined():
            inside = work.apart()
            payoff = settle_and_close(inside, [facility], "own_money").amount
            after = _decided(inside, key, assessor)
    blockers = {"owed": facility.owed, "payoff": payoff, "in_clearing": facility.reserved}
    about = {"facility": facility_id, "product": facility.product, "blockers": blockers, "wait_days": _wait(work, facility)}
    return {**about, "changes": changes(before, after)}


def _decided(work: Work, key: CustomerKey, assessor: Assessor) -> Decision:
    return assessor.assess(known_facts(work, key, assessor, {}), work.standing.today)


def _wait(work: Work, facility: Facility) -> int:
    """Days from the closing until the product may be applied for again."""
    reopening = product_of(work, facility).reopening
    return reopening.waits.get("by_choice", 0) if reopening else 0


def changes(before: Decision, after: Decision) -> list[dict[str, Any]]:
    """What differs between two decisions: tier, total line, and each product whose answer is another."""
    found: list[dict[str, Any]] = []
    if before.tier != after.tier:
        found.append({"what": "tier", "before": before.tier, "after": after.tier})
    if before.total_line != after.total_line:
        found.append({"what": "total_line", "before": {"limit": before.total_line}, "after": {"limit": after.total_line}})
    for first, second in zip(before.products, after.products, strict=True):
        if _said(first) != _said(second):
            found.append({"what": first.product, "before": _said(first), "after": _said(second)})
    return found


def _said(each: ProductDecision) -> dict[str, Any]:
    reasons = [reason.code for reason in each.reasons if reason.kind != "score"]
    return {"outcome": each.outcome, "limit": each.limit, "reasons": reasons}
