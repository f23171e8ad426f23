"""`shouxin db`: the life of a database from the command line."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from shouxin.faces.cli.app import run
from shouxin.infra.db.migrate import shipped
from shouxin.infra.db.server import Server
from tests.database import target_of

Out = pytest.CaptureFixture[str]
MAIN = "from shouxin.faces.cli import main; main()"
NAMES = [each.name for each in shipped()]


@pytest.fixture(autouse=True)
def no_url(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)


def told(capsys: Out, *args: str | Path, code: int = 0) -> Any:
    """What a command prints as JSON."""
    assert run(["db", *map(str, args), "--json"]) == code
    return json.loads(capsys.readouterr().out)


def test_a_life(folder: Path, tmp_path: Path, capsys: Out) -> None:
    data, file, second = folder / "data", tmp_path / "backup.tar", folder / "second"
    assert told(capsys, "status", "--data", data)["running"] is False
    started = told(capsys, "start", "--data", data)
    assert (started["running"], started["applied"], started["pending"]) == (True, [], NAMES)
    assert told(capsys, "migrate", "--data", data) == {"applied": NAMES}
    assert told(capsys, "migrate", "--data", data) == {"applied": []}
    state = told(capsys, "status", "--data", data)
    assert (state["applied"], state["pending"], state["folder"], state["postgresql"][:3]) == (NAMES, [], str(data), "18.")

    made = told(capsys, "backup", file, "--data", data)
    assert (made["file"], made["migrations"]) == (str(file), len(NAMES))
    restored = told(capsys, "restore", file, "--data", second)
    assert (restored["rows"], restored["tables"]) == (made["rows"], made["tables"])

    assert told(capsys, "stop", "--data", data) == {"stopped": True, "folder": str(data)}
    assert told(capsys, "stop", "--data", data) == {"stopped": False, "folder": str(data)}
    assert run(["db", "status", "--data", str(data)]) == 0
    assert "running     no\n" in capsys.readouterr().out


@pytest.mark.parametrize(("options", "role"), [([], "shouxin_app"), (["--owner"], "shouxin_owner")])
def test_psql_is_opened_as_a_role(folder: Path, options: list[str], role: str) -> None:
    args = ["db", "psql", "--data", str(folder / "data"), *options, "--", "-Atc", "SELECT current_user"]
    done = subprocess.run([sys.executable, "-c", MAIN, *args], capture_output=True, text=True, check=False)
    assert (done.stdout, done.returncode) == (f"{role}\n", 0), done.stderr


def test_a_database_elsewhere(
    server: Server, template: str, monkeypatch: pytest.MonkeyPatch, capsys: Out, tmp_path: Path
) -> None:
    monkeypatch.setenv("DATABASE_URL", target_of(server, template).admin)
    assert told(capsys, "status")["pending"] == []
    assert told(capsys, "migrate") == {"applied": []}
    assert told(capsys, "backup", tmp_path / "backup.tar")["migrations"] == len(NAMES)
    assert run(["db", "start"]) == 1
    assert run(["db", "restore", str(tmp_path / "backup.tar")]) == 1
    said = capsys.readouterr().err
    assert "a data folder (--data), or no DATABASE_URL" in said
    assert "schema shouxin is there" in said


def test_refusals_are_one_clear_line(tmp_path: Path, capsys: Out) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    assert run(["db", "start", "--data", str(tmp_path / "file")]) == 1
    assert run(["db", "restore", str(tmp_path / "none.tar"), "--data", str(tmp_path / "data")]) == 1
    said = capsys.readouterr().err.splitlines()
    assert [line.split(": ")[0] for line in said] == ["data", "backup"]
