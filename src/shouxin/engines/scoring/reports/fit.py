"""The report of a fit: how the card was made, then everything that validation found on the rows it was not fitted on.

render(fit_report(story, "zh"))
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from shouxin.engines.scoring.cards.card import Card
from shouxin.engines.scoring.reports.limits import limits_section, purpose
from shouxin.engines.scoring.reports.report import Block, Grid, Note, Report, Section
from shouxin.engines.scoring.reports.validation import headlines, validation_sections
from shouxin.engines.scoring.reports.warnings import warnings_of
from shouxin.engines.scoring.reports.words import Teller
from shouxin.engines.scoring.validating.validate_model import Validated
from shouxin.foundation.texts import Text


@dataclass(frozen=True, slots=True)
class SplitPart:
    """Rows with one purpose: fitting, choosing, testing; or rows that were left out, and why. bads: nothing where not known."""

    name: Text
    rows: int
    bads: int | None


@dataclass(frozen=True, slots=True)
class ScreenedLeak:
    """A column that the screen for leaks named. allowed: it was let in all the same, by the analyst."""

    column: str
    evidence: Text
    allowed: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that was tried on the validation part of the training rows.

    what:    the question: number of bins, characteristics, pairs
    tried:   the answer that was tried, as it is shown
    auc:     on the validation part; nothing where it was not measured
    """

    what: Text
    tried: Text
    auc: float | None
    chosen: bool


@dataclass(frozen=True, slots=True)
class PairGain:
    """A pair table of the card. gain: of log likelihood on training rows held out, over the card with the pairs before it."""

    name: str
    gain: float


@dataclass(frozen=True, slots=True)
class Unused:
    """A column that is not in the card, and why."""

    column: str
    why: Text


@dataclass(frozen=True, slots=True)
class FitStory:
    """How a card was made. Every text is ready to be shown; tuples may be empty.

    card:       the frozen card
    validated:  what `validate` found on the test rows; `others` of it hold the baseline and the challenger
    parts:      how the rows were divided
    screened:   what the screen for leaks named, allowed or not
    warnings:   of the spec and of the fit
    choices:    what was tried on the validation part
    pairs:      the pair tables, in the order in which they joined
    unused:     columns that are not in the card
    baseline, challenger: names among the validation's other scores; nothing where none was fitted
    """

    card: Card
    validated: Validated
    parts: tuple[SplitPart, ...] = ()
    screened: tuple[ScreenedLeak, ...] = ()
    warnings: tuple[Text, ...] = ()
    choices: tuple[Choice, ...] = ()
    pairs: tuple[PairGain, ...] = ()
    unused: tuple[Unused, ...] = ()
    baseline: str | None = None
    challenger: str | None = None


def fit_report(story: FitStory, lang: str) -> Report:
    """How the card was made, and what it is worth on the test rows."""
    tell, found, card = Teller(lang), story.validated, story.card
    title = tell(f"{found.card.zh}：建模报告", f"{found.card.en}: fit")
    warned = [*(tell.text(each) for each in story.warnings), *_allowed(story, tell), *warnings_of(found, card, tell)]
    several = found.over_time is not None
    sections = (*_opening(story, tell), *validation_sections(found, card, tell), limits_section(tell, several, single_split=True))
    subtitle = tell(f"{purpose(tell)}数据：{found.data}", f"{purpose(tell)} Data: {found.data}")
    return Report(title, subtitle, lang, headlines(found, tell), tuple(dict.fromkeys(warned)), sections)


def _allowed(story: FitStory, tell: Teller) -> Iterator[str]:
    for each in story.screened:
        if each.allowed:
            yield tell(
                f"字段 {each.column} 疑似泄漏，经人工放行：{each.evidence.zh}",
                f"{each.column} looks like a leak and was let in: {each.evidence.en}",
            )


def _opening(story: FitStory, tell: Teller) -> Iterator[Section]:
    yield _parts_section(story, tell)
    yield _screened_section(story, tell)
    if story.choices:
        yield _choices_section(story, tell)
    if story.pairs:
        yield _pairs_section(story, tell)


