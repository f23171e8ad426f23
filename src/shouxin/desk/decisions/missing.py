"""Which facts are missing where a rule or a ceiling could not be worked out, and why each is missing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from shouxin.engines.policy.compile import Policy
from shouxin.engines.policy.plain import absent
from shouxin.engines.policy.read import Facts
from shouxin.engines.policy.stage_facts import FOUND
from shouxin.engines.policy.tree import Arith, Cmp, DatePart, In, Lit, Neg, Node, Ref, Value, refs, walk


def all_values(policy: Policy, facts: Facts, as_of: dt.date) -> dict[str, Value]:
    """Every plain column of one assessment by name: what came in, and what was worked out."""
    return _Values(policy, facts, as_of)


class _Values(dict[str, Value]):
    """The facts at once; what is worked out from them all together, when the first of it is asked for."""

    def __init__(self, policy: Policy, facts: Facts, as_of: dt.date) -> None:
        super().__init__(zip(policy.input_names, facts.values_in_order, strict=True))
        self["as_of"] = as_of
        self._customer = (policy, facts, as_of)

    def __missing__(self, name: str) -> Value:
        policy, facts, as_of = self._customer
        whole = policy.all_columns
        self.update(zip((fresh for fresh, _ in policy.plan.fresh), policy.fresh_days(as_of), strict=True))
        found = whole.function(as_of, facts.values_in_order, whole.day(as_of))
        self.update(zip(policy.columns, found, strict=True))  # type: ignore[arg-type]
        if name not in self:
            raise KeyError(name)
        return self[name]


class MissingFacts:
    """Finds the facts that are missing in the NULL parts of a policy's expressions.

    A comparison of columns is NULL exactly when one of them is: which columns each such expression reads is worked out
    once. Other expressions are taken apart by the plain evaluator.
    """

    def __init__(self, policy: Policy) -> None:
        self._columns = policy.columns
        self._facts = {each.fact: index for index, each in enumerate(policy.plan.inputs)}
        self._given = {each.name: each.fact for each in policy.plan.inputs}
        self._read: dict[int, tuple[str, ...] | None] = {}

    def in_order(self, found: Iterable[str]) -> tuple[str, ...]:
        """Facts in the order of the catalogue."""
        return tuple(sorted(found, key=self._facts.__getitem__))

    def find(self, nodes: Sequence[Node], values: Mapping[str, Value]) -> set[str]:
        """The facts that are NULL in the NULL parts of expressions.

        `FALSE AND NULL` is FALSE, so a fact that could not have mattered is not listed.
        """
        found: set[str] = set()
        for node in nodes:
            self._add(node, values, found)
        return found

    def _add(self, node: Node, values: Mapping[str, Value], found: set[str]) -> None:
        reads = self._reads(node)
        names = [name for name in reads if values[name] is None] if reads is not None else absent(node, values)
        for name in names:
            fact = self._given.get(name, name)
            if fact in self._facts:
                found.add(fact)
            elif name in self._columns:
                self._add(self._columns[name], values, found)

    def _reads(self, node: Node) -> tuple[str, ...] | None:
        """The columns of a plain comparison or sum; None for anything that can hide a NULL."""
        key = id(node)
        if key not in self._read:
            plain = all(isinstance(part, Ref | Lit | Cmp | In | Neg | Arith | DatePart) for part in walk(node))
            self._read[key] = tuple(sorted(refs(node))) if plain else None
        return self._read[key]


def why_missing(policy: Policy, fact: str, facts: Mapping[str, Value], as_of: dt.date) -> str:
    """The kind of missing: how its source's asking ended, `too_old`, `from_later`, `unusable` or `not_given`."""
    each = next(each for each in policy.plan.inputs if each.fact == fact)
    status, observed = policy.plan.sources[each.source]
    answer = facts[status] if status else FOUND
    if answer != FOUND:
        return str(answer)
    if facts[fact] is not None and observed is None:
        return "unusable"
    if observed is not None and facts[observed] is not None and facts[fact] is not None:
        return "from_later" if str(facts[observed]) > str(as_of) else "too_old"
    return "not_given"
