"""The report of monitoring: alerts as sentences, whole in both languages, the same bytes again."""

from __future__ import annotations

import re
from functools import cache

import numpy as np
import pytest

from shouxin.engines.scoring.reports.limits import PURPOSE
from shouxin.engines.scoring.reports.monitoring import monitoring_report
from shouxin.engines.scoring.reports.report import render
from shouxin.engines.scoring.validating.monitor import Rows, monitor
from shouxin.engines.scoring.validating.monitor_model import Monitored
from tests.engines.scoring.carded import card
from tests.engines.scoring.validated import rows, texts


@cache
def moved() -> Monitored:
    """Every purpose is unheard of, nobody says whether they own a home, and outcomes are shuffled."""
    inputs, bad = rows()
    changed = {**inputs, "purpose": np.array(["boat"] * len(bad), dtype=object), "owns_home": np.full(len(bad), np.nan)}
    shuffled = np.random.default_rng(1).permutation(bad)
    return monitor(card(), Rows(inputs, bad, name="then.parquet"), Rows(changed, shuffled, name="now.parquet"))


def test_alerts_as_sentences() -> None:
    english, chinese = monitoring_report(moved(), "en").warnings, monitoring_report(moved(), "zh").warnings
    unseen = moved().unseen[0].gap.value
    assert f"Alert: rise of words not known (purpose) is {unseen:.2%}, at or over 5.00%." in english
    assert any(each.startswith("Alert: fall of AUC is 0.") for each in english)
    assert any(re.match("预警：变量 CSI（用途）为 [0-9.]+，达到阈值 0.250。", each) for each in chinese)
    assert len(english) == len(chinese) == len(moved().alerts)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_monitoring_report(lang: str) -> None:
    report = monitoring_report(moved(), lang)
    told = texts(report)
    wanted = {
        "zh": ("监控报告", "基准：then.parquet；当前：now.parquet", "预警清单", "变量：用途", "实际表现", "没有拒绝推断"),
        "en": (
            "monitoring",
            "Reference: then.parquet; current: now.parquet",
            "Alerts",
            "Characteristic: purpose",
            "Outcomes",
            "no reject inference",
        ),
    }
    assert [each for each in wanted[lang] if each not in told] == [] and PURPOSE.in_language(lang) in told
    assert render(report) == render(monitoring_report(moved(), lang)) and not re.search(r"\b(nan|inf|None)\b", told)
    assert lang == "zh" or not re.search("[一-鿿]", told)


def test_without_outcomes_and_without_a_shift() -> None:
    inputs, _ = rows()
    report = monitoring_report(monitor(card(), Rows(inputs), Rows(inputs)), "en")
    assert report.warnings == () and "No outcomes were given" in texts(report)
    assert "outcomes" not in [each.id for each in report.sections]
