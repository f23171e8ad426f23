"""What a reader of PMML refuses, each with its place; and when a predicate is true."""

from __future__ import annotations

import re
from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shouxin.engines.scoring.cards.card import CardRefused
from shouxin.engines.scoring.pmml.errors import (
    ArrayNotRead,
    DoctypeNotRead,
    FieldNotDeclared,
    FieldsMixed,
    NotPmml,
    NumberNotRead,
    PartAbsent,
    PartNotRead,
    PmmlNotXml,
    PmmlTooLarge,
    PointsNotFixed,
    PointsNotWhole,
    ValueNotRead,
)
from shouxin.engines.scoring.pmml.importing import import_pmml
from shouxin.engines.scoring.pmml.predicates import Always, Among, Compare, Compound, Known, Predicate, Value, holds
from shouxin.engines.scoring.pmml.write import write_pmml
from shouxin.engines.scoring.pmml.xml import MAX_BYTES, parse_xml
from shouxin.foundation.refusal import Refusal
from tests.engines.scoring.pmml_cards import whole_card
from tests.engines.scoring.pmml_others import SAMPLE

ROWS = "/PMML/Scorecard/Characteristics"
AGE, SECOND = f"{ROWS}/Characteristic[2]", f"{ROWS}/Characteristic[1]/Attribute[2]"
SET = '<SimpleSetPredicate field="department" booleanOperator="isIn"><Array type="string">a b</Array></SimpleSetPredicate>'
DEPARTMENT = '<DataField name="department" dataType="string" optype="categorical"/>'
MARKETING = '<SimplePredicate field="department" operator="equal" value="marketing"/>'
UP_TO_18 = '<SimplePredicate field="age" operator="lessOrEqual" value="18"/>'

