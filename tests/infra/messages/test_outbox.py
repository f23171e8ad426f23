"""The relay: every event is told, in order, whatever fails or dies."""

from __future__ import annotations

import random
import threading
import time
import uuid
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import pytest

from shouxin.infra.db.connect import Connection, Target, connect
from shouxin.infra.db.unit import Unit, in_unit
from shouxin.infra.messages import outbox
from shouxin.infra.messages.outbox import Relay, Told
from shouxin.infra.messages.sinks import ListSink
from tests.infra.messages.happenings import TODAY, add_customer, happen, happened


class Refusing(ListSink):
    """Takes nothing of some customers."""

    def __init__(self, refused: Sequence[uuid.UUID]) -> None:
        super().__init__()
        self.refused = refused

    def deliver(self, event: Told) -> None:
        if event.customer_id in self.refused and event.number == 2:
            raise ConnectionError("not now")
        super().deliver(event)


def row_of(connection: Connection, customer_id: uuid.UUID) -> Any:
    asked = "SELECT sent, failures, leased_by, next_try > now(), trouble FROM outbox WHERE customer_id = %s"
    row = connection.execute(asked, (customer_id,)).fetchone()
    connection.rollback()
    return row


def due_now(connection: Connection) -> None:
    """As if the pauses and leases were over."""
    connection.execute("UPDATE outbox SET next_try = now()")
    connection.commit()


def test_events_are_told_once_in_order_and_the_row_goes(connection: Connection) -> None:
    one, two = add_customer(connection), add_customer(connection)
    happened(connection, one, 3)
    happened(connection, two)
    happened(connection, one, 2)
    sink = ListSink()
    relay = Relay([sink])
    assert relay.run_once(connection) == 6 + 2
    assert [each.number for each in sink.told if each.customer_id == one] == [1, 2, 3, 4, 5]
    first = next(each for each in sink.told if each.customer_id == two)
    assert (first.kind, first.booked, first.principal, first.body) == ("made.up", TODAY, "clerk-1", {"text": "一\u2028二"})
    assert row_of(connection, one) is None and row_of(connection, two) is None
    assert relay.run_once(connection) == 0
    happened(connection, one)
    assert relay.run_once(connection) == 2
    assert sink.told[-1].number == 6


def test_a_sink_that_fails_keeps_back_that_customer_alone(connection: Connection) -> None:
    bad, good = add_customer(connection), add_customer(connection)
    happened(connection, bad, 3)
    happened(connection, good, 3)
    refusing, second = Refusing([bad]), ListSink()
    relay = Relay([second, refusing])
    assert relay.run_once(connection) == 1 + 3 + 1
    assert row_of(connection, bad) == (1, 1, None, True, "ConnectionError: not now") and row_of(connection, good) is None
    assert relay.run_once(connection) == 0
    due_now(connection)
    assert relay.run_once(connection) == 0
    assert row_of(connection, bad)[:2] == (1, 2)
    refusing.refused = []
    due_now(connection)
    assert relay.run_once(connection) == 3
    assert [each.number for each in refusing.told if each.customer_id == bad] == [1, 2, 3]
    assert [each.number for each in second.told if each.customer_id == bad] == [1, 2, 2, 2, 3]


def test_pauses_double_up_to_an_hour(connection: Connection) -> None:
    customer = add_customer(connection)
    happened(connection, customer, 2)
    relay, pauses = Relay([Refusing([customer])]), []
    for _ in range(14):
        relay.run_once(connection)
        row = connection.execute("SELECT extract(epoch FROM next_try - now())::int FROM outbox").fetchone()
        pauses.append(row and row[0])
        due_now(connection)
    assert pauses[:4] == [2, 4, 8, 16]
    assert pauses[-2:] == [3600, 3600]


