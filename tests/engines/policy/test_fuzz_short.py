"""A short run of `make fuzz`, with another seed each time; the seed is printed."""

from __future__ import annotations

import random
import sys
from typing import Any

import pytest

from tests.fuzz import run


@pytest.mark.fuzz
def test_python_and_duckdb() -> None:
    seed = random.SystemRandom().randrange(2**31)
    sys.stdout.write(f"python -m tests.fuzz --seed {seed} --count 1500 --spark-count 0" + "\n")
    wrong, refused = run(seed, 1_500, size=80)
    assert wrong == 0
    assert set(refused) <= {"E-OVERFLOW", "E-NULL", "E-MONEY", "E-TYPE", "E-BIG", "E-LONG", "E-SYNTAX"}, (
        "a refusal that the author does not mean"
    )


@pytest.mark.fuzz
@pytest.mark.spark
def test_python_duckdb_and_spark(spark: Any) -> None:
    seed = random.SystemRandom().randrange(2**31)
    sys.stdout.write(f"python -m tests.fuzz --seed {seed} --count 150 --spark-count 150" + "\n")
    wrong, _ = run(seed, 150, spark, size=60)
    assert wrong == 0
