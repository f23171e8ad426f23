"""Two sets of rows compared: nothing moved, something did, and what became of them."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from shouxin.engines.scoring.measuring.measure_errors import OutcomeOneClass
from shouxin.engines.scoring.validating.monitor import Rows, monitor
from shouxin.engines.scoring.validating.monitor_model import Monitored, Thresholds
from shouxin.engines.scoring.validating.validate_errors import OutcomesTooFew
from tests.engines.scoring.carded import card
from tests.engines.scoring.validated import BAD, X, rows, small_card


def small(now: Any, bad: Any = None, **more: Any) -> Monitored:
    """The ten rows beside others."""
    then = Rows({"x": X}, None if bad is None else BAD, name="then")
    return monitor(small_card(), then, Rows({"x": np.asarray(now, dtype=np.float64)}, bad, name="now"), **more)


def test_nothing_moved() -> None:
    found = small(X, BAD)
    assert found.score.index == 0 and all(each.stability.index == 0 for each in found.characteristics)
    assert found.alerts == () and not found.alarmed
    assert found.outcomes is not None and found.outcomes.drop.value == 0
    json.dumps(found.to_dict(), allow_nan=False)


def test_a_shift_by_hand() -> None:
    found = small([0] * 2 + [1] * 3 + [2] * 3 + [np.nan] * 2)  # shares 0.3 0.3 0.3 0.1 become 0.2 0.3 0.3 0.2
    moved = found.characteristics[0].stability
    assert moved.index == pytest.approx(-0.1 * np.log(0.2 / 0.3) + 0.1 * np.log(0.2 / 0.1))
    assert moved.points_moved == pytest.approx(0.1 * -10 - 0.1 * 20)
    assert found.missing[0].gap.value == pytest.approx(0.1) and found.outcomes is None
    assert found.current_mean - found.reference_mean == pytest.approx(-3)


def test_thresholds_decide_what_is_an_alert() -> None:
    now = [0] * 3 + [1] * 7 + [2] * 8 + [np.nan] * 2
    usual = small(now)
    assert [(each.what, each.level) for each in usual.alerts] == [("psi", "watch"), ("csi", "watch")] and not usual.alarmed
    strict = small(now, thresholds=Thresholds(csi=(0.05, 0.1)))
    assert ("csi", "alarm") in [(each.what, each.level) for each in strict.alerts] and strict.alarmed


def test_unseen_words_and_missing_values() -> None:
    inputs, _ = rows()
    changed = {**inputs, "purpose": np.array(["boat"] * 1500, dtype=object), "owns_home": np.full(1500, np.nan)}
    found = monitor(card(), Rows(inputs), Rows(changed))
    unseen = {each.name: each.current.value for each in found.unseen}
    missing = {each.name: each.current.value for each in found.missing}
    assert unseen == {"purpose": 1.0} and missing["owns_home"] == 1.0 and missing["purpose"] == 0.0
    assert {(each.what, each.subject) for each in found.alerts} >= {
        ("unseen", "purpose"),
        ("missing", "owns_home"),
        ("csi", "purpose"),
    }
    assert found.alarmed


def test_scores_beyond_the_scale() -> None:
    high = small_card()
    made = type(high)(high.name, high.text, high.shape.model_copy(update={"base": 945}), high.file)
    found = monitor(made, Rows({"x": np.full(20, 2.0)}), Rows({"x": np.full(20, 0.0)}))
    assert (found.clipped.reference.value, found.clipped.current.value) == (0, 1)
    assert ("clipped", "alarm") in [(each.what, each.level) for each in found.alerts]


def test_a_card_that_no_longer_ranks() -> None:
    inputs, bad = rows()
    found = monitor(card(), Rows(inputs, bad), Rows(inputs, np.random.default_rng(1).permutation(bad)))
    assert found.outcomes is not None and found.outcomes.drop.low > 0.2
    assert [(each.what, each.level) for each in found.alerts] == [("auc_drop", "alarm")]
    names = dict.fromkeys(each.vintage for each in found.outcomes.vintages)
    assert list(names) == ["reference", "current"]


def test_vintages_are_periods_where_there_are_days() -> None:
    inputs, bad = rows()
    days = np.datetime64("2023-01-01") + (np.arange(1500) % 60).astype("timedelta64[D]")
    found = monitor(card(), Rows(inputs, bad, days), Rows(inputs, bad, days + 365))
    assert found.outcomes is not None
    assert list(dict.fromkeys(each.vintage for each in found.outcomes.vintages)) == [
        "2023-01",
        "2023-02",
        "2023-03",
        "2024-01",
        "2024-02",
    ]


def test_rows_without_an_outcome_count_in_shares_and_in_nothing_else() -> None:
    unknown = np.where(np.arange(10) == 0, np.nan, BAD)
    found = small(X, unknown)
    assert found.current_rows == 10 and found.outcomes is not None and found.outcomes.current.rows == 9
    assert found.score.index == 0


def test_what_is_refused() -> None:
    with pytest.raises(OutcomeOneClass, match="all 10 rows are the same"):
        small(X, np.zeros(10))
    with pytest.raises(OutcomesTooFew, match="now: target: 1: bad rows of 10"):
        small(X, np.array([1, *[0] * 9]))
    with pytest.raises(ValueError, match="at least one in the reference"):
        small([])
