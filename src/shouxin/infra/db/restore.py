"""A restore: a backup becomes a database again, in an empty folder or on a real server. Read first: `restore` and `restore_into`.

Whatever stops it, nothing is left that looks whole. In a folder it works under another name, and the server refuses to make a
new database beside that; on a real server it is one transaction. Afterwards every table's rows are counted and held to the
backup's manifest.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict

from shouxin.infra.db.archive import Manifest, dump_pieces, read_manifest
from shouxin.infra.db.backup import count_rows
from shouxin.infra.db.client import run_client
from shouxin.infra.db.connect import Target, connect, embedded, place_of
from shouxin.infra.db.errors import (
    BackupUnreadable,
    DatabaseNewer,
    FolderUnusable,
    MigrationChanged,
    MigrationMissing,
    ProgramFailed,
    RestoreIncomplete,
    RestoreNotEmpty,
)
from shouxin.infra.db.migrate import pending, shipped
from shouxin.infra.db.place import NAME, make_folder, rename
from shouxin.infra.db.roles import SCHEMA, ensure_roles
from shouxin.infra.db.server import RESTORING, Server

ORDER = (
    BackupUnreadable,
    DatabaseNewer,
    MigrationMissing,
    MigrationChanged,
    FolderUnusable,
    RestoreNotEmpty,
    ProgramFailed,
    RestoreIncomplete,
)
_OURS = {RESTORING, f"{RESTORING}.at"}  # left by a restore that was interrupted; a new one begins again


def restore(file: Path, folder: Path) -> Manifest:
    """Restore a backup into a data folder that is empty or not there, and return what it held. The server is stopped afterwards.

    Raises what ORDER lists, in this order, and what `Server.ensure` raises.
    """
    manifest = _usable(file)
    with _alone(folder):
        there = sorted({each.name for each in folder.iterdir()} - _OURS)
        if there:
            raise RestoreNotEmpty("data", folder, there=there[0])
        server = Server(folder, name=RESTORING)
        server.erase()
        try:
            server.ensure()
            _load(file, manifest, embedded(server))
            server.stop()
            rename(folder, RESTORING, NAME)
        finally:
            server.erase()  # after the renaming there is nothing of that name
    return manifest


def restore_into(file: Path, target: Target) -> Manifest:
    """Restore a backup into the database of a real server that has no schema `shouxin`; the roles are made first.

    Raises what ORDER lists, in this order, but FolderUnusable; RolesMissing; and what `connect` raises.
    """
    manifest = _usable(file)
    app_login = conninfo_to_dict(target.app).get("user")
    with connect(target.admin) as admin:
        if admin.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", (SCHEMA,)).fetchone():
            raise RestoreNotEmpty("database", place_of(target.admin), there=f"schema {SCHEMA}")
        admin.rollback()
        ensure_roles(admin, None if app_login is None else str(app_login))
    _load(file, manifest, target)
    return manifest


def _usable(file: Path) -> Manifest:
    manifest = read_manifest(file)
    pending(shipped(), manifest.migrations)
    return manifest


def _load(file: Path, manifest: Manifest, target: Target) -> None:
    args = ["--format=custom", "--single-transaction", "--exit-on-error", "--no-owner"]
    run_client("pg_restore", target.owner, args, dump_pieces(file))
    with connect(target.owner) as connection:
        found = count_rows(connection)
        for table in sorted(manifest.tables.keys() | found.keys()):
            if found.get(table) != manifest.tables.get(table):
                raise RestoreIncomplete(table, f"{found.get(table, 'no')} rows", expected=manifest.tables.get(table, "no"))
        connection.execute("ANALYZE")


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """The folder, made where it is missing; another restore into it waits."""
    try:
        make_folder(folder)
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise FolderUnusable("data", folder, why=error.strerror) from None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
