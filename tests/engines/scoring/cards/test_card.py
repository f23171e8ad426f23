"""Cards that can be read, and all that can be wrong with one that was edited by hand."""

from __future__ import annotations

import subprocess
import sys

import pytest

from shouxin.engines.policy.compile import compile_policy
from shouxin.engines.policy.load import from_texts
from shouxin.engines.scoring.cards.card import CardRefused, read_card
from tests.engines.scoring.carded import CARD, card

FILE = "cards/card.yaml"


def faults(*changes: tuple[str, str]) -> list[str]:
    """What a changed card is refused for."""
    text = CARD
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    with pytest.raises(CardRefused) as refused:
        read_card(text, FILE)
    assert all(each.file == FILE and each.line >= 1 for each in refused.value.faults)
    return [str(each) for each in refused.value.faults]


def line_of(part: str) -> int:
    """The line on which something stands in the card."""
    return CARD[: CARD.index(part)].count("\n") + 1


def test_a_card_says_what_it_reads_and_what_gives_points() -> None:
    read = card()
    assert read.parts == ("times_late_90", "line_use", "purpose", "owns_home", "late_90_by_line_use")
    assert [each.column for each in read.inputs.values()] == ["NumberOfTimes90DaysLate", "Line Use", "purpose", "owns_home"]
    assert read == card() and hash(read) == hash(card())
    assert read.policy is card().policy, "compiled once"


def test_an_input_that_nothing_depends_on_is_not_read() -> None:
    text = CARD.replace("  inputs:\n", "  inputs:\n    spare: {column: Spare, type: int, zh: 无, en: none}\n")
    read = read_card(text)
    assert "spare" in read.fitted.inputs and "spare" not in read.inputs


def test_a_condition_of_a_bundle_does_not_bind_the_card_alone() -> None:
    read = read_card(CARD.replace("base: 612\n", "base: 612\nwhen: customer_type = 'person'\n"))
    assert read.shape.when is not None and read.policy.plan.cards == ("card",)


BAD: list[tuple[str, str, str, str]] = [
    # what is replaced, by what, and of the message: where, and what
    ("{below: 0.9, points: 10", "{below: 0.2, points: 10", "  line_use:\n    input", "E-BINS: 'line_use: 0.2': the bounds of"),
    ("{below: 0.9, points: 10", "{below: 0.3, points: 10", "  line_use:\n    input", "E-BINS: 'line_use: 0.3': the bounds of"),
    ("{in: [96, 98], points", "{in: [96, 96], points", "  times_late_90:\n", "[96, 96]': a value stands in two bins, or twice"),
    ("{points: -45, rows", "{in: [97], points: 0}\n      - {points: -45, rows", "  times_late_90:\n", "stand before them"),
    ("{in: [small business]", "{in: [car]", "  purpose:\n", "a value stands in two bins"),
    ("{in: [small business]", "{in: [boat]", "  purpose:\n", "E-VALUE: 'purpose: boat': purpose is one of car, credit card"),
    ("      - [2, 0, -1, 0]\n", "", "  late_90_by_line_use:\n", "points has 3 rows: it needs 4"),
    ("[2, 0, -1, 0]", "[2, 0, -1]", "  late_90_by_line_use:\n", "row 2 of points has 3 columns: it needs 4"),
    (
        "    input: line_use\n",
        "    input: lineuse\n",
        "    input: line_use\n",
        "E-INPUT: 'lineuse': one of the inputs under `fit",
    ),
    ("across: {input: line_use", "across: {input: use", "    across:", "E-INPUT: 'use': one of the inputs under `fitted`"),
    ("  LINE_USE: {", "  LINE_USED: {", "  line_use:\n    input", "E-REASON: 'LINE_USE': `reasons` has no such code"),
    ("  PURPOSE_MISSING: {", "  PURPOSES: {", "  purpose:\n", "E-REASON: 'PURPOSE_MISSING'"),
    ("points: 33", "points: 3300", "      - {below: 1, points", "E-SHAPE: '3300'"),
    ("- [-3, -8, -12, -4]", "- [-3, -8, -1200, -4]", "      - [-3", "E-SHAPE: '-1200'"),
    ("    direction: down\n", "    diraction: down\n", "    direction: down\n", "times_late_90.diraction: Extra inputs"),
    ("    missing: -12\n", "", "  times_late_90:\n", "this input can be missing: give `missing` its points"),
    ("    missing: -12\n", "    missing: -12\n    no_record: 1\n", "  times_late_90:\n", "this input always has a record"),
    ('{Y: "true"', '{Y: "yes"', "    owns_home: {column", "E-INPUT: 'owns_home: Y: yes': a map leads to true, false"),
    ('{"Debt (cons.)": debt cons', '{"Debt (cons.)": debt', "    purpose:\n      column", "a map leads to car, credit card"),
    ("missing_values: [99]", "map: {few: one}", "    times_late_90: {column", "numbers have no map"),
    ("missing_values: [99]", "missing_values: [96]", "      - {in: [96", "E-BINS: '96': special, or among the missing values"),
    ("points_to_double: 50", "points_to_double: 1", "  scale: {", "E-SHAPE: '1': fitted.scale.points_to_double"),
    ("lowest: 350", "lowest: low", "  scale: {", "E-SHAPE: 'low': fitted.scale.lowest"),
    ("values: [car,", "values: ['!car',", "    purpose:\n      column", "a value is letters, digits, spaces"),
    ("type: double", "type: number", "    line_use: {column", "E-SHAPE: 'number': fitted.inputs.line_use.type"),
    ("    times_late_90: {column", "    select: {column", "    times_late_90: {column", "this word is taken by SQL"),
    ("fitted:\n", "fit:\n", "zh: 评分卡", "E-CARD: 'cards/card.yaml': a fitted card"),
    ("en: Scorecard", "en: Scorecard\nen: Card", "en: Scorecard", "E-YAML: 'en': this key stands here twice"),
    ("zh: 评分卡", "zh: [评分卡", "zh: 评分卡", "E-YAML"),
]


