"""The embedded server: started by whoever comes first, outliving everybody, coming back after every death."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from shouxin.foundation.refusal import Refusal
from shouxin.infra.db import errors
from shouxin.infra.db import server as server_module
from shouxin.infra.db.connect import connect, embedded
from shouxin.infra.db.scratch import FAST
from shouxin.infra.db.server import ORDER, RESTORING, Server
from tests.database import programs_of, temporary_folder

ENSURE = """
import sys
from pathlib import Path
from shouxin.infra.db.scratch import FAST
from shouxin.infra.db.server import Server
server = Server(Path(sys.argv[1]), FAST)
server.ensure()
print(server.status().pid, flush=True)
"""
DIE = "\nimport os, signal\nos.killpg(0, signal.SIGKILL)\n"
both_servers = pytest.mark.both_servers


@pytest.fixture
def data(folder: Path) -> Path:
    return folder / "data"


@pytest.fixture(scope="module")
def own(server_kind: str) -> Iterator[Server]:
    """A server of this module's own, which its tests may kill."""
    with temporary_folder() as folder, programs_of(server_kind):
        server = Server(folder / "data", FAST)
        server.ensure()
        yield server


@pytest.fixture
def made(own: Server, client_programs: None) -> Server:
    """The module's server, started."""
    own.ensure()
    return own


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_module, "LOST_SECONDS", 0.1)


def process(data: Path, code: str = ENSURE) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", code, str(data)], stdout=subprocess.PIPE, text=True, start_new_session=True)


def pid_of(server: Server) -> int:
    found = server.status().pid
    assert found is not None
    return found


def write_row(server: Server) -> None:
    with connect(embedded(server).owner) as connection:
        connection.execute("CREATE SCHEMA IF NOT EXISTS shouxin")
        connection.execute("DROP TABLE IF EXISTS kept")
        connection.execute("CREATE TABLE kept AS SELECT 7 AS number")


def read_row(server: Server) -> object:
    with connect(embedded(server).owner) as connection:
        return connection.execute("SELECT number FROM kept").fetchone()


def kill_postmaster(server: Server) -> None:
    pid = pid_of(server)
    os.kill(pid, signal.SIGKILL)
    wait_until_dead(pid)


