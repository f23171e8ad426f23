"""The shape of a scorecard file, scorecards/*.yaml: characteristics with their bins, pair tables, and what it was fitted from.

A card that was fitted says what it was made of under `fitted`. Nothing there decides, but its scale is the bundle's.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal, TypeAlias

from pydantic import Field, model_validator

from shouxin.engines.policy.model import Code, Expression, Name, Number, ProductCode, ReasonShape, Scale, Shape, Text

Points: TypeAlias = Annotated[int, Field(ge=-600, le=600)]
Count: TypeAlias = Annotated[int, Field(ge=0)]
Figure: TypeAlias = int | Decimal


class AxisBinShape(Shape):
    """Where one bin lies: `below` for numbers and dates, `in` for enums, flags and special values, neither for the rest."""

    below: Number | None = None
    within: list[str | bool | int | Decimal | dt.date] | None = Field(None, alias="in", min_length=1)


class BinShape(AxisBinShape):
    """One bin and its points; `rows` and `bads` are the counts in the data that it was fitted on."""

    points: Points
    rows: Count | None = None
    bads: Count | None = None


class CharacteristicShape(Shape):
    """One row of a card."""

    input: Name
    reason: Code
    bins: list[BinShape] = Field(min_length=1, max_length=40)
    direction: Literal["up", "down", "either"] = "either"
    dimension: Literal["credit_history", "ability_to_pay", "behaviour", "identity_and_stability", "relations"] | None = None
    missing: Points | None = None
    no_record: Points | None = None
    missing_reason: Code | None = None
    no_record_reason: Code | None = None
    special_reason: Code | None = None
    missing_rows: Count | None = None
    missing_bads: Count | None = None


class AxisShape(Shape):
    """One side of an inline pair table: the bins of an input, as those of a characteristic."""

    input: Name
    bins: list[AxisBinShape] = Field(min_length=1, max_length=40)


class PairShape(Shape):
    """Points from two or more inputs together: a table of tables/, or one written here over two inputs.

    points: a row for each bin of `down` and one where it is missing; in it a column for each bin of `across` and one
            where that is missing
    """

    reason: Code
    table: ProductCode | None = None
    down: AxisShape | None = None
    across: AxisShape | None = None
    points: list[list[Points]] | None = None

    @model_validator(mode="after")
    def _one_form(self) -> PairShape:
        inline = (self.down, self.across, self.points)
        given = [part is not None for part in inline]
        if any(given) == (self.table is not None) or any(given) != all(given):
            raise ValueError("either `table`, or all of `down`, `across` and `points`")
        if self.down is not None and self.across is not None and self.points is not None:
            _check_matrix(self.down, self.across, self.points)
        return self


def _check_matrix(down: AxisShape, across: AxisShape, points: list[list[int]]) -> None:
    rows, columns = len(down.bins) + 1, len(across.bins) + 1
    if len(points) != rows:
        raise ValueError(f"points has {len(points)} rows: it needs {rows}, one per bin of `down` and the last for missing")
    for index, row in enumerate(points):
        if len(row) != columns:
            right = f"it needs {columns}, one per bin of `across` and the last for missing"
            raise ValueError(f"row {index + 1} of points has {len(row)} columns: {right}")


class FittedInputShape(Shape):
    """How an input of a fitted card is read from a data file.

    type: the bounds of the card's bins are in the unit a person writes: major units of money, percent of bp and ppm
    """

    column: Text
    type: Literal["double", "int", "money", "bp", "ppm", "enum", "bool"]
    zh: Text
    en: Text
    values: list[str] = Field(default_factory=list)
    map: dict[str, str] = Field(default_factory=dict)
    missing_values: list[int | str | Decimal] = Field(default_factory=list)


class TargetShape(Shape):
    """What the card predicts: the column, its value that means bad, and what bad is."""

    column: Text
    bad: Text
    definition: Text | None = None
    observation_window: Text | None = None
    performance_window: Text | None = None
    indeterminate: Text | None = None


class DataShape(Shape):
    """The data that the card was fitted on. `true_bad_rate`: the portfolio's own, 0 to 1, where the data was balanced."""

    name: Text
    rows: Count
    bads: Count
    fingerprint: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    true_bad_rate: Annotated[Figure, Field(gt=0, lt=1)] | None = None


class SplitShape(Shape):
    """How rows were set aside to test on. `test_share` is 0 to 1; `column` and `since` are of a split out of time."""

    method: Literal["random", "out_of_time", "none"]
    seed: int | None = None
    test_share: Annotated[Figure, Field(ge=0, lt=1)] | None = None
    column: Text | None = None
    since: dt.date | None = None


class CalibrationBandShape(Shape):
    """One band of scores, both ends included: rows and bads in it, and the probability of default that the scale says."""

    since: int = Field(alias="from")
    until: int = Field(alias="to")
    rows: Count
    bads: Count
    pd_ppm: Annotated[int, Field(ge=0, le=1_000_000)]


class CalibrationShape(Shape):
    """The logistic regression of the outcome on the log odds that the scale says: slope 1 and intercept 0 are perfect."""

    slope: Figure
    intercept: Figure
    bands: list[CalibrationBandShape] = Field(default_factory=list)


class FittedShape(Shape):
    """What a card was made of. `allowed` are columns that the screen for leaks named and the analyst let in."""

    scale: Scale
    inputs: dict[Name, FittedInputShape] = Field(min_length=1)
    segment: Text | None = None
    target: TargetShape | None = None
    data: DataShape | None = None
    split: SplitShape | None = None
    calibration: CalibrationShape | None = None
    method: dict[str, bool | Figure | str] = Field(default_factory=dict)
    allowed: list[str] = Field(default_factory=list)
    versions: dict[str, str] = Field(default_factory=dict)
    on: dt.date | None = None


class ScorecardFile(Shape):
    """scorecards/*.yaml

    reasons: texts of the card's own reason codes; the bundle's reasons.yaml and reasons/*.yaml win where they have the code
    """

    zh: Text
    en: Text
    when: Expression | None = None
    base: int
    characteristics: dict[Name, CharacteristicShape] = Field(min_length=1, max_length=60)
    pairs: dict[Name, PairShape] = Field(default_factory=dict)
    reasons: dict[Code, ReasonShape] = Field(default_factory=dict)
    fitted: FittedShape | None = None
