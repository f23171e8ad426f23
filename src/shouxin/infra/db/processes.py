"""Which processes of a server are alive. Read first: `is_alive`.

A process id in a file proves nothing: the process may be dead, and its number another's. So the server is started with an open,
locked file, which every process that it forks inherits: the lock is held exactly as long as the postmaster or any of its
backends lives, whoever started it, and however it ends.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ALIVE = "alive"
_PROC = Path("/proc")


@dataclass(frozen=True, slots=True)
class Postmaster:
    """What `postmaster.pid` says. `ready`: it takes connections."""

    pid: int
    ready: bool


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold a lock file; waits for whoever holds it. The system lets go of it when its holder dies."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


@contextlib.contextmanager
def life(home: Path) -> Iterator[int]:
    """The file that a starting server inherits, locked. Call it only when nothing is alive."""
    handle = os.open(home / ALIVE, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield handle
    finally:
        os.close(handle)


def is_alive(home: Path) -> bool:
    """Whether any process of the server lives: starting, ready, stopping, or orphaned."""
    try:
        handle = os.open(home / ALIVE, os.O_RDWR | os.O_NOFOLLOW)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)  # shared: two that ask at once do not take each other for the server
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False


def read_postmaster(data: Path) -> Postmaster | None:
    """What the server wrote of itself; None where it wrote nothing, or not all of it yet."""
    try:
        lines = (data / "postmaster.pid").read_text("ascii", "replace").splitlines()
        return Postmaster(int(lines[0]), len(lines) > 7 and lines[7].strip() == "ready")
    except (FileNotFoundError, NotADirectoryError, IndexError, ValueError):
        return None


def is_postmaster(pid: int, data: Path) -> bool:
    """Whether a process is one of this server's: they work in its data folder. Without /proc, whether it is there at all."""
    if pid < 2:
        return False
    if _PROC.joinpath("self").exists():
        return _works_in(_PROC / str(pid), data)
    return _is_there(pid)


def orphans(data: Path) -> list[int]:
    """The processes that work in the data folder. None are found without /proc."""
    return [int(each.name) for each in _PROC.glob("[0-9]*") if _works_in(each, data)]


def send(pid: int, what: signal.Signals) -> None:
    """Send a signal; a process that has ended meanwhile is none to complain of."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, what)


def _works_in(process: Path, data: Path) -> bool:
    try:
        return process.joinpath("cwd").readlink() == data.resolve()
    except OSError:  # ended, or another user's
        return False


def _is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return True
