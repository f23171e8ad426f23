"""The embedded server: one PostgreSQL for each data folder, which starts by itself and outlives whoever started it.

Read first: `Server.ensure`.

What holds, and by what:

- *One server.* A lock file is held while the server is made, started or stopped, so that of many processes one acts and the
  others find it done.
- *Whole or not there.* See `making.py`. Where everything lies and who the server runs as: `place.py`, `account.py`.
- *Known to live.* See `processes.py`: a stale `postmaster.pid`, or one whose number is another program's by now, deceives nobody.
- *Comes back.* After `kill -9` of the postmaster its backends end by themselves, or are ended; then PostgreSQL recovers from
  its log.
- *Reached by its own user and by root only*: a socket in a folder of mode 0700, see `sockets.py`.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from psycopg.conninfo import make_conninfo

from shouxin.infra.db.account import ENVIRONMENT
from shouxin.infra.db.binaries import Programs, programs
from shouxin.infra.db.configuration import ACCESS, PORT, configuration
from shouxin.infra.db.errors import (
    FolderUnusable,
    RestoreInterrupted,
    ServerNotStarted,
    ServerNotStopped,
    ServerVersionDiffers,
)
from shouxin.infra.db.installed import runnable
from shouxin.infra.db.making import MOST_LINES, make_data
from shouxin.infra.db.place import NAME, Home, find, remove_pointer, settle
from shouxin.infra.db.processes import is_alive, is_postmaster, life, locked, orphans, read_postmaster, send
from shouxin.infra.db.roles import DATABASE, SUPERUSER
from shouxin.infra.db.sockets import answers, make_socket_folder, socket_folder

RESTORING = "restoring"  # the name of a home that a restore has begun and not finished
START_SECONDS, STOP_SECONDS, PAUSE_SECONDS = 600.0, 60.0, 0.01
LOST_SECONDS = 3.0  # how long backends without a postmaster, or a server without its socket, may last
MOST_LOG_BYTES = 10_000_000

# `&` in a shell of its own: the server is nobody's child, and the shell's end leaves no zombie behind.
_DETACHED = '"$@" </dev/null >&2 &'


@dataclass(frozen=True, slots=True)
class Status:
    """What can be said of a server without starting it. Size in bytes, 0 where there is no data; version of the data's maker."""

    running: bool
    pid: int | None
    version: str | None
    folder: Path
    home: Path | None
    socket: Path | None
    size: int


class Server:
    """The server of one data folder.

    folder:   the data folder that was chosen; what is in it is in `place.py`
    settings: PostgreSQL settings that are added or replace ours at the next start; tests turn `fsync` off
    name:     the name of the home in the folder
    """

    def __init__(self, folder: Path, settings: Mapping[str, str] | None = None, name: str = NAME) -> None:
        self.folder = folder.absolute()
        self._settings = dict(settings or {})
        self._name = name

    def ensure(self) -> None:
        """Return when the server takes connections: make it on first use, start it where it does not run. A repeat does nothing.

        Raises the refusals of `settle`, `programs` and `make_data`, then those of ORDER.
        """
        home = find(self.folder, self._name)
        if home is not None and _is_ready(home):
            return
        self._refuse_beside_restore(home)
        settled = settle(self.folder, self._name)
        with _usable(self.folder), locked(settled.lock):
            if not _outlast(settled, time.monotonic() + START_SECONDS):
                self._start(settled)

    def stop(self) -> bool:
        """Stop the server: open transactions are rolled back. Returns whether it ran.

        Raises ServerNotStopped where it does not end within 60 seconds.
        """
        path = find(self.folder, self._name)
        with _usable(self.folder):
            if path is None or not is_alive(path):
                return False
            home = settle(self.folder, self._name)
            with locked(home.lock):
                return _stop(home)

    def erase(self) -> None:
        """Stop the server and remove all that it has: its data, its log, its socket. A repeat does nothing."""
        self.stop()
        home = find(self.folder, self._name)
        if home is not None:
            for each in (socket_folder(home), home):
                shutil.rmtree(each, ignore_errors=True)
            remove_pointer(self.folder, self._name)

    def status(self) -> Status:
        """How the server is. Starts and changes nothing."""
        home = find(self.folder, self._name)
        if home is None:
            return Status(False, None, None, self.folder, None, None, 0)
        data = home / "data"
        with _usable(self.folder):
            running, found = _is_ready(home), read_postmaster(data)
            return Status(
                running=running,
                pid=found.pid if running and found else None,
                version=_made_by(data),
                folder=self.folder,
                home=home,
                socket=socket_folder(home),
                size=_size(data),
            )

    def conninfo(self, user: str = SUPERUSER, database: str = DATABASE) -> str:
        """How to connect as a role. Call it after `ensure`."""
        home = find(self.folder, self._name) or self.folder / self._name
        return make_conninfo("", host=str(socket_folder(home)), port=PORT, user=user, dbname=database)

    def _refuse_beside_restore(self, home: Path | None) -> None:
        """A folder that waits for its data gets no new ones."""
        if self._name != RESTORING and not (home and (home / "data").exists()):
            left = find(self.folder, RESTORING)
            if left is not None:
                raise RestoreInterrupted("data", self.folder, left=left.name)

    def _start(self, home: Home) -> None:
        theirs = programs()
        ours = runnable(theirs, home)
        if not home.data.exists():
            make_data(home, ours, durable=self._settings.get("fsync") != "off")
        made = _made_by(home.data)
        if made != str(ours.major):
            raise ServerVersionDiffers("data", self.folder, made=made, have=ours.version)
        _launch(home, ours, self._settings)