def _parts_section(story: FitStory, tell: Teller) -> Section:
    text = tell(
        "评分卡只用建模样本拟合；各项选择在其中的验证部分上作出；检验样本从未参与拟合和选择，以下各节的指标都在检验样本上测得。",
        "The card was fitted on the training rows alone, and choices were made on a validation part of them. The test rows "
        "had no part in fitting or choosing; the measures in the sections that follow are of the test rows.",
    )
    header = (tell("部分", "Part"), tell("样本数", "Rows"), tell("坏样本数", "Bads"), tell("坏样本率", "Bad rate"))
    rows = tuple(
        (
            *(tell.text(each.name), tell.count(each.rows), tell.count(each.bads)),
            tell.percent(each.bads / each.rows if each.bads is not None and each.rows else None),
        )
        for each in story.parts
    )
    blocks: list[Block] = [Grid(header, rows, tell("样本的划分", "How the rows were divided"))]
    blocks += [Note(each) for each in _yardsticks(story, tell)]
    return Section("how-it-was-made", tell("建模过程", "How the card was made"), text, tuple(blocks))


def _yardsticks(story: FitStory, tell: Teller) -> Iterator[str]:
    """What the other scores are, with which the card is compared."""
    if story.baseline is not None:
        yield tell(
            f"基准 {story.baseline}：在同样的建模样本上按通行做法拟合，评分卡至少应与它相当。",
            f"Baseline, {story.baseline}: fitted on the same training rows in the usual way; the card should be at least as "
            "good.",
        )
    if story.challenger is not None:
        yield tell(
            f"挑战者 {story.challenger}：在同样的建模样本上拟合，精度通常较高，但不能逐项读懂；与它的差距是可读性的代价。",
            f"Challenger, {story.challenger}: fitted on the same training rows; mostly more exact, and not to be read point "
            "by point. The distance to it is what a readable card costs.",
        )


def _screened_section(story: FitStory, tell: Teller) -> Section:
    text = tell(
        "拟合前逐列检查：单独就能区分好坏的字段、只在一种结果下缺失或形态异常的字段、审批之后的日期、与结果几乎相同的字段，"
        "都可能来自未来。",
        "Before the fit every column was screened: one that ranks suspiciously well by itself, is missing or oddly formed "
        "for one outcome only, holds dates after the decision, or nearly copies the outcome may come from the future.",
    )
    header = (tell("字段", "Column"), tell("依据", "Evidence"), tell("处理", "What was done"))
    done = {True: tell("人工放行", "let in by the analyst"), False: tell("未使用", "not used")}
    rows = tuple((each.column, tell.text(each.evidence), done[each.allowed]) for each in story.screened)
    blocks: list[Block] = [Grid(header, rows, tell("疑似泄漏的字段", "Columns that look like leaks"), "lll")]
    if story.unused:
        unused = tuple((each.column, tell.text(each.why)) for each in story.unused)
        blocks.append(Grid((tell("字段", "Column"), tell("原因", "Why")), unused, tell("未使用的字段", "Columns not used"), "ll"))
    return Section("screened", tell("字段筛查", "Columns that were screened"), text, tuple(blocks))


def _choices_section(story: FitStory, tell: Teller) -> Section:
    text = tell(
        "每种做法都在建模样本的一部分上拟合，在验证部分上比较；检验样本没有用于选择。",
        "Each was fitted on one part of the training rows and compared on the validation part; the test rows were not used "
        "to choose.",
    )
    header = (tell("选择", "Choice"), tell("做法", "Tried"), tell("验证部分 AUC", "AUC, validation part"), tell("采用", "Taken"))
    rows = tuple(
        (tell.text(each.what), tell.text(each.tried), tell.number(each.auc, 4), tell("是", "yes") if each.chosen else "")
        for each in story.choices
    )
    grid = Grid(header, rows, tell("试过的做法", "What was tried"), "llrl")
    return Section("choices", tell("选择及其依据", "Choices, and why"), text, (grid,))


def _pairs_section(story: FitStory, tell: Teller) -> Section:
    text = tell(
        "组合表为两个变量一起另加分值。组合逐张选入：每张表在三份建模样本上拟合、在第四份上检验，四份轮流；增益是对数似然的提高，"
        "以已选入的组合为基础。没有增益的组合不采用。",
        "A pair table adds points for two characteristics together. Pairs join one at a time: each table is fitted on three "
        "quarters of the training rows and tried on the fourth, each quarter in turn. The gain is of log likelihood, beside the "
        "pairs that joined before; a pair without gain is not taken.",
    )
    header = (tell("组合", "Pair"), tell("对数似然增益", "Gain of log likelihood"))
    rows = tuple((each.name, tell.signed(each.gain, 1)) for each in story.pairs)
    grid = Grid(header, rows, tell("选入的组合", "Pairs that joined"))
    return Section("pairs-chosen", tell("组合表的选取", "How pairs were chosen"), text, (grid,))
