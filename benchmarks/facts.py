"""Account facts of one customer, beside a draw; and of a book, beside those of a tenth of it.

The book is that of close of business (`book.py`), two loans to a customer, with the history that facts read: every line and
schedule as it began, every instalment that was paid. Many customers are asked in sets of 10,000, a round trip for each.
"""

from __future__ import annotations

import random
import statistics
import tempfile
import time
import uuid
from functools import partial
from pathlib import Path

from benchmarks.bank import means, open_bank
from benchmarks.book import make_book
from benchmarks.clients import Client
from benchmarks.measure import Row
from benchmarks.servers import checkpoint, durable_server, migrated, superuser
from benchmarks.shapes import EVENING, Shapes
from shouxin.book.facts.account import Values, account_facts
from shouxin.engines.policy.load import load
from shouxin.infra.db.connect import Connection, connect
from shouxin.infra.db.queries import load_queries
from shouxin.infra.db.roles import APP
from shouxin.infra.db.server import Server
from shouxin.infra.db.unit import in_unit

MAKING = load_queries(__package__, "facts.sql")
CUSTOMERS, QUICK_CUSTOMERS, PART = 1_000_000, 100_000, 10
AT_ONCE, ROUNDS, SINGLES, WARM = 10_000, 3, 300, 20
DRAWERS, DRAW_SECONDS = 100, 3.0
MOST_OF_DRAW, MOST_OF_PART = 2.0, 12.0


class Differ(Exception):
    """Facts of many customers are not those of each, so that there is nothing to measure."""


def measure(*, quick: bool) -> list[Row]:
    """The rows of the table. Raises Differ."""
    customers = QUICK_CUSTOMERS if quick else CUSTOMERS
    with tempfile.TemporaryDirectory(prefix="shouxin-bench-") as folder, durable_server() as bank, durable_server() as server:
        found = means(migrated(bank).app, Path(folder))
        open_bank(found, DRAWERS)
        ids = make_history(server, customers)
        with connect(found.conninfo) as drawing, connect(server.conninfo(APP)) as asking:
            client = Client(drawing, found.house())
            client.run("draw", 1.0)
            compare(asking, ids)
            one = [(_single(asking, ids, number), _draw(client)) for number in range(ROUNDS)]
            many = [(_set(asking, ids), _set(asking, ids[: len(ids) // PART])) for _ in range(ROUNDS)]
    return [_one_row(one, customers), _many_row(many, customers)]


def make_history(server: Server, customers: int) -> list[uuid.UUID]:
    """A book with so many customers, and what facts read of its past; returns the customers."""
    bundle = load("standard")
    make_book(migrated(server), bundle, Shapes(bundle), customers * 2)
    with superuser(server) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("SET synchronous_commit = off")
        for name in ("lines_told", "totals_told", "schedules_told", "settlements_told", "vacuumed"):
            connection.execute(MAKING[name].encode())
        rows = connection.execute(MAKING["customers"].encode()).fetchall()
    checkpoint(server)
    return [each for row in rows if isinstance(each := row[0], uuid.UUID)]


def compare(connection: Connection, ids: list[uuid.UUID]) -> None:
    """Raises Differ unless a hundred customers have the same facts one by one and together."""
    some = random.Random(1).sample(ids, 100)
    together = _facts(connection, some)
    for each in some:
        alone = _facts(connection, [each])
        if alone[each] != together[each]:
            raise Differ(f"{each}: {alone[each]} and {together[each]}")


def _facts(connection: Connection, ids: list[uuid.UUID]) -> dict[uuid.UUID, Values]:
    return in_unit(connection, partial(account_facts, customer_ids=ids, as_of=EVENING))


def _single(connection: Connection, ids: list[uuid.UUID], round_: int) -> float:
    """The median seconds of one customer's facts, each in a transaction of its own, of customers taken at random."""
    times = []
    for each in random.Random(round_).sample(ids, SINGLES + WARM):
        started = time.perf_counter()
        _facts(connection, [each])
        times.append(time.perf_counter() - started)
    return statistics.median(times[WARM:])


def _draw(client: Client) -> float:
    """The median seconds of a draw by one client."""
    latencies: list[float] = client.run("draw", DRAW_SECONDS)["latencies"]
    return statistics.median(latencies)


def _set(connection: Connection, ids: list[uuid.UUID]) -> float:
    """Seconds for all of them."""
    started = time.perf_counter()
    for start in range(0, len(ids), AT_ONCE):
        _facts(connection, ids[start : start + AT_ONCE])
    return time.perf_counter() - started


def _one_row(found: list[tuple[float, float]], customers: int) -> Row:
    times = [facts / draw for facts, draw in found]
    facts, draw = (statistics.median(each[index] for each in found) for index in range(2))
    ours, against = f"p50 {facts * 1e3:.2f} ms, of {customers:,}", f"a draw by one client {draw * 1e3:.2f} ms"
    return Row("account facts of one customer", ours, against, *_judged(times, MOST_OF_DRAW))


def _many_row(found: list[tuple[float, float]], customers: int) -> Row:
    times = [whole / part for whole, part in found]
    whole, part = (statistics.median(each[index] for each in found) for index in range(2))
    ours = f"{whole:.1f} s, {whole / customers * 1e6:.0f} µs each"
    against = f"of {customers // PART:,} {part:.1f} s"
    return Row(f"account facts of {customers:,} customers", ours, against, *_judged(times, MOST_OF_PART))


def _judged(times: list[float], most: float) -> tuple[str, str, bool]:
    middle = statistics.median(times)
    return f"{middle:.2f}x ({min(times):.2f}-{max(times):.2f})", f"<= {most:.0f}x", middle <= most
