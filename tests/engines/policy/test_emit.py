"""What is emitted: nothing of the bundle but checked names; every emitter gives what the plain evaluator gives."""

from __future__ import annotations

import ast
import builtins
import re
from pathlib import Path
from typing import Any

import duckdb
import pytest

from shouxin.desk.decisions import Assessor
from shouxin.desk.decisions.trace import Tracer
from shouxin.engines.policy.compile import Policy
from shouxin.engines.policy.emit_sql import sql_statement, sql_steps
from shouxin.engines.policy.emit_trace import TraceNode
from shouxin.engines.policy.plain import evaluate
from shouxin.engines.policy.plan import Assign, Rules
from shouxin.engines.policy.read import Facts
from shouxin.engines.policy.sql_text import DUCKDB
from shouxin.engines.policy.tree import Value
from tests.bundles import compiling, policy_of, shipped
from tests.customers import ARROW, AS_OF, random_facts

NAMES = compiling()


def by_hand(policy: Policy, facts: Facts) -> dict[str, Value]:
    """Every column of the plan, worked out step by step with the plain evaluator."""
    plan = policy.plan
    values: dict[str, Value] = {"as_of": AS_OF, **{each.name: facts[each.fact] for each in plan.inputs}}
    values.update(dict(zip((name for name, _ in plan.fresh), policy.fresh_days(AS_OF), strict=True)))
    for each in plan.passes:
        for step in each.steps:
            if isinstance(step, Assign):
                values[step.name] = evaluate(step.node, values)
            elif isinstance(step, Rules):
                masks = dict.fromkeys((*step.hits, *step.nulls), 0)
                for rule in step.rules:
                    found = evaluate(rule.node, values)
                    if found is not False:
                        masks[(step.hits if found else step.nulls)[rule.mask]] |= rule.bit
                values.update(masks)
            else:
                keys = sorted((evaluate(key, values) for key in step.keys), reverse=True)
                keys += [-1] * len(step.outputs)
                values.update(dict(zip(step.outputs, keys, strict=False)))
    return values


@pytest.mark.parametrize("name", NAMES)
def test_the_function_gives_what_the_plain_evaluator_gives(name: str) -> None:
    policy = shipped(name)
    assessor, outputs = Assessor(policy), policy.plan.outputs()
    for facts in random_facts(policy, 300, seed=41):
        values = by_hand(policy, facts)
        found = dict(zip(outputs, assessor.evaluate(facts, AS_OF), strict=True))
        assert found == {each: values[each] for each in outputs}, dict(facts)


@pytest.mark.parametrize("name", NAMES)
def test_the_trace_ends_in_the_same(name: str) -> None:
    policy = shipped(name)
    assessor, tracer = Assessor(policy), Tracer(policy)
    for facts in random_facts(policy, 200, seed=42):
        root = tracer.trace(facts, AS_OF)
        assert tuple(root.result) == tuple(assessor.evaluate(facts, AS_OF))


def nodes(node: TraceNode) -> list[TraceNode]:
    return [node, *(below for child in node.children for below in nodes(child))]


def test_the_trace_tells_each_part(starter: Policy) -> None:
    """Each rule with its result and what it read; parts that were not needed say why."""
    tracer = Tracer(starter)
    for facts in random_facts(starter, 100, seed=43):
        values = by_hand(starter, facts)
        told = {each.label.name: each for each in nodes(tracer.trace(facts, AS_OF))}
        for rule in starter.plan.rules:
            assert told[rule.code].result is evaluate(rule.node, values)
            for read, value in zip(told[rule.code].label.reads, told[rule.code].values, strict=True):
                assert values[read] == value


def test_a_part_that_was_not_needed_says_why(tmp_path: Path) -> None:
    policy = policy_of(tmp_path, {"rules.yaml": ("age < 18", "age < 18 AND months_employed < 3")})
    tracer = Tracer(policy)
    skipped = {each.skipped for facts in random_facts(policy, 50, seed=1) for each in nodes(tracer.trace(facts, AS_OF))}
    assert skipped == {None, "not needed: an earlier part is FALSE"}


