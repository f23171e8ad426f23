"""Where a server's own folder, its *home*, is. Read first: `settle`.

The home of the data folder F is `F/postgres`. For root there is one exception: PostgreSQL runs as another user then, who cannot
enter F if F lies below a folder such as root's 0700 home. No mode of a folder that is there is ever loosened for that; instead
the home is made as `/var/lib/shouxin/NAME-RANDOM`, and the file `F/postgres.at` says so. That file is written before the home
is made, so that a crash between the two leaves nothing that is not found again. A copy of F points to the same home; to copy a
database, back it up and restore it.

The home belongs to whoever runs this, and for root only root may change it: root then never writes where the server's user
could have put a link. Only `data` and `socket` in it belong to the server's user, both with mode 0700.
"""

from __future__ import annotations

import os
import re
import secrets
from dataclasses import dataclass
from pathlib import Path

from shouxin.infra.db.account import Account, account_for, name_of
from shouxin.infra.db.errors import FolderNotEntered, FolderOfAnother, FolderUnusable

NAME = "postgres"
ELSEWHERE = Path("/var/lib/shouxin")


@dataclass(frozen=True, slots=True)
class Home:
    """A server's own folder, and who the server runs as."""

    path: Path
    account: Account

    @property
    def data(self) -> Path:
        """PostgreSQL's data folder; it is there only when it is whole."""
        return self.path / "data"

    @property
    def log(self) -> Path:
        """What the server says."""
        return self.path / "server.log"

    @property
    def lock(self) -> Path:
        """Held by whoever starts, stops or makes the server."""
        return self.path / "lock"


def find(folder: Path, name: str = NAME) -> Path | None:
    """The home of a data folder, or None where none was chosen yet. Changes nothing."""
    pointer = _pointer(folder, name)
    try:
        if pointer.is_file():
            return Path(pointer.read_text("utf-8").strip())
        beside = folder / name
        return beside if beside.exists() else None
    except OSError as error:
        raise FolderUnusable("data", folder, why=error.strerror) from None


def settle(folder: Path, name: str = NAME) -> Home:
    """The home of a data folder and who its server runs as; missing folders are made. A repeat finds the same.

    Raises FolderUnusable, FolderOfAnother, ServerUserMissing, FolderNotEntered.
    """
    try:
        make_folder(folder)
        home = find(folder, name)
        account = account_for((home or folder / name) / "data")
        if home is None:
            home = folder / name if account.can_enter(folder) else _remembered(folder, name, account)
        make_folder(home)
        if home.stat().st_uid != os.geteuid():
            raise FolderOfAnother("data", home, owner=name_of(home.stat().st_uid))
    except OSError as error:
        raise FolderUnusable("data", error.filename or folder, why=error.strerror) from None
    if not account.can_enter(home):
        raise FolderNotEntered("data", home, user=account.name)
    return Home(home, account)


def remove_pointer(folder: Path, name: str) -> None:
    """Forget where the home is, after it was removed."""
    _pointer(folder, name).unlink(missing_ok=True)


def rename(folder: Path, old: str, new: str) -> None:
    """Give a home its final name, at once: the home itself, or the file that points to it. Its server must be stopped."""
    pointer = _pointer(folder, old)
    if pointer.is_file():
        pointer.rename(_pointer(folder, new))
    else:
        (folder / old).rename(folder / new)
    sync(folder)


def sync(folder: Path) -> None:
    """Make the names in a folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def make_folder(folder: Path) -> None:
    """A folder with the least mode that works: as root the server's user passes through it and reads nothing."""
    if folder.is_dir():
        return
    folder.parent.mkdir(parents=True, exist_ok=True)
    try:
        folder.mkdir()
    except FileExistsError:
        return
    folder.chmod(0o700 if os.geteuid() else 0o711)


def _pointer(folder: Path, name: str) -> Path:
    return folder / f"{name}.at"


def _remembered(folder: Path, name: str, account: Account) -> Path:
    """A home that the account can enter, written down. Of several processes that come at once, the first decides."""
    make_folder(ELSEWHERE)
    found = ELSEWHERE.stat()
    if found.st_uid != os.geteuid() or found.st_mode & 0o022 or not account.can_enter(ELSEWHERE):
        raise FolderNotEntered("data", folder, user=account.name)
    slug = re.sub(r"[^A-Za-z0-9]+", "-", folder.name).strip("-")[:20] or "data"
    text = str(ELSEWHERE / f"{slug}-{secrets.token_hex(6)}") + "\n"
    pointer = _pointer(folder, name)
    written = folder / f".{pointer.name}.{secrets.token_hex(6)}"
    written.write_text(text, "utf-8")
    try:
        os.link(written, pointer)
    except FileExistsError:
        return Path(pointer.read_text("utf-8").strip())
    finally:
        written.unlink()
    sync(folder)
    return Path(text.strip())
