"""The workers beside the clients: close of business, and the relay of events."""

from __future__ import annotations

import random
import time

from shouxin.book.ledger.days import DAY, day_of
from shouxin.desk.servicing import closing
from shouxin.infra.db.connect import Connection
from shouxin.infra.db.unit import in_unit
from shouxin.infra.messages.outbox import Relay
from shouxin.infra.messages.sinks import FileSink
from tests.chaos.link import Link
from tests.chaos.log import Log
from tests.chaos.world import World

LEASE_SECONDS = 3  # a relay that was killed holds its customers so long
IDLE_SECONDS = 0.1


def close_days(world: World, name: str, seed: str) -> None:
    """Close a day every second or so, until everybody is to stop."""
    log, link = Log(world.logs / f"{name}.log"), Link(world)
    dice = random.Random(f"{seed} {name} {log.before.lives}")
    while not world.stopping:
        time.sleep(dice.uniform(0.2, 1.2))
        try:
            link.insist(lambda connection: close_open_day(world, connection, log))
        except Exception as error:  # whatever it is, close of business must not raise it
            log.write("fault", {"key": name, "text": f"close of business: {type(error).__name__}: {error}"})
            link.drop()
    link.drop()
    log.close()


def close_open_day(world: World, connection: Connection, log: Log) -> None:
    """Close the open day, after one that was left half closed."""
    today = in_unit(connection, lambda unit: day_of(unit.read(DAY)[0]))
    for closed in closing.run(connection, world.house, today):
        log.write("closed", closed.day)


def relay_of(world: World) -> Relay:
    """A relay that writes to the files of the run."""
    return Relay([FileSink(world.told)], lease_seconds=LEASE_SECONDS)


def tell(world: World, name: str, _seed: str) -> None:
    """Tell events until everybody is to stop."""
    log, link, relay = Log(world.logs / f"{name}.log"), Link(world), relay_of(world)
    while not world.stopping:
        try:
            if not link.insist(relay.run_once):
                time.sleep(IDLE_SECONDS)
        except Exception as error:  # whatever it is, the relay must not raise it
            log.write("fault", {"key": name, "text": f"relay: {type(error).__name__}: {error}"})
            link.drop()
    link.drop()
    log.close()
