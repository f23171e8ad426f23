"""The page on scorecards can be followed literally: it makes its own data, fits, and decides with the card."""

from __future__ import annotations

from pathlib import Path

import pytest

from docs import console
from docs.console import follow
from shouxin.engines.policy.solver import load_z3
from tests.docs.test_lend_page import run_here

PAGE = Path(__file__).resolve().parents[2] / "docs/how-to/score.md"


@pytest.mark.skipif(load_z3() is None, reason="z3 is not installed, and `policy check` says so")
def test_the_page_shows_what_its_commands_print(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in console.ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(console, "run_shouxin", run_here)
    outputs = list(follow(PAGE.read_text("utf-8"), tmp_path))
    assert len(outputs) > 10
    for each in outputs:
        assert each.agrees, f"$ {each.command}\n{each.found}"
    reports = [tmp_path / name for name in ("report.html", "report.zh.html")]
    assert all("<svg" in each.read_text(encoding="utf-8") for each in reports)
