"""Drafted specifications: types, codes, identifiers, days, directions, names, protected attributes, the target."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from shouxin.engines.scoring.fitting.column_kinds import look_at
from shouxin.engines.scoring.fitting.directions import direction_of
from shouxin.engines.scoring.fitting.draft_names import draft_names, product_code
from shouxin.engines.scoring.fitting.fit_errors import (
    BadValueAbsent,
    ColumnsAbsent,
    TargetEmpty,
    TargetManyValues,
    TargetNeedsBad,
    TargetOneClass,
)
from shouxin.engines.scoring.fitting.profile import Drafted, draft
from shouxin.engines.scoring.fitting.spec import read_spec
from shouxin.engines.scoring.fitting.spec_check import check_spec
from shouxin.engines.scoring.fitting.spec_text import spec_text
from shouxin.engines.scoring.fitting.special_values import SpecialValues, special_values
from shouxin.engines.scoring.fitting.table import split_rows
from shouxin.foundation.refusal import Refusal
from tests.engines.scoring.tables import outcomes_by, table

ROWS = 4_000
PLACES = np.arange(ROWS)
DRAWN = np.random.default_rng(1)
AGE = DRAWN.integers(18, 80, ROWS)
INCOME = DRAWN.lognormal(9, 1, ROWS)
LATE = np.where(PLACES % 40 == 0, 98, DRAWN.poisson(0.4, ROWS))
BAD = outcomes_by(0.05 + 0.5 * np.minimum(LATE % 98, 3) / 3 + 0.3 * (INCOME < 5_000))
LOANS: dict[str, Any] = {
    "LoanID": DRAWN.permutation(ROWS) + 1_000_000,
    "key_of_row": [f"{each:032x}" for each in range(ROWS)],
    "Age": AGE,
    "annual_income": INCOME,
    "timesLate": LATE,
    "debt": np.where(PLACES % 9 == 0, -999_999, DRAWN.integers(0, 50_000, ROWS)),
    "purpose": [("car", "home", None)[each % 3] for each in range(ROWS)],
    "owner": PLACES % 2 == 0,
    "employer": [f"firm {each % 900}" for each in range(ROWS)],
    "tenure": [("n/a" if each % 20 == 0 else f"{each % 37 / 2}") for each in range(ROWS)],
    "issued": np.datetime64("2020-01-01") + PLACES % 700,
    "first_seen": [f"{1 + each % 28:02d}/{1 + each % 12:02d}/2019" for each in range(ROWS)],
    "fiscal_year": 2010 + PLACES % 9,
    "zip": PLACES % 700 + 10_000,
    "Gender": ["F", "M"] * (ROWS // 2),
    "country": ["CN"] * ROWS,
    "note": [None] * ROWS,
    "bad": BAD,
}


@pytest.fixture(scope="module")
def drafted() -> Drafted:
    """The draft of a table with one column of every kind."""
    return draft(table(LOANS), "bad", None)


def test_what_is_used(drafted: Drafted) -> None:
    assert list(drafted.spec.used) == ["Age", "annual_income", "timesLate", "debt", "purpose", "owner", "tenure"]
    types = {column: each.type for column, each in drafted.spec.used.items()}
    assert types == {
        "Age": "int", "annual_income": "double", "timesLate": "int", "debt": "int", "purpose": "enum", "owner": "bool",
        "tenure": "double",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("column", "why"),
    [
        ("LoanID", "an identifier: 4,000"),
        ("key_of_row", "an identifier: 4,000"),
        ("employer", "900 levels, 900 of them too rare"),
        ("issued", "a day: make a span"),
        ("first_seen", "a day kept as text"),
        ("fiscal_year", "a calendar year"),
        ("zip", "a post code"),
        ("Gender", "protected: measured, never used"),
        ("country", "one value in 100.0% of rows"),
        ("note", "all missing"),
    ],
)
def test_why_others_are_not(drafted: Drafted, column: str, why: str) -> None:
    each = drafted.spec.columns[column]
    assert not each.use and not each.leak and each.why is not None and each.why.startswith(why)


def test_codes_and_what_is_missing(drafted: Drafted) -> None:
    columns = drafted.spec.columns
    assert columns["timesLate"].special == [98] and columns["debt"].missing_values == [-999_999]
    assert columns["tenure"].missing_values == ["n/a"] and columns["annual_income"].special == []


def test_directions_come_from_training_rows_and_only_where_they_are_plain(drafted: Drafted) -> None:
    directions = {column: each.direction for column, each in drafted.spec.used.items()}
    assert directions["timesLate"] == "down" and directions["Age"] == "either" and directions["debt"] == "either"


def test_names_protected_and_the_day_of_the_decision(drafted: Drafted) -> None:
    spec = drafted.spec
    assert spec.protected == ["Gender"] and spec.decision_date == "issued" and spec.name == "loans"
    assert spec.columns["annual_income"].zh == "年收入" and spec.columns["timesLate"].en == "times late"
    assert spec.columns["timesLate"].input == "times_late" and spec.columns["timesLate"].reason == "TIMES_LATE"


def test_notes(drafted: Drafted) -> None:
    notes = {each.column: each.en for each in drafted.notes}
    assert set(notes) == {"Age", "tenure", "first_seen"}
    assert "200 cells such as 'n/a'" in notes["tenure"] and "protected" in notes["Age"] and "YYYY-MM-DD" in notes["first_seen"]


def test_a_draft_has_no_leaks_here_reads_back_and_can_be_fitted(drafted: Drafted) -> None:
    assert drafted.leaks == ()
    assert read_spec(spec_text(drafted.spec)) == drafted.spec
    assert check_spec(drafted.spec, table(LOANS)) == ()


def test_the_same_data_gives_the_same_draft(drafted: Drafted) -> None:
    assert spec_text(draft(table(LOANS), "bad", None).spec) == spec_text(drafted.spec)


def test_outcomes_of_test_rows_are_not_looked_at(drafted: Drafted) -> None:
    _, test = split_rows(drafted.spec, table(LOANS), BAD)
    told = np.where(np.isin(PLACES, test), BAD, 0.5)  # the outcome, in the test rows only
    again = draft(table({**LOANS, "told": told}), "bad", None)
    assert again.leaks == () and again.spec.columns["told"].direction == "either"
    assert draft(table({**LOANS, "told": BAD}), "bad", None).leaks[0].column == "told"


INFINITE = table({"x": np.where(PLACES % 500 == 0, np.inf, INCOME), "bad": BAD})


def test_infinities_are_told() -> None:
    found = draft(INFINITE, "bad", None)
    assert "8 infinite values" in found.notes[0].en and found.spec.columns["x"].type == "double"


@pytest.mark.parametrize(
    ("values", "bad", "kind", "told"),
    [
        (["Good", "Bad"] * 50, None, TargetNeedsBad, "--target outcome=Bad / --target outcome=Good"),
        ([1, 2] * 50, None, TargetNeedsBad, "--target outcome=1 / --target outcome=2"),
        (["a", "b", "c"] * 30, None, TargetManyValues, "there are 3, such as a, b, c"),
        (["a", "b"] * 50, "B", BadValueAbsent, "a, b"),
        ([1] * 100, None, TargetOneClass, "all"),
        ([0] * 100, None, BadValueAbsent, "0"),
        ([None] * 100, None, TargetEmpty, "100 rows"),
    ],
)  # fmt: skip
def test_targets_that_are_refused(values: list[Any], bad: str | None, kind: type[Refusal], told: str) -> None:
    with pytest.raises(kind) as refused:
        draft(table({"x": range(len(values)), "outcome": values}), "outcome", bad)
    if kind is not TargetOneClass:
        assert told in str(refused.value)


def test_target_absent() -> None:
    with pytest.raises(ColumnsAbsent, match="did you mean outcome"):
        draft(table({"outcome": [0, 1]}), "Outcome_", None)


def test_other_values_are_good_and_those_still_running_are_told() -> None:
    values = ["Charged Off", "Fully Paid", "Current", None] * 500
    found = draft(table({"x": range(2_000), "status": values}), "status", "Charged Off")
    assert found.spec.target.bad == ["Charged Off"] and found.spec.target.indeterminate == []
    texts = [each.en for each in found.notes]
    assert texts[0].startswith("500 rows have no outcome") and "target.indeterminate what is neither (Current?)" in texts[1]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([0, 1, 2, 9, 96, 98], SpecialValues(special=(96, 98))),
        ([1, 5, 12, 60, 120, 999], SpecialValues(special=(999,))),
        ([1, 5, 12, 60, 120, 9999], SpecialValues(missing=(9999,))),
        ([*range(90, 100)], SpecialValues()),
        ([18, 40, 97, 98, 99, 100], SpecialValues()),
        ([-2, -1, 0, 1, 2, 3], SpecialValues(special=(-2, -1, 0))),
        ([-1, *range(0, 300, 7)], SpecialValues(special=(-1,))),
        ([-1, -2.5, 0, 1, 2, 3], SpecialValues()),
        ([-999999, 0.5, 10.25, 300], SpecialValues(missing=(-999999,))),
        ([*range(-500, 500, 7)], SpecialValues()),
        ([0, 1], SpecialValues()),
        ([], SpecialValues()),
    ],
)
def test_special_values(values: list[float], expected: SpecialValues) -> None:
    assert special_values(np.repeat(np.array(values, dtype=np.float64), 5)) == expected


def test_directions() -> None:
    risk = np.linspace(0.05, 0.6, ROWS)
    values = PLACES.astype(np.float64)
    assert direction_of(values, outcomes_by(risk)) == "down" and direction_of(-values, outcomes_by(risk)) == "up"
    assert direction_of(values, outcomes_by(np.abs(risk - 0.3))) == "either"
    assert direction_of(values, outcomes_by(np.full(ROWS, 0.3))) == "either"
    tail = np.where(PLACES > 0.96 * ROWS, 0.05, risk)
    assert direction_of(values, outcomes_by(tail)) == "either", "the tail turns"
    assert direction_of(np.full(ROWS, np.nan), outcomes_by(risk)) == "either"


def test_names_are_free_and_allowed() -> None:
    taken: list[str] = []
    for column in ("a b", "A_B", "select", "2nd", "数据", "数据2", "x", "X", "_", "score", "a" * 90, "a" * 91, "list"):
        names = draft_names(column, taken)
        assert names.input not in taken
        taken.append(names.input)
    assert taken[:6] == ["a_b", "a_b_2", "select_value", "column_2_nd", "column_value", "column_2"]
    assert product_code("") == "card"


def test_months_and_moments_kept_as_text_are_days() -> None:
    for texts in (["Aug-2001", "Oct-98"], ["2017-07-05 08:30:44.000000"], ["2-Sep", "Aug-00"], ["2016年3月1日"], ["20190131"]):
        assert look_at(table({"when": texts * 30}), "when").is_text_day, texts
    for texts in (["10+ years", "< 1 year"], [" 36 months"], ["1-2", "3-4"], ["A1", "B2"]):
        assert not look_at(table({"when": texts * 30}), "when").is_day, texts
