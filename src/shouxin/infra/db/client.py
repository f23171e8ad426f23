"""PostgreSQL's client programs on a database of ours: pg_dump, pg_restore, psql.

Passwords go to them by the environment, which other users cannot read; arguments they can.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Iterable, Sequence
from typing import IO

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from shouxin.infra.db.binaries import programs
from shouxin.infra.db.errors import ProgramFailed

MOST_LINES = 20


def command(name: str, conninfo: str) -> tuple[list[str], dict[str, str]]:
    """A client program with its connection, and the environment to run it in. Raises ProgramsMissing."""
    parts = conninfo_to_dict(conninfo)
    password = parts.pop("password", None)
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
    if password is not None:
        environment["PGPASSWORD"] = str(password)
    return [programs().path(name), f"--dbname={make_conninfo('', **parts)}"], environment


def run_client(name: str, conninfo: str, args: Sequence[str], given: Iterable[bytes] = ()) -> str:
    """Run a client program to its end; returns what it prints. `given` is what it reads.

    Raises ProgramFailed with the end of what it says; ProgramsMissing.
    """
    start, environment = command(name, conninfo)
    with subprocess.Popen(
        [*start, *args], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
    ) as process:
        try:
            if process.stdin is not None:
                _feed(process.stdin, given)
            printed, said = process.communicate()
        except BaseException:
            process.kill()
            raise
    if process.returncode:
        last = said.decode("utf-8", "replace").splitlines()[-MOST_LINES:]
        raise ProgramFailed(name, f"exit code {process.returncode}", why="\n".join(last))
    return printed.decode("utf-8")


def _feed(stdin: IO[bytes], pieces: Iterable[bytes]) -> None:
    with contextlib.suppress(BrokenPipeError):  # the program has ended with an error, which its exit code tells
        for piece in pieces:
            stdin.write(piece)
