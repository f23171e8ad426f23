"""PSI and CSI: laws, empty bins, thresholds and the list of alerts."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouxin.engines.scoring.measuring.stability import (
    Alert,
    alert,
    alerts,
    characteristic_stability,
    level_of,
    score_stability,
    stability_index,
)
from tests.engines.scoring.samples import LAW

COUNTS = st.lists(st.integers(0, 1000), min_size=4, max_size=4).filter(any)


@LAW
@given(COUNTS)
def test_no_shift_is_zero(counts: list[int]) -> None:
    assert stability_index(counts, counts) == 0


@LAW
@given(COUNTS, COUNTS)
def test_symmetric_and_never_below_zero(one: list[int], two: list[int]) -> None:
    there, back = stability_index(one, two), stability_index(two, one)
    assert math.isclose(there, back, abs_tol=1e-12) and there >= 0


@LAW
@given(st.lists(st.integers(1, 1000), min_size=4, max_size=4), st.integers(2, 9))
def test_only_shares_count_where_no_bin_is_empty(counts: list[int], times: int) -> None:
    assert math.isclose(stability_index(counts, [each * times for each in counts]), 0, abs_tol=1e-12)


def test_by_hand() -> None:
    by_hand = 0.1 * math.log(0.3 / 0.2) + 0 + (-0.1) * math.log(0.4 / 0.5)
    assert math.isclose(stability_index([20, 30, 50], [300, 300, 400]), by_hand)


def test_an_empty_bin_counts_as_half_a_row() -> None:
    one_sided = (0.005 - 0.5) * math.log(0.005 / 0.5) + (1 - 0.5) * math.log(1 / 0.5)
    assert math.isclose(stability_index([50, 50], [100, 0]), one_sided)
    assert stability_index([50, 50, 0], [50, 50, 0]) == 0
    assert stability_index([50, 50, 0], [500, 500, 0]) == 0


@pytest.mark.parametrize(("one", "two"), [([0, 0], [1, 1]), ([1, 1], [0, 0])])
def test_no_rows(one: list[int], two: list[int]) -> None:
    with pytest.raises(ValueError, match="at least one in the reference"):
        stability_index(one, two)


def test_a_score_that_moves() -> None:
    random = np.random.default_rng(3)
    then, same, moved = (np.round(random.normal(mean, 60, 5000)) for mean in (650, 650, 610))
    steady, shifted = score_stability(then, same), score_stability(then, moved)
    assert len(steady.shifts) == 10 and all(abs(shift.reference - 0.1) < 0.02 for shift in steady.shifts)
    assert steady.level == "ok" and steady.index < 5 * steady.by_chance and steady.points_moved is None
    assert shifted.level == "alarm" and math.isclose(shifted.index, sum(shift.part for shift in shifted.shifts))
    assert math.isclose(sum(shift.current for shift in shifted.shifts), 1)
    assert shifted.shifts[0].label.startswith("<") and shifted.shifts[0].current > 0.2


def test_what_chance_shows_on_average() -> None:
    random, found = np.random.default_rng(4), []
    for _ in range(300):
        then, now = (random.multinomial(size, [0.1] * 10).tolist() for size in (2000, 1000))
        found.append(stability_index(then, now))
    told = characteristic_stability("x", [200] * 10, [100] * 10, [0] * 10, [""] * 10).by_chance
    assert math.isclose(told, 9 * (1 / 2000 + 1 / 1000)) and abs(np.mean(found) / told - 1) < 0.1


def test_a_weighted_reference_is_that_of_the_population() -> None:
    score, weight = [500] * 50 + [700] * 50, [0.2] * 50 + [1.8] * 50
    assert score_stability(score, [500] * 100 + [700] * 900, weight).index < 1e-12
    assert score_stability(score, [500] * 100 + [700] * 900).index > 0.25


def test_scores_outside_the_reference_go_to_the_end_bands() -> None:
    found = score_stability(range(500, 700), [100] * 50 + [999] * 50)
    assert (found.shifts[0].current, found.shifts[-1].current) == (0.5, 0.5)


def test_the_points_that_a_shift_costs() -> None:
    found = characteristic_stability("late", [80, 20], [60, 40], [10, -40], ["none", "some"])
    assert found.points_moved is not None and math.isclose(found.points_moved, -10) and found.level == "watch"
    assert [(shift.label, shift.reference, shift.current) for shift in found.shifts] == [("none", 0.8, 0.6), ("some", 0.2, 0.4)]
    with pytest.raises(ValueError, match="late: counts, points and labels of the same bins"):
        characteristic_stability("late", [80, 20], [60, 40], [10], ["none", "some"])


def test_thresholds() -> None:
    assert [level_of(value, 0.1, 0.25) for value in (0, 0.0999, 0.1, 0.2499, 0.25)] == ["ok", "ok", "watch", "watch", "alarm"]
    assert alert("psi", "score", 0.05) is None
    assert alert("auc lost", "2024", 0.04, (0.03, 0.05)) == Alert("auc lost", "2024", 0.04, 0.03, "watch")


def test_the_list_of_alerts() -> None:
    steady, watched, alarming = (
        characteristic_stability(name, [50, 50], current, [0, 0], ["a", "b"])
        for name, current in (("age", [50, 50]), ("income", [70, 30]), ("late", [90, 10]))
    )
    score = score_stability(range(500, 600), range(550, 650))
    found = alerts(score, [steady, watched, alarming])
    assert [(each.what, each.subject, each.level) for each in found] == [
        ("psi", "score", "alarm"),
        ("csi", "late", "alarm"),
        ("csi", "income", "watch"),
    ]
    assert alerts(score_stability(range(99), range(99)), [steady]) == ()
