"""Cards and rows to validate: ten rows that are checked by hand, and many whose outcome follows from what the card reads."""

from __future__ import annotations

import functools
import json
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shouxin.engines.scoring.cards.card import Card, read_card
from shouxin.engines.scoring.cards.card_numpy import card_points
from shouxin.engines.scoring.measuring.resampling import Plan
from shouxin.engines.scoring.reports.report import Report, render
from shouxin.engines.scoring.validating.validate import Other, Validation, validate
from shouxin.engines.scoring.validating.validate_model import Validated
from tests.engines.scoring.carded import VALUES, card, rows_of
from tests.engines.scoring.cards.test_card_numpy import inputs_of

FEW = Plan(draws=20)
BINS = [{"below": 1, "points": 20}, {"below": 2, "points": 0}, {"points": -20}]
X = np.array([0, 0, 0, 1, 1, 1, 2, 2, 2, np.nan])
BAD = np.array([0, 0, 0, 0, 0, 1, 0, 1, 1, 1])


def small_card(direction: str = "down", **data: Any) -> Card:
    """A card of one number: 620 below 1, 600 below 2, 580 above, 590 where it is missing. data: of `fitted.data`."""
    bins = [{**each, "rows": 100, "bads": bads} for each, bads in zip(BINS, (2, 10, 30), strict=True)]
    x = {
        "input": "x",
        "direction": direction,
        "reason": "TIMES",
        "missing": -10,
        "missing_rows": 5,
        "missing_bads": 2,
        "bins": bins,
    }
    known = {"name": "made", "rows": 305, "bads": 44, "fingerprint": "0" * 64}
    fitted: dict[str, Any] = {
        "scale": {"calibrated": True},
        "inputs": {"x": {"column": "X", "type": "int", "zh": "次数", "en": "times"}},
    }
    fitted |= {"target": {"column": "bad", "bad": "1"}, "data": {**known, **data}}
    text = {"zh": "小卡", "en": "Small card", "base": 600, "characteristics": {"x": x}, "fitted": fitted}
    text["reasons"] = {"TIMES": {"rank": 600, "zh": "次数", "en": "times"}}
    return read_card(json.dumps(text, ensure_ascii=False), "small.yaml")


def small(**more: Any) -> Validation:
    """The ten rows."""
    given: dict[str, Any] = {"card": small_card(), "inputs": {"x": X}, "bad": BAD, "plan": FEW}
    return Validation(**{**given, **more})


@functools.cache
def rows(count: int = 1_500) -> tuple[dict[str, NDArray[Any]], NDArray[Any]]:
    """Inputs of the card with everything, and outcomes that follow its score, with noise."""
    inputs = inputs_of(card(), rows_of(VALUES, count, seed=11))
    random = np.random.default_rng(5)
    worse = -card_points(card(), inputs).score + random.normal(0, 60, count)
    return inputs, (worse > np.quantile(worse, 0.8)).astype(int)


def asked(**more: Any) -> Validation:
    """Everything at once: another score, segments, dates, a protected attribute."""
    inputs, bad = rows()
    count, random = len(bad), np.random.default_rng(3)
    days = np.datetime64("2023-01-01") + random.integers(0, 700, count).astype("timedelta64[D]")
    days[:3] = np.datetime64("NaT")
    segment = np.array([["new", "old", None][each] for each in random.integers(0, 3, count)], dtype=object)
    sex = np.array([["f", "m"][each] for each in random.integers(0, 2, count)], dtype=object)
    heavy = np.where(inputs["line_use"] > 0.5, "much", "little").astype(object)
    given: dict[str, Any] = {"card": card(), "inputs": inputs, "bad": bad, "plan": FEW, "data": "rows.parquet", "left_out": 7}
    given |= {"segment": segment, "dates": days, "protected": {"sex": sex, "owns_home": inputs["owns_home"], "heavy": heavy}}
    given |= {"others": {"a & b < c": Other(random.random(count))}, "bad_is": "bad = 1"}
    return Validation(**{**given, **more})


@functools.cache
def everything() -> Validated:
    """The validation of `asked`, done once."""
    return validate(asked())


def texts(report: Report) -> str:
    """All text of a report, without the style sheet; proves that the page is well-formed XML."""
    from xml.etree import ElementTree

    root = ElementTree.fromstring(render(report))
    body = root.find("{http://www.w3.org/1999/xhtml}body")
    assert body is not None
    return " ".join("".join(body.itertext()).split())
