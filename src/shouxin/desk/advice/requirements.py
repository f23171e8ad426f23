"""What is needed before the money can be paid: by the product's `uses`, and where the decision is not made yet."""

from __future__ import annotations

from shouxin.desk.advice.model import Position, Requirement, Wants
from shouxin.desk.decisions import ProductDecision
from shouxin.engines.policy.model import ProductFile


def use_needs(product: ProductFile, amount: int) -> tuple[Requirement, ...]:
    """Proof of use and payment to the payee, above the amounts of the product; amount in minor units.

    The amount is that of the whole need, also where two products share it: what is split does not become less.
    """
    uses = product.uses
    proofs = [Requirement(Wants.PROOF, each.above, tuple(each.papers)) for each in uses.proof]
    if not proofs and uses.proof_above is not None:
        proofs = [Requirement(Wants.PROOF, uses.proof_above)]
    payee = [] if uses.entrusted_above is None else [Requirement(Wants.PAYEE, uses.entrusted_above)]
    return tuple(each for each in (*proofs, *payee) if each.above is not None and amount > each.above)


def decision_needs(answer: ProductDecision, position: Position) -> tuple[Requirement, ...]:
    """A person's decision, and the consents and facts without which it was not made."""
    refused = tuple(fact for fact in answer.missing if position.missing.get(fact) == "no_consent")
    others = tuple(fact for fact in answer.missing if fact not in refused)
    asked = ((Wants.CONSENT, refused), (Wants.FACTS, others))
    return (Requirement(Wants.PERSON), *(Requirement(wants, facts=facts) for wants, facts in asked if facts))
