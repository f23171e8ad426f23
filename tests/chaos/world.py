"""Where the fault test plays: a server in a folder of its own, a lender, its customers, and the files that processes share."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from shouxin.desk.servicing.house import House
from shouxin.infra.db.connect import embedded
from shouxin.infra.db.migrate import migrate
from shouxin.infra.db.server import Server
from tests.desk.servicing.lender import lender

DATA = "data"
# The same for everybody who may start the server. Frequent checkpoints, so that a recovery begins at many different places.
SETTINGS = {"shared_buffers": "64MB", "checkpoint_timeout": "30s", "max_wal_size": "64MB", "wal_keep_size": "0"}


@dataclass(frozen=True, slots=True)
class World:
    """What every process knows. parent: the process that leads the run; its children end with it."""

    folder: Path
    server: Server
    house: House
    customers: tuple[uuid.UUID, ...]
    parent: int

    @property
    def logs(self) -> Path:
        """What clients and workers write down."""
        return self.folder / "logs"

    @property
    def told(self) -> Path:
        """The files of the relay."""
        return self.folder / "told"

    def stop(self) -> None:
        """Let everybody finish what was begun and end. A file, since a process that is killed could take a lock with it."""
        (self.folder / "stop").touch()

    @property
    def stopping(self) -> bool:
        """Whether everybody is to finish; ends a process at once whose parent is gone."""
        if os.getpid() != self.parent and os.getppid() != self.parent:
            os._exit(1)
        return (self.folder / "stop").exists()


Folder: TypeAlias = Callable[[], contextlib.AbstractContextManager[Path]]


@contextlib.contextmanager
def temporary() -> Iterator[Path]:
    """A folder for a run; the server in it and all that the run leaves are removed."""
    folder = _made()
    try:
        yield folder
    finally:
        Server(folder / DATA).erase()
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def kept() -> Iterator[Path]:
    """A folder for a run that stays, with the server stopped; says where it is."""
    folder = _made()
    try:
        yield folder
    finally:
        Server(folder / DATA).stop()
        print(f"kept: {folder}")


def _made() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="shouxin-chaos-"))
    if os.geteuid() == 0:
        folder.chmod(0o711)  # the server's user passes through
    return folder


def world(folder: Path, customers: int) -> World:
    """A lender that has just begun, with so many customers that have no lines yet."""
    server = Server(folder / DATA, SETTINGS)
    server.ensure()
    target = embedded(server)
    migrate(target)
    with lender(target) as bank:
        found = tuple(bank.customer() for _ in range(customers))
        made = World(folder, server, bank.house, found, os.getpid())
    made.logs.mkdir()
    return made
