"""The shape of each file of a bundle: what may stand where, and in which unit.

In the files money is in major units (yuan), rates are in percent a year. Here money is minor units and rates are ppm:
the units change once, on the way in.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from shouxin.engines.policy.names import check_name, check_product, check_reason

MAX_MONEY = 10**13


def _scaled(factor: int, unit: str) -> Any:
    def convert(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            raise ValueError(f"a number in {unit}, such as 300000 or 12.50")
        scaled = Decimal(value) * factor
        if scaled != scaled.to_integral_value() or abs(scaled) > MAX_MONEY:
            raise ValueError(
                f"a number in {unit} with at most {len(str(factor)) - 1} decimals, not beyond {MAX_MONEY // factor:,}"
            )
        return int(scaled)

    return BeforeValidator(convert)


Money: TypeAlias = Annotated[int, _scaled(100, "major units")]
Ppm: TypeAlias = Annotated[int, _scaled(10_000, "percent")]
Bp: TypeAlias = Annotated[int, _scaled(100, "percent")]
Name: TypeAlias = Annotated[str, AfterValidator(check_name)]
Code: TypeAlias = Annotated[str, AfterValidator(check_reason)]
ProductCode: TypeAlias = Annotated[str, AfterValidator(check_product)]
Text: TypeAlias = Annotated[str, Field(min_length=1, max_length=400)]


def _number(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | Decimal | dt.date):
        raise ValueError("a number such as 12 or 0.35, or a day written YYYY-MM-DD")
    return value


def _default(value: Any) -> Any:
    return value if isinstance(value, bool | str) else _number(value)


def _written(value: Any) -> Any:
    """A formula may be written as a bare number."""
    return str(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else value


Number: TypeAlias = Annotated[Any, BeforeValidator(_number)]
Default: TypeAlias = Annotated[Any, BeforeValidator(_default)]
Expression: TypeAlias = Annotated[str, BeforeValidator(_written)]
Licence: TypeAlias = Literal["bank", "consumer_finance", "microlender"]
Effect: TypeAlias = Literal["decline", "refer"]


class Shape(BaseModel):
    """Frozen, and strict about unknown keys."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, arbitrary_types_allowed=True)


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


class FactShape(Shape):
    """One fact: what it is, between which bounds it lies, from which column it is read.

    if_absent: its value where a file has no such column, or the word `missing`
    otherwise: which of an enum's values a text is read as that is none of them
    """

    type: Literal["int", "money", "bp", "ppm", "bool", "enum", "date", "double"]
    zh: Text
    en: Text
    source: Name
    min: Number | None = None
    max: Number | None = None
    values: list[str] = []
    required: bool = False
    column: Text | None = None
    unit: Literal["minor", "major"] = "major"
    map: dict[str, str] = {}
    otherwise: str | None = None
    missing_values: list[int | str | Decimal] = []
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
    families: dict[Name, FactShape] = {}


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


class RuleShape(Shape):
    """One knock-out."""

    code: Code
    when: Expression
    effect: Effect = "decline"
    products: list[ProductCode] | None = None


class RulesFile(Shape):
    """rules.yaml"""

    rules: list[RuleShape]


class TermShape(Shape):
    """A repayment method and the tenors offered with it."""

    method: Literal["equal_instalment", "equal_principal", "interest_only", "flexible"]
    months: list[Annotated[int, Field(ge=1, le=600)]] = Field(min_length=1, max_length=60)


class LimitShape(Shape):
    """One of the ceilings of a product's limit; `formula` or `table`."""

    reason: Code
    formula: Expression | None = None
    table: ProductCode | None = None


class PriceShape(Shape):
    """The annual rate, simple, in percent, from a decision table; a fee paid at the draw, in percent of it."""

    table: ProductCode
    upfront_fee: Annotated[Ppm, Field(ge=0, lt=1_000_000)] = 0
    penalty_multiple_bp: Bp = 15_000
    misuse_multiple_bp: Bp = 20_000


class AffordabilityShape(Shape):
    """The limit at which the monthly instalment equals a capacity."""

    capacity: Expression
    method: Literal["equal_instalment"] = "equal_instalment"
    months: int = Field(ge=1, le=360)
    reason: Code


MerchantCategory: TypeAlias = Annotated[str, Field(pattern="^[0-9]{4}$")]


class UsesShape(Shape):
    """What the money may and may not be used for.

    forbidden_categories: merchant category codes (ISO 18245) of payees that no draw may go to
    proof_above:          a draw of more than this needs a document that proves the use
    entrusted_above:      a draw of more than this goes to the payee, not to the borrower (受托支付)
    """

    allowed: list[Name]
    forbidden: list[Name]
    forbidden_categories: list[MerchantCategory] = []
    proof_above: Money | None = None
    entrusted_above: Money | None = None


class ReopeningShape(Shape):
    """Days to wait before the same product may be opened again, by why it was closed."""

    reason: Code
    waits: dict[Name, Annotated[int, Field(ge=0, le=3_650)]]


class ProductFile(Shape):
    """products/*.yaml; the file's name is the product's code.

    line_months:   a line under the product expires so long after it was opened or renewed
    unused_months: a line that was neither drawn nor owed for so long is closed; None: never
    """

    zh: Text
    en: Text
    purpose: Literal["consumption", "business"]
    minimum: Money
    maximum: Money
    step: Money
    maximum_reason: Code
    minimum_reason: Code
    terms: list[TermShape] = Field(min_length=1)
    grace_days: int = Field(0, ge=0, le=30)
    grace_in_business_days: bool = False
    price: PriceShape
    limits: dict[Name, LimitShape] = {}
    affordability: AffordabilityShape | None = None
    eligibility: list[RuleShape] = []
    reopening: ReopeningShape | None = None
    uses: UsesShape
    pool: Name | None = None
    line_months: int = Field(12, ge=1, le=120)
    unused_months: int | None = Field(None, ge=1, le=120)
    yearly_review_above_months: int | None = None
    renewal_without_repaying: bool = False


class PoolShape(Shape):
    """Products that share one limit, which is that of the lead."""

    lead: ProductCode
    reason: Code


class DisplacementShape(Shape):
    """Products that cannot be held together. `refuse`: a held one blocks the others; `displace`: opening one closes them."""

    products: list[ProductCode] = Field(min_length=2)
    mode: Literal["refuse", "displace"]
    reason: Code


class ExposureFile(Shape):
    """exposure.yaml

    order:      products in the order in which room under the total line is given
    repayments: products in the order in which money that names no loan repays them; the same order where it is not written
    """

    order: list[ProductCode] = Field(min_length=1)
    repayments: list[ProductCode] = []
    ceiling_reason: Code
    also_counts: Expression | None = None
    pools: dict[Name, PoolShape] = {}
    exclusive: list[DisplacementShape] = []


class EconomicsFile(Shape):
    """economics.yaml"""

    loss_given_default: Bp
    credit_conversion: Bp
    funding: Ppm
    capital: Ppm
    servicing: dict[Literal["consumption", "business"], Ppm]
    stress: dict[Name, Bp] = {}


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


class RegulationFile(Shape):
    """regulation/*.yaml"""

    caps: list[CapShape] = []
    all_in: list[AllInShape] = []
    rules: list[RegulationRuleShape] = []
    bullet: list[BulletShape] = []


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
