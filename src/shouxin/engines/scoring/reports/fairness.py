"""Sections of a report on a cut-off, and on how it treats the groups of protected attributes."""

from __future__ import annotations

from collections.abc import Iterator

from shouxin.engines.scoring.measuring.fairness import Fairness, GroupFairness
from shouxin.engines.scoring.reports.report import Block, Figure, Grid, Note, Section
from shouxin.engines.scoring.reports.words import Teller
from shouxin.engines.scoring.validating.validate_model import ProtectedFound, Validated
from shouxin.foundation.charts import Axis, Bars, NumberStyle, bar_chart

MOST_PROXIES = 10


def fairness_sections(found: Validated, tell: Teller) -> Iterator[Section]:
    """The cut-off, then one section for each protected attribute."""
    yield _cutoff_section(found, tell)
    texts = {each.name: tell.text(each.text) for each in found.characteristics}
    for at, each in enumerate(found.protected, 1):
        yield _protected_section(at, each, texts, tell)


def _cutoff_section(found: Validated, tell: Teller) -> Section:
    cutoff = found.cutoff
    how = tell("由使用者指定", "as given") if cutoff.given else tell("默认值", "the default")
    text = tell(
        f"以下以 {cutoff.score} 分为通过分数线（{how}）。默认的分数线使拒绝的客户与实际变坏的客户数量大致相等，不代表任何政策。",
        f"The rest takes scores from {cutoff.score} on as approved ({how}). The default cut-off declines about as many "
        "customers as turned out bad; it stands for no policy.",
    )
    header = (tell("客户", "Customers"), tell("占比", "Share"), tell("坏样本率", "Bad rate"), tell("95% 区间", "95% interval"))
    sides = (
        (tell("通过", "approved"), cutoff.approved.value, cutoff.bad_rate_approved),
        (tell("拒绝", "declined"), 1 - cutoff.approved.value, cutoff.bad_rate_declined),
    )
    rows = tuple(
        (name, tell.percent(share, 1), tell.percent(None if rate is None else rate.value), tell.percent_between(rate))
        for name, share, rate in sides
    )
    blocks: list[Block] = [Grid(header, rows, tell("分数线两侧", "On both sides of the cut-off"))]
    if not found.protected:
        blocks.append(
            Note(
                tell(
                    "未指定受保护特征（如性别、民族），因此没有检查公平性。不检查不等于公平。",
                    "No protected attribute, such as sex or ethnic group, was named, so fairness was not looked at. That is "
                    "no sign of fairness.",
                )
            )
        )
    return Section("cutoff", tell("通过分数线", "Cut-off"), text, tuple(blocks))


def _protected_section(at: int, each: ProtectedFound, texts: dict[str, str], tell: Teller) -> Section:
    found = each.fairness
    heading = tell(f"公平性：{each.name}", f"Fairness: {each.name}")
    text = tell(
        "通过率之比低于 0.80（五分之四规则）应查明原因。“好客户的通过率”相差大，说明同样会还款的人被区别对待；"
        "各组坏样本率不同时，这些指标不可能同时相等，任何一项都不是结论。",
        "A ratio of approval rates below 0.80 (the four-fifths rule) calls for a reason. Different approval rates of good "
        "customers mean that people who repay alike are treated differently. Where bad rates of groups differ, these "
        "measures cannot all be equal, and none of them is a verdict.",
    )
    used = tell("该特征就在评分卡中。", "The card itself reads this attribute. ")
    unused = tell("该特征不在评分卡中，只用于检查。", "The attribute is not in the card; it is only measured. ")
    text = f"{used if each.in_card else unused}{text}"
    blocks: list[Block] = [_figure(at, each, tell), *_tables(found, tell), _proxies(each, texts, tell)]
    return Section(f"fairness-{at}", heading, text, tuple(blocks))


