"""The customer says yes to an offer. Read first: `accept`.

What is known may have changed since the offer, so it is decided anew: an offer that would not be made again does not stand. Lines
that the new one displaces are closed in the same step.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from shouxin.book.customers.personal import opened_person, person_wanted
from shouxin.book.facilities import service
from shouxin.book.facilities.errors import FacilityUnknown
from shouxin.book.facilities.model import Facility
from shouxin.book.facilities.model import Status as FacilityStatus
from shouxin.book.facilities.work import Command, Work
from shouxin.desk.decisions.model import ProductDecision
from shouxin.desk.decisions.store import Kind, decision_of
from shouxin.desk.origination import errors, store
from shouxin.desk.origination.deciding import Decided, decide
from shouxin.desk.origination.model import By, Part, Status
from shouxin.desk.servicing.house import House
from shouxin.desk.servicing.vetting import vetted
from shouxin.foundation.refusal import Refusal
from shouxin.infra.db.keys_of_customers import CustomerKey
from shouxin.infra.messages.documents import read_document
from shouxin.infra.messages.history import About

DISPLACED = "DISPLACED"
ORDER: tuple[type[Refusal], ...] = (
    FacilityUnknown,
    errors.OfferUnknown,
    errors.OfferNotOpen,
    errors.ContractNotShown,
    errors.OfferNoLongerStands,
    errors.DisplacedStillOwes,
)


def accept(house: House, customer_id: uuid.UUID, facility_id: uuid.UUID, contract_sha256: str) -> Command:
    """Yes to the offer whose contract has that hash, which proves what was read.

    After the refusals of screening those of `ORDER`, then those of `acts.accepted`.
    """
    body = {"facility": facility_id, "contract_sha256": contract_sha256}
    reads = (person_wanted(customer_id),)
    command = Command("application.accept", body, lambda work: _accept(work, house, facility_id, contract_sha256), reads)
    return vetted(house, customer_id, command)


def _accept(work: Work, house: House, facility_id: uuid.UUID, contract_sha256: str) -> Mapping[str, Any]:
    customer_id = work.standing.customer.customer_id
    key, _ = opened_person(house.ring, customer_id, work.rows[0])
    facility = work.facility(facility_id)
    part = store.part_of_facility(work.unit, customer_id, facility_id)
    if part.status is not Status.OFFERED or facility.status is not FacilityStatus.OFFERED:
        raise errors.OfferNotOpen("facility", facility_id, status=facility.status.value)
    check_contract(work, key, part.contract, contract_sha256)
    decided = _still_stands(work, key, part, facility)
    displaced = displace(work, decided.displaces(part.product))
    opened = service.accept(work, facility_id)
    work.finish()
    store.store_part(work.unit, customer_id, replace(part, status=Status.ACCEPTED))
    told = {"application": part.application_id.hex, "product": part.product, "decision": decided.decision_id.hex}
    work.tell("application.accepted", told, About(facility_id))
    ours = {"facility": facility_id, "product": opened.product, "limit": opened.most, "expires": opened.expires}
    return {**ours, "closed": displaced}


def check_contract(work: Work, key: CustomerKey, contract: uuid.UUID | None, said: str) -> None:
    """Raises ContractNotShown unless the customer says yes to the very text that was kept."""
    assert contract is not None
    row, _ = read_document(work.unit, key, contract)
    if row.sha256.hex() != said.lower():
        raise errors.ContractNotShown("contract_sha256", said[:16], wanted=row.sha256.hex()[:12])


def _still_stands(work: Work, key: CustomerKey, part: Part, facility: Facility) -> Decided:
    """The decision on what is known today, if it would make the offer again. Raises OfferNoLongerStands."""
    decided = decide(work, key, Kind.ACCEPTANCE, {part.product: part.amount})
    now = decided.decision.product(part.product)
    before = decision_of(work.unit, key, part.decision_id).decision.product(part.product)
    if not stands(facility, (before, now), part.by):
        why = ", ".join(each.code for each in now.reasons) or now.binding or now.outcome
        raise errors.OfferNoLongerStands("facility", facility.id, reasons=why)
    return decided


def stands(facility: Facility, decisions: tuple[ProductDecision, ProductDecision], by: By | None) -> bool:
    """Whether an offer would be made again: before and now.

    What a machine offered, it must still approve, to at least that limit at no higher rate. What a person offered stands while
    nothing speaks against it that did not do so before.
    """
    before, now = decisions
    if by is By.MACHINE:
        return now.outcome == "approve" and now.limit >= facility.most and (now.rate_ppm or 0) <= facility.rate_ppm
    known = {each.code for each in before.reasons}
    return now.outcome != "decline" or {each.code for each in now.reasons if each.kind == "knock_out"} <= known


def displace(work: Work, products: tuple[str, ...]) -> list[uuid.UUID]:
    """Close the open lines of some products. Raises DisplacedStillOwes where one of them cannot close at once."""
    closed = []
    for each in work.standing.facilities:
        if each.product in products and each.is_open:
            ending = each.status is FacilityStatus.CLOSING
            after = each if ending else service.close(work, each.id, DISPLACED)
            if after.status is not FacilityStatus.CLOSED:
                raise errors.DisplacedStillOwes("facility", each.id, product=each.product)
            closed.append(each.id)
    return closed
