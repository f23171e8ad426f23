"""What a reader of a validation report is warned of, each with its number."""

from __future__ import annotations

from collections.abc import Iterator

from shouxin.engines.scoring.cards.card import Card
from shouxin.engines.scoring.reports.words import Teller
from shouxin.engines.scoring.validating.validate_model import CharacteristicFound, Validated

FEW_BADS = 200
PILED_UP = 0.05  # of all rows at one score
CUT_OFF = 0.01  # of all rows beyond the scale
FLAT_SLOPE, STEEP_SLOPE = 0.8, 1.25
FAR_OFF = 0.1  # log odds of calibration in the large: about a tenth more or fewer bads


def warnings_of(found: Validated, card: Card, tell: Teller) -> Iterator[str]:
    """The warnings, the gravest kinds first."""
    if found.measures.bads < FEW_BADS:
        yield tell(
            f"坏样本只有 {found.measures.bads} 个，少于 {FEW_BADS} 个：所有数字都很不确定。",
            f"Only {found.measures.bads} rows are bad, fewer than {FEW_BADS}: all numbers are uncertain.",
        )
    yield from _other_scores(found, tell)
    yield from _calibration(found, card, tell)
    yield from _points(found, tell)
    yield from _shape(found, tell)
    yield from _groups(found, tell)
    yield from _fairness(found, tell)


def _other_scores(found: Validated, tell: Teller) -> Iterator[str]:
    for each in found.others:
        gap = each.difference.auc
        if gap.high < 0:
            yield tell(
                f"{each.name} 的 AUC 比本卡高 {-gap.value:.4f}（差值的 95% 区间不含 0）。",
                f"{each.name} ranks better: its AUC is higher by {-gap.value:.4f}, and the interval of the difference leaves "
                "0 out.",
            )


def _calibration(found: Validated, card: Card, tell: Teller) -> Iterator[str]:
    if not card.fitted.scale.calibrated:
        yield tell("刻度未经校准，违约概率只供参考。", "The scale is not calibrated: its probabilities are for orientation only.")
    line, bands = found.calibration.line, found.calibration.bands
    if abs(line.in_the_large) > FAR_OFF:
        more = line.in_the_large > 0
        yield tell(
            f"实际违约{'多于' if more else '少于'}评分所说：整体偏差 {line.in_the_large:+.3f}（对数发生比）。",
            f"{'More' if more else 'Fewer'} went bad than the score says: {line.in_the_large:+.3f} in log odds.",
        )
    if line.slope is not None and not FLAT_SLOPE <= line.slope <= STEEP_SLOPE:
        yield tell(f"校准斜率为 {line.slope:.2f}，应接近 1。", f"The calibration slope is {line.slope:.2f}; it should be near 1.")
    off = sum(not each.agrees for each in bands)
    if off * 2 > len(bands):
        yield tell(
            f"{len(bands)} 个违约概率段中有 {off} 个与实际不符。",
            f"In {off} of {len(bands)} bands of probability, what was said is not what happened.",
        )


def _points(found: Validated, tell: Teller) -> Iterator[str]:
    against = [each for each in found.characteristics if each.against_direction]
    if against:
        names = _names(against, tell)
        yield tell(f"分值与声明方向相反：{names}。", f"Points contradict the declared direction: {names}.")
    turned = [each for each in found.characteristics if each.stability is not None and each.stability.against_points]
    if turned:
        names = _names(turned, tell)
        yield tell(
            f"有分箱的分值较高而坏样本率也较高，且超出偶然：{names}。",
            f"Bins with more points have a higher bad rate, beyond chance: {names}.",
        )
    useless = [each for each in found.characteristics if each.adds.auc_lost.high < 0]
    if useless:
        names = _names(useless, tell)
        yield tell(f"去掉后排序反而更好：{names}。", f"Without these the card would rank better: {names}.")
    moved = [each for each in found.characteristics if each.shift is not None and each.shift.level == "alarm"]
    if moved:
        names = _names(moved, tell)
        yield tell(
            f"客户在分箱间的分布与建模样本差别很大（CSI ≥ 0.25）：{names}。",
            f"The rows lie in other bins than the training rows did (CSI of 0.25 or more): {names}.",
        )


def _shape(found: Validated, tell: Teller) -> Iterator[str]:
    piled, clipped = found.concentration, found.clipped
    if piled.score_share > PILED_UP:
        yield tell(
            f"{piled.score_share:.1%} 的客户同为 {piled.score:.0f} 分，无法再区分。",
            f"{piled.score_share:.1%} of the rows have the same score, {piled.score:.0f}, and cannot be told apart.",
        )
    if clipped.share > CUT_OFF:
        yield tell(
            f"{clipped.share:.1%} 的客户超出刻度而被截断。",
            f"{clipped.share:.1%} of the rows go beyond the scale and are cut off.",
        )


def _groups(found: Validated, tell: Teller) -> Iterator[str]:
    whole = found.measures.auc
    weak = [tell.group(each.name) for each in found.segments if each.auc is not None and each.auc.high < whole]
    if weak:
        names = tell.listed(weak)
        yield tell(f"以下客群内部的区分能力明显低于全体：{names}。", f"The card ranks clearly less well within: {names}.")
    if found.over_time is not None and found.over_time.crossings:
        count = len(found.over_time.crossings)
        yield tell(
            f"有 {count} 处高分段的坏样本率高于低分段，超出偶然。",
            f"In {count} vintages and bands, higher scores went bad more often than lower ones, beyond chance.",
        )


def _fairness(found: Validated, tell: Teller) -> Iterator[str]:
    for each in found.protected:
        if each.in_card:
            yield tell(f"评分卡使用了受保护特征 {each.name}。", f"The card reads the protected attribute {each.name}.")
        below = [tell.group(group.name) for group in each.fairness.groups if group.below_four_fifths]
        if below:
            names = tell.listed(below)
            yield tell(
                f"{each.name}：{names} 的通过率低于最高组的五分之四。",
                f"{each.name}: the approval rate of {names} is below four fifths of the highest.",
            )
        texts = {one.name: tell.text(one.text) for one in found.characteristics}
        flagged = [texts[proxy.characteristic] for proxy in each.proxies if proxy.flagged]
        if flagged:
            names = tell.listed(flagged)
            yield tell(f"{each.name} 可能的替代变量：{names}。", f"May stand in for {each.name}: {names}.")


def _names(given: list[CharacteristicFound], tell: Teller) -> str:
    return tell.listed([tell.text(each.text) for each in given])
