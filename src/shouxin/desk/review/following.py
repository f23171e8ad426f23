"""What one account's trouble does to a customer's other lines, carried out: suspended, closed, and resumed. Read first: `follow`.

`engines/policy/cross.py` says what follows by the rules of the bundle in force; `steps` what is left to do of that. A line that a
rule of `cross` suspended is resumed when nothing follows for it any more. What cannot be decided, since a fact is missing, does
nothing by itself: it suspends and closes no line, and opens none either.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from shouxin.book.customers import check_may_borrow
from shouxin.book.facilities import service
from shouxin.book.facilities.model import Facility, Standing, Status
from shouxin.book.facilities.work import Command, Work
from shouxin.book.facts.known import facts_of
from shouxin.book.facts.seen import came_in
from shouxin.desk.decisions.policies import active_assessor
from shouxin.desk.servicing.house import House
from shouxin.engines.policy.compile import Policy
from shouxin.engines.policy.cross import Consequence, Consequences, consequences
from shouxin.foundation.refusal import Refusal
from shouxin.infra.db.keys_of_customers import key_of
from shouxin.infra.db.queries import load_queries
from shouxin.infra.messages.history import About

QUERIES = load_queries(__package__)
CAUSE_GONE = "CAUSE_GONE"

Act: TypeAlias = Literal["suspend", "close", "resume"]
Reasons: TypeAlias = Mapping[uuid.UUID, str | None]


@dataclass(frozen=True, slots=True)
class Step:
    """What is to be done with a line. rules: the codes of those because of which, by rank; of a resumption, of the one that had
    suspended it"""

    facility: uuid.UUID
    product: str
    act: Act
    rules: tuple[str, ...]


def follow(house: House) -> Command:
    """Let the rules of `cross` act on a customer's lines, by the facts of today; a repeat finds nothing to do.

    The answer has the steps in `lines`, each with the rules because of which and the status after it, and in `undecided` the
    codes of the rules that could not be decided. Raises BundleNotActive, PersonErased, SealBroken.
    """
    return Command("review.follow", {}, lambda work: _follow(work, house))


def _follow(work: Work, house: House) -> Mapping[str, Any]:
    policy = active_assessor(work.unit, work.standing.today).policy
    found = _found(work, house, policy)
    done = steps(policy, found, work.standing, _suspended_because(work))
    lines = [{"facility": each.facility, "product": each.product, **_done(work, each)} for each in done]
    if done:
        told = [{"facility": each.facility.hex, "act": each.act, "rules": list(each.rules)} for each in done]
        work.tell("review.followed", {"bundle": policy.bundle.hash, "lines": told}, About())
    return {"lines": lines, "undecided": list(found.undecided)}


def _found(work: Work, house: House, policy: Policy) -> Consequences:
    """By what is known today. A fact that a decision could not do without is only missing here: no rule need read it."""
    customer_id, today = work.standing.customer.customer_id, work.standing.today
    known = facts_of(work.unit, key_of(work.unit, house.ring, customer_id), policy, customer_id, today)
    came = came_in(policy, known)
    return consequences(policy, [came[each.fact] for each in policy.plan.inputs], today)


def _suspended_because(work: Work) -> Reasons:
    """Why each line was suspended last: another limit since then has a reason of its own."""
    (rows,) = work.unit.read((QUERIES["suspended_because"], (work.standing.customer.customer_id,)))
    return {row.facility_id: row.reason for row in rows}


def _done(work: Work, step: Step) -> dict[str, Any]:
    reason = CAUSE_GONE if step.act == "resume" else step.rules[0]
    after = ACTS[step.act](work, step.facility, reason)
    return {"act": step.act, "rules": list(step.rules), "status": after.status.value}


ACTS: Mapping[Act, Callable[[Work, uuid.UUID, str], Facility]] = {
    "suspend": service.suspend,
    "close": service.close,
    "resume": service.resume,
}


def steps(policy: Policy, found: Consequences, standing: Standing, because: Reasons) -> tuple[Step, ...]:
    """What is left to do of what follows, in the order of the customer's lines; a line that is so already is left.

    because: why each line was suspended last
    """
    follows = {each.product: each for each in found.lines}
    left = [_step(each, follows[each.product]) for each in standing.facilities if each.product in follows]
    resuming = _resuming(policy, found, standing, because)
    order = [each.id for each in standing.facilities]
    return tuple(sorted([*filter(None, left), *resuming], key=lambda step: order.index(step.facility)))


def _step(facility: Facility, told: Consequence) -> Step | None:
    """An offer is no line yet: whoever accepts it is decided anew."""
    may = (Status.ACTIVE, Status.SUSPENDED) if told.act == "close" else (Status.ACTIVE,)
    return Step(facility.id, facility.product, told.act, told.reasons) if facility.status in may else None


def _resuming(policy: Policy, found: Consequences, standing: Standing, because: Reasons) -> Iterator[Step]:
    """Lines that a rule of the bundle suspended, and for which nothing follows any more, nor may follow: as long as a rule on the
    line cannot be decided it stays as it is, and so does that of a customer who may not borrow, or whose term is over."""
    codes = {rule.code for rule in policy.plan.cross}
    concerned = {each.product for each in found.lines} | _undecided_products(policy, found)
    if not _may_borrow(standing):
        return
    for each in standing.facilities:
        code = because.get(each.id)
        known = each.product in policy.bundle.products and each.product not in concerned
        if each.status is Status.SUSPENDED and code in codes and code and known and each.expires >= standing.today:
            yield Step(each.id, each.product, "resume", (code,))


def _undecided_products(policy: Policy, found: Consequences) -> set[str]:
    undecided = [rule for rule in policy.plan.cross if rule.code in found.undecided]
    return {code for rule in undecided for code in (*rule.suspends, *rule.closes)}


def _may_borrow(standing: Standing) -> bool:
    try:
        check_may_borrow(standing.customer)
    except Refusal:
        return False
    return True
