"""Client processes: each asks for one command after the other, as fast as the answers come.

`Clients` starts and directs them; `python -m benchmarks.clients KEYS LISTED NUMBER COUNT` with the connection in its
environment is one of them. They talk in lines of JSON: what to do and for how long, and what came of it.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import random
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

from benchmarks.bank import METHOD, MONTHS, Means, lines_of
from benchmarks.servers import CLIENTS, Round, server_seconds
from shouxin.book.facilities.work import Asker, Command
from shouxin.desk.origination.applying import precheck
from shouxin.desk.servicing import commands
from shouxin.desk.servicing.commands import perform
from shouxin.desk.servicing.draw import Draw
from shouxin.desk.servicing.house import House
from shouxin.infra.db.connect import Connection, connect
from shouxin.infra.db.server import Server

CONNINFO = "SHOUXIN_BENCH_CONNINFO"
Asked = Iterator[tuple[uuid.UUID, Command]]


class Clients:
    """Several client processes, from `with` to its end. `round` lets all of them do the same at once."""

    def __init__(self, means: Means, server: Server, count: int = CLIENTS) -> None:
        self._server = server
        environment = {**os.environ, CONNINFO: means.conninfo}
        self._processes = [
            subprocess.Popen(
                [sys.executable, "-m", "benchmarks.clients", str(means.keys), str(means.listed), str(number), str(count)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                env=environment,
            )
            for number in range(count)
        ]

    def __enter__(self) -> Clients:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for each in self._processes:
            with contextlib.suppress(BrokenPipeError):
                each.communicate()  # closes its stdin, which ends it

    def round(self, work: str, seconds: float) -> Round:
        """All clients do a kind of work for so long, or until there is none left.

        Raises AssertionError where a command was refused.
        """
        before = server_seconds(self._server)
        for each in self._processes:
            assert each.stdin is not None
            each.stdin.write(json.dumps({"work": work, "seconds": seconds}) + "\n")
            each.stdin.flush()
        told = [_told(each) for each in self._processes]
        server, latencies = server_seconds(self._server) - before, [value for each in told for value in each["latencies"]]
        a_second = sum(len(each["latencies"]) / each["seconds"] for each in told)
        count = max(1, len(latencies))
        return Round(a_second, sum(each["cpu"] for each in told) / count, server / count, latencies)


def _told(process: subprocess.Popen[str]) -> dict[str, Any]:
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        raise AssertionError(f"a client ended with exit code {process.wait()}")
    found: dict[str, Any] = json.loads(line)
    return found


class Client:
    """One of them. Of draws and loans those are its own whose id, divided by the count of clients, leaves its number."""

    def __init__(self, connection: Connection, house: House, number: int = 0, count: int = 1) -> None:
        self._connection, self._house, self._number, self._count = connection, house, number, count
        self._source = random.Random(number)
        self._lines = list(lines_of(connection))
        self._keys = itertools.count()
        self._run = uuid.uuid4().hex[:8]

    def run(self, work: str, seconds: float) -> dict[str, Any]:
        """What came of it: seconds of each command, seconds in all, and processor time."""
        asked, latencies = self.asked(work), []
        cpu, started = time.process_time(), time.perf_counter()
        began = now = started
        while began - started < seconds and (following := next(asked, None)) is not None:
            self.perform(*following)
            now = time.perf_counter()
            latencies.append(now - began)
            began = now
        return {"latencies": latencies, "seconds": max(now - started, 1e-9), "cpu": time.process_time() - cpu}

    def asked(self, work: str) -> Asked:
        """The commands of a kind of work: `draw`, `instruct`, `paid`, `repay`, `decide`."""
        kinds: dict[str, Callable[[], Asked]] = {
            "draw": self._draws,
            "instruct": self._instructions,
            "paid": self._payouts,
            "repay": self._repayments,
            "decide": self._decisions,
        }
        return kinds[work]()

    def perform(self, customer_id: uuid.UUID, command: Command) -> None:
        """Ask in a transaction of its own. Raises AssertionError where it is refused."""
        answer = perform(self._connection, Asker(customer_id, "benchmark", f"{self._run} {next(self._keys)}"), command)
        if not answer.done:
            raise AssertionError(answer.body)

    def _draws(self) -> Asked:
        """Draws by anybody, of 500 to 2,000 yuan."""
        while True:
            customer_id, facility_id = self._source.choice(self._lines)
            wanted = Draw(facility_id, self._source.randrange(50_000, 200_000), METHOD, MONTHS, "shopping")
            yield customer_id, commands.draw(self._house, customer_id, wanted)

    def _decisions(self) -> Asked:
        """What anybody could have."""
        while True:
            customer_id, _ = self._source.choice(self._lines)
            yield customer_id, precheck(self._house, customer_id)

    def _instructions(self) -> Asked:
        """Each draw goes to its rail."""
        for customer_id, loan_id in self._own("SELECT customer_id, loan_id FROM draw WHERE status = 'reserved'"):
            yield customer_id, commands.instruct(self._house, customer_id, loan_id)

    def _payouts(self) -> Asked:
        """The rail has paid."""
        for customer_id, loan_id in self._own("SELECT customer_id, loan_id FROM draw WHERE status = 'instructed'"):
            yield customer_id, commands.paid(self._house, customer_id, loan_id)

    def _repayments(self) -> Asked:
        """What is due of each loan, to the cent."""
        due = "SELECT customer_id, loan_id, due_principal + due_interest FROM loan_state WHERE dues <> '[]'"
        for customer_id, loan_id, amount in self._own(due):
            yield customer_id, commands.repay_loan(customer_id, loan_id, amount)

    def _own(self, query: str) -> list[Any]:
        with self._connection.cursor() as cursor:
            rows: list[Any] = cursor.execute(query.encode()).fetchall()
        self._connection.rollback()
        mine = [row for row in rows if row[1].int % self._count == self._number]
        self._source.shuffle(mine)
        return mine


def main() -> None:
    """Do what the lines say until there are no more."""
    keys, listed, number, count = sys.argv[1:]
    means = Means(os.environ[CONNINFO], Path(keys), Path(listed))
    with connect(means.conninfo) as connection:
        client = Client(connection, means.house(), int(number), int(count))
        for line in sys.stdin:
            wanted = json.loads(line)
            print(json.dumps(client.run(wanted["work"], wanted["seconds"])), flush=True)


if __name__ == "__main__":
    main()
