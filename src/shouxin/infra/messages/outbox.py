"""The relay: tells what happened to whoever listens, each customer's events in their order, each at least once.

Read first: `Relay.run_once`. One round: lease some customers that have untold events, hand the events to every sink, settle the
sinks, move `sent` on, let go. `outbox.sent` is the number of the last event that every sink has.

**Order.** Of one customer's events a round tells a run without gaps that begins after `sent`; so whoever tells event 5 has told
event 4, or found it told. Where a lease runs out under a worker that is only slow, two workers may tell the same events, but the
first telling of each still comes after the first telling of the one before. A receiver that keeps the last number of a customer
and passes over what is not above it sees each event once, in order.

**The end of a row.** A command puts its customer's row in with ON CONFLICT DO NOTHING: where a row is there already, nothing is
written and nothing locked. If the relay deleted the row then, having seen no further event, the event that this command was about
to commit would have no row, and nobody would tell it. So a row is deleted only while the customer's own row is held, which every
command holds until it commits; and whether there are further events is asked by a statement that begins after the lock was got,
since one that began before might not see what the command committed meanwhile. Where a command holds the customer, the row stays
and is looked at again. Nobody waits here for a customer, so no deadlock can begin.

Leases and pauses are about real time: this is the one place of the room that asks the clock, that of the database.
"""

from __future__ import annotations

import datetime as dt
import time
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, Protocol

from shouxin.foundation.ids import new_id
from shouxin.foundation.refusal import printable
from shouxin.infra.db.connect import Connection
from shouxin.infra.db.unit import Unit, in_unit
from shouxin.infra.messages.history import QUERIES

LEASE_SECONDS = 60
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 2, 3600
CUSTOMERS, EVENTS = 200, 200  # of a round; of one customer in a round
BUSY_PAUSE_SECONDS = 1


@dataclass(frozen=True, slots=True)
class Told:
    """An event as a sink gets it. (customer_id, number) is its key: what comes again has the same, and is the same.

    at: when it was written; effective, booked: the days on which it counts and on which the books learnt of it
    """

    customer_id: uuid.UUID
    number: int
    kind: str
    facility_id: uuid.UUID | None
    loan_id: uuid.UUID | None
    effective: dt.date
    booked: dt.date
    at: dt.datetime
    principal: str
    reason: str | None
    body: Mapping[str, Any]


class Sink(Protocol):
    """Who is told. Either function may raise: then the events of the customer, or of the round, come again later."""

    def deliver(self, event: Told) -> None:
        """Take an event. It may come more than once."""

    def settle(self) -> None:
        """Let nothing that was taken since the last call be lost any more; called before `sent` moves on."""


@dataclass(slots=True)
class _Result:
    """What became of a customer in a round. sent, last: the last event that all sinks had before, and have now."""

    customer_id: uuid.UUID
    sent: int
    last: int
    trouble: str | None = None
    more: bool = False


@dataclass(slots=True)
class Relay:
    """A job that tells events to sinks. Several may run at once, in one process or many; each has sinks of its own."""

    sinks: Sequence[Sink]
    lease_seconds: int = LEASE_SECONDS
    customers: int = CUSTOMERS
    events: int = EVENTS
    name: str = field(default="relay", init=False)

    def run_once(self, connection: Connection) -> int:
        """One round; returns how many events it told and rows it finished: 0 where nothing is due. Commits on its own.

        Never raises for a sink: its customer's events wait, twice as long after each failure, at most an hour.
        """
        until = time.monotonic() + self.lease_seconds
        lease = new_id().hex
        found = in_unit(connection, lambda unit: self._take(unit, lease))
        if not found:
            return 0
        results = [self._tell(each, events, until) for each, events in found]
        self._settle(results)
        gone = in_unit(connection, lambda unit: _let_go(unit, lease, results))
        return gone + sum(each.last - each.sent for each in results)

    def _take(self, unit: Unit, lease: str) -> list[tuple[_Result, list[Told]]]:
        """Lease customers, and read what they have to tell."""
        taken, rows = unit.read(
            (QUERIES["outbox_leased"], (self.customers, lease, dt.timedelta(seconds=self.lease_seconds))),
            (QUERIES["outbox_events"], (self.events, lease)),
        )
        told = {customer: list(events) for customer, events in groupby(map(_told, rows), lambda each: each.customer_id)}
        results = [_Result(row.customer_id, row.sent, row.sent) for row in taken]
        return [(each, told.get(each.customer_id, [])) for each in results]

    def _tell(self, result: _Result, events: list[Told], until: float) -> _Result:
        """Hand one customer's events to the sinks, in their order, as long as the lease runs."""
        result.more = len(events) == self.events
        for event in events:
            if time.monotonic() >= until:
                result.more = True
                break
            try:
                for sink in self.sinks:
                    sink.deliver(event)
            except Exception as error:  # whatever a sink raises is its own; other customers' events go on
                result.trouble = _trouble(error)
                break
            result.last = event.number
        return result

    def _settle(self, results: Iterable[_Result]) -> None:
        """Settle the sinks; where one cannot, nothing of this round counts as told."""
        try:
            for sink in self.sinks:
                sink.settle()
        except Exception as error:
            for each in results:
                if each.last > each.sent:
                    each.last, each.trouble = each.sent, _trouble(error)


def _told(row: Any) -> Told:
    return Told(*row)


def _trouble(error: Exception) -> str:
    return printable(f"{type(error).__name__}: {error}".removesuffix(": "), 300)


def _let_go(unit: Unit, lease: str, results: Sequence[_Result]) -> int:
    """Write how far each customer got and end the lease; returns how many rows were finished.

    Whose lease was taken by somebody else meanwhile is left alone: that one writes.
    """
    columns = zip(*((each.customer_id, each.last, each.trouble) for each in results), strict=True)
    unit.write(QUERIES["outbox_told"], (*map(list, columns), lease))
    done = [each.customer_id for each in results if each.trouble is None and not each.more]
    (held,) = unit.read((QUERIES["customers_held_if_free"], (done,)))
    free = {row.customer_id for row in held}
    (gone,) = unit.read((QUERIES["outbox_finished"], (list(free), lease)))  # apart, so that it sees what was committed until then
    busy = [each for each in done if each not in free]
    unit.write(QUERIES["outbox_released"], (FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS, busy, BUSY_PAUSE_SECONDS, lease))
    return len(gone)
