"""The specification of a fit: what is bad, which columns are used and how, how rows are set aside, the scale.

    spec = read_spec(Path("spec.yaml").read_text(encoding="utf-8"), "spec.yaml")
    spec.used["age"].direction                      the columns that the card may use

`shouxin score profile` drafts one (profile.py), `spec_text.py` writes it, `spec_check.py` holds it against the data.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BeforeValidator, Field, TypeAdapter, ValidationError, model_validator

from shouxin.engines.policy.errors import BundleRefused, Fault
from shouxin.engines.policy.load import faults_of_shape
from shouxin.engines.policy.model import Code, Name, ProductCode, Scale, Shape, Text
from shouxin.engines.policy.source import read_yaml

LONGEST_REASON = 40  # a code has at most 48

InputType: TypeAlias = Literal["double", "int", "money", "bp", "ppm", "enum", "bool"]
Direction: TypeAlias = Literal["up", "down", "either"]
MissingRule: TypeAlias = Literal["own", "neutral", "worst"]


def _word(value: Any) -> Any:
    """A value of the data as text: of a number its digits, of a flag true or false."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return str(value) if isinstance(value, int) else value


Word: TypeAlias = Annotated[Text, BeforeValidator(_word)]


class TargetSpec(Shape):
    """What the card predicts.

    bad, indeterminate: values of the column, as text; a row with any other value is good, one with none is left out
    """

    column: Text
    bad: list[Word] = Field(min_length=1)
    indeterminate: list[Word] = Field(default_factory=list)
    definition: Text | None = None
    observation_window: Text | None = None
    performance_window: Text | None = None

    @model_validator(mode="after")
    def _apart(self) -> TargetSpec:
        if both := set(self.bad) & set(self.indeterminate):
            raise ValueError(f"{', '.join(sorted(both))}: bad or indeterminate, not both")
        return self


class SplitSpec(Shape):
    """How rows are set aside to test on: so many at random, those from a day on, or none. `test_share` is 0 to 1."""

    method: Literal["random", "out_of_time", "none"] = "random"
    test_share: Annotated[Decimal, Field(gt=0, lt=1)] = Decimal("0.3")
    seed: Annotated[int, Field(ge=0, lt=2**32)] = 0
    column: Text | None = None
    since: dt.date | None = None

    @model_validator(mode="after")
    def _complete(self) -> SplitSpec:
        if self.method == "out_of_time" and (self.column is None or self.since is None):
            raise ValueError("out_of_time needs `column`, a column of days, and `since`, the first day of the test")
        return self


class ColumnSpec(Shape):
    """How one column of the data is used.

    input:          its name in the card
    type:           bounds are in the unit that a person writes: major units of money, percent of bp and ppm
    direction:      up: more is better; down: more is worse; either: as the data say
    special:        numbers that are codes, each given points apart from the others
    missing:        own: points of their own; neutral: none; worst: those of the worst bin
    missing_values: what counts as missing beside empty cells
    reason, zh, en: the reason code of points lost, and what the column is called
    why:            why it is not used
    leak:           whether the screen for leaks named it
    """

    use: bool
    input: Name
    type: InputType
    direction: Direction = "either"
    special: list[int | Decimal] = Field(default_factory=list)
    missing: MissingRule = "own"
    missing_values: list[int | str | Decimal] = Field(default_factory=list)
    reason: Code
    zh: Text
    en: Text
    why: Text | None = None
    leak: bool = False

    @model_validator(mode="after")
    def _fitting(self) -> ColumnSpec:
        if len(self.reason) > LONGEST_REASON:
            raise ValueError(f"reason: at most {LONGEST_REASON} characters; the card adds _MISSING and _SPECIAL to it")
        if self.type in ("enum", "bool") and (self.special or self.direction != "either"):
            raise ValueError(f"`special` and `direction` are of numbers; {self.type} has none")
        if both := set(self.special) & set(self.missing_values):
            raise ValueError(f"{', '.join(str(each) for each in sorted(both, key=str))}: special or missing, not both")
        return self


class Spec(Shape):
    """The specification of one fit.

    true_bad_rate: the portfolio's own, 0 to 1, where the data was balanced or weighted
    weights:       a column that says how many customers each row stands for
    segments:      a column whose every value gets a card of its own
    protected:     columns that are measured and never used
    scale:         of the score; where it is not said, the house's, with fewer points to double where scores would be cut off
    columns:       by column of the data, in its order
    decision_date: a column of the days on which was decided; nothing later was known then
    """

    name: ProductCode
    zh: Text
    en: Text
    target: TargetSpec
    split: SplitSpec = SplitSpec()
    true_bad_rate: Annotated[Decimal, Field(gt=0, lt=1)] | None = None
    weights: Text | None = None
    segments: Text | None = None
    protected: list[Text] = Field(default_factory=list)
    scale: Scale | None = None
    decision_date: Text | None = None
    columns: dict[Text, ColumnSpec] = Field(min_length=1)

    @property
    def used(self) -> Mapping[str, ColumnSpec]:
        """The columns that the card may use, in order."""
        return {column: each for column, each in self.columns.items() if each.use}

    @model_validator(mode="after")
    def _inputs_differ(self) -> Spec:
        first: dict[str, str] = {}
        for column, each in self.columns.items():
            if each.input in first:
                raise ValueError(f"columns {first[each.input]} and {column} have the same `input`, {each.input}: name one anew")
            first[each.input] = column
        return self


class SpecRefused(BundleRefused):
    """A specification that cannot be used. Carries every fault found, in order of line."""


def read_spec(text: str, name: str = "spec.yaml") -> Spec:
    """The specification of a file's text.

    Raises SpecRefused with every fault of form: file and line, what stands there, what would be right.

    >>> read_spec("name: Mine", "spec.yaml")
    Traceback (most recent call last):
    ...
    shouxin.engines.scoring.fitting.spec.SpecRefused: spec.yaml:1: E-SHAPE: 'Mine': name: a code is a-z and 0-9 with \
single hyphens, such as consumer-line, at most 40 characters
    spec.yaml:1: E-SHAPE: 'columns': columns: Field required
    spec.yaml:1: E-SHAPE: 'en': en: Field required
    spec.yaml:1: E-SHAPE: 'target': target: Field required
    spec.yaml:1: E-SHAPE: 'zh': zh: Field required
    """
    faults: list[Fault] = []
    file = read_yaml(name, text, faults)
    if file is None or faults:
        raise SpecRefused(faults)
    try:
        spec: Spec = TypeAdapter(Spec).validate_python(file.data)
    except ValidationError as error:
        raise SpecRefused(faults_of_shape(error, file)) from None
    return spec
