"""The shape of the files of regulation/: what the law sets, and the days on which it holds."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field

from shouxin.engines.policy.shapes import Code, Expression, Licence, Money, Ppm, RuleShape, Shape, Text


class CapShape(Shape):
    """The most one borrower may owe for one purpose over all products."""

    reason: Code
    licences: list[Licence]
    purpose: Literal["consumption", "business"]
    amount: Money
    when: Expression | None = None
    since: dt.date | None = Field(None, alias="from")
    until: dt.date | None = None


class AllInShape(Shape):
    """The highest all-in annual cost, 12 times the monthly internal rate of return with fees inside."""

    licences: list[Licence]
    percent: Ppm
    since: dt.date | None = Field(None, alias="from")
    until: dt.date | None = None


class RegulationRuleShape(RuleShape):
    """A knock-out that the law makes."""

    licences: list[Licence]
    since: dt.date | None = Field(None, alias="from")
    until: dt.date | None = None


class BulletShape(Shape):
    """The longest tenor of a loan repaid in one sum."""

    licences: list[Licence]
    purpose: Literal["consumption", "business"]
    months: int


class KeptShape(Shape):
    """How long a credit bureau keeps what was overdue, counted from the day on which it was settled."""

    years: Annotated[int, Field(ge=1, le=100)]
    since: dt.date | None = Field(None, alias="from")
    until: dt.date | None = None


class NotShownShape(Shape):
    """Overdue items of persons that credit reports no longer show.

    since, until: both included; an item counts that fell overdue between them
    amount:       at most so much each
    repaid_by:    and repaid in full by then, this day included
    hidden_from:  the first day on which some are not shown
    """

    zh: Text
    en: Text
    since: dt.date = Field(alias="from")
    until: dt.date
    amount: Annotated[Money, Field(gt=0)]
    repaid_by: dt.date
    hidden_from: dt.date


class RegulationFile(Shape):
    """regulation/*.yaml; `kept` and `not_shown` decide nothing, and are told to customers who ask"""

    caps: list[CapShape] = Field([])
    all_in: list[AllInShape] = Field([])
    rules: list[RegulationRuleShape] = Field([])
    bullet: list[BulletShape] = Field([])
    kept: list[KeptShape] = Field([])
    not_shown: list[NotShownShape] = Field([])
