"""The report of a validation, in Chinese or English: `render(validation_report(validated, card, "zh"))`."""

from __future__ import annotations

from collections.abc import Iterator

from shouxin.engines.scoring.cards.card import Card
from shouxin.engines.scoring.reports.bins import characteristic_sections, pair_sections, parts_section
from shouxin.engines.scoring.reports.calibration import calibration_section
from shouxin.engines.scoring.reports.fairness import fairness_sections
from shouxin.engines.scoring.reports.groups import group_sections
from shouxin.engines.scoring.reports.limits import limits_section, purpose, sample_section
from shouxin.engines.scoring.reports.ranking import distribution_section, gains_section, ks_section, measures_section, roc_section
from shouxin.engines.scoring.reports.report import Headline, Report, Section
from shouxin.engines.scoring.reports.warnings import warnings_of
from shouxin.engines.scoring.reports.words import Teller
from shouxin.engines.scoring.validating.validate_model import Validated


def validation_report(found: Validated, card: Card, lang: str) -> Report:
    """Everything that validation found, for a credit officer and a supervisor."""
    tell = Teller(lang)
    title = tell(f"{found.card.zh}：验证报告", f"{found.card.en}: validation")
    sections = (*validation_sections(found, card, tell), limits_section(tell, found.over_time is not None, single_split=False))
    subtitle = tell(f"{purpose(tell)}数据：{found.data}", f"{purpose(tell)} Data: {found.data}")
    return Report(title, subtitle, lang, headlines(found, tell), tuple(warnings_of(found, card, tell)), sections)


def headlines(found: Validated, tell: Teller) -> tuple[Headline, ...]:
    """The numbers to see first."""
    each, measures = found.intervals, found.measures
    rows = tell(f"{measures.rows:,} 行，坏样本 {measures.bads:,}", f"{measures.rows:,} rows, {measures.bads:,} bad")
    told = [
        Headline("AUC", tell.number(each.auc.value), tell.between(each.auc)),
        Headline("KS", tell.number(each.ks.value), tell.between(each.ks)),
        Headline(tell("坏样本率", "Bad rate"), tell.percent(measures.bad_rate), rows),
    ]
    slope = found.calibration.line.slope
    if slope is not None:
        told.append(Headline(tell("校准斜率", "Calibration slope"), tell.number(slope, 2), tell("完全相符为 1", "1 is exact")))
    for other in found.others:
        gap = other.difference.auc
        label = tell(f"AUC 之差，对 {other.name}", f"AUC less {other.name}")
        told.append(Headline(label, tell.signed(gap.value, 4), tell.between(gap, 4)))
    return tuple(told)


def validation_sections(found: Validated, card: Card, tell: Teller) -> Iterator[Section]:
    """All sections but the last, on what is not shown."""
    yield sample_section(found, card, tell)
    yield measures_section(found, tell)
    yield roc_section(found, tell)
    yield ks_section(found, tell)
    yield distribution_section(found, tell)
    yield gains_section(found, tell)
    yield calibration_section(found, tell)
    yield from group_sections(found, tell)
    yield parts_section(found, tell)
    yield from characteristic_sections(found, tell)
    yield from pair_sections(found, tell)
    yield from fairness_sections(found, tell)
