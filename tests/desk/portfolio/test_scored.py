"""A whole file scored with a card: the same as one by one, in the order of the file, complete or not at all."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from shouxin.desk.portfolio import InputRefused, OutputRefused
from shouxin.desk.portfolio.scored import ScoreJob, ScoreReport, score_file
from shouxin.engines.scoring.cards.score_one import score_one
from tests.engines.scoring.carded import TEXTS, VALUES, card, rows_of

Rows = Sequence[Mapping[str, Any]]
SOUND: dict[str, Any] = {"NumberOfTimes90DaysLate": "0", "Line Use": "0.2", "purpose": "car", "owns_home": "true"}


def parquet(path: Path, rows: Rows) -> Path:
    """A Parquet file of these rows, with their number."""
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    pq.write_table(pa.table({"number": list(range(len(rows))), **columns}), path, row_group_size=100)
    return path


def text_file(path: Path, rows: Rows) -> Path:
    """A CSV file of these rows, with their number."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["number", *rows[0]])
        writer.writerows([index, *row.values()] for index, row in enumerate(rows))
    return path


def read(path: Path) -> list[tuple[Any, ...]]:
    with duckdb.connect() as connection:
        return connection.execute(f"SELECT * FROM '{path}'").fetchall()


def expected(rows: Rows) -> list[tuple[Any, ...]]:
    scored = [score_one(card(), row) for row in rows]
    return [(index, each.score, each.pd_ppm, *each.points.values()) for index, each in enumerate(scored)]


def job(source: Path, out: Path, **more: Any) -> ScoreJob:
    return ScoreJob(card(), source, out, **{"keep": ("number",), "points": card().parts, **more})


@pytest.mark.parametrize("out", ["out.parquet", "out.csv"])
@pytest.mark.parametrize("text", [False, True])
def test_a_file_is_scored_as_one_by_one(tmp_path: Path, text: bool, out: str) -> None:
    rows = rows_of(dict(TEXTS) if text else VALUES, 700, seed=4)
    source = text_file(tmp_path / "in.csv", rows) if text else parquet(tmp_path / "in.parquet", rows)
    shares: list[tuple[str, float]] = []
    report = score_file(job(source, tmp_path / out), lambda what, share: shares.append((what, share)))
    found = [(int(number), *rest) for number, *rest in read(tmp_path / out)]
    assert found == expected(rows), "also the order of the rows"
    scores = [each[1] for each in expected(rows)]
    assert (report.rows, report.lowest, report.highest) == (700, min(scores), max(scores))
    assert report.mean == pytest.approx(sum(scores) / 700)
    assert {what for what, _ in shares} == {"check", "score"} and all(0 <= share <= 1 for _, share in shares)


def test_only_the_score_where_nothing_else_is_wanted(tmp_path: Path) -> None:
    source = parquet(tmp_path / "in.parquet", rows_of(VALUES, 5, seed=4))
    assert score_file(ScoreJob(card(), source, tmp_path / "out.parquet")).rows == 5
    assert pq.read_schema(tmp_path / "out.parquet").names == ["score", "pd_ppm"]


def refused(folder: Path, rows: Rows, **more: Any) -> InputRefused:
    """What a file is refused for; nothing is left behind."""
    source = text_file(folder / "in.csv", rows)
    with pytest.raises(InputRefused) as found:
        score_file(job(source, folder / "out.parquet", **more))
    assert [each.name for each in folder.iterdir()] == ["in.csv"]
    return found.value


def test_text_where_a_number_is_needed(tmp_path: Path) -> None:
    rows = [SOUND, {**SOUND, "Line Use": "NA"}, {**SOUND, "Line Use": "much"}, {**SOUND, "NumberOfTimes90DaysLate": "1,000"}]
    found = refused(tmp_path, [*rows, {**SOUND, "owns_home": "perhaps"}])
    assert "in.csv: 3 cells cannot be read" in str(found) and found.total == 3
    assert found.faults == (
        "row 4, Line Use: 'much': a number such as 12 or 0.35; empty where it is missing",
        "row 5, NumberOfTimes90DaysLate: '1,000': a number such as 12 or 0.35; empty where it is missing",
        "row 6, owns_home: 'perhaps': true or false, or 1 or 0; empty where it is missing",
    )