Refused = tuple[str, str, type[Refusal], str, str]
REFUSED: list[Refused] = [
    # the document
    ('version="4.1"', 'version="3.2"', NotPmml, "/", "<PMML> http://www.dmg.org/PMML-4_1 3.2"),
    ('xmlns="http://www.dmg.org/PMML-4_1"', 'xmlns="http://example.org/"', NotPmml, "/", "<PMML> http://example.org/ 4.1"),
    ("<Scorecard ", "<Scorecard xmlns='urn:x' ", PartNotRead, "/PMML/Scorecard", "<Scorecard> urn:x"),
    ("</PMML>", "<TreeModel/></PMML>", PartNotRead, "/PMML/TreeModel", "<TreeModel>"),
    ("</PMML>", "<Scorecard/></PMML>", PartNotRead, "/PMML/Scorecard[2]", "<Scorecard>"),
    ("</PMML>", "and more</PMML>", PartNotRead, "/PMML/text()", "and more"),
    # the scorecard
    (
        'functionName="regression"',
        'functionName="classification"',
        ValueNotRead,
        "/PMML/Scorecard/@functionName",
        "classification",
    ),
    ('initialScore="0"', 'initialScore="0.5"', PointsNotWhole, "/PMML/Scorecard/@initialScore", "0.5"),
    ('initialScore="0"', 'initialScore="NaN"', NumberNotRead, "/PMML/Scorecard/@initialScore", "NaN"),
    ('initialScore="0"', 'initialScore="0" weight="2"', PartNotRead, "/PMML/Scorecard/@weight", "2"),
    ('initialScore="0"', 'initialScore="0" isScorable="false"', ValueNotRead, "/PMML/Scorecard/@isScorable", "false"),
    (
        "<Characteristics>",
        '<Targets><Target field="overallScore" rescaleFactor="2"/></Targets><Characteristics>',
        PartNotRead,
        "/PMML/Scorecard/Targets/Target/@rescaleFactor",
        "2",
    ),
    (
        "<Characteristics>",
        '<Targets><Target field="overallScore" castInteger="round"/></Targets><Characteristics>',
        PartNotRead,
        "/PMML/Scorecard/Targets/Target/@castInteger",
        "round",
    ),
    # fields
    (
        'name="age" dataType="integer"',
        'name="age" dataType="date"',
        ValueNotRead,
        "/PMML/DataDictionary/DataField[2]/@dataType",
        "date",
    ),
    (DEPARTMENT, DEPARTMENT * 2, PartNotRead, "/PMML/DataDictionary/DataField[2]", "department"),
    (DEPARTMENT, "", FieldNotDeclared, "/PMML/Scorecard/MiningSchema/MiningField[1]", "department"),
    (
        '<MiningField name="age" usageType="active"',
        '<MiningField name="age" usageType="supplementary"',
        FieldNotDeclared,
        f"{AGE}/Attribute[1]/SimplePredicate/@field",
        "age",
    ),
    (
        '<MiningField name="age" ',
        '<MiningField name="age" outliers="asExtremeValues" lowValue="0" ',
        ValueNotRead,
        "/PMML/Scorecard/MiningSchema/MiningField[2]/@outliers",
        "asExtremeValues",
    ),
    (
        '<MiningField name="age" ',
        '<MiningField name="age" missingValueTreatment="asMean" ',
        PartAbsent,
        "/PMML/Scorecard/MiningSchema/MiningField[2]",
        "asMean",
    ),
    # attributes
    ('baselineScore="18"', 'baselineScore="best"', NumberNotRead, f"{AGE}/@baselineScore", "best"),
    ('partialScore="19"', 'partialScore="18.5"', PointsNotWhole, f"{SECOND}/@partialScore", "18.5"),
    ('partialScore="19"', 'partialScore="601"', PointsNotWhole, f"{SECOND}/@partialScore", "601"),
    ('<Attribute partialScore="19">', "<Attribute>", PartAbsent, f"{SECOND}", "<Attribute>"),
    (MARKETING, "", PartNotRead, f"{SECOND}", "0 predicates"),
    (
        MARKETING,
        f'{MARKETING}<ComplexPartialScore><FieldRef field="age"/></ComplexPartialScore>',
        PointsNotFixed,
        f"{SECOND}",
        "<ComplexPartialScore>",
    ),
    # predicates
    (UP_TO_18, UP_TO_18.replace("age", "income"), FieldsMixed, AGE, "ageScore"),
    (UP_TO_18, UP_TO_18.replace("age", "wage"), FieldNotDeclared, f"{AGE}/Attribute[2]/SimplePredicate/@field", "wage"),
    (UP_TO_18, UP_TO_18.replace("18", "young"), NumberNotRead, f"{AGE}/Attribute[2]/SimplePredicate/@value", "young"),
    (UP_TO_18, UP_TO_18.replace("18", "1_8"), NumberNotRead, f"{AGE}/Attribute[2]/SimplePredicate/@value", "1_8"),
    (UP_TO_18, UP_TO_18.replace("18", "1e999"), NumberNotRead, f"{AGE}/Attribute[2]/SimplePredicate/@value", "1e999"),
    (UP_TO_18, UP_TO_18.replace("lessOrEqual", "below"), ValueNotRead, f"{AGE}/Attribute[2]/SimplePredicate/@operator", "below"),
    (UP_TO_18, UP_TO_18.replace(' value="18"', ""), PartAbsent, f"{AGE}/Attribute[2]/SimplePredicate", "<SimplePredicate>"),
    (UP_TO_18, "<Maybe/>", PartNotRead, f"{AGE}/Attribute[2]/Maybe", "<Maybe>"),
    (
        MARKETING,
        MARKETING.replace("equal", "lessThan"),
        ValueNotRead,
        f"{SECOND}/SimplePredicate/@operator",
        "lessThan",
    ),
    (
        'booleanOperator="and"',
        'booleanOperator="nand"',
        ValueNotRead,
        f"{AGE}/Attribute[3]/CompoundPredicate/@booleanOperator",
        "nand",
    ),
    (
        UP_TO_18,
        '<CompoundPredicate booleanOperator="and"><True/></CompoundPredicate>',
        PartAbsent,
        f"{AGE}/Attribute[2]/CompoundPredicate",
        "<CompoundPredicate>",
    ),
    (
        MARKETING,
        SET.replace("<Array", '<Array n="3"'),
        ArrayNotRead,
        f"{SECOND}/SimpleSetPredicate/Array",
        "a b",
    ),
    (
        MARKETING,
        SET.replace("a b", r'"a\b"'),
        ArrayNotRead,
        f"{SECOND}/SimpleSetPredicate/Array",
        r'"a\b"',
    ),
    (
        UP_TO_18,
        '<SimpleSetPredicate field="age" booleanOperator="isIn"><Array type="string">1 2</Array></SimpleSetPredicate>',
        ValueNotRead,
        f"{AGE}/Attribute[2]/SimpleSetPredicate/Array/@type",
        "string",
    ),
]


@pytest.mark.parametrize("case", REFUSED, ids=lambda each: f"{each[2].__name__} {each[4]}")
def test_what_is_not_understood_is_refused_with_its_place(case: Refused) -> None:
    old, new, kind, field, value = case
    assert old in SAMPLE
    with pytest.raises(Refusal) as refused:
        import_pmml(SAMPLE.replace(old, new, 1).encode(), "sample.pmml")
    assert (type(refused.value), refused.value.field, refused.value.value) == (kind, field, value)
    assert re.search(r"[一-鿿]", refused.value.right("zh")) and "{" not in refused.value.text("zh") + refused.value.text("en")


