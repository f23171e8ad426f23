"""A what-if of four steps with 30 days of waiting, beside a draw, and beside the same steps committed.

repay consumer-line all; close consumer-line; wait 30d; open consumer-line: the customer owes a loan, and is decided by the policy
before the plan and after every step. Committed means that the very same work ends in a commit, not in a rollback; each customer
is taken once. One client; rounds take turns.
"""

from __future__ import annotations

import statistics
import tempfile
import time
import uuid
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from benchmarks.bank import METHOD, MONTHS, lines_of, means, open_bank
from benchmarks.deciding import know_all
from benchmarks.measure import Row
from benchmarks.servers import checkpoint, durable_server, migrated
from shouxin.book.facilities.work import Asker
from shouxin.desk.advice.whatif.imagining import carried_out, imagine
from shouxin.desk.advice.whatif.steps import read_step
from shouxin.desk.servicing import commands
from shouxin.desk.servicing.commands import perform
from shouxin.desk.servicing.draw import Draw
from shouxin.desk.servicing.house import House
from shouxin.infra.db.connect import Connection, connect
from shouxin.infra.db.unit import Unit, in_unit

PLAN = tuple(
    read_step(each) for each in ("repay consumer-line all", "close consumer-line", "wait 30d", "open consumer-line 20000")
)
CUSTOMERS, QUICK_CUSTOMERS, ROUNDS, WARM, DRAWERS = 100, 20, 5, 5, 200
MOST_OF_DRAW, MOST_OF_COMMITTED = 15.0, 1.2


class Differ(Exception):
    """A plan that stops, so that there is nothing to measure."""


def measure(*, quick: bool) -> list[Row]:
    """The rows of the table. Raises Differ."""
    each_round = QUICK_CUSTOMERS if quick else CUSTOMERS
    with tempfile.TemporaryDirectory(prefix="shouxin-bench-") as folder, durable_server() as server:
        found = means(migrated(server).app, Path(folder))
        open_bank(found, each_round * ROUNDS + DRAWERS)
        know_all(found)
        house = found.house()
        with connect(found.conninfo) as connection:
            lines = list(lines_of(connection))
            askers, drawers = lines[:-DRAWERS], lines[-DRAWERS:]
            for line in askers:
                borrow(connection, house, line)
            checkpoint(server)
            _imagined(connection, house, [each for each, _ in askers[:WARM]])
            rounds = [_round(connection, house, (askers[number::ROUNDS], drawers)) for number in range(ROUNDS)]
    return [_draw_row(rounds), _committed_row(rounds)]


Line = tuple[uuid.UUID, uuid.UUID]  # customer, facility
Times = tuple[float, float, float]  # median seconds: imagined, a draw, committed


def _round(connection: Connection, house: House, lines: tuple[Sequence[Line], Sequence[Line]]) -> Times:
    askers, drawers = lines
    ids = [customer_id for customer_id, _ in askers]
    imagined = _imagined(connection, house, ids)
    draws = [_drawn(connection, house, each) for each in drawers]
    return imagined, statistics.median(draws), _committed(connection, house, ids)


def borrow(connection: Connection, house: House, line: Line) -> None:
    """The customer of a line owes a loan."""
    customer_id, _ = line
    loan = _draw(connection, house, line, 20_000_00)
    perform(connection, Asker(customer_id, "benchmark", "instruct"), commands.instruct(house, customer_id, loan))
    perform(connection, Asker(customer_id, "benchmark", "paid"), commands.paid(house, customer_id, loan))


def _drawn(connection: Connection, house: House, line: Line) -> float:
    """Seconds of a draw."""
    started = time.perf_counter()
    _draw(connection, house, line, 500_00)
    return time.perf_counter() - started


def _draw(connection: Connection, house: House, line: Line, amount: int) -> uuid.UUID:
    customer_id, facility_id = line
    wanted = Draw(facility_id, amount, METHOD, MONTHS, "shopping")
    asked = perform(connection, Asker(customer_id, "benchmark", uuid.uuid4().hex), commands.draw(house, customer_id, wanted))
    loan: uuid.UUID = asked.body["loan"]
    return loan


def _imagined(connection: Connection, house: House, ids: Sequence[uuid.UUID]) -> float:
    times = []
    for customer_id in ids:
        started = time.perf_counter()
        found = imagine(connection, house, customer_id, PLAN)
        times.append(time.perf_counter() - started)
        if not found.works:
            raise Differ(f"{[(each.outcome, each.refusal) for each in found.steps]}")
    return statistics.median(times)


def _committed(connection: Connection, house: House, ids: Sequence[uuid.UUID]) -> float:
    times = []
    for customer_id in ids:
        started = time.perf_counter()
        in_unit(connection, partial(_really, house=house, customer_id=customer_id))
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def _really(unit: Unit, house: House, customer_id: uuid.UUID) -> None:
    carried_out(unit, house, customer_id, (PLAN, "zh"))


def _draw_row(rounds: list[Times]) -> Row:
    times = [imagined / draw for imagined, draw, _ in rounds]
    imagined, draw = (statistics.median(each[index] for each in rounds) for index in (0, 1))
    ours, against = f"p50 {imagined * 1e3:.1f} ms", f"a draw by one client {draw * 1e3:.2f} ms"
    return Row("what-if of four steps, 30 days of waiting", ours, against, *_judged(times, MOST_OF_DRAW, 1))


def _committed_row(rounds: list[Times]) -> Row:
    times = [imagined / committed for imagined, _, committed in rounds]
    imagined, committed = (statistics.median(each[index] for each in rounds) for index in (0, 2))
    ours, against = f"p50 {imagined * 1e3:.1f} ms", f"the same, committed {committed * 1e3:.1f} ms"
    return Row("what-if, beside the same steps committed", ours, against, *_judged(times, MOST_OF_COMMITTED, 2))


def _judged(times: list[float], most: float, places: int) -> tuple[str, str, bool]:
    middle = statistics.median(times)
    spread = f"{middle:.{places}f}x ({min(times):.{places}f}-{max(times):.{places}f})"
    return spread, f"<= {most:g}x", middle <= most