def test_the_first_of_many_cells(tmp_path: Path) -> None:
    found = refused(tmp_path, [{**SOUND, "Line Use": f"use {index}"} for index in range(50)])
    assert found.total == 50 and len(found.faults) == 20 and found.faults[0].startswith("row 2, Line Use: 'use 0'")


def test_absent_columns_are_told_together_with_the_nearest(tmp_path: Path) -> None:
    rows = [{"numberOfTimes90DaysLate": "0", "line_use": "1", "purpose": "car", "zzz": "true"}]
    found = refused(tmp_path, rows, keep=("numbr",))
    assert found.faults == (
        "NumberOfTimes90DaysLate: missing column; did you mean numberOfTimes90DaysLate?",
        "Line Use: missing column; did you mean line_use?",
        "owns_home: missing column",
        "numbr: missing column; did you mean number?",
    )


def test_a_column_of_a_type_that_cannot_be_read(tmp_path: Path) -> None:
    rows = [{**row, "Line Use": [1.0], "owns_home": None} for row in rows_of(VALUES, 3, seed=1)]
    source = parquet(tmp_path / "in.parquet", rows)
    with pytest.raises(InputRefused, match=r"columns do not fit the card\nLine Use: is DOUBLE\[\]; a number such as 12"):
        score_file(job(source, tmp_path / "out.parquet"))


def test_numbers_other_than_0_and_1_are_no_flag(tmp_path: Path) -> None:
    source = parquet(tmp_path / "in.parquet", [{**SOUND, "owns_home": value} for value in (0, 1, 2, None)])
    with pytest.raises(InputRefused, match=r"row 3, owns_home: '2': true or false, or 1 or 0"):
        score_file(job(source, tmp_path / "out.parquet"))


@pytest.mark.parametrize("body", [b"", b"number,purpose\n1\n1,2,3\n", b"\xff\xfe\x00"])
def test_files_that_cannot_be_read(tmp_path: Path, body: bytes) -> None:
    (tmp_path / "in.csv").write_bytes(body)
    with pytest.raises(InputRefused):
        score_file(job(tmp_path / "in.csv", tmp_path / "out.parquet"))
    assert [each.name for each in tmp_path.iterdir()] == ["in.csv"]


def test_files_that_are_not_there_or_of_another_kind(tmp_path: Path) -> None:
    (tmp_path / "in.txt").write_text("x")
    for name, said in (("none.csv", "no such file"), ("in.txt", "a [.]parquet or a [.]csv file")):
        with pytest.raises(InputRefused, match=said):
            score_file(job(tmp_path / name, tmp_path / "out.parquet"))


def test_a_file_without_rows(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text(",".join(["number", *SOUND]) + "\n")
    with pytest.raises(InputRefused, match="the file holds no rows"):
        score_file(job(tmp_path / "in.csv", tmp_path / "out.parquet"))


def test_outputs_that_cannot_be_written(tmp_path: Path) -> None:
    source = text_file(tmp_path / "in.csv", [{**SOUND, "Score": "1"}])
    with pytest.raises(OutputRefused, match="different files"):
        score_file(job(source, source))
    with pytest.raises(OutputRefused, match="Score: two columns of the output have this name"):
        score_file(job(source, tmp_path / "out.parquet", keep=("Score",)))
    with pytest.raises(OutputRefused, match="does not exist"):
        score_file(job(source, tmp_path / "none" / "out.parquet"))
    with pytest.raises(OutputRefused, match=r"a [.]parquet or a [.]csv file"):
        score_file(job(source, tmp_path / "out.json"))
    assert [each.name for each in tmp_path.iterdir()] == ["in.csv"]


def test_the_file_of_an_earlier_run_stays_where_a_run_fails(tmp_path: Path) -> None:
    good = text_file(tmp_path / "good.csv", [SOUND])
    report: ScoreReport = score_file(job(good, tmp_path / "out.csv"))
    before = (tmp_path / "out.csv").read_bytes()
    with pytest.raises(InputRefused):
        score_file(job(text_file(tmp_path / "bad.csv", [{**SOUND, "Line Use": "x"}]), tmp_path / "out.csv"))
    assert (tmp_path / "out.csv").read_bytes() == before and report.rows == 1


def test_a_files_name_is_no_pattern(tmp_path: Path) -> None:
    source = text_file(tmp_path / "in[1]*?'.csv", [SOUND])
    assert score_file(job(source, tmp_path / "out'.csv")).rows == 1
