"""Published figures, to the cent and to the published digit."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from shouxin.engines.loans.flows import read_rate
from shouxin.engines.loans.vectors import read_schedule

SHARED = Path(__file__).resolve().parents[4] / "shared" / "vectors"
OURS = Path(__file__).with_name("published.json")
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="the folder of shared vectors is not there")


def read(path: Path) -> list[dict[str, Any]]:
    if not path.is_file():
        return []
    vectors: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)["vectors"]
    return vectors


def named(vectors: list[dict[str, Any]]) -> list[Any]:
    return [pytest.param(each, id=each["id"]) for each in vectors]


@needs_shared
@pytest.mark.parametrize("vector", named(read(SHARED / "schedules.json")))
def test_shared_schedule(vector: dict[str, Any]) -> None:
    made = read_schedule(vector).to_dict()
    assert made["totals"] == vector["totals"]
    assert len(made["installments"]) == len(vector["installments"])
    for row, published in zip(made["installments"], vector["installments"], strict=True):
        assert row.items() >= published.items()


@pytest.mark.parametrize("vector", named(read(OURS)))
def test_published_schedule(vector: dict[str, Any]) -> None:
    made = read_schedule(vector)
    rows = [[each[name] for name in ("due_date", "principal", "interest", "due")] for each in made.to_dict()["installments"]]
    assert rows == vector["rows"]
    assert not made.ignored


def test_there_are_published_schedules() -> None:
    vectors = read(OURS)
    assert len(vectors) >= 130
    assert {"flat", "declining_balance"} == {each["terms"]["interest_type"] for each in vectors}
    assert {"repayment", "payoff", "as_of", "disbursement", "interest_pause", "rate_change"} == {
        event["type"] for each in vectors for event in each["events"]
    }


@needs_shared
@pytest.mark.parametrize("vector", named(read(SHARED / "apr.json")))
def test_shared_rate(vector: dict[str, Any]) -> None:
    found = read_rate(vector).to_dict()
    assert abs(Decimal(str(found["apr_pct"])) - Decimal(vector["expected_apr_pct"])) <= Decimal(vector["tolerance_pct"])
    if "nominal_12x_monthly_irr_pct" in vector:
        monthly = Decimal(str(found["nominal_12x_monthly_irr_pct"]))
        assert monthly.quantize(Decimal("0.0001")) == Decimal(vector["nominal_12x_monthly_irr_pct"])
