"""Draws, payouts and repayments through the services, beside pgbench on the same server: one life of many loans.

On the first day customers draw, draws go to their rail, and the rail pays; a month later, on the due day of all of them,
instalments are paid. Rounds of pgbench and of each command take turns.
"""

from __future__ import annotations

import datetime as dt
import statistics
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.bank import FIRST_DAY, Means, means, open_bank
from benchmarks.clients import Client, Clients
from benchmarks.measure import Row
from benchmarks.servers import Pgbench, Round, checkpoint, durable_server, median, migrated
from shouxin.desk.servicing import closing
from shouxin.infra.db.connect import connect
from shouxin.infra.db.server import Server

CUSTOMERS, ROUNDS, SECONDS = 3_000, 5, 6.0
QUICK_CUSTOMERS, QUICK_ROUNDS, QUICK_SECONDS = 300, 2, 2.0
LEAST = 0.33
DUE_DAY = FIRST_DAY.replace(month=2)
TO_THE_END = 3_600.0
NAMES = {
    "draw": "draw: reserved, after all checks",
    "instruct": "payout: given to its rail",
    "paid": "payout: confirmed, a loan begins",
    "repay": "repayment of an instalment",
}
FIRST, THEN = ("draw", "instruct", "paid"), ("repay",)
JUDGED = ("draw", "repay")
WARM = 8


def measure(*, quick: bool) -> list[Row]:
    """The rows of the table."""
    rounds, seconds = (QUICK_ROUNDS, QUICK_SECONDS) if quick else (ROUNDS, SECONDS)
    with tempfile.TemporaryDirectory(prefix="shouxin-bench-") as folder, durable_server() as server:
        found = means(migrated(server).app, Path(folder))
        open_bank(found, QUICK_CUSTOMERS if quick else CUSTOMERS)
        pgbench = Pgbench(server)
        with Clients(found, server) as clients:
            sent = counted(found, FIRST)
            told = _rounds((pgbench, clients, server), FIRST, (rounds, seconds))
            for work in ("instruct", "paid"):
                clients.round(work, TO_THE_END)
            close_until(found, DUE_DAY)
            sent |= counted(found, THEN)
            told |= _rounds((pgbench, clients, server), THEN, (rounds, seconds))
    return [_row(work, *told[work], sent[work]) for work in NAMES]


def _rounds(
    who: tuple[Pgbench, Clients, Server], works: Sequence[str], length: tuple[int, float]
) -> dict[str, tuple[list[Round], list[Round]]]:
    """The rounds of each kind of work, and those of pgbench that stood beside them. The first of all is not counted."""
    pgbench, clients, server = who
    checkpoint(server)
    theirs: list[Round] = []
    ours: dict[str, list[Round]] = {work: [] for work in works}
    for number in range(length[0] + 1):
        seconds = length[1] if number else 1.0
        theirs.append(pgbench.round(seconds))
        for work in works:
            ours[work].append(clients.round(work, seconds))
    return {work: (ours[work][1:], theirs[1:]) for work in works}


def close_until(means: Means, day: dt.date) -> None:
    """Business days end until `day` is open; nothing is measured."""
    with connect(means.conninfo) as connection:
        for _ in closing.run(connection, means.house(), day - dt.timedelta(days=1)):
            pass


def counted(means: Means, works: Sequence[str]) -> dict[str, tuple[int, int]]:
    """How many statements a command of each kind sends, and in how many round trips, begin and commit included."""
    found = {}
    with connect(means.conninfo) as connection, tempfile.TemporaryFile("w+") as trace:
        client = Client(connection, means.house())
        for work in works:
            asked = client.asked(work)
            for _ in range(WARM):  # the first ones prepare their statements
                client.perform(*next(asked))
            trace.seek(0)
            trace.truncate()
            connection.pgconn.trace(trace.fileno())
            client.perform(*next(asked))
            connection.pgconn.untrace()
            trace.seek(0)
            found[work] = _sent(trace.read())
    return found


def _sent(trace: str) -> tuple[int, int]:
    kinds = [line.split("\t")[1:4:2] for line in trace.splitlines()]
    return sum(each == ["F", "Execute"] for each in kinds), sum(each[0] == "B" and each[1].startswith("Ready") for each in kinds)


def _row(work: str, ours: list[Round], theirs: list[Round], sent: tuple[int, int]) -> Row:
    times = [mine.a_second / other.a_second for mine, other in zip(ours, theirs, strict=True)]
    middle, mine, other = statistics.median(times), median(ours), median(theirs)
    against = f"pgbench {figures(other)}"
    budget, met = (f">= {LEAST}x", middle >= LEAST) if work in JUDGED else ("", None)
    spread = f"{middle:.2f}x ({min(times):.2f}-{max(times):.2f})"
    return Row(NAMES[work], f"{figures(mine)}; {sent[0]} statements, {sent[1]} round trips", against, spread, budget, met)


def figures(each: Round) -> str:
    """How many in a second, how long each takes, and processor time of client and server."""
    cpu = f"CPU {each.client * 1e3:.2f} + {each.server * 1e3:.2f} ms"
    return f"{each.a_second:,.0f}/s, p50 {each.latency(50) * 1e3:.1f}, p99 {each.latency(99) * 1e3:.1f} ms, {cpu}"
