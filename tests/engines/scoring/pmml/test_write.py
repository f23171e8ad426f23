"""A card written as PMML: the order of the attributes, what becomes of pairs, reasons and outputs, what has no place."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from shouxin.engines.policy.stage_score import pd_ppm
from shouxin.engines.scoring.cards.card import read_card
from shouxin.engines.scoring.cards.score_one import score_one
from shouxin.engines.scoring.pmml.errors import NotInPmml
from shouxin.engines.scoring.pmml.write import NAMESPACE, write_pmml
from tests.engines.scoring.pmml_cards import WHOLE, whole_card

IN = {"": NAMESPACE}


def scorecard() -> ET.Element:
    found = ET.fromstring(write_pmml(whole_card())).find("Scorecard", IN)
    assert found is not None
    return found


def row(name: str) -> ET.Element:
    found = scorecard().find(f"Characteristics/Characteristic[@name='{name}']", IN)
    assert found is not None
    return found


def local(element: ET.Element) -> str:
    return element.tag.removeprefix(f"{{{NAMESPACE}}}")


def test_attributes_stand_in_the_order_of_the_bins_missing_first_the_rest_last() -> None:
    said = [(each.get("partialScore"), local(each[0]), each[0].get("operator")) for each in row("times_late")]
    assert said == [
        ("-12", "SimplePredicate", "isMissing"),
        ("-40", "SimpleSetPredicate", None),
        ("33", "SimplePredicate", "lessThan"),
        ("-20", "SimplePredicate", "lessThan"),
        ("-45", "True", None),
    ]
    assert row("times_late").findtext("Attribute/SimpleSetPredicate/Array", namespaces=IN) == "96 98"


def test_missing_and_special_values_have_reason_codes_of_their_own() -> None:
    late = row("times_late")
    assert (late.get("reasonCode"), late.get("baselineScore")) == ("TIMES__LATE", "33")
    assert [each.get("reasonCode") for each in late] == ["TIMES_LATE_MISSING", "TIMES_LATE_SPECIAL", None, None, None]


def test_the_baseline_is_the_best_points_that_of_missing_among_them() -> None:
    text = WHOLE.replace("    missing: -12\n", "    missing: 50\n")
    found = ET.fromstring(write_pmml(read_card(text))).find("Scorecard/Characteristics/Characteristic", IN)
    assert found is not None and found.get("baselineScore") == "50"


def test_every_characteristic_reads_one_field() -> None:
    for each in scorecard().iterfind("Characteristics/Characteristic", IN):
        assert len({part.get("field") for part in each.iter() if part.get("field")}) == 1, each.get("name")


def test_a_pair_is_read_from_a_derived_field_that_numbers_its_cells() -> None:
    cells = [each.text for each in row("late_by_line_use").iterfind("Attribute/SimpleSetPredicate/Array", IN)]
    assert sorted(int(cell) for each in cells if each for cell in each.split()) == list(range(16))
    assert [each.get("name") for each in scorecard().iterfind("LocalTransformations/DerivedField", IN)] == [
        "late_by_line_use",
        "purpose_by_home",
    ]


def test_texts_that_are_read_as_a_value_stand_in_its_bin_and_texts_read_as_another_do_not() -> None:
    first = row("purpose")[1]
    said = {each.get("value") for each in first.iter() if each.get("value")}
    assert said == {"car", "credit card", "debt cons", 'Debt "(cons.)"', " car ", "back\\slash"}
    array = row("purpose").findtext("Attribute/SimpleSetPredicate/Array", namespaces=IN)
    assert array == '"small business" "medical"'


def test_no_output_has_the_name_of_a_column() -> None:
    names = [each.get("name") for each in scorecard().iterfind("Output/OutputField", IN)]
    assert names == ["points", "card_score", "pd_ppm", "reason_1", "reason_2", "reason_3", "reason_4"]


def test_the_table_of_probabilities_is_that_of_the_scale() -> None:
    scale = whole_card().fitted.scale
    bins = scorecard().findall("Output/OutputField/Discretize/DiscretizeBin", IN)
    assert [int(str(each.get("binValue"))) for each in bins] == [pd_ppm(start + 5, scale) for start in range(500, 650, 10)]
    assert score_one(whole_card(), dict.fromkeys(each.column for each in whole_card().fitted.inputs.values())).pd_ppm in {
        int(str(each.get("binValue"))) for each in bins
    }


def test_the_same_card_gives_the_same_bytes_wherever_it_lies() -> None:
    assert write_pmml(read_card(WHOLE, "a/card.yaml")) == write_pmml(read_card(WHOLE, "/b/c/card.yaml"))


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ('"Use of lines, % <"', "NumberOfTimes90DaysLate", "fitted.inputs"),
        ("en: times late\n      missing", 'en: "\\u0007"\n      missing', "card.yaml"),
        ("column: score", 'column: "a\\u0001"', "card.yaml"),
    ],
)
def test_what_has_no_place_in_pmml_is_refused(old: str, new: str, field: str) -> None:
    assert old in WHOLE
    with pytest.raises(NotInPmml) as refused:
        write_pmml(read_card(WHOLE.replace(old, new)))
    assert refused.value.field == field and refused.value.right("zh") != refused.value.right("en")
