"""Advice as plain values, for programs: values as stored, money in minor units. `told.py` has it in words."""

from __future__ import annotations

import datetime as dt
from typing import Any

from shouxin.desk.advice.advising.model import Advice, Way
from shouxin.desk.advice.advising.told import Teller
from shouxin.desk.advice.whatif.steps import write_step
from shouxin.desk.decisions.remedies import Change
from shouxin.foundation.texts import LANGUAGES


def write_advice(advice: Advice) -> dict[str, Any]:
    """All that an advice says, with its words in both languages; without numbers before the identity is proven."""
    tellers = {lang: Teller(advice, lang) for lang in LANGUAGES}
    found, goal, proven = advice.found, advice.goal, advice.proven
    answer = found.decision.product(goal.product)
    ways = [
        {
            **(_way(way, goal.product) if proven else {}),
            **{lang: list(each.ways()[number].changes) for lang, each in tellers.items()},
        }
        for number, way in enumerate(advice.ways)
    ]
    return {
        "customer": str(advice.customer_id),
        "day": advice.now.day.isoformat(),
        "product": goal.product,
        "amount": goal.amount,
        "identity_proven": proven,
        "reached": found.reached,
        "outcome": answer.outcome,
        "limit": answer.limit if proven else None,
        "reasons": [each.code for each in answer.reasons],
        "ways": ways,
        "stays": [each.code for each in found.stays],
        "until": found.until and found.until.isoformat(),
        "dropped": advice.dropped,
        "exhausted": found.exhausted,
        "now": {lang: each.now() for lang, each in tellers.items()},
        "notices": {lang: each.notices() for lang, each in tellers.items()},
    }


def _way(way: Way, product: str) -> dict[str, Any]:
    answer = way.remedy.decision.product(product)
    return {
        "cost": way.remedy.cost,
        "changes": [_change(each) for each in way.remedy.changes],
        "steps": None if way.tried is None else [write_step(each.step) for each in way.tried.steps],
        "limit": answer.limit,
        "rate_ppm": answer.rate_ppm,
    }


def _change(each: Change) -> dict[str, Any]:
    return {
        "fact": each.fact,
        "before": _plain(each.before),
        "after": _plain(each.after),
        "kind": each.kind.value,
        "act": each.act and each.act.value,
        "product": each.product,
        "until": each.until and each.until.isoformat(),
        "follows": [{"fact": one.fact, "before": _plain(one.before), "after": _plain(one.after)} for one in each.follows],
    }


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, dt.date) else value
