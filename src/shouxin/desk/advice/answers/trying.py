"""What answers need that no reckoning tells: each line settled and closed, and ways to a higher limit, tried and undone.

Read first: `tried`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from shouxin.desk.advice.advising.asking import advised
from shouxin.desk.advice.advising.model import Way, Wish
from shouxin.desk.advice.answers.view import Held, Raising, View
from shouxin.desk.advice.whatif.imagining import carried_out
from shouxin.desk.advice.whatif.model import WhatIf
from shouxin.desk.advice.whatif.steps import ALL, Close, Repay
from shouxin.desk.decisions.remedies import Goal
from shouxin.desk.decisions.remedies.told import write_change
from shouxin.desk.servicing.house import House
from shouxin.foundation.texts import Text
from shouxin.infra.db.unit import Unit

FIFTH = 5  # a higher limit is at least a fifth more, or the product's highest


def tried(unit: Unit, house: House, view: View, principal: str) -> View:
    """The view with what was tried, in a unit of work that whoever calls undoes. Nothing is tried of whom nothing can be said."""
    if view.assessed is None or not view.proven:
        return view
    closing = tuple((each, _closed(unit, house, view, each)) for each in view.usable)
    raising = {each.code: tuple(_raised(unit, house, view, (each, principal))) for each in view.usable if _can_rise(view, each)}
    return replace(view, imagined_lines=closing, raising=raising)


def _closed(unit: Unit, house: House, view: View, line: Held) -> WhatIf:
    with unit.imagined():
        steps = (Repay(line.code, ALL), Close(line.code))
        return carried_out(unit, house, view.standing.customer.customer_id, (steps, "zh"))


def _can_rise(view: View, line: Held) -> bool:
    """Whether the product is still offered with more than the line has, and that is not to be had as things stand."""
    product = view.bundle.products.get(line.code)
    answer = view.decision.product(line.code) if product else None
    return product is not None and answer is not None and answer.limit <= line.facility.most < product.maximum


def _raised(unit: Unit, house: House, view: View, asked: tuple[Held, str]) -> Iterable[Raising]:
    line, principal = asked
    most, product = line.facility.most, view.bundle.products[line.code]
    goal = Goal(line.code, min(max(most + most // FIFTH, product.minimum), product.maximum))
    with unit.imagined():
        found = advised(unit, house, Wish(view.standing.customer.customer_id, goal, principal))
    return [_told(view, line, each) for each in found.ways]


def _told(view: View, line: Held, way: Way) -> Raising:
    zh, en = ([write_change(view.policy, each, lang) for each in way.remedy.changes] for lang in ("zh", "en"))
    return Raising(Text("，并且".join(zh), ", and ".join(en)), way.remedy.decision.product(line.code).limit)
