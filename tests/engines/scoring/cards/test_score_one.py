"""One customer scored: points by hand, what counts as missing, what is refused."""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouxin.engines.policy.read import FactsRefused
from shouxin.engines.policy.stage_score import pd_ppm
from shouxin.engines.scoring.cards.card import read_card
from shouxin.engines.scoring.cards.cells import number_of, word_of
from shouxin.engines.scoring.cards.score_one import score_one
from tests.engines.scoring.carded import CARD, VALUES, card, random_card, rows_of

ROW: dict[str, Any] = {"NumberOfTimes90DaysLate": 0, "Line Use": 0.2, "purpose": "car", "owns_home": True}


def points(**changes: Any) -> dict[str, int]:
    """The points of a row; columns by the inputs' names here."""
    names = {"late": "NumberOfTimes90DaysLate", "use": "Line Use"}
    row = {**ROW, **{names.get(name, name): value for name, value in changes.items()}}
    found = score_one(card(), row)
    assert found.score == min(max(612 + sum(found.points.values()), 350), 950)
    assert found.pd_ppm == pd_ppm(found.score // 10 * 10 + 5, card().fitted.scale)
    return dict(found.points)


def test_by_hand() -> None:
    found = score_one(card(), ROW)
    assert found.points == {"times_late_90": 33, "line_use": 40, "purpose": 8, "owns_home": 5, "late_90_by_line_use": 2}
    assert (found.score, found.pd_ppm, found.reasons) == (700, 15312, ())


@pytest.mark.parametrize(
    ("late", "expected"),
    [
        *((0, 33), (-1, 33), (-math.inf, 33), (Decimal("0.99"), 33)),
        *((1, -20), (1.99, -20), (" 1.0 ", -20), (True, -20), (2, -45), (97, -45), (math.inf, -45)),
        *((96, -40), (98.0, -40), ("96", -40)),
        *((each, -12) for each in (None, math.nan, "", " ", "nan", 99, "99.0", Decimal("NaN"))),
    ],
)
def test_bins_special_values_and_missing(late: object, expected: int) -> None:
    assert points(late=late)["times_late_90"] == expected


@pytest.mark.parametrize(
    ("use", "expected"), [("NA", 0), (-1, 0), ("-1", 0), (-0.99, 40), (0.3, 10), (0.1 + 0.2, 10), (1e300, -35)]
)
def test_declared_missing_values(use: object, expected: int) -> None:
    assert points(use=use)["line_use"] == expected


@pytest.mark.parametrize(
    ("purpose", "expected"),
    [
        *(("car", 8), ("O'Card \\ x", 8), ("small business", -20)),
        *((each, -3) for each in ("medical", "Debt (cons.)", "boat", "CAR", "car ", 7)),
        *((each, 0) for each in (None, "", "unknown", math.nan)),
    ],
)
def test_words(purpose: object, expected: int) -> None:
    assert points(purpose=purpose)["purpose"] == expected


@pytest.mark.parametrize(
    ("home", "expected"),
    [(True, 5), (False, -5), ("Y", 5), ("N", -5), ("TRUE", 5), (1, 5), (0.0, -5), ("0", -5), (None, 1), ("", 1), (math.nan, 1)],
)
def test_flags(home: object, expected: int) -> None:
    assert points(owns_home=home)["owns_home"] == expected


@pytest.mark.parametrize(
    ("late", "use", "expected"),
    [
        *((96, 0.1, 0), (0, 0.1, 2), (0, 0.5, 0), (0, 2, -1), (0, None, 0)),
        *((1, 0.1, -3), (9, 0.5, -8), (9, 9, -12), (1, None, -4), (None, 0.1, 0), (None, None, 1)),
    ],
)
def test_a_pair(late: object, use: object, expected: int) -> None:
    assert points(late=late, use=use)["late_90_by_line_use"] == expected


def test_reasons_say_why_points_were_lost() -> None:
    worst = score_one(card(), {**ROW, "NumberOfTimes90DaysLate": 96, "Line Use": 0.5, "purpose": None, "owns_home": False})
    assert worst.reasons == ("TIMES_LATE_90_SPECIAL", "LINE_USE", "OWNS_HOME", "PURPOSE_MISSING")
    missing = score_one(card(), {**ROW, "NumberOfTimes90DaysLate": None})
    assert missing.reasons == ("TIMES_LATE_90_MISSING", "LATE_90_BY_LINE_USE")


def test_the_score_is_clipped_to_the_scale() -> None:
    row = {**ROW, "NumberOfTimes90DaysLate": 5}
    assert score_one(read_card(CARD.replace("base: 612", "base: -9000")), row).score == 350
    assert score_one(read_card(CARD.replace("base: 612", "base: 9000")), row).score == 950


def test_values_by_the_names_of_the_inputs() -> None:
    named = {"times_late_90": 0, "line_use": 0.2, "purpose": "car", "owns_home": True, "something else": 3}
    assert score_one(card(), named) == score_one(card(), ROW)


def test_values_as_numpy_holds_them() -> None:
    row = {"NumberOfTimes90DaysLate": np.int64(96), "Line Use": np.float32(0.5), "purpose": "car", "owns_home": np.float64(1)}
    assert score_one(card(), row) == score_one(card(), {**ROW, "NumberOfTimes90DaysLate": 96, "Line Use": 0.5})


def test_what_is_absent_or_cannot_be_read_is_told_at_once() -> None:
    with pytest.raises(FactsRefused) as refused:
        score_one(card(), {"numberOfTimes90DaysLate": 0, "Line Use": "much", "owns_home": "perhaps", "purpose": [1]})
    late, use, purpose, home = (str(each) for each in refused.value.faults)
    assert late.startswith("NumberOfTimes90DaysLate: absent") and "did you mean numberOfTimes90DaysLate?" in late
    assert use == "Line Use: 'much': a number such as 12 or 0.35; empty where it is missing"
    assert home == "owns_home: 'perhaps': true or false, or 1 or 0; empty where it is missing"
    assert purpose.startswith("purpose: [1]: a text")


@pytest.mark.parametrize(
    "written", ["1_000", "1,000", "0x10", "1e999", "12abc", "１２", "1d", "--1", "1 2", "1\n", b"1", [1], 10**400]
)
def test_what_is_no_number(written: object) -> None:
    with pytest.raises(ValueError, match="a number such as"):
        number_of(written)


@given(st.floats(min_value=-9e307, max_value=9e307, allow_subnormal=False))
def test_a_number_and_its_text_are_the_same(number: float) -> None:
    if number == 0 or abs(number) > 1e-307:
        assert number_of(number) == number_of(repr(number)) == number_of(f" {number!r} ") == number


@given(st.integers(-(10**14), 10**14))
def test_a_code_is_the_same_word_however_it_is_kept(code: int) -> None:
    assert word_of(code) == word_of(float(code)) == word_of(Decimal(code)) == word_of(str(code)) == str(code)


def test_words_of_other_things() -> None:
    assert word_of(dt.date(2026, 7, 1)) == "2026-07-01" and word_of(Decimal("1.50")) == "1.50" and word_of(Decimal("2.00")) == "2"
    with pytest.raises(ValueError, match="a text"):
        word_of(dt.datetime(2026, 7, 1, 12))  # noqa: DTZ001 - a time stamp of a data file has no zone


@pytest.mark.parametrize("seed", range(12))
def test_points_are_those_of_the_bins(seed: int) -> None:
    """Against the plainest reading of the card's own file."""
    made, values = random_card(seed)
    for row in rows_of(values, 60, seed):
        found = score_one(made, row)
        for name, each in made.file.data["characteristics"].items():
            assert found.points[name] == plainly(made.file.data["fitted"]["inputs"][name], each, row[f"Column {name}"]), row


def plainly(read: dict[str, Any], shape: dict[str, Any], value: Any) -> int:
    """The points of one value."""
    missing = [float(each) if read["type"] != "enum" else str(each) for each in read.get("missing_values", [])]
    if read["type"] == "enum" and isinstance(value, float) and not math.isnan(value):
        value = str(int(value)) if value.is_integer() else str(value)
    value = read.get("map", {}).get(value, value)
    if value in (None, "") or value in missing or (isinstance(value, float) and math.isnan(value)):
        return int(shape["missing"])
    for each in shape["bins"]:
        listed = [float(part) if isinstance(part, Decimal) else part for part in each.get("in", [])]
        if value in listed or ("below" in each and value < float(each["below"])) or not each.keys() & {"in", "below"}:
            return int(each["points"])
    raise AssertionError(value)


def test_every_kind_of_row_gives_a_score_on_the_scale() -> None:
    scores = {score_one(card(), row).score for row in rows_of(VALUES, 400, seed=1)}
    assert len(scores) > 40 and min(scores) >= 350 and max(scores) <= 950
