"""PMML scorecards as others write them: the example of the Data Mining Group, and random ones with every kind of predicate."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from typing import Any

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<PMML xmlns="http://www.dmg.org/PMML-4_4" version="4.4"><Header copyright="x"/>'
TARGET = '<DataField name="total" optype="continuous" dataType="double"/>'

# The sample scorecard of the standard (PMML 4.1 and later, Scorecard): engineering, 25 years, income 500: 3 + 0 + 26 = 29.
SAMPLE = """\
<?xml version="1.0" encoding="UTF-8"?>
<PMML xmlns="http://www.dmg.org/PMML-4_1" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" version="4.1"
      xsi:schemaLocation="http://www.dmg.org/PMML-4_1 http://www.dmg.org/v4-1/pmml-4-1.xsd">
  <Header copyright="www.dmg.org" description="Sample scorecard"><Timestamp>2010-11-10T08:17:10.8</Timestamp></Header>
  <DataDictionary>
    <DataField name="department" dataType="string" optype="categorical"/>
    <DataField name="age" dataType="integer" optype="continuous"/>
    <DataField name="income" dataType="double" optype="continuous"/>
    <DataField name="overallScore" dataType="double" optype="continuous"/>
  </DataDictionary>
  <Scorecard modelName="SampleScorecard" functionName="regression" useReasonCodes="true" reasonCodeAlgorithm="pointsBelow"
             initialScore="0" baselineMethod="other">
    <MiningSchema>
      <MiningField name="department" usageType="active" invalidValueTreatment="asMissing"/>
      <MiningField name="age" usageType="active" invalidValueTreatment="asMissing"/>
      <MiningField name="income" usageType="active" invalidValueTreatment="asMissing"/>
      <MiningField name="overallScore" usageType="predicted"/>
    </MiningSchema>
    <Output>
      <OutputField name="Final Score" feature="predictedValue" dataType="double" optype="continuous"/>
      <OutputField name="Reason Code 1" rank="1" feature="reasonCode" dataType="string" optype="categorical"/>
      <OutputField name="Reason Code 2" rank="2" feature="reasonCode" dataType="string" optype="categorical"/>
      <OutputField name="Reason Code 3" rank="3" feature="reasonCode" dataType="string" optype="categorical"/>
    </Output>
    <Characteristics>
      <Characteristic name="departmentScore" reasonCode="RC1" baselineScore="19">
        <Attribute partialScore="-9"><SimplePredicate field="department" operator="isMissing"/></Attribute>
        <Attribute partialScore="19"><SimplePredicate field="department" operator="equal" value="marketing"/></Attribute>
        <Attribute partialScore="3"><SimplePredicate field="department" operator="equal" value="engineering"/></Attribute>
        <Attribute partialScore="6"><SimplePredicate field="department" operator="equal" value="business"/></Attribute>
      </Characteristic>
      <Characteristic name="ageScore" baselineScore="18">
        <Attribute partialScore="-1" reasonCode="RC2_1"><SimplePredicate field="age" operator="isMissing"/></Attribute>
        <Attribute partialScore="-3" reasonCode="RC2_2">
          <SimplePredicate field="age" operator="lessOrEqual" value="18"/>
        </Attribute>
        <Attribute partialScore="0" reasonCode="RC2_3">
          <CompoundPredicate booleanOperator="and">
            <SimplePredicate field="age" operator="greaterThan" value="18"/>
            <SimplePredicate field="age" operator="lessOrEqual" value="29"/>
          </CompoundPredicate>
        </Attribute>
        <Attribute partialScore="12" reasonCode="RC2_4">
          <CompoundPredicate booleanOperator="and">
            <SimplePredicate field="age" operator="greaterThan" value="29"/>
            <SimplePredicate field="age" operator="lessOrEqual" value="39"/>
          </CompoundPredicate>
        </Attribute>
        <Attribute partialScore="18" reasonCode="RC2_5">
          <SimplePredicate field="age" operator="greaterThan" value="39"/>
        </Attribute>
      </Characteristic>
      <Characteristic name="incomeScore" reasonCode="RC3" baselineScore="10">
        <Attribute partialScore="5"><SimplePredicate field="income" operator="isMissing"/></Attribute>
        <Attribute partialScore="26"><SimplePredicate field="income" operator="lessOrEqual" value="1000"/></Attribute>
        <Attribute partialScore="5">
          <CompoundPredicate booleanOperator="and">
            <SimplePredicate field="income" operator="greaterThan" value="1000"/>
            <SimplePredicate field="income" operator="lessOrEqual" value="2500"/>
          </CompoundPredicate>
        </Attribute>
        <Attribute partialScore="-3"><SimplePredicate field="income" operator="greaterThan" value="2500"/></Attribute>
      </Characteristic>
    </Characteristics>
  </Scorecard>
