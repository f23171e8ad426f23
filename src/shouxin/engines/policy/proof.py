"""Whether any customer fulfils a condition: by example, by sorted cuts, and only then by z3 within a time limit.

"Never" is said only when no customer can, "found" only with a customer on whom the plain evaluator says TRUE.
"""

from __future__ import annotations

import datetime as dt
import heapq
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from shouxin.engines.policy.compile import Policy
from shouxin.engines.policy.crowd import SEARCH_STARTS, Crowd
from shouxin.engines.policy.customer import Customer, with_fresh_days
from shouxin.engines.policy.cuts import CutReasoner
from shouxin.engines.policy.findings import readable
from shouxin.engines.policy.plain import evaluate
from shouxin.engines.policy.ranges import bounds
from shouxin.engines.policy.solver import NOT_INSTALLED, Translation, load_z3
from shouxin.engines.policy.tree import FALSE, And, Coalesce, Node, Not, Or, Ref, Type, Value, and_, refs
from shouxin.engines.policy.unknowns import Number

QUERY_SECONDS = 1.0
GUESSES = (1, 100, 10_000, 1_000_000)
MAX_SHOWN = 12
SUM = "_sum"  # the sum of points: above it are score and tier, below it most of the facts


@dataclass(frozen=True)
class Answer:
    """never: no customer can; customer: one who does; neither: not decided, and why."""

    never: bool = False
    customer: Customer | None = None
    why: str = ""

    @property
    def open(self) -> bool:
        """Whether nothing is known."""
        return not self.never and self.customer is None


def untrue(node: Node) -> Node:
    """FALSE or NULL: the condition does not hold."""
    return Not(Coalesce((node, FALSE), Type.BOOL))


