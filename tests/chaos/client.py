"""A client: writes down what it intends, asks until it is answered, writes down the answer."""

from __future__ import annotations

import random
import uuid
from collections.abc import Mapping
from typing import Any

from shouxin.book.facilities.work import Asker
from shouxin.desk.servicing.commands import perform
from shouxin.infra.access.requests import Answer
from shouxin.infra.db.connect import Connection
from tests.chaos.choices import choose, look
from tests.chaos.intents import command_of
from tests.chaos.link import Link
from tests.chaos.log import Intent, Log
from tests.chaos.planted import plant
from tests.chaos.world import World
from tests.desk.servicing.lender import YUAN

HOT = 6  # so many customers get half of all requests
ASKED_TWICE = 0.04  # of all requests: an answered one is asked again on purpose
KNOWN = 200
LINES = (("consumer-line", 2_000), ("pay-later", 2_000), ("business-loan", 1_000))
TOTAL = 3_000


class Client:
    """One life of a client. The key of a request says who asks in which life, so that no two are the same."""

    def __init__(self, world: World, name: str) -> None:
        self._world, self._name = world, name
        self._log = Log(world.logs / f"{name}.log")
        self._link = Link(world)
        self._asked = 0
        self._answered: list[Intent] = []

    @property
    def lives(self) -> int:
        """How many lives there were before this one."""
        return self._log.before.lives

    def finish_earlier(self) -> None:
        """Send again what an earlier life left unanswered."""
        for intent in self._log.before.unanswered:
            self._log.write("again", intent.key)
            self._settle(intent)

    def request(self, customer: uuid.UUID, action: str, args: Mapping[str, Any]) -> Answer | None:
        """A new request; returns its answer, None after a fault, which stands in the log."""
        self._asked += 1
        key = f"{self._name}/{self.lives}/{self._asked}"
        intent = Intent(key, customer, action, args)
        self._log.write("intent", intent.to_dict())
        answer = self._settle(intent)
        if answer is not None:
            self._answered = [*self._answered[-KNOWN:], intent]
        return answer

    def act(self, dice: random.Random) -> None:
        """Choose something for some customer, and ask; now and then something that was answered before."""
        if self._answered and dice.random() < ASKED_TWICE:
            self._settle(dice.choice(self._answered))
            return
        customers = self._world.customers
        customer = dice.choice(customers[:HOT] if dice.random() < 0.5 else customers)
        sight = self._link.insist(lambda connection: look(connection, customer))
        self.request(customer, *choose(dice, sight))

    def close(self) -> None:
        """End this life in peace."""
        self._link.drop()
        self._log.close()

    def _settle(self, intent: Intent) -> Answer | None:
        asker = Asker(intent.customer, intent.key, intent.key)  # the principal of its events: so they name their request
        command = command_of(self._world.house, intent)

        def ask(connection: Connection) -> Answer:
            return perform(connection, asker, command)

        try:
            answer = self._link.insist(ask, lambda: self._log.write("again", intent.key))
        except Exception as error:  # whatever it is, it is no answer, and must not happen
            self._log.write("fault", {"key": intent.key, "text": f"{intent.action}: {type(error).__name__}: {error}"})
            self._link.drop()
            return None
        told = {"key": intent.key, "done": answer.done, "body": answer.body, "repeated": answer.repeated}
        self._log.write("answer", told)
        return answer


def live(world: World, name: str, seed: str) -> None:
    """Ask until everybody is to stop."""
    plant()
    client = Client(world, name)
    client.finish_earlier()
    dice = random.Random(f"{seed} {name} {client.lives}")
    while not world.stopping:
        client.act(dice)
    client.close()


def grant_lines(world: World) -> None:
    """Low lines for all customers: two products share 2,000 yuan, a third has 1,000, and all of them 3,000."""
    client = Client(world, "setup")
    for customer in world.customers:
        client.request(customer, "total", {"total": TOTAL * YUAN})
        for product, limit in LINES:
            offered = client.request(customer, "offer", {"product": product, "limit": limit * YUAN})
            if offered is not None:
                client.request(customer, "accept", {"facility": str(offered.body["facility"])})
    client.close()
