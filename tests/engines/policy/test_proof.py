"""What the static checks prove is so: random questions against every value there is, or against many customers."""

from __future__ import annotations

import itertools
import random
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest

from shouxin.engines.policy.check_tables import leaves
from shouxin.engines.policy.customer import Customer, with_fresh_days
from shouxin.engines.policy.cuts import CutReasoner, regions
from shouxin.engines.policy.expression import compile_expression
from shouxin.engines.policy.plain import evaluate
from shouxin.engines.policy.proof import Prover
from shouxin.engines.policy.scope import Column, Scope
from shouxin.engines.policy.source import read_csv
from shouxin.engines.policy.tables import Table, read_table
from shouxin.engines.policy.tree import Type, Value, and_
from tests.engines.policy.bundles import edited
from tests.fuzz import rows, specimens

SMALL = Scope(
    {
        "a": Column("a", Type.INT, True, 0, 9),
        "g": Column("g", Type.INT, False, -3, 3),
        "h": Column("h", Type.ENUM, False, values=("x", "y", "z")),
        "f": Column("f", Type.BOOL, True),
    }
)
VALUES: Mapping[str, tuple[Value, ...]] = {
    "a": (*range(10), None),
    "g": tuple(range(-3, 4)),
    "h": ("x", "y", "z"),
    "f": (False, True, None),
}
EVERYBODY = [dict(zip(VALUES, point, strict=True)) for point in itertools.product(*VALUES.values())]


def _condition(source: random.Random, depth: int) -> str:
    if depth == 0 or source.random() < 0.3:
        cut, other = source.randint(-4, 11), source.randint(-4, 11)
        tests = [f"a {source.choice('<>=')} {cut}", f"g <= {other}", f"a BETWEEN {cut} AND {other}", "h = 'x'", "h IN ('y', 'z')"]
        return source.choice([*tests, "f", "a IS NULL", "f IS NULL", f"g IN ({cut}, {other})", "NOT f", f"a >= {other}"])
    one, two = _condition(source, depth - 1), _condition(source, depth - 1)
    return source.choice((f"({one} AND {two})", f"({one} OR {two})", f"NOT ({one})", f"COALESCE({one}, {two})"))


def test_cuts_decide_as_looking_at_everybody_does() -> None:
    source, seen = random.Random(3), Counter[bool]()
    reasoner = CutReasoner(SMALL, {}, frozenset(VALUES))
    for _ in range(150):
        conjuncts = [compile_expression(_condition(source, 2), SMALL) for _ in range(source.choice((1, 2, 4)))]
        some = any(all(evaluate(each, person) is True for each in conjuncts) for person in EVERYBODY)
        answer = reasoner.decide(conjuncts)
        assert answer is not None and bool(answer is not False) is some
        seen[some] += 1
        if isinstance(answer, Mapping):
            person = {**EVERYBODY[0], **answer}
            assert all(evaluate(each, person) is True for each in conjuncts)
    assert min(seen.values()) > 20


def test_a_column_that_is_not_free_never_yields_an_example() -> None:
    reasoner = CutReasoner(SMALL, {}, frozenset({"g"}))
    assert reasoner.decide([compile_expression("a > 3 AND g > 0", SMALL)]) is None
    assert reasoner.decide([compile_expression("a > 9 AND g > 0", SMALL)]) is False


def test_a_condition_beyond_cuts_leaves_only_never_decided() -> None:
    reasoner = CutReasoner(SMALL, {}, frozenset(VALUES))
    beyond = compile_expression("a + g > 100", SMALL)
    assert reasoner.decide([compile_expression("a > 3", SMALL), beyond]) is None
    assert reasoner.decide([compile_expression("a > 9", SMALL), beyond]) is False


def test_regions_of_doubles_and_dates_stand_for_all() -> None:
    assert len(regions(Column("u", Type.DOUBLE), [0.5, 0.25])) == 5
    assert regions(Column("u", Type.DOUBLE, True), []) == (0.0, None)


