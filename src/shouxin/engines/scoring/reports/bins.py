"""Sections of a report on the parts of a card: what each adds, and the bins of each characteristic and pair."""

from __future__ import annotations

from collections.abc import Iterator

from shouxin.engines.scoring.reports.report import Block, Figure, Grid, Note, Section
from shouxin.engines.scoring.reports.words import Teller
from shouxin.engines.scoring.validating.validate_model import BinFound, CharacteristicFound, PairFound, Validated
from shouxin.foundation.charts import Axis, Bars, NumberStyle, bar_chart, column_chart, heat_map
from shouxin.foundation.texts import Text

DIRECTIONS = {
    "up": Text("声明方向：数值越大越好。", "Declared direction: more is better."),
    "down": Text("声明方向：数值越大越差。", "Declared direction: more is worse."),
    "either": Text("未声明方向。", "No direction is declared."),
}
MOST_TURNED = 5  # pairs of bins whose points contradict outcomes, of each characteristic
LEVELS = {"ok": Text("稳定", "stable"), "watch": Text("关注", "watch"), "alarm": Text("预警", "alert")}


def parts_section(found: Validated, tell: Teller) -> Section:
    """What each part of the card adds, the one whose loss would cost most first."""
    texts = {each.name: tell.text(each.text) for each in found.characteristics}
    texts |= {each.name: f"{tell.text(each.down)} × {tell.text(each.across)}" for each in found.pairs}
    every = [*(each.adds for each in found.characteristics), *(each.adds for each in found.pairs)]
    adds = sorted(every, key=lambda each: -each.auc_lost.value)
    shifts = {each.name: each.shift for each in found.characteristics}
    title = tell("各项的贡献", "What each part adds")
    heading = tell.heading("parts-chart", title, tell("去掉该项后 AUC 的下降。", "The AUC that is lost without it."))
    bars = Bars("AUC", tuple(each.auc_lost.value for each in adds), tuple((e.auc_lost.low, e.auc_lost.high) for e in adds))
    lost = tell("去掉后 AUC 下降", "AUC lost without it")
    svg = bar_chart(heading, Axis(names=tuple(texts[each.name] for each in adds)), Axis(lost), [bars])
    header = (
        *(tell("项目", "Part"), tell("单独 AUC", "AUC alone"), lost, tell("95% 区间", "95% interval")),
        *(tell("方差占比", "Share of variance"), "CSI"),
    )
    rows = []
    for each in adds:
        shift = shifts.get(each.name)
        index = "–" if shift is None else f"{shift.index:.3f} {tell.text(LEVELS[shift.level])}"
        numbers = (tell.number(each.auc_alone), tell.signed(each.auc_lost.value, 4), tell.between(each.auc_lost, 4))
        rows.append((texts[each.name], *numbers, tell.percent(each.variance_share, 1), index))
    text = tell(
        "单独 AUC：只用该项分值排序。去掉后 AUC 下降：其余分值不变，去掉该项后整卡损失多少；小于 0 说明去掉反而更好。"
        "方差占比：评分的高低差异有多少来自该项，合计 100%。CSI：与建模样本相比，客户在各分箱中的分布变化；0.10 起关注，0.25 "
        "起预警。",
        "AUC alone: ranking by the points of this part only. AUC lost: what the whole card loses without it, other points as "
        "they are; below 0, the card would rank better without it. Share of variance: how much of the spread of scores it "
        "makes; all add up to 100%. CSI: how the rows moved between its bins since the training data; watched from 0.10 on, "
        "an alert from 0.25 on.",
    )
    caption = tell(
        "整卡失去该项时 AUC 的下降；横线为 95% 区间。", "AUC that the card loses without the part, with 95% intervals."
    )
    table = Grid(header, tuple(rows), tell("各项的贡献与稳定性", "What each part adds, and whether it is stable"))
    return Section("parts", title, text, (Figure(svg, caption), table))


def characteristic_sections(found: Validated, tell: Teller) -> Iterator[Section]:
    """One section for each characteristic."""
    for at, each in enumerate(found.characteristics, 1):
        blocks: list[Block] = [_bins_figure(at, each, tell), _bins_table(each, tell)]
        blocks += [*(Note(text) for text in _judgements(each, tell)), *_against_points(each, tell)]
        heading = tell(f"变量：{each.text.zh}", f"Characteristic: {each.text.en}")
        yield Section(f"characteristic-{at}", heading, tell.text(DIRECTIONS[each.direction]), tuple(blocks))


def _bins_figure(at: int, each: CharacteristicFound, tell: Teller) -> Figure:
    shown = [bin_ for bin_ in each.bins if bin_.rows or bin_.fitted_rows]
    nan = float("nan")
    rates = [bin_.bad_rate for bin_ in shown]
    whiskers = tuple((nan, nan) if rate is None else (rate.low, rate.high) for rate in rates)
    bars = [Bars(tell("本次样本", "these rows"), tuple(nan if rate is None else rate.value for rate in rates), whiskers)]
    if any(bin_.fitted_rows for bin_ in shown):
        fitted = tuple(nan if bin_.fitted_rate is None else bin_.fitted_rate for bin_ in shown)
        bars.append(Bars(tell("建模样本", "training rows"), fitted))
    title = tell(f"{each.text.zh}：各分箱坏样本率", f"{each.text.en}: bad rate by bin")
    heading = tell.heading(
        f"bins-{at}", title, tell("分值越高，坏样本率应越低。", "The more points, the lower the bad rate should be.")
    )
    names = Axis(tell("分箱", "Bin"), names=tuple(tell.text(bin_.label) for bin_ in shown))
    y = Axis(tell("坏样本率", "Bad rate"), NumberStyle.PERCENT, (0.0,))
    return Figure(column_chart(heading, names, y, bars), tell(f"{title}；竖线为 95% 区间。", f"{title}, with 95% intervals."))


