"""Groups: every row in one, in the order of a table."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouxin.engines.scoring.measuring.groups import by_band, by_name, by_period
from tests.engines.scoring.samples import LAW

NAMES = st.lists(st.sampled_from(["a", "b", "c", "", None, float("nan")]), max_size=40)


def as_names(dates: list[str], period: str) -> list[str | None]:
    groups = by_period(np.array(dates, dtype="datetime64[D]"), period)  # type: ignore[arg-type]
    return [groups.names[place] for place in groups.place]


@LAW
@given(NAMES)
def test_every_row_is_in_one_group(names: list[object]) -> None:
    found = list(by_name(names).members(len(names)))
    assert sorted(row for _, rows in found for row in rows.tolist()) == list(range(len(names)))
    for name, rows in found:
        assert len(rows) and rows.tolist() == sorted(rows.tolist())
        assert {name} == {names[row] if names[row] in ("a", "b", "c") else None for row in rows}
    known = [name for name, _ in found if name is not None]
    assert known == sorted(known) and None not in [name for name, _ in found[:-1]]


def test_months_quarters_and_years() -> None:
    dates = ["2024-04-01", "2023-12-31", "NaT", "2024-01-01", "2024-03-31"]
    assert as_names(dates, "month") == ["2024-04", "2023-12", None, "2024-01", "2024-03"]
    assert as_names(dates, "quarter") == ["2024-Q2", "2023-Q4", None, "2024-Q1", "2024-Q1"]
    assert as_names(dates, "year") == ["2024", "2023", None, "2024", "2024"]
    assert by_period(np.array(dates, dtype="datetime64[D]"), "year").names == ("2023", "2024", None)
    assert by_period(np.array([], dtype="datetime64[D]"), "year").names == (None,)


def test_bands_stand_in_the_order_of_their_numbers() -> None:
    groups = by_band([100, 7, float("nan"), 20, 9.5], [9, 20, 100])
    assert [(name, rows.tolist()) for name, rows in groups.members(5)] == [
        ("<9", [1]),
        ("9–<20", [4]),
        ("20–<100", [3]),
        ("≥100", [0]),
        (None, [2]),
    ]


def test_groups_of_other_rows() -> None:
    with pytest.raises(ValueError, match="groups: of 3 rows, not of 2"):
        list(by_name(["a", "b"]).members(3))