def wait_until_dead(pid: int) -> None:
    """A killed process may stay a zombie where nobody asks for its end: it works in no folder any more."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            Path(f"/proc/{pid}/cwd").readlink()
        except OSError:
            return
        time.sleep(0.01)
    raise AssertionError(f"{pid} lives")


@both_servers
def test_it_is_made_on_first_use_and_started_again(made: Server) -> None:
    write_row(made)
    pid = pid_of(made)
    made.ensure()
    assert pid_of(made) == pid
    assert (made.stop(), made.stop()) == (True, False)
    assert not made.status().running
    made.ensure()
    assert read_row(made) == (7,)


def test_what_is_committed_stays_and_nobody_reaches_it_from_outside(made: Server) -> None:
    made.stop()
    server = Server(made.folder)
    server.ensure()
    names = (
        "fsync",
        "synchronous_commit",
        "full_page_writes",
        "data_checksums",
        "listen_addresses",
        "TimeZone",
        "server_encoding",
    )
    with connect(embedded(server).app) as connection:
        found = [connection.execute(f"SHOW {name}".encode()).fetchone() for name in names]
    assert found == [("on",), ("on",), ("on",), ("on",), ("",), ("UTC",), ("UTF8",)]
    socket, home = server.status().socket, server.status().home
    assert socket is not None and home is not None
    assert [oct(each.stat().st_mode & 0o777) for each in (socket, home / "data")] == ["0o700", "0o700"]
    server.stop()


def test_six_processes_at_once_start_one_server(data: Path) -> None:
    started = [process(data) for _ in range(6)]
    told = {each.communicate(timeout=60)[0] for each in started}
    assert [each.returncode for each in started] == [0] * 6
    server = Server(data, FAST)
    assert told == {f"{pid_of(server)}\n"}
    server.erase()
    assert list(data.iterdir()) == []


def test_it_outlives_whoever_started_it(made: Server) -> None:
    made.stop()
    started = process(made.folder, ENSURE + DIE)
    pid, _ = started.communicate(timeout=60)
    assert started.returncode == -signal.SIGKILL
    assert made.status().running
    assert pid_of(made) == int(pid)


@both_servers
def test_it_comes_back_after_its_postmaster_was_killed(made: Server) -> None:
    write_row(made)
    kill_postmaster(made)
    made.ensure()
    assert read_row(made) == (7,)


def test_a_backend_that_outlives_its_postmaster_is_ended(made: Server, impatient: None) -> None:
    write_row(made)
    with psycopg.connect(made.conninfo()) as busy:
        backend = busy.info.backend_pid
        busy.pgconn.send_query(b"SELECT count(*) FROM generate_series(1, 1e12)")
        time.sleep(0.1)
        kill_postmaster(made)
        made.ensure()
        wait_until_dead(backend)
        busy.close()
    assert read_row(made) == (7,)


def test_stopping_ends_backends_without_a_postmaster(made: Server, impatient: None) -> None:
    with psycopg.connect(made.conninfo()) as busy:
        backend = busy.info.backend_pid
        busy.pgconn.send_query(b"SELECT count(*) FROM generate_series(1, 1e12)")
        time.sleep(0.1)
        kill_postmaster(made)
        assert made.stop()
        wait_until_dead(backend)
        busy.close()


def test_a_server_without_its_socket_is_started_again(made: Server, impatient: None) -> None:
    pid, socket = pid_of(made), made.status().socket
    assert socket is not None
    for each in socket.iterdir():
        each.unlink()
    made.ensure()
    assert pid_of(made) != pid


def test_an_end_in_the_midst_of_the_making_leaves_nothing_that_looks_whole(data: Path) -> None:
    started = process(data)
    home = data / "postgres"
    deadline = time.monotonic() + 30
    while not list(home.glob("making-*/base")) and time.monotonic() < deadline:
        time.sleep(0.002)
    os.killpg(started.pid, signal.SIGKILL)
    started.communicate()
    assert list(home.glob("making-*")) and not (home / "data").exists()
    server = Server(data, FAST)
    server.ensure()
    assert list(home.glob("making-*")) == []
    with connect(embedded(server).app) as connection:
        assert connection.execute("SELECT current_user").fetchone() == ("shouxin_app",)


def test_a_number_in_a_file_that_is_another_programs_by_now_deceives_nobody(made: Server) -> None:
    home, socket = made.status().home, made.status().socket
    assert home is not None and socket is not None
    pid_file, lock = home / "data" / "postmaster.pid", socket / ".s.PGSQL.5432.lock"
    told = pid_file.read_text("ascii")
    made.stop()
    with subprocess.Popen(["sleep", "60"]) as other:
        stale = told.replace(told.splitlines()[0], str(other.pid), 1)
        pid_file.write_text(stale, "ascii")
        lock.write_text(stale, "ascii")
        assert not made.status().running
        assert not made.stop()
        made.ensure()
        assert pid_of(made) != other.pid
        made.stop()
        assert other.poll() is None
        other.kill()


def test_a_long_path_has_its_socket_elsewhere(folder: Path) -> None:
    data = folder.joinpath(*["a-long-name-of-a-folder"] * 6)
    server = Server(data, FAST)
    server.ensure()
    socket = server.status().socket
    assert socket is not None and socket.is_relative_to("/tmp")
    server.stop()
    server.ensure()
    assert server.status().socket == socket
    server.stop()
    socket.rmdir()
    server.ensure()
    assert server.status().running
    again = server.status().socket
    assert again is not None and again.exists()
    server.erase()
    assert not again.exists()


def test_a_path_of_any_characters(folder: Path) -> None:
    server = Server(folder / 'it\'s, 授信 "a" $(touch here); b\\c', FAST)
    server.ensure()
    with connect(embedded(server).app) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    server.erase()
    assert not Path("here").exists()


def test_the_state_of_nothing(data: Path) -> None:
    status = Server(data).status()
    assert (status.running, status.version, status.home, status.size) == (False, None, None, 0)
    assert not Server(data).stop()
    assert not data.exists()


def interrupted_restore(server: Server) -> None:
    server.stop()
    (server.folder / "postgres").rename(server.folder / RESTORING)


def made_by_another(server: Server) -> None:
    server.stop()
    (server.folder / "postgres" / "data" / "PG_VERSION").write_text("14\n", "ascii")


def broken_settings(server: Server) -> None:
    server.stop()
    server._settings["shared_buffers"] = "much"


def undo(server: Server) -> None:
    if (server.folder / RESTORING).exists():
        (server.folder / RESTORING).rename(server.folder / "postgres")
    (server.folder / "postgres" / "data" / "PG_VERSION").write_text("18\n", "ascii")
    server._settings["shared_buffers"] = FAST["shared_buffers"]


REFUSALS = [
    (interrupted_restore, errors.RestoreInterrupted, "without restoring"),
    (made_by_another, errors.ServerVersionDiffers, "programs of PostgreSQL 14, which made the folder; these are 18"),
    (broken_settings, errors.ServerNotStarted, 'invalid value for parameter "shared_buffers": "much"'),
]


@pytest.mark.wheel
@pytest.mark.parametrize(("act", "refusal", "text"), REFUSALS, ids=[each[1].__name__ for each in REFUSALS])
def test_what_a_server_refuses(made: Server, act: object, refusal: type[Refusal], text: str) -> None:
    assert callable(act)
    act(made)
    with pytest.raises(refusal) as refused:
        made.ensure()
    assert text in str(refused.value)
    undo(made)


def test_each_refusal_has_its_row() -> None:
    assert tuple(each[1] for each in REFUSALS) == ORDER


def test_a_making_that_fails_says_why_and_leaves_nothing(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shouxin.infra.db.making._options", lambda _major: ("--encoding=UTF9",))
    with pytest.raises(errors.ServerNotMade, match="UTF9"):
        Server(data, FAST).ensure()
    assert sorted(each.name for each in (data / "postgres").iterdir()) == ["lock"]


def test_a_file_is_no_folder(folder: Path) -> None:
    (folder / "data").write_text("", "utf-8")
    with pytest.raises(errors.FolderUnusable):
        Server(folder / "data").ensure()
