"""`shouxin score profile`: what it writes, prints and refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from shouxin.engines.scoring.fitting.spec import read_spec
from shouxin.faces.cli.app import run
from shouxin.faces.cli.score_fit import target_of

Out = pytest.CaptureFixture[str]


@pytest.fixture
def loans(tmp_path: Path) -> Path:
    """A file of loans: a rate with a text among its numbers, and the status that says the outcome."""
    path = tmp_path / "loans.csv"
    rows = [
        f"{place},{place % 37 + 0.5 if place % 50 else 'n/a'},{('car', 'home')[place % 2]},"
        f"{'paid' if place % 3 else 'late'},{place % 3 == 0:d}"
        for place in range(1, 1_001)
    ]
    path.write_text("\n".join(["loan_id,rate,purpose,status,bad", *rows]) + "\n", encoding="utf-8")
    return path


def test_writes_a_specification_and_tells_what_it_found(loans: Path, tmp_path: Path, capsys: Out) -> None:
    out = tmp_path / "spec.yaml"
    assert run(["score", "profile", str(loans), "--target", "bad", "--out", str(out)]) == 0
    shown = capsys.readouterr().out
    for part in (
        "1,000 rows, 4 columns, 2 of them used",
        "an identifier: 1,000",
        "20 cells such as 'n/a'",
        "suspected leaks",
        "status: ",
    ):
        assert part in shown, part
    assert list(read_spec(out.read_text(encoding="utf-8")).used) == ["rate", "purpose"]
    first = out.read_bytes()
    assert run(["score", "profile", str(loans), "--target", "bad", "--out", str(out), "--lang", "zh"]) == 0
    assert "疑似泄漏" in capsys.readouterr().out and out.read_bytes() == first


def test_json(loans: Path, tmp_path: Path, capsys: Out) -> None:
    args = ["score", "profile", str(loans), "--target", "status=late", "--out", str(tmp_path / "spec.yaml"), "--json"]
    assert run(args) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["target"]["bad"] == ["late"] and [each["column"] for each in found["leaks"]] == ["bad"]
    assert [each["column"] for each in found["columns"]] == ["loan_id", "rate", "purpose", "bad"]


@pytest.mark.parametrize(
    ("target", "told"),
    [
        ("statsu", "--target: statsu: columns of loans.csv; did you mean status?"),
        ("status", "--target status=late / --target status=paid"),
        ("status=gone", "gone: a value that status has: late, paid"),
        ("rate", "two values, or COL=BAD"),
    ],
)
def test_targets_that_are_refused_leave_no_file(loans: Path, tmp_path: Path, target: str, told: str, capsys: Out) -> None:
    assert run(["score", "profile", str(loans), "--target", target, "--out", str(tmp_path / "spec.yaml")]) == 1
    assert told in capsys.readouterr().err and not (tmp_path / "spec.yaml").exists()


def test_no_folder_for_the_specification(loans: Path, tmp_path: Path, capsys: Out) -> None:
    assert run(["score", "profile", str(loans), "--target", "bad", "--out", str(tmp_path / "none" / "spec.yaml")]) == 1
    assert "--out" in capsys.readouterr().err
    assert [each.name for each in tmp_path.iterdir()] == ["loans.csv"]


@pytest.mark.parametrize("target", ["=x", "status="])
def test_wrong_usage(loans: Path, tmp_path: Path, target: str, capsys: Out) -> None:
    assert run(["score", "profile", str(loans), "--target", target, "--out", str(tmp_path / "spec.yaml")]) == 2
    assert "COL=BAD" in capsys.readouterr().err


def test_target_with_an_equals_sign_of_its_own() -> None:
    assert target_of("a=b=c") == ("a=b", "c")
