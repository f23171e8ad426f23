"""Write a fitted card as a PMML 4.4 Scorecard that gives the same scores in any evaluator.

The first Attribute that is true gives the points (PMML 4.4, Scorecard, scoring procedure), so that the bins stand in the card's
own order: missing, special values, ranges by their upper bounds, and at last everything else. A Characteristic may read one
field only; a pair of inputs is therefore first numbered cell by cell in a DerivedField.

What PMML has no place for (counts, texts, scale, calibration) travels in an Extension: the card's own text.
https://dmg.org/pmml/v4-4-1/Scorecard.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import PurePath
from xml.etree import ElementTree as ET

from shouxin import __version__
from shouxin.engines.policy.card_shapes import CharacteristicShape, FittedInputShape, PairShape
from shouxin.engines.scoring.cards.card import Card
from shouxin.engines.scoring.pmml.conditions import (
    Condition,
    Listed,
    apply,
    as_expression,
    as_predicate,
    conditions_of,
    constant,
    data_type,
    in_array,
    missing_values,
)
from shouxin.engines.scoring.pmml.errors import NotInPmml
from shouxin.engines.scoring.pmml.output import free, outputs

NAMESPACE = "http://www.dmg.org/PMML-4_4"
EXTENDER, CARD = "shouxin", "card"
_NOT_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_pmml(card: Card) -> str:
    """A PMML 4.4 document. Its fields have the names of the data file's columns.

    Raises NotInPmml for what decides in the card and has no place in PMML.
    """
    _check(card)
    inputs = card.inputs
    root = ET.Element("PMML", xmlns=NAMESPACE, version="4.4")
    header = ET.SubElement(root, "Header", description=card.shape.en)
    ET.SubElement(header, "Application", name="Shouxin", version=__version__)
    dictionary = ET.SubElement(root, "DataDictionary", numberOfFields=str(len(inputs)))
    dictionary.extend(_data_field(each) for each in inputs.values())
    root.append(_scorecard(card, inputs))
    ET.indent(root, " ")
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'
    if bad := _NOT_XML.search(text):
        right, right_zh = "characters that XML 1.0 keeps as they are", "须为 XML 1.0 可原样保存的字符"
        raise NotInPmml(card.name, repr(bad.group()), right=right, right_zh=right_zh)
    return text


def _check(card: Card) -> None:
    columns = [each.column for each in card.inputs.values()]
    for column in columns:
        if columns.count(column) > 1:
            raise NotInPmml("fitted.inputs", column, right="one input for a column", right_zh="每一列只能对应一个输入")
    for name, shape in card.shape.characteristics.items():
        if shape.no_record is not None:
            right, right_zh = "missing alone: PMML does not tell it from no record", "PMML 只有缺失，无法区分“无记录”"
            raise NotInPmml(f"characteristics.{name}.no_record", shape.no_record, right=right, right_zh=right_zh)
    for name, pair in card.shape.pairs.items():
        if pair.table is not None:
            right, right_zh = "a pair table written in the card itself", "交叉表须写在评分卡文件内"
            raise NotInPmml(f"pairs.{name}.table", pair.table, right=right, right_zh=right_zh)


def _data_field(each: FittedInputShape) -> ET.Element:
    kind = data_type(each)
    optype = "continuous" if kind == "double" else "categorical"
    found = ET.Element("DataField", name=each.column, displayName=each.en, optype=optype, dataType=kind)
    for value in missing_values(each):
        ET.SubElement(found, "Value", value=value, property="missing")
    return found


def _scorecard(card: Card, inputs: Mapping[str, FittedInputShape]) -> ET.Element:
    shape = card.shape
    taken = {each.column for each in inputs.values()}
    cells = {pair: free(pair, taken) for pair in shape.pairs}
    name = PurePath(card.name).stem
    found = ET.Element("Scorecard", modelName=name, functionName="regression", initialScore=str(shape.base))
    found.attrib |= {"useReasonCodes": "true", "reasonCodeAlgorithm": "pointsBelow", "baselineMethod": "max"}
    inside = ET.SubElement(found, "Extension", extender=EXTENDER, name=CARD)
    inside.text = card.text.replace("\r\n", "\n").replace("\r", "\n")
    schema = ET.SubElement(found, "MiningSchema")
    for each in inputs.values():
        ET.SubElement(schema, "MiningField", name=each.column, usageType="active", invalidValueTreatment="asIs")
    found.append(outputs(card.fitted.scale, taken | set(cells.values())))
    if shape.pairs:
        derived = ET.SubElement(found, "LocalTransformations")
        derived.extend(_cells(inputs, pair, cells[code]) for code, pair in shape.pairs.items())
    rows = ET.SubElement(found, "Characteristics")
    rows.extend(_characteristic(inputs, code, each) for code, each in shape.characteristics.items())
    rows.extend(_pair(code, pair, cells[code]) for code, pair in shape.pairs.items())
    return found


def _characteristic(inputs: Mapping[str, FittedInputShape], name: str, shape: CharacteristicShape) -> ET.Element:
    each = inputs[shape.input]
    missing = shape.missing if shape.missing is not None else shape.bins[-1].points
    points = [missing, *(bin_.points for bin_ in shape.bins)]
    found = _row(name, shape.reason, max(points))
    conditions = conditions_of(each, shape.bins)
    reasons = [shape.missing_reason, *(_special_reason(each, shape, condition) for condition in conditions[1:])]
    for condition, value, reason in zip(conditions, points, reasons, strict=True):
        more = {"reasonCode": reason} if reason not in (None, shape.reason) and reason else {}
        attribute = ET.SubElement(found, "Attribute", partialScore=str(value), attrib=more)
        attribute.append(as_predicate(condition, each.column, data_type(each)))
    return found


def _special_reason(each: FittedInputShape, shape: CharacteristicShape, condition: Condition) -> str | None:
    return shape.special_reason if isinstance(condition, Listed) and data_type(each) == "double" else None


def _row(name: str, reason: str, best: int) -> ET.Element:
    return ET.Element("Characteristic", name=name, reasonCode=reason, baselineScore=str(best))


def _cells(inputs: Mapping[str, FittedInputShape], pair: PairShape, name: str) -> ET.Element:
    """The cell of a pair table: place in `down` times the width of a row, plus place in `across`; missing is the last place."""
    assert pair.down is not None and pair.across is not None
    sides = []
    for axis in (pair.down, pair.across):
        each = inputs[axis.input]
        sides.append(as_expression(conditions_of(each, axis.bins), each.column, data_type(each)))
    found = ET.Element("DerivedField", name=name, optype="continuous", dataType="integer")
    width = constant(str(len(pair.across.bins) + 1), "integer")
    found.append(apply("+", apply("*", sides[0], width), sides[1]))
    return found


def _pair(name: str, pair: PairShape, field: str) -> ET.Element:
    assert pair.points is not None
    flat: Sequence[int] = [value for row in pair.points for value in row]
    found = _row(name, pair.reason, max(flat))
    for value in dict.fromkeys(flat):
        cells = [str(index) for index, each in enumerate(flat) if each == value]
        attribute = ET.SubElement(found, "Attribute", partialScore=str(value))
        attribute.append(in_array(field, cells, "int"))
    return found
