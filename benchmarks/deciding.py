"""A decision through the database, by one client and by eight, beside draws on the same server.

Each reads what is known of a customer (account facts, snapshots of five sources, consents), assesses, and keeps the decision
sealed: a pre-check, which is what an application does but for its offers. Draws and decisions take turns.
"""

from __future__ import annotations

import statistics
import tempfile
import uuid
from functools import partial
from pathlib import Path

from benchmarks.bank import FIRST_DAY, Means, lines_of, means, open_bank
from benchmarks.clients import Clients
from benchmarks.lending import counted, figures
from benchmarks.measure import Row
from benchmarks.servers import CLIENTS, Round, checkpoint, durable_server, median, migrated
from shouxin.book.customers import history_of, hold_customer, store_events
from shouxin.book.customers.consents import give_consent
from shouxin.book.customers.model import NewConsent, Purpose
from shouxin.book.facts.snapshots import NewSnapshot, record_snapshot
from shouxin.book.facts.values import by_source
from shouxin.desk.servicing.house import House
from shouxin.engines.policy.compile import Policy, compile_policy
from shouxin.infra.db.connect import connect
from shouxin.infra.db.keys_of_customers import key_of
from shouxin.infra.db.unit import Unit, in_unit

CUSTOMERS, ROUNDS, SECONDS = 1_000, 5, 6.0
QUICK_CUSTOMERS, QUICK_ROUNDS, QUICK_SECONDS = 100, 2, 2.0
PERSON = "lin"


def measure(*, quick: bool) -> list[Row]:
    """The rows of the table."""
    rounds, seconds = (QUICK_ROUNDS, QUICK_SECONDS) if quick else (ROUNDS, SECONDS)
    with tempfile.TemporaryDirectory(prefix="shouxin-bench-") as folder, durable_server() as server:
        found = means(migrated(server).app, Path(folder))
        open_bank(found, QUICK_CUSTOMERS if quick else CUSTOMERS)
        know_all(found)
        sent = counted(found, ("decide",))["decide"]
        rows = []
        for count in (1, CLIENTS):
            with Clients(found, server, count) as clients:
                for work in ("draw", "decide"):
                    clients.round(work, 1.0)
                checkpoint(server)
                both = [(clients.round("decide", seconds), clients.round("draw", seconds)) for _ in range(rounds)]
            rows.append(_row(both, count, sent))
    return rows


def know_all(means: Means) -> None:
    """What the cases of `standard` say of somebody becomes known of every customer."""
    policy, house = compile_policy("standard"), means.house()
    with connect(means.conninfo) as connection:
        connection.execute("SET synchronous_commit = off")
        customers = [customer_id for customer_id, _ in lines_of(connection)]
        for customer_id in customers:
            in_unit(connection, partial(_know, house=house, policy=policy, customer_id=customer_id))


def _know(unit: Unit, house: House, policy: Policy, customer_id: uuid.UUID) -> None:
    history = history_of(unit, hold_customer(unit, customer_id), "benchmark", FIRST_DAY)
    give_consent(unit, NewConsent(Purpose.BUREAU_QUERY, "1", "zh", FIRST_DAY), history)
    key = key_of(unit, house.ring, customer_id)
    fresh = {observed: FIRST_DAY for _, observed in policy.plan.sources.values() if observed}
    for source, values in by_source(policy.plan.inputs, {**policy.bundle.profiles[PERSON], **fresh}).items():
        record_snapshot(unit, history, key, NewSnapshot(source, FIRST_DAY, bytes.fromhex(policy.bundle.hash), values))
    store_events(unit, history)


def _row(both: list[tuple[Round, Round]], count: int, sent: tuple[int, int]) -> Row:
    decisions, draws = ([pair[place] for pair in both] for place in (0, 1))
    times = [one.a_second / other.a_second for one, other in both]
    spread = f"{statistics.median(times):.2f}x ({min(times):.2f}-{max(times):.2f})"
    who = "1 client" if count == 1 else f"{count} clients"
    ours = f"{figures(median(decisions))}; {sent[0]} statements, {sent[1]} round trips"
    return Row(f"decision: facts, assess, store, {who}", ours, f"draw {figures(median(draws))}", spread, "", None)
