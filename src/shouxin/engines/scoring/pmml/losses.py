"""What a card cannot say of a PMML scorecard, in words. Each is told where it stands; none is passed over in silence."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from shouxin.foundation.texts import Text


def gap(path: str, where: Iterable[str], points: int) -> Text:
    """Values for which PMML gives no score; a card gives every value points."""
    shown = "; ".join(where)
    return Text(
        zh=f"{path}：以下取值在 PMML 中没有得分，改给该特征的最低分 {points}：{shown}",
        en=f"{path}: no score for {shown}; the card gives the lowest points, {points}",
    )


def reason(path: str, codes: Iterable[str], kept: str) -> Text:
    """Reason codes of single attributes."""
    shown = ", ".join(codes)
    return Text(
        zh=f"{path}：各分箱自有的原因代码 {shown} 不保留，统一为 {kept}",
        en=f"{path}: the reason codes of single attributes, {shown}, give way to {kept}",
    )


def baseline(path: str, written: Decimal, best: int) -> Text:
    """A baseline that is not the best points."""
    return Text(
        zh=f"{path}：基准分 {written:f} 不保留，原因按与最高分 {best} 的差距排序",
        en=f"{path}: baselineScore {written:f}: the card ranks reasons by the points lost against the best, {best}",
    )


def points_above() -> Text:
    """Reasons ranked the other way round."""
    return Text(
        zh="reasonCodeAlgorithm pointsAbove：评分卡的原因按低于最高分的差距排序",
        en="reasonCodeAlgorithm pointsAbove: the card ranks reasons by the points lost against the best",
    )


def output(name: str) -> Text:
    """An output that is worked out from the score."""
    return Text(
        zh=f"输出字段 {name} 由得分推算，不予保留",
        en=f"the output field {name}, which is worked out from the score, is not in the card",
    )


def single_precision(name: str) -> Text:
    """A field of type float."""
    return Text(
        zh=f"字段 {name} 为单精度（float），评分卡按双精度比较",
        en=f"the field {name} is of single precision (float): the card compares in double precision",
    )


def rounded(name: str, written: Decimal, kept: Decimal) -> Text:
    """A bound of more decimals than a card takes."""
    return Text(
        zh=f"字段 {name} 的界值 {written:f} 取为 {kept:f}",
        en=f"the bound {written:f} of the field {name} is rounded to {kept:f}",
    )


def clipped(low: int, high: int, lowest: int, highest: int) -> Text:
    """Totals outside the scale."""
    return Text(
        zh=f"总分范围 {low} 至 {high}，超出 {lowest} 至 {highest} 的部分按边界取值",
        en=f"the points add up to {low} to {high}; the scale clips them to {lowest} to {highest}",
    )
