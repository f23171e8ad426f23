"""How a card is printed for people: a table for each characteristic and pair, and what the card was made of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from rich.table import Table
from rich.text import Text as Styled

from shouxin.desk.portfolio.scored import ScoreReport
from shouxin.engines.policy.card_shapes import CharacteristicShape, FittedInputShape, PairShape
from shouxin.engines.scoring.cards.bin_text import MISSING, bin_texts
from shouxin.engines.scoring.cards.card import Card
from shouxin.faces.cli.out import print_whole, results
from shouxin.foundation.texts import Text

HEADS = (
    Text("分箱", "bin"),
    Text("样本数", "rows"),
    Text("占比", "share"),
    Text("坏样本数", "bads"),
    Text("坏样本率", "bad rate"),
    Text("分值", "points"),
)
DIRECTIONS = {
    "up": Text("越高越好", "more is better"),
    "down": Text("越低越好", "less is better"),
    "either": Text("不设方向", "either direction"),
}
COLON = Text("：", ": ")


def show_card(card: Card, lang: str) -> None:
    """A card in one language."""
    shape, fitted = card.shape, card.fitted
    _line(Text(shape.zh, shape.en), lang, style="bold")
    _line(_score_text(card), lang)
    for text in _made_of(card):
        _line(text, lang, style="dim")
    for each in shape.characteristics.values():
        print_whole(_characteristic(each, fitted.inputs[each.input], lang))
    for name, pair in shape.pairs.items():
        print_whole(_pair(card, name, pair, lang))
    if fitted.calibration is not None:
        print_whole(_calibration(card, lang))


def show_scored(report: ScoreReport, out: Path) -> None:
    """What a run over a file did."""
    rate = report.rows / report.seconds if report.seconds else 0.0
    rows = "1 row" if report.rows == 1 else f"{report.rows:,} rows"
    results.print(f"{rows} scored in {report.seconds:.2f} s ({rate:,.0f} rows/s)", style="bold")
    results.print(f"scores from {report.lowest} to {report.highest}, {report.mean:.1f} on average")
    results.print(f"scores: {out}", soft_wrap=True)


def plain(card: Card) -> Any:
    """The card's file for programs: its keys as they stand, numbers as numbers, days as text."""
    return _plain(card.file.data)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, Decimal):
        return float(value)
    return value.isoformat() if isinstance(value, dt.date) else value


def _line(text: Text, lang: str, style: str | None = None) -> None:
    results.print(text.in_language(lang), style=style, soft_wrap=True)


def _score_text(card: Card) -> Text:
    scale, base = card.fitted.scale, card.shape.base
    return Text(
        f"评分 = {base} + 各项分值，限定在 {scale.lowest}–{scale.highest} 之间；{scale.anchor_score} 分对应好坏比 "
        f"{scale.anchor_odds}:1，每 {scale.points_to_double} 分好坏比翻一倍（{'已校准' if scale.calibrated else '未校准'}）",
        f"score = {base} + points, within {scale.lowest}-{scale.highest}; {scale.anchor_score} means odds of "
        f"{scale.anchor_odds}:1, {scale.points_to_double} points double them ({'' if scale.calibrated else 'not '}calibrated)",
    )


def _made_of(card: Card) -> Iterator[Text]:
    fitted = card.fitted
    if fitted.segment is not None:
        yield Text(f"适用客群：{fitted.segment}", f"segment: {fitted.segment}")
    if fitted.target is not None:
        bad = f"{fitted.target.column} = {fitted.target.bad}"
        what = fitted.target.definition
        yield Text(f"坏样本：{bad}{f'（{what}）' if what else ''}", f"bad: {bad}{f' ({what})' if what else ''}")
    if fitted.data is not None:
        data = fitted.data
        share = _percent(data.bads, data.rows)
        yield Text(
            f"建模样本：{data.name}，{data.rows:,} 行，坏样本 {data.bads:,}（{share}），数据指纹 {data.fingerprint[:12]}",
            f"data: {data.name}, {data.rows:,} rows, {data.bads:,} bad ({share}), fingerprint {data.fingerprint[:12]}",
        )
    if fitted.on is not None:
        yield Text(f"建模日期：{fitted.on}", f"date of the fit: {fitted.on}")
    if fitted.allowed:
        names = ", ".join(fitted.allowed)
        yield Text(f"疑似泄漏但经人工放行的字段：{names}", f"let in against a warning of leakage: {names}")


def _characteristic(each: CharacteristicShape, read: FittedInputShape, lang: str) -> Table:
    direction = DIRECTIONS[each.direction]
    title = Text(f"{read.zh}（{read.column}，{direction.zh}）", f"{read.en} ({read.column}, {direction.en})")
    made = _table(title, lang)
    made.add_column(HEADS[0].in_language(lang))
    for head in HEADS[1:]:
        made.add_column(head.in_language(lang), justify="right")
    texts = [*bin_texts(each.bins, read), MISSING]
    counts = [*((part.rows, part.bads) for part in each.bins), (each.missing_rows, each.missing_bads)]
    points = [*(part.points for part in each.bins), each.missing]
    total = sum(rows or 0 for rows, _ in counts)
    for text, (rows, bads), value in zip(texts, counts, points, strict=True):
        cells = (_count(rows), _percent(rows, total), _count(bads), _percent(bads, rows), _count(value))
        made.add_row(Styled(text.in_language(lang)), *cells)
    return made


def _pair(card: Card, name: str, pair: PairShape, lang: str) -> Table:
    assert pair.down is not None and pair.across is not None and pair.points is not None, "a fitted card has no other pairs"
    down, across = (card.fitted.inputs[axis.input] for axis in (pair.down, pair.across))
    title = Text(f"{name}：{down.zh} × {across.zh}（分值）", f"{name}: {down.en} by {across.en} (points)")
    made = _table(title, lang)
    made.add_column(Text(down.zh, down.en).in_language(lang))
    for text in (*bin_texts(pair.across.bins, across), MISSING):
        made.add_column(Styled(text.in_language(lang)), justify="right")
    for text, row in zip((*bin_texts(pair.down.bins, down), MISSING), pair.points, strict=True):
        made.add_row(Styled(text.in_language(lang)), *(str(value) for value in row))
    return made


def _calibration(card: Card, lang: str) -> Table:
    found = card.fitted.calibration
    assert found is not None
    title = Text(
        f"校准：斜率 {found.slope}，截距 {found.intercept}", f"calibration: slope {found.slope}, intercept {found.intercept}"
    )
    made = _table(title, lang)
    for head in (Text("评分", "score"), HEADS[1], HEADS[3], HEADS[4], Text("评分对应的违约概率", "probability of default")):
        made.add_column(head.in_language(lang), justify="right")
    for band in found.bands:
        expected = f"{band.pd_ppm / 10_000:.2f}%"
        observed = _percent(band.bads, band.rows)
        made.add_row(f"{band.since}-{band.until}", _count(band.rows), _count(band.bads), observed, expected)
    return made


def _table(title: Text, lang: str) -> Table:
    return Table(title=Styled(title.in_language(lang)), title_justify="left", title_style="bold")


def _count(value: int | None) -> str:
    return "" if value is None else f"{value:,}"


def _percent(part: int | None, whole: int | None) -> str:
    """Per cent to two decimals; nothing where there is nothing to divide."""
    return "" if part is None or not whole else f"{part / whole:.2%}"
