"""Bad rates by band and vintage, and bands that change places."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from shouxin.engines.scoring.measuring.groups import by_name
from shouxin.engines.scoring.measuring.sample import sample
from shouxin.engines.scoring.measuring.vintages import crossings, vintage_table
from tests.engines.scoring.samples import LAW, Drawn, drawn

VINTAGES = st.lists(st.sampled_from(["2023", "2024", None]), min_size=40, max_size=40)


@LAW
@given(drawn(), VINTAGES)
def test_every_row_is_counted_once(given_rows: Drawn, vintages: list[str | None]) -> None:
    rows = given_rows.rows
    table = vintage_table(rows, -rows.risk, [-2, 2], by_name(vintages[: len(rows.bad)]))
    assert sum(each.rows for each in table) == len(rows.bad) and sum(each.bads for each in table) == rows.bad.sum()
    keys = [(each.vintage or "~", -math.inf if each.band.low is None else each.band.low) for each in table]
    assert keys == sorted(set(keys))


def test_bands_that_change_places() -> None:
    low, high, vintages = [500] * 200, [700] * 200, by_name(["2023"] * 400 + ["2024"] * 400)
    bad = [1] * 60 + [0] * 140 + [1] * 10 + [0] * 190 + [1] * 10 + [0] * 190 + [1] * 60 + [0] * 140
    table = vintage_table(sample(bad, np.zeros(800)), (low + high) * 2, [600], vintages)
    assert [(each.vintage, each.bads) for each in table] == [("2023", 60), ("2023", 10), ("2024", 10), ("2024", 60)]
    (found,) = crossings(table)
    assert (found.vintage, found.lower.label, found.higher.label, found.gap.value) == ("2024", "<600", "≥600", 0.25)


def test_a_crossing_by_chance_is_none() -> None:
    bad = [1] * 5 + [0] * 45 + [1] * 6 + [0] * 44
    assert crossings(vintage_table(sample(bad, np.zeros(100)), [500] * 50 + [700] * 50, [600], by_name(["2024"] * 100))) == ()
