"""`shouxin match`: exit codes, both languages, JSON, what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from shouxin.faces.cli.app import run
from tests.bundles import shipped

DAY = ["--as-of", "2026-07-01"]
Out = pytest.CaptureFixture[str]


def matched(folder: Path, profile: str, *more: str, bundle: str = "standard", **changes: Any) -> int:
    """Run the command for one of the people of the shipped cases."""
    path = folder / "facts.json"
    facts = {**shipped(bundle).bundle.profiles[profile], **changes}
    path.write_text(json.dumps(facts, default=str), encoding="utf-8")
    return run(["match", str(path), "--bundle", bundle, *DAY, *more])


def test_a_merchant_who_buys_stock(tmp_path: Path, capsys: Out) -> None:
    assert matched(tmp_path, "huang", "--amount", "50000", "--purpose", "stock", "--months", "12") == 0
    shown = capsys.readouterr().out
    assert shown.startswith("Need: stock   50,000.00 CNY   12 months\nThe whole need can be met")
    assert "1. Business loan: meets the whole need" in shown and "1,198.54" in shown and "4.38%" in shown
    assert "not for this use: stock" in shown and "Annual rate, simple" in shown
    assert shown.rstrip().endswith("This is an estimate, not an offer of credit.")


def test_the_same_in_chinese(tmp_path: Path, capsys: Out) -> None:
    assert matched(tmp_path, "huang", "--amount", "50000", "--purpose", "stock", "--lang", "zh") == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    for each in (
        "资金需求：采购货物   50,000.00 元",
        "1. 经营贷：可满足全部需求",
        "年化利率（单利）",
        "试算结果不构成授信承诺。",
    ):
        assert each in printed.out


def test_what_would_be_closed_is_said(tmp_path: Path, capsys: Out) -> None:
    held = {"held_consumer_line": True, "line_consumer_line": 200_000}
    assert matched(tmp_path, "huang", "--amount", "50000", "--purpose", "stock", bundle="exclusive", **held) == 0
    assert "Opening it closes: Consumer line" in capsys.readouterr().out


def test_none_and_why(tmp_path: Path, capsys: Out) -> None:
    assert matched(tmp_path, "he", "--amount", "20000", "--purpose", "shopping", "--lang", "zh") == 0
    shown = capsys.readouterr().out
    assert "目前没有可办理的产品，原因如下。" in shown
    assert "内部信用评分未达到本产品要求的600分" in shown and "本评分仅供本机构授信使用，不是征信评分。" in shown
    assert "不收取其他费用" not in shown and "%）" in shown


def test_a_person_decides(tmp_path: Path, capsys: Out) -> None:
    assert matched(tmp_path, "qian", "--amount", "20000", "--purpose", "shopping") == 0
    shown = capsys.readouterr().out
    assert "1. Consumer line: a person has to decide" in shown and "Needed first: a decision by a person" in shown


def test_json(tmp_path: Path, capsys: Out) -> None:
    assert matched(tmp_path, "huang", "--amount", "700000", "--purpose", "stock", "--months", "24", "--json") == 0
    printed = capsys.readouterr()
    plain = json.loads(printed.out)
    assert printed.err == "" and plain["met"] is True and plain["as_of"] == "2026-07-01"
    first = plain["products"][0]
    assert (first["product"], first["fit"], first["amount"]) == ("business-loan", "part", "600000.00")
    assert [each["needs"] for each in first["needs"]] == ["proof", "payee"]
    assert plain["no_pair"]["code"] == "none_fits" and plain["pair"] is None


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--amount", "0", "--purpose", "stock"], "amount：0：须大于零"),
        (["--amount", "5.001", "--purpose", "stock"], "amount：5.001："),
        (["--amount", "500 USD", "--purpose", "stock"], "amount：500 USD："),
        (["--amount", "500", "--purpose", "boats"], "purpose：boats：须为 stock, suppliers"),
        (["--amount", "500", "--purpose", "stock", "--months", "0"], "months：0：期限须为"),
    ],
)
def test_refusals(tmp_path: Path, capsys: Out, options: list[str], said: str) -> None:
    assert matched(tmp_path, "huang", *options, "--lang", "zh") == 1
    printed = capsys.readouterr()
    assert said in printed.err and not printed.out


def test_wrong_usage(tmp_path: Path, capsys: Out) -> None:
    assert matched(tmp_path, "huang", "--amount", "500") == 2
    assert matched(tmp_path, "huang", "--amount", "500", "--purpose", "stock", "--lang", "fr") == 2
    assert matched(tmp_path, "huang", "--amount", "500", "--purpose", "stock", income=1) == 1
    assert "income" in capsys.readouterr().err
