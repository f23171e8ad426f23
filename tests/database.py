"""The fixtures of tests that need PostgreSQL: a real server, and an empty database with all migrations for each test module.

    def test_it(database: Target) -> None:
        with connect(database.app) as connection: ...

All tests of a run share one server, the workers of `pytest -n` too: it lives in a folder of the run, and the last to finish
removes it. With the mark `both_servers` a test runs on the wheel's PostgreSQL and on Debian's 15; `databases` makes further
databases within a test. SHOUXIN_TEST_SERVER=postgresql-15 runs all the others on Debian's 15 instead of the wheel's.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import itertools
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from shouxin.infra.db.connect import Target
from shouxin.infra.db.migrate import migrate, shipped
from shouxin.infra.db.roles import APP, OWNER
from shouxin.infra.db.scratch import FAST
from shouxin.infra.db.server import Server

WHEEL, DEBIAN_15 = "wheel", "postgresql-15"
USUAL = os.environ.get("SHOUXIN_TEST_SERVER", WHEEL)
DEBIAN_15_FOLDER = Path("/usr/lib/postgresql/15/bin")
PREFIX = f"shouxin-run-{os.geteuid()}-"

Make = Callable[[], Target]
_numbers = itertools.count(1)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that needs a server runs on the usual one; one marked `both_servers` on Debian's PostgreSQL 15 as well."""
    if "server_kind" in metafunc.fixturenames:
        marks = {each.name for each in metafunc.definition.iter_markers()}
        kinds = [WHEEL] if "wheel" in marks else [WHEEL, DEBIAN_15] if "both_servers" in marks else [USUAL]
        metafunc.parametrize("server_kind", kinds, indirect=True, scope="session")


@pytest.fixture(scope="session")
def server_kind(request: pytest.FixtureRequest) -> str:
    """Which PostgreSQL a test runs on: `wheel` or `postgresql-15`."""
    kind = str(request.param)
    if kind == DEBIAN_15:
        programs_of_15()
    return kind


def programs_of_15() -> Path:
    """The folder of PostgreSQL 15's programs; skips the test where there is none, or fails it where SHOUXIN_REQUIRE_ALL=1."""
    folder = Path(os.environ.get("SHOUXIN_TEST_PG15") or DEBIAN_15_FOLDER)
    if not (folder / "postgres").is_file():
        how = f"no PostgreSQL 15 in {folder}: apt-get install postgresql-15, or name its bin folder in SHOUXIN_TEST_PG15"
        if os.environ.get("SHOUXIN_REQUIRE_ALL") == "1":
            pytest.fail(how)
        pytest.skip(how)
    return folder


@pytest.fixture(scope="session")
def server(server_kind: str) -> Iterator[Server]:
    """The server of the run, started; without the promise that what is committed survives a power cut."""
    with run_folder(server_kind) as folder:
        made = Server(folder, FAST)
        with programs_of(server_kind):
            made.ensure()
        yield made


@pytest.fixture
def client_programs(server_kind: str) -> Iterator[None]:
    """The programs of the test's PostgreSQL for what starts some: pg_dump, pg_restore, another server."""
    with programs_of(server_kind):
        yield


@pytest.fixture
def folder() -> Iterator[Path]:
    """An empty folder of this test, as `temporary_folder` makes it."""
    with temporary_folder() as made:
        yield made


@contextlib.contextmanager
def temporary_folder() -> Iterator[Path]:
    """An empty folder that the servers' user can enter too; servers of data folders in it are removed at the end."""
    made = Path(tempfile.mkdtemp(prefix="shouxin-test-"))
    if os.geteuid() == 0:
        made.chmod(0o711)
    yield made
    for data in made.rglob("postgres*"):
        if data.name == "postgres.at" or (data.name == "postgres" and (data / "lock").exists()):
            Server(data.parent).erase()
    shutil.rmtree(made)


@contextlib.contextmanager
def programs_of(kind: str) -> Iterator[None]:
    """Which programs are used within."""
    with pytest.MonkeyPatch.context() as patch:
        if kind == WHEEL:
            patch.delenv("SHOUXIN_PG_BIN", raising=False)
        else:
            patch.setenv("SHOUXIN_PG_BIN", str(programs_of_15()))
        yield


