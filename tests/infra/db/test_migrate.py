"""Migrations: each once, in order, wholly or not at all, and no row is lost."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Sequence
from pathlib import Path

import psycopg
import pytest

from shouxin.foundation.refusal import Refusal
from shouxin.infra.db import errors
from shouxin.infra.db.backup import count_rows
from shouxin.infra.db.connect import Target, connect
from shouxin.infra.db.migrate import ORDER, Applied, Migration, applied, migrate, pending, read_migrations, shipped
from shouxin.infra.db.schema import FILE, WRITE, schema_of

both_servers = pytest.mark.both_servers
ROWS = Path(__file__).with_name("rows_before_last.sql")


def migration(number: int, text: str) -> Migration:
    return Migration(number, f"{number:04}_test", text.encode(), hashlib.sha256(text.encode()).hexdigest())


KNOWN = (
    migration(1, "CREATE TABLE one (id integer)"),
    migration(2, "CREATE TABLE two (id integer); INSERT INTO one VALUES (1);"),
)


def as_applied(*some: Migration) -> tuple[Applied, ...]:
    return tuple(Applied(each.number, each.name, each.sha256) for each in some)


def tables(target: Target) -> dict[str, int]:
    with connect(target.owner) as connection:
        return count_rows(connection)


@both_servers
def test_all_are_applied_once(empty_database: Target) -> None:
    names = [each.name for each in shipped()]
    assert migrate(empty_database) == names
    assert migrate(empty_database) == []
    with connect(empty_database.app) as connection:
        assert [each.name for each in applied(connection)] == names


@both_servers
def test_the_schema_is_what_the_migrations_make(database: Target, client_programs: None) -> None:
    assert schema_of(database) == FILE.read_text("utf-8"), f"write it anew: {WRITE}"


@both_servers
def test_the_application_owns_nothing_and_changes_no_table(database: Target) -> None:
    with connect(database.app) as connection:
        owned = "SELECT relname FROM pg_class JOIN pg_roles ON pg_roles.oid = relowner WHERE rolname = current_user"
        assert connection.execute(owned).fetchall() == []
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("CREATE TABLE mine (id integer)")
        connection.rollback()
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("INSERT INTO migration VALUES (9999, 'mine', '')")


def test_two_at_once_take_turns(empty_database: Target) -> None:
    done: list[str] = []
    begin = threading.Barrier(2)

    def run() -> None:
        begin.wait()
        done.extend(migrate(empty_database))

    threads = [threading.Thread(target=run) for _ in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(done) == [each.name for each in shipped()]


def test_one_that_fails_leaves_nothing_of_itself(empty_database: Target) -> None:
    broken = migration(2, "CREATE TABLE two (id integer); INSERT INTO nowhere VALUES (1)")
    with pytest.raises(errors.MigrationFailed, match=r'0002_test: .*relation "nowhere" does not exist'):
        migrate(empty_database, [KNOWN[0], broken])
    assert tables(empty_database) == {"migration": 1, "one": 0}
    assert migrate(empty_database, KNOWN) == ["0002_test"]
    assert tables(empty_database) == {"migration": 2, "one": 1, "two": 0}


def test_one_that_ends_its_transaction_is_told_so(empty_database: Target) -> None:
    with pytest.raises(errors.MigrationFailed, match="it ends the transaction"):
        migrate(empty_database, [migration(1, "CREATE TABLE one (id integer); COMMIT")])


def test_the_database_refuses_what_does_not_fit_it(empty_database: Target) -> None:
    migrate(empty_database, KNOWN)
    with pytest.raises(errors.DatabaseNewer):
        migrate(empty_database, KNOWN[:1])
    with pytest.raises(errors.MigrationChanged):
        migrate(empty_database, [KNOWN[0], migration(2, "SELECT 1")])


def unordered(folder: Path) -> None:
    for name in ("0001_one.sql", "0003_three.sql"):
        (folder / name).write_text("SELECT 1", "utf-8")
    read_migrations(folder)


def newer(_folder: Path) -> None:
    pending(KNOWN[:1], as_applied(*KNOWN))


def missing(_folder: Path) -> None:
    pending(KNOWN, as_applied(KNOWN[1]))


def changed(_folder: Path) -> None:
    pending(KNOWN, as_applied(migration(1, "another text")))


REFUSALS = [
    (unordered, errors.MigrationFilesNotInOrder, "0003_three.sql: .* 0002 comes here"),
    (newer, errors.DatabaseNewer, "0002_test: .* ends at 0001_test"),
    (missing, errors.MigrationMissing, "0001_test: applied before 0002_test"),
    (changed, errors.MigrationChanged, "0001_test: the file that was applied"),
]


@pytest.mark.parametrize(("act", "refusal", "text"), REFUSALS, ids=[each[1].__name__ for each in REFUSALS])
def test_what_is_refused(tmp_path: Path, act: object, refusal: type[Refusal], text: str) -> None:
    assert callable(act)
    with pytest.raises(refusal, match=text):
        act(tmp_path)


def test_each_refusal_has_its_row() -> None:
    assert (*(each[1] for each in REFUSALS), errors.MigrationFailed) == ORDER


def test_refusals_come_in_their_order() -> None:
    three = migration(3, "SELECT 3")
    with pytest.raises(errors.DatabaseNewer):
        pending(KNOWN, as_applied(migration(1, "another text"), three))
    with pytest.raises(errors.MigrationMissing):
        pending((*KNOWN, three), as_applied(migration(1, "another text"), three))


@pytest.mark.parametrize("name", ["1_one.sql", "0001-one.sql", "0001_One.sql", "0002_one.sql"])
def test_a_name_of_another_form_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("SELECT 1", "utf-8")
    with pytest.raises(errors.MigrationFilesNotInOrder):
        read_migrations(tmp_path)


@both_servers
def test_rows_of_the_version_before_stay(empty_database: Target) -> None:
    known: Sequence[Migration] = shipped()
    migrate(empty_database, known[:-1])
    with connect(empty_database.owner) as connection:
        connection.execute(ROWS.read_bytes(), prepare=False)
    before = tables(empty_database)
    assert migrate(empty_database) == [known[-1].name]
    after = tables(empty_database)
    assert {name: after.get(name, 0) >= rows for name, rows in before.items()} == dict.fromkeys(before, True)
