"""The report of monitoring, in Chinese or English: `render(monitoring_report(monitored, "en"))`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from shouxin.engines.scoring.measuring.stability import Alert, Stability, level_of
from shouxin.engines.scoring.reports.bins import LEVELS
from shouxin.engines.scoring.reports.groups import vintages_section
from shouxin.engines.scoring.reports.limits import purpose
from shouxin.engines.scoring.reports.ranking import AUC_SAYS
from shouxin.engines.scoring.reports.report import Block, Figure, Grid, Headline, Note, Report, Section
from shouxin.engines.scoring.reports.words import Teller
from shouxin.engines.scoring.validating.monitor_model import CharacteristicMoved, Monitored, OutcomesMoved, ShareMoved
from shouxin.foundation.charts import Axis, Bars, Level, NumberStyle, bar_chart, column_chart
from shouxin.foundation.texts import Text

WHATS = {
    "psi": Text("评分 PSI", "PSI of the score"),
    "csi": Text("变量 CSI", "CSI of a characteristic"),
    "auc_drop": Text("AUC 下降", "fall of AUC"),
    "missing": Text("缺失占比上升", "rise of missing values"),
    "unseen": Text("未见过取值占比上升", "rise of words not known"),
    "clipped": Text("超出刻度占比上升", "rise of scores beyond the scale"),
}


def monitoring_report(found: Monitored, lang: str) -> Report:
    """Everything that moved, what of it is over a threshold, and what cannot be seen in it."""
    tell = Teller(lang)
    title = tell(f"{found.card.zh}：监控报告", f"{found.card.en}: monitoring")
    sets = tell(f"基准：{found.reference}；当前：{found.current}", f"Reference: {found.reference}; current: {found.current}")
    return Report(
        title,
        f"{purpose(tell)}{tell('', ' ')}{sets}",
        lang,
        tuple(_headlines(found, tell)),
        tuple(alert_text(each, found, tell) for each in found.alerts),
        tuple(_sections(found, tell)),
    )


def alert_text(given: Alert, found: Monitored, tell: Teller) -> str:
    """An alert as a sentence: its level, of what it is, the value and the threshold."""
    level, what = tell.text(LEVELS[given.level]), tell.text(WHATS[given.what])
    subject = tell(" ", "") if given.subject == "score" else tell(*_in_brackets(_subject(given, found, tell)))
    value, limit = _value(given.what, given.value, tell), _value(given.what, given.threshold, tell)
    return tell(
        f"{level}：{what}{subject}为 {value}，达到阈值 {limit}。",
        f"{level.capitalize()}: {what}{subject} is {value}, at or over {limit}.",
    )


def _subject(given: Alert, found: Monitored, tell: Teller) -> str:
    """Of what an alert is, in the words of the card."""
    texts = {each.stability.name: each.text for each in found.characteristics}
    texts |= {each.name: each.text for each in (*found.missing, *found.unseen)}
    return tell("评分", "score") if given.subject == "score" else tell.text(texts[given.subject])


def _in_brackets(text: str) -> tuple[str, str]:
    return f"（{text}）", f" ({text})"


def _value(what: str, value: float, tell: Teller) -> str:
    return tell.percent(value) if what in ("missing", "unseen", "clipped") else tell.number(value)


def _headlines(found: Monitored, tell: Teller) -> Iterator[Headline]:
    score = found.score
    yield Headline("PSI", tell.number(score.index), _level(score.index, found.thresholds.psi, tell))
    worst = max((each.stability for each in found.characteristics), key=lambda each: each.index)
    texts = {each.stability.name: tell.text(each.text) for each in found.characteristics}
    yield Headline(tell("最大 CSI", "Largest CSI"), tell.number(worst.index), texts[worst.name])
    moved = found.current_mean - found.reference_mean
    label = tell("平均分变化", "Mean score moved")
    yield Headline(label, tell.signed(moved, 1), f"{found.reference_mean:.1f} → {found.current_mean:.1f}")
    if found.outcomes is not None:
        each = found.outcomes
        note = f"{each.reference_auc.value:.3f} → {each.current_auc.value:.3f}"
        yield Headline(tell("AUC 变化", "AUC moved"), tell.signed(-each.drop.value), note)
    yield Headline(tell("样本数", "Rows"), tell.count(found.current_rows), tell(*_against(found)))


def _against(found: Monitored) -> tuple[str, str]:
    return f"基准 {found.reference_rows:,}", f"reference {found.reference_rows:,}"


def _level(value: float, limits: tuple[float, float], tell: Teller) -> str:
    return tell.text(LEVELS[level_of(value, *limits)])


def _sections(found: Monitored, tell: Teller) -> Iterator[Section]:
    yield _alerts_section(found, tell)
    yield _score_section(found, tell)
    yield _characteristics_section(found, tell)
    yield from (_characteristic_section(at, each, tell) for at, each in enumerate(found.characteristics, 1))
    yield _shares_section(found, tell)
    if found.outcomes is not None:
        yield _outcomes_section(found.outcomes, tell)
        yield vintages_section(found.outcomes.vintages, found.outcomes.crossings, tell)
    yield _limits_section(found, tell)


def _alerts_section(found: Monitored, tell: Teller) -> Section:
    header = (
        *(tell("级别", "Level"), tell("内容", "What"), tell("对象", "Of")),
        *(tell("数值", "Value"), tell("阈值", "Threshold")),
    )
    rows = tuple(
        (
            *(tell.text(LEVELS[each.level]), tell.text(WHATS[each.what]), _subject(each, found, tell)),
            *(_value(each.what, each.value, tell), _value(each.what, each.threshold, tell)),
        )
        for each in found.alerts
    )
    limits = found.thresholds
    text = tell(
        f"“关注”应查明原因，“预警”应决定是否停用或重建。PSI {limits.psi[0]} / {limits.psi[1]}、CSI {limits.csi[0]} / "
        f"{limits.csi[1]} 为通行阈值；其余为默认值：缺失 {limits.missing[0]:.0%} / {limits.missing[1]:.0%}、未见过取值 "
        f"{limits.unseen[0]:.0%} / {limits.unseen[1]:.0%}、超出刻度 {limits.clipped[0]:.0%} / {limits.clipped[1]:.0%}、AUC "
        f"{limits.auc_drop[0]} / {limits.auc_drop[1]}（差值的 95% 区间不含 0 时）。",
        f"“Watch” asks for the cause, “alert” for a decision whether to go on with the card. PSI {limits.psi[0]} / "
        f"{limits.psi[1]} and CSI {limits.csi[0]} / {limits.csi[1]} are in common use; the others are defaults: missing "
        f"values {limits.missing[0]:.0%} / {limits.missing[1]:.0%}, words not known {limits.unseen[0]:.0%} / "
        f"{limits.unseen[1]:.0%}, beyond the scale {limits.clipped[0]:.0%} / {limits.clipped[1]:.0%}, AUC "
        f"{limits.auc_drop[0]} / {limits.auc_drop[1]} (where the interval leaves 0 out).",
    )
    table = Grid(header, rows, tell("达到阈值的项目", "What is over a threshold"), "lllrr")
    return Section("alerts", tell("预警清单", "Alerts"), text, (table,))


def _score_section(found: Monitored, tell: Teller) -> Section:
    score = found.score
    text = tell(
        f"PSI（群体稳定性指标）比较两批客户在同样评分段中的占比：0 表示没有变化。本次为 {score.index:.4f}；样本量如此，"
        f"仅因偶然平均也会有 {score.by_chance:.4f}。",
        "PSI (population stability index) compares the shares of the two sets in the same bands of the score: 0 where "
        f"nothing moved. Here it is {score.index:.4f}; samples of these sizes show {score.by_chance:.4f} on average by chance.",
    )
    labels = tuple(each.label for each in score.shifts)
    title = tell("评分的稳定性", "Stability of the score")
    blocks = _shift_blocks("psi-chart", title, labels, score, tell("评分段", "Score band"), tell)
    return Section("score-stability", title, text, blocks)


def _shift_blocks(chart: str, title: str, labels: Sequence[str], moved: Stability, axis: str, tell: Teller) -> tuple[Block, ...]:
    """The shares of the two sets, as columns and as a table."""
    bars = [
        Bars(tell("基准样本", "reference"), tuple(each.reference for each in moved.shifts)),
        Bars(tell("当前样本", "current"), tuple(each.current for each in moved.shifts)),
    ]
    heading = tell.heading(chart, title, tell("两批样本的占比。", "The shares of the two sets."))
    y = Axis(tell("占比", "Share"), NumberStyle.PERCENT, (0.0,))
    caption = tell(f"{title}：两批样本的占比。", f"{title}: shares of the two sets.")
    header = (
        axis,
        tell("基准样本", "Reference"),
        tell("当前样本", "Current"),
        tell("变化", "Moved"),
        tell("计入指标", "Part of the index"),
    )
    rows = tuple(
        (
            label,
            *(tell.percent(each.reference), tell.percent(each.current)),
            *(f"{each.current - each.reference:+.2%}", tell.number(each.part, 4)),
        )
        for label, each in zip(labels, moved.shifts, strict=True)
    )
    return Figure(column_chart(heading, Axis(axis, names=tuple(labels)), y, bars), caption), Grid(header, rows, caption)


def _characteristics_section(found: Monitored, tell: Teller) -> Section:
    moved = sorted(found.characteristics, key=lambda each: -each.stability.index)
    title = tell("变量的稳定性", "Stability of the characteristics")
    limits = found.thresholds.csi
    heading = tell.heading("csi-chart", title, tell("各变量的 CSI。", "CSI of each characteristic."))
    levels = [Level(tell("关注", "watch"), limits[0]), Level(tell("预警", "alert"), limits[1])]
    bars = Bars("CSI", tuple(each.stability.index for each in moved))
    svg = bar_chart(heading, Axis(names=tuple(tell.text(each.text) for each in moved)), Axis("CSI"), [bars], levels)
    header = (
        *(tell("变量", "Characteristic"), "CSI", tell("偶然时平均", "By chance")),
        *(tell("平均分值变化", "Mean points moved"), tell("级别", "Level")),
    )
    rows = tuple(_characteristic_row(each, limits, tell) for each in moved)
    text = tell(
        "CSI（特征稳定性指标）与 PSI 同理，按评分卡的分箱计算。平均分值变化说明该变量使平均分升降了多少。",
        "CSI is PSI over the bins of a characteristic. Mean points moved says by how much the characteristic raised or "
        "lowered the mean score.",
    )
    table = Grid(header, rows, tell("各变量的 CSI", "CSI of each characteristic"), "lrrrl")
    return Section("characteristics", title, text, (Figure(svg, table.caption), table))


def _characteristic_row(each: CharacteristicMoved, limits: tuple[float, float], tell: Teller) -> tuple[str, ...]:
    moved = each.stability
    numbers = tell.number(moved.index, 4), tell.number(moved.by_chance, 4), tell.signed(moved.points_moved, 2)
    return tell.text(each.text), *numbers, _level(moved.index, limits, tell)


def _characteristic_section(at: int, each: CharacteristicMoved, tell: Teller) -> Section:
    labels = [tell.text(label) for label in each.labels]
    title = tell(f"变量：{each.text.zh}", f"Characteristic: {each.text.en}")
    blocks = _shift_blocks(f"csi-{at}", tell.text(each.text), labels, each.stability, tell("分箱", "Bin"), tell)
    return Section(f"characteristic-{at}", title, "", blocks)


def _shares_section(found: Monitored, tell: Teller) -> Section:
    text = tell(
        "缺失值突然增多，多半是数据接口或字段含义变了；未见过的取值只能得到“其他”的分值；超出刻度的客户之间无法区分。",
        "A jump of missing values mostly means that a data source changed. Words that the card does not know get the points "
        "of “other”. Customers beyond the scale cannot be told apart.",
    )
    blocks: list[Block] = [_shares(found.missing, tell("缺失值占比", "Share of missing values"), tell)]
    if found.unseen:
        blocks.append(_shares(found.unseen, tell("未见过取值的占比", "Share of words that the card does not know"), tell))
    blocks.append(_shares((found.clipped,), tell("超出刻度的占比", "Share beyond the scale"), tell))
    return Section("shares", tell("缺失、未见过的取值与截断", "Missing, not known, cut off"), text, tuple(blocks))


def _shares(moved: Sequence[ShareMoved], caption: str, tell: Teller) -> Grid:
    header = (
        *(tell("输入", "Input"), tell("基准样本", "Reference"), tell("当前样本", "Current")),
        *(tell("变化", "Moved"), tell("95% 区间", "95% interval")),
    )
    rows = tuple(
        (
            *(tell.text(each.text), tell.percent(each.reference.value), tell.percent(each.current.value)),
            *(f"{each.gap.value:+.2%}", tell.percent_between(each.gap)),
        )
        for each in moved
    )
    return Grid(header, rows, caption)


def _outcomes_section(found: OutcomesMoved, tell: Teller) -> Section:
    header = (
        *(tell("样本", "Set"), tell("样本数", "Rows"), tell("坏样本数", "Bads"), tell("坏样本率", "Bad rate")),
        *("AUC", tell("95% 区间", "95% interval"), "KS"),
    )
    sets = (
        (tell("基准样本", "reference"), found.reference, found.reference_auc),
        (tell("当前样本", "current"), found.current, found.current_auc),
    )
    rows = tuple(
        (
            *(name, tell.count(each.rows), tell.count(each.bads), tell.percent(each.bad_rate)),
            *(tell.number(each.auc, 4), tell.between(auc, 4), tell.number(each.ks, 4)),
        )
        for name, each, auc in sets
    )
    note = tell(
        f"AUC 之差（基准 − 当前）{found.drop.value:+.4f}，95% 区间 {tell.between(found.drop, 4)}。",
        f"AUC, reference less current: {found.drop.value:+.4f}, 95% interval {tell.between(found.drop, 4)}.",
    )
    blocks: list[Block] = [Grid(header, rows, tell("结果已知的样本", "Rows with a known outcome")), Note(note)]
    return Section("outcomes", tell("实际表现", "Outcomes"), f"AUC{tell('：', ': ')}{tell.text(AUC_SAYS)}", tuple(blocks))


def _limits_section(found: Monitored, tell: Teller) -> Section:
    notes = [tell.text(each) for each in _LIMITS]
    if found.outcomes is None:
        notes.append(tell.text(_NO_OUTCOMES))
    heading = tell("这些数字没有说明什么", "What this does not show")
    return Section("limits", heading, purpose(tell), tuple(Note(each) for each in notes))


_LIMITS = (
    Text(
        "分布变化不等于评分卡失效，分布不变也不等于仍然有效：只有结果能说明排序是否仍然成立，而结果要等表现期满才知道。",
        "A shift does not mean that the card fails, nor does the lack of one mean that it holds: only outcomes tell, and "
        "these are known when their performance window has passed.",
    ),
    Text(
        "没有拒绝推断：结果只有获批客户才有；若批准政策在两批样本之间变了，两者的结果不能直接比较。",
        "There is no reject inference: only accepted customers have an outcome. Where the policy changed between the two "
        "sets, their outcomes cannot be compared as they are.",
    ),
    Text(
        "坏样本率按样本本身计算，没有加权；若两批样本按结果抽取的比例不同，坏样本率不能直接比较，AUC 与 KS 可以。",
        "Bad rates are of the rows as they are, without weights. Where the two sets were sampled by outcome in different ways, "
        "their "
        "bad rates cannot be compared; AUC and KS can.",
    ),
    Text(
        "小样本的指标会因偶然而偏大；同时看很多变量时，总会有几个显得异常。",
        "Indices of small samples are large by chance; among many characteristics a few always look odd.",
    ),
)
_NO_OUTCOMES = Text(
    "没有给出结果：评分卡是否仍能区分好坏，这里看不出来。",
    "No outcomes were given: whether the card still ranks good from bad cannot be seen here.",
)
