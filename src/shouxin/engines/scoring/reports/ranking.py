"""Sections of a report on how well a score ranks: measures, comparison, ROC, KS, distribution, gains."""

from __future__ import annotations

from collections.abc import Iterator

from shouxin.engines.scoring.measuring.intervals import Estimate
from shouxin.engines.scoring.reports.report import Block, Figure, Grid, Note, Section
from shouxin.engines.scoring.reports.words import Teller
from shouxin.engines.scoring.validating.validate_model import CARD, Compared, Validated
from shouxin.foundation.charts import Axis, Bars, NumberStyle, Reference, Series, histogram, line_chart
from shouxin.foundation.texts import Text

AUC_SAYS = Text(
    "任取一个坏客户和一个好客户，评分卡判定坏客户风险更高的概率；0.5 等于抛硬币，1 为完全区分。",
    "The chance that a bad customer, picked at random, scores lower than a good one; 0.5 is a coin toss, 1 is perfect.",
)
_SAYS = {
    "gini": Text("2 × AUC − 1，即准确率比（AR）。", "2 x AUC - 1; also called the accuracy ratio."),
    "ks": Text(
        "好、坏客户累计分布之间的最大差距：在最佳分数线上，拒绝的坏客户占比减去拒绝的好客户占比。",
        "The largest gap between the two distributions: at the best cut-off, the share of bad customers declined less that "
        "of good.",
    ),
    "brier": Text(
        "违约概率与实际结果之差的平方的平均值；越小越好。",
        "The mean squared distance between the probability of default and what happened; lower is better.",
    ),
    "log_loss": Text(
        "对实际结果所给概率的负对数的平均值；越小越好，对过于自信的错误惩罚最重。",
        "The mean of minus the logarithm of the probability given to what happened; lower is better, and confident errors "
        "cost most.",
    ),
}
_STEPS = 20  # rows of the tables under the curves


def measures_section(found: Validated, tell: Teller) -> Section:
    """The five measures with their intervals, then each other score beside the card."""
    header = (tell("指标", "Measure"), tell("数值", "Value"), tell("95% 区间", "95% interval"), tell("含义", "What it says"))
    grid = Grid(header, tuple(_measures(found, tell)), tell("评分卡的各项指标", "The card's measures"), "lrrl")
    blocks: list[Block] = [grid]
    if found.others:
        blocks += [_comparison(found, tell), Note(_comparison_note(found, tell))]
    text = tell(
        f"区间来自 {found.plan.draws} 次自助法重抽样（好、坏样本分别抽取，种子 {found.plan.seed}）：同样大小的另一批样本，"
        "其数值大多会落在区间内。",
        f"Intervals come from {found.plan.draws} bootstrap draws (good and bad rows apart, seed {found.plan.seed}): another "
        "sample of this size would mostly give a number inside.",
    )
    return Section("measures", tell("区分能力与准确度", "Ranking and accuracy"), text, tuple(blocks))


def _measures(found: Validated, tell: Teller) -> Iterator[tuple[str, ...]]:
    each = found.intervals
    yield "AUC", tell.number(each.auc.value, 4), tell.between(each.auc, 4), tell.text(AUC_SAYS)
    names = {"gini": tell("基尼系数", "Gini"), "ks": "KS", "brier": tell("Brier 分数", "Brier score")}
    names["log_loss"] = tell("对数损失", "Log loss")
    values: dict[str, Estimate | None] = {"gini": each.gini, "ks": each.ks, "brier": each.brier, "log_loss": each.log_loss}
    for name, value in values.items():
        if value is not None:
            yield names[name], tell.number(value.value, 4), tell.between(value, 4), tell.text(_SAYS[name])


def _comparison(found: Validated, tell: Teller) -> Grid:
    header = (
        tell("评分", "Score"),
        "AUC",
        tell("本卡 − 该评分：AUC", "Card less it: AUC"),
        tell("95% 区间", "95% interval"),
        tell("p 值（DeLong）", "p-value (DeLong)"),
        "KS",
        tell("本卡 − 该评分：KS", "Card less it: KS"),
        tell("对数损失", "Log loss"),
    )
    own, loss = found.intervals, found.intervals.log_loss
    numbers = tell.number(own.ks.value, 4), "–", tell.number(None if loss is None else loss.value, 4)
    table: list[tuple[str, ...]] = [(tell("本评分卡", "This card"), tell.number(own.auc.value, 4), "–", "–", "–", *numbers)]
    table += [_compared(each, tell) for each in found.others]
    return Grid(header, tuple(table), tell("与其他评分在同一批样本上的比较", "Beside other scores on the same rows"))


def _compared(each: Compared, tell: Teller) -> tuple[str, ...]:
    loss = each.intervals.log_loss
    return (
        each.name,
        tell.number(each.intervals.auc.value, 4),
        tell.signed(each.difference.auc.value, 4),
        tell.between(each.difference.auc, 4),
        _p_value(each.p_value),
        tell.number(each.intervals.ks.value, 4),
        tell.signed(each.difference.ks.value, 4),
        tell.number(None if loss is None else loss.value, 4),
    )


