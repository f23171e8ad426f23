"""A whole run: begin, rage, come to rest, judge."""

from __future__ import annotations

import random
import time
from collections import Counter
from dataclasses import dataclass, field

from shouxin.infra.db.connect import connect, embedded
from tests.chaos.answers import judge_answers
from tests.chaos.books import judge_books, judge_indexes, judge_pages
from tests.chaos.client import grant_lines, live
from tests.chaos.crew import Crew, Job
from tests.chaos.effects import judge_effects
from tests.chaos.findings import Findings, Kind
from tests.chaos.killer import Killer, kill_postmaster
from tests.chaos.link import Link
from tests.chaos.log import Log, Record, read_logs
from tests.chaos.workers import close_days, close_open_day, relay_of, tell
from tests.chaos.world import World

REST_SECONDS = 180


@dataclass(slots=True)
class Result:
    """What a run did and found. kills: by kind; notes: what was checked of the files, and how."""

    kills: Counter[str]
    record: Record
    findings: Findings
    seconds: dict[str, float]
    notes: dict[str, str] = field(default_factory=dict)


def run(world: World, seed: int, seconds: float, clients: int) -> Result:
    """Let clients and workers work for so many seconds, under fire; then see what is left."""
    began = time.monotonic()
    grant_lines(world)
    names = [f"client-{number}" for number in range(1, clients + 1)]
    jobs: list[tuple[str, Job]] = [*((name, live) for name in names), ("closer", close_days), ("relay", tell)]
    findings = Findings()
    granted = time.monotonic()
    with Crew(world, str(seed), jobs) as crew:
        killer = Killer(world, crew, names, random.Random(seed))
        killer.rage(seconds)
        world.stop()
        findings.add(Kind.UNANSWERED, (f"{name} did not end" for name in crew.wait(REST_SECONDS)))
        findings.add(Kind.DIED, crew.died)
    killer.kills["postmaster"] += kill_postmaster(world)  # what was acknowledged last has to survive, too
    come_to_rest(world)
    rested = time.monotonic()
    result = Result(killer.kills, read_logs(world.logs), findings, {})
    judge(world, result)
    result.seconds = {"begin": granted - began, "rage and rest": rested - granted, "judge": time.monotonic() - rested}
    return result


def come_to_rest(world: World) -> None:
    """End the open day, so that all that was booked is sealed, and tell what was not told yet."""
    log, link, relay = Log(world.logs / "closer.log"), Link(world), relay_of(world)
    link.insist(lambda connection: close_open_day(world, connection, log))
    deadline = time.monotonic() + REST_SECONDS
    while link.insist(relay.run_once) or (_untold(link) and time.monotonic() < deadline):
        time.sleep(0.05)
    link.drop()
    log.close()


def _untold(link: Link) -> bool:
    connection = link.connection()
    found = connection.execute("SELECT count(*) FROM outbox").fetchone()
    connection.rollback()
    return found != (0,)


def judge(world: World, result: Result) -> None:
    """All judges, on one snapshot; then the files, with the server stopped at the end."""
    with connect(embedded(world.server).app) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        judge_answers(connection, result.record, result.findings)
        judge_effects(connection, result.record, result.findings)
        judge_books(connection, world, result.findings)
    result.notes["indexes"] = judge_indexes(world, result.findings)
    result.notes["pages"] = judge_pages(world, result.findings)
