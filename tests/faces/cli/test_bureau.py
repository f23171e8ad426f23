"""`shouxin bureau`: the file, what is told of it, and disputes."""

from __future__ import annotations

import json
import stat
from pathlib import Path

from tests.faces.cli.counter import Counter


def test_a_month_is_reported_and_disputed(counter: Counter, tmp_path: Path) -> None:
    agreed, silent = counter.customer(), counter.customer()
    counter("book", "customer", "consent", "give", agreed, "bureau_reporting", "--text-version", "v1")
    loan, other = counter.loan(agreed, counter.facility(agreed)), counter.loan(silent, counter.facility(silent))
    path = tmp_path / "2026-07.jsonl"
    asked = ("bureau", "report", "--month", "2026-07", "--out", str(path))
    assert counter.refusal(*asked) == "MonthNotOver"
    assert counter.refusal("bureau", "report", "--month", "2026-7", "--out", str(path)) == "MonthUnreadable"
    assert not path.exists()
    counter("cob", "run", "--date", "2026-07-31")
    nowhere = ("bureau", "report", "--month", "2026-07", "--out", str(tmp_path / "none" / "file"))
    assert counter.told(*nowhere, code=1)["refusal"]["code"] == "FileNotWritten"
    told = counter.told(*asked)
    assert (told["lines"], told["loans"], told["balance"], told["again"]) == (1, 1, "12000.00", False)
    assert told["withheld"]["count"] == 2
    assert {"account": other, "why": "no_consent"} in told["withheld"]["accounts"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    header, *records, _ = map(json.loads, path.read_text("utf-8").splitlines())
    assert header["sum"]["loans"]["balance"] == 1_200_000 and [each["account"] for each in records][1] == loan
    shown = counter(*asked, "--lang", "zh")
    assert "未取得征信报送授权" in shown and "文件内容与此前报送一致" in shown
    case = counter.told("bureau", "dispute", agreed, loan, "--month", "2026-07", "--lang", "zh")
    assert case["expires"] == "2026-08-21"
    assert counter.refusal("bureau", "dispute", agreed, loan, "--month", "2026-07") == "DisputeOpen"
    answering = ("bureau", "answer", agreed, case["case"], "--reason", "the books were looked at")
    assert counter.refusal(*answering, "--outcome", "corrected") == "NothingCorrected"
    assert counter.refusal(*answering, "--outcome", "stands") == "GroundUnknown"
    assert counter.told(*answering, "--outcome", "stands", "--ground", "BOOKS_AGREE")["outcome"] == "stands"
