"""The inputs of a PMML scorecard, from DataDictionary and MiningSchema: what the predicates see of a value in the data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from operator import ge, gt, le, lt

from shouxin.engines.scoring.pmml.errors import FieldNotDeclared, PartAbsent, PartNotRead, ValueNotRead
from shouxin.engines.scoring.pmml.predicates import Kind, Value, read_number, read_value
from shouxin.engines.scoring.pmml.xml import Element

KINDS: Mapping[str, Kind] = {"double": "double", "float": "double", "integer": "int", "string": "enum", "boolean": "bool"}
TREATMENTS = ("returnInvalid", "asIs", "asMissing")
REPLACED = ("asIs", "asMean", "asMode", "asMedian", "asValue")
MOST_WHOLE_OF_MISSING = 22  # no bound of a bin, so that it may be as long as a number in the card's file
CLOSURES = ("openOpen", "openClosed", "closedOpen", "closedClosed")


class NoScore:
    """What reaches the scorecard is invalid: it gives no score at all."""


NO_SCORE = NoScore()


@dataclass(frozen=True, slots=True)
class Interval:
    """A range of valid numbers; None where it has no end."""

    left: Decimal | None
    right: Decimal | None
    left_closed: bool
    right_closed: bool

    def holds(self, value: Decimal) -> bool:
        """Whether a number lies in it."""
        above: Callable[[Decimal, Decimal], bool] = ge if self.left_closed else gt
        below: Callable[[Decimal, Decimal], bool] = le if self.right_closed else lt
        return (self.left is None or above(value, self.left)) and (self.right is None or below(value, self.right))


@dataclass(frozen=True, slots=True)
class InputField:
    """One active field.

    text:        what a person reads
    single:      numbers of single precision (`float`)
    valid:       the values that are declared valid; all are where there are neither these nor intervals
    missing, invalid: values that are declared so
    treatment:   of an invalid value
    replacement: what a missing value is read as
    no_score_where_missing: a missing value gives no score
    """

    name: str
    kind: Kind
    text: str
    single: bool = False
    valid: frozenset[Decimal | str] = frozenset()
    missing: tuple[Decimal | str, ...] = ()
    invalid: frozenset[Decimal | str] = frozenset()
    intervals: tuple[Interval, ...] = ()
    treatment: str = "returnInvalid"
    replacement: Decimal | str | None = None
    no_score_where_missing: bool = False

    def reached(self, value: Value) -> Value | NoScore:
        """What the predicates see of a value; None is a missing one (PMML 4.4, MiningSchema)."""
        if value is not None and value not in self.missing:
            if self.treatment == "asIs" or self._is_valid(value):
                return value
            if self.treatment == "returnInvalid":
                return NO_SCORE
        return NO_SCORE if self.no_score_where_missing else self.replacement

    def _is_valid(self, value: Decimal | str) -> bool:
        if value in self.invalid:
            return False
        if not self.valid and not self.intervals:
            return True
        return value in self.valid or any(isinstance(value, Decimal) and each.holds(value) for each in self.intervals)

    def named(self) -> set[Decimal | str]:
        """Every value at which what reaches the predicates may change."""
        margins = {margin for each in self.intervals for margin in (each.left, each.right) if margin is not None}
        return {*self.valid, *self.missing, *self.invalid, *margins}


def read_fields(dictionary: Element, schema: Element) -> dict[str, InputField]:
    """The active fields by name.

    Raises PartNotRead, PartAbsent, ValueNotRead, NumberNotRead, FieldNotDeclared.
    """
    dictionary.only(("numberOfFields",), ("DataField", "Taxonomy"))
    schema.only((), ("MiningField",))
    declared: dict[str, Element] = {}
    for element in dictionary.of("DataField"):
        name = element.attribute("name")
        if name in declared:
            raise PartNotRead(element.path, name, known="one DataField for each name")
        declared[name] = element
    found: dict[str, InputField] = {}
    for element in schema.of("MiningField"):
        if element.attributes.get("usageType", "active") != "active":
            continue
        name = element.attribute("name")
        if name not in declared or name in found:
            raise FieldNotDeclared(element.path, name, known=", ".join(declared) or "none")
        found[name] = _field(declared[name], element)
    return found


def _field(declared: Element, mining: Element) -> InputField:
    declared.only(("name", "displayName", "optype", "dataType", "isCyclic"), ("Interval", "Value"))
    declared.word("isCyclic", ("0",), "0")
    declared.attribute("dataType")
    data_type = declared.word("dataType", tuple(KINDS), "")
    kind = KINDS[data_type]
    values: dict[str, list[Decimal | str]] = {"valid": [], "missing": [], "invalid": []}
    for each in declared.of("Value"):
        each.only(("value", "displayValue", "property"))
        which = each.word("property", tuple(values), "valid")
        values[which].append(_value(each, kind, which))
    replacement, no_score = _missing(mining, kind)
    return InputField(
        name=declared.attribute("name"),
        kind=kind,
        text=declared.attributes.get("displayName") or declared.attribute("name"),
        single=data_type == "float",
        valid=frozenset(values["valid"]),
        missing=tuple(values["missing"]),
        invalid=frozenset(values["invalid"]),
        intervals=tuple(_interval(each, kind) for each in declared.of("Interval")),
        treatment=mining.word("invalidValueTreatment", TREATMENTS, "returnInvalid"),
        replacement=replacement,
        no_score_where_missing=no_score,
    )


def _value(element: Element, kind: Kind, which: str) -> Decimal | str:
    path, text = f"{element.path}/@value", element.attribute("value")
    if which == "missing" and kind in ("double", "int"):
        return read_number(text, path, MOST_WHOLE_OF_MISSING)
    return read_value(text, kind, path)


def _missing(mining: Element, kind: Kind) -> tuple[Decimal | str | None, bool]:
    """(what a missing value is read as, whether it gives no score)."""
    known = ("name", "usageType", "optype", "importance", "outliers", "lowValue", "highValue")
    mining.only((*known, "missingValueReplacement", "missingValueTreatment", "invalidValueTreatment"))
    mining.word("outliers", ("asIs",), "asIs")
    treatment = mining.word("missingValueTreatment", (*REPLACED, "returnInvalid"), "asIs")
    written = mining.attributes.get("missingValueReplacement")
    if treatment == "returnInvalid":
        return None, True
    if written is None:
        if treatment != "asIs":
            raise PartAbsent(mining.path, treatment, needed="@missingValueReplacement")
        return None, False
    return read_value(written, kind, f"{mining.path}/@missingValueReplacement"), False


def _interval(element: Element, kind: Kind) -> Interval:
    element.only(("closure", "leftMargin", "rightMargin"))
    if kind not in ("double", "int"):
        raise ValueNotRead(element.path, "<Interval>", known="<Value>: only numbers have intervals")
    element.attribute("closure")
    closure = element.word("closure", CLOSURES, "")
    left, right = _margin(element, "leftMargin"), _margin(element, "rightMargin")
    return Interval(left, right, left_closed=closure.startswith("closed"), right_closed=closure.endswith("Closed"))


def _margin(element: Element, name: str) -> Decimal | None:
    written = element.attributes.get(name)
    return None if written is None else read_number(written, f"{element.path}/@{name}")