</PMML>
"""

NUMBERS = ["-5", "0", "1", "1.5", "7", "30", "0.1", "1e2"]
WORDS = ["a", "b c", 'q"q', "否"]
ORDERED = ["lessThan", "lessOrEqual", "greaterThan", "greaterOrEqual"]


def random_pmml(seed: int) -> tuple[str, dict[str, Sequence[Any]]]:
    """A random scorecard with an output `total`, and values for its fields."""
    chance = random.Random(seed)
    dictionary, schema, rows = [TARGET], ['<MiningField name="total" usageType="target"/>'], []
    values: dict[str, Sequence[Any]] = {}
    for place in range(chance.randint(1, 4)):
        name, kind = f"F {place}", chance.choice(["double", "integer", "string", "boolean"])
        dictionary.append(_data_field(chance, name, kind))
        schema.append(_mining_field(chance, name, kind))
        attributes = [f'<Attribute partialScore="{chance.randint(-60, 60)}">{_predicate(chance, name, kind, 2)}</Attribute>']
        attributes += [
            f'<Attribute partialScore="{chance.randint(-60, 60)}">{_predicate(chance, name, kind, 2)}</Attribute>'
            for _ in range(chance.randint(0, 5))
        ]
        if chance.random() < 0.6:
            attributes.append(f'<Attribute partialScore="{chance.randint(-60, 60)}"><True/></Attribute>')
        rows.append(f"<Characteristic>{''.join(attributes)}</Characteristic>")
        values[name] = _values(kind)
    parts = (
        f"<DataDictionary>{''.join(dictionary)}</DataDictionary>",
        '<Scorecard functionName="regression" useReasonCodes="false" initialScore="1000">',
        f"<MiningSchema>{''.join(schema)}</MiningSchema>",
        f"<Characteristics>{''.join(rows)}</Characteristics></Scorecard></PMML>",
    )
    return HEAD + "".join(parts), values


def _values(kind: str) -> list[Any]:
    if kind == "boolean":
        return [None, True, False]
    if kind == "string":
        return [None, "unseen", *WORDS]
    if kind == "integer":
        return [None, -100, -6, -5, -4, -1, 0, 1, 2, 6, 7, 8, 29, 30, 31, 99, 100, 101]
    beside = [math.nextafter(float(each), way) for each in NUMBERS for way in (math.inf, -math.inf)]
    return [None, math.nan, math.inf, -math.inf, 0.5, 1.2, 3.0, *map(float, NUMBERS), *beside]


def _constant(chance: random.Random, kind: str) -> str:
    if kind == "boolean":
        return chance.choice(["true", "false"])
    known = WORDS if kind == "string" else [each for each in NUMBERS if kind == "double" or ("." not in each and "e" not in each)]
    return chance.choice(known).replace('"', "&quot;")


def _data_field(chance: random.Random, name: str, kind: str) -> str:
    optype = "continuous" if kind in ("double", "integer") else "categorical"
    inside = ""
    if kind in ("double", "integer") and chance.random() < 0.3:
        closure = chance.choice(["openOpen", "openClosed", "closedOpen", "closedClosed"])
        left = chance.choice(["", 'leftMargin="-5" '])
        inside += f'<Interval closure="{closure}" {left}rightMargin="30"/>'
    if kind == "string" and chance.random() < 0.4:
        inside += '<Value value="a"/><Value value="b c"/>'
    if kind != "boolean" and chance.random() < 0.3:
        inside += f'<Value value="{_constant(chance, kind)}" property="missing"/>'
    return f'<DataField name="{name}" optype="{optype}" dataType="{kind}">{inside}</DataField>'


def _mining_field(chance: random.Random, name: str, kind: str) -> str:
    more = ""
    if chance.random() < 0.6:
        more += f' invalidValueTreatment="{chance.choice(["returnInvalid", "asIs", "asMissing"])}"'
    if chance.random() < 0.3:
        more += f' missingValueReplacement="{_constant(chance, kind)}"'
    return f'<MiningField name="{name}"{more}/>'


def _predicate(chance: random.Random, name: str, kind: str, depth: int) -> str:
    which = chance.random()
    if depth and which < 0.25:
        operator = chance.choice(["and", "or", "xor", "surrogate"])
        parts = "".join(_predicate(chance, name, kind, depth - 1) for _ in range(chance.randint(2, 3)))
        return f'<CompoundPredicate booleanOperator="{operator}">{parts}</CompoundPredicate>'
    if which < 0.4:
        return f'<SimplePredicate field="{name}" operator="{chance.choice(["isMissing", "isNotMissing"])}"/>'
    if which < 0.55 and kind != "boolean":
        return _set(chance, name, kind)
    known = ["equal", "notEqual", *(ORDERED * 2 if kind in ("double", "integer") else [])]
    return f'<SimplePredicate field="{name}" operator="{chance.choice(known)}" value="{_constant(chance, kind)}"/>'


def _set(chance: random.Random, name: str, kind: str) -> str:
    array = {"string": "string", "double": "real", "integer": "int"}[kind]
    items = [_constant(chance, kind) for _ in range(chance.randint(1, 3))]
    if kind == "string":
        items = ['"' + each.replace("&quot;", "\\&quot;") + '"' for each in items]
    operator = chance.choice(["isIn", "isNotIn"])
    text = f'<Array n="{len(items)}" type="{array}">{" ".join(items)}</Array>'
    return f'<SimpleSetPredicate field="{name}" booleanOperator="{operator}">{text}</SimpleSetPredicate>'