@pytest.mark.parametrize(("old", "new", "where", "said"), BAD, ids=[each[3][:40] for each in BAD])
def test_a_card_edited_by_hand(old: str, new: str, where: str, said: str) -> None:
    found = [each for each in faults((old, new)) if said in each]
    assert found, faults((old, new))
    line = int(found[0].split(":")[1])
    assert abs(line - line_of(where)) <= 1, f"told at {line}, stands at {line_of(where)}"


def test_everything_is_told_at_once() -> None:
    found = faults(
        ("{below: 0.9, points: 10", "{below: 0.2, points: 10"),
        ("{in: [small business]", "{in: [car]"),
        ("    input: owns_home\n", "    input: owns_house\n"),
        ("missing_values: [99]", "missing_values: [96]"),
    )
    assert len(found) == 4, found
    assert [any(part in each for each in found) for part in ("0.2", "['car']", "'owns_house'", "'96'")] == [True] * 4


@pytest.mark.parametrize("text", ["", "[]", "card", "fitted: 3", "fitted: {}", "fitted: []"])
def test_files_that_hold_no_card(text: str) -> None:
    with pytest.raises(CardRefused) as refused:
        read_card(text, FILE)
    assert refused.value.faults[0].file == FILE


def test_the_card_gives_the_same_points_in_a_bundle(starter_with_card: dict[str, str]) -> None:
    """What scores alone is what a bundle compiles: the same tree of points for the same card."""
    inside = compile_policy(from_texts(starter_with_card)).plan
    alone = card().policy.plan
    assert [each.name for each in inside.characteristics] == [each.name for each in alone.characteristics]
    assert [each.reasons for each in inside.characteristics] == [each.reasons for each in alone.characteristics]
    assert [each.points for each in inside.characteristics] == [each.points for each in alone.characteristics]


@pytest.fixture
def starter_with_card() -> dict[str, str]:
    """The shipped bundle `starter` with the card for everybody, and its inputs as facts."""
    from tests.bundles import shipped

    texts = dict(shipped("starter").bundle.texts)
    facts = """
  times_late_90: {type: double, source: profile, zh: 逾期, en: late}
  line_use: {type: double, source: profile, zh: 使用率, en: use}
  purpose: {type: enum, values: [car, credit card, small business, medical, debt cons], source: profile, zh: 用途, en: purpose}
  owns_home: {type: bool, source: profile, zh: 住房, en: home}
"""
    texts["facts.yaml"] = texts["facts.yaml"].replace("\nfacts:\n", f"\nfacts:{facts}", 1)
    texts["bundle.yaml"] += "  calibrated: true\n"
    name = next(each for each in texts if each.startswith("scorecards/"))
    return {**{each: text for each, text in texts.items() if each != name}, "scorecards/fitted.yaml": CARD}


def test_scoring_needs_neither_numpy_nor_a_database() -> None:
    program = (
        "import sys\n"
        "for name in ('numpy', 'duckdb', 'sklearn', 'lightgbm', 'pyspark', 'psycopg'): sys.modules[name] = None\n"
        "from tests.engines.scoring.carded import card\n"
        "from shouxin.engines.scoring.cards.card_sql import ENGINES, card_sql\n"
        "from shouxin.engines.scoring.cards.score_one import score_one\n"
        "row = {'NumberOfTimes90DaysLate': 0, 'Line Use': 0.1, 'purpose': 'car', 'owns_home': True}\n"
        "print(score_one(card(), row).score, len(card_sql(card(), ENGINES['spark'], 't')) > 500)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout.split() == ["700", "True"], done.stderr
