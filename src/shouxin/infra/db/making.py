"""The first making of a server's data: whole, or not there. Read first: `make_data`.

It is made under another name and renamed: a folder named `data` is always whole, with its roles and its database.
"""

from __future__ import annotations

import secrets
import shutil

from shouxin.infra.db.binaries import Programs
from shouxin.infra.db.errors import ServerNotMade
from shouxin.infra.db.place import Home, sync
from shouxin.infra.db.roles import CREATION, SUPERUSER

MOST_LINES = 20
BUILTIN_LOCALES = 17  # the first major version that carries its own Unicode locale


def make_data(home: Home, programs: Programs, *, durable: bool = True) -> None:
    """Make the data, roles and database. Call it holding the home's lock. Raises ServerNotMade, after removing what there was."""
    for left in home.path.glob("making-*"):  # of a process that was killed
        shutil.rmtree(left, ignore_errors=True)
    making = home.path / f"making-{secrets.token_hex(6)}"
    try:
        making.mkdir(mode=0o700)
        home.account.give(making)
        _run(
            home,
            [programs.path("initdb"), "-D", str(making), *_options(programs.major), *(() if durable else ("--no-sync",))],
            "",
        )
        single = [
            programs.path("postgres"),
            "--single",
            "-D",
            str(making),
            "-c",
            f"fsync={'on' if durable else 'off'}",
            SUPERUSER,
        ]
        said = _run(home, single, CREATION)
        if "ERROR:" in said:  # single-user mode goes on after an error, and ends well
            raise ServerNotMade("data", home.path, log=said)
        making.rename(home.data)
        sync(home.path)
    finally:
        shutil.rmtree(making, ignore_errors=True)


def _options(major: int) -> tuple[str, ...]:
    """The order of text is that of its code points, on every version and system."""
    builtin = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8") if major >= BUILTIN_LOCALES else ()
    return f"--username={SUPERUSER}", "--auth=trust", "--encoding=UTF8", "--locale=C", *builtin, "--data-checksums"


def _run(home: Home, args: list[str], given: str) -> str:
    done = home.account.run(args, given)
    if done.returncode:
        raise ServerNotMade("data", home.path, log="\n".join(f"{done.stdout}{done.stderr}".splitlines()[-MOST_LINES:]))
    return done.stderr
