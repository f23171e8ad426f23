"""The words that every file of a bundle is made of: money, rates, names, codes, and how strict a shape is.

In the files money is in major units (yuan), rates are in percent a year. Here money is minor units and rates are ppm:
the units change once, on the way in.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

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


class RuleShape(Shape):
    """One knock-out."""

    code: Code
    when: Expression
    effect: Effect = "decline"
    products: list[ProductCode] | None = None
