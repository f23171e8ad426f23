"""Small tables and specifications to fit, made in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from shouxin.engines.scoring.fitting.spec import ColumnSpec, InputType, Spec, TargetSpec
from shouxin.engines.scoring.fitting.table import Table


def table(columns: Mapping[str, Sequence[Any] | np.ndarray[Any, Any]], name: str = "loans.parquet") -> Table:
    """A table of lists: flags, numbers, days (numpy), texts; None is missing."""
    numbers, texts, days, flags = {}, {}, {}, set()
    for column, values in columns.items():
        array = np.asarray(values)
        if array.dtype.kind == "M":
            days[column] = array.astype("datetime64[D]")
        elif all(each is None or isinstance(each, str) for each in values):
            texts[column] = np.array(list(values), dtype=object)
        else:
            numbers[column] = np.array([np.nan if each is None else each for each in values], dtype=np.float64)
            if array.dtype.kind == "b":
                flags.add(column)
    rows = len(next(iter(columns.values())))
    return Table(rows, numbers, texts, days, frozenset(flags), tuple(columns), name, "0" * 64)


def column(name: str, kind: InputType = "int", **more: Any) -> ColumnSpec:
    """A column that is used."""
    return ColumnSpec(**{"use": True, "input": name, "type": kind, "reason": f"R_{name.upper()}", "zh": name, "en": name, **more})


def spec(columns: Mapping[str, ColumnSpec], **more: Any) -> Spec:
    """A specification whose target is `bad`, 1 or 0."""
    target = TargetSpec(column="bad", bad=["1"])
    return Spec(**{"name": "mine", "zh": "卡", "en": "card", "target": target, "columns": dict(columns), **more})


def outcomes_by(risk: np.ndarray[Any, Any], seed: int = 0) -> np.ndarray[Any, Any]:
    """1 with the chance `risk`, else 0."""
    drawn: np.ndarray[Any, Any] = (np.random.default_rng(seed).random(len(risk)) < risk).astype(np.float64)
    return drawn
