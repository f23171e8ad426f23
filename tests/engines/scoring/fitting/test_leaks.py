"""The screen for leaks: every kind is named with its evidence, and sound columns are not named."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouxin.engines.scoring.fitting.leaks import Leak, screen, screen_columns
from shouxin.engines.scoring.fitting.table import outcomes, split_rows
from tests.engines.scoring.tables import column, outcomes_by, spec, table

ROWS = 3_000
PLACES = np.arange(ROWS)
DRAWN = np.random.default_rng(2)
BAD = outcomes_by(np.full(ROWS, 0.2))
IS_BAD = BAD == 1
AMOUNT = DRAWN.integers(1, 200, ROWS) * 500.0
AGREED = DRAWN.integers(1, 20, ROWS) * 12
TERM = np.where(IS_BAD, DRAWN.integers(1, 240, ROWS), AGREED)
PAID = AMOUNT * np.where(IS_BAD, DRAWN.uniform(0.2, 0.95, ROWS), DRAWN.uniform(1.05, 1.3, ROWS))
REFERENCES = [f"{'X-' if bad else ''}{place}" for place, bad in enumerate(IS_BAD)]
DECIDED = np.datetime64("2020-01-01") + PLACES % 365

SOUND: dict[str, Any] = {
    "amount": AMOUNT,
    "age": DRAWN.integers(18, 80, ROWS),
    "late": DRAWN.poisson(0.3 + 1.2 * BAD),
    "income": np.where(PLACES % 5 == 0, np.nan, DRAWN.lognormal(9, 1, ROWS)),
    "purpose": [("car", "home", None)[each % 3] for each in range(ROWS)],
    "agreed": AGREED,
    "opened": DECIDED - 900,
}


def screened(more: dict[str, Any], decision: str | None = None) -> dict[str, Leak]:
    """The leaks among sound columns and some more."""
    columns = {**SOUND, **more}
    return {each.column: each for each in screen_columns(table(columns), BAD, list(columns), decision)}


def test_sound_columns_are_not_named() -> None:
    assert screened({"decided": DECIDED}, "decided") == {}


LEAKS: dict[str, tuple[Any, str, str]] = {
    "ranks": (BAD * 400 + DRAWN.normal(0, 150, ROWS), "ranks", "alone it ranks with an AUC of 0.9"),
    "missing for the good": (
        np.where(IS_BAD, PLACES, np.nan),
        "missing",
        "missing in 0.0% of the bad rows and 100.0% of the good ones",
    ),
    "missing text": ([None if bad else "closed" for bad in IS_BAD], "missing", "missing in 100.0% of the bad rows"),
    "recovered": (np.where(IS_BAD & (PLACES % 2 == 0), 1.0 * PLACES, 0), "only", "other than 0.0 in"),
    "term": (TERM, "form", "multiples of 12 in 100% of the good rows and"),
    "reference": (REFERENCES, "form", "written like 9 in 100% of the good rows"),
    "status": (["CHGOFF" if bad else "P I F" for bad in IS_BAD], "copy", "say the outcome of 100.0% of the rows"),
    "flag": (IS_BAD, "copy", "say the outcome of 100.0% of the rows"),
    "paid back": (PAID, "compared", "below amount in 100% of the bad rows and 0% of the good ones"),
}


@pytest.mark.parametrize(("values", "kind", "told"), LEAKS.values(), ids=LEAKS)
def test_leaks_are_named_with_evidence(values: Any, kind: str, told: str) -> None:
    found = screened({"suspect": values})
    assert list(found) == ["suspect"] and found["suspect"].kind == kind
    assert told in found["suspect"].evidence.en and found["suspect"].evidence.zh


def test_days_after_the_decision() -> None:
    later = screened({"decided": DECIDED, "last_seen": DECIDED + 30}, "decided")
    assert list(later) == ["last_seen"] and "100.0% of its days are later" in later["last_seen"].evidence.en
    texts = [f"{day:%d/%m/%Y}" for day in (DECIDED + 30).tolist()]
    assert list(screened({"decided": DECIDED, "last_seen": texts}, "decided")) == ["last_seen"]
    assert screened({"decided": DECIDED, "last_seen": DECIDED + 30}) == {}, "nobody said when was decided"


def test_what_follows_from_a_leak() -> None:
    found = screened(
        {"term": TERM, "days": TERM * 30, "start": PLACES % 700, "end": PLACES % 700 + 30 * TERM, "long": TERM >= 120}
    )
    kinds = {name: each.kind for name, each in found.items()}
    assert kinds == {"term": "form", "days": "form", "end": "follows", "long": "follows"}
    assert found["end"].evidence.en == "it is start + 30 times term"


def test_form_that_the_range_alone_explains_is_no_leak() -> None:
    small = IS_BAD | (PLACES % 10 == 0)
    rounded = np.where(small, DRAWN.integers(1, 999, ROWS), DRAWN.integers(10, 99, ROWS) * 1_000)
    apart = abs((rounded % 100 == 0)[IS_BAD].mean() - (rounded % 100 == 0)[~IS_BAD].mean())
    found = screened({"loan": rounded})
    assert apart > 0.5 and all(each.kind != "form" for each in found.values())


def test_what_was_used_or_named_before_is_screened_and_only_training_rows() -> None:
    columns = {**SOUND, "status": ["x" if bad else "y" for bad in IS_BAD], "also": BAD, "bad": BAD}
    data = table(columns)
    mine = spec(
        {
            "amount": column("amount_x"),
            "status": column("status", "enum", use=False, leak=True),
            "also": column("also", use=False, why="not mine"),
        }
    )
    outcome = outcomes(mine.target, data)
    train, test = split_rows(mine, data, outcome)
    assert [each.column for each in screen(data, mine, outcome, train)] == ["status"]
    hidden = table({**columns, "status": ["x" if bad and place in set(test) else "y" for place, bad in enumerate(IS_BAD)]})
    assert screen(hidden, mine, outcome, train) == ()


def test_infinities_and_one_outcome_do_not_stop_the_screen() -> None:
    wild = np.where(PLACES % 7 == 0, np.inf, np.where(PLACES % 7 == 1, -np.inf, AMOUNT))
    assert screened({"wild": wild, "empty": [None] * ROWS, "one": np.ones(ROWS)}) == {}
    assert screen_columns(table(SOUND), np.zeros(ROWS), list(SOUND), None) == ()


@given(st.integers(0, 2**32 - 1), st.floats(0.05, 0.5), st.sampled_from([400, 1_500]))
def test_columns_that_have_nothing_to_do_with_the_outcome_are_never_named(seed: int, rate: float, rows: int) -> None:
    drawn = np.random.default_rng(seed)
    columns = {
        "real": drawn.normal(size=rows),
        "count": drawn.poisson(1.0, rows),
        "money": drawn.integers(1, 500, rows) * drawn.choice([1, 50, 1_000], rows),
        "months": drawn.integers(1, 60, rows),
        "gaps": np.where(drawn.random(rows) < 0.6, np.nan, drawn.normal(size=rows)),
        "word": [f"w{each}" for each in drawn.integers(0, 40, rows)],
    }
    bad = (drawn.random(rows) < rate).astype(np.float64)
    assert screen_columns(table(columns), bad, list(columns), None) == ()
