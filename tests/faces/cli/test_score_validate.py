"""`shouxin score validate`: measures, reports and JSON from a file, and what is refused."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest

from shouxin.engines.scoring.cards.card_numpy import card_points
from shouxin.faces.cli.app import run
from tests.desk.portfolio.test_scored import parquet, text_file
from tests.engines.scoring.carded import CARD, VALUES, card, rows_of
from tests.engines.scoring.cards.test_card_numpy import inputs_of

Out = pytest.CaptureFixture[str]
BASE = ["--target", "bad", "--draws", "20"]


def rows(count: int = 600) -> list[dict[str, Any]]:
    """Rows of the card with an outcome that follows its score, one in sixty not known, a day, a segment and a sex."""
    use = [each for each in VALUES["Line Use"] if each != 5e-324]  # which no CSV file may hold
    drawn = rows_of({**VALUES, "Line Use": use}, count, seed=21)
    random = np.random.default_rng(2)
    worse = -card_points(card(), inputs_of(card(), drawn)).score + random.normal(0, 60, count)
    limit = np.quantile(worse, 0.8)
    for at, row in enumerate(drawn):
        row["bad"] = None if at % 60 == 0 else int(worse[at] > limit)
        row["status"] = ["repaid", "charged off", "in court"][0 if worse[at] <= limit else 1 + at % 2]
        row["day"], row["channel"], row["sex"] = (
            f"202{at % 4}-0{1 + at % 9}-15",
            "web" if at % 3 else "shop",
            "f" if at % 2 else "m",
        )
        row["number_of_row"] = f"row {at}"
    return drawn


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The card, another card on another scale, and the rows."""
    folder = tmp_path_factory.mktemp("validate")
    (folder / "card.yaml").write_text(CARD, encoding="utf-8")
    other = CARD.replace("lowest: 350, highest: 950, anchor_score: 650", "lowest: 0, highest: 1500, anchor_score: 700")
    (folder / "wider.yaml").write_text(other.replace("base: 612", "base: 700"), encoding="utf-8")
    return {
        "card": str(folder / "card.yaml"),
        "wider": str(folder / "wider.yaml"),
        "data": str(parquet(folder / "rows.parquet", rows())),
        "csv": str(text_file(folder / "rows.csv", rows())),
    }


def told(files: dict[str, str], capsys: Out, *args: str, data: str = "data") -> str:
    """Standard error of a command that fails with 1."""
    capsys.readouterr()
    assert run(["score", "validate", files["card"], files[data], *args]) == 1
    found = capsys.readouterr()
    assert not found.out
    return " ".join(found.err.split())


def test_measures_in_the_terminal(files: dict[str, str], capsys: Out) -> None:
    assert run(["score", "validate", files["card"], files["data"], *BASE, "--against", files["wider"]]) == 0
    shown = capsys.readouterr()
    assert "590 rows" in shown.out and "10 left out (bad = 1)" in shown.out
    assert "this card" in shown.out and "wider" in shown.out and "AUC" in shown.out
    assert run(["score", "validate", files["card"], files["data"], *BASE, "--lang", "zh"]) == 0
    assert "本评分卡" in capsys.readouterr().out


def test_json(files: dict[str, str], capsys: Out) -> None:
    options = ["--segment", "channel", "--date", "day", "--protected", "sex", "--protected", "owns_home", "--cutoff", "600"]
    assert run(["score", "validate", files["card"], files["data"], *BASE, *options, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["measures"]["rows"] == 590 and found["left_out"] == 10 and len(found["fingerprint"]) == 64
    assert [each["name"] for each in found["segments"]] == ["shop", "web"] and found["over_time"]["period"] == "quarter"
    assert [(each["name"], each["in_card"]) for each in found["protected"]] == [("sex", False), ("owns_home", True)]
    assert found["cutoff"]["score"] == 600 and found["cutoff"]["given"] and set(found["warnings"][0]) == {"zh", "en"}


def test_the_same_rows_as_parquet_and_as_csv(files: dict[str, str], capsys: Out) -> None:
    found = []
    for data in ("data", "csv"):
        assert run(["score", "validate", files["card"], files[data], *BASE, "--json"]) == 0
        found.append(json.loads(capsys.readouterr().out)["intervals"])
    assert found[0] == found[1]


def test_any_other_value_is_good_where_the_bad_one_is_said(files: dict[str, str], capsys: Out) -> None:
    assert (
        run(["score", "validate", files["card"], files["data"], "--target", "status=charged off", "--draws", "20", "--json"]) == 0
    )
    found = json.loads(capsys.readouterr().out)
    assert found["measures"]["rows"] == 600 and found["left_out"] == 0 and found["bad_is"] == "status = charged off"


def test_reports_in_both_languages(files: dict[str, str], tmp_path: Path, capsys: Out) -> None:
    report = tmp_path / "report.html"
    assert run(["score", "validate", files["card"], files["data"], *BASE, "--report", str(report)]) == 0
    assert "report.html" in capsys.readouterr().out.replace("\n", "")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["report.html", "report.zh.html"]
    languages = [ElementTree.parse(tmp_path / name).getroot().attrib["lang"] for name in ("report.html", "report.zh.html")]
    assert languages == ["en", "zh-CN"]
    first = report.read_bytes()
    assert run(["score", "validate", files["card"], files["data"], *BASE, "--report", str(report), "--json"]) == 0
    json.loads(capsys.readouterr().out)
    assert report.read_bytes() == first


def test_bad_input(files: dict[str, str], tmp_path: Path, capsys: Out) -> None:
    assert "--target: badd: a column of rows.parquet; did you mean bad?" in told(files, capsys, "--target", "badd")
    assert "two values, or COL=BAD that says which one is bad" in told(files, capsys, "--target", "status")
    assert "lost: a value that status has" in told(files, capsys, "--target", "status=lost")
    assert "--segment: chanel: a column" in told(files, capsys, *BASE, "--segment", "chanel")
    assert "at most 60" in told(files, capsys, *BASE, "--segment", "number_of_row")
    assert "--protected: race: a column" in told(files, capsys, *BASE, "--protected", "race")
    assert "--date: sex: a column of days" in told(files, capsys, *BASE, "--date", "sex")
    assert "a score from 350 to 950" in told(files, capsys, *BASE, "--cutoff", "5")
    absent = str(tmp_path / "none" / "report.html")
    assert "--report" in told(files, capsys, *BASE, "--report", absent)
    assert not (tmp_path / "none").exists()


def test_one_class(files: dict[str, str], tmp_path: Path, capsys: Out) -> None:
    given = {**files, "good": str(parquet(tmp_path / "good.parquet", [{**row, "bad": 0} for row in rows(70)]))}
    assert "same" in told(given, capsys, "--target", "bad", data="good")


@pytest.mark.parametrize(
    "args", [[], ["--target", "=1"], [*BASE, "--draws", "5"], [*BASE, "--cutoff", "x"], [*BASE, "--lang", "fr"]], ids=" ".join
)
def test_wrong_usage(files: dict[str, str], args: list[str], capsys: Out) -> None:
    assert run(["score", "validate", files["card"], files["data"], *args]) == 2
    capsys.readouterr()


def test_the_commands_are_there_without_what_measures() -> None:
    absent = "import sys\nfor each in ('numpy', 'sklearn', 'lightgbm', 'jinja2'):\n    sys.modules[each] = None\n"
    script = f"{absent}from shouxin.faces.cli.app import run\nsys.exit(run(['score', 'validate', '--help']))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0 and "--protected" in done.stdout
