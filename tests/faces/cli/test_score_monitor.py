"""`shouxin score monitor`: exit code 1 where anything is an alert, 0 where nothing is; reports and JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from shouxin.faces.cli.app import run
from tests.desk.portfolio.test_scored import parquet
from tests.engines.scoring.carded import CARD
from tests.faces.cli.test_score_validate import rows

Out = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The card, rows, the same rows, and rows that say no purpose any more."""
    folder = tmp_path_factory.mktemp("monitor")
    (folder / "card.yaml").write_text(CARD, encoding="utf-8")
    made = rows()
    return {
        "card": str(folder / "card.yaml"),
        "then": str(parquet(folder / "then.parquet", made)),
        "same": str(parquet(folder / "same.parquet", made)),
        "now": str(
            parquet(folder / "now.parquet", [{**row, "purpose": None if at % 8 else "car"} for at, row in enumerate(made)])
        ),
    }


def command(files: dict[str, str], current: str, *args: str) -> list[str]:
    return ["score", "monitor", files["card"], "--reference", files["then"], "--current", files[current], *args]


def test_nothing_moved(files: dict[str, str], capsys: Out) -> None:
    assert run(command(files, "same", "--target", "bad", "--date", "day")) == 0
    shown = capsys.readouterr()
    assert "Nothing is over a threshold." in shown.out and "stable" in shown.out and "AUC" in shown.out and not shown.err


def test_an_alert_exits_with_one(files: dict[str, str], tmp_path: Path, capsys: Out) -> None:
    report = tmp_path / "report.html"
    assert run(command(files, "now", "--report", str(report))) == 1
    shown = capsys.readouterr()
    assert "Alert: CSI of a characteristic (purpose)" in " ".join(shown.err.split())
    assert sorted(each.name for each in tmp_path.iterdir()) == ["report.html", "report.zh.html"]
    assert run(command(files, "now", "--lang", "zh")) == 1
    assert "预警：变量 CSI（用途）" in capsys.readouterr().err


def test_json(files: dict[str, str], capsys: Out) -> None:
    assert run(command(files, "now", "--target", "status=charged off", "--json")) == 1
    found = json.loads(capsys.readouterr().out)
    assert found["alarmed"] and found["outcomes"]["vintages"][0]["vintage"] == "reference"
    assert {each["what"] for each in found["alerts"]} >= {"csi", "missing"}


def test_thresholds(files: dict[str, str], capsys: Out) -> None:
    assert run(command(files, "same", "--psi-alert", "0", "--json")) == 1
    assert json.loads(capsys.readouterr().out)["alerts"][0]["what"] == "psi"
    assert run(command(files, "now", "--csi-alert", "50", "--psi-alert", "50", "--json")) == 1, "missing values are an alert too"
    found = json.loads(capsys.readouterr().out)
    assert {each["what"] for each in found["alerts"] if each["level"] == "alarm"} == {"missing"}


@pytest.mark.parametrize("args", [["--date", "day"], ["--psi-alert", "-1"], ["--psi-alert", "much"]], ids=" ".join)
def test_wrong_usage(files: dict[str, str], args: list[str], capsys: Out) -> None:
    assert run(command(files, "same", *args)) == 2
    capsys.readouterr()


def test_bad_input(files: dict[str, str], capsys: Out) -> None:
    assert run(command(files, "same", "--target", "badd")) == 1
    assert "did you mean bad?" in capsys.readouterr().err
    assert run(["score", "monitor", files["card"], "--reference", files["then"], "--current", "none.parquet"]) == 1
    assert "none.parquet: no such file" in capsys.readouterr().err
