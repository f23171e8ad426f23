"""Drafts of what a borrower is told when a characteristic costs points, from the texts of its column. For people to better."""

from __future__ import annotations

from collections.abc import Mapping

from shouxin.engines.scoring.fitting.card_text import WrittenCharacteristic, WrittenPair
from shouxin.engines.scoring.fitting.spec import ColumnSpec

Texts = dict[str, str]


def of_characteristic(column: ColumnSpec, each: WrittenCharacteristic) -> dict[str, Texts]:
    """Code -> texts: for the value, for its being missing, and for its being a code where the column has codes."""
    found = {
        each.reason: _of_value(column),
        f"{each.reason}_MISSING": _texts(f"未能核实{column.zh}。", f"{_begin(column.en)} is not known."),
    }
    if each.special:
        found[f"{each.reason}_SPECIAL"] = _texts(
            f"{column.zh}为特殊代码，不是实际数值。", f"{_begin(column.en)} is stated as a code, not as a value."
        )
    return found


def _of_value(column: ColumnSpec) -> Texts:
    if column.type in ("enum", "bool"):
        return _texts(f"{column.zh}所属类别未获最高分。", f"{_begin(column.en)} is not among the answers with the most points.")
    if column.direction == "up":
        return _texts(f"{column.zh}低于得分最高的一档。", f"{_begin(column.en)} is below the band with the most points.")
    if column.direction == "down":
        return _texts(f"{column.zh}高于得分最高的一档。", f"{_begin(column.en)} is above the band with the most points.")
    return _texts(f"{column.zh}不在得分最高的一档。", f"{_begin(column.en)} is outside the band with the most points.")


def of_pair(pair: WrittenPair, columns: Mapping[str, ColumnSpec]) -> dict[str, Texts]:
    """Code -> texts of a pair table."""
    one, two = (columns[name] for name in pair.inputs)
    zh = f"{one.zh}与{two.zh}的组合未获最高分。"
    en = f"{_begin(one.en)} together with {two.en} is not the combination with the most points."
    return {pair.name.upper(): _texts(zh, en)}


def _texts(zh: str, en: str) -> Texts:
    return {"zh": zh, "en": en}


def _begin(text: str) -> str:
    """With a capital letter first."""
    return text[:1].upper() + text[1:]
