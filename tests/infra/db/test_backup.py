"""Backup and restore: the same rows, or a refusal and nothing left."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import signal
import subprocess
import sys
import tarfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest

from shouxin.foundation.refusal import Refusal
from shouxin.infra.db import backup as backup_module
from shouxin.infra.db import errors
from shouxin.infra.db import restore as restore_module
from shouxin.infra.db.archive import Manifest, dump_pieces, read_manifest
from shouxin.infra.db.backup import Backup, backup, count_rows
from shouxin.infra.db.connect import Target, connect, embedded, remote
from shouxin.infra.db.restore import restore, restore_into
from shouxin.infra.db.server import RESTORING, Server
from tests.database import Make, create_database, drop_database

both_servers = pytest.mark.both_servers
RESTORE = """
import sys
from pathlib import Path
import shouxin.infra.db.restore as module
module.count_rows = lambda connection: (print("loaded", flush=True), sys.stdin.read())
module.restore(Path(sys.argv[1]), Path(sys.argv[2]))
"""


@pytest.fixture(scope="module")
def filled(databases: Make) -> Target:
    """A database with a table of 1,000 rows."""
    made = databases()
    with connect(made.owner) as connection:
        connection.execute("CREATE TABLE kept AS SELECT n, md5(n::text) AS text FROM generate_series(1, 1000) AS n")
        connection.execute("GRANT SELECT ON kept TO shouxin_app")
    return made


@pytest.fixture
def file(filled: Target, client_programs: None, tmp_path: Path) -> Path:
    """A backup of it."""
    return backup(filled, tmp_path / "backup.tar").file


def content(target: Target) -> list[Any]:
    with connect(target.app) as connection:
        return connection.execute("SELECT n, text FROM kept ORDER BY n").fetchall()


def rows(target: Target) -> dict[str, int]:
    with connect(target.owner) as connection:
        return count_rows(connection)


def by_url(server: Server, name: str) -> Target:
    """A database of a test's server, spoken to as if it were a real server elsewhere."""
    url = server.conninfo(database=name)
    return remote(url, url)


@both_servers
def test_a_restored_folder_holds_the_same(filled: Target, file: Path, folder: Path) -> None:
    manifest = restore(file, folder / "data")
    assert manifest.tables == rows(filled)
    assert sorted(each.name for each in (folder / "data").iterdir()) == ["postgres"]
    server = Server(folder / "data")
    assert not server.status().running
    server.ensure()
    assert content(embedded(server)) == content(filled)
    with connect(embedded(server).app) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("DELETE FROM kept")


@both_servers
def test_a_restored_database_holds_the_same(server: Server, filled: Target, file: Path) -> None:
    create_database(server, "restored")
    target = by_url(server, "restored")
    assert restore_into(file, target).tables == rows(filled)
    assert content(target) == content(filled)
    with pytest.raises(errors.RestoreNotEmpty, match=r"restored on .*: schema shouxin is there"):
        restore_into(file, target)
    drop_database(server, "restored")


def test_it_is_one_moment_while_others_write(databases: Make, client_programs: None, tmp_path: Path, folder: Path) -> None:
    target = databases()
    with connect(target.owner) as connection:
        connection.execute("CREATE TABLE one AS SELECT 1 AS n; CREATE TABLE two AS SELECT 1 AS n", prepare=False)
    finished = threading.Event()

    def write() -> None:
        with connect(target.owner) as connection:
            while not finished.is_set():
                connection.execute("INSERT INTO one VALUES (1)")
                connection.execute("INSERT INTO two VALUES (1)")
                connection.commit()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        made = backup(target, tmp_path / "backup.tar")
    finally:
        finished.set()
        writer.join()
    assert made.manifest.tables["one"] == made.manifest.tables["two"] <= rows(target)["one"]
    assert restore(made.file, folder / "data").tables == made.manifest.tables


def test_nothing_but_the_file_is_left(file: Path) -> None:
    assert [each.name for each in file.parent.iterdir()] == ["backup.tar"]
    assert file.stat().st_mode & 0o777 == 0o600
    assert read_manifest(file).tables["kept"] == 1000


def test_a_backup_that_fails_leaves_nothing(filled: Target, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backup_module, "write_archive", full)
    with pytest.raises(errors.BackupNotWritten, match="No space left on device"):
        backup(filled, tmp_path / "backup.tar")
    assert list(tmp_path.iterdir()) == []


def over_a_file(filled: Target, _empty: Target, tmp_path: Path) -> Backup:
    (tmp_path / "backup.tar").write_text("", "utf-8")
    return backup(filled, tmp_path / "backup.tar")


def of_nothing(_filled: Target, empty: Target, tmp_path: Path) -> Backup:
    return backup(empty, tmp_path / "backup.tar")


def with_a_broken_program(filled: Target, _empty: Target, tmp_path: Path) -> Backup:
    return backup(filled, tmp_path / "backup.tar")


def into_no_folder(filled: Target, _empty: Target, tmp_path: Path) -> Backup:
    return backup(filled, tmp_path / "none" / "backup.tar")


BACKUPS = [
    (over_a_file, errors.BackupThere),
    (of_nothing, errors.NothingToBackUp),
    (with_a_broken_program, errors.ProgramFailed),
    (into_no_folder, errors.BackupNotWritten),
]


