"""What the measures of a score refuse, each named after the sentence that was broken."""

from __future__ import annotations

from shouxin.foundation.refusal import Refusal


class OutcomeNotBinary(Refusal):
    """An outcome that is neither good nor bad."""

    en = "1 for a bad outcome or 0 for a good one; leave out rows whose outcome is not known"
    zh = "坏客户填 1，好客户填 0；表现未知的样本请先剔除"


class OutcomeOneClass(Refusal):
    """Rows that are all good or all bad: nothing can be ranked."""

    en = "at least one good and one bad outcome; here all {rows} rows are the same"
    zh = "须同时有好样本和坏样本；这里 {rows} 行全部相同"


class RiskMissing(Refusal):
    """A row that the score says nothing of."""

    en = "a number for every row; a score gives missing values their own points"
    zh = "每行都须有数值；缺失值在评分卡中应有自己的分值"


class ProbabilityOutOfRange(Refusal):
    """A probability of default that is none."""

    en = "a probability from 0 to 1; is a score or a percentage meant?"
    zh = "概率须在 0 到 1 之间；是否误用了分数或百分数？"


class WeightNotPositive(Refusal):
    """A weight of zero, below zero, or none."""

    en = "a weight above zero; leave out rows that should not count"
    zh = "权重须大于零；不计入的样本请先剔除"


class CutsNotAscending(Refusal):
    """Bounds between bands that do not rise."""

    en = "numbers that rise from each to the next"
    zh = "分界值须严格递增"
