"""From a bundle's folder to a policy that can be run: the passes, in order.

parse -> whitelist -> resolve -> expand families -> type -> nullability -> range   each formula (expression.py)
facts -> derived -> score -> tier -> knock-outs -> price .. economics              the bundle   (PASSES below)
emit                                                                               Python now, SQL when asked
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from shouxin.engines.policy.emit_python import Emitted, emit_python
from shouxin.engines.policy.errors import BundleRefused, Fault, Place, fault
from shouxin.engines.policy.load import Bundle, load
from shouxin.engines.policy.plan import Activity, Assign, Characteristic, Cross, Input, Plan, ProductPlan, Rule
from shouxin.engines.policy.stage_activity import stage_activities
from shouxin.engines.policy.stage_cross import stage_cross
from shouxin.engines.policy.stage_facts import read_inputs, stage_facts
from shouxin.engines.policy.stage_limits import stage_products
from shouxin.engines.policy.stage_rules import stage_rules
from shouxin.engines.policy.stage_score import card_order, stage_derived, stage_score, stage_tier
from shouxin.engines.policy.stager import Stager
from shouxin.engines.policy.tree import Node, Value


@dataclass(frozen=True, slots=True)
class Draft:
    """What the passes have worked out so far."""

    stager: Stager
    inputs: tuple[Input, ...] = ()
    fresh: tuple[tuple[str, int], ...] = ()
    characteristics: tuple[Characteristic, ...] = ()
    slots: int = 0
    tiers: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()
    products: tuple[ProductPlan, ...] = ()
    cross: tuple[Cross, ...] = ()
    activities: tuple[Activity, ...] = ()


@dataclass(frozen=True)
class Policy:
    """A compiled bundle.

    emitted: the generated function, which returns a tuple in the order of `plan.outputs()`
    """

    bundle: Bundle
    plan: Plan
    emitted: Emitted = field(repr=False)

    def evaluate(self, as_of: dt.date, values: Sequence[Value]) -> tuple[object, ...]:
        """The outputs of the plan for facts in the order of its inputs."""
        return self.emitted.function(as_of, tuple(values), self.emitted.day(as_of))

    @property
    def source(self) -> str:
        """The text of the generated function."""
        return self.emitted.source

    @cached_property
    def input_names(self) -> tuple[str, ...]:
        """The names of the plan's inputs, in order."""
        return tuple(each.name for each in self.plan.inputs)

    @cached_property
    def columns(self) -> Mapping[str, Node]:
        """Every plain column of the plan with its expression."""
        return {step.name: step.node for each in self.plan.passes for step in each.steps if isinstance(step, Assign)}

    @cached_property
    def all_columns(self) -> Emitted:
        """The same function, but it returns every plain column, in the order of `columns`."""
        return emit_python(self.plan, tuple(self.columns))

    def fresh_days(self, as_of: dt.date) -> tuple[dt.date, ...]:
        """The last parameters of `evaluate` on a day: the oldest days on which facts are still fresh."""
        return tuple(as_of - dt.timedelta(days=days) for _, days in self.plan.fresh)


def compile_policy(bundle: Bundle | str | Path) -> Policy:
    """Compile a bundle, a folder, or a shipped bundle by name.

    Raises BundleRefused with every fault found.
    """
    bundle = bundle if isinstance(bundle, Bundle) else load(bundle)
    faults: list[Fault] = []
    inputs, scope = read_inputs(bundle, faults)
    if faults:
        raise BundleRefused(faults)
    draft = Draft(Stager(bundle, scope, faults), inputs)
    for each in PASSES:
        draft = each(draft)
        if faults and each not in TOLERANT:
            raise BundleRefused(faults)
    _check_reasons(bundle, draft, faults)
    if faults:
        raise BundleRefused(faults)
    plan = _plan(bundle, draft)
    return Policy(bundle, plan, emit_python(plan, plan.outputs()))


def facts_pass(draft: Draft) -> Draft:
    """What came in -> the facts that formulas read."""
    return replace(draft, fresh=stage_facts(draft.stager, draft.inputs))


def activities_pass(draft: Draft) -> Draft:
    """What persons are by what they do; it makes no column, since it says what comes in."""
    return replace(draft, activities=stage_activities(draft.stager, draft.inputs))


def derived_pass(draft: Draft) -> Draft:
    """Named formulas over facts."""
    stage_derived(draft.stager)
    return draft


def score_pass(draft: Draft) -> Draft:
    """Points, score, probability of default, points lost."""
    characteristics, slots = stage_score(draft.stager)
    return replace(draft, characteristics=characteristics, slots=slots)


def tier_pass(draft: Draft) -> Draft:
    """The tier by score."""
    return replace(draft, tiers=stage_tier(draft.stager))


def rules_pass(draft: Draft) -> Draft:
    """Knock-outs."""
    return replace(draft, rules=stage_rules(draft.stager))


def products_pass(draft: Draft) -> Draft:
    """Price, limits, caps, allocation, economics, outcome."""
    return replace(draft, products=stage_products(draft.stager))


def cross_pass(draft: Draft) -> Draft:
    """What one account's state does to other lines; it makes no column."""
    return replace(draft, cross=stage_cross(draft.stager))


PASSES: tuple[Callable[[Draft], Draft], ...] = (
    facts_pass,
    activities_pass,
    derived_pass,
    score_pass,
    tier_pass,
    rules_pass,
    products_pass,
    cross_pass,
)
TOLERANT = frozenset({rules_pass})  # its faults can be told together with those of the products


def _check_reasons(bundle: Bundle, draft: Draft, faults: list[Fault]) -> None:
    """Every code that a decision can give is in reasons.yaml."""
    used: dict[str, Place] = {}
    told = [(rule.code, rule.where) for rule in draft.rules] + [(rule.code, rule.where) for rule in draft.cross]
    for code, where in told:
        file, _, line = where.rpartition(":")
        used.setdefault(code, Place(file, int(line)))
    for each in draft.characteristics:
        file = f"scorecards/{card_order(bundle)[each.card]}.yaml"
        section = "characteristics" if each.name in bundle.files[file].data["characteristics"] else "pairs"
        for code in each.reasons:
            used.setdefault(code, bundle.place(file, section, each.name))
    for product in draft.products:
        place = bundle.place(f"products/{product.code}.yaml")
        for code in (product.minimum_reason, *(limit.reason for limit in product.limits)):
            used.setdefault(code, place)
    for code, place in used.items():
        if code not in bundle.reasons.reasons:
            faults.append(fault(place, "E-REASON", code, "reasons.yaml has no such code: give it rank, zh and en"))


def _plan(bundle: Bundle, draft: Draft) -> Plan:
    formulas: Mapping[str, Node] = draft.stager.formulas
    return Plan(
        inputs=draft.inputs,
        fresh=draft.fresh,
        passes=tuple(each for each in draft.stager.passes if each.steps),
        scope=draft.stager.scope,
        cards=card_order(bundle),
        characteristics=draft.characteristics,
        tiers=draft.tiers,
        rules=draft.rules,
        masks=max(1, max((rule.mask for rule in draft.rules), default=0) + 1),
        products=draft.products,
        sources={name: (shape.status, shape.observed) for name, shape in bundle.facts.sources.items()},
        formulas=dict(formulas),
        slots=draft.slots,
        cross=draft.cross,
        activities=draft.activities,
    )
