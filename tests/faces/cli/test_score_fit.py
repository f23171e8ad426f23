"""`shouxin score fit`: what it writes, prints and refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from shouxin.engines.scoring.cards.card import read_card
from shouxin.faces.cli.app import run
from tests.engines.scoring.fits import made_up

Out = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def loans(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Applications, their outcome, what was recovered, and the branch that took them."""
    table = made_up(1500)
    columns = {name: list(table.texts[name] if name in table.texts else table.numbers[name]) for name in table.names}
    columns["recovered"] = [each * (100 + place % 90) for place, each in enumerate(table.numbers["bad"])]
    columns["branch"] = [("north", "south")[place % 2] for place in range(table.rows)]
    path = tmp_path_factory.mktemp("loans") / "loans.parquet"
    pq.write_table(pa.table({name: pa.array(each) for name, each in columns.items()}), path)
    return path


def test_profile_fit_report_and_score(loans: Path, tmp_path: Path, capsys: Out) -> None:
    spec, card, report = tmp_path / "spec.yaml", tmp_path / "card.yaml", tmp_path / "report.html"
    assert run(["score", "profile", str(loans), "--target", "bad", "--out", str(spec)]) == 0
    capsys.readouterr()
    args = ["score", "fit", str(loans), "--target", "bad", "--spec", str(spec), "--out", str(card)]
    assert run([*args, "--report", str(report), "--on", "2026-07-01", "--draws", "20", "--pairs", "1"]) == 0
    shown = capsys.readouterr()
    assert "looks like a leak, not used: recovered" in " ".join(shown.err.split())
    for part in (
        "1 pair tables from 1,050 rows",
        "AUC, test rows (450)",
        "this card",
        "optbinning",
        "LightGBM",
        "report.zh.html",
    ):
        assert part in shown.out, part
    read = read_card(card.read_text(encoding="utf-8"))
    assert "recovered" not in read.inputs and str(read.fitted.on) == "2026-07-01"
    assert "<html" in report.read_text(encoding="utf-8") and (tmp_path / "report.zh.html").is_file()
    assert run(["score", "table", str(loans), str(card), "--out", str(tmp_path / "scores.csv")]) == 0


def test_without_a_specification_leaks_stop_it_and_nothing_is_written(loans: Path, tmp_path: Path, capsys: Out) -> None:
    card = tmp_path / "card.yaml"
    args = ["score", "fit", str(loans), "--target", "bad", "--out", str(card), "--draws", "20"]
    assert run(args) == 1
    told = capsys.readouterr().err
    assert "recovered" in told and "--allow" in told and not card.exists()
    assert run([*args, "--allow", "recovered", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)[0]
    assert found["leaks"] == [{"column": "recovered", "kind": found["leaks"][0]["kind"], "used": True}]
    assert read_card(card.read_text(encoding="utf-8")).fitted.allowed == ["recovered"]


def test_a_card_for_each_segment_on_one_scale(loans: Path, tmp_path: Path, capsys: Out) -> None:
    spec = tmp_path / "spec.yaml"
    assert run(["score", "profile", str(loans), "--target", "bad", "--out", str(spec)]) == 0
    text = spec.read_text(encoding="utf-8")
    branch = next(line for line in text.splitlines() if line.strip().startswith("branch:"))
    text = text.replace(branch, branch.replace("use: true", "use: false"))
    more = "segments: branch\nscale: {points_to_double: 20, calibrated: true}\ncolumns:"
    spec.write_text(text.replace("columns:", more, 1), encoding="utf-8")
    args = ["--target", "bad", "--spec", str(spec), "--out", str(tmp_path / "card.yaml"), "--draws", "20"]
    assert run(["score", "fit", str(loans), *args]) == 0
    cards = [read_card((tmp_path / f"card-{each}.yaml").read_text(encoding="utf-8")) for each in ("north", "south")]
    assert [each.shape.when for each in cards] == ["branch = 'north'", "branch = 'south'"]
    assert [each.fitted.segment for each in cards] == ["branch = north", "branch = south"]
    assert cards[0].fitted.scale == cards[1].fitted.scale and cards[0].text != cards[1].text


@pytest.mark.parametrize(
    ("options", "code", "told"),
    [
        (["--target", "bda"], 1, "did you mean bad?"),
        (["--target", "bad", "--pairs", "99"], 2, "--pairs"),
        (["--target", "bad", "--on", "July"], 2, "YYYY-MM-DD"),
        (["--target", "bad", "--spec", "absent.yaml"], 1, "absent.yaml"),
        (["--target", "bad", "--report", "absent/report.html"], 1, "absent"),
    ],
)
def test_refusals_write_nothing(loans: Path, tmp_path: Path, capsys: Out, options: list[str], code: int, told: str) -> None:
    assert run(["score", "fit", str(loans), "--out", str(tmp_path / "card.yaml"), *options]) == code
    assert told in " ".join(capsys.readouterr().err.split()) and not list(tmp_path.iterdir())
