"""The whole book: DuckDB from Parquet to Parquet, beside reading the same columns, zen-engine's batch, and Spark.

`python -m benchmarks.batch WORK INPUT OUTPUT` does one piece of work in a process of its own and prints its cost as JSON.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
from pyspark.errors import PySparkException

from benchmarks import zen
from benchmarks.data import AS_OF, KEY, facts_of, read_customers, write_customers
from benchmarks.measure import Row, ratios
from benchmarks.online import POLICY, Differ
from shouxin.desk.portfolio import Job, SparkMissing, decide_file, decide_file_on_spark, open_session
from shouxin.desk.portfolio.agreement import compare
from shouxin.desk.portfolio.edge import output_columns
from shouxin.engines.policy.compile import Policy, compile_policy
from shouxin.engines.policy.emit_sql import sql_statement, sql_steps
from shouxin.engines.policy.plan import Assign, Ranking, Rules, Step
from shouxin.engines.policy.sql_text import DUCKDB
from shouxin.engines.policy.tree import Node, Type, refs

THREADS = 2
SCANS, MEMORY_GIB, ZEN_TIMES = 5, 4, 150
COMPARED = 2_000
ZEN_BATCH, ZEN_ROUNDS = 2_000, 7


@dataclass(frozen=True)
class Cost:
    """What a piece of work took: seconds of wall and CPU, and the most memory its process ever held, in GiB."""

    wall: float
    cpu: float
    memory: float


def measure(folder: Path, *, rows: int, rounds: int, spark_rows: int) -> Iterator[Row]:
    """The rows of the table, as they are measured. `spark_rows` is 0 to leave Spark out.

    Raises Differ where the engines do not agree.
    """
    policy = compile_policy(POLICY)
    source, out = folder / "customers.parquet", folder / "decisions.parquet"
    write_customers(rows, source)
    costs: dict[str, list[Cost]] = {work: [] for work in WORKS}
    for number in range(rounds):
        names = list(WORKS)
        for name in names[number % len(names) :] + names[: number % len(names)]:
            costs[name].append(_in_process_of_its_own(name, source, out))
    decide_file(Job(policy, source, out, AS_OF, threads=THREADS))
    agreed = compare(policy, source, out, AS_OF, max(1, rows // COMPARED))
    if agreed.differences:
        raise Differ("online and batch differ\n" + "\n".join(agreed.differences))
    print(f"{agreed.customers:,} of {rows:,} customers decided one by one, {agreed.cells:,} cells compared: 0 differ", flush=True)
    yield from _book_rows(rows, costs)
    yield _zen_row(policy, rows, costs["book"])
    if spark_rows:
        yield from _spark_rows(policy, folder, spark_rows)


def _book_rows(rows: int, costs: dict[str, list[Cost]]) -> Iterator[Row]:
    scan = costs["scan"]
    told = {"book": "the whole book: check, decide, reasons, summary", "engine": "its engine alone: no check, no texts"}
    for name, work in told.items():
        times, text = ratios([each.cpu for each in costs[name]], [each.cpu for each in scan])
        budget, met = (f"<= {SCANS}x", times <= SCANS) if name == "book" else ("", None)
        yield Row(f"{work}, {rows:,} customers", _told(costs[name]), f"scan {_told(scan)}", f"{text} CPU", budget, met)
    memory = max(each.memory for each in costs["book"])
    yield Row("memory of the whole book", f"{memory:.2f} GiB", "", "", f"< {MEMORY_GIB} GiB", memory < MEMORY_GIB)
    wall = statistics.median(each.wall for each in costs["book"])
    yield Row("decisions a second, whole book", f"{rows / wall:,.0f}", f"on {THREADS} threads")


def _told(costs: Sequence[Cost]) -> str:
    return f"{statistics.median(each.cpu for each in costs):.2f} s CPU, {statistics.median(each.wall for each in costs):.2f} s"


def _zen_row(policy: Policy, rows: int, book: Sequence[Cost]) -> Row:
    engine = zen.Engine(policy, tables=False)
    contexts = [zen.context(each) for each in facts_of(read_customers(ZEN_BATCH))]
    seconds = []
    for _ in range(ZEN_ROUNDS):
        started = time.process_time()
        engine.batch(contexts)
        seconds.append((time.process_time() - started) / len(contexts))
    ours, theirs = statistics.median(each.cpu for each in book) / rows, statistics.median(seconds)
    times, told = theirs / ours, f"zen's batch {theirs * 1e6:.0f} µs CPU"
    budget, met = f">= {ZEN_TIMES}x", times >= ZEN_TIMES
    return Row("a decision of the whole book", f"{ours * 1e6:.2f} µs CPU", told, f"{times:.0f}x", budget, met)


def _spark_rows(policy: Policy, folder: Path, rows: int) -> Iterator[Row]:
    source, duck, out = folder / "spark.parquet", folder / "duck.parquet", folder / "spark"
    write_customers(rows, source)
    try:
        session = open_session(threads=THREADS)
    except SparkMissing as missing:
        print(f"Spark left out: {missing}", flush=True)
        return
    work = f"Spark local[{THREADS}], {rows:,} customers, first run"
    try:
        started = time.perf_counter()
        decide_file_on_spark(Job(policy, source, out, AS_OF), session=session)
        spark = time.perf_counter() - started
    except PySparkException as error:
        yield Row(work, f"failed: {str(error).splitlines()[0][:60]}", "DuckDB", "", "", False)
        return
    finally:
        session.stop()
    started = time.perf_counter()
    decide_file(Job(policy, source, duck, AS_OF, threads=THREADS))
    duckdb_seconds = time.perf_counter() - started
    cells, differing = _differing(policy, duck, out)
    told = f"DuckDB {duckdb_seconds:.1f} s"
    yield Row(work, f"{spark:.1f} s", told, f"{duckdb_seconds / spark:.2f}x")
    yield Row(f"cells that differ of {cells:,}", f"{differing:,}", "DuckDB", "", "0", differing == 0)


def _differing(policy: Policy, duck: Path, spark: Path) -> tuple[int, int]:
    """(cells, cells that differ): every column but the key; a row that the other lacks differs in all of them."""
    names = [name for name in output_columns(policy, KEY) if name != KEY]
    alone = f"a.{KEY} IS NULL OR b.{KEY} IS NULL"
    differ = " + ".join(f"CAST(a.{name} IS DISTINCT FROM b.{name} OR {alone} AS BIGINT)" for name in names)
    both = f"'{duck}' AS a FULL JOIN '{spark}/*.parquet' AS b USING ({KEY})"
    query = f"SELECT count(*) * {len(names)}, sum({differ}) FROM {both}"
    with duckdb.connect() as connection:
        found = connection.execute(query).fetchone()
    assert found is not None
    return int(found[0]), int(found[1])


# -- in a process of its own ------------------------------------------------------------------------------------------


def _in_process_of_its_own(work: str, source: Path, out: Path) -> Cost:
    command = [sys.executable, "-m", "benchmarks.batch", work, str(source), str(out)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return Cost(**json.loads(done.stdout.splitlines()[-1]))


def _scan(policy: Policy, source: Path, _out: Path) -> None:
    """Reads every column that the policy uses, and the key."""
    sums = ", ".join(_summed(name, kind) for name, kind in _used(policy).items())
    with _connection() as connection:
        connection.execute(f"SELECT sum({KEY}), {sums} FROM '{source}'").fetchall()


def _used(policy: Policy) -> dict[str, Type]:
    read = frozenset(name for each in policy.plan.passes for step in each.steps for node in _nodes(step) for name in refs(node))
    return {each.name: each.column.type for each in policy.plan.inputs if each.name in read}


def _nodes(step: Step) -> Sequence[Node]:
    match step:
        case Assign():
            return [step.node]
        case Rules():
            return [rule.node for rule in step.rules]
        case Ranking():
            return step.keys


def _summed(name: str, kind: Type) -> str:
    special = {Type.BOOL: f"count_if({name})", Type.ENUM: f"sum(strlen({name}))", Type.DATE: f"max({name})"}
    return special.get(kind, f"sum({name})")


def _engine(policy: Policy, source: Path, out: Path) -> None:
    """The emitted statement by itself: no check of the input, no texts in the output."""
    names = ", ".join([KEY, *(each.name for each in policy.plan.inputs)])
    steps = [("input", f"SELECT {names} FROM '{source}'"), *sql_steps(policy.plan, DUCKDB, AS_OF, "input", [KEY])]
    statement = sql_statement(steps, "SELECT * FROM decided")
    with _connection() as connection:
        connection.execute(f"COPY ({statement}) TO '{out}' (FORMAT parquet, COMPRESSION zstd)")


def _connection() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute(f"SET threads = {THREADS}")
    connection.execute("SET enable_progress_bar = false")
    return connection


def _book(policy: Policy, source: Path, out: Path) -> None:
    """What `shouxin decide batch` does."""
    decide_file(Job(policy, source, out, AS_OF, threads=THREADS))


WORKS: dict[str, Callable[[Policy, Path, Path], None]] = {"scan": _scan, "engine": _engine, "book": _book}


def main() -> None:
    """Do one piece of work and print its cost."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("work", choices=WORKS)
    parser.add_argument("source", type=Path)
    parser.add_argument("out", type=Path)
    chosen = parser.parse_args()
    policy = compile_policy(POLICY)
    wall, cpu = time.perf_counter(), time.process_time()
    WORKS[chosen.work](policy, chosen.source, chosen.out)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(json.dumps({"wall": wall, "cpu": cpu, "memory": memory}))


if __name__ == "__main__":
    main()
