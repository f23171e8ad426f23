"""Bins in words."""

from __future__ import annotations

from typing import Any

import pytest

from shouxin.engines.policy.card_shapes import AxisBinShape, FittedInputShape
from shouxin.engines.scoring.cards.bin_text import bin_texts

BINS: list[tuple[str, list[dict[str, Any]], list[str], list[str]]] = [
    ("int", [{}], ["all"], ["全部"]),
    ("int", [{"in": [96]}, {}], ["special: 96", "all"], ["特殊值 96", "全部"]),
    ("int", [{"below": 0}, {}], ["below 0", "0 and above"], ["小于 0", "0 及以上"]),
    ("enum", [{"in": ["a", "b"]}, {"in": ["c"]}, {}], ["a, b", "c", "all others"], ["a, b", "c", "其余"]),
    ("enum", [{}], ["all"], ["全部"]),
    ("bool", [{"in": [False]}, {}], ["no", "yes"], ["否", "是"]),
    ("bool", [{"in": [False]}, {"in": [True]}, {}], ["no", "yes", "all others"], ["否", "是", "其余"]),
    ("bool", [{}], ["all"], ["全部"]),
]


@pytest.mark.parametrize(("kind", "bins", "en", "zh"), BINS)
def test_bins_in_words(kind: str, bins: list[dict[str, Any]], en: list[str], zh: list[str]) -> None:
    read = FittedInputShape.model_validate({"column": "x", "type": kind, "zh": "项", "en": "item"})
    found = bin_texts([AxisBinShape.model_validate(each) for each in bins], read)
    assert [each.en for each in found] == en and [each.zh for each in found] == zh
