"""The killer: what is ended, and how. Kinds come from a shuffled deck, so that each has its turn within a few seconds."""

from __future__ import annotations

import random
import signal
import time
from collections import Counter
from collections.abc import Callable, Sequence

import psycopg

from shouxin.infra.db.place import find
from shouxin.infra.db.processes import is_postmaster, read_postmaster, send
from tests.chaos.crew import Crew
from tests.chaos.world import World

DECK = ("client",) * 5 + ("closer", "closer", "relay", "session", "session", "backend", "backend", "postmaster")
PAUSE_SECONDS = (0.1, 0.7)
BACKENDS = """
SELECT pid FROM pg_stat_activity
WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() AND application_name = 'shouxin'"""


class Killer:
    """Kills until a time is over. kills: how many of each kind were done."""

    def __init__(self, world: World, crew: Crew, clients: Sequence[str], dice: random.Random) -> None:
        self._world, self._dice = world, dice
        self._ways: dict[str, Callable[[], bool]] = {
            "client": lambda: crew.kill(dice.choice(clients)),
            "closer": lambda: crew.kill("closer"),
            "relay": lambda: crew.kill("relay"),
            "session": self._cut_session,
            "backend": self._kill_backend,
            "postmaster": lambda: kill_postmaster(world),
        }
        self.kills: Counter[str] = Counter(dict.fromkeys(self._ways, 0))

    def rage(self, seconds: float) -> None:
        """Kill one after the other, until so many seconds are over."""
        deadline = time.monotonic() + seconds
        deck: list[str] = []
        while time.monotonic() < deadline:
            if not deck:
                deck = self._dice.sample(DECK, len(DECK))
            time.sleep(min(self._dice.uniform(*PAUSE_SECONDS), max(0.0, deadline - time.monotonic())))
            kind = deck.pop()
            self.kills[kind] += self._ways[kind]()

    def _kill_backend(self) -> bool:
        """`kill -9` of one backend: the postmaster ends all others, and recovers."""
        home = find(self._world.server.folder)
        pid = self._some_backend()
        if home is None or pid is None or not is_postmaster(pid, home / "data"):
            return False
        send(pid, signal.SIGKILL)
        return True

    def _cut_session(self) -> bool:
        """One connection is cut; the server goes on."""
        pid = self._some_backend()
        if pid is not None:
            send(pid, signal.SIGTERM)
        return pid is not None

    def _some_backend(self) -> int | None:
        """None where the server does not answer: it is for the others to start it."""
        try:
            with psycopg.connect(self._world.server.conninfo(), connect_timeout=3) as connection:
                pids = [row[0] for row in connection.execute(BACKENDS)]
        except psycopg.OperationalError:
            return None
        return self._dice.choice(pids) if pids else None


def kill_postmaster(world: World) -> bool:
    """`kill -9`; False where none runs at the moment."""
    home = find(world.server.folder)
    found = read_postmaster(home / "data") if home else None
    if home is None or found is None or not is_postmaster(found.pid, home / "data"):
        return False
    send(found.pid, signal.SIGKILL)
    return True