class Prover:
    """Answers questions about all customers of one policy. `seconds` is for all that is not answered at once."""

    def __init__(self, policy: Policy, seconds: float) -> None:
        self.plan = plan = policy.plan
        self.definitions = policy.columns
        inputs = frozenset(["as_of", *(each.name for each in plan.inputs)])
        self.inputs = inputs - self.definitions.keys()
        self._seconds = seconds
        self._policy = policy
        self._hits: dict[Node, int] = {}
        self._met_before: list[Customer] = []
        self._roots: dict[str, frozenset[str]] = {}
        self._cuts = CutReasoner(plan.scope, self.definitions, self.inputs)
        self._z3: Any = load_z3()

    @cached_property
    def _crowd(self) -> Crowd:
        return Crowd(self._policy)

    @property
    def _samples(self) -> list[Customer]:
        return self._crowd.members

    def exists(self, *conjuncts: Node) -> Answer:
        """Whether all conditions can be TRUE for one customer."""
        condition = and_(*conjuncts)
        parts = condition.args if isinstance(condition, And) else (condition,)
        if found := self._fulfilling(condition):
            return Answer(customer=self._samples[(found & -found).bit_length() - 1])
        decided = self._cuts.decide(parts)
        if decided is False:
            return Answer(never=True)
        if isinstance(decided, Mapping) and (customer := self._confirmed(condition, {**self._samples[0].given, **decided})):
            return Answer(customer=customer)
        for each in self._met_before:
            if evaluate(condition, each) is True:
                return Answer(customer=each)
        if self._seconds <= 0:
            return Answer(why="the time for all checks is over")
        started = time.monotonic()
        answer = self._laboured(condition, parts)
        self._seconds -= time.monotonic() - started
        return answer

    def _laboured(self, condition: Node, parts: Sequence[Node]) -> Answer:
        """What takes time, the quicker ways first."""
        if self._z3 is not None and self._refuted(condition):
            return Answer(never=True)
        near = self._crowd.search(parts, self.roots(condition), self._nearest(parts))
        if near is not None and (customer := self._confirmed(condition, near.given)):
            self._met_before += [near, *self._crowd.like(near)]
            return Answer(customer=customer)
        return Answer(why=NOT_INSTALLED) if self._z3 is None else self._asked(condition)

    def roots(self, node: Node) -> frozenset[str]:
        """The facts and parameters that a condition rests on."""
        return frozenset(root for name in refs(node) for root in self._roots_of(name))

    def names(self, node: Node) -> frozenset[str]:
        """The columns that a condition rests on, directly or through others."""
        waiting, seen = set(refs(node)), set[str]()
        while waiting:
            name = waiting.pop()
            seen.add(name)
            if name in self.definitions:
                waiting |= refs(self.definitions[name]) - seen
        return frozenset(seen)

    def shown(self, customer: Customer, names: Iterable[str]) -> dict[str, str]:
        """The columns named and, where they are few, the facts beneath them, as a person writes them."""
        named = list(dict.fromkeys(names))
        beneath = sorted({root for name in named for root in self._roots_of(name)} - {*named})
        wanted = named + (beneath if len(named) + len(beneath) <= MAX_SHOWN else [])
        facts = {each.name: each.fact for each in self.plan.inputs}
        pairs = [readable(name, customer[name], self.plan.scope) for name in wanted]
        return {facts.get(name, name) if facts.get(name) not in named else name: text for name, text in pairs}

    def _roots_of(self, name: str) -> frozenset[str]:
        if name not in self._roots:
            node = self.definitions.get(name)
            itself = "as_of" if name in dict(self.plan.fresh) else name
            self._roots[name] = frozenset({itself}) if node is None else self.roots(node)
        return self._roots[name]

    # -- by example ---------------------------------------------------------------------------------------------------

    def _fulfilling(self, node: Node) -> int:
        """The samples for whom a condition is TRUE, as bits."""
        if node not in self._hits:
            self._hits[node] = self._look(node)
        return self._hits[node]

    def _look(self, node: Node) -> int:
        match node:
            case And(args=args):
                found = (1 << len(self._samples)) - 1
                for arg in args:
                    found = found and found & self._fulfilling(arg)
                return found
            case Or(args=args):
                found = 0
                for arg in args:
                    found |= self._fulfilling(arg)
                return found
            case Not(of=Coalesce(args=(of, last))) if last == FALSE:
                return ((1 << len(self._samples)) - 1) & ~self._fulfilling(of)
            case _:
                return sum(1 << index for index, each in enumerate(self._samples) if evaluate(node, each) is True)

    def _nearest(self, conjuncts: Sequence[Node]) -> list[Customer]:
        """Those who meet most of the conditions, most first; before them those who were searched for before."""

        def fitting(customer: Customer) -> int:
            return sum(evaluate(each, customer) is True for each in conjuncts)

        met = [0] * len(self._samples)
        for each in conjuncts:
            bits = self._fulfilling(each)
            for index in range(len(met)):
                met[index] += bits >> index & 1
        order = heapq.nlargest(SEARCH_STARTS, range(len(met)), key=met.__getitem__)
        return heapq.nlargest(SEARCH_STARTS // 2, self._met_before, key=fitting) + [self._samples[index] for index in order]

    def _confirmed(self, condition: Node, given: Mapping[str, Value]) -> Customer | None:
        customer = Customer(self.definitions, with_fresh_days(self.plan, given))
        return customer if evaluate(condition, customer) is True else None

    # -- by z3 --------------------------------------------------------------------------------------------------------

    def _refuted(self, condition: Node) -> bool:
        """Whether "never" follows already without the characteristics: quickly asked, and most often enough."""
        known = {name: node for name, node in self.definitions.items() if name != SUM}
        return _Question(self, condition, known).verdict == "unsat"

    def _asked(self, condition: Node) -> Answer:
        """Everything, in three forms of arithmetic."""
        free = _Question(self, condition, self.definitions)
        if free.verdict == "unsat":
            return Answer(never=True)
        questions = (_Question(self, condition, self.definitions, fixed) for fixed in self._guesses(free))
        for question in (free, *questions):
            if question.verdict == "sat" and (customer := self._confirmed(condition, question.facts())):
                return Answer(customer=customer)
        last = _Question(self, condition, self.definitions, exact=True) if free.translation.freed else free
        if last.verdict == "unsat":
            return Answer(never=True)
        if last.verdict == "sat" and (customer := self._confirmed(condition, last.facts())):
            return Answer(customer=customer)
        return Answer(why="z3 found no answer within its time")

    def _guesses(self, free: _Question) -> Iterator[dict[Node, Value]]:
        """Values for one side of each product and quotient, with which z3 can decide the rest."""
        pivots = list(free.translation.pivots)
        fresh = any(name in free.translation.seen() for name, _ in self.plan.fresh)
        if not pivots and not fresh:
            return
        if free.verdict == "sat":
            given = free.facts()
            customer = Customer(self.definitions, with_fresh_days(self.plan, given))
            known = {pivot: value for pivot in pivots if (value := evaluate(pivot, customer)) is not None}
            yield {**known, **self._on(given["as_of"])}
        for guess in GUESSES if pivots else (0,):
            fixed: dict[Node, Value] = {}
            for pivot in pivots:
                low, high = bounds(pivot, self.plan.scope)
                fixed[pivot] = min(max(guess, low), high)
            yield {**fixed, **self._on(self._samples[0]["as_of"])}

    def _on(self, as_of: Value) -> dict[Node, Value]:
        """The day of assessment, and what depends on it alone."""
        days = with_fresh_days(self.plan, {"as_of": as_of})
        return {Ref(name, Type.DATE): value for name, value in days.items()}

    def check(self, solver: Any) -> str:
        """One run of z3, on what is left of the time."""
        solver.set("timeout", max(1, int(1_000 * min(QUERY_SECONDS, self._seconds))))
        return str(solver.check())

    @property
    def z3(self) -> Any:
        """The module; None where it is not installed."""
        return self._z3

    @property
    def usual(self) -> Customer:
        """A customer whose facts fill in what a question says nothing about."""
        return self._samples[0]


class _Question:
    """One condition put to z3."""

    def __init__(
        self,
        prover: Prover,
        condition: Node,
        known: Mapping[str, Node],
        fixed: Mapping[Node, Value] | None = None,
        *,
        exact: bool = False,
    ) -> None:
        self._prover = prover
        self.translation = Translation(prover.z3, prover.plan.scope, known, fixed or {}, exact=exact)
        wanted = self.translation.truth(condition).true
        fresh = [name for name, _ in prover.plan.fresh if name in self.translation.seen()]
        for name in fresh:  # how long before, only a fixed day tells
            self.translation.before(name, "as_of")
        self._solver = prover.z3.Solver()
        self._solver.add(*self.translation.constraints, wanted)
        self.verdict = prover.check(self._solver)

    def facts(self) -> dict[str, Value]:
        """The facts of z3's example; what the question did not touch is as for the usual customer."""
        model, prover = self._solver.model(), self._prover
        names = ["as_of", *(each.name for each in prover.plan.inputs)]
        return {name: self._fact(model, name) if name in self.translation.seen() else prover.usual[name] for name in names}

    def _fact(self, model: Any, name: str) -> Value:
        def read(formula: Any) -> Any:
            return model.eval(formula, model_completion=True)

        found = self.translation.column(name)
        true = self._prover.z3.is_true
        if not isinstance(found, Number):
            return True if true(read(found.true)) else False if true(read(found.false)) else None
        if true(read(found.null)):
            return None
        parts = [read(part).as_fraction() if read(part).is_real() else read(part).as_long() for part in found.parts]
        column = self._prover.plan.scope.columns[name]
        if column.type is Type.DATE:
            return dt.date(*parts)
        if column.type is Type.ENUM:
            return self.translation.unknowns.word(parts[0])
        return float(parts[0]) if column.type is Type.DOUBLE else int(parts[0])
