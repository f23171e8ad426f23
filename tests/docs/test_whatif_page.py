"""The page on what-if can be followed literally, on a database of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from docs import console
from docs.console import follow
from tests.docs.test_lend_page import reader, run_here

__all__ = ["reader"]
PAGE = Path(__file__).resolve().parents[2] / "docs/how-to/what-if.md"


def test_the_page_shows_what_its_commands_print(reader: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(console, "run_shouxin", run_here)
    outputs = list(follow(PAGE.read_text("utf-8"), reader))
    assert len(outputs) > 10
    for each in outputs:
        assert each.agrees, f"$ {each.command}\n{each.found}"
