"""A customer decided from what is known today, and the decision kept. Read first: `decide`."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from shouxin.book.facilities.work import Work
from shouxin.book.facts.known import facts_of
from shouxin.desk.decisions.assess import Assessor
from shouxin.desk.decisions.experiments import running, taken
from shouxin.desk.decisions.model import Decision
from shouxin.desk.decisions.policies import active_assessor, assessor_of
from shouxin.desk.decisions.store import Kind, NewDecision, keep
from shouxin.engines.policy.load import Bundle
from shouxin.engines.policy.read import Facts, FactsRefused, read_facts
from shouxin.foundation.money import write_amount
from shouxin.infra.db.keys_of_customers import CustomerKey
from shouxin.infra.messages.history import About

REQUESTED = "requested"


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision as it was kept, with what it was made from."""

    decision_id: uuid.UUID
    decision: Decision
    facts: Facts = field(repr=False)
    assessor: Assessor = field(repr=False)

    @property
    def bundle(self) -> Bundle:
        """By which it was made."""
        return self.assessor.policy.bundle

    def displaces(self, product: str) -> tuple[str, ...]:
        """Products whose lines opening this one closes, held or not."""
        return next(each.displaces for each in self.assessor.policy.plan.products if each.code == product)


def decide(work: Work, key: CustomerKey, kind: Kind, asked: Mapping[str, int | None]) -> Decided:
    """Decide the customer by the bundle in force, and keep it. asked: amounts by product, minor units. Raises BundleNotActive.

    Products that the customer neither asks for nor has get none of the room: an application for one is about that one.
    """
    assessor = active_assessor(work.unit, work.standing.today)
    return keep_decided(work, key, assessor, _new(kind, assessor, known_facts(work, key, assessor, asked), work))


def decide_application(work: Work, key: CustomerKey, asked: Mapping[str, int | None]) -> Decided:
    """The same for an application, which a challenger may watch, or decide.

    Where it decides, the decision in force is kept as the shadow, so that the two can be compared either way. A challenger that
    cannot read what is known of the customer is left out.
    """
    unit, today, customer_id = work.unit, work.standing.today, work.standing.customer.customer_id
    champion = active_assessor(unit, today)
    facts = known_facts(work, key, champion, asked)
    experiment = running(unit, today)
    if experiment is None:
        return keep_decided(work, key, champion, _new(Kind.APPLICATION, champion, facts, work))
    challenger = assessor_of(unit, experiment.bundle)
    try:
        sides = ((champion, facts), (challenger, known_facts(work, key, challenger, asked)))
    except FactsRefused:
        work.tell("experiment.left_out", {"experiment": experiment.number}, About())
        return keep_decided(work, key, champion, _new(Kind.APPLICATION, champion, facts, work))
    decides = set(asked) <= set(challenger.policy.bundle.products) and taken(unit, experiment, customer_id)
    first, second = reversed(sides) if decides else sides
    own = replace(_new(Kind.APPLICATION, *first, work), experiment=experiment.number)
    decided = keep_decided(work, key, first[0], own)
    watching = replace(_new(Kind.SHADOW, *second, work), follows=decided.decision_id, experiment=experiment.number)
    keep_decided(work, key, second[0], watching)
    return decided


def keep_decided(work: Work, key: CustomerKey, assessor: Assessor, new: NewDecision) -> Decided:
    """Keep a decision that an assessor made today."""
    kept = keep(work.unit, key, new, (work.history.principal, work.standing.today))
    return Decided(kept, new.decision, new.facts, assessor)


def _new(kind: Kind, assessor: Assessor, facts: Facts, work: Work) -> NewDecision:
    return NewDecision(kind, assessor.assess(facts, work.standing.today), facts)


def known_facts(work: Work, key: CustomerKey, assessor: Assessor, asked: Mapping[str, int | None]) -> Facts:
    """What is known of the customer today, with what is asked for. Raises FactsRefused."""
    policy, standing = assessor.policy, work.standing
    known = facts_of(work.unit, key, policy, standing.customer.customer_id, standing.today)
    held = {each.product for each in standing.facilities if each.is_open}
    return read_facts(policy.plan, {**known.written, **requests(policy.bundle, asked, held)})


def requests(bundle: Bundle, asked: Mapping[str, int | None], held: set[str]) -> dict[str, str]:
    """The facts that say what is asked for, where the bundle has them: an amount as asked, and none of what is not asked for.

    Who asks for nothing in particular, as a pre-check does, asks for all there is.
    """
    if REQUESTED not in bundle.facts.families or not asked:
        return {}
    amounts = {code: asked.get(code) if code in asked else 0 for code in bundle.products if code in asked or code not in held}
    return {f"{REQUESTED}_{code.replace('-', '_')}": write_amount(each) for code, each in amounts.items() if each is not None}