@pytest.mark.parametrize(
    "data",
    [
        b"<!DOCTYPE PMML><PMML/>",
        b'<!DOCTYPE PMML [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><PMML>&b;</PMML>',
        b'<!DOCTYPE PMML SYSTEM "http://localhost:1/x.dtd"><PMML/>',
        b'<!DOCTYPE PMML [<!ENTITY f SYSTEM "file:///etc/hostname">]><PMML>&f;</PMML>',
    ],
)
def test_entities_and_document_types_are_refused_before_they_do_anything(data: bytes) -> None:
    with pytest.raises(DoctypeNotRead) as refused:
        import_pmml(data, "bomb.pmml")
    assert (refused.value.field, refused.value.value) == ("bomb.pmml", "<!DOCTYPE PMML>")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<PMML>",
        b"\xff\xfe\x00",
        b"<PMML>&nothing;</PMML>",
        b'<?xml version="1.0" encoding="no-such"?><PMML/>',
        b"<a>" * 201,
        b"x: 1",
    ],
)
def test_what_is_not_xml_is_refused(data: bytes) -> None:
    with pytest.raises(PmmlNotXml):
        import_pmml(data, "x.pmml")


def test_a_file_of_many_bytes_is_refused() -> None:
    with pytest.raises(PmmlTooLarge):
        import_pmml(b" " * (MAX_BYTES + 1), "x.pmml")


@given(st.binary(max_size=300))
def test_no_bytes_do_worse_than_a_refusal(data: bytes) -> None:
    with pytest.raises(Refusal):
        import_pmml(data, "x.pmml")


@settings(max_examples=60)
@given(st.data())
def test_no_damage_to_a_document_does_worse_than_a_refusal_of_document_or_card(data: st.DataObject) -> None:
    text = SAMPLE
    for _ in range(data.draw(st.integers(1, 3))):
        words = re.findall(r'"[^"]*"', text)
        old, new = data.draw(st.sampled_from(words)), data.draw(st.sampled_from([*words, '""', '"-1"', '"é"', '"1e9"']))
        text = text.replace(old, new, 1)
    with suppress(Refusal, CardRefused):
        assert import_pmml(text.encode(), "x.pmml").card.parts


def test_more_than_any_card_could_hold_is_refused_soon() -> None:
    marketing = f'<Attribute partialScore="19">{MARKETING}</Attribute>'
    words = f'<Array type="string">{" ".join(f"w{index}" for index in range(3_001))}</Array>'
    for old, new, where in (
        (marketing, marketing * 50_000, f"{ROWS}/Characteristic[1]"),
        ("</Characteristics>", "<Characteristic/>" * 98 + "</Characteristics>", ROWS),
        (MARKETING, SET.replace('<Array type="string">a b</Array>', words), f"{ROWS}/Characteristic[1]"),
    ):
        with pytest.raises(Refusal) as refused:
            import_pmml(SAMPLE.replace(old, new).encode(), "x.pmml")
        assert (refused.value.code, refused.value.field) == ("TooManyParts", where)


def test_the_place_of_an_element_counts_those_alike() -> None:
    root = parse_xml(b"<a><b/><c/><b><d/></b></a>", "x")
    assert [each.path for each in (root, root.children[0], root.children[1], root.children[2].children[0])] == [
        "/a",
        "/a/b[1]",
        "/a/c",
        "/a/b[2]/d",
    ]


def test_a_derived_field_that_is_not_a_pair_table_is_refused() -> None:
    text = re.sub(r"(?s)<Extension.*?</Extension>", "", write_pmml(whole_card()))
    for old, new in (
        ('function="*"', 'function="-"'),
        ('function="lessThan"', 'function="floor"'),
        ('<Apply function="isMissing">', '<Apply function="isNotMissing">'),
    ):
        assert old in text
        with pytest.raises(Refusal) as refused:
            import_pmml(text.replace(old, new, 1).encode(), "x.pmml")
        assert refused.value.field.startswith("/PMML/Scorecard/LocalTransformations/DerivedField[1]/Apply")


# -- predicates ----------------------------------------------------------------------------------------------------------

FIVE = Compare("x", "equal", Decimal(5))
NONE: Value = None


@pytest.mark.parametrize(
    ("predicate", "of_five", "of_six", "of_missing"),
    [
        (Always(True), True, True, True),
        (Always(False), False, False, False),
        (Known("x", False), False, False, True),
        (Known("x", True), True, True, False),
        (FIVE, True, False, None),
        (Compare("x", "notEqual", Decimal(5)), False, True, None),
        (Compare("x", "greaterOrEqual", Decimal(6)), False, True, None),
        (Among("x", True, (Decimal(5), Decimal(7))), True, False, None),
        (Among("x", False, (Decimal(5), Decimal(7))), False, True, None),
        (Compound("and", (FIVE, Always(True))), True, False, None),
        (Compound("and", (FIVE, Always(False))), False, False, False),
        (Compound("or", (FIVE, Always(True))), True, True, True),
        (Compound("or", (FIVE, Always(False))), True, False, None),
        (Compound("xor", (FIVE, Always(True))), False, True, None),
        (Compound("surrogate", (FIVE, Always(True))), True, False, True),
        (Compound("surrogate", (FIVE, FIVE)), True, False, None),
    ],
)
def test_when_a_predicate_is_true(predicate: Predicate, of_five: bool, of_six: bool, of_missing: bool | None) -> None:
    assert (holds(predicate, Decimal(5)), holds(predicate, Decimal(6)), holds(predicate, NONE)) == (of_five, of_six, of_missing)
