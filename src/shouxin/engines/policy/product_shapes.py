"""The shape of a product's file: terms, price, limits, uses, and the scenarios in which it is offered otherwise."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal, TypeAlias

from pydantic import AfterValidator, Field, model_validator

from shouxin.engines.policy.names import check_product
from shouxin.engines.policy.shapes import Bp, Code, Expression, Money, Name, Ppm, ProductCode, RuleShape, Shape, Text


def _day_of_year(written: str) -> str:
    try:
        if len(written) == 5:
            dt.date.fromisoformat(f"2000-{written}")  # a leap year: 29 February is a day of some years
            return written
    except ValueError:
        pass
    raise ValueError("a day of the year, written MM-DD such as 11-11")


DayOfYear: TypeAlias = Annotated[str, AfterValidator(_day_of_year)]
ScenarioName: TypeAlias = Annotated[str, AfterValidator(check_product)]


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


class PaperShape(Shape):
    """One kind of paper, as the customer is asked for it."""

    zh: Text
    en: Text


class ProofShape(Shape):
    """A draw of more than this needs one of these papers."""

    above: Annotated[Money, Field(ge=0)]
    papers: dict[Name, PaperShape] = Field(min_length=1)


class UsesShape(Shape):
    """What the money may and may not be used for.

    forbidden_categories: merchant category codes (ISO 18245) of payees that no draw may go to
    proof_above:          a draw of more than this needs a document that proves the use
    proof:                which papers prove it, from which amount on; `proof_above` is the lowest of those amounts
    entrusted_above:      a draw of more than this goes to the payee, not to the borrower (受托支付)
    """

    allowed: list[Name]
    forbidden: list[Name]
    forbidden_categories: list[MerchantCategory] = Field([])
    proof_above: Money | None = None
    proof: list[ProofShape] = Field([])
    entrusted_above: Money | None = None

    @model_validator(mode="after")
    def _proof_from_its_lowest_amount(self) -> UsesShape:
        if self.proof and self.proof_above != min(each.above for each in self.proof):
            raise ValueError("proof_above is the lowest `above` of proof")
        return self


class ReopeningShape(Shape):
    """Days to wait before the same product may be opened again, by why it was closed."""

    reason: Code
    waits: dict[Name, Annotated[int, Field(ge=0, le=3_650)]]


class YearlyShape(Shape):
    """The same days of every year, both included; they may lie over the end of the year."""

    since: DayOfYear = Field(alias="from")
    until: DayOfYear


class WindowShape(Shape):
    """When a scenario is offered: from a day, until a day (included), on some days of every year; all that are written."""

    since: dt.date | None = Field(None, alias="from")
    until: dt.date | None = None
    yearly: YearlyShape | None = None
    reason: Code

    @model_validator(mode="after")
    def _ever_open(self) -> WindowShape:
        if not (self.since or self.until or self.yearly):
            raise ValueError("a window has `from`, `until` or `yearly`; a scenario that is always offered has no window")
        if self.since and self.until and self.since > self.until:
            raise ValueError("from is not after until")
        return self


class TriggerShape(Shape):
    """What must be TRUE for a scenario to be offered; where it is NULL, a person decides."""

    when: Expression
    reason: Code


class ScenarioPriceShape(Shape):
    """A price table of its own, or a reduction in percent of the base's rate (10: nine tenths of it)."""

    table: ProductCode | None = None
    reduction: Annotated[Bp, Field(gt=0, lt=10_000)] | None = None

    @model_validator(mode="after")
    def _one(self) -> ScenarioPriceShape:
        if (self.table is None) == (self.reduction is None):
            raise ValueError("either `table` or `reduction`")
        return self


class ScenarioShape(Shape):
    """A product's variant for one situation. What is not written here is as in the product.

    within:      `line`: it draws on the product's own line, whose pool it joins; `total_line`: it has a limit of its own
    limits:      further ceilings; one with the name of a ceiling of the product stands in its place
    uses:        allowed uses, all of them uses of the product
    proof:       in place of the product's, papers by amount
    eligibility: further knock-outs; those of the product apply as well
    """

    zh: Text
    en: Text
    within: Literal["line", "total_line"]
    window: WindowShape | None = None
    trigger: TriggerShape | None = None
    minimum: Money | None = None
    maximum: Money | None = None
    step: Money | None = None
    terms: Annotated[list[TermShape], Field(min_length=1)] | None = None
    limits: dict[Name, LimitShape] = Field({})
    affordability: AffordabilityShape | None = None
    price: ScenarioPriceShape | None = None
    uses: Annotated[list[Name], Field(min_length=1)] | None = None
    proof: list[ProofShape] = Field([])
    eligibility: list[RuleShape] = Field([])
    line_months: Annotated[int, Field(ge=1, le=120)] | None = None


class ProductFile(Shape):
    """products/*.yaml; the file's name is the product's code.

    scenarios:     variants for one situation each; a scenario is a product too, of code PRODUCT-SCENARIO
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
    limits: dict[Name, LimitShape] = Field({})
    affordability: AffordabilityShape | None = None
    eligibility: list[RuleShape] = Field([])
    reopening: ReopeningShape | None = None
    uses: UsesShape
    pool: Name | None = None
    line_months: int = Field(12, ge=1, le=120)
    unused_months: int | None = Field(None, ge=1, le=120)
    yearly_review_above_months: int | None = None
    renewal_without_repaying: bool = False
    scenarios: dict[ScenarioName, ScenarioShape] = Field({})