@contextlib.contextmanager
def run_folder(kind: str) -> Iterator[Path]:
    """A folder that the workers of this run share.

    Whoever uses it holds a shared lock on a file beside it; who gets that lock alone removes the folder.
    """
    sweep()
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID") or str(os.getpid())
    folder = Path(tempfile.gettempdir(), f"{PREFIX}{run}-{kind}")
    users = _user_of(folder)
    try:
        yield folder
        _remove_if_alone(folder, users)
    finally:
        os.close(users)


def _user_of(folder: Path) -> int:
    """The file of users, with a shared lock; a sweep may have removed it before the lock was there."""
    while True:
        users = os.open(_users(folder), os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(users, fcntl.LOCK_SH)
        with contextlib.suppress(FileNotFoundError):
            if os.fstat(users).st_ino == _users(folder).stat().st_ino:
                return users
        os.close(users)


def sweep() -> None:
    """Remove what runs that were killed have left: servers that nobody uses."""
    for file in Path(tempfile.gettempdir()).glob(f"{PREFIX}*.users"):
        with contextlib.suppress(OSError):
            users = os.open(file, os.O_RDWR)
            try:
                _remove_if_alone(file.with_suffix(""), users)
            finally:
                os.close(users)


def _remove_if_alone(folder: Path, users: int) -> None:
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return
    Server(folder).erase()
    shutil.rmtree(folder, ignore_errors=True)
    _users(folder).unlink(missing_ok=True)


def _users(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.users")


@pytest.fixture(scope="session")
def template(server: Server) -> str:
    """The name of a database with all migrations, which others are copied from. Made once in a run, by whoever comes first."""
    name = "template_" + hashlib.sha256("".join(each.sha256 for each in shipped()).encode()).hexdigest()[:16]
    with (server.folder / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with superuser(server) as connection:
            if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone():
                return name
            making = f"{name}_making"
            connection.execute(_statement("DROP DATABASE IF EXISTS {}", making))
            create_database(server, making)
            migrate(target_of(server, making))
            connection.execute(_statement("ALTER DATABASE {} RENAME TO {}", making, name))
    return name


@pytest.fixture(scope="module")
def databases(server: Server, template: str) -> Iterator[Make]:
    """Makes databases with all migrations and no other rows than theirs; all are dropped after the module."""
    made: list[str] = []

    def make() -> Target:
        made.append(f"test_{os.getpid()}_{next(_numbers)}")
        create_database(server, made[-1], template)
        return target_of(server, made[-1])

    yield make
    for name in made:
        drop_database(server, name)


@pytest.fixture(scope="module")
def database(databases: Make) -> Target:
    """A database with all migrations, of this test module alone."""
    return databases()


@pytest.fixture
def empty_database(server: Server) -> Iterator[Target]:
    """A database without any migration, of this test alone."""
    name = f"empty_{os.getpid()}_{next(_numbers)}"
    create_database(server, name)
    yield target_of(server, name)
    drop_database(server, name)


def target_of(server: Server, name: str) -> Target:
    """A database of a server as a target."""
    return Target(server.conninfo(APP, name), server.conninfo(OWNER, name), server.conninfo(database=name), server)


@contextlib.contextmanager
def superuser(server: Server) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """A connection that may make and drop databases; each statement is a transaction."""
    with psycopg.connect(server.conninfo(database="postgres"), autocommit=True) as connection:
        yield connection


def create_database(server: Server, name: str, template: str = "template1") -> None:
    """Make a database with the rights that the embedded one has."""
    with superuser(server) as connection:
        connection.execute(_statement("CREATE DATABASE {} OWNER {} TEMPLATE {}", name, OWNER, template))
        connection.execute(_statement("REVOKE ALL ON DATABASE {} FROM PUBLIC", name))
        connection.execute(_statement("GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}", name, APP))


def drop_database(server: Server, name: str) -> None:
    """Drop a database; connections to it are closed."""
    with superuser(server) as connection:
        connection.execute(_statement("DROP DATABASE IF EXISTS {} WITH (FORCE)", name))


def _statement(text: str, *names: str) -> sql.Composed:
    return sql.SQL(text).format(*map(sql.Identifier, names))