def _p_value(value: float) -> str:
    """Four decimals.

    >>> _p_value(0.00001), _p_value(0.0421)
    ('<0.0001', '0.0421')
    """
    return "<0.0001" if value < 0.0001 else f"{value:.4f}"


def _comparison_note(found: Validated, tell: Teller) -> str:
    """What the intervals of the differences allow to say, score by score."""
    parts = []
    for each in found.others:
        gap = each.difference.auc
        if gap.low > 0:
            parts.append(tell(f"本卡的排序优于 {each.name}", f"the card ranks better than {each.name}"))
        elif gap.high < 0:
            parts.append(tell(f"本卡的排序不及 {each.name}", f"the card ranks worse than {each.name}"))
        else:
            parts.append(tell(f"与 {each.name} 的差异可能出于偶然", f"the difference to {each.name} may be chance"))
    told = tell("；", "; ").join(parts)
    return tell(f"按差值的区间判断：{told}。", f"By the intervals of the differences: {told}.")


def roc_section(found: Validated, tell: Teller) -> Section:
    """The ROC curve of every score."""
    names = {CARD: tell("本评分卡", "this card")}
    series = [Series(names.get(name, name), tuple((p.goods, p.bads) for p in curve)) for name, curve in found.roc.items()]
    x = Axis(tell("被拒绝的好客户占比", "Good customers declined"), NumberStyle.PERCENT, (0.0, 1.0))
    y = Axis(tell("被拒绝的坏客户占比", "Bad customers declined"), NumberStyle.PERCENT, (0.0, 1.0))
    title = tell("ROC 曲线", "ROC curve")
    heading = tell.heading("roc", title, tell("曲线越靠近左上角，排序越好。", "The nearer to the upper left corner, the better."))
    diagonal = Reference(tell("随机排序", "a coin toss"), (0.0, 0.0), (1.0, 1.0))
    caption = tell(
        "从最低分起逐步拒绝：横轴是因此拒绝的好客户占比，纵轴是因此拒绝的坏客户占比。",
        "Declining from the lowest score upwards: good customers declined for it (across), bad customers declined for it (up).",
    )
    goods = [step / 10 for step in range(1, 10)]
    header = (x.label, *(f"{each.name}{tell('：坏客户', ': bad')}" for each in series))
    rows = tuple((tell.percent(at, 0), *(tell.percent(_height(each, at), 1) for each in series)) for at in goods)
    table = Grid(header, rows, tell("ROC 曲线上的点", "Points of the ROC curve"), "r" * len(header))
    return Section("roc-curve", title, "", (Figure(line_chart(heading, x, y, series, [diagonal]), caption), table))


def _height(curve: Series, at: float) -> float:
    """The curve's height at a place, on the straight line between two of its points."""
    (x, y), *rest = curve.points
    for right, top in rest:
        if right >= at:
            return top if right == x else y + (top - y) * (at - x) / (right - x)
        x, y = right, top
    return y


