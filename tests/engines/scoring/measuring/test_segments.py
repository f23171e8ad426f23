"""Measures by group: each as if it were alone, and a group that cannot be measured says so."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from shouxin.engines.scoring.measuring.groups import by_name
from shouxin.engines.scoring.measuring.measures import measure
from shouxin.engines.scoring.measuring.sample import sample
from shouxin.engines.scoring.measuring.segments import TOO_FEW, measure_groups
from tests.engines.scoring.samples import LAW, Drawn, drawn, large

NAMES = st.lists(st.sampled_from(["a", "b", None]), min_size=40, max_size=40)


@LAW
@given(drawn(), NAMES)
def test_a_group_has_measures_or_a_note(given_rows: Drawn, names: list[str | None]) -> None:
    rows = given_rows.rows
    found = measure_groups(rows, by_name(names[: len(rows.bad)]))
    assert sum(each.rows for each in found) == len(rows.bad) and sum(each.bads for each in found) == rows.bad.sum()
    for each in found:
        enough = min(each.bads, each.rows - each.bads) >= 2
        assert (each.measures is not None) == (each.auc is not None) == enough
        assert each.note is (None if enough else TOO_FEW)


def test_a_group_is_measured_as_if_it_were_alone() -> None:
    rows, _ = large(400)
    north, south = measure_groups(rows, by_name(["north", "south"] * 200))
    assert north.measures == measure(rows.take(np.arange(0, 400, 2)))
    assert south.measures is not None and south.auc is not None and south.auc.low < south.measures.auc < south.auc.high


def test_the_bad_rate_of_a_group_is_weighted() -> None:
    (found,) = measure_groups(sample([1, 0, 0], [3, 2, 1], weight=[1, 2, 2]), by_name(["x"] * 3))
    assert found.bad_rate.value == 0.2 and found.note is TOO_FEW