def _table(source: random.Random) -> Table:
    def cell(name: str) -> str:
        low, wide = source.randint(-3, 8), source.randint(1, 4)
        if name in ("a", "g"):
            return source.choice(["", f"< {low}", f">= {low}", f"{low}..{low + wide}", f"{low}|{low + 2}", "null"])
        return source.choice(["", "x", "y|z", "y"] if name == "h" else ["", "true", "false", "null"])

    lines = [",".join((*(cell(name) for name in VALUES), str(source.randint(1, 3)))) for _ in range(source.randint(1, 7))]
    file = read_csv("tables/t.csv", "\n".join([",".join((*VALUES, "points")), *lines]), [])
    assert file is not None
    table = read_table(file, Type.INT, SMALL, [])
    assert table is not None
    return table


def test_the_walk_through_a_table_sees_what_looking_at_everybody_does() -> None:
    source = random.Random(5)
    for _ in range(30):
        table = _table(source)
        found = leaves(table, SMALL)
        assert {(leaf.alive, leaf.null) for leaf in found} == {(_hits(table, each), None in each.values()) for each in EVERYBODY}
        assert all(_hits(table, leaf.point) == leaf.alive for leaf in found)


def _hits(table: Table, person: Mapping[str, Value]) -> int:
    """The rows that fit, as bits."""
    return sum(1 << index for index, row in enumerate(table.rows) if evaluate(and_(*row.cells), person) is True)


FACTS = """
  i: {type: int, min: -1000, max: 1000, required: true, source: profile, zh: i, en: i}
  j: {type: int, min: -1000, max: 1000, source: profile, zh: j, en: j}
  k: {type: int, max: 1000, source: profile, zh: k, en: k}
  m: {type: money, max: 10000000, source: profile, zh: m, en: m}
  n: {type: money, min: -10000000, max: 10000000, required: true, source: profile, zh: n, en: n}
  r: {type: bp, max: 10000, source: profile, zh: r, en: r}
  b: {type: bool, required: true, source: profile, zh: b, en: b}
  c: {type: bool, source: profile, zh: c, en: c}
  d: {type: date, min: 1990-01-01, max: 2030-12-31, required: true, source: profile, zh: d, en: d}
  e: {type: date, min: 1990-01-01, max: 2030-12-31, source: profile, zh: e, en: e}
  s: {type: enum, values: [x, y, z], required: true, source: profile, zh: s, en: s}
  t: {type: enum, values: [x, y, z], source: profile, zh: t, en: t}
  u: {type: double, source: profile, zh: u, en: u}
"""


@pytest.mark.fuzz
def test_never_is_never_and_an_example_is_one(tmp_path: Path) -> None:
    """Random conditions over the facts of the fuzzer, NULLs and cut points in plenty."""
    policy = edited(tmp_path, ("facts.yaml", "\nfamilies:", f"{FACTS}\nfamilies:"))
    prover, people = Prover(policy, 2.0), rows(17, 300)
    answers: Counter[str] = Counter()
    for specimen in specimens(29, 150, Counter()):
        if specimen.node.type is not Type.BOOL:
            continue
        answer = prover.exists(specimen.node)
        if answer.never:
            answers["never"] += 1
            assert not any(evaluate(specimen.node, person) is True for person in people), specimen.text
        elif answer.customer is not None:
            answers["found"] += 1
            facts = Customer(prover.definitions, with_fresh_days(policy.plan, answer.customer.given))
            assert evaluate(specimen.node, facts) is True, specimen.text
            for name, value in answer.customer.given.items():
                column = policy.plan.scope.columns[name]
                assert value is not None or column.nullable, name
                assert value is None or column.low is None or column.low <= value <= column.high, name  # type: ignore[operator]
        else:
            answers["open"] += 1
    assert answers["found"] > 40 and answers["never"] > 3 and answers["open"] < 15, answers
