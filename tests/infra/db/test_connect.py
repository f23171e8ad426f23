"""Where the database is, and how it is spoken to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from shouxin.foundation.refusal import Refusal
from shouxin.infra.db import connect as connect_module
from shouxin.infra.db import errors
from shouxin.infra.db.connect import Target, connect, embedded, is_elsewhere, remote, target
from shouxin.infra.db.migrate import migrate, shipped
from shouxin.infra.db.scratch import scratch_server
from shouxin.infra.db.server import Server
from shouxin.infra.db.unit import Unit

URL = "postgresql://app:secret@db.example:6543/bank?options=-c%20work_mem%3D8MB"


@pytest.mark.both_servers
def test_the_session_is_ours(database: Target) -> None:
    with connect(database.app) as connection:
        row = connection.execute(
            "SELECT current_user, current_setting('search_path'), current_setting('TimeZone'), current_setting('lock_timeout'),"
            " current_setting('idle_in_transaction_session_timeout'), current_setting('application_name')"
        ).fetchone()
        assert row == ("shouxin_app", "shouxin", "UTC", "5s", "1min", "shouxin")


def test_statements_are_prepared_on_first_use_and_outlive_a_rollback(database: Target) -> None:
    with connect(database.app) as connection:
        for _ in range(2):
            Unit(connection).read(("SELECT %s::integer + 1 AS n", (1,)), ("SELECT 70000 + %s AS n", (70_000,)))
            connection.rollback()
        ours = "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'SELECT%$1%'"
        found = connection.execute(ours.encode()).fetchone()
    assert found == (2,)


def test_the_folder_that_is_meant(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("SHOUXIN_DATA", str(folder / "data"))
    found = target()
    assert found.server is not None and found.server.folder == folder / "data"
    with connect(found.app) as connection:
        assert connection.execute("SELECT current_database()").fetchone() == ("shouxin",)


def test_the_url_that_is_meant(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", URL)
    monkeypatch.delenv("DATABASE_OWNER_URL", raising=False)
    found = target()
    assert found.server is None
    assert (is_elsewhere(), is_elsewhere(Path("data"))) == (True, False)
    assert "options='-c work_mem=8MB -c role=shouxin_app'" in found.app
    assert "options='-c work_mem=8MB -c role=shouxin_owner'" in found.owner
    monkeypatch.setenv("DATABASE_OWNER_URL", "postgresql://boss@db.example/bank")
    assert "user=boss" in target().owner
    assert "secret" not in repr(found)


def test_a_database_that_does_not_answer_is_named_without_its_password(tmp_path: Path) -> None:
    with pytest.raises(errors.DatabaseUnreachable, match=f"bank on {tmp_path}") as refused:
        connect(make_conninfo("", host=str(tmp_path), dbname="bank", user="app", password="secret"))
    assert "secret" not in refused.value.text("zh")


def test_a_url_of_another_form_is_not_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://app:secret@[db/bank")
    with pytest.raises(errors.UrlUnreadable) as refused:
        target()
    assert "secret" not in str(refused.value)


def test_an_old_server_is_refused(database: Target, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connect_module, "LEAST_MAJOR", 99)
    with pytest.raises(errors.ServerTooOld, match="PostgreSQL 99 or newer"):
        connect(database.app)


# A real server: one without our roles, with logins of its own.


@pytest.fixture(scope="module")
def foreign() -> Iterator[Server]:
    """A server with a database `bank`, and logins for an owner, for commands, and for somebody without rights."""
    with scratch_server() as server:
        with psycopg.connect(server.conninfo(database="postgres"), autocommit=True) as connection:
            for text in (
                "DROP DATABASE shouxin", "DROP ROLE shouxin_owner", "DROP ROLE shouxin_app", "CREATE ROLE chief LOGIN CREATEROLE",
                "CREATE ROLE clerk LOGIN", "CREATE ROLE guest LOGIN", "CREATE DATABASE bank OWNER chief",
            ):  # fmt: skip
                connection.execute(text.encode())
        yield server


def login(server: Server, name: str) -> str:
    return server.conninfo(name, "bank")


def test_roles_that_cannot_be_made_come_with_the_sql_for_them(foreign: Server) -> None:
    with pytest.raises(errors.RolesMissing, match='CREATE ROLE "shouxin_owner";'):
        migrate(remote(login(foreign, "clerk"), login(foreign, "guest")))


def test_logins_become_the_roles(foreign: Server) -> None:
    there = remote(login(foreign, "clerk"), login(foreign, "chief"))
    assert migrate(there) == [each.name for each in shipped()]
    assert migrate(there) == []
    for conninfo, expected in ((there.app, ("clerk", "shouxin_app")), (there.owner, ("chief", "shouxin_owner"))):
        with connect(conninfo) as connection:
            assert connection.execute("SELECT session_user, current_user").fetchone() == expected
            assert connection.execute("SELECT count(*) FROM migration").fetchone() == (len(shipped()),)
    with connect(there.app) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("DROP TABLE migration")


def test_an_embedded_target_needs_no_roles_made(database: Target) -> None:
    assert database.server is not None
    assert embedded(database.server).server is database.server


@pytest.mark.parametrize(
    "refusal", [each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, Refusal)]
)
def test_each_refusal_speaks_both_languages(refusal: type[Refusal]) -> None:
    if refusal is not Refusal:
        assert refusal.en and refusal.zh and refusal.en != refusal.zh
