"""Who the server runs as. Read first: `account_for`.

PostgreSQL refuses to run as root. An ordinary user runs the server as itself. Root runs it as another user that exists already,
chosen in this order: who owns the data (so that a folder keeps its user), then `postgres`, then `nobody`. No user is ever
added.
"""

from __future__ import annotations

import os
import pwd
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shouxin.infra.db.errors import FolderOfAnother, ServerUserMissing

CANDIDATES = ("postgres", "nobody")
# Nothing of the caller's environment: PGDATA, PGOPTIONS and the like would change what the programs do.
ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


@dataclass(frozen=True, slots=True)
class Account:
    """The user and group that a program runs as."""

    uid: int
    gid: int

    @property
    def is_ours(self) -> bool:
        """Whether it is the user that runs this."""
        return self.uid == os.geteuid()

    @property
    def name(self) -> str:
        """The user's name, or its number where it has none."""
        return name_of(self.uid)

    def identity(self) -> dict[str, Any]:
        """The arguments of `subprocess` that make a program run as this user, with no further groups."""
        return {} if self.is_ours else {"user": self.uid, "group": self.gid, "extra_groups": []}

    def run(self, args: Sequence[str | Path], given: str = "") -> subprocess.CompletedProcess[str]:
        """Run a program to its end as this user, from the root folder, with a clean environment."""
        return subprocess.run(
            args,
            input=given,
            capture_output=True,
            text=True,
            cwd="/",
            env=ENVIRONMENT,
            umask=0o077,
            check=False,
            **self.identity(),
        )

    def give(self, path: Path) -> None:
        """Make this user the owner of what we have just made."""
        if not self.is_ours:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def can_enter(self, folder: Path) -> bool:
        """Whether this user may enter the folder. It is tried, not worked out from modes: access lists and mounts count too."""
        return self.run(["/bin/sh", "-c", 'cd "$1"', "sh", folder]).returncode == 0


def account_for(data: Path) -> Account:
    """The account of a server's data, whether it is there already or not.

    Raises FolderOfAnother where an ordinary user meets another's data, ServerUserMissing where root finds no user.
    """
    try:
        owner = data.stat()
    except FileNotFoundError:
        return _ours() if os.geteuid() else _candidate()
    if os.geteuid() and owner.st_uid != os.geteuid():
        raise FolderOfAnother("data", data, owner=name_of(owner.st_uid))
    if owner.st_uid == 0:
        raise FolderOfAnother("data", data, owner="an ordinary user")
    return Account(owner.st_uid, _group_of(owner.st_uid, owner.st_gid))


def name_of(uid: int) -> str:
    """A user's name, or its number where it has none."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _ours() -> Account:
    return Account(os.geteuid(), os.getegid())


def _candidate() -> Account:
    for name in CANDIDATES:
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        if found.pw_uid:
            return Account(found.pw_uid, found.pw_gid)
    raise ServerUserMissing("user", "root", known=", ".join(CANDIDATES))


def _group_of(uid: int, otherwise: int) -> int:
    try:
        return pwd.getpwuid(uid).pw_gid
    except KeyError:
        return otherwise
