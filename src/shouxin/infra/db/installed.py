"""Programs that the server's user can run. Read first: `runnable`.

The wheel may lie where only root goes. Then it is copied into the server's home, with the folder of libraries beside it, which
the programs find relative to themselves. The copy belongs to root, and others may read it: it holds nothing but the wheel.
"""

from __future__ import annotations

import importlib.metadata
import os
import secrets
import shutil
from pathlib import Path

from shouxin.infra.db.account import Account
from shouxin.infra.db.binaries import INSTALLATION, PACKAGE, Programs
from shouxin.infra.db.errors import ProgramsMissing
from shouxin.infra.db.place import Home

PARTS = ("bin", "lib", "share")  # not `include`: nothing is compiled


def runnable(programs: Programs, home: Home) -> Programs:
    """The programs, or a copy of them in the home; made once for each version. Call it holding the home's lock.

    Raises ProgramsMissing where the server's user cannot run the programs that `SHOUXIN_PG_BIN` names: how they would be copied
    is not known.
    """
    if home.account.is_ours or _runs(home.account, programs):
        return programs
    if programs.package is None:
        raise ProgramsMissing("SHOUXIN_PG_BIN", programs.folder, why=f" (the user {home.account.name} cannot run them)")
    target = home.path / f"programs-{importlib.metadata.version(PACKAGE)}"
    if not target.exists():
        _copy(programs.package, target)
    package = target / PACKAGE
    return Programs(package / INSTALLATION / "bin", programs.version, package)


def _runs(account: Account, programs: Programs) -> bool:
    try:
        return all(account.run([programs.path(name), "--version"]).returncode == 0 for name in ("initdb", "postgres"))
    except OSError:
        return False


def _copy(package: Path, target: Path) -> None:
    making = target.with_name(f"copying-{secrets.token_hex(6)}")
    try:
        for part in PARTS:
            shutil.copytree(package / INSTALLATION / part, making / PACKAGE / INSTALLATION / part, symlinks=True)
        libraries = package.with_name(f"{PACKAGE}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, making / libraries.name, symlinks=True)
        _open(making)
        making.rename(target)
    finally:
        shutil.rmtree(making, ignore_errors=True)


def _open(copy: Path) -> None:
    """Let others read the copy: the modes of the original may be those of a strict umask."""
    for folder, _, files in os.walk(copy):
        Path(folder).chmod(0o755)
        for name in files:
            file = Path(folder, name)
            if not file.is_symlink():
                file.chmod(0o755 if file.stat().st_mode & 0o100 else 0o644)
