"""Where the database is, and how it is spoken to. Read first: `target`, then `connect`.

with connect(target().app) as connection: ...
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from shouxin.infra.db.binaries import LEAST_MAJOR
from shouxin.infra.db.errors import DatabaseUnreachable, ServerTooOld, UrlUnreadable
from shouxin.infra.db.roles import APP, OWNER, SCHEMA
from shouxin.infra.db.server import Server

Connection = psycopg.Connection[tuple[object, ...]]

FOLDER = Path("var/shouxin")
CONNECT_SECONDS = 10
# Sent with the first packet, so that they cost no round trip.
SESSION = (
    f"-c search_path={SCHEMA} -c TimeZone=UTC -c DateStyle=ISO -c lock_timeout=5s -c idle_in_transaction_session_timeout=60s"
)


@dataclass(frozen=True, slots=True)
class Target:
    """A database.

    app:    how to connect as `shouxin_app`, which commands do
    owner:  how to connect as `shouxin_owner`, for migrations and backups
    admin:  how to connect as whoever may make the two roles; the same database
    server: the embedded server, or None where the database is elsewhere
    """

    app: str = field(repr=False)  # they may hold passwords
    owner: str = field(repr=False)
    admin: str = field(repr=False)
    server: Server | None


def target(data: Path | None = None) -> Target:
    """The database that is meant: the one in `data`, else that of `DATABASE_URL`, else the one in `SHOUXIN_DATA` or
    ./var/shouxin.

    An embedded server is started where it does not run. The login of `DATABASE_URL` becomes `shouxin_app` when it connects,
    that of `DATABASE_OWNER_URL` (the same URL where it is not set) becomes `shouxin_owner`: each is that role or a member of
    it. Connect directly, not through a pooler that shares sessions.

    Raises UrlUnreadable, and what `Server.ensure` raises.
    """
    url = os.environ.get("DATABASE_URL")
    if url and is_elsewhere(data):
        return remote(url, os.environ.get("DATABASE_OWNER_URL") or url)
    server = Server(folder_of(data))
    server.ensure()
    return embedded(server)


def is_elsewhere(data: Path | None = None) -> bool:
    """Whether `DATABASE_URL` says where the database is: it does unless a data folder was named."""
    return data is None and bool(os.environ.get("DATABASE_URL"))


def folder_of(data: Path | None = None) -> Path:
    """The data folder that is meant: `data`, else `SHOUXIN_DATA`, else ./var/shouxin."""
    return data or Path(os.environ.get("SHOUXIN_DATA") or FOLDER)


def embedded(server: Server) -> Target:
    """The database of an embedded server that runs."""
    return Target(server.conninfo(APP), server.conninfo(OWNER), server.conninfo(), server)


def remote(app_url: str, owner_url: str) -> Target:
    """A database elsewhere. Raises UrlUnreadable."""
    return Target(_as_role(app_url, APP, "DATABASE_URL"), _as_role(owner_url, OWNER, "DATABASE_OWNER_URL"), owner_url, None)


def connect(conninfo: str) -> Connection:
    """A connection that begins a transaction with its first statement. Units of work prepare what they send (`exchange.py`); the
    driver itself prepares nothing, since it would forget all statements of the session, ours too, with every rollback.

    Its session is in UTC, waits at most 5 s for a lock, and may idle at most 60 s inside a transaction.

    Raises DatabaseUnreachable; ServerTooOld before PostgreSQL 15.
    """
    options = f"{SESSION} {_parsed(conninfo, 'connection').get('options') or ''}".strip()
    try:
        connection = psycopg.connect(
            conninfo,
            options=options,
            autocommit=False,
            prepare_threshold=None,
            connect_timeout=CONNECT_SECONDS,
            application_name="shouxin",
        )
    except psycopg.OperationalError as error:
        raise DatabaseUnreachable("database", place_of(conninfo), why=str(error).strip()) from error
    found = connection.info.server_version // 10_000
    if found < LEAST_MAJOR:
        connection.close()
        raise ServerTooOld("database", f"PostgreSQL {found}", least=LEAST_MAJOR)
    return connection


def place_of(conninfo: str) -> str:
    """Which database a connection string means, without its password."""
    parts = _parsed(conninfo, "connection")
    return f"{parts.get('dbname') or '(default)'} on {parts.get('host') or 'localhost'}"


def _as_role(url: str, role: str, name: str) -> str:
    options = _parsed(url, name).get("options") or ""
    return make_conninfo(url, options=f"{options} -c role={role}".strip())


def _parsed(conninfo: str, name: str) -> dict[str, str]:
    try:
        return {key: str(value) for key, value in conninfo_to_dict(conninfo).items()}
    except psycopg.ProgrammingError:
        raise UrlUnreadable(name, "***") from None  # not its text: it may hold a password
