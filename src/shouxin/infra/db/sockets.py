"""The folder of the server's socket: mode 0700, owned by the server's user, so that nobody else reaches the database.

It is `socket` in the home. The system cuts the path of a socket at about 100 bytes, and the connection string gives some
characters a meaning of their own: where the path is too long or not plain, the folder is a random one in /tmp instead, and the
home's file `socket.at` says which.
"""

from __future__ import annotations

import re
import socket
import stat
import tempfile
from pathlib import Path

from shouxin.infra.db.configuration import PORT
from shouxin.infra.db.place import Home

MOST_BYTES = 100
SHORT = "/tmp"  # mkdtemp makes a folder of our own in it
_PLAIN = re.compile(r"[A-Za-z0-9/._+=-]+")
_SECONDS = 5.0


def socket_folder(home: Path) -> Path:
    """Where the socket is, or will be."""
    remembered = home / "socket.at"
    return Path(remembered.read_text("utf-8").strip()) if remembered.is_file() else home / "socket"


def make_socket_folder(home: Home) -> Path:
    """The socket's folder, made where it is missing, without a dead server's leftovers: call it only when none lives."""
    plain, remembered = home.path / "socket", home.path / "socket.at"
    if _fits(plain):
        plain.mkdir(mode=0o700, exist_ok=True)
        home.account.give(plain)
        remembered.unlink(missing_ok=True)
        made = plain
    else:
        made = socket_folder(home.path)
        if made == plain or not _is_ours(made, home.account.uid):
            made = Path(tempfile.mkdtemp(prefix="shouxin-", dir=SHORT))
            home.account.give(made)
            remembered.write_text(f"{made}\n", "utf-8")
    for left in made.glob(".s.PGSQL.*"):
        left.unlink()
    return made


def answers(folder: Path) -> bool:
    """Whether something listens at the socket. A server too busy to take the connection at once does."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as end:
        end.settimeout(_SECONDS)
        try:
            end.connect(str(folder / f".s.PGSQL.{PORT}"))
        except (FileNotFoundError, ConnectionRefusedError):
            return False
        except (TimeoutError, BlockingIOError):
            return True
        except OSError:  # a path that is too long: nothing of ours listens there
            return False
    return True


def _fits(folder: Path) -> bool:
    return bool(_PLAIN.fullmatch(str(folder))) and len(str(folder / f".s.PGSQL.{PORT}")) <= MOST_BYTES


def _is_ours(folder: Path, uid: int) -> bool:
    """A folder in /tmp may have been removed, and another put in its place."""
    try:
        found = folder.lstat()
    except FileNotFoundError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == uid and stat.S_IMODE(found.st_mode) == 0o700
