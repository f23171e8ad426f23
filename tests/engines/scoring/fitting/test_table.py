"""The table of a fit: its values as text, the outcome of every row, and which rows are set aside."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import numpy as np
from sklearn.model_selection import train_test_split

from shouxin.engines.scoring.fitting.spec import SplitSpec, TargetSpec
from shouxin.engines.scoring.fitting.table import outcomes, split_rows
from tests.engines.scoring.tables import column, spec, table

DAYS = np.array(["2020-01-01", "2020-06-30", "2020-07-01", "NaT", "2021-01-01"], dtype="datetime64[D]")
MIXED = table(
    {
        "number": [1, 2.5, None, 1, 30],
        "flag": [True, False, True, True, False],
        "text": ["b", None, "a", "b", "c"],
        "day": DAYS,
        "empty": [None] * 5,
    }
)


def test_values_as_text() -> None:
    values, codes = MIXED.coded("number")
    assert values == ["1", "2.5", "30"] and codes.tolist() == [0, 1, -1, 0, 2]
    assert MIXED.coded("flag")[0] == ["false", "true"]
    assert MIXED.coded("text")[0] == ["a", "b", "c"] and MIXED.coded("text")[1].tolist() == [1, -1, 0, 1, 2]
    assert MIXED.coded("day")[0] == ["2020-01-01", "2020-06-30", "2020-07-01", "2021-01-01"]
    assert MIXED.coded("empty")[0] == [] and MIXED.coded("empty")[1].tolist() == [-1] * 5


def test_missing() -> None:
    assert [MIXED.missing(name).sum() for name in MIXED.names] == [1, 0, 1, 1, 5]


def test_take_keeps_the_order_asked_for() -> None:
    taken = MIXED.take(np.array([4, 0]))
    assert taken.rows == 2 and taken.names == MIXED.names
    assert taken.numbers["number"].tolist() == [30, 1] and taken.texts["text"].tolist() == ["c", "b"]
    assert [str(each) for each in taken.days["day"]] == ["2021-01-01", "2020-01-01"]


def test_outcomes_of_every_kind() -> None:
    def of(name: str, bad: list[str], neither: list[str] | None = None) -> list[float | None]:
        found = outcomes(TargetSpec(column=name, bad=bad, indeterminate=neither or []), MIXED)
        return [None if np.isnan(each) else each for each in found.tolist()]

    assert of("number", ["1"]) == [1, 0, None, 1, 0]
    assert of("number", ["30"], ["2.5"]) == [0, None, None, 0, 1]
    assert of("flag", ["true"]) == of("flag", ["1"]) == [1, 0, 1, 1, 0]
    assert of("text", ["a", "c"], ["b"]) == [None, None, 1, None, 1]


def test_random_split_is_that_of_scikit_learn_over_known_rows() -> None:
    bad = np.array([0.0, 1, np.nan, 0, 0, 1, 0, 1, 0, 0, 1, 0] * 10)
    data = table({"x": list(range(120)), "bad": bad})
    mine = spec({"x": column("x")}, split=SplitSpec(test_share=Decimal("0.25"), seed=7))
    train, test = split_rows(mine, data, bad)
    known = np.flatnonzero(~np.isnan(bad))
    theirs = train_test_split(np.arange(len(known)), test_size=0.25, stratify=bad[known], random_state=7)
    assert set(train) == set(known[theirs[0]]) and set(test) == set(known[theirs[1]])
    assert (np.diff(train) > 0).all() and (np.diff(test) > 0).all()


def test_split_out_of_time_leaves_rows_without_a_day_out() -> None:
    mine = spec({"number": column("number")}, split=SplitSpec(method="out_of_time", column="day", since=dt.date(2020, 7, 1)))
    train, test = split_rows(mine, MIXED, np.array([0.0, 1, 0, 1, np.nan]))
    assert train.tolist() == [0, 1] and test.tolist() == [2]


def test_no_split() -> None:
    train, test = split_rows(
        spec({"number": column("number")}, split=SplitSpec(method="none")), MIXED, np.array([0, 1, np.nan, 0, 0])
    )
    assert train.tolist() == [0, 1, 3, 4] and test.tolist() == []
