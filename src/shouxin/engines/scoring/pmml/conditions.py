"""The bins of a card as an ordered list of conditions, and each of these in PMML's two languages: predicates and expressions.

The first condition that is true decides. One on a missing value is unknown, not true; that for missing itself comes first.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias
from xml.etree import ElementTree as ET

from shouxin.engines.policy.card_shapes import AxisBinShape, FittedInputShape
from shouxin.engines.scoring.cards.cells import cell_of


@dataclass(frozen=True, slots=True)
class Missing:
    """There is no value."""


@dataclass(frozen=True, slots=True)
class Listed:
    """The value is one of these, as they stand in the data."""

    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Below:
    """The number is below this bound."""

    bound: str


@dataclass(frozen=True, slots=True)
class Otherwise:
    """Always: what is left when the conditions before were not true."""


Condition: TypeAlias = Missing | Listed | Below | Otherwise
ARRAY_TYPES = {"string": "string", "double": "real"}
FLAGS = {"true": ("true", "True", "TRUE", "1", "1.0"), "false": ("false", "False", "FALSE", "0", "0.0")}


def data_type(each: FittedInputShape) -> str:
    """PMML's type of an input: number inputs are doubles in the unit of the file, whatever their unit is.

    >>> data_type(FittedInputShape(column="age", type="int", zh="年龄", en="age"))
    'double'
    """
    if each.type == "bool":
        return "string" if each.map or each.missing_values else "boolean"
    return "string" if each.type == "enum" else "double"


def missing_values(each: FittedInputShape) -> list[str]:
    """What stands for missing in the data, as far as PMML's type of the input can hold it."""
    if data_type(each) == "double":
        finite = (value for value in cell_of(each.column, each).missing_numbers if math.isfinite(value))
        return [number(Decimal(repr(value)).normalize()) for value in finite]
    return list(dict.fromkeys(["", *map(number, each.missing_values)])) if data_type(each) == "string" else []


def conditions_of(each: FittedInputShape, bins: Sequence[AxisBinShape]) -> list[Condition]:
    """The conditions of an input's bins, missing first, the end bin last: one more than there are bins."""
    return [Missing(), *(_condition_of(each, bin_) for bin_ in bins[:-1]), Otherwise()]


def _condition_of(each: FittedInputShape, bin_: AxisBinShape) -> Condition:
    if bin_.within is None:
        return Below(number(bin_.below))
    written = [str(value).lower() if isinstance(value, bool) else number(value) for value in bin_.within]
    if data_type(each) != "string":
        return Listed(tuple(written))
    return Listed(tuple(dict.fromkeys(text for value in written for text in _texts(each, value))))


def _texts(each: FittedInputShape, value: str) -> list[str]:
    """The texts of the data that are read as a value: the value itself, unless it is mapped away, and what is mapped to it."""
    own = FLAGS[value] if each.type == "bool" else (value,)
    return [text for text in own if text not in each.map] + [text for text, word in each.map.items() if word == value]


def number(value: object) -> str:
    """A number written out, without an exponent.

    >>> number(Decimal("1E+3")), number(96), number(Decimal("0.30"))
    ('1000', '96', '0.30')
    """
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def as_predicate(condition: Condition, field: str, kind: str) -> ET.Element:
    """A condition as a predicate over a field of a PMML data type."""
    match condition:
        case Missing():
            return ET.Element("SimplePredicate", field=field, operator="isMissing")
        case Below(bound):
            return ET.Element("SimplePredicate", field=field, operator="lessThan", value=bound)
        case Listed(values) if len(values) == 1:
            return ET.Element("SimplePredicate", field=field, operator="equal", value=values[0])
        case Listed(values) if not values or kind == "boolean" or any(set(value) & set('"\\\n\r\t') for value in values):
            return _any_of(values, field)
        case Listed(values):
            return in_array(field, values, ARRAY_TYPES[kind])
        case Otherwise():
            return ET.Element("True")


def _any_of(values: Sequence[str], field: str) -> ET.Element:
    """For texts that an Array cannot hold without escapes, which are read differently from one evaluator to another."""
    if not values:
        return ET.Element("False")
    found = ET.Element("CompoundPredicate", booleanOperator="or")
    for value in values:
        ET.SubElement(found, "SimplePredicate", field=field, operator="equal", value=value)
    return found


def in_array(field: str, values: Sequence[str], kind: str) -> ET.Element:
    """The predicate that a field is one of some values."""
    found = ET.Element("SimpleSetPredicate", field=field, booleanOperator="isIn")
    array = ET.SubElement(found, "Array", n=str(len(values)), type=kind)
    array.text = " ".join(f'"{value}"' if kind == "string" else value for value in values)
    return found


def as_expression(conditions: Sequence[Condition], field: str, kind: str) -> ET.Element:
    """The place of the first condition that is true, counted from 0 but missing as the last; a nested `if`."""
    places = [len(conditions) - 1, *range(len(conditions) - 1)]
    found = constant(str(places[-1]), "integer")
    for condition, place in reversed(list(zip(conditions[:-1], places[:-1], strict=True))):
        found = apply("if", _call_of(condition, field, kind), constant(str(place), "integer"), found)
    return found


def _call_of(condition: Condition, field: str, kind: str) -> ET.Element:
    match condition:
        case Below(bound):
            return apply("lessThan", reference(field), constant(bound, kind))
        case Listed(values) if values:
            return apply("isIn", reference(field), *(constant(value, kind) for value in values))
        case _:  # missing; further down also a list of no values: what is missing never comes so far
            return apply("isMissing", reference(field))


def apply(function: str, *parts: ET.Element) -> ET.Element:
    """A call of one of PMML's built-in functions."""
    found = ET.Element("Apply", function=function)
    found.extend(parts)
    return found


def reference(field: str) -> ET.Element:
    """The value of a field."""
    return ET.Element("FieldRef", field=field)


def constant(value: str, kind: str) -> ET.Element:
    """A constant of a PMML data type."""
    found = ET.Element("Constant", dataType=kind)
    found.text = value
    return found
