"""The predicates of PMML, and when they are true of one value (PMML 4.4, TreeModel, predicates).

A comparison with a missing value is unknown: neither true nor false. `and`, `or` and `xor` follow three-valued logic, and
`surrogate` is the first of its parts that is known.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from operator import eq, ge, gt, le, lt, ne
from typing import Literal, TypeAlias

from shouxin.engines.scoring.pmml.errors import ArrayNotRead, NumberNotRead, PartAbsent, PartNotRead, ValueNotRead
from shouxin.engines.scoring.pmml.xml import Element

Kind: TypeAlias = Literal["double", "int", "enum", "bool"]
Value: TypeAlias = Decimal | str | None
COMPARED: dict[str, Callable[[object, object], bool]] = {"equal": eq, "notEqual": ne}
ORDERED: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "lessThan": lt,
    "lessOrEqual": le,
    "greaterThan": gt,
    "greaterOrEqual": ge,
}
PREDICATES = ("SimplePredicate", "SimpleSetPredicate", "CompoundPredicate", "True", "False")
ARRAYS = {"double": ("int", "real"), "int": ("int", "real"), "enum": ("string",), "bool": ("string",)}
MOST_WHOLE, MOST_DECIMALS = 15, 17
_ITEM = re.compile(r'\s*(?:"((?:[^"\\]|\\")*)"|([^\s"\\]+))(?=\s|$)')
_NUMBER = re.compile(r"[+-]?([0-9]{1,60}(\.[0-9]{0,60})?|\.[0-9]{1,60})([eE][+-]?[0-9]{1,3})?\Z")
KindOf: TypeAlias = Callable[[Element], Kind]


@dataclass(frozen=True, slots=True)
class Always:
    """<True/> or <False/>."""

    truth: bool


@dataclass(frozen=True, slots=True)
class Known:
    """Whether there is a value at all: isMissing where `truth` is False, else isNotMissing."""

    field: str
    truth: bool


@dataclass(frozen=True, slots=True)
class Compare:
    """A value against a constant."""

    field: str
    operator: str
    value: Decimal | str


@dataclass(frozen=True, slots=True)
class Among:
    """Whether the value is one of some: isIn where `truth` is True, else isNotIn."""

    field: str
    truth: bool
    values: tuple[Decimal | str, ...]


@dataclass(frozen=True, slots=True)
class Compound:
    """Predicates joined by and, or, xor, surrogate."""

    operator: str
    parts: tuple[Predicate, ...]


Predicate: TypeAlias = Always | Known | Compare | Among | Compound


def holds(predicate: Predicate, value: Value) -> bool | None:
    """Whether a predicate is true of a value; None where that is unknown.

    >>> holds(Compare("age", "lessThan", Decimal(18)), Decimal(17)), holds(Compare("age", "lessThan", Decimal(18)), None)
    (True, None)
    """
    match predicate:
        case Always(truth):
            return truth
        case Known(_, truth):
            return (value is not None) == truth
        case Compound(operator, parts):
            return _joined(operator, [holds(part, value) for part in parts])
        case _ if value is None:
            return None
        case Among(_, truth, values):
            return (value in values) == truth
        case Compare(_, operator, bound) if operator in COMPARED:
            return COMPARED[operator](value, bound)
        case Compare(_, operator, bound):
            assert isinstance(value, Decimal) and isinstance(bound, Decimal)
            return ORDERED[operator](value, bound)


def _joined(operator: str, truths: Sequence[bool | None]) -> bool | None:
    if operator == "surrogate":
        return next((truth for truth in truths if truth is not None), None)
    if operator == "xor":
        return None if None in truths else sum(map(bool, truths)) % 2 == 1
    settled = operator == "or"
    if settled in truths:
        return settled
    return None if None in truths else not settled


def leaves(predicate: Predicate) -> Iterator[Always | Known | Compare | Among]:
    """The simple predicates in a predicate."""
    if isinstance(predicate, Compound):
        for part in predicate.parts:
            yield from leaves(part)
    else:
        yield predicate


def fields(predicate: Predicate) -> set[str]:
    """The fields that a predicate reads."""
    return {leaf.field for leaf in leaves(predicate) if not isinstance(leaf, Always)}


def constants(predicate: Predicate) -> set[Decimal | str]:
    """The values that a predicate compares with."""
    found: set[Decimal | str] = set()
    for leaf in leaves(predicate):
        if isinstance(leaf, Among):
            found |= set(leaf.values)
        elif isinstance(leaf, Compare):
            found.add(leaf.value)
    return found


def names_values(predicate: Predicate) -> bool:
    """Whether it is true of values that it names, one by one: the predicate of special values, not of a range."""
    return all(
        (isinstance(leaf, Among) and leaf.truth) or (isinstance(leaf, Compare) and leaf.operator == "equal")
        for leaf in leaves(predicate)
    )


def read_predicate(element: Element, kind_of: KindOf) -> Predicate:
    """A predicate from its element. `kind_of` gives the kind of the field that an element names.

    Raises PartNotRead, PartAbsent, ValueNotRead, NumberNotRead, ArrayNotRead.
    """
    match element.tag:
        case "True" | "False":
            element.only(())
            return Always(element.tag == "True")
        case "SimplePredicate":
            return _simple(element, kind_of)
        case "SimpleSetPredicate":
            return _set(element, kind_of)
        case "CompoundPredicate":
            element.only(("booleanOperator",), PREDICATES)
            element.attribute("booleanOperator")
            operator = element.word("booleanOperator", ("and", "or", "xor", "surrogate"), "")
            if len(element.parts) < 2:
                raise PartAbsent(element.path, f"<{element.tag}>", needed="two predicates or more")
            return Compound(operator, tuple(read_predicate(part, kind_of) for part in element.parts))
        case _:
            raise PartNotRead(element.path, f"<{element.tag}>", known=", ".join(f"<{each}>" for each in PREDICATES))


def _simple(element: Element, kind_of: KindOf) -> Predicate:
    element.only(("field", "operator", "value"))
    kind, name, operator = kind_of(element), element.attribute("field"), element.attribute("operator")
    if operator in ("isMissing", "isNotMissing"):
        return Known(name, operator == "isNotMissing")
    known = (*COMPARED, *ORDERED) if kind in ("double", "int") else tuple(COMPARED)
    if operator not in known:
        raise ValueNotRead(f"{element.path}/@operator", operator, known=", ".join((*known, "isMissing", "isNotMissing")))
    return Compare(name, operator, read_value(element.attribute("value"), kind, f"{element.path}/@value"))


def _set(element: Element, kind_of: KindOf) -> Predicate:
    element.only(("field", "booleanOperator"), ("Array",))
    kind, name = kind_of(element), element.attribute("field")
    element.attribute("booleanOperator")
    inside = element.word("booleanOperator", ("isIn", "isNotIn"), "") == "isIn"
    array = element.one("Array")
    array.only(("n", "type"))
    array.attribute("type")
    array.word("type", ARRAYS[kind], "")
    items = read_array(array)
    return Among(name, inside, tuple(read_value(each, kind, array.path) for each in items))


def read_array(array: Element) -> list[str]:
    """The values of an <Array>. Raises ArrayNotRead.

    In a text in double quotes, a double quote is written with a backslash before it; no other use of a backslash is read.
    """
    text, items, at = array.text.rstrip(), list[str](), 0
    while at < len(text):
        found = _ITEM.match(text, at)
        if found is None:
            raise ArrayNotRead(array.path, text[at:], count=array.attributes.get("n", "the"))
        quoted, bare = found.groups()
        items.append(quoted.replace('\\"', '"') if quoted is not None else bare)
        at = found.end()
    if array.attributes.get("n", str(len(items))) != str(len(items)):
        raise ArrayNotRead(array.path, text, count=array.attributes["n"])
    return items


def read_value(text: str, kind: Kind, path: str) -> Decimal | str:
    """A constant as a value of a kind of field. Raises NumberNotRead, ValueNotRead."""
    if kind == "enum":
        return text
    if kind == "bool":
        if text not in ("true", "false"):
            raise ValueNotRead(path, text, known="true, false")
        return text
    return read_number(text, path)


def read_number(text: str, path: str, most_whole: int = MOST_WHOLE) -> Decimal:
    """A number that a bin of a card can hold, within so many digits before the point. Raises NumberNotRead.

    >>> read_number("1.50e2", "/PMML")
    Decimal('150')
    """
    if not _NUMBER.match(text.strip()):
        raise NumberNotRead(path, text, whole=most_whole)
    value = Decimal(text.strip())
    digits = f"{value:f}".lstrip("-").partition(".")
    plain = value.normalize() + 0
    if len(digits[0].lstrip("0")) > most_whole or len(digits[2].rstrip("0")) > MOST_DECIMALS or plain != value:
        raise NumberNotRead(path, text, whole=most_whole)
    return plain