def _figure(at: int, each: ProtectedFound, tell: Teller) -> Figure:
    groups = each.fairness.groups
    title = tell(f"{each.name}：各组通过率", f"{each.name}: approval rates")
    heading = tell.heading(f"approval-{at}", title, tell("各组通过率。", "The approval rate of each group."))
    nan = float("nan")
    bars = []
    for name, sides in (
        (tell("全部客户", "all customers"), [group.all.rate for group in groups]),
        (tell("好客户", "good customers"), [group.goods.rate for group in groups]),
    ):
        values = tuple(nan if side is None else side.value for side in sides)
        bars.append(Bars(name, values, tuple((nan, nan) if side is None else (side.low, side.high) for side in sides)))
    names = Axis(names=tuple(tell.group(group.name) for group in groups))
    svg = bar_chart(heading, names, Axis(tell("通过率", "Approval rate"), NumberStyle.PERCENT, (0.0, 1.0)), bars)
    return Figure(svg, tell(f"{title}；横线为 95% 区间。", f"{title}, with 95% intervals."))


def _tables(found: Fairness, tell: Teller) -> Iterator[Grid]:
    reference = tell("无足够大的组可作比较", "no group is large enough to compare with")
    if found.reference is not None:
        reference = tell(
            f"以通过率最高的“{found.reference}”为参照", f"compared with “{found.reference}”, the highest approval rate"
        )
    header = (
        *(
            tell("组", "Group"),
            tell("样本数", "Rows"),
            tell("坏样本数", "Bads"),
            tell("通过率", "Approved"),
            tell("之比", "Ratio"),
        ),
        *(tell("差距", "Gap"), tell("95% 区间", "95% interval"), tell("判断", "Judgement")),
    )
    rows = tuple(_approval(each, found.reference, tell) for each in found.groups)
    yield Grid(header, rows, tell(f"通过率（{reference}）", f"Approval rates ({reference})"), "lrrrrrrl")
    errors = (
        *(tell("组", "Group"), tell("好客户通过率", "Good approved"), tell("差距", "Gap")),
        *(tell("坏客户通过率", "Bad approved"), tell("差距", "Gap"), "AUC", tell("95% 区间", "95% interval")),
        *(tell("坏样本率", "Bad rate"), tell("平均违约概率", "Mean probability")),
    )
    yield Grid(errors, tuple(_errors(each, tell) for each in found.groups), tell("错误率与准确度", "Error rates and accuracy"))


def _approval(each: GroupFairness, reference: str | None, tell: Teller) -> tuple[str, ...]:
    rate, gap = each.all.rate, each.all.gap
    judged = tell("样本太少，不作判断", "too small to judge") if each.too_small else ""
    if each.below_four_fifths:
        judged = tell("低于五分之四", "below four fifths")
    elif each.name is not None and each.name == reference:
        judged = tell("参照组", "reference")
    return (
        *(tell.group(each.name), tell.count(each.rows), tell.count(each.bad_rows)),
        *(tell.percent(None if rate is None else rate.value, 1), tell.number(each.ratio, 2)),
        *(tell.percent(None if gap is None else gap.value, 1), tell.percent_between(gap, 1), judged),
    )


def _errors(each: GroupFairness, tell: Teller) -> tuple[str, ...]:
    sides: list[str] = []
    for side in (each.goods, each.bads):
        sides.append(tell.percent(None if side.rate is None else side.rate.value, 1))
        sides.append(tell.percent(None if side.gap is None else side.gap.value, 1))
    area = tell.number(None if each.auc is None else each.auc.value)
    rates = tell.percent(each.bad_rate.value), tell.percent(each.mean_pd)
    return tell.group(each.name), *sides, area, tell.between(each.auc), *rates


def _proxies(each: ProtectedFound, texts: dict[str, str], tell: Teller) -> Grid:
    header = (tell("变量", "Characteristic"), "Cramér V", "AUC", tell("判断", "Judgement"))
    rows = tuple(
        (
            texts.get(proxy.characteristic, proxy.characteristic),
            *(tell.number(proxy.cramers_v), tell.number(proxy.auc)),
            tell("可能是替代变量", "may be a proxy") if proxy.flagged else "",
        )
        for proxy in each.proxies[:MOST_PROXIES]
    )
    caption = tell(
        f"评分卡中哪些变量能推断出{each.name}（V 为 0 表示不能，1 表示完全能；0.3 起标出）",
        f"Which characteristics tell {each.name} (V is 0 where one tells nothing, 1 where it tells all; marked from 0.3 on)",
    )
    return Grid(header, rows, caption, "lrrl")
