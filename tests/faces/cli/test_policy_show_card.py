"""`shouxin policy show` on a fitted card: special values beside their points, and pairs as tables."""

from __future__ import annotations

from pathlib import Path

import pytest

from shouxin.faces.cli.app import run
from shouxin.faces.cli.out import results
from tests.engines.policy.cards import fitted_bundle


def shown(to: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The cells of every line that is printed."""
    monkeypatch.setattr(results, "_width", 240)
    assert run(["policy", "show", str(fitted_bundle(to))]) == 0
    lines = capsys.readouterr().out.splitlines()
    return [[cell.strip() for cell in line.replace("┃", "│").strip("│ ").split("│")] for line in lines]


def test_special_values_stand_beside_their_points(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    cells = shown(tmp_path, capsys, monkeypatch)
    assert ["overdue", "worst_overdue_24m", "down", "996, 998: -40; 1999: 3; 33, -20, -45", "-12"] in [each[:5] for each in cells]
    assert ["purpose", "purpose", "either", "8, -20, -3", "0"] in [each[:5] for each in cells]


def test_a_pair_is_a_table(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    cells = shown(tmp_path, capsys, monkeypatch)
    start = cells.index(["Card persons, pair overdue_by_use"])
    heads = ["worst_overdue_24m", *(f"line_use: {each}" for each in ("below 0.3", "below 0.9", "others", "missing"))]
    assert cells[start + 2] == heads
    assert cells[start + 4 : start + 8] == [
        ["996, 998", "0", "0", "0", "0"],
        ["below 1", "2", "0", "-1", "0"],
        ["others", "-3", "-8", "-12", "-4"],
        ["missing", "0", "0", "-6", "1"],
    ]
