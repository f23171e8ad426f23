"""The migrations: numbered files of plain SQL, each applied once, in order, by the owner. Read first: `migrate`.

A migration and its row in `shouxin.migration` are one transaction, which begins by locking that table: it is wholly applied or
not at all, and two processes that migrate at once take turns. A file that was applied never changes; a change is a new file.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from itertools import pairwise
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.pq import TransactionStatus

from shouxin.infra.db.connect import Target, connect
from shouxin.infra.db.errors import (
    DatabaseNewer,
    MigrationChanged,
    MigrationFailed,
    MigrationFilesNotInOrder,
    MigrationMissing,
)
from shouxin.infra.db.roles import SCHEMA, ensure_roles

ORDER = (MigrationFilesNotInOrder, DatabaseNewer, MigrationMissing, MigrationChanged, MigrationFailed)

_FILE = re.compile(r"(\d{4})_[a-z][a-z0-9_]*\.sql")
_TABLE = """\
CREATE SCHEMA IF NOT EXISTS shouxin;
CREATE TABLE IF NOT EXISTS shouxin.migration (
  number integer PRIMARY KEY CHECK (number > 0),
  name text NOT NULL,
  sha256 text NOT NULL,
  applied_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE shouxin.migration IS 'db: the migrations that were applied; not customer-owned';
"""
_LOCK = """\
SET LOCAL lock_timeout = '10min';
LOCK TABLE shouxin.migration IN SHARE ROW EXCLUSIVE MODE;
SET LOCAL lock_timeout = '5s';
"""


@dataclass(frozen=True, slots=True)
class Migration:
    """One file: its number, its name with the number and without `.sql`, its text, and the SHA-256 of that."""

    number: int
    name: str
    text: bytes
    sha256: str


@dataclass(frozen=True, slots=True)
class Applied:
    """One row of `shouxin.migration`."""

    number: int
    name: str
    sha256: str


def shipped() -> tuple[Migration, ...]:
    """The migrations of this program, in order. Raises MigrationFilesNotInOrder."""
    return read_migrations(resources.files("shouxin.infra.db") / "migrations")


def read_migrations(folder: Traversable) -> tuple[Migration, ...]:
    """The migrations of a folder, in order. Raises MigrationFilesNotInOrder for a gap, a number twice, or another name."""
    found = []
    for expected, file in enumerate(sorted((each for each in folder.iterdir() if each.name.endswith(".sql")), key=_by_name), 1):
        match = _FILE.fullmatch(file.name)
        if not match or int(match[1]) != expected:
            raise MigrationFilesNotInOrder("migrations", file.name, expected=f"{expected:04}")
        text = file.read_bytes()
        found.append(Migration(expected, file.name.removesuffix(".sql"), text, hashlib.sha256(text).hexdigest()))
    return tuple(found)


def pending(known: Sequence[Migration], applied: Sequence[Applied]) -> tuple[Migration, ...]:
    """What is still to be applied. Raises DatabaseNewer, MigrationMissing, MigrationChanged, in this order."""
    there = {each.number: each for each in applied}
    last = known[-1].name if known else "none"
    for each in applied:
        if each.number > len(known):
            raise DatabaseNewer("migration", each.name, last=last)
    for before, after in pairwise((0, *sorted(there))):
        if after != before + 1:
            raise MigrationMissing("migration", known[before].name, later=there[after].name)
    for one in known[: len(there)]:
        if there[one.number].sha256 != one.sha256:
            raise MigrationChanged("migration", one.name, applied=there[one.number].sha256)
    return tuple(known[len(there) :])


def migrate(target: Target, known: Sequence[Migration] | None = None) -> list[str]:
    """Apply what is pending; returns the names of what this call applied. A repeat applies nothing, and changes nothing.

    known: the migrations; those of this program where it is left out. Raises what ORDER lists, RolesMissing, and what `connect`
    raises.
    """
    migrations = shipped() if known is None else tuple(known)
    if target.server is None:
        app_login = conninfo_to_dict(target.app).get("user")
        with connect(target.admin) as admin:
            ensure_roles(admin, None if app_login is None else str(app_login))
    done: list[str] = []
    with connect(target.owner) as owner:
        _prepare(owner)
        while (name := _apply_next(owner, migrations)) is not None:
            done.append(name)
    return done


def applied(connection: psycopg.Connection[Any]) -> tuple[Applied, ...]:
    """What was applied, in order; nothing in a database that was never migrated. For the owner or the application."""
    if not _is_prepared(connection):
        return ()
    rows = connection.execute("SELECT number, name, sha256 FROM shouxin.migration ORDER BY number").fetchall()
    return tuple(Applied(*row) for row in rows)


def _prepare(owner: psycopg.Connection[Any]) -> None:
    """Make the table of migrations. Of two that make it at once, one is refused by the catalogue, and finds it made."""
    if _is_prepared(owner):
        owner.rollback()
        return
    try:
        owner.execute(_TABLE.encode(), prepare=False)
        owner.commit()
    except (psycopg.errors.UniqueViolation, psycopg.errors.DuplicateTable, psycopg.errors.DuplicateSchema):
        owner.rollback()


def _is_prepared(connection: psycopg.Connection[Any]) -> bool:
    row = connection.execute("SELECT to_regclass(%s) IS NOT NULL", (f"{SCHEMA}.migration",)).fetchone()
    return bool(row and row[0])


def _apply_next(owner: psycopg.Connection[Any], known: Sequence[Migration]) -> str | None:
    """Apply one migration in one transaction; None where nothing is pending."""
    try:
        owner.execute(_LOCK.encode(), prepare=False)
        waiting = pending(known, applied(owner))
        if not waiting:
            owner.rollback()
            return None
        _apply(owner, waiting[0])
        owner.commit()
    except BaseException:
        owner.rollback()
        raise
    return waiting[0].name


def _apply(owner: psycopg.Connection[Any], one: Migration) -> None:
    try:
        owner.execute(one.text, prepare=False)  # several statements cannot be prepared
    except psycopg.Error as error:
        raise MigrationFailed("migration", one.name, why=str(error).strip()) from error
    if owner.info.transaction_status != TransactionStatus.INTRANS:
        raise MigrationFailed(
            "migration", one.name, why="it ends the transaction that it must be part of; what came before stays"
        )
    row = (one.number, one.name, one.sha256)
    owner.execute("INSERT INTO shouxin.migration (number, name, sha256) VALUES (%s, %s, %s)", row)


def _by_name(file: Traversable) -> str:
    return file.name
