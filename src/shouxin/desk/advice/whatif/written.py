"""A what-if as plain values, for programs: money in minor units, rates in ppm, dates as text. `told.py` has it in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shouxin.desk.advice.whatif.model import State, Taken, WhatIf
from shouxin.desk.advice.whatif.moves import Terms, effects, moves
from shouxin.desk.advice.whatif.solving import blockers, solutions
from shouxin.desk.advice.whatif.steps import write_step
from shouxin.desk.advice.whatif.told import Teller
from shouxin.desk.decisions.model import ProductDecision
from shouxin.foundation.texts import LANGUAGES


def write_what_if(what_if: WhatIf) -> dict[str, Any]:
    """All that a what-if says, with its words in both languages."""
    tellers = {lang: Teller(what_if, lang) for lang in LANGUAGES}
    texts = {lang: each.steps() for lang, each in tellers.items()}
    proven, before = what_if.proven, what_if.before
    steps: list[dict[str, Any]] = []
    for number, taken in enumerate(what_if.steps):
        words = {lang: {"title": told[number].title, "lines": list(told[number].lines)} for lang, told in texts.items()}
        steps.append({**_step(taken, before), **(_came_of(taken, before) if proven else {}), **words})
        before = taken.after or before
    return {
        "customer": str(what_if.customer_id),
        "works": what_if.works,
        "identity_proven": proven,
        "before": _state(what_if.before) if proven else None,
        "steps": steps,
        "reported": [_plain(dict(each.fields)) for each in what_if.reported] if proven else [],
        "notices": {lang: each.notices() for lang, each in tellers.items()},
    }


def _step(taken: Taken, before: State) -> dict[str, Any]:
    found: dict[str, Any] = {"step": write_step(taken.step), "outcome": taken.outcome.value}
    if taken.refusal is not None:
        found["refusal"] = {**taken.refusal.to_dict("en"), "right_zh": taken.refusal.right("zh")}
        found["solved_by"] = [write_step(each) for each in solutions(taken.refusal, before)]
    return found


def _came_of(taken: Taken, before: State) -> dict[str, Any]:
    """What was done, and what is different afterwards."""
    found: dict[str, Any] = {}
    found["acts"] = [{"day": each.day.isoformat(), "action": each.action, "answer": _plain(each.answer)} for each in taken.acts]
    if taken.after is not None:
        found["after"] = _state(taken.after)
        found["score_moved"] = [
            {"name": each.name, "points": each.points, "reads": [_plain(_read(one)) for one in each.reads]}
            for each in moves(before, taken.after)
        ]
        found["products_changed"] = [
            {"product": each.product, **{name: _terms(getattr(each, name)) for name in ("before", "same_score", "after")}}
            for each in effects(before, taken.after)
        ]
    return found


def _read(each: Any) -> dict[str, Any]:
    return {"fact": each.name, "before": each.before, "after": each.after}


def _terms(each: Terms) -> dict[str, Any]:
    return {"outcome": each.outcome, "limit": each.limit, "rate_ppm": each.rate_ppm}


def _state(state: State) -> dict[str, Any]:
    decision, line = state.decision, state.line
    return {
        "day": state.day.isoformat(),
        "customer_type": state.kind,
        "score": decision.score,
        "tier": decision.tier,
        "total_line": line.total if line else 0,
        "total_line_by_policy": decision.total_line,
        "owed": line.owed if line else 0,
        "late_since": state.late and state.late.isoformat(),
        "lines": [
            {
                "facility": str(each.id),
                "product": each.product,
                "status": each.status.value,
                "limit": each.most,
                "owed": each.owed,
            }
            for each in state.facilities
        ],
        "products": [_product(each) for each in decision.products],
        "reopens": {product: day.isoformat() for product, day in state.reopens.items()},
        "blocked": [
            {"product": each.product, "in_use": each.in_use, "solved_by": [write_step(one) for one in each.solved_by]}
            for each in blockers(state)
        ],
    }


def _product(each: ProductDecision) -> dict[str, Any]:
    reasons = [reason.code for reason in each.reasons]
    told = {"product": each.product, "outcome": each.outcome, "limit": each.limit, "rate_ppm": each.rate_ppm}
    return {**told, "binding": each.binding, "reasons": reasons, "missing": list(each.missing)}


def _plain(value: Any) -> Any:
    """JSON values; ids and dates as text."""
    if isinstance(value, Mapping):
        return {str(name): _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value if value is None or isinstance(value, str | int | bool) else str(value)
