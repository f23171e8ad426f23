"""A specification held against the data: each kind of bad input, with the column and the remedy."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, TypeAlias

import numpy as np
import pytest

from shouxin.engines.scoring.fitting.fit_errors import (
    BadValueAbsent,
    CellsNotFlags,
    CellsNotNumbers,
    ColumnsAbsent,
    DaysUsed,
    InfiniteValues,
    NoColumnUsed,
    ProtectedUsed,
    SplitNotDays,
    SplitOneSided,
    TargetEmpty,
    TargetManyValues,
    TargetOneClass,
    TargetUsed,
    TooFewBads,
    WeightsNotPositive,
)
from shouxin.engines.scoring.fitting.inputs import inputs_of
from shouxin.engines.scoring.fitting.spec import ColumnSpec, InputType, Spec, SplitSpec, TargetSpec
from shouxin.engines.scoring.fitting.spec_check import check_spec
from shouxin.foundation.refusal import Refusal
from tests.engines.scoring.tables import column, outcomes_by, spec, table

ROWS = 2_000
PLACES = np.arange(ROWS)
BAD = outcomes_by(np.full(ROWS, 0.25))
SOUND: dict[str, Any] = {"x": PLACES % 50, "purpose": ["car", "home"] * (ROWS // 2), "bad": BAD}
DAYS = np.datetime64("2020-01-01") + PLACES


def checked(more: Mapping[str, Any], **asked: Any) -> list[str]:
    """The warnings about a sound table with some more columns."""
    columns = {"x": column("x"), "purpose": column("purpose", "enum"), **asked.pop("columns", {})}
    return [f"{each.column}: {each.en}" for each in check_spec(spec(columns, **asked), table({**SOUND, **more}))]


def test_a_sound_specification_has_no_warnings() -> None:
    assert checked({}) == []


Columns: TypeAlias = dict[str, ColumnSpec]
UNUSED: Columns = {"purpose": column("purpose", "enum", use=False)}


def target(name: str, bad: str) -> dict[str, TargetSpec]:
    """Another target."""
    return {"target": TargetSpec(column=name, bad=[bad])}


def from_day(year: int) -> dict[str, SplitSpec]:
    """A split out of time by the column `day`."""
    return {"split": SplitSpec(method="out_of_time", column="day", since=dt.date(year, 1, 1))}


def also(name: str, kind: InputType = "int") -> dict[str, Columns]:
    """One more column that is used."""
    return {"columns": {name: column(f"{name.lower()}_x", kind)}}


# What the data has more, what the specification asks for, the refusal, and what it says.
CASES: dict[str, tuple[dict[str, Any], dict[str, Any], type[Refusal], tuple[str, ...]]] = {
    "absent": ({}, also("Purposes"), ColumnsAbsent, ("Purposes", "loans.parquet", "did you mean purpose?")),
    "target absent": ({}, target("bda", "1"), ColumnsAbsent, ("bda", "did you mean bad?")),
    "one class": ({"bad": np.zeros(ROWS)}, target("bad", "0"), TargetOneClass, ("bad", "2,000 rows")),
    "no such bad value": ({}, target("bad", "2"), BadValueAbsent, ("2", "0, 1")),
    "a measure": ({"loss": PLACES}, target("loss", "1"), TargetManyValues, ("2,000", "COL=BAD")),
    "no outcome": ({"bad": [None] * ROWS}, {}, TargetEmpty, ("bad", "2,000 rows")),
    "few bads": ({"bad": (PLACES < 15) * 1.0}, {}, TooFewBads, ("15 bad", "at least 20")),
    "days as text": ({"day": ["01/02/2020"] * ROWS}, from_day(2020), SplitNotDays, ("day", "YYYY-MM-DD")),
    "one-sided split": ({"day": DAYS}, from_day(2030), SplitOneSided, ("2030-01-01", "2020-01-01", "2025-06-22")),
    "protected used": ({}, {"protected": ["purpose"]}, ProtectedUsed, ("purpose", "use: false")),
    "weight of zero": ({"w": PLACES}, {"weights": "w"}, WeightsNotPositive, ("w", "row 1 ")),
    "weights of text": ({}, {"weights": "purpose", "columns": UNUSED}, WeightsNotPositive, ("purpose",)),
    "nothing used": ({}, {"columns": {**UNUSED, "x": column("x", use=False)}}, NoColumnUsed, ("use: true",)),
    "target used": ({}, also("bad"), TargetUsed, ("bad", "target")),
    "infinite": ({"r": np.where(PLACES == 3, np.inf, 1.0)}, also("r", "double"), InfiniteValues, ("r", "1 infinite", "[inf]")),
    "text in numbers": ({"n": ["1", "n/a"] * (ROWS // 2)}, also("n"), CellsNotNumbers, ("n", "'n/a'", "1,000 cells")),
    "days used": ({"day": DAYS}, also("day"), DaysUsed, ("day", "span")),
    "flags of numbers": ({"f": PLACES}, also("f", "bool"), CellsNotFlags, ("f", "type: int")),
}


@pytest.mark.parametrize(("data", "asked", "kind", "told"), CASES.values(), ids=CASES)
def test_refusals_name_the_column_and_the_remedy(
    data: dict[str, Any], asked: dict[str, Any], kind: type[Refusal], told: tuple[str, ...]
) -> None:
    with pytest.raises(Refusal) as refused:
        checked(data, **asked)
    assert type(refused.value) is kind
    assert [part for part in told if part not in refused.value.text("en")] == []
    assert "{" not in refused.value.text("zh")


@pytest.mark.parametrize(
    ("data", "asked", "told"),
    [
        ({"id": [f"{each:032x}" for each in range(ROWS)]}, {"id": column("id_x", "enum")}, "id: 2,000 values, nearly one"),
        ({"c": np.ones(ROWS)}, {"c": column("c")}, "c: one value only"),
        ({"c": [None] * ROWS}, {"c": column("c")}, "c: all missing"),
        ({"c": [f"t{each % 700}" for each in range(ROWS)]}, {"c": column("c", "enum")}, "c: 700 levels, most of them rare"),
        ({"bad": (PLACES % 20 == 0) * 1.0}, {}, "bad: only 70 training rows of the rarer outcome"),
    ],
    ids=["id", "constant", "all missing", "levels", "few bads"],
)
def test_warnings(data: dict[str, Any], asked: dict[str, Any], told: str) -> None:
    found = checked(data, columns=asked)
    assert len(found) == 1 and told in found[0]


def test_infinity_declared_missing() -> None:
    data = table({**SOUND, "r": np.where(PLACES == 3, np.inf, 1.0 * PLACES)})
    mine = spec({"r": column("r", "double", missing_values=["inf"])})
    assert np.isnan(inputs_of(mine, data).numbers["r"][3])


def test_inputs_are_read_as_declared() -> None:
    data = table({"n": ["1", "n/a", None, "2.50"], "code": [1, 2, None, 1], "flag": [1, 0, None, 1], "t": ["a", "?", "b", None]})
    mine: Spec = spec(
        {
            "n": column("n", "double", missing_values=["n/a"]),
            "code": column("code", "enum"),
            "flag": column("flag", "bool"),
            "t": column("t", "enum", missing_values=["?"]),
        }
    )
    read = inputs_of(mine, data)
    assert [None if np.isnan(each) else each for each in read.numbers["n"].tolist()] == [1.0, None, None, 2.5]
    assert read.texts["code"].tolist() == ["1", "2", None, "1"] and read.texts["t"].tolist() == ["a", None, "b", None]
    assert read.numbers["flag"][[0, 1, 3]].tolist() == [1, 0, 1] and read.flags == {"flag"}
