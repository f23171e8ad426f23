"""Sections of a report on parts of the population: segments, and periods of a date."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from shouxin.engines.scoring.measuring.groups import Period
from shouxin.engines.scoring.measuring.segments import GroupMeasures
from shouxin.engines.scoring.measuring.vintages import Crossing, VintageBand
from shouxin.engines.scoring.reports.report import Block, Figure, Grid, Note, Section
from shouxin.engines.scoring.reports.words import Teller
from shouxin.engines.scoring.validating.validate_model import OverTime, Validated
from shouxin.foundation.charts import Axis, Level, NumberStyle, Series, bar_chart, line_chart
from shouxin.foundation.charts import Bars as ChartBars
from shouxin.foundation.texts import Text

PERIODS: dict[Period, Text] = {"month": Text("月", "month"), "quarter": Text("季度", "quarter"), "year": Text("年", "year")}

FEWEST_ROWS = 30  # of a point in the chart of vintages: below it a line would show chance


def group_sections(found: Validated, tell: Teller) -> Iterator[Section]:
    """Segments and time, as far as they were asked for."""
    if found.segments:
        yield segments_section(found, tell)
    if found.over_time is not None:
        yield time_section(found.over_time, tell)
        yield vintages_section(found.over_time.vintages, found.over_time.crossings, tell)


def segments_section(found: Validated, tell: Teller) -> Section:
    """The measures of each segment."""
    groups = found.segments
    title = tell("分客群表现", "By segment")
    heading = tell.heading("segments-chart", title, tell("各客群内部的 AUC。", "AUC within each segment."))
    names = Axis(names=tuple(tell.group(each.name) for each in groups))
    bars = ChartBars("AUC", tuple(_auc(each) for each in groups), tuple(_whisker(each) for each in groups))
    whole = Level(tell("全部样本", "all rows"), found.measures.auc)
    svg = bar_chart(heading, names, Axis("AUC", reach=(0.0,)), [bars], [whole])
    text = tell(
        "只在客群内部比较好、坏客户。小客群的区间很宽，不能据以下结论。客群内的 AUC 通常低于全体，"
        "因为客群之间的差别也能区分好坏。",
        "Good and bad customers compared within each segment only. Intervals of small segments are wide and allow no "
        "conclusion. AUC within a segment is usually below that of all rows, since differences between segments part good "
        "from bad too.",
    )
    caption = tell("各客群的 AUC；横线为 95% 区间。", "AUC of each segment, with 95% intervals.")
    return Section("segments", title, text, (Figure(svg, caption), _table(groups, tell("客群", "Segment"), tell)))


def time_section(found: OverTime, tell: Teller) -> Section:
    """The measures of each period."""
    known = [each for each in found.measures if each.name is not None]
    period = tell.text(PERIODS[found.period])
    title = tell("随时间的表现", "Over time")
    heading = tell.heading("time-chart", title, tell("各期的 AUC。", "AUC in each period."))
    points = tuple((float(at), _auc(each)) for at, each in enumerate(known))
    series = Series("AUC", points, tuple(_whisker(each) for each in known))
    x = Axis(period, names=tuple(each.name or "" for each in known))
    svg = line_chart(heading, x, Axis("AUC"), [series])
    text = tell(
        "按所给日期分期。AUC 持续下降说明评分卡在老化；坏样本率变化说明客群或环境在变化。最近几期的表现期可能未满，"
        "坏样本率因此偏低。",
        "By the date that was given. A falling AUC says that the card ages; a changing bad rate says that the customers or "
        "the times change. The last periods may not have run their course, and then their bad rate is too low.",
    )
    caption = tell("各期的 AUC；竖线为 95% 区间。", "AUC of each period, with 95% intervals.")
    return Section("time", title, text, (Figure(svg, caption), _table(found.measures, period, tell)))


def vintages_section(vintages: Sequence[VintageBand], crossed: Sequence[Crossing], tell: Teller) -> Section:
    """The bad rate of each band of the score, vintage by vintage."""
    named = list(dict.fromkeys(each.vintage for each in vintages if each.vintage is not None))
    bands = sorted({each.band for each in vintages}, key=lambda band: -1.0 if band.low is None else band.low)
    rates = {(each.vintage, each.band): each for each in vintages}
    series = []
    for band in bands:
        cells = [rates.get((vintage, band)) for vintage in named]
        points = tuple((float(at), _shown_rate(cell)) for at, cell in enumerate(cells))
        series.append(Series(band.label, points))
    title = tell("各期各评分段的坏样本率", "Bad rate by score band and vintage")
    heading = tell.heading("vintages-chart", title, tell("各线不应交叉。", "The lines should not cross."))
    x = Axis(tell("期", "Vintage"), names=tuple(vintage_name(each, tell) for each in named))
    svg = line_chart(heading, x, Axis(tell("坏样本率", "Bad rate"), NumberStyle.PERCENT, (0.0,)), series)
    caption = tell(
        f"每条线是一个评分段；分数越高的线应越低。不足 {FEWEST_ROWS} 行的点不画，见下表。",
        f"One line for each band of scores; higher scores should lie lower. Points of fewer than {FEWEST_ROWS} rows are left "
        "out; "
        "they are in the table.",
    )
    header = (x.label, *(band.label for band in bands))
    vintages_told = list(dict.fromkeys(each.vintage for each in vintages))
    rows = tuple(
        (vintage_name(vintage, tell), *(_vintage_cell(rates.get((vintage, band)), tell) for band in bands))
        for vintage in vintages_told
    )
    table = Grid(header, rows, tell("坏样本率（样本数）", "Bad rate (rows)"))
    blocks: list[Block] = [Figure(svg, caption), table, Note(_crossings(crossed, tell))]
    return Section("vintages", title, "", tuple(blocks))


def vintage_name(name: str | None, tell: Teller) -> str:
    """A period as it is; the two sets of monitoring in the language."""
    sets = {"reference": tell("基准样本", "reference"), "current": tell("当前样本", "current")}
    return tell.group(name) if name is None else sets.get(name, name)


def _shown_rate(cell: VintageBand | None) -> float:
    return float("nan") if cell is None or cell.rows < FEWEST_ROWS else cell.bad_rate.value


def _vintage_cell(cell: VintageBand | None, tell: Teller) -> str:
    if cell is None:
        return "–"
    return tell(f"{cell.bad_rate.value:.2%}（{cell.rows:,}）", f"{cell.bad_rate.value:.2%} ({cell.rows:,})")


def _crossings(crossed: Sequence[Crossing], tell: Teller) -> str:
    if not crossed:
        return tell("没有超出偶然的交叉。", "No crossing is more than chance explains.")
    told = tell.listed([f"{vintage_name(each.vintage, tell)}: {each.higher.label} > {each.lower.label}" for each in crossed])
    return tell(
        f"超出偶然的交叉（高分段的坏样本率反而更高）：{told}。",
        f"Crossings beyond chance, where the higher band went bad more often: {told}.",
    )


def _table(groups: Sequence[GroupMeasures], name: str, tell: Teller) -> Grid:
    header = (
        *(name, tell("样本数", "Rows"), tell("坏样本数", "Bads"), tell("坏样本率", "Bad rate"), tell("95% 区间", "95% interval")),
        *("AUC", tell("95% 区间", "95% interval"), "KS", tell("说明", "Note")),
    )
    rows = tuple(_row(each, tell) for each in groups)
    return Grid(header, rows, tell(f"各{name}的指标", f"Measures by {name.lower()}"), "lrrrrrrrl")


def _row(each: GroupMeasures, tell: Teller) -> tuple[str, ...]:
    found = each.measures
    return (
        *(tell.group(each.name), tell.count(each.rows), tell.count(each.bads)),
        *(tell.percent(each.bad_rate.value), tell.percent_between(each.bad_rate)),
        *(tell.number(None if found is None else found.auc), tell.between(each.auc)),
        *(tell.number(None if found is None else found.ks), "" if each.note is None else tell.text(each.note)),
    )


def _auc(each: GroupMeasures) -> float:
    return float("nan") if each.auc is None else each.auc.value


def _whisker(each: GroupMeasures) -> tuple[float, float]:
    return (float("nan"), float("nan")) if each.auc is None else (each.auc.low, each.auc.high)
