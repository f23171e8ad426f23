"""Random customers of any bundle, as facts and as files, and the cells that a decision must come out as."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from shouxin.desk.decisions import Decision
from shouxin.engines.policy.compile import Policy
from shouxin.engines.policy.customer import constants
from shouxin.engines.policy.plan import Assign, Input
from shouxin.engines.policy.read import Facts, read_facts
from shouxin.engines.policy.scope import Column
from shouxin.engines.policy.tree import Node, Type, Value

AS_OF = dt.date(2026, 7, 1)
ARROW = {
    Type.INT: pa.int64(),
    Type.BP: pa.int64(),
    Type.PPM: pa.int64(),
    Type.BOOL: pa.bool_(),
    Type.ENUM: pa.string(),
    Type.DATE: pa.date32(),
    Type.DOUBLE: pa.float64(),
}


def cut_points(policy: Policy) -> dict[str, set[Value]]:
    """The constants that each column is compared with, anywhere in the plan."""
    nodes: list[Node] = [rule.node for rule in policy.plan.rules]
    nodes += [step.node for each in policy.plan.passes for step in each.steps if isinstance(step, Assign)]
    return constants(nodes)


def draw(column: Column, cuts: set[Value], source: random.Random) -> Value:
    """A value at or beside a cut point, at an end of the range, or anywhere."""
    if column.nullable and source.random() < 0.25:
        return None
    if column.type is Type.BOOL:
        return source.random() < 0.5
    if column.type is Type.ENUM:
        return source.choice(column.values)
    if column.type is Type.DOUBLE:
        return source.choice([0.0, -0.0, 1e-9, *(float(str(cut)) for cut in cuts)])
    if isinstance(column.low, dt.date) and isinstance(column.high, dt.date):
        days = source.choice((0, 1, 30, 31, 6574, 6575, 6576, source.randrange(30_000)))
        return min(max(AS_OF - dt.timedelta(days=days), column.low), column.high)
    low, high = int(str(column.low)), int(str(column.high))
    near = [int(str(cut)) + source.choice((-1, 0, 1)) for cut in cuts]
    near += [low, high, low + int((high - low) * source.random() ** 8), source.randrange(low, high + 1)]
    return min(max(source.choice(near), low), high)


def random_facts(policy: Policy, count: int, seed: int = 7) -> list[Facts]:
    """The bundle's own profiles with some facts changed: to cut points and beside them, and to missing."""
    source, plan = random.Random(seed), policy.plan
    names = {each.fact: index for index, each in enumerate(plan.inputs)}
    profiles = [read_facts(plan, each).values_in_order for each in policy.bundle.profiles.values()]
    cuts, found = cut_points(policy), []
    for _ in range(count):
        values = list(source.choice(profiles))
        for index in source.sample(range(len(values)), source.choice((0, 1, 1, 2, 3, 5, len(values) // 2, len(values)))):
            each = plan.inputs[index]
            values[index] = draw(each.column, cuts.get(each.name, set()) | cuts.get(each.fact, set()), source)
        found.append(Facts(names, tuple(values)))
    return found


def changed(facts: Facts, name: str, value: Value) -> Facts:
    """The same customer with one fact changed."""
    names = {each: index for index, each in enumerate(facts)}
    values = list(facts.values_in_order)
    values[names[name]] = value
    return Facts(names, tuple(values))


def cell(each: Input, value: Value) -> Any:
    """A stored value as a file holds it: money in major units where the bundle says so."""
    if value is not None and each.column.type is Type.MONEY and each.unit == "major":
        return Decimal(int(str(value))) / 100
    return value


def table_of(policy: Policy, facts: Sequence[Facts]) -> pa.Table:
    """A table with the columns that the bundle reads, keys K000000 and so on."""
    arrays = {policy.bundle.facts.key: pa.array([f"K{index:06}" for index in range(len(facts))])}
    for each in policy.plan.inputs:
        kind = ARROW.get(each.column.type) or (pa.decimal128(18, 2) if each.unit == "major" else pa.int64())
        arrays[each.source_column] = pa.array([cell(each, one[each.fact]) for one in facts], type=kind)
    return pa.table(arrays)


def write_parquet(policy: Policy, facts: Sequence[Facts], path: Path) -> Path:
    """The customers as a Parquet file."""
    pq.write_table(table_of(policy, facts), path)
    return path


def row_of(key: str, decision: Decision) -> tuple[Any, ...]:
    """The cells of one decision, in the order of a run's output. Written apart from the code that it checks."""
    cells: list[Any] = [
        key,
        decision.score,
        decision.tier,
        Decimal(decision.total_line) / 100,
        ",".join(reason.code for reason in decision.score_reasons),
    ]
    for answer in decision.products:
        told = [reason for reason in answer.reasons if reason.kind != "score"]
        cells += [
            answer.outcome,
            Decimal(answer.limit) / 100,
            None if answer.rate_ppm is None else Decimal(answer.rate_ppm) / 10_000,
            answer.binding,
            ",".join(reason.code + ("?" if reason.kind == "undecided" else "") for reason in told),
        ]
    return tuple(cells)
