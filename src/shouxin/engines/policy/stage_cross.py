"""Cross-default: what one account's state does to the customer's other lines, from `cross` of exposure.yaml.

The conditions are compiled and checked with the bundle. They are no part of a decision's columns: a decision says what a
customer may get, these say what happens to what the customer has.
"""

from __future__ import annotations

from shouxin.engines.policy.model import CrossShape
from shouxin.engines.policy.plan import Cross
from shouxin.engines.policy.stager import Stager
from shouxin.engines.policy.tree import Type


def stage_cross(stager: Stager) -> tuple[Cross, ...]:
    """The rules in the order in which their reasons are told."""
    found = [rule for index, shape in enumerate(stager.bundle.exposure.cross) if (rule := _rule(stager, shape, index))]
    ranks = {code: shape.rank for code, shape in stager.bundle.reasons.reasons.items()}
    return tuple(sorted(found, key=lambda rule: ranks.get(rule.code, 0)))


def _rule(stager: Stager, shape: CrossShape, index: int) -> Cross | None:
    place = stager.bundle.place("exposure.yaml", "cross", index)
    node = stager.compile(shape.when, place, Type.BOOL)
    products = stager.bundle.products
    suspends, closes = (tuple(products) if each == "all" else tuple(each) for each in (shape.suspends, shape.closes))
    if unknown := [code for code in (*suspends, *closes) if code not in products]:
        stager.refuse(place, "E-PRODUCT", ", ".join(unknown), f"products of this bundle: {', '.join(products)}; or all")
        return None
    if node is None:
        return None
    return Cross(shape.reason, node, suspends, closes, f"{place.file}:{place.line}", shape.when)
