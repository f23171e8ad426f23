"""The reports of a validation and of a fit: whole in both languages, the same bytes again, and honest."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from shouxin.engines.scoring.reports.fit import Choice, FitStory, PairGain, ScreenedLeak, SplitPart, Unused, fit_report
from shouxin.engines.scoring.reports.limits import PURPOSE
from shouxin.engines.scoring.reports.report import Grid, render
from shouxin.engines.scoring.reports.validation import validation_report
from shouxin.engines.scoring.reports.warnings import warnings_of
from shouxin.engines.scoring.reports.words import Teller
from shouxin.engines.scoring.validating.validate import Other, validate
from shouxin.foundation.texts import Text
from tests.engines.scoring.carded import card
from tests.engines.scoring.validated import BAD, X, everything, small, small_card, texts

HAN = re.compile(r"[一-鿿]")


def warned(**more: Any) -> list[str]:
    """The warnings of the ten rows, in English."""
    asked = small(**more)
    return list(warnings_of(validate(asked), asked.card, Teller("en")))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_validation_report(lang: str) -> None:
    told = texts(validation_report(everything(), card(), lang))
    assert PURPOSE.in_language(lang) in told and "a & b < c" in told and "rows.parquet" in told
    heads = {
        "zh": ("ROC 曲线", "KS 曲线", "校准", "增益表", "分客群表现", "随时间的表现", "公平性：sex", "没有做拒绝推断", "组合："),
        "en": (
            "ROC curve",
            "KS curve",
            "Calibration",
            "Gains table",
            "By segment",
            "Over time",
            "Fairness: sex",
            "no reject inference",
            "Pair:",
        ),
    }
    assert [each for each in heads[lang] if each not in told] == []
    assert {"zh": "该特征就在评分卡中", "en": "The card itself reads this attribute"}[lang] in told


def test_an_english_report_holds_no_chinese() -> None:
    assert HAN.findall(texts(validation_report(everything(), card(), "en"))) == []


def test_the_same_validation_gives_the_same_page() -> None:
    assert render(validation_report(everything(), card(), "zh")) == render(validation_report(everything(), card(), "zh"))


def test_nothing_is_not_a_number() -> None:
    for lang in ("zh", "en"):
        page = render(validation_report(everything(), card(), lang))
        assert not re.search(r"\b(nan|inf|None)\b", page)


def test_a_report_of_little_data() -> None:
    asked = small()
    told = texts(validation_report(validate(asked), asked.card, "en"))
    assert "Only 4 rows are bad, fewer than 200" in told and "no date was given" in told and "No protected attribute" in told


def test_weights_are_told() -> None:
    asked = small(card=small_card(true_bad_rate=0.1))
    found = validate(asked)
    assert "sampled by outcome: 40.00% of them are bad, while the card states 10.00%" in texts(
        validation_report(found, asked.card, "en")
    )
    assert "坏样本占 40.00%，而评分卡注明实际客群为 10.00%" in texts(validation_report(found, asked.card, "zh"))


def test_warnings() -> None:
    many, bad = np.tile(X, 40), np.tile(BAD, 40)
    told = warned(inputs={"x": many}, bad=bad, others={"perfect": Other(bad), "none": Other(np.zeros(400))})
    assert told[0].startswith("Only 160 rows") and told[1].startswith("perfect ranks better: its AUC is higher by 0.1667, and")
    assert not any("none ranks better" in each for each in told)
    assert "Points contradict the declared direction: times." in warned(card=small_card("up"))
    assert any(each.startswith("30.0% of the rows have the same score") for each in warned())
    told = list(warnings_of(everything(), card(), Teller("en")))
    assert "The card reads the protected attribute owns_home." in told
    assert "May stand in for heavy: use of the line." in told
    assert not any("Points contradict" in each for each in told)


def story() -> FitStory:
    """How the card was made, of each thing one that was taken and one that was not."""
    return FitStory(
        card=card(),
        validated=everything(),
        parts=(SplitPart(Text("建模", "training"), 3000, 600), SplitPart(Text("结果未知", "not known"), 7, None)),
        screened=(
            ScreenedLeak("term", Text("86% 为 12 的倍数", "86% are multiples of 12"), allowed=True),
            ScreenedLeak("charged", Text("只有坏样本有值", "there for bad rows only"), allowed=False),
        ),
        warnings=(Text("样本少", "few rows"),),
        choices=(
            Choice(Text("分箱", "bins"), Text("8 个", "eight"), 0.81234, chosen=True),
            Choice(Text("分箱", "bins"), Text("6 个", "six"), None, chosen=False),
        ),
        pairs=(PairGain("a by b", 42.5), PairGain("b by c", 3.25)),
        unused=(Unused("id", Text("编号", "an identifier")),),
        baseline="a & b < c",
        challenger="LightGBM",
    )


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_fit_report(lang: str) -> None:
    report = fit_report(story(), lang)
    told = texts(report)
    wanted = {
        "zh": (
            "建模报告",
            "人工放行",
            "一次划分",
            "编号",
            "0.8123",
            "+42.5",
            "没有做拒绝推断",
            "基准 a & b < c",
        ),
        "en": (
            "fit",
            "let in by the analyst",
            "one split",
            "an identifier",
            "0.8123",
            "+42.5",
            "Baseline, a & b < c",
        ),
    }
    assert [each for each in wanted[lang] if each not in told] == [] and PURPOSE.in_language(lang) in told
    assert {"zh": "样本少", "en": "few rows"}[lang] == report.warnings[0] and "term" in report.warnings[1]
    assert render(report) == render(fit_report(story(), lang))


def test_a_fit_report_of_a_bare_story() -> None:
    report = fit_report(FitStory(card(), everything()), "en")
    assert [each.id for each in report.sections][:3] == ["how-it-was-made", "screened", "rows-and-card"]
    grids = [each for each in report.sections[1].blocks if isinstance(each, Grid)]
    assert [each.rows for each in grids] == [()]
