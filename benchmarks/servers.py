"""A PostgreSQL of the wheel for a while, as durable as in production, pgbench on it, and what both take of the processor."""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from shouxin.infra.db.client import command
from shouxin.infra.db.connect import Target, embedded
from shouxin.infra.db.migrate import migrate
from shouxin.infra.db.server import Server

TICKS = os.sysconf("SC_CLK_TCK")
CLIENTS, THREADS, SCALE, PGBENCH = 8, 2, 50, "pgbench"


@contextmanager
def durable_server() -> Iterator[Server]:
    """A new server with the settings of every embedded one (fsync and synchronous_commit on), in a temporary folder."""
    folder = Path(tempfile.mkdtemp(prefix="shouxin-bench-"))
    if os.geteuid() == 0:
        folder.chmod(0o711)  # the server's user passes through
    made = Server(folder / "data")
    try:
        made.ensure()
        yield made
    finally:
        made.erase()
        shutil.rmtree(folder, ignore_errors=True)


def migrated(server: Server) -> Target:
    """The server's database with all migrations."""
    found = embedded(server)
    migrate(found)
    return found


def superuser(server: Server, database: str = "shouxin") -> psycopg.Connection[tuple[object, ...]]:
    """A connection that may do anything; each statement is a transaction. To be closed."""
    return psycopg.connect(server.conninfo(database=database), autocommit=True, options="-c search_path=shouxin")


def checkpoint(server: Server) -> None:
    """Write everything out now, so that none of it is written while something is measured."""
    with superuser(server) as connection:
        connection.execute("CHECKPOINT")


def server_seconds(server: Server) -> float:
    """Processor time of the server until now: of the postmaster, its processes, and those that have ended."""
    postmaster = server.status().pid
    total = 0
    for each in Path("/proc").glob("[0-9]*"):
        try:
            values = (each / "stat").read_text().rsplit(")", 1)[1].split()
        except OSError:  # it has ended
            continue
        if int(each.name) == postmaster:
            total += sum(int(value) for value in values[11:15])
        elif int(values[1]) == postmaster:
            total += int(values[11]) + int(values[12])
    return total / TICKS


@dataclass(frozen=True, slots=True)
class Round:
    """What clients did for some seconds. a_second: commands; seconds of processor per command; latencies in seconds."""

    a_second: float
    client: float
    server: float
    latencies: Sequence[float]

    def latency(self, percent: int) -> float:
        """A percentile of the latencies."""
        return sorted(self.latencies)[min(len(self.latencies) * percent // 100, len(self.latencies) - 1)]


class Pgbench:
    """TPC-B as pgbench has it, in a database of its own on a server."""

    def __init__(self, server: Server) -> None:
        self._server = server
        with superuser(server) as connection:
            connection.execute(f"CREATE DATABASE {PGBENCH}".encode())
        self._run("-i", "-q", "-s", str(SCALE))

    def round(self, seconds: float) -> Round:
        """Let 8 clients do prepared transactions for some seconds."""
        with tempfile.TemporaryDirectory(prefix="shouxin-bench-") as folder:
            log, before, theirs = f"{folder}/log", server_seconds(self._server), os.times()
            told = self._run(
                *("-n", "-c", str(CLIENTS), "-j", str(THREADS), "-M", "prepared", "-T", f"{seconds:.0f}"),
                *("-l", "--sampling-rate=0.2", f"--log-prefix={log}"),
            )
            server, client = server_seconds(self._server) - before, _of_children(theirs)
            lines = [line for each in Path(folder).iterdir() for line in each.read_text().splitlines()]
        latencies = [int(line.split()[2]) / 1e6 for line in lines]
        count = int(_value(told, "number of transactions actually processed:").split("/")[0])
        return Round(float(_value(told, "tps =").split()[0]), client / count, server / count, latencies)

    def _run(self, *args: str) -> str:
        start, environment = command("pgbench", self._server.conninfo(database=PGBENCH))
        name = start.pop().removeprefix("--dbname=")
        done = subprocess.run([*start, *args, name], env=environment, check=True, capture_output=True, text=True)
        return done.stdout


def _of_children(before: os.times_result) -> float:
    now = os.times()
    return now.children_user + now.children_system - before.children_user - before.children_system


def _value(text: str, name: str) -> str:
    return next(line.split(name, 1)[1].strip() for line in text.splitlines() if name in line)


def median(rounds: Sequence[Round]) -> Round:
    """The middle of every figure, and all latencies."""
    a_second, client, server = (
        statistics.median(getattr(each, name) for each in rounds) for name in ("a_second", "client", "server")
    )
    return Round(a_second, client, server, [each for one in rounds for each in one.latencies])