@pytest.mark.parametrize("name", NAMES)
def test_every_stage_in_duckdb_gives_what_the_plain_evaluator_gives(name: str) -> None:
    """Not only what leaves the statement: every column of every step."""
    policy = shipped(name)
    facts = random_facts(policy, 60, seed=44)
    hands = [by_hand(policy, each) for each in facts]
    kinds = [DUCKDB.type(each.column.type) for each in policy.plan.inputs]
    with duckdb.connect() as connection:
        columns = ", ".join(f"{DUCKDB.quote(each.name)} {kind}" for each, kind in zip(policy.plan.inputs, kinds, strict=True))
        connection.execute(f"CREATE TABLE given_facts (id BIGINT, {columns})")
        for number, each in enumerate(facts):
            connection.execute(f"INSERT INTO given_facts VALUES (?{', ?' * len(kinds)})", [number, *each.values()])
        *steps, _ = sql_steps(policy.plan, DUCKDB, AS_OF, "given_facts", ["id"])
        found = connection.execute(sql_statement(steps, f"SELECT * FROM {steps[-1][0]} ORDER BY id"))
        heads = [each[0] for each in found.description or ()]
        rows = found.fetchall()
    assert len(heads) == len(set(heads)), sorted(each for each in heads if heads.count(each) > 1)
    for row, values in zip(rows, hands, strict=True):
        cells = dict(zip(heads, row, strict=True))
        assert {each: cells[each] for each in values} == values


# -- what the text holds ----------------------------------------------------------------------------------------------

ALLOWED_CALLS = {"_div", "_least", "_greatest", "_min", "_max", "_sorted", "_new"}


def check_text(source: str) -> ast.Module:
    """Only assignments, conditions, comparisons, arithmetic and the runtime's own functions; no strings at all."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        assert not isinstance(node, ast.Import | ast.ImportFrom | ast.Lambda | ast.While | ast.For | ast.JoinedStr | ast.Global)
        if isinstance(node, ast.Constant):
            assert node.value is None or isinstance(node.value, bool | int | float), node.value
        if isinstance(node, ast.Call):
            assert isinstance(node.func, ast.Name)
            assert node.func.id.startswith("_") and not hasattr(builtins, node.func.id)
        if isinstance(node, ast.Attribute):
            assert node.attr in ("year", "month", "day", "append"), node.attr
        if isinstance(node, ast.Name):
            assert re.fullmatch(r"_{0,2}[a-zA-Z][a-zA-Z0-9_]*", node.id) and "__" not in node.id
    return tree


@pytest.mark.parametrize("name", NAMES)
def test_the_text_holds_no_string_of_the_bundle(name: str) -> None:
    policy = shipped(name)
    check_text(policy.source)
    check_text(Tracer(policy).source)
    comments = set(re.findall(r"#\s*(.*)", policy.source))
    codes = {rule.code for rule in policy.plan.rules}
    assert all(each in codes or re.fullmatch(r"[a-z_ ]+", each) for each in comments), comments
    lists = [value for each in policy.plan.inputs for value in each.column.values]
    assert not [value for value in lists if f"'{value}'" in policy.source or f'"{value}"' in policy.source]


def test_the_function_has_no_builtins(starter: Policy) -> None:
    function: Any = starter.emitted.function
    assert function.__globals__["__builtins__"] == {}


def test_strings_are_bound(tmp_path: Path) -> None:
    evil = "x''; import os; print(1) #"
    policy = policy_of(tmp_path, {"derived.yaml": ("age:", f"word: {{formula: \"'{evil}'\", zh: x, en: x}}\nage:")})
    assert "import" not in policy.source and "print" not in policy.source


def test_all_types_are_covered() -> None:
    """The helper that writes files knows every type that a shipped bundle uses."""
    used = {each.column.type for name in NAMES for each in shipped(name).plan.inputs}
    assert len(used) >= 5 and len(ARROW) == 7
