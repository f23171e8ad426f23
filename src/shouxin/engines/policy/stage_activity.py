"""What a person is by what they do, from `activity` of a fact in facts.yaml.

The conditions are compiled and checked with the bundle, over the facts as the policy reads them: what is too old is NULL. They
are no part of a decision's columns: they say what comes in (`activity.py`), and a decision takes it as it came.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from shouxin.engines.policy.errors import Place
from shouxin.engines.policy.model import ActivityShape, FactShape
from shouxin.engines.policy.plan import Activity, Assign, Input
from shouxin.engines.policy.stager import Stager
from shouxin.engines.policy.tree import Node, Type, refs


def stage_activities(stager: Stager, inputs: Sequence[Input]) -> tuple[Activity, ...]:
    """One for each fact that has an activity, in the order of the catalogue."""
    facts = stager.bundle.facts
    for family, shape in facts.families.items():
        if shape.activity is not None:
            place = stager.bundle.place("facts.yaml", "families", family, "activity")
            stager.refuse(place, "E-FACT", family, "a family has no activity: it belongs to one fact of the customer")
    staged = {name: shape for name, shape in facts.facts.items() if shape.activity is not None}
    found = (_activity(stager, each.fact, staged, inputs) for each in inputs if each.fact in staged)
    return tuple(each for each in found if each is not None)


def _activity(stager: Stager, fact: str, staged: Mapping[str, FactShape], inputs: Sequence[Input]) -> Activity | None:
    shape = staged[fact].activity
    assert shape is not None
    place = stager.bundle.place("facts.yaml", "facts", fact, "activity")
    node = stager.compile(shape.when, place, Type.BOOL)
    if node is None or not _fits(stager, place, shape, staged[fact]):
        return None
    if follow := sorted(refs(node) & set(staged)):
        stager.refuse(place, "E-FACT", ", ".join(follow), "an activity reads facts that follow from no activity themselves")
        return None
    read = _inputs_of(node, _columns(stager), {each.name for each in inputs})
    names = tuple(each.name for each in inputs if each.name in read)
    return Activity(fact, node, shape.then, shape.otherwise, names, f"{place.file}:{place.line}", shape.when)


def _fits(stager: Stager, place: Place, shape: ActivityShape, fact: FactShape) -> bool:
    fits = {shape.then, shape.otherwise} <= set(fact.values) and shape.then != shape.otherwise
    if not fits:
        right = f"two values of this enum: {', '.join(fact.values) or fact.type}"
        stager.refuse(place, "E-FACT", f"{shape.then}, {shape.otherwise}", right)
    return fits


def _columns(stager: Stager) -> dict[str, Node]:
    return {step.name: step.node for each in stager.passes for step in each.steps if isinstance(step, Assign)}


def _inputs_of(node: Node, columns: Mapping[str, Node], inputs: set[str]) -> set[str]:
    """The inputs that a node reads, through the columns that are worked out from others."""
    names = refs(node)
    found = names & inputs
    for name in names - inputs:
        if name in columns:
            found |= _inputs_of(columns[name], columns, inputs)
    return set(found)