def _bins_table(each: CharacteristicFound, tell: Teller) -> Grid:
    header = (
        *(tell("分箱", "Bin"), tell("分值", "Points"), tell("样本数", "Rows"), tell("占比", "Share"), tell("坏样本数", "Bads")),
        *(tell("坏样本率", "Bad rate"), tell("95% 区间", "95% interval")),
        *(tell("建模样本占比", "Training share"), tell("建模样本坏样本率", "Training bad rate")),
    )
    total = sum(bin_.fitted_rows or 0 for bin_ in each.bins)
    rows = tuple(_bin_row(bin_, total, tell) for bin_ in each.bins)
    return Grid(header, rows, tell(f"{each.text.zh}：各分箱", f"{each.text.en}: bins"))


def _bin_row(each: BinFound, fitted: int, tell: Teller) -> tuple[str, ...]:
    rate = each.bad_rate
    before = each.fitted_rows / fitted if each.fitted_rows is not None and fitted else None
    return (
        *(tell.text(each.label), tell.points(each.points), tell.count(each.rows), tell.percent(each.share, 1)),
        *(tell.count(each.bads), tell.percent(None if rate is None else rate.value), tell.percent_between(rate)),
        *(tell.percent(before, 1), tell.percent(each.fitted_rate)),
    )


def _judgements(each: CharacteristicFound, tell: Teller) -> Iterator[str]:
    """Whether the bins keep their order, and whether points agree with bad rates and with the direction."""
    names = [tell.text(bin_.label) for bin_ in each.bins]
    if each.stability is not None:
        flips = each.stability.flips
        proven = sum(flip.proven for flip in flips)
        yield tell(
            f"分箱两两比较，坏样本率高低与建模样本一致的占 {each.stability.order_kept:.0%}；相邻分箱次序颠倒 {len(flips)} 处，"
            f"其中超出偶然的 {proven} 处。",
            f"Of all pairs of bins, {each.stability.order_kept:.0%} keep the order of their bad rates. Neighbours that changed "
            "places: "
            f"{len(flips)}, of these beyond chance: {proven}.",
        )
    for low, high in each.against_direction:
        yield tell(
            f"分值与声明方向相反：“{names[low]}”与“{names[high]}”。",
            f"Points against the direction: “{names[low]}” and “{names[high]}”.",
        )


def _against_points(each: CharacteristicFound, tell: Teller) -> Iterator[Block]:
    """Pairs of bins of which the one with more points went bad more often, beyond chance; the widest gaps."""
    turned = () if each.stability is None else each.stability.against_points
    if not turned:
        return
    yield Note(
        tell(
            "分值与表现相反：下列分箱分值较高，坏样本率也较高，且超出偶然。单项分值是与其他变量一起拟合的，不一定是错误，"
            "但应能说明原因。",
            "Points against outcomes: the bins on the left have more points, and a higher bad rate, beyond chance. Points are "
            "fitted "
            "together with other characteristics, so this need not be an error; but there should be a reason.",
        )
    )
    header = tell("分值较高", "More points"), tell("分值较低", "Fewer points"), tell("坏样本率高出", "Bad rate higher by")
    names = [tell.text(bin_.label) for bin_ in each.bins]
    widest = sorted(turned, key=lambda flip: -flip.gap.value)[:MOST_TURNED]
    rows = tuple(
        (names[flip.better], names[flip.worse], f"{tell.percent(flip.gap.value)} ({tell.percent_between(flip.gap)})")
        for flip in widest
    )
    told = tell(f"分值与表现相反的分箱（共 {len(turned)} 对）", f"Bins whose points contradict outcomes ({len(turned)} pairs)")
    yield Grid(header, rows, told, "llr")


def pair_sections(found: Validated, tell: Teller) -> Iterator[Section]:
    """One section for each pair table."""
    for at, each in enumerate(found.pairs, 1):
        title = f"{tell.text(each.down)} × {tell.text(each.across)}"
        rows, columns = (tuple(tell.text(label) for label in labels) for labels in (each.down_labels, each.across_labels))
        heading = tell.heading(f"pair-{at}", title, tell("各组合的分值。", "The points of each combination."))
        axes = Axis(tell.text(each.down), names=rows), Axis(tell.text(each.across), names=columns)
        values = [[float(value) for value in row] for row in each.points]
        caption = tell(f"{title}：组合分值。", f"{title}: points of the combination.")
        figure = Figure(heat_map(heading, *axes, NumberStyle.SIGNED, values), caption)
        text = tell("两个变量组合时另加的分值。", "Points for two characteristics together, on top of their own.")
        yield Section(f"pair-table-{at}", tell(f"组合：{title}", f"Pair: {title}"), text, (figure, _pair_table(each, tell)))


def _pair_table(each: PairFound, tell: Teller) -> Grid:
    header = (tell.text(each.down), *(tell.text(label) for label in each.across_labels))
    rows = []
    for at, label in enumerate(each.down_labels):
        cells = zip(each.points[at], each.rows[at], each.bads[at], strict=True)
        rows.append((tell.text(label), *(_cell(*cell, tell) for cell in cells)))
    caption = tell("每格：分值（行数，坏样本率）；列为", "Points (rows, bad rate) of each cell; columns:")
    return Grid(header, tuple(rows), f"{caption}{tell('', ' ')}{tell.text(each.across)}")


def _cell(points: int, rows: int, bads: int, tell: Teller) -> str:
    counts = tell(f"（{rows:,}，{bads / rows:.1%}）", f" ({rows:,}, {bads / rows:.1%})") if rows else tell("（0）", " (0)")
    return f"{tell.points(points)}{counts}"
