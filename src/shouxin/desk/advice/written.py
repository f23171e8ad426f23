"""A matching as plain values for programs: amounts in major units as text, codes, and the words of one language beside them."""

from __future__ import annotations

from typing import Any

from shouxin.desk.advice.advice_words import FIT
from shouxin.desk.advice.model import Cost, Match, Matching, NoPair, Pair, Requirement, Share
from shouxin.desk.advice.told import Teller
from shouxin.foundation.money import write_amount


def write_matching(matching: Matching, teller: Teller) -> dict[str, Any]:
    """The whole answer; products in the order of their rank."""
    need, decision = matching.need, teller.decision
    pair = matching.pair
    return {
        "bundle": decision.bundle,
        "bundle_hash": decision.bundle_hash,
        "as_of": decision.as_of.isoformat(),
        "facts_hash": decision.facts_hash,
        "need": {
            "amount": write_amount(need.amount),
            "purpose": need.purpose,
            "purpose_text": teller.use(need.purpose),
            "day": need.day.isoformat(),
            "months": need.months,
        },
        "met": matching.met,
        "summary": teller.summary(matching),
        "products": [_match(each, matching, teller) for each in matching.matches],
        "pair": _pair(pair, teller) if isinstance(pair, Pair) else None,
        "no_pair": {"code": pair.value, "text": teller.no_pair(pair)} if isinstance(pair, NoPair) else None,
        "notices": teller.notices(matching),
    }


def _match(found: Match, matching: Matching, teller: Teller) -> dict[str, Any]:
    told = zip(found.obstacles, teller.obstacles(found, matching), strict=True)
    return {
        "product": found.product,
        "name": teller.name(found.product),
        "fit": found.fit.value,
        "fit_text": FIT[found.fit].in_language(teller.lang),
        "amount": write_amount(found.amount),
        "costs": [_cost(each) for each in found.costs],
        "needs": [_need(found.product, each, teller) for each in found.needs],
        "displaces": list(found.displaces),
        "apart": list(found.apart),
        "rooms": [
            {"product": each.product, "before": write_amount(each.before), "after": write_amount(each.after)}
            for each in found.rooms
        ],
        "obstacles": [
            {
                "barrier": each.barrier.value,
                "code": each.code,
                "kind": each.kind,
                "amount": None if each.amount is None else write_amount(each.amount),
                "text": words.text,
                "do": words.do,
                "because": [list(pair) for pair in words.because],
            }
            for each, words in told
        ],
    }


def _cost(cost: Cost) -> dict[str, Any]:
    made = cost.quote
    payments = [row.total for row in made.schedule]
    return {
        "method": made.terms.method.value,
        "months": made.terms.shape.periods,
        "principal": write_amount(made.terms.principal),
        "received": write_amount(made.received),
        "interest": write_amount(made.schedule.interest),
        "fee": write_amount(made.fee),
        "cost": write_amount(made.cost),
        "first_payment": write_amount(payments[0]),
        "last_payment": write_amount(payments[-1]),
        "monthly": write_amount(cost.monthly),
        "within_capacity": cost.within,
        "annual": {"rule": str(made.shown.rule), "percent": str(made.shown.percent(4))},
    }


def _need(product: str, requirement: Requirement, teller: Teller) -> dict[str, Any]:
    above = None if requirement.above is None else write_amount(requirement.above)
    return {
        "needs": requirement.wants.value,
        "above": above,
        "papers": list(requirement.papers),
        "facts": list(requirement.facts),
        "text": teller.need(product, requirement),
    }


def _pair(pair: Pair, teller: Teller) -> dict[str, Any]:
    return {"cost": write_amount(pair.cost), "shares": [_share(each, teller) for each in pair.shares]}


def _share(share: Share, teller: Teller) -> dict[str, Any]:
    return {
        "product": share.product,
        "name": teller.name(share.product),
        "amount": write_amount(share.amount),
        "terms": _cost(share.cost),
        "needs": [_need(share.product, each, teller) for each in share.needs],
        "displaces": list(share.displaces),
    }
