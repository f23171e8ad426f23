"""What the system's own checks say, what the relay told, and whether the pages on the disk are whole."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict

from shouxin.book.ledger.verify import verify
from shouxin.desk.servicing.checks import all_checks
from shouxin.infra.db.binaries import programs
from shouxin.infra.db.connect import Connection
from shouxin.infra.db.installed import runnable
from shouxin.infra.db.place import settle
from shouxin.infra.db.unit import Unit
from tests.chaos.findings import Findings, Kind
from tests.chaos.world import World

EVENTS = "SELECT customer_id::text, number FROM event ORDER BY customer_id, number"
LOANS = """
WITH found AS (
  SELECT facility_id, amount AS reserved, 0 AS owed, 0 AS loans FROM draw WHERE status IN ('reserved', 'instructed')
  UNION ALL
  SELECT facility_id, 0, to_come + due_principal, (settled IS NULL)::integer
  FROM loan JOIN loan_state USING (customer_id, loan_id)
), sums AS (
  SELECT facility_id, sum(owed) AS owed, sum(reserved) AS reserved, sum(loans) AS loans FROM found GROUP BY facility_id
)
SELECT facility.facility_id, facility.owed, facility.reserved, facility.loans, sums.owed, sums.reserved, sums.loans
FROM facility LEFT JOIN sums USING (facility_id)
WHERE facility.owed <> coalesce(sums.owed, 0) OR facility.reserved <> coalesce(sums.reserved, 0)
  OR facility.loans <> coalesce(sums.loans, 0)"""


def judge_books(connection: Connection, world: World, findings: Findings) -> None:
    """Run the checks of ledger and servicing, and verify the chain."""
    unit = Unit(connection)
    loans = connection.execute(LOANS).fetchall()
    findings.add(Kind.SUMS, (f"facility {row[0]}: {row[1:4]} stands there, its draws and loans say {row[4:]}" for row in loans))
    findings.add(Kind.BOOKS, all_checks(unit))
    report = verify(unit, world.house.ring)
    findings.add(Kind.CHAIN, (each.text("en") for each in report.findings))
    findings.add(Kind.TOLD, _told_differs(connection, world.told))


def _told_differs(connection: Connection, folder: Path) -> Iterator[str]:
    """Each event told once, a customer's in their order."""
    told: dict[str, list[int]] = defaultdict(list)
    for path in sorted(folder.glob("events-*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            event = json.loads(line)
            told[event["customer_id"]].append(event["number"])
    there: dict[str, list[int]] = defaultdict(list)
    for customer, number in connection.execute(EVENTS):
        there[str(customer)].append(int(str(number)))
    for customer in sorted(told.keys() | there.keys()):
        if told[customer] != there[customer]:
            yield f"{customer}: {len(there[customer])} events, {len(told[customer])} told: {_first(told[customer])}"


def _first(numbers: list[int]) -> str:
    wrong = next((at for at, number in enumerate(numbers, 1) if at != number), len(numbers) + 1)
    return f"from number {wrong} on they are not 1, 2, 3"


def judge_indexes(world: World, findings: Findings) -> str:
    """Every index compared with its table, where the server has `amcheck`; returns what was done."""
    with psycopg.connect(world.server.conninfo(), autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_available_extensions WHERE name = 'amcheck'").fetchone():
            return "not compared with their tables: these programs come without amcheck"
        connection.execute("CREATE EXTENSION IF NOT EXISTS amcheck WITH SCHEMA pg_catalog")
    place = conninfo_to_dict(world.server.conninfo())
    where = ["-h", str(place["host"]), "-p", str(place["port"]), "-U", str(place["user"]), "-d", str(place["dbname"])]
    return _run(world, ["pg_amcheck", "--heapallindexed", "--parent-check", *where], findings)


def judge_pages(world: World, findings: Findings) -> str:
    """The checksum of every page; stops the server. Returns what was done."""
    world.server.stop()
    data = settle(world.server.folder).data
    return _run(world, ["pg_checksums", "--check", "-D", str(data)], findings)


def _run(world: World, command: list[str], findings: Findings) -> str:
    home = settle(world.server.folder)
    path = runnable(programs(), home).path(command[0])
    done = home.account.run([path, *command[1:]])
    if done.returncode:
        findings.add(Kind.PAGES, [f"{command[0]}: {(done.stderr or done.stdout).strip()}"])
    return f"{command[0]}: {'broken' if done.returncode else 'whole'}"
