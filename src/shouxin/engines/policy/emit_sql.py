"""Pass `emit`, for SQL: one statement from a plan, as a chain of named steps. DuckDB and Spark run it over whole tables.

The statement reads a relation whose columns are the plan's inputs, already in the plan's types and units, and keeps the
customer's key beside them. Rules become sums of bits; the four largest ranking keys are found by chained GREATEST.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from shouxin.engines.policy.plan import Assign, Plan, Ranking, Rules, made_by
from shouxin.engines.policy.ranges import nullable
from shouxin.engines.policy.sql_text import SqlText
from shouxin.engines.policy.tree import Case, IsNull, Lit, Node, Type, refs

ZERO = Lit(0, Type.INT)


def sql_steps(plan: Plan, engine: SqlText, as_of: dt.date, source: str, keys: Sequence[str]) -> list[tuple[str, str]]:
    """The named steps of the statement; the last holds every column of `plan.outputs()`.

    source: a table, a view or a step that holds the inputs
    keys:   columns carried along unchanged, the customer's key first
    """
    writer = _Writer(plan, engine, source)
    known = [f"{engine.constant(as_of)} AS {engine.quote('as_of')}"]
    for name, days in plan.fresh:
        known.append(f"{engine.constant(as_of - dt.timedelta(days=days))} AS {engine.quote(name)}")
    writer.step("given", known)
    for each in plan.passes:
        for number, group in enumerate(_levels(each.steps)):
            writer.group(f"{each.name}_{number}" if number else each.name, group)
    outputs = ", ".join(engine.quote(name) for name in (*keys, *plan.outputs()))
    writer.steps.append(("decided", f"SELECT {outputs} FROM {writer.last}"))
    return writer.steps


def sql_statement(steps: Sequence[tuple[str, str]], final: str) -> str:
    """Steps and a last SELECT as one statement."""
    return "WITH " + ",\n".join(f"{name} AS (\n  {body}\n)" for name, body in steps) + f"\n{final}"


def _levels(steps: Sequence[Assign | Rules | Ranking]) -> list[list[Assign | Rules | Ranking]]:
    """Steps in groups none of which needs another of its own group."""
    level: dict[str, int] = {}
    groups: list[list[Assign | Rules | Ranking]] = []
    for step in steps:
        needed = [level[name] for name in _reads(step) if name in level]
        own = max(needed, default=-1) + 1
        if not isinstance(step, Assign):
            own = max(own, len(groups))
        for name in made_by(step):
            level[name] = own
        while len(groups) <= own:
            groups.append([])
        groups[own].append(step)
    return groups


def _reads(step: Assign | Rules | Ranking) -> frozenset[str]:
    if isinstance(step, Assign):
        return refs(step.node)
    nodes: Sequence[Node] = [rule.node for rule in step.rules] if isinstance(step, Rules) else step.keys
    return frozenset(name for node in nodes for name in refs(node))


class _Writer:
    """Appends steps; each selects all columns of the step before it and some new ones."""

    def __init__(self, plan: Plan, engine: SqlText, source: str) -> None:
        self.plan, self.engine, self.last = plan, engine, source
        self.steps: list[tuple[str, str]] = []

    def step(self, name: str, columns: list[str]) -> None:
        self.steps.append((name, f"SELECT *, {', '.join(columns)} FROM {self.last}"))
        self.last = name

    def group(self, name: str, group: list[Assign | Rules | Ranking]) -> None:
        columns: list[str] = []
        rankings: list[Ranking] = []
        for step in group:
            if isinstance(step, Assign):
                columns.append(f"{self.engine.wide(step.node)} AS {self.engine.quote(step.name)}")
            elif isinstance(step, Rules):
                columns += self._masks(step)
            else:
                rankings.append(step)
        if columns:
            self.step(name, columns)
        for ranking in rankings:
            self._ranking(name, ranking)

    def _masks(self, step: Rules) -> list[str]:
        columns = []
        for index, (hit, nul) in enumerate(zip(step.hits, step.nulls, strict=True)):
            mine = [rule for rule in step.rules if rule.mask == index]
            fired = [self._bit(rule.node, rule.bit) for rule in mine]
            absent = [self._bit(IsNull(rule.node), rule.bit) for rule in mine if nullable(rule.node, self.plan.scope)]
            for name, bits in ((hit, fired), (nul, absent)):
                columns.append(f"{' + '.join(bits) or 'CAST(0 AS BIGINT)'} AS {self.engine.quote(name)}")
        return columns

    def _bit(self, test: Node, bit: int) -> str:
        return self.engine.expression(Case(((test, Lit(bit, Type.INT)),), ZERO, Type.INT))

    def _ranking(self, name: str, step: Ranking) -> None:
        """Chained GREATEST: the next largest is the largest of the keys below the last one. Keys never tie."""
        quote = self.engine.quote
        keys = [key.name for key in step.keys]
        before: str | None = None
        for index, output in enumerate(step.outputs):
            parts = [
                quote(key) if before is None else f"CASE WHEN {quote(key)} < {quote(before)} THEN {quote(key)} ELSE -1 END"
                for key in keys
            ]
            body = f"GREATEST({', '.join(parts)})" if len(parts) > 1 else parts[0]
            self.step(f"{name}_rank{index}", [f"CAST({body} AS BIGINT) AS {quote(output)}"])
            before = output
