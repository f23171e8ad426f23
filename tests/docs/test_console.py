"""The READMEs can be followed literally: every `shouxin` command prints what the page shows."""

from __future__ import annotations

from pathlib import Path

import pytest

from docs.console import Output, follow
from shouxin.engines.policy.solver import load_z3

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.skipif(load_z3() is None, reason="z3 is not installed, and `policy check` says so")
@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md", "docs/how-to/decide-a-file.md"])
def test_page_shows_what_its_commands_print(name: str, tmp_path: Path) -> None:
    outputs = list(follow((ROOT / name).read_text(encoding="utf-8"), tmp_path))
    assert outputs, "no command was found"
    for each in outputs:
        assert each.agrees, f"$ {each.command}\n{each.found}"


def test_dots_stand_for_any_lines() -> None:
    found = "one\ntwo  \nthree\n6 customers decided in 0.12 s (49 rows/s)\n"
    assert Output("", "one\n...\n6 customers decided in 0.40 s (1,000 rows/s)\n", found, 0, 0).agrees
    assert not Output("", "one\n...\n7 customers decided in 0.12 s (49 rows/s)\n", found, 0, 0).agrees
    assert not Output("", "one\n", found, 0, 0).agrees