# In this order, after what the folder, the programs and the making refuse.
ORDER = (RestoreInterrupted, ServerVersionDiffers, ServerNotStarted)


@contextlib.contextmanager
def _usable(folder: Path) -> Iterator[None]:
    """What the system refuses within is a refusal of the folder."""
    try:
        yield
    except OSError as error:
        raise FolderUnusable("data", error.filename or folder, why=error.strerror) from None


def _launch(home: Home, ours: Programs, settings: Mapping[str, str]) -> None:
    """Start the postmaster and wait until it takes connections. Nothing is alive, so what a dead one left is removed."""
    (home.data / "postmaster.pid").unlink(missing_ok=True)
    access, conf = home.path / "pg_hba.conf", home.path / "postgresql.conf"
    _write(access, ACCESS)
    _write(conf, configuration(make_socket_folder(home), access, settings))
    log = _open_log(home.log)
    said_before = os.fstat(log).st_size
    try:
        with life(home.path) as alive:
            command = ["/bin/sh", "-c", _DETACHED, "sh", ours.path("postgres"), "-D", str(home.data), "-c", f"config_file={conf}"]
            subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=log,
                pass_fds=[alive],
                start_new_session=True,
                cwd="/",
                env=ENVIRONMENT,
                umask=0o077,
                check=True,
                **home.account.identity(),
            )
    finally:
        os.close(log)
    deadline = time.monotonic() + START_SECONDS
    while is_alive(home.path) and time.monotonic() < deadline:
        if _is_ready(home.path):
            return
        time.sleep(PAUSE_SECONDS)
    raise ServerNotStarted("data", home.path, path=home.log, log=_tail(home.log, said_before))


def _outlast(home: Home, deadline: float) -> bool:
    """Wait until the server is ready (True) or nothing of it is alive (False). What will never be ready is ended."""
    lost_since: float | None = None
    while is_alive(home.path):
        if _is_ready(home.path):
            return True
        now, found = time.monotonic(), read_postmaster(home.data)
        commanded = found is not None and is_postmaster(found.pid, home.data)
        if commanded and not (found and found.ready):  # starting, recovering or stopping
            lost_since = None
        else:
            lost_since = lost_since or now
            if now - lost_since > LOST_SECONDS:
                _end(home, found.pid if commanded and found else None, now - lost_since)
        if now > deadline:
            raise ServerNotStarted("data", home.path, path=home.log, log=_tail(home.log))
        time.sleep(PAUSE_SECONDS)
    return False


def _end(home: Home, postmaster: int | None, lost_seconds: float) -> None:
    """End a server whose socket is gone, or backends whose postmaster is gone; with force where it takes too long."""
    if postmaster is not None:
        send(postmaster, signal.SIGINT)
        return
    for pid in orphans(home.data):
        send(pid, signal.SIGQUIT if lost_seconds < 2 * LOST_SECONDS else signal.SIGKILL)


def _stop(home: Home) -> bool:
    started, ran = time.monotonic(), is_alive(home.path)
    asked: int | None = None
    while is_alive(home.path):
        passed, found = time.monotonic() - started, read_postmaster(home.data)
        if found is not None and is_postmaster(found.pid, home.data):
            if asked != found.pid:
                send(found.pid, signal.SIGINT)
                asked = found.pid
        elif passed > LOST_SECONDS:
            _end(home, None, passed)
        if passed > STOP_SECONDS:
            raise ServerNotStopped("data", home.path, seconds=int(STOP_SECONDS), path=home.log, log=_tail(home.log))
        time.sleep(PAUSE_SECONDS)
    return ran


def _is_ready(home: Path) -> bool:
    try:
        found = read_postmaster(home / "data")
        return found is not None and found.ready and answers(socket_folder(home))
    except PermissionError:
        return False


def _made_by(data: Path) -> str | None:
    try:
        return (data / "PG_VERSION").read_text("ascii").strip()
    except FileNotFoundError:
        return None


def _write(path: Path, text: str) -> None:
    """Replace a file that the server's user reads."""
    new = path.with_suffix(".new")
    new.write_text(text, "utf-8")
    new.chmod(0o600 if os.geteuid() else 0o644)
    new.replace(path)


def _open_log(path: Path) -> int:
    if path.exists() and path.stat().st_size > MOST_LOG_BYTES:
        path.replace(path.with_suffix(".log.1"))
    return os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW, 0o600)


def _tail(log: Path, begin: int = 0) -> str:
    with log.open("rb") as file:
        file.seek(max(begin, log.stat().st_size - 10_000))
        return "\n".join(file.read().decode("utf-8", "replace").splitlines()[-MOST_LINES:])


def _size(folder: Path) -> int:
    """Bytes in a folder; files come and go while it is read."""
    total = 0
    for each, _, names in os.walk(folder):
        for name in names:
            try:
                total += Path(each, name).lstat().st_size
            except FileNotFoundError:
                continue
    return total
