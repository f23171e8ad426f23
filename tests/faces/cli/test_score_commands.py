"""`shouxin score`: show, table, sql."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

from shouxin.faces.cli.app import run
from tests.desk.portfolio.test_scored import SOUND, expected, parquet, read, text_file
from tests.engines.scoring.carded import CARD, VALUES, rows_of

Out = pytest.CaptureFixture[str]


@pytest.fixture
def card_file(tmp_path: Path) -> str:
    """The card as a file."""
    path = tmp_path / "card.yaml"
    path.write_text(CARD, encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("command", [["score"], *(["score", each] for each in ("show", "table", "sql"))], ids=" ".join)
def test_help(command: list[str], capsys: Out) -> None:
    assert run([*command, "--help"]) == 0
    assert "Usage: shouxin" in capsys.readouterr().out


@pytest.mark.parametrize(
    "args",
    [["score"], ["score", "nonsense"], ["score", "show"], ["score", "table", "x.csv", "card.yaml"], ["score", "sql"]],
    ids=" ".join,
)
def test_wrong_usage(args: list[str], capsys: Out) -> None:
    assert run(args) == 2
    capsys.readouterr()


EXPECTED = {
    "en": [
        *("Scorecard", "score = 612 + points, within 350-950; 650 means odds of 30:1", "105,000 rows, 7,018 bad (6.68%)"),
        *(
            "special: 96, 98",
            "below 1",
            "1 to below 2",
            "2 and above",
            "51.76%",
            "car, credit card",
            "all others",
            "missing",
            "yes",
        ),
        *("late_90_by_line_use: 90 days late by use of the line (points)", "-12", "calibration: slope 1.02, intercept -0.03"),
    ],
    "zh": [
        *("评分卡", "评分 = 612 + 各项分值，限定在 350–950 之间", "105,000 行，坏样本 7,018（6.68%）"),
        *("特殊值 96, 98", "小于 1", "1 至小于 2", "2 及以上", "51.76%", "car, credit card", "其余", "缺失", "是"),
        *("late_90_by_line_use：逾期90天及以上次数 × 额度使用率（分值）", "-12", "校准：斜率 1.02，截距 -0.03"),
    ],
}


@pytest.mark.parametrize("lang", EXPECTED)
def test_show(card_file: str, lang: str, capsys: Out) -> None:
    assert run(["score", "show", card_file, "--lang", lang]) == 0
    shown = capsys.readouterr().out
    assert [part for part in EXPECTED[lang] if part not in shown] == []
    other = "missing" if lang == "zh" else "缺失"
    assert other not in shown


def test_show_as_json(card_file: str, capsys: Out) -> None:
    assert run(["score", "show", card_file, "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["base"] == 612 and shown["fitted"]["calibration"]["slope"] == 1.02 and shown["fitted"]["on"] == "2026-07-01"
    assert shown["characteristics"]["line_use"]["bins"][0] == {"below": 0.3, "points": 40, "rows": 5000, "bads": 100}


def test_a_card_without_counts_and_history_is_shown_too(tmp_path: Path, capsys: Out) -> None:
    path = tmp_path / "bare.yaml"
    text = CARD[: CARD.index("  target:")]
    path.write_text(text.replace(", rows: 199, bads: 103", ""), encoding="utf-8")
    assert run(["score", "show", str(path)]) == 0
    assert "calibration:" not in capsys.readouterr().out


def test_table(card_file: str, tmp_path: Path, capsys: Out) -> None:
    rows = rows_of(VALUES, 200, seed=8)
    source = parquet(tmp_path / "in.parquet", rows)
    out = tmp_path / "out.parquet"
    assert run(["score", "table", str(source), card_file, "--out", str(out), "--keep", "number", "--points"]) == 0
    assert "200 rows scored" in capsys.readouterr().out
    assert read(out) == expected(rows)
    assert run(["score", "table", str(source), card_file, "--out", str(tmp_path / "out.csv"), "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["rows"] == 200 and shown["out"] == str(tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_text().splitlines()[0] == "score,pd_ppm"


def test_a_file_that_cannot_be_scored(card_file: str, tmp_path: Path, capsys: Out) -> None:
    source = text_file(tmp_path / "in.csv", [{**SOUND, "Line Use": "much"}])
    assert run(["score", "table", str(source), card_file, "--out", str(tmp_path / "out.csv")]) == 1
    told = capsys.readouterr()
    assert "row 2, Line Use: 'much': a number such as 12 or 0.35" in told.err and not told.out
    assert not (tmp_path / "out.csv").exists()


def test_a_card_that_cannot_be_used(tmp_path: Path, capsys: Out) -> None:
    path = tmp_path / "card.yaml"
    path.write_text(CARD.replace("{below: 0.9, points: 10", "{below: 0.2, points: 10"), encoding="utf-8")
    assert run(["score", "show", str(path)]) == 1
    told = " ".join(capsys.readouterr().err.split())
    assert "The card cannot be used (1 fault):" in told and "E-BINS: 'line_use: 0.2': the bounds of the bins ascend" in told


def test_a_card_that_is_not_there(tmp_path: Path, capsys: Out) -> None:
    assert run(["score", "show", str(tmp_path / "none.yaml")]) == 1
    assert "a file that can be read" in capsys.readouterr().err


def test_the_printed_statement_scores_a_table(card_file: str, capsys: Out) -> None:
    rows = rows_of(VALUES, 150, seed=9)
    assert run(["score", "sql", card_file, "--table", "main.rows", "--keep", "number", "--points"]) == 0
    statement = capsys.readouterr().out
    with duckdb.connect() as connection:
        types = '"NumberOfTimes90DaysLate" BIGINT, "Line Use" DOUBLE, purpose VARCHAR, owns_home BOOLEAN'
        connection.execute(f"CREATE TABLE rows (number BIGINT, {types})")
        cells = [(index, *row.values()) for index, row in enumerate(rows)]
        connection.executemany("INSERT INTO rows VALUES (?, ?, ?, ?, ?)", cells)
        assert sorted(connection.execute(statement).fetchall()) == expected(rows)


@pytest.mark.parametrize(
    ("engine", "part"),
    [
        ("duckdb", 'TRY_CAST(TRIM(CAST("Line Use" AS VARCHAR)) AS DOUBLE)'),
        ("spark", "TRY_CAST(TRIM(CAST(`Line Use` AS STRING)) AS DOUBLE)"),
        ("postgres", 'CAST(TRIM(CAST("Line Use" AS TEXT)) AS DOUBLE PRECISION)'),
    ],
)
def test_columns_kept_as_text(card_file: str, engine: str, part: str, capsys: Out) -> None:
    assert run(["score", "sql", card_file, "--engine", engine, "--text", "Line Use"]) == 0
    assert part in capsys.readouterr().out
    assert run(["score", "sql", card_file, "--engine", engine]) == 0
    assert part not in capsys.readouterr().out


@pytest.mark.parametrize(
    "args", [["--engine", "oracle"], ["--table", "a..b"], ["--table", ""], ["--text", "line_use"]], ids=" ".join
)
def test_wrong_options_of_sql(card_file: str, args: list[str], capsys: Out) -> None:
    assert run(["score", "sql", card_file, *args]) == 2
    capsys.readouterr()
