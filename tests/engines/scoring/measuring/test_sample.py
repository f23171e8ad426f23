"""What is refused before anything is measured."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from shouxin.engines.scoring.measuring.measure_errors import (
    OutcomeNotBinary,
    OutcomeOneClass,
    ProbabilityOutOfRange,
    RiskMissing,
    WeightNotPositive,
)
from shouxin.engines.scoring.measuring.sample import sample
from shouxin.foundation.refusal import Refusal

NAN = float("nan")


@pytest.mark.parametrize(
    ("given", "refusal", "field", "value"),
    [
        ({"bad": [0, 1, 2]}, OutcomeNotBinary, "bad[2]", "2.0"),
        ({"bad": [0, NAN, 1]}, OutcomeNotBinary, "bad[1]", "nan"),
        ({"bad": [0, 0, 0]}, OutcomeOneClass, "bad", "0"),
        ({"bad": [1, 1, 1]}, OutcomeOneClass, "bad", "1"),
        ({"bad": [], "risk": []}, OutcomeOneClass, "bad", "0"),
        ({"risk": [1, NAN, 2]}, RiskMissing, "risk[1]", "nan"),
        ({"pd": [0.1, 0.2, 1.5]}, ProbabilityOutOfRange, "pd[2]", "1.5"),
        ({"pd": [-0.1, 0.2, 0.5]}, ProbabilityOutOfRange, "pd[0]", "-0.1"),
        ({"pd": [0.1, NAN, 0.5]}, ProbabilityOutOfRange, "pd[1]", "nan"),
        ({"weight": [1, 0, 1]}, WeightNotPositive, "weight[1]", "0.0"),
        ({"weight": [1, 1, NAN]}, WeightNotPositive, "weight[2]", "nan"),
        ({"weight": [1, 1, float("inf")]}, WeightNotPositive, "weight[2]", "inf"),
    ],
)
def test_refused(given: dict[str, Any], refusal: type[Refusal], field: str, value: str) -> None:
    columns: dict[str, Any] = {"bad": [0, 1, 1], "risk": [1, 2, 3], **given}
    with pytest.raises(refusal) as caught:
        sample(**columns)
    assert (caught.value.field, caught.value.value) == (field, value)
    assert caught.value.right("zh") and caught.value.right("en")


@pytest.mark.parametrize("field", ["risk", "pd", "weight"])
def test_of_another_length(field: str) -> None:
    columns: dict[str, Any] = {"bad": [0, 1, 1], "risk": [1, 2, 3], field: [0.5, 0.5]}
    with pytest.raises(ValueError, match=f"{field}: 3 numbers, one for each row"):
        sample(**columns)


def test_infinite_risks_are_ranked() -> None:
    assert sample([0, 1], [float("-inf"), float("inf")]).risk.tolist() == [float("-inf"), float("inf")]


def test_rows_are_taken_in_their_order() -> None:
    rows = sample([0, 1, 1], [1, 2, 3], [0.1, 0.2, 0.3], [1, 2, 3]).take(np.array([2, 0]))
    assert rows.pd is not None
    assert (rows.bad.tolist(), rows.risk.tolist(), rows.pd.tolist(), rows.weight.tolist()) == (
        [True, False],
        [3.0, 1.0],
        [0.3, 0.1],
        [3.0, 1.0],
    )
    assert rows.both_classes and not rows.take(np.array([0])).both_classes
