"""PMML read as a card: our own back to the byte, the example of the standard to its total, and what a card cannot say."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import product
from typing import Any

import pytest

from shouxin.engines.policy.errors import BundleRefused
from shouxin.engines.policy.model import Scale
from shouxin.engines.scoring.cards.card import read_card
from shouxin.engines.scoring.cards.score_one import score_one
from shouxin.engines.scoring.pmml.errors import CardInsideDiffers, CodeNotUsable, ScoresWouldDiffer
from shouxin.engines.scoring.pmml.importing import Imported, exactly, import_pmml
from shouxin.engines.scoring.pmml.write import write_pmml
from tests.engines.scoring.pmml_cards import WHOLE, WHOLE_VALUES, random_card, rows_of, whole_card
from tests.engines.scoring.pmml_others import SAMPLE

HEAD = '<PMML xmlns="http://www.dmg.org/PMML-4_4" version="4.4"><Header/>'


def one_field(attributes: str, kind: str = "integer", mining: str = "", inside: str = "", more: str = "") -> bytes:
    """A scorecard over one field x."""
    parts = (
        f'<DataDictionary><DataField name="x" optype="continuous" dataType="{kind}">{inside}</DataField></DataDictionary>',
        f'<Scorecard functionName="regression" useReasonCodes="false" {more}>',
        f'<MiningSchema><MiningField name="x" {mining}/></MiningSchema>',
        f"<Characteristics><Characteristic>{attributes}</Characteristic></Characteristics></Scorecard></PMML>",
    )
    return (HEAD + "".join(parts)).encode()


def attribute(points: int, operator: str, value: object = None) -> str:
    """An Attribute with a SimplePredicate over x."""
    written = "" if value is None else f' value="{value}"'
    return f'<Attribute partialScore="{points}"><SimplePredicate field="x" operator="{operator}"{written}/></Attribute>'


MISSING, REST = attribute(1, "isMissing"), '<Attribute partialScore="9"><True/></Attribute>'


def bins_of(imported: Imported) -> list[dict[str, Any]]:
    """The bins of the one characteristic, as they stand in the file."""
    (found,) = imported.card.file.data["characteristics"].values()
    bins: list[dict[str, Any]] = found["bins"]
    return bins


# -- our own -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", [WHOLE, *(random_card(seed)[0].text for seed in range(12))])
def test_a_card_comes_back_to_the_byte(text: str) -> None:
    back = import_pmml(write_pmml(read_card(text)).encode(), "card.pmml")
    assert back.losses == () and exactly(back, "card.pmml").text == text


def test_line_ends_of_windows_come_back_as_line_feeds() -> None:
    back = import_pmml(write_pmml(read_card(WHOLE.replace("\n", "\r\n"))).encode(), "card.pmml")
    assert back.card.text == WHOLE


def test_another_layout_of_the_same_document_is_the_same_card() -> None:
    text = write_pmml(whole_card())
    again = re.sub(r">\s+<", "><", text).replace(' operator="isMissing" field=', " field=").encode("utf-16")
    assert import_pmml(again.replace(b'"\0U\0T\0F\0-\0008\0"', b'"\0U\0T\0F\0-\0001\0006\0"'), "x").card.text == WHOLE


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ('partialScore="-40"', 'partialScore="-39"', "characteristics"),
        ('initialScore="612"', 'initialScore="613"', "base"),
        ('value="0.9"', 'value="0.8"', "characteristics"),
        ("96 98", "96 99", "characteristics"),
        (">medical<", ">medica<", "pairs"),
        ('n="1" type="int">5<', 'n="1" type="int">4<', "pairs"),
        ('<Value value="-9.5" property="missing" />', "", "fitted"),
        ('invalidValueTreatment="asIs"', 'invalidValueTreatment="asMissing"', None),
        (">650<", ">649<", "Output"),
        ('reasonCode="TIMES_LATE_MISSING"', 'reasonCode="OTHER"', "characteristics"),
    ],
)
def test_an_element_that_was_changed_by_hand_is_told_and_never_overruled(old: str, new: str, where: str | None) -> None:
    text = write_pmml(whole_card())
    head, _, body = text.partition("</Extension>")
    assert old in body or old in head, old
    changed = head.replace(old, new) + "</Extension>" + body.replace(old, new)
    if where is None:  # every value of these fields is valid, so that the treatment of others changes nothing
        assert import_pmml(changed.encode(), "x").card.text == WHOLE
        return
    with pytest.raises(CardInsideDiffers) as refused:
        import_pmml(changed.encode(), "x.pmml")
    assert refused.value.field == f"x.pmml: {where}"


def test_a_card_inside_that_was_broken_is_refused_as_a_card_is() -> None:
    text = write_pmml(whole_card()).replace("below: 2, points: -20", "below: 1, points: -20")
    with pytest.raises(BundleRefused, match=r"card inside x\.pmml:[0-9]+: E-BINS"):
        import_pmml(text.encode(), "x.pmml")


@pytest.mark.parametrize("seed", range(12))
def test_without_the_card_inside_the_elements_alone_give_the_same_scores(seed: int) -> None:
    card, values = random_card(seed)
    imported = import_pmml(bare(write_pmml(card)), "x.pmml", card.fitted.scale)
    assert all("output field" in each.en or "add up to" in each.en for each in imported.losses)
    for row in rows_of(values, 80, seed):
        said, meant = score_one(imported.card, row), score_one(card, row)
        assert (said.score, said.pd_ppm, tuple(said.points.values())) == (meant.score, meant.pd_ppm, tuple(meant.points.values()))


def test_without_the_card_inside_the_card_with_everything_gives_the_same_scores() -> None:
    card = whole_card()
    imported = import_pmml(bare(write_pmml(card)), "x.pmml", card.fitted.scale)
    for row in rows_of(WHOLE_VALUES, 500, seed=8):
        said, meant = score_one(imported.card, row), score_one(card, row)
        assert (said.score, said.reasons) == (meant.score, meant.reasons)
        assert list(said.points.values()) == list(meant.points.values())


def bare(text: str) -> bytes:
    """A document without the card inside."""
    return re.sub(r"(?s)<Extension.*?</Extension>", "", text).encode()


# -- the example of the standard -------------------------------------------------------------------------------------------


def sample_points(department: str | None, age: int | None, income: float | None) -> tuple[int, int, int]:
    """The sample scorecard by hand; a department that it does not know gets the lowest points, as an import tells."""
    by_department = {None: -9, "marketing": 19, "engineering": 3, "business": 6}.get(department, -9)
    by_age = -1 if age is None else -3 if age <= 18 else 0 if age <= 29 else 12 if age <= 39 else 18
    by_income = 5 if income is None else 26 if income <= 1000 else 5 if income <= 2500 else -3
    return by_department, by_age, by_income


def test_the_example_of_the_standard_gives_its_total() -> None:
    card = import_pmml(SAMPLE.encode(), "sample.pmml").card
    assert score_one(card, {"department": "engineering", "age": 25, "income": 500}).score == 29


def test_the_example_of_the_standard_at_every_bound() -> None:
    card = import_pmml(SAMPLE.encode(), "sample.pmml").card
    incomes = (None, float("-inf"), 999.99, 1000, 1000.0000000000001, 2499.5, 2500, 2500.0000000000005, 1e12, float("inf"))
    departments = (None, "marketing", "engineering", "business", "sales")
    for department, age, income in product(departments, (None, -1, 18, 19, 29, 30, 39, 40), incomes):
        points = sample_points(department, age, income)
        scored = score_one(card, {"department": department, "age": age, "income": income})
        assert (tuple(scored.points.values()), scored.score) == (points, max(0, sum(points)))


def test_what_a_card_cannot_say_of_the_example_is_told_in_both_languages() -> None:
    imported = import_pmml(SAMPLE.encode(), "sample.pmml")
    assert [each.en for each in imported.losses] == [
        "/PMML/Scorecard/Characteristics/Characteristic[1]: no score for every other value; the card gives the lowest points, -9",
        "/PMML/Scorecard/Characteristics/Characteristic[2]: the reason codes of single attributes, RC2_2, RC2_3, RC2_4, RC2_5, "
        "give way to AGESCORE",
        "/PMML/Scorecard/Characteristics/Characteristic[3]: baselineScore 10: the card ranks reasons by the points lost "
        "against the best, 26",
        "the points add up to -15 to 63; the scale clips them to 0 to 63",
    ]
    with pytest.raises(ScoresWouldDiffer) as refused:
        exactly(imported, "sample.pmml")
    assert "clips them to 0 to 63" in refused.value.text("en")
    assert all(each.zh in refused.value.text("zh") for each in imported.losses)


def test_the_scale_may_be_given() -> None:
    scale = Scale(calibrated=True)
    imported = import_pmml(SAMPLE.replace('initialScore="0"', 'initialScore="600"').encode(), "sample.pmml", scale)
    assert imported.card.fitted.scale == scale and not any("clips" in each.en for each in imported.losses)
    assert score_one(imported.card, {"department": "engineering", "age": 25, "income": 500}).score == 629


# -- bins ------------------------------------------------------------------------------------------------------------------


def test_a_range_of_whole_numbers_that_includes_its_end_ends_below_the_next() -> None:
    data = one_field(MISSING + attribute(2, "lessOrEqual", 18) + attribute(3, "greaterThan", 18))
    assert bins_of(import_pmml(data, "x")) == [{"below": 19, "points": 2}, {"points": 3}]


def test_in_a_range_of_doubles_the_end_that_is_included_stands_alone() -> None:
    data = one_field(MISSING + attribute(2, "lessOrEqual", "0.5") + attribute(3, "greaterThan", "0.5"), "double")
    half = Decimal("0.5")
    assert bins_of(import_pmml(data, "x")) == [{"in": [half], "points": 2}, {"below": half, "points": 2}, {"points": 3}]


def test_values_named_one_by_one_are_special_values() -> None:
    data = one_field(MISSING + attribute(2, "equal", 96) + attribute(4, "lessThan", 5) + REST, "double")
    assert bins_of(import_pmml(data, "x")) == [{"in": [96], "points": 2}, {"below": 5, "points": 4}, {"points": 9}]


def test_the_first_attribute_that_is_true_gives_the_points() -> None:
    data = one_field(MISSING + attribute(2, "lessThan", 10) + attribute(3, "lessThan", 20) + attribute(4, "lessThan", 5) + REST)
    assert bins_of(import_pmml(data, "x")) == [{"below": 10, "points": 2}, {"below": 20, "points": 3}, {"points": 9}]


def test_a_replacement_of_missing_values_gives_missing_the_points_of_what_replaces_it() -> None:
    imported = import_pmml(one_field(attribute(2, "lessThan", 10) + REST, mining='missingValueReplacement="3"'), "x")
    assert next(iter(imported.card.shape.characteristics.values())).missing == 2


def test_an_invalid_number_gives_no_score_unless_it_is_taken_as_it_is_or_as_missing() -> None:
    inside = '<Interval closure="closedOpen" leftMargin="0" rightMargin="100"/>'
    told = import_pmml(one_field(MISSING + REST, inside=inside), "x")
    assert bins_of(told) == [{"below": 0, "points": 1}, {"below": 100, "points": 9}, {"points": 1}]
    assert "no score for below 0; from 100;" in told.losses[0].en
    as_missing = import_pmml(one_field(MISSING + REST, mining='invalidValueTreatment="asMissing"', inside=inside), "x")
    assert bins_of(as_missing) == bins_of(told) and as_missing.losses == ()
    as_is = import_pmml(one_field(MISSING + REST, mining='invalidValueTreatment="asIs"', inside=inside), "x")
    assert bins_of(as_is) == [{"points": 9}] and as_is.losses == ()


def test_without_an_attribute_for_missing_there_is_no_score_for_missing() -> None:
    imported = import_pmml(one_field(attribute(2, "lessThan", 10) + attribute(7, "greaterOrEqual", 10)), "x")
    assert [each.en.split(": ")[1] for each in imported.losses] == ["no score for missing; the card gives the lowest points, 2"]


def test_a_bound_of_many_decimals_is_rounded_and_told() -> None:
    imported = import_pmml(one_field(MISSING + attribute(2, "lessThan", "0.3333333333333333") + REST, "double"), "x")
    assert bins_of(imported)[0] == {"below": Decimal("0.333333333"), "points": 2}
    assert imported.losses[0].en == "the bound 0.3333333333333333 of the field x is rounded to 0.333333333"


def test_single_precision_and_outputs_worked_out_from_the_score_are_told() -> None:
    data = one_field(MISSING + REST, "float").replace(
        b"</MiningSchema>",
        b'</MiningSchema><Output><OutputField name="pd" dataType="double" feature="transformedValue"><Constant>1</Constant>'
        b"</OutputField></Output>",
    )
    said = [each.en for each in import_pmml(data, "x").losses]
    assert any("single precision" in each for each in said) and any("output field pd" in each for each in said)


def test_texts_that_a_card_cannot_have_as_values_are_read_as_some_that_it_can() -> None:
    attributes = MISSING + attribute(2, "equal", "Debt (cons.)") + attribute(3, "equal", "x!") + REST
    card = import_pmml(one_field(attributes, "string"), "x").card
    points = {
        text: next(iter(score_one(card, {"x": text}).points.values()))
        for text in ("Debt (cons.)", "x!", "Debt cons.", "x", "other")
    }
    assert points == {"Debt (cons.)": 2, "x!": 3, "Debt cons.": 9, "x": 9, "other": 9}


def test_codes_that_become_one_are_refused() -> None:
    text = SAMPLE.replace('reasonCode="RC1"', 'reasonCode="rc3"')
    with pytest.raises(CodeNotUsable) as refused:
        import_pmml(text.encode(), "x")
    assert refused.value.text("en") == "reasonCode: RC3: reason codes that differ in letters and digits; rc3 becomes RC3 as well"
