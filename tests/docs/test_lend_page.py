"""The page on lending can be followed literally, on a database of its own; its ids stand for those of the run."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Sequence
from pathlib import Path

import pytest

from docs import console
from docs.console import Ids, follow
from shouxin.faces.cli.app import run

PAGE = Path(__file__).resolve().parents[2] / "docs/how-to/lend.md"
ONE, TWO, OTHER = (f"019f0000-0000-7000-8000-00000000000{number}" for number in (1, 2, 3))


def run_here(args: Sequence[str], _folder: Path) -> str:
    """As `console.run_shouxin`, in this process, which is many times as fast."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        run(list(args))
    return printed.getvalue()


@pytest.fixture
def reader(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The empty folder in which the reader is."""
    for name in ("DATABASE_URL", "SHOUXIN_DATA", "SHOUXIN_KEYS", "SHOUXIN_LENDER_ZH", "SHOUXIN_LENDER_EN", "SHOUXIN_SANCTIONS"):
        monkeypatch.delenv(name, raising=False)
    for name, value in console.ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(folder)
    monkeypatch.setattr(console, "run_shouxin", run_here)
    return folder


def test_the_page_shows_what_its_commands_print(reader: Path) -> None:
    outputs = list(follow(PAGE.read_text("utf-8"), reader))
    assert len(outputs) > 20
    for each in outputs:
        assert each.agrees, f"$ {each.command}\n{each.found}"


def test_ids_stand_for_those_of_the_run() -> None:
    ids = Ids()
    ids.learn(f"...\nloan  {ONE}  \n", f"customer  {OTHER}\nloan  {TWO}\n")
    assert ids.to_run(f"show {ONE}") == f"show {TWO}"
    assert ids.to_page(f"loan {TWO} of {OTHER}") == f"loan {ONE} of {OTHER}"
    ids.learn(f"loan  {ONE}\n", f"loan  {OTHER}\n")
    assert ids.to_run(ONE) == TWO  # the first place counts; another id there is a difference, and shows


def test_an_output_may_go_to_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(console, "run_shouxin", lambda args, _folder: f"ran {' '.join(args)}\n")
    page = "```console\n$ shouxin one > made.txt\n$ cat made.txt\nran one\n```\n"
    assert [each.agrees for each in follow(page, tmp_path)] == [True, True]
