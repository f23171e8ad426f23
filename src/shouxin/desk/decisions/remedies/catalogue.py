"""What the search must know of a bundle's facts: where each stands, which way it may move, which families they belong to.

Worked out once for a policy. Families have meanings that do not depend on a product: what is held, used, overdue, closed.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping

from shouxin.engines.policy.compile import Policy
from shouxin.engines.policy.customer import constants
from shouxin.engines.policy.model import FactShape
from shouxin.engines.policy.stage_facts import FOUND, expanded
from shouxin.engines.policy.tree import Type, Value

HELD, LINE, USED, INSTALMENT, OVERDUE = "held", "line", "used", "instalment", "days_overdue"
REQUESTED, SINCE_CLOSED, CLOSED_BECAUSE = "requested", "days_since_closed", "closed_because"
BY_CHOICE = "by_choice"
OVERDUE_NOW, CLOSED_LATELY = "days_overdue_now", "lines_closed_12m"  # as the account facts name them
HARDEST = 100  # the cost of a change to which the bundle gives none
WINDOW = re.compile(r"(?P<of>.+)_(?P<months>[0-9]+)m")


class Catalogue:
    """The facts of one policy.

    own: facts that only the lender's own books tell
    """

    def __init__(self, policy: Policy, own: frozenset[str] = frozenset()) -> None:
        self.policy, self.own = policy, own
        plan = policy.plan
        self.inputs = plan.inputs
        self.place = {each.fact: index for index, each in enumerate(plan.inputs)}
        self.shapes: Mapping[str, FactShape] = expanded(policy.bundle, [])[0]
        self.families = {name: dict(members) for name, members in plan.scope.families.items()}
        self.member = {fact: (name, code) for name, members in self.families.items() for code, fact in members.items()}
        self.observed = tuple(self.place[day] for _, day in plan.sources.values() if day is not None)
        cuts = constants([*policy.columns.values(), *(rule.node for rule in plan.rules)])
        self.cuts = {each.fact: cuts.get(each.name, set()) | cuts.get(each.fact, set()) for each in plan.inputs}
        self.cuts_of_day = cuts.get("as_of", set())
        self.within, self.beyond = _windows(self.inputs_by_type())

    def inputs_by_type(self) -> dict[str, Type]:
        """Fact -> type."""
        return {each.fact: each.column.type for each in self.inputs}

    def of(self, family: str, product: str | None) -> int | None:
        """Where a family's fact of a product stands; None where the bundle has none."""
        fact = self.families.get(family, {}).get(product or "")
        return None if fact is None else self.place[fact]

    def all_of(self, family: str) -> tuple[int, ...]:
        """Where the facts of a family stand."""
        return tuple(self.place[fact] for fact in self.families.get(family, {}).values())

    def changes(self, fact: str, way: str) -> bool:
        """Whether the bundle lets a fact move that way, `up` or `down`."""
        return self.shapes[fact].change in (way, "any")

    def cost(self, fact: str) -> int:
        """How hard it is to change a fact."""
        cost = self.shapes[fact].cost
        return HARDEST if cost is None else cost

    def is_told(self, fact: str, values: list[Value] | tuple[Value, ...]) -> bool:
        """Whether a fact's source answered at all: else what stands there is not read."""
        status, _ = self.policy.plan.sources[self.inputs[self.place[fact]].source]
        return status is None or status == fact or values[self.place[status]] == FOUND


def _windows(types: Mapping[str, Type]) -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
    """Of facts over the last n months, such as turnover_3m: those of shorter windows, and those of longer ones.

    What a longer window holds is never less than what a shorter one holds, whether it is a sum, a count or a maximum.
    """
    found = [(fact, match["of"], int(match["months"])) for fact in types if (match := WINDOW.fullmatch(fact))]

    def others(fact: str, of: str, chosen: Iterable[tuple[str, str, int]]) -> tuple[str, ...]:
        return tuple(name for name, stem, _ in chosen if stem == of and types[name] is types[fact])

    shorter = {fact: others(fact, of, [each for each in found if each[2] < months]) for fact, of, months in found}
    longer = {fact: others(fact, of, [each for each in found if each[2] > months]) for fact, of, months in found}
    return shorter, longer


def as_integer(value: object) -> int:
    """A stored value that is a whole number."""
    assert isinstance(value, int)
    return value


def as_day(value: object) -> dt.date:
    """A stored value that is a day."""
    assert isinstance(value, dt.date)
    return value