def ks_section(found: Validated, tell: Teller) -> Section:
    """The distributions of good and bad rows over the score."""
    points = found.ks[::-1]  # risk is minus the score, so up to a risk means from a score on; below the score is the rest
    goods = tuple((-p.risk, 1 - p.goods) for p in points)
    bads = tuple((-p.risk, 1 - p.bads) for p in points)
    series = [Series(tell("好客户", "good"), goods), Series(tell("坏客户", "bad"), bads)]
    at = -found.measures.ks_risk
    widest = next(p for p in points if -p.risk == at)
    gap = Reference(
        tell(f"KS {found.measures.ks:.3f}，{at:.0f} 分", f"KS {found.measures.ks:.3f} at {at:.0f}"),
        (at, 1 - widest.goods),
        (at, 1 - widest.bads),
    )
    x = Axis(tell("评分", "Score"))
    y = Axis(tell("低于该分的客户占比", "Customers below the score"), NumberStyle.PERCENT, (0.0, 1.0))
    title = tell("KS 曲线", "KS curve")
    heading = tell.heading("ks", title, tell("两条曲线相距越远，区分越好。", "The farther apart the curves, the better."))
    caption = tell(
        "好、坏客户中评分低于横轴分数的占比；两线的最大距离即 KS。",
        "Shares of good and bad customers below a score; KS is their gap.",
    )
    step = max(1, len(points) // _STEPS)
    chosen = sorted({*range(0, len(points), step), len(points) - 1})
    header = (x.label, tell("好客户低于该分", "Good below"), tell("坏客户低于该分", "Bad below"), tell("差距", "Gap"))
    rows = tuple(_ks_row(-points[each].risk, 1 - points[each].goods, 1 - points[each].bads, tell) for each in chosen)
    table = Grid(header, rows, tell("KS 曲线上的点", "Points of the KS curve"), "rrrr")
    return Section("ks-curve", title, "", (Figure(line_chart(heading, x, y, series, [gap]), caption), table))


def _ks_row(score: float, goods: float, bads: float, tell: Teller) -> tuple[str, ...]:
    return f"{score:.0f}", tell.percent(goods, 1), tell.percent(bads, 1), tell.percent(bads - goods, 1)


def distribution_section(found: Validated, tell: Teller) -> Section:
    """Where good and bad rows score, and whether scores pile up."""
    bands = found.distribution
    edges = [*(each.low for each in bands), bands[-1].high]
    bars = [
        Bars(tell("好客户", "good"), tuple(each.good_share for each in bands)),
        Bars(tell("坏客户", "bad"), tuple(each.bad_share for each in bands)),
    ]
    x, y = Axis(tell("评分", "Score")), Axis(tell("占比", "Share"), NumberStyle.PERCENT, (0.0,))
    title = tell("评分分布", "Distribution of scores")
    heading = tell.heading(
        "distribution", title, tell("好、坏客户各自的评分分布。", "The distributions of good and of bad customers.")
    )
    caption = tell(
        "好客户和坏客户各自按 20 分一段的占比，各自合计 100%。",
        "Good and bad customers in bands of 20 points; each adds up to 100%.",
    )
    header = (x.label, tell("好客户", "Good"), tell("占比", "Share"), tell("坏客户", "Bad"), tell("占比", "Share"))
    rows = tuple(
        (
            f"{each.low}–{each.last}",
            tell.count(each.goods),
            tell.percent(each.good_share, 1),
            tell.count(each.bads),
            tell.percent(each.bad_share, 1),
        )
        for each in bands
    )
    table = Grid(header, rows, caption)
    blocks = (Figure(histogram(heading, x, y, edges, bars), caption), table, Note(_concentration(found, tell)))
    return Section("distribution-of-scores", title, "", blocks)


def _concentration(found: Validated, tell: Teller) -> str:
    each, clipped = found.concentration, found.clipped
    return tell(
        f"集中度：最常见的分数 {each.score:.0f} 分占 {each.score_share:.1%}，最集中的 10 分段 {each.band.label} 占 "
        f"{each.band_share:.1%}，赫芬达尔指数 {each.herfindahl:.3f}。同一分数上的客户，任何分数线都无法再区分。"
        f"超出刻度而被截断的：低端 {clipped.below:,} 行，高端 {clipped.above:,} 行。",
        f"Concentration: the commonest score, {each.score:.0f}, holds {each.score_share:.1%}; the fullest band of 10 points, "
        f"{each.band.label}, {each.band_share:.1%}; Herfindahl index {each.herfindahl:.3f}. No cut-off can part customers "
        f"with the same score. Cut off by the ends of the scale: {clipped.below:,} rows below, {clipped.above:,} above.",
    )


def gains_section(found: Validated, tell: Teller) -> Section:
    """The gains table, with the bad rate of each band."""
    names = tuple(row.band.label for row in found.gains)
    rates = Bars(
        tell("坏样本率", "bad rate"),
        tuple(row.bad_rate.value for row in found.gains),
        tuple((row.bad_rate.low, row.bad_rate.high) for row in found.gains),
    )
    x = Axis(tell("评分段", "Score band"), names=names)
    y = Axis(tell("坏样本率", "Bad rate"), NumberStyle.PERCENT, (0.0,))
    title = tell("各评分段表现（增益表）", "Score bands (gains table)")
    series = [Series(rates.name, tuple((float(at), value) for at, value in enumerate(rates.values)), rates.whiskers)]
    heading = tell.heading("gains", title, tell("评分越高，坏样本率应越低。", "The bad rate should fall as the score rises."))
    caption = tell("每段约十分之一的客户；竖线为 95% 区间。", "About a tenth of the rows each; the bars are 95% intervals.")
    header = (
        *(tell("评分段", "Score"), tell("样本数", "Rows"), tell("坏样本数", "Bads"), tell("占比", "Share"), y.label),
        *(tell("95% 区间", "95% interval"), tell("提升度", "Lift"), tell("累计占比", "Rows so far")),
        *(tell("累计坏样本", "Bads so far"), tell("累计好样本", "Goods so far"), "KS"),
    )
    rows = tuple(
        (
            *(row.band.label, tell.count(row.rows), tell.count(row.bads), tell.percent(row.share, 1)),
            *(tell.percent(row.bad_rate.value), tell.percent_between(row.bad_rate), tell.number(row.lift, 2)),
            *(tell.percent(row.cumulative_share, 1), tell.percent(row.cumulative_bads, 1)),
            *(tell.percent(row.cumulative_goods, 1), tell.number(row.ks)),
        )
        for row in found.gains
    )
    text = tell(
        "从最低分段起逐段累计。提升度是该段坏样本率与全部样本坏样本率之比；累计三列说明：若拒绝到该段为止，会拒绝多少客户、"
        "其中多少坏客户、多少好客户。",
        "From the lowest band upwards. Lift is a band's bad rate over that of all rows. The columns “so far” say what "
        "declining up to a band would decline: of all rows, of the bad ones, of the good ones.",
    )
    table = Grid(header, rows, tell("增益表", "Gains table"))
    return Section("gains-table", title, text, (Figure(line_chart(heading, x, y, series), caption), table))
