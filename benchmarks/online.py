"""One customer at a time: the decision engine beside zen-engine, after both were shown to give the same answers."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks import zen
from benchmarks.data import AS_OF, KEY, facts_of, read_customers
from benchmarks.measure import Contestant, Row, micro, ratios, take_turns
from shouxin.desk.decisions import Assessor
from shouxin.desk.decisions.trace import Tracer
from shouxin.engines.policy.compile import Policy, compile_policy
from shouxin.engines.policy.plan import KEY_KINDS, OUTCOMES, TOP_REASONS
from shouxin.engines.policy.read import read_facts

POLICY = Path(__file__).parent / "policy"
COMPARED = 5_000
PER_ROUND, ROUNDS, QUICK_ROUNDS = 250, 31, 9
COMPILE_MS = 100
RAW, DECISION, TRACE = 20, 8, 5


class Differ(Exception):
    """The engines answer differently, so that there is nothing to measure."""


def compare(policy: Policy, customers: Sequence[dict[str, Any]]) -> int:
    """Compare every answer of both zen graphs with ours; returns the number of cells.

    Raises Differ with the first difference.
    """
    assessor, cells = Assessor(policy), 0
    engines = [zen.Engine(policy, tables=tables) for tables in (True, False)]
    for customer, written in zip(customers, facts_of(customers), strict=True):
        ours = _answers(policy, assessor.evaluate(read_facts(policy.plan, written), AS_OF))
        for engine in engines:
            theirs = _zen_answers(engine.evaluate(zen.context(written)))
            cells += len(ours)
            for name, value in ours.items():
                if theirs[name] != value:
                    raise Differ(f"customer {customer[KEY]}: {name}: ours {value!r}, zen {theirs[name]!r}\n{written}")
    return cells


def _answers(policy: Policy, raw: tuple[Any, ...]) -> dict[str, Any]:
    found = dict(zip(policy.plan.outputs(), raw, strict=True))
    answers: dict[str, Any] = {name: found[name] for name in zen.ANSWERS}
    for line in policy.bundle.exposure.order:
        answers[f"{line}_outcome"] = OUTCOMES[answers[f"{line}_outcome"]]
    answers["fired"] = {rule.code for rule in policy.plan.rules if found[f"_hit{rule.mask}"] & rule.bit}
    for index in range(TOP_REASONS):
        rank = found[f"_rank{index}"]
        answers[f"rank{index}"] = rank - rank % KEY_KINDS  # zen is spared why points were lost
    return answers


def _zen_answers(result: dict[str, Any]) -> dict[str, Any]:
    fired = {each["code"] if isinstance(each, dict) else each for each in result["fired"]}
    return {name: result.get(name) for name in result.keys() | set(zen.ANSWERS)} | {"fired": fired}


def measure(*, quick: bool) -> list[Row]:
    """The rows of the table.

    Raises Differ.
    """
    policy = compile_policy(POLICY)
    rounds = QUICK_ROUNDS if quick else ROUNDS
    customers = read_customers(COMPARED + rounds * PER_ROUND)
    cells = compare(policy, customers[:COMPARED])
    print(f"{COMPARED:,} customers, {cells:,} answers of two zen graphs compared with ours: 0 differ", flush=True)
    fresh = [customers[start : start + PER_ROUND] for start in range(COMPARED, len(customers), PER_ROUND)]
    found = take_turns(_contestants(policy), fresh)
    return [*_rows(found), *_compiling(quick)]


def _contestants(policy: Policy) -> dict[str, Contestant]:
    plan, assessor, tracer = policy.plan, Assessor(policy), Tracer(policy)
    tables, formulas = zen.Engine(policy, tables=True), zen.Engine(policy, tables=False)

    def read(customers: Sequence[Any]) -> list[tuple[Any, ...]]:
        return [(read_facts(plan, written), AS_OF) for written in facts_of(customers)]

    def written(customers: Sequence[Any]) -> list[tuple[Any, ...]]:
        return [(each,) for each in facts_of(customers)]

    def contexts(customers: Sequence[Any]) -> list[tuple[Any, ...]]:
        return [(zen.context(each),) for each in facts_of(customers)]

    return {
        "evaluate": Contestant(read, assessor.evaluate),
        "assess": Contestant(read, assessor.assess),
        "canonical": Contestant(read, lambda facts, as_of: assessor.assess(facts, as_of).canonical()),
        "from dict": Contestant(written, lambda each: assessor.assess(read_facts(plan, each), AS_OF)),
        "trace": Contestant(read, tracer.trace),
        "zen": Contestant(contexts, formulas.evaluate),
        "zen tables": Contestant(contexts, tables.evaluate),
        "zen trace": Contestant(contexts, formulas.trace),
        "zen tables trace": Contestant(contexts, tables.trace),
    }


def _rows(found: dict[str, list[float]]) -> Iterator[Row]:
    def row(work: str, name: str, against: str, least: int | None = None) -> Row:
        times, text = ratios(found[against], found[name])
        _, tables = ratios(found[against.replace("zen", "zen tables", 1)], found[name])
        told = f"zen {micro(found[against])}; of tables {micro(found[against.replace('zen', 'zen tables', 1)])}"
        budget, met = (f">= {least}x", times >= least) if least else ("", None)
        return Row(work, micro(found[name]), told, f"{text}; {tables.split()[0]}", budget, met)

    yield row("evaluate: the raw answers", "evaluate", "zen", RAW)
    yield row("assess: a Decision with its reasons", "assess", "zen", DECISION)
    yield row("assess, facts hash and canonical bytes", "canonical", "zen")
    yield row("read_facts from a plain dict, then assess", "from dict", "zen")
    yield row("the full trace tree", "trace", "zen trace", TRACE)


def _compiling(quick: bool) -> Iterator[Row]:
    warm = [_milliseconds(lambda: compile_policy(POLICY)) for _ in range(3 if quick else 9)]
    program = (
        "import time; from shouxin.engines.policy.compile import compile_policy; started = time.process_time();"
        f" compile_policy({str(POLICY)!r}); print((time.process_time() - started) * 1e3)"
    )
    first = [
        float(subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout)
        for _ in range(2 if quick else 5)
    ]
    for name, each in (("warm", warm), ("the first of a process", first)):
        middle = statistics.median(each)
        yield Row(f"compile the bundle, {name}", f"{middle:.0f} ms", "", "", f"< {COMPILE_MS} ms", middle < COMPILE_MS)


def _milliseconds(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return (time.process_time() - started) * 1e3
