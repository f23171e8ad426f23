"""The shape of each file of a bundle: what may stand where. Products are in `product_shapes.py`, regulation in
`regulation_shapes.py`, cards in `card_shapes.py`, answers in `answer_shapes.py`.

Units change on the way in: see `shapes.py`.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, model_validator

from shouxin.engines.policy.product_shapes import ProductFile
from shouxin.engines.policy.regulation_shapes import (
    AllInShape,
    BulletShape,
    CapShape,
    KeptShape,
    NotShownShape,
    RegulationFile,
    RegulationRuleShape,
)
from shouxin.engines.policy.shapes import (
    Bp,
    Code,
    Default,
    Effect,
    Expression,
    Licence,
    Money,
    Name,
    Number,
    Ppm,
    ProductCode,
    RuleShape,
    Shape,
    Text,
)

__all__ = [
    "ActivityShape",
    "AllInShape",
    "Bp",
    "BulletShape",
    "BundleFile",
    "CapShape",
    "Code",
    "CrossShape",
    "Default",
    "DerivedShape",
    "DisplacementShape",
    "EconomicsFile",
    "Effect",
    "ExposureFile",
    "Expression",
    "FactShape",
    "FactsFile",
    "KeptShape",
    "Licence",
    "Money",
    "Name",
    "NotShownShape",
    "Number",
    "PoolShape",
    "Ppm",
    "ProductCode",
    "ProductFile",
    "ReasonShape",
    "ReasonsFile",
    "RegulationFile",
    "RegulationRuleShape",
    "RuleShape",
    "RulesFile",
    "Scale",
    "Shape",
    "SourceShape",
    "Text",
    "TierShape",
    "TiersFile",
]


class Scale(Shape):
    """The score's scale. 650 = 30:1 good to bad, 50 points double the odds, unless the bundle says otherwise."""

    lowest: Annotated[int, Field(ge=0, le=2_000)] = 350
    highest: Annotated[int, Field(ge=10, le=2_000)] = 950
    anchor_score: Annotated[int, Field(ge=0, le=2_000)] = 650
    anchor_odds: Annotated[int, Field(ge=1, le=100_000)] = 30
    points_to_double: Annotated[int, Field(ge=5, le=500)] = 50
    calibrated: bool = False

    @model_validator(mode="after")
    def _ascending(self) -> Scale:
        if self.lowest >= self.highest:
            raise ValueError("lowest is below highest")
        return self


class BundleFile(Shape):
    """bundle.yaml"""

    name: ProductCode
    version: Text
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")] = "CNY"
    licence: Licence
    zh: Text
    en: Text
    extends: ProductCode | None = None
    scale: Scale = Scale()


class SourceShape(Shape):
    """Where facts come from. `status` names an enum fact that says how the asking ended; `observed` a date fact."""

    zh: Text
    en: Text
    status: Name | None = None
    observed: Name | None = None
    max_age_days: int | None = Field(None, ge=0, le=36_500)


class ActivityShape(Shape):
    """Which of two values of an enum a person has by what they do.

    when: the condition, over other facts; TRUE makes the fact `then`, FALSE `else`, NULL leaves it as others say
    """

    when: Expression
    then: str
    otherwise: str = Field(alias="else")


class FactShape(Shape):
    """One fact: what it is, between which bounds it lies, from which column it is read.

    activity:  of an enum: what persons are by what they do, where the facts come from the books and not from a file
    if_absent: its value where a file has no such column, or the word `missing`
    otherwise: which of an enum's values a text is read as that is none of them
    """

    type: Literal["int", "money", "bp", "ppm", "bool", "enum", "date", "double"]
    zh: Text
    en: Text
    source: Name
    min: Number | None = None
    max: Number | None = None
    values: list[str] = Field([])
    required: bool = False
    column: Text | None = None
    unit: Literal["minor", "major"] = "major"
    map: dict[str, str] = Field({})
    otherwise: str | None = None
    activity: ActivityShape | None = None
    missing_values: list[int | str | Decimal] = Field([])
    if_absent: Default | None = None
    max_age_days: int | None = Field(None, ge=0, le=36_500)
    no_record: Default | None = None
    change: Literal["fixed", "up", "down", "any"] = "fixed"
    cost: int | None = Field(None, ge=0)


class FactsFile(Shape):
    """facts.yaml"""

    key: Text
    sources: dict[Name, SourceShape]
    facts: dict[Name, FactShape]
    families: dict[Name, FactShape] = Field({})


class DerivedShape(Shape):
    """derived.yaml: name -> formula and texts"""

    formula: Expression
    zh: Text
    en: Text


class TierShape(Shape):
    """One tier; the first is the best."""

    name: Annotated[str, Field(pattern="^[A-Z][A-Z0-9]{0,3}$")]
    since: int = Field(alias="from")
    ceiling: Annotated[Money, Field(ge=0)]
    zh: Text
    en: Text


class TiersFile(Shape):
    """tiers.yaml"""

    tiers: list[TierShape] = Field(min_length=2, max_length=12)


class RulesFile(Shape):
    """rules.yaml"""

    rules: list[RuleShape]


class PoolShape(Shape):
    """Products that share one limit, which is that of the lead."""

    lead: ProductCode
    reason: Code


class DisplacementShape(Shape):
    """Products that cannot be held together. `refuse`: a held one blocks the others; `displace`: opening one closes them."""

    products: list[ProductCode] = Field(min_length=2)
    mode: Literal["refuse", "displace"]
    reason: Code


class CrossShape(Shape):
    """Cross-default: what one account's state does to the customer's other lines.

    when:     the condition, over facts; families such as days_overdue('business-loan') name one product's account
    suspends: products whose lines are suspended while it holds, or `all`
    closes:   products whose lines are closed, or `all`
    """

    reason: Code
    when: Expression
    suspends: Literal["all"] | list[ProductCode] = Field([])
    closes: Literal["all"] | list[ProductCode] = Field([])

    @model_validator(mode="after")
    def _does_something(self) -> CrossShape:
        if not (self.suspends or self.closes):
            raise ValueError("`suspends` or `closes`: a list of products, or all")
        return self


class ExposureFile(Shape):
    """exposure.yaml

    order:      products in the order in which room under the total line is given
    repayments: products in the order in which money that names no loan repays them; the same order where it is not written
    cross:      what one account's state does to other lines
    """

    order: list[ProductCode] = Field(min_length=1)
    repayments: list[ProductCode] = Field([])
    ceiling_reason: Code
    also_counts: Expression | None = None
    pools: dict[Name, PoolShape] = Field({})
    exclusive: list[DisplacementShape] = Field([])
    cross: list[CrossShape] = Field([])


class EconomicsFile(Shape):
    """economics.yaml"""

    loss_given_default: Bp
    credit_conversion: Bp
    funding: Ppm
    capital: Ppm
    servicing: dict[Literal["consumption", "business"], Ppm]
    stress: dict[Name, Bp] = Field({})


class ReasonShape(Shape):
    """One reason code: its rank (1 first), what it says, and what the customer can do where anything."""

    rank: int = Field(ge=1, le=9_999)
    zh: str = ""
    en: str = ""
    do_zh: str | None = None
    do_en: str | None = None


class ReasonsFile(Shape):
    """reasons.yaml"""

    reasons: dict[Code, ReasonShape]
