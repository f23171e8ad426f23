"""A card over whole columns gives what it gives each row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from shouxin.desk.portfolio.columns import read_inputs
from shouxin.desk.portfolio.scored import ScoreJob, score_file
from shouxin.engines.policy.card_shapes import AxisBinShape
from shouxin.engines.scoring.cards.card import Card
from shouxin.engines.scoring.cards.card_numpy import card_points, number_bins
from shouxin.engines.scoring.cards.cells import Kind
from shouxin.engines.scoring.cards.score_one import cells, score_one
from tests.desk.portfolio.test_scored import parquet, read, text_file
from tests.engines.scoring.carded import TEXTS, VALUES, card, random_card, rows_of

Rows = Sequence[Mapping[str, Any]]


def inputs_of(made: Card, rows: Rows) -> dict[str, NDArray[Any]]:
    """The inputs of a card as arrays, each cell read as the card reads it."""
    read = {cell.name: [cell.read(row[cell.column]) for row in rows] for cell in cells(made)}
    kinds: dict[Kind, Any] = {Kind.WORD: object}
    return {cell.name: np.array(read[cell.name], dtype=kinds.get(cell.kind, np.float64)) for cell in cells(made)}


def check(made: Card, rows: Rows) -> None:
    found = card_points(made, inputs_of(made, rows))
    for at, row in enumerate(rows):
        one = score_one(made, row)
        whole = (int(found.score[at]), round(float(found.pd[at]) * 1e6), dict(zip(made.parts, found.points[at], strict=True)))
        assert whole == (one.score, one.pd_ppm, one.points), row


def test_a_card_with_everything() -> None:
    check(card(), [*rows_of(VALUES, 400, seed=1), *rows_of(TEXTS, 400, seed=2)])


@pytest.mark.parametrize("seed", range(25))
def test_random_cards(seed: int) -> None:
    made, values = random_card(seed)
    check(made, rows_of(dict(values), 150, seed))


BOUNDS = st.lists(st.decimals(-1000, 1000, places=2), unique=True, max_size=5)
NEAR = st.one_of(st.floats(), st.integers(-4, 4).map(float))


@given(st.lists(NEAR, min_size=1), BOUNDS, st.sets(st.integers(-3, 3)))
def test_a_bin_holds_what_it_says(values: list[float], bounds: list[Decimal], special: set[int]) -> None:
    shapes = [{"in": sorted(special)}] if special else []
    bins = [AxisBinShape.model_validate(each) for each in (*shapes, *({"below": each} for each in sorted(bounds)), {})]
    first = len(shapes)
    for value, place in zip(values, number_bins(np.array(values), bins).tolist(), strict=True):
        if np.isnan(value):
            assert place == len(bins)
        elif value in special:
            assert place == 0
        else:
            assert place == first + sum(float(bound) <= value for bound in bounds)


@pytest.mark.parametrize("text", [False, True])
def test_a_file_as_the_engine_scores_it(tmp_path: Path, text: bool) -> None:
    rows = rows_of(dict(TEXTS) if text else VALUES, 500, seed=3)
    source = text_file(tmp_path / "in.csv", rows) if text else parquet(tmp_path / "in.parquet", rows)
    found = card_points(card(), read_inputs(source, cells(card())).arrays)
    score_file(ScoreJob(card(), source, tmp_path / "out.parquet", points=card().parts))
    engine = read(tmp_path / "out.parquet")
    pd = np.rint(found.pd * 1_000_000).astype(int)
    assert np.column_stack((found.score, pd, found.points)).tolist() == [list(row) for row in engine]


def test_bins_by_hand() -> None:
    rows: Rows = [
        {"NumberOfTimes90DaysLate": 98, "Line Use": 0.3, "purpose": "boat", "owns_home": False},
        {"NumberOfTimes90DaysLate": None, "Line Use": None, "purpose": None, "owns_home": None},
        {"NumberOfTimes90DaysLate": 0, "Line Use": np.inf, "purpose": "car", "owns_home": True},
    ]
    found = card_points(card(), inputs_of(card(), rows))
    assert found.bins.tolist() == [[0, 1, 2, 1, 1], [4, 3, 3, 2, 15], [1, 2, 0, 0, 6]]
    assert found.points.tolist() == [[-40, 10, -3, -5, 0], [-12, 0, 0, 1, 1], [33, -35, 8, 5, -1]]
    assert found.score.tolist() == [574, 602, 622]
