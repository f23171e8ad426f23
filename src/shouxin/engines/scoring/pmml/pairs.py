"""The one kind of DerivedField that is read: the cell of a pair table, as `write_pmml` writes it.

    cell = place in `down` x columns of the table + place in `across`

A place is a nested `if`: isMissing first, then tests of the same field, each with the number of its row or column.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from shouxin.engines.scoring.pmml.bins import Binned, binned
from shouxin.engines.scoring.pmml.errors import FieldNotDeclared, PartAbsent, PartNotRead, ValueNotRead
from shouxin.engines.scoring.pmml.fields import InputField
from shouxin.engines.scoring.pmml.predicates import (
    COMPARED,
    ORDERED,
    Always,
    Among,
    Compare,
    Kind,
    Known,
    Predicate,
    read_number,
    read_value,
)
from shouxin.engines.scoring.pmml.xml import Element

FORM = "Apply + of (Apply * of a nested if and a Constant) and a nested if, as a pair table is written"
TESTS = ("isMissing", "isNotMissing", "isIn", "isNotIn", *COMPARED, *ORDERED)


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a pair table: a field, its bins, and the row or column of each attribute of the bins."""

    field: str
    binned: Binned
    places: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells of a pair table, numbered row by row; `width` is the number of its columns."""

    down: Side
    across: Side
    width: int


def read_cells(element: Element, inputs: Mapping[str, InputField]) -> Cells:
    """A DerivedField that numbers the cells of a pair table.

    Raises PartNotRead, PartAbsent, ValueNotRead, NumberNotRead, FieldNotDeclared.
    """
    element.only(("name", "displayName", "optype", "dataType"), ("Apply",))
    element.word("dataType", ("integer",), "")
    row, across = _call(element.one("Apply"), "+", 2)
    down, width = _call(row, "*", 2)
    return Cells(_side(down, inputs), _side(across, inputs), _whole(width))


def _call(element: Element, function: str, count: int) -> list[Element]:
    element.only(("function",), ("Apply", "FieldRef", "Constant"))
    if element.tag != "Apply" or element.attributes.get("function") != function or len(element.parts) != count:
        raise PartNotRead(element.path, f"<{element.tag}>", known=FORM)
    return element.parts


def _whole(element: Element) -> int:
    if element.tag != "Constant":
        raise PartNotRead(element.path, f"<{element.tag}>", known=FORM)
    element.only(("dataType",))
    value = read_number(element.text, element.path)
    if value != value.to_integral_value() or value < 0:
        raise PartNotRead(element.path, element.text, known=FORM)
    return int(value)


def _side(element: Element, inputs: Mapping[str, InputField]) -> Side:
    tests: list[tuple[Predicate, int]] = []
    names: set[str] = set()
    while element.tag == "Apply":
        condition, then, element = _call(element, "if", 3)
        name, predicate = _test(condition, inputs)
        names.add(name)
        tests.append((predicate, _whole(then)))
    if len(names) != 1 or tests[0][0] != Known(next(iter(names)), False):
        raise PartNotRead(element.path, f"<{element.tag}>", known=FORM)
    tests.append((Always(True), _whole(element)))
    field = names.pop()
    return Side(field, binned(inputs[field], [each for each, _ in tests]), tuple(place for _, place in tests))


def _test(element: Element, inputs: Mapping[str, InputField]) -> tuple[str, Predicate]:
    element.only(("function",), ("FieldRef", "Constant"))
    function = element.word("function", TESTS, "")
    reference, *constants = element.parts or [element]
    if reference.tag != "FieldRef":
        raise PartAbsent(element.path, f"<{element.tag}>", needed="<FieldRef>")
    reference.only(("field",))
    name = reference.attribute("field")
    if name not in inputs:
        raise FieldNotDeclared(reference.path, name, known=", ".join(inputs) or "none")
    kind = inputs[name].kind
    values = tuple(_constant(each, kind) for each in constants)
    if function in ("isMissing", "isNotMissing") and not values:
        return name, Known(name, function == "isNotMissing")
    if function in ("isIn", "isNotIn") and values:
        return name, Among(name, function == "isIn", values)
    ordered = function in ORDERED and kind in ("double", "int")
    if (ordered or function in COMPARED) and len(values) == 1:
        return name, Compare(name, function, values[0])
    raise PartNotRead(element.path, function, known=FORM)


def _constant(element: Element, kind: Kind) -> Decimal | str:
    if element.tag != "Constant":
        raise PartNotRead(element.path, f"<{element.tag}>", known="<Constant>")
    element.only(("dataType",))
    known = {"enum": "string", "bool": "boolean"}.get(kind, "double, integer").split(", ")
    if element.attributes.get("dataType", known[0]) not in known:
        raise ValueNotRead(f"{element.path}/@dataType", element.attributes["dataType"], known=", ".join(known))
    return read_value(element.text, kind, element.path)
