"""Read a PMML Scorecard, ours or another's, into what it says: inputs, characteristics, pairs.

Strict: an element or attribute that could change the score and is not understood is refused with its place. What never changes
a score is passed over: Header, Extension, ModelStats, ModelExplanation, ModelVerification, MiningBuildTask.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from shouxin.engines.scoring.pmml.errors import (
    FieldNotDeclared,
    FieldsMixed,
    NotPmml,
    PartNotRead,
    PointsNotFixed,
    PointsNotWhole,
    TooManyParts,
)
from shouxin.engines.scoring.pmml.fields import InputField, read_fields
from shouxin.engines.scoring.pmml.pairs import Cells, read_cells
from shouxin.engines.scoring.pmml.predicates import PREDICATES, Kind, Predicate, constants, fields, read_number, read_predicate
from shouxin.engines.scoring.pmml.xml import EXTENSION, Element

MOST_POINTS = 600
MOST_BASE = 100_000
MOST_CHARACTERISTICS, MOST_ATTRIBUTES, MOST_VALUES = 100, 300, 3_000
NAMESPACES = tuple(f"http://www.dmg.org/PMML-4_{minor}" for minor in range(5))
_VERSION = re.compile(r"4\.[0-4](\.[0-9])?\Z")
SCORECARD = {
    "attributes": (
        "modelName",
        "functionName",
        "algorithmName",
        "initialScore",
        "useReasonCodes",
        "reasonCodeAlgorithm",
        "baselineScore",
        "baselineMethod",
        "isScorable",
        "x-mathContext",
    ),
    "children": (
        "MiningSchema",
        "Output",
        "ModelStats",
        "ModelExplanation",
        "Targets",
        "LocalTransformations",
        "Characteristics",
        "ModelVerification",
    ),
}


@dataclass(frozen=True, slots=True)
class Attribute:
    """Points where a predicate is true; a reason code of its own where it has one."""

    predicate: Predicate
    points: int
    reason: str | None


@dataclass(frozen=True, slots=True)
class Characteristic:
    """One characteristic: the field or pair of fields that it reads, and its attributes in order."""

    name: str
    path: str
    field: str
    reason: str | None
    baseline: Decimal | None
    attributes: tuple[Attribute, ...]


@dataclass(frozen=True, slots=True)
class Scorecard:
    """What a PMML Scorecard says.

    inputs:    the active fields that it reads
    cells:     the derived fields that number the cells of pair tables
    version:   of PMML
    transformed: names of output fields that are worked out from the score
    inside:    the text of the card that the document was written from, where it holds one
    """

    name: str
    version: str
    base: int
    inputs: Mapping[str, InputField]
    cells: Mapping[str, Cells]
    characteristics: tuple[Characteristic, ...]
    ranks_reasons: bool
    points_above: bool
    transformed: tuple[str, ...]
    inside: str | None


def read_scorecard(root: Element) -> Scorecard:
    """The one Scorecard of a PMML document. Raises the refusals of errors.py."""
    version = _root(root)
    element = root.one("Scorecard")
    element.only(SCORECARD["attributes"], SCORECARD["children"])
    element.word("functionName", ("regression",), "regression")
    element.word("isScorable", ("true", "1"), "true")
    element.word("x-mathContext", ("double",), "double")
    declared = read_fields(root.one("DataDictionary"), element.one("MiningSchema"))
    _targets(element)
    derived = _derived([*root.of("TransformationDictionary"), *element.of("LocalTransformations")])
    reader = _Rows(declared, derived)
    rows = element.one("Characteristics")
    rows.only((), ("Characteristic",))
    _at_most(rows, "Characteristic", MOST_CHARACTERISTICS)
    found = tuple(reader.characteristic(each, place) for place, each in enumerate(rows.of("Characteristic"), 1))
    return Scorecard(
        name=element.attributes.get("modelName", "scorecard"),
        version=version,
        base=read_whole(element.attributes.get("initialScore", "0"), f"{element.path}/@initialScore", MOST_BASE),
        inputs={name: each for name, each in declared.items() if name in reader.used},
        cells=reader.cells,
        characteristics=found,
        ranks_reasons=element.word("useReasonCodes", ("true", "false", "1", "0"), "true") in ("true", "1"),
        points_above=element.word("reasonCodeAlgorithm", ("pointsBelow", "pointsAbove"), "pointsBelow") == "pointsAbove",
        transformed=_transformed(element),
        inside=_inside(element),
    )


def _root(root: Element) -> str:
    version = root.attributes.get("version", "")
    if root.tag != "PMML" or root.namespace not in NAMESPACES or not _VERSION.match(version):
        raise NotPmml("/", f"<{root.tag}> {root.namespace} {version}")
    models = ("Header", "MiningBuildTask", "DataDictionary", "TransformationDictionary", "Scorecard")
    root.only(("version", "x-baseVersion", "schemaLocation"), models)
    _of_pmml(root, root.namespace)
    return version


def _of_pmml(element: Element, namespace: str) -> None:
    for child in element.parts:
        if child.namespace != namespace and element.tag not in ("InlineTable", "row"):
            raise PartNotRead(child.path, f"<{child.tag}> {child.namespace}", known=f"elements of {namespace}")
        _of_pmml(child, namespace)


def _targets(scorecard: Element) -> None:
    """A Target may name the field; it may not change the score."""
    for targets in scorecard.of("Targets"):
        targets.only((), ("Target",))
        for target in targets.of("Target"):
            target.only(("field", "optype", "rescaleFactor", "rescaleConstant"))
            for name, neutral in (("rescaleFactor", 1), ("rescaleConstant", 0)):
                written = target.attributes.get(name, str(neutral))
                if read_number(written, f"{target.path}/@{name}") != neutral:
                    raise PartNotRead(f"{target.path}/@{name}", written, known=str(neutral))


def _transformed(scorecard: Element) -> tuple[str, ...]:
    found = [each for output in scorecard.of("Output") for each in output.of("OutputField")]
    carried = ("predictedValue", "reasonCode")
    return tuple(
        each.attributes.get("name", each.path) for each in found if each.attributes.get("feature", carried[0]) not in carried
    )


def _inside(scorecard: Element) -> str | None:
    found = [each for each in scorecard.of(EXTENSION) if (each.attributes.get("extender"), each.attributes.get("name")) == OURS]
    return found[0].text if found else None


OURS = ("shouxin", "card")


def _derived(places: list[Element]) -> dict[str, Element]:
    found: dict[str, Element] = {}
    for place in places:
        for each in place.of("DerivedField"):
            name = each.attribute("name")
            if name in found:
                raise PartNotRead(each.path, name, known="one DerivedField for each name")
            found[name] = each
    return found


def _at_most(element: Element, tag: str, most: int) -> None:
    if element.counts.get(tag, 0) > most:
        raise TooManyParts(element.path, f"{element.counts[tag]:,} <{tag}>", most=most)


def read_whole(text: str, path: str, most: int) -> int:
    """A whole number of points, at most so many up or down. Raises PointsNotWhole, NumberNotRead."""
    value = read_number(text, path)
    if value != value.to_integral_value() or abs(value) > most:
        raise PointsNotWhole(path, text, low=-most, high=most)
    return int(value)


class _Rows:
    """Reads characteristics, and notes which fields they read."""

    def __init__(self, declared: Mapping[str, InputField], derived: Mapping[str, Element]) -> None:
        self.declared, self.derived = declared, derived
        self.used: set[str] = set()
        self.cells: dict[str, Cells] = {}

    def characteristic(self, element: Element, place: int) -> Characteristic:
        element.only(("name", "reasonCode", "baselineScore"), ("Attribute",))
        _at_most(element, "Attribute", MOST_ATTRIBUTES)
        attributes = tuple(_attribute(each, self._kind) for each in element.of("Attribute"))
        values = {value for each in attributes for value in constants(each.predicate)}
        if len(values) > MOST_VALUES:
            raise TooManyParts(element.path, f"{len(values):,} values", most=f"{MOST_VALUES:,}")
        names = sorted({name for each in attributes for name in fields(each.predicate)})
        if len(names) != 1:
            raise FieldsMixed(element.path, element.attributes.get("name", ""), fields=", ".join(names) or "none")
        return Characteristic(
            name=element.attributes.get("name") or f"characteristic_{place}",
            path=element.path,
            field=names[0],
            reason=element.attributes.get("reasonCode"),
            baseline=_baseline(element),
            attributes=attributes,
        )

    def _kind(self, element: Element) -> Kind:
        """The kind of the field that a predicate reads."""
        name = element.attribute("field")
        if name in self.derived:
            if name not in self.cells:
                self.cells[name] = read_cells(self.derived[name], self.declared)
                self.used |= {self.cells[name].down.field, self.cells[name].across.field}
            return "int"
        if name not in self.declared:
            raise FieldNotDeclared(f"{element.path}/@field", name, known=", ".join(self.declared) or "none")
        self.used.add(name)
        return self.declared[name].kind


def _baseline(element: Element) -> Decimal | None:
    """The characteristic's own baseline, else the scorecard's."""
    scorecard = element.parent.parent if element.parent else None
    for each in (element, scorecard):
        if each is not None and "baselineScore" in each.attributes:
            return read_number(each.attributes["baselineScore"], f"{each.path}/@baselineScore")
    return None


def _attribute(element: Element, kind_of: Callable[[Element], Kind]) -> Attribute:
    if element.of("ComplexPartialScore"):
        raise PointsNotFixed(element.path, "<ComplexPartialScore>")
    element.only(("reasonCode", "partialScore"), PREDICATES)
    if len(element.parts) != 1:
        raise PartNotRead(element.path, f"{len(element.parts)} predicates", known="one predicate")
    points = read_whole(element.attribute("partialScore"), f"{element.path}/@partialScore", MOST_POINTS)
    return Attribute(read_predicate(element.parts[0], kind_of), points, element.attributes.get("reasonCode"))
