"""Advice: the search for remedies, the same with each way tried, and all answers for one customer.

The search is over customers of the shipped cases with one to four facts changed at random, as far as they do not get a product;
in memory, one thread. Tried and answered is for customers in a durable database, one client: each has closed a line by choice
and asks for it again, so that waiting is found and then really tried; each owes a loan when all questions are answered.
"""

from __future__ import annotations

import statistics
import tempfile
import time
import uuid
from collections.abc import Callable, Iterable
from pathlib import Path

from benchmarks.bank import lines_of, means, open_bank
from benchmarks.deciding import know_all
from benchmarks.measure import Row
from benchmarks.servers import checkpoint, durable_server, migrated
from benchmarks.whatif import Differ, borrow
from shouxin.book.facilities import commands as lines
from shouxin.book.facilities.work import Asker
from shouxin.book.facts.known import own_facts
from shouxin.desk.advice.advising.asking import advised
from shouxin.desk.advice.advising.model import Wish
from shouxin.desk.advice.answers import QUESTIONS
from shouxin.desk.advice.answers.reading import read_view
from shouxin.desk.advice.answers.trying import tried
from shouxin.desk.decisions import Assessor
from shouxin.desk.decisions.remedies import Goal, RemedyFinder
from shouxin.desk.servicing import commands
from shouxin.desk.servicing.commands import perform
from shouxin.desk.servicing.house import House
from shouxin.engines.policy.compile import compile_policy
from shouxin.infra.db.connect import Connection, connect
from shouxin.infra.db.unit import in_imagination, in_unit
from tests.desk.decisions.remedies.made import AS_OF, customers

SEARCHED, QUICK_SEARCHED = 1_500, 200
CUSTOMERS, QUICK_CUSTOMERS = 200, 20
MOST_SEARCH, MOST_TRIED, MOST_ANSWERS = 20.0, 60.0, 150.0  # milliseconds
PRODUCT = "consumer-line"


def measure(*, quick: bool) -> list[Row]:
    """The rows of the table. Raises Differ."""
    searched = _searches(QUICK_SEARCHED if quick else SEARCHED)
    count = QUICK_CUSTOMERS if quick else CUSTOMERS
    with tempfile.TemporaryDirectory(prefix="shouxin-bench-") as folder, durable_server() as server:
        found = means(migrated(server).app, Path(folder))
        open_bank(found, count)
        know_all(found)
        house = found.house()
        with connect(found.conninfo) as connection:
            held = list(lines_of(connection))
            for line in held:
                borrow(connection, house, line)
            checkpoint(server)
            ids = [customer_id for customer_id, _ in held]
            answered = _timed(ids, lambda customer_id: _answer(connection, house, customer_id))
            for customer_id, facility_id in held:
                _end(connection, (customer_id, facility_id))
            advice = _timed(ids, lambda customer_id: _advise(connection, house, customer_id))
    return [
        _row(f"remedies: the search, {len(searched):,} refusals", searched, MOST_SEARCH),
        _row("remedies: found, and the way really tried", advice, MOST_TRIED),
        _row(f"all {len(QUESTIONS)} answers for one customer", answered, MOST_ANSWERS),
    ]


def _searches(count: int) -> list[float]:
    """Seconds of each search whose goal is not reached already."""
    policy = compile_policy("standard")
    finder, times = RemedyFinder(Assessor(policy), own_facts(policy)), []
    for facts in customers(policy, count, "benchmark"):
        for product in policy.bundle.products:
            started = time.perf_counter()
            found = finder.find(facts, AS_OF, Goal(product))
            if not found.reached:
                times.append(time.perf_counter() - started)
    return times


def _timed(ids: Iterable[uuid.UUID], call: Callable[[uuid.UUID], None]) -> list[float]:
    times = []
    for customer_id in ids:
        started = time.perf_counter()
        call(customer_id)
        times.append(time.perf_counter() - started)
    return times


def _end(connection: Connection, line: tuple[uuid.UUID, uuid.UUID]) -> None:
    customer_id, facility_id = line
    perform(connection, Asker(customer_id, "benchmark", "settle"), commands.settle([facility_id]))
    perform(connection, Asker(customer_id, "benchmark", "close"), lines.close(facility_id, "BY_CHOICE"))


def _advise(connection: Connection, house: House, customer_id: uuid.UUID) -> None:
    wish = Wish(customer_id, Goal(PRODUCT), "benchmark")
    found = in_imagination(connection, lambda unit: advised(unit, house, wish))
    if [way.tried is None for way in found.ways] != [False]:
        raise Differ(f"{found.found.decision.product(PRODUCT)}: {found.ways}")


def _answer(connection: Connection, house: House, customer_id: uuid.UUID) -> None:
    view = in_unit(connection, lambda unit: read_view(unit, house, customer_id))
    view = in_imagination(connection, lambda unit: tried(unit, house, view, "benchmark"))
    if len([each.answer(view) for each in QUESTIONS]) != len(QUESTIONS):
        raise Differ("answers")


def _row(work: str, times: list[float], most: float) -> Row:
    middle, late = (statistics.quantiles(times, n=100)[place] * 1e3 for place in (49, 94))
    ours = f"p50 {middle:.1f} ms, p95 {late:.1f} ms"
    return Row(work, ours, "a limit in milliseconds", f"{middle:.1f} ms", f"<= {most:g} ms", middle <= most)
