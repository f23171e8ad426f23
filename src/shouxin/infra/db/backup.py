"""A backup: everything in the database as of one moment, taken while the system runs. Read first: `backup`.

The rows are counted in the snapshot that pg_dump copies, so that a restore can be held to the counts. The keys of personal data
are not in it: they are kept apart from the data, and a backup of the data must not bring back what was forgotten.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from shouxin import __version__
from shouxin.infra.db.archive import Manifest, digest, file_pieces, write_archive
from shouxin.infra.db.client import run_client
from shouxin.infra.db.connect import Target, connect, place_of
from shouxin.infra.db.errors import BackupNotWritten, BackupThere, NothingToBackUp, ProgramFailed
from shouxin.infra.db.migrate import Applied, applied
from shouxin.infra.db.place import sync
from shouxin.infra.db.roles import SCHEMA

ORDER = (BackupThere, NothingToBackUp, ProgramFailed, BackupNotWritten)

_TABLES = """\
SELECT relname FROM pg_class
WHERE relnamespace = %s::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
ORDER BY relname
"""
_NOW = """SELECT to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')"""


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was written: its file, that file's size in bytes and SHA-256, and what is in it."""

    file: Path
    size: int
    sha256: str
    manifest: Manifest


def backup(target: Target, file: Path) -> Backup:
    """Write a backup; the file has its name only when it is whole and on the disk. For a while it needs twice its size of space.

    Raises BackupThere, NothingToBackUp, ProgramFailed, BackupNotWritten, and what `connect` raises. Nothing is left after a
    refusal.
    """
    if file.exists():
        raise BackupThere("backup", file)
    try:
        with _temporary(file, "dump") as dump, _temporary(file, "tar") as made:
            manifest = _dump(target, dump)
            with made.open("wb") as opened:
                write_archive(opened, manifest, dump)
                opened.flush()
                os.fsync(opened.fileno())
            sha256, size = digest(file_pieces(made))
            made.rename(file)
            sync(file.absolute().parent)
    except OSError as error:
        raise BackupNotWritten("backup", file, why=error.strerror) from None
    return Backup(file, size, sha256, manifest)


def count_rows(connection: psycopg.Connection[Any]) -> dict[str, int]:
    """Rows by table, as the transaction sees them."""
    names = [str(row[0]) for row in connection.execute(_TABLES, (SCHEMA,)).fetchall()]
    return {name: _value(connection, sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(SCHEMA, name))) for name in names}


def _dump(target: Target, dump: Path) -> Manifest:
    with connect(target.owner) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        connection.execute("SET LOCAL idle_in_transaction_session_timeout = 0")  # it waits for pg_dump, however long that takes
        done = applied(connection)
        if not done:
            raise NothingToBackUp("database", place_of(target.owner))
        snapshot = str(_value(connection, sql.SQL("SELECT pg_export_snapshot()")))
        run_client(
            "pg_dump",
            target.owner,
            ["--format=custom", f"--schema={SCHEMA}", "--no-owner", f"--snapshot={snapshot}", f"--file={dump}"],
        )
        return _manifest(connection, done, dump)


def _manifest(connection: psycopg.Connection[Any], done: tuple[Applied, ...], dump: Path) -> Manifest:
    sha256, size = digest(file_pieces(dump))
    return Manifest(
        shouxin=__version__,
        server=str(_value(connection, sql.SQL("SHOW server_version"))),
        taken_at=str(_value(connection, sql.SQL(_NOW))),
        migrations=done,
        tables=count_rows(connection),
        dump_size=size,
        dump_sha256=sha256,
    )


def _value(connection: psycopg.Connection[Any], query: sql.SQL | sql.Composed) -> Any:
    row = connection.execute(query).fetchone()
    return row[0] if row else None


@contextlib.contextmanager
def _temporary(file: Path, kind: str) -> Iterator[Path]:
    """A file beside the one that is meant, for its owner only; removed at the end if it is still there."""
    path = file.with_name(f".{file.name}.{secrets.token_hex(6)}.{kind}")
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)