@pytest.mark.parametrize(("act", "refusal"), BACKUPS, ids=[each[1].__name__ for each in BACKUPS])
def test_what_a_backup_refuses(
    filled: Target, empty_database: Target, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    act: Callable[[Target, Target, Path], Backup], refusal: type[Refusal],
) -> None:  # fmt: skip
    if refusal is errors.ProgramFailed:
        monkeypatch.setattr(backup_module, "SCHEMA", "no_such_schema")
    with pytest.raises(refusal):
        act(filled, empty_database, tmp_path)


def changed(file: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """The same backup with another manifest."""
    with tarfile.open(file) as tar:
        source = tar.extractfile("manifest.json")
        assert source is not None
        manifest = json.loads(source.read())
    dump = b"".join(dump_pieces(file))
    change(manifest)
    with tarfile.open(file, "w") as tar:
        for name, text in (("manifest.json", json.dumps(manifest).encode()), ("dump", dump)):
            member = tarfile.TarInfo(name)
            member.size = len(text)
            tar.addfile(member, io.BytesIO(text))


def cut(file: Path, _data: Path) -> None:
    with file.open("rb+") as opened:
        opened.truncate(file.stat().st_size // 2)


def of_a_newer_program(file: Path, _data: Path) -> None:
    changed(file, lambda manifest: manifest["migrations"].append({"number": 9999, "name": "9999_later", "sha256": ""}))


def with_a_hole(file: Path, _data: Path) -> None:
    changed(file, lambda manifest: manifest["migrations"].pop(0))


def of_changed_files(file: Path, _data: Path) -> None:
    changed(file, lambda manifest: manifest["migrations"][0].update(sha256="0"))


def a_file(_file: Path, data: Path) -> None:
    data.write_text("", "utf-8")


def not_empty(_file: Path, data: Path) -> None:
    data.mkdir()
    (data / "note.txt").write_text("", "utf-8")


def no_dump(file: Path, _data: Path) -> None:
    def claim(manifest: dict[str, Any]) -> None:
        manifest.update(dump_size=4, dump_sha256=hashlib.sha256(b"test").hexdigest())

    changed(file, claim)
    with tarfile.open(file) as tar:
        source = tar.extractfile("manifest.json")
        manifest = source.read() if source else b""
    with tarfile.open(file, "w") as tar:
        for name, text in (("manifest.json", manifest), ("dump", b"test")):
            member = tarfile.TarInfo(name)
            member.size = len(text)
            tar.addfile(member, io.BytesIO(text))


def one_row_more(file: Path, _data: Path) -> None:
    changed(file, lambda manifest: manifest["tables"].update(kept=1001))


RESTORES = [
    (cut, errors.BackupUnreadable, "was cut off|not the one that was written"),
    (of_a_newer_program, errors.DatabaseNewer, "9999_later"),
    (with_a_hole, errors.MigrationMissing, "0001_base"),
    (of_changed_files, errors.MigrationChanged, "0001_base"),
    (a_file, errors.FolderUnusable, "data"),
    (not_empty, errors.RestoreNotEmpty, "note.txt is there"),
    (no_dump, errors.ProgramFailed, "pg_restore"),
    (one_row_more, errors.RestoreIncomplete, "kept: 1000 rows: 1001 rows, as in the backup"),
]


@pytest.mark.parametrize(("act", "refusal", "text"), RESTORES, ids=[each[1].__name__ for each in RESTORES])
def test_what_a_restore_refuses_and_that_nothing_is_left(
    file: Path, folder: Path, act: Callable[[Path, Path], None], refusal: type[Refusal], text: str
) -> None:
    data = folder / "data"
    act(file, data)
    with pytest.raises(refusal, match=text):
        restore(file, data)
    assert not data.is_dir() or [each.name for each in data.iterdir() if each.name != "note.txt"] == []


def test_each_refusal_has_its_row() -> None:
    assert tuple(each[1] for each in BACKUPS) == backup_module.ORDER
    assert tuple(each[1] for each in RESTORES) == restore_module.ORDER


@pytest.mark.parametrize("text", [b"", b"no tar file at all", b"\x00" * 10240])
def test_what_is_no_backup(tmp_path: Path, text: bytes) -> None:
    (tmp_path / "backup.tar").write_bytes(text)
    with pytest.raises(errors.BackupUnreadable):
        read_manifest(tmp_path / "backup.tar")


@pytest.mark.parametrize("change", [
    lambda manifest: manifest.pop("tables"), lambda manifest: manifest.update(format=2), lambda manifest: manifest.update(more=1),
    lambda manifest: manifest.update(migrations=7),
])  # fmt: skip
def test_a_manifest_of_another_form(file: Path, change: Callable[[dict[str, Any]], object]) -> None:
    changed(file, change)
    with pytest.raises(errors.BackupUnreadable):
        read_manifest(file)


def test_a_killed_restore_leaves_nothing_that_looks_whole(file: Path, folder: Path, filled: Target) -> None:
    data = folder / "data"
    with subprocess.Popen(
        [sys.executable, "-c", RESTORE, file, data], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "loaded\n"
        process.send_signal(signal.SIGKILL)
    assert [each.name for each in data.iterdir()] == [RESTORING]
    with pytest.raises(errors.RestoreInterrupted):
        Server(data).ensure()
    assert restore(file, data).tables == rows(filled)
    assert [each.name for each in data.iterdir()] == ["postgres"]


@pytest.mark.wheel
def test_a_manifest_says_when_and_by_what(file: Path) -> None:
    manifest: Manifest = read_manifest(file)
    assert manifest.server.startswith("18.")
    assert len(manifest.taken_at) == len("2026-01-15T00:00:00Z")
    shutil.copy(file, file.with_name("copy.tar"))
    assert read_manifest(file.with_name("copy.tar")) == manifest
