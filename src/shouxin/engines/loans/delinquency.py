"""How late is late: days past due into buckets, into the five asset classes, and into the stages of IFRS 9.

Classes and stages are two scales with thresholds of their own; both are data with a date and a source, and a lender may
bring others. Every threshold is marked A, K or V as in the policy bundles: assumption, to be checked, secondary page.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Band:
    """From so many days past due on, until the next band begins."""

    code: str
    zh: str
    en: str
    from_days: int
    provision_bp: int = 0


@dataclass(frozen=True, slots=True)
class Scale:
    """Bands in rising order, the first from 0 days; since when, and by what rule."""

    name: str
    since: dt.date
    source: str
    mark: str
    bands: tuple[Band, ...]

    def band(self, days_past_due: int) -> Band:
        """The band of so many days.

        >>> [FIVE_CLASSES.band(days).code for days in (0, 1, 90, 91, 270, 271, 360, 361)]
        ['normal', 'special_mention', 'special_mention', 'substandard', 'substandard', 'doubtful', 'doubtful', 'loss']
        >>> [IFRS9_STAGES.band(days).code for days in (0, 30, 31, 89, 90)]
        ['stage_1', 'stage_1', 'stage_2', 'stage_2', 'stage_3']
        """
        return next(each for each in reversed(self.bands) if days_past_due >= each.from_days)


BUCKETS = Scale(
    "buckets",
    dt.date(2026, 1, 1),
    "the lender's own reporting",
    "A",
    (
        Band("current", "正常", "current", 0),
        Band("m1", "逾期1-30天", "1 to 30 days", 1),
        Band("m2", "逾期31-60天", "31 to 60 days", 31),
        Band("m3", "逾期61-90天", "61 to 90 days", 61),
        Band("m4", "逾期91-120天", "91 to 120 days", 91),
        Band("m5", "逾期121-150天", "121 to 150 days", 121),
        Band("m6", "逾期151-180天", "151 to 180 days", 151),
        Band("m7", "逾期180天以上", "over 180 days", 181),
    ),
)

FIVE_CLASSES = Scale(
    "five classes",
    dt.date(2023, 7, 1),
    "商业银行金融资产风险分类办法（2023年第1号令）; provision rates: 银行贷款损失准备计提指引（银发〔2002〕98号）",
    "V",
    (
        Band("normal", "正常", "normal", 0, 100),
        Band("special_mention", "关注", "special mention", 1, 200),
        Band("substandard", "次级", "substandard", 91, 2_500),
        Band("doubtful", "可疑", "doubtful", 271, 5_000),
        Band("loss", "损失", "loss", 361, 10_000),
    ),
)

IFRS9_STAGES = Scale(
    "IFRS 9 stages",
    dt.date(2018, 1, 1),
    "IFRS 9, 5.5.11 (30 days) and B5.5.37 (90 days), both rebuttable",
    "K",
    (
        Band("stage_1", "第一阶段", "stage 1", 0),
        Band("stage_2", "第二阶段", "stage 2", 31),
        Band("stage_3", "第三阶段", "stage 3", 90),
    ),
)


def in_force(scales: Sequence[Scale], day: dt.date) -> Scale | None:
    """The scale of a list that holds on a day: the latest that has begun; None before the first."""
    return max((each for each in scales if each.since <= day), key=lambda each: each.since, default=None)


def provision(balance: int, band: Band) -> int:
    """What is set aside for a balance, minor units, rounded up.

    >>> provision(1_000_001, FIVE_CLASSES.band(1))
    20001
    """
    return -(-balance * band.provision_bp // 10_000)
