"""The page on matching can be followed literally."""

from __future__ import annotations

from pathlib import Path

import pytest

from docs import console
from docs.console import follow
from tests.docs.test_lend_page import run_here

PAGE = Path(__file__).resolve().parents[2] / "docs/how-to/match.md"


def test_the_page_shows_what_its_commands_print(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in console.ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(console, "run_shouxin", run_here)
    outputs = list(follow(PAGE.read_text("utf-8"), tmp_path))
    assert len(outputs) == 4
    for each in outputs:
        assert each.agrees, f"$ {each.command}\n{each.found}"