def test_nothing_is_settled_where_a_sink_cannot_settle(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    customer, quiet = add_customer(connection), add_customer(connection)
    happened(connection, customer, 2)
    connection.execute("INSERT INTO outbox (customer_id, sent) VALUES (%s, 0)", (quiet,))
    connection.commit()
    full = ListSink()

    def disk_full(_: ListSink) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(ListSink, "settle", disk_full)
        assert Relay([full]).run_once(connection) == 1
    assert row_of(connection, customer) == (0, 1, None, True, "OSError: [Errno 28] No space left on device")
    assert row_of(connection, quiet) is None


def test_a_dead_workers_lease_runs_out(connection: Connection, other: Connection) -> None:
    customer = add_customer(connection)
    happened(connection, customer)

    class Dying(ListSink):
        def deliver(self, event: Told) -> None:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Relay([Dying()], lease_seconds=1).run_once(connection)
    sink = ListSink()
    assert Relay([sink]).run_once(other) == 0
    time.sleep(1.1)
    assert Relay([sink]).run_once(other) == 2
    assert len(sink.told) == 1


def test_who_lost_the_lease_changes_nothing(connection: Connection, other: Connection) -> None:
    customer = add_customer(connection)
    happened(connection, customer, 3)

    class Slow(ListSink):
        def deliver(self, event: Told) -> None:
            due_now(other)
            Relay([taken_over], events=1).run_once(other)
            if event.number == 2:
                raise TimeoutError
            super().deliver(event)

    taken_over, slow = ListSink(), Slow()
    assert Relay([slow]).run_once(connection) == 1
    assert [each.number for each in slow.told] == [1] and [each.number for each in taken_over.told] == [1, 2]
    assert row_of(connection, customer) == (2, 0, None, False, None)
    assert Relay([taken_over]).run_once(connection) == 2
    assert [each.number for each in taken_over.told] == [1, 2, 3] and row_of(connection, customer) is None


def test_a_worker_stops_when_its_lease_is_over(connection: Connection) -> None:
    customer = add_customer(connection)
    happened(connection, customer, 3)
    sink = ListSink()
    assert Relay([sink], lease_seconds=0).run_once(connection) == 0
    assert sink.told == [] and row_of(connection, customer)[:2] == (0, 0)


def test_a_long_past_is_told_in_several_rounds(connection: Connection) -> None:
    customer = add_customer(connection)
    happened(connection, customer, 5)
    sink, relay = ListSink(), Relay([ListSink()], events=2)
    relay.sinks = [sink]
    assert [relay.run_once(connection) for _ in range(4)] == [2, 2, 1 + 1, 0]
    assert [each.number for each in sink.told] == [1, 2, 3, 4, 5]


def test_an_event_committed_while_the_row_ends_is_told(connection: Connection, other: Connection) -> None:
    """A command has put its row in before the relay came (nothing is written then), and commits after it looked."""
    customer = add_customer(connection)
    happened(connection, customer)
    sink, command = ListSink(), Unit(other)

    class Meanwhile(ListSink):
        def deliver(self, event: Told) -> None:
            if event.number == 1:
                happen(command, customer)
                command.flush()
            super().deliver(event)

    assert Relay([Meanwhile()]).run_once(connection) == 1
    assert row_of(connection, customer) == (1, 0, None, True, None)
    command.commit()
    assert Relay([sink]).run_once(connection) == 0
    due_now(connection)
    assert Relay([sink]).run_once(connection) == 2
    assert [each.number for each in sink.told] == [2]


def test_the_last_look_sees_what_was_committed_after_the_lease(connection: Connection, other: Connection) -> None:
    customer = add_customer(connection)
    happened(connection, customer)

    class Meanwhile(ListSink):
        def deliver(self, event: Told) -> None:
            if event.number == 1:
                happened(other, customer)
            super().deliver(event)

    sink = Meanwhile()
    relay = Relay([sink])
    assert [relay.run_once(connection) for _ in range(3)] == [1, 2, 0]
    assert [each.number for each in sink.told] == [1, 2]


class Unreliable:
    """A sink that refuses at random, and under which a worker dies at random. What it took it keeps for good."""

    def __init__(self, kept: dict[uuid.UUID, list[int]], seed: int) -> None:
        self.kept, self.chance = kept, random.Random(seed)

    def deliver(self, event: Told) -> None:
        drawn = self.chance.random()
        if drawn < 0.05:
            raise TimeoutError
        self.kept[event.customer_id].append(event.number)
        if drawn > 0.99:
            raise SystemExit  # after the event was taken and before anybody wrote that down

    def settle(self) -> None:
        if self.chance.random() < 0.05:
            raise OSError


def test_two_relays_tell_everything_in_order_whatever_happens(database: Target, connection: Connection, monkeypatch: Any) -> None:
    monkeypatch.setattr(outbox, "FIRST_PAUSE_SECONDS", 0.01)
    monkeypatch.setattr(outbox, "LONGEST_PAUSE_SECONDS", 0.05)
    monkeypatch.setattr(outbox, "BUSY_PAUSE_SECONDS", 0.01)
    customers = [add_customer(connection) for _ in range(20)]
    kept: dict[uuid.UUID, list[int]] = defaultdict(list)
    done = threading.Event()

    def relay(seed: int) -> None:
        sink = Unreliable(kept, seed)
        with connect(database.app) as own:
            worker = Relay([sink], lease_seconds=1, customers=5, events=3)
            while not done.is_set():
                try:
                    if not worker.run_once(own):
                        time.sleep(0.005)
                except SystemExit:  # another worker in its place
                    own.rollback()

    def commands(seed: int) -> None:
        chance = random.Random(seed)
        with connect(database.app) as own:
            for _ in range(150):
                happened(own, chance.choice(customers), chance.randint(1, 4))

    workers = [threading.Thread(target=relay, args=(seed,)) for seed in (1, 2)]
    writers = [threading.Thread(target=commands, args=(seed,)) for seed in (3, 4)]
    for each in (*workers, *writers):
        each.start()
    for each in writers:
        each.join()
    try:
        _wait_until_empty(connection)
    finally:
        done.set()
        for each in workers:
            each.join()
    rows = connection.execute("SELECT customer_id, events FROM customer WHERE customer_id = ANY(%s)", (customers,)).fetchall()
    assert sum(int(str(events)) for _, events in rows) > 300
    for customer, events in rows:
        firsts = list(dict.fromkeys(kept[uuid.UUID(str(customer))]))
        assert firsts == list(range(1, int(str(events)) + 1))


def _wait_until_empty(connection: Connection, seconds: int = 20) -> None:
    until = time.monotonic() + seconds
    while in_unit(connection, lambda unit: unit.read(("SELECT FROM outbox", ()))[0]):
        assert time.monotonic() < until, "the outbox never became empty"
        time.sleep(0.02)
