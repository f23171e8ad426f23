"""What every report says: what the score is for, on what it was measured, and what the numbers do not show."""

from __future__ import annotations

from collections.abc import Iterator

from shouxin.engines.scoring.cards.card import Card
from shouxin.engines.scoring.reports.report import Grid, Note, Section
from shouxin.engines.scoring.reports.words import Teller
from shouxin.engines.scoring.validating.validate_model import Validated
from shouxin.foundation.texts import Text

PURPOSE = Text(
    "本评分仅供本机构授信使用，不是征信评分",
    "This score is for this lender's own credit decisions; it is not a credit bureau's score.",
)


def purpose(tell: Teller) -> str:
    """What the score is for, as a sentence."""
    return tell(f"{PURPOSE.zh}。", PURPOSE.en)


def sample_section(found: Validated, card: Card, tell: Teller) -> Section:
    """On which rows everything was measured, and how these stand to the portfolio."""
    header = (tell("项目", "Item"), tell("内容", "Value"))
    rows = tuple(_sample_rows(found, card, tell))
    notes = () if found.weighed is None else (Note(_weighed(found, tell)),)
    grid = Grid(header, rows, tell("样本与评分卡", "Rows and card"), "ll")
    return Section("rows-and-card", tell("样本与评分卡", "Rows and card"), "", (grid, *notes))


def _sample_rows(found: Validated, card: Card, tell: Teller) -> Iterator[tuple[str, str]]:
    measures, fitted = found.measures, card.fitted
    yield tell("数据", "Data"), found.data
    if found.fingerprint:
        yield tell("数据指纹", "Fingerprint of the data"), found.fingerprint
    if found.bad_is:
        yield tell("坏客户", "Bad"), found.bad_is
    yield tell("样本数", "Rows"), tell.count(measures.rows)
    yield tell("坏样本数", "Bads"), f"{measures.bads:,} ({measures.bads / measures.rows:.2%})"
    yield tell("结果未知而未计入", "Left out, outcome not known"), tell.count(found.left_out)
    if fitted.target is not None:
        bad = f"{fitted.target.column} = {fitted.target.bad}"
        yield tell("坏客户的定义（建模时）", "Bad, when fitted"), fitted.target.definition or bad
    if fitted.data is not None:
        yield (
            tell("建模数据", "Fitted on"),
            tell(
                f"{fitted.data.name}，{fitted.data.rows:,} 行，坏样本 {fitted.data.bads:,}",
                f"{fitted.data.name}: {fitted.data.rows:,} rows, {fitted.data.bads:,} bad",
            ),
        )
        yield tell("建模数据指纹", "Fingerprint of the fitted data"), fitted.data.fingerprint
    if fitted.on is not None:
        yield tell("建模日期", "Fitted on the day"), str(fitted.on)
    scale = fitted.scale
    yield (
        tell("刻度", "Scale"),
        tell(
            f"{scale.lowest}–{scale.highest}，{scale.anchor_score} 分为好坏比 {scale.anchor_odds}:1，每 "
            f"{scale.points_to_double} 分翻一倍",
            f"{scale.lowest}-{scale.highest}; {scale.anchor_score} is {scale.anchor_odds}:1 good to bad, "
            f"{scale.points_to_double} points double the odds",
        ),
    )
    yield tell("变量数", "Characteristics"), str(len(card.shape.characteristics))
    yield tell("组合表数", "Pair tables"), str(len(card.shape.pairs))


def _weighed(found: Validated, tell: Teller) -> str:
    assert found.weighed is not None
    share, true = found.weighed.share, found.weighed.true
    return tell(
        f"这些样本按结果抽取：坏样本占 {share:.2%}，而评分卡注明实际客群为 {true:.2%}。因此对样本加权，使坏样本占 {true:.2%}："
        "Brier 分数、对数损失、校准、占比与坏样本率均为加权后的数值，样本数为实际行数，AUC、KS 与基尼系数不受影响。"
        "若这份数据并非按结果抽取，上述加权不成立。",
        f"These rows were sampled by outcome: {share:.2%} of them are bad, while the card states {true:.2%} for the "
        f"portfolio. They are weighed so that bad ones make up {true:.2%}: Brier score, log loss, calibration, shares and bad "
        "rates are weighted, counts are of rows as they are, and AUC, KS and Gini do not change. If this data was not "
        "sampled by outcome, the weights are wrong.",
    )


def limits_section(tell: Teller, several_periods: bool, single_split: bool) -> Section:
    """What the numbers do not show. Nothing here depends on how good they are."""
    notes = [Note(tell.text(each)) for each in (*_ALWAYS, *_time(several_periods), *(_SPLIT if single_split else ()))]
    heading = tell("这些数字没有说明什么", "What this does not show")
    return Section("limits", heading, purpose(tell), tuple(notes))


def _time(several_periods: bool) -> tuple[Text, ...]:
    return () if several_periods else (_ONE_TIME,)


_ALWAYS = (
    Text(
        "没有做拒绝推断。数据中只有当时获批的客户；被拒绝的客户若获批会怎样，不得而知。评分卡若用于更宽的客群，"
        "其区分能力和违约概率可能与此不同。",
        "There is no reject inference. The data holds only customers who were accepted; how those turned down would have "
        "done is not known. For a wider group of applicants the card may rank differently, and its probabilities may be wrong.",
    ),
    Text(
        "样本若按结果抽取（如好坏各半），其坏样本率不是客群的坏样本率；只有注明实际坏样本率时才做了加权。",
        "Where rows were sampled by outcome, such as half good and half bad, their bad rate is not that of the portfolio; it "
        "is restored by weights only where the card states the true rate.",
    ),
    Text(
        "小组、少见的分箱和少见的组合只有很少的坏样本，区间很宽；区间之外没有证据，区间之内也没有结论。",
        "Small groups, rare bins and rare combinations hold few bad customers and have wide intervals: numbers inside an "
        "interval cannot be told apart by these rows.",
    ),
    Text(
        "同时比较很多组和很多分箱时，有些差异会仅因偶然而显得显著（二十项中约有一项）。",
        "Where many groups and bins are compared at once, about one in twenty will look different by chance alone.",
    ),
    Text(
        "坏客户以建模时的定义为准；换一个定义或换一个表现期，所有数字都会不同。",
        "Bad is what the definition says; with another definition, or another performance window, all numbers would be others.",
    ),
)
_ONE_TIME = Text(
    "没有按时间检验：未给出日期。经济环境、产品或获客渠道变化之后评分卡是否仍然有效，这里看不出来。",
    "Nothing is shown over time: no date was given. Whether the card still ranks after the economy, the product or the "
    "channel has changed cannot be seen here.",
)
_SPLIT = (
    Text(
        "建模与检验样本来自同一批数据的一次划分。换一次划分，各项指标会有出入；区间只反映检验样本的抽样误差，"
        "不反映重新建模带来的差异。",
        "Training and test rows come from one split of the same data. Another split would give other numbers; the intervals "
        "show how far the test rows are a matter of chance, not how far the fit is.",
    ),
)
