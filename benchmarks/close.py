"""Close of business for a million loans, beside writing a million rows: what a night costs whoever accrues loan by loan.

The book is made once and copied for each round, so that every round closes the same evening; before, what the database says of
all loans is compared with what their lives say, to the cent.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

from benchmarks.bank import means
from benchmarks.book import make_book
from benchmarks.measure import Row
from benchmarks.servers import checkpoint, durable_server, migrated, server_seconds, superuser
from benchmarks.shapes import EVENING, Shapes
from shouxin.desk.servicing import closing
from shouxin.desk.servicing.house import House
from shouxin.engines.policy.load import load
from shouxin.infra.db.connect import connect
from shouxin.infra.db.roles import APP
from shouxin.infra.db.server import Server
from shouxin.infra.db.unit import in_unit

LOANS, QUICK_LOANS, ROUNDS = 1_000_000, 50_000, 3
MOST = 1.5
# What closing consists of, by the names under which it calls its parts; what is not named is notices and commits.
STEPS = {
    "roll_book": "roll",
    "wait_for_older": "wait",
    "standing": "sums",
    "balances_at": "balances",
    "seal_day": "seal",
    "lapsing.lapse": "lapse",
}
TABLES = ("loan", "loan_state", "event", "posting")
_SOURCE = """
CREATE TABLE numbered AS SELECT n AS loan, 100000 + n * 7919 % 5000000 AS principal, 36500 + n % 20 * 3650 AS rate_ppm
FROM generate_series(1::bigint, {}) AS n;
VACUUM ANALYZE numbered
"""
_TABLE = "CREATE TABLE nightly (loan bigint, day date, points bigint, amount bigint, PRIMARY KEY (loan, day))"
_INSERT = """
INSERT INTO nightly SELECT loan, date '2026-06-15', principal * rate_ppm, principal * rate_ppm / 365000000 FROM numbered
"""


class Differ(Exception):
    """The database and the lives of its loans say different things, so that there is nothing to measure."""


@dataclass(slots=True)
class Spent:
    """What something took: seconds of wall and of processor (server and client), and of each of its steps."""

    wall: float = 0.0
    cpu: float = 0.0
    steps: dict[str, float] = field(default_factory=lambda: defaultdict(float))


def measure(*, quick: bool) -> list[Row]:
    """The rows of the table. Raises Differ."""
    loans, bundle = (QUICK_LOANS if quick else LOANS), load("standard")
    shapes = Shapes(bundle)
    with tempfile.TemporaryDirectory(prefix="shouxin-bench-") as folder, durable_server() as server:
        target = migrated(server)
        house = means(target.app, Path(folder)).house()
        make_book(target, bundle, shapes, loans)
        compare(server, shapes, loans)
        found = [(_peer(server, loans), _closed(server, house, loans)) for _ in range(ROUNDS)]
        return [_row(loans, found), _sizes(server, loans)]


def compare(server: Server, shapes: Shapes, loans: int) -> None:
    """Raises Differ unless SQL and the lives themselves agree on what is owed, by product, bucket and class."""
    with connect(server.conninfo(APP)) as connection:
        sums = in_unit(connection, lambda unit: closing.standing(unit, EVENING))
    wanted = shapes.owed(loans)
    if dict(sums.by_kind) != dict(wanted.by_kind):
        raise Differ(f"{dict(sums.by_kind)} and {dict(wanted.by_kind)}")


@contextmanager
def _measured(server: Server) -> Iterator[Spent]:
    checkpoint(server)
    spent, before, mine, started = Spent(), server_seconds(server), time.process_time(), time.perf_counter()
    yield spent
    spent.wall = time.perf_counter() - started
    spent.cpu = server_seconds(server) - before + time.process_time() - mine


def _peer(server: Server, rows: int) -> Spent:
    """The peer: so many rows into a table with a primary key, one statement, durable."""
    with superuser(server) as connection:
        connection.execute("SET search_path = public")
        if connection.execute("SELECT to_regclass('numbered')::text").fetchone() != ("numbered",):
            for text in _SOURCE.format(rows).split(";"):
                connection.execute(text.encode())
        connection.execute(_TABLE.encode())
        with _measured(server) as spent:
            connection.execute(_INSERT.encode())
        connection.execute("DROP TABLE nightly")
    return spent


def _closed(server: Server, house: House, loans: int) -> Spent:
    """One evening on a copy of the book."""
    with superuser(server, "postgres") as admin:
        admin.execute("CREATE DATABASE evening TEMPLATE shouxin STRATEGY file_copy")
        try:
            with connect(server.conninfo(APP, "evening")) as connection, _measured(server) as spent, timed(spent.steps):
                told = closing.close_day(connection, house, EVENING)
            if told.loans != loans:
                raise Differ(f"{told} of {loans} loans")
            print(f"{told}, {spent.wall:.1f} s, load {os.getloadavg()[0]:.1f}", flush=True)
        finally:
            admin.execute("DROP DATABASE evening WITH (FORCE)")
    return spent


@contextmanager
def timed(steps: dict[str, float]) -> Iterator[None]:
    """Within, the parts of closing note how long they take."""

    def noting(name: str, work: Callable[..., Any]) -> Callable[..., Any]:
        def noted(*args: Any, **kwargs: Any) -> Any:
            started = time.perf_counter()
            try:
                return work(*args, **kwargs)
            finally:
                steps[name] += time.perf_counter() - started

        return noted

    with ExitStack() as stack:
        for path, name in STEPS.items():
            *modules, function = path.split(".")
            holder = getattr(closing, modules[0]) if modules else closing
            stack.enter_context(mock.patch.object(holder, function, noting(name, getattr(holder, function))))
        yield


def _row(loans: int, found: list[tuple[Spent, Spent]]) -> Row:
    times = [ours.wall / peer.wall for peer, ours in found]
    middle = statistics.median(times)
    names = list(found[0][1].steps)
    steps = ", ".join(f"{name} {statistics.median(ours.steps[name] for _, ours in found):.2f}" for name in names)
    rest = statistics.median(ours.wall - sum(ours.steps.values()) for _, ours in found)
    wall, cpu = (statistics.median(getattr(ours, name) for _, ours in found) for name in ("wall", "cpu"))
    their_wall, their_cpu = (statistics.median(getattr(peer, name) for peer, _ in found) for name in ("wall", "cpu"))
    return Row(
        f"close of business, {loans:,} loans",
        f"{wall:.2f} s ({steps}, notices and commits {rest:.2f}), {cpu:.2f} s CPU",
        f"INSERT .. SELECT {their_wall:.2f} s, {their_cpu:.2f} s CPU",
        f"{middle:.2f}x ({min(times):.2f}-{max(times):.2f}); {cpu / their_cpu:.2f}x CPU",
        f"<= {MOST}x",
        middle <= MOST,
    )


def _sizes(server: Server, loans: int) -> Row:
    """What a loan takes on the disk: terms, state, and the one event and posting of its payout."""
    parts = []
    with superuser(server) as connection:
        for table in TABLES:
            query = f"SELECT pg_relation_size('{table}'), pg_indexes_size('{table}'), count(*) FROM {table}"
            found: Any = connection.execute(query.encode()).fetchone()
            parts.append((table, found[0] / found[2], found[1] / found[2]))
    told = ", ".join(f"{table} {rows:.0f} + {indexes:.0f}" for table, rows, indexes in parts)
    total = sum(rows + indexes for _, rows, indexes in parts)
    return Row(f"bytes of a loan that was paid out, of {loans:,}", f"{total:,.0f}", f"rows + indexes: {told}")
