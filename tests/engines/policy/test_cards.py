"""Fitted cards: what may stand in one, what they score by hand, and that they go into any bundle."""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from shouxin.desk.decisions import Assessor, Decision
from shouxin.desk.decisions.explain import Explainer
from shouxin.desk.decisions.trace import Tracer
from shouxin.engines.policy.card_shapes import PairShape
from shouxin.engines.policy.check_cards import check_bins
from shouxin.engines.policy.check_reasons import check_reasons
from shouxin.engines.policy.compile import Policy, compile_policy
from shouxin.engines.policy.errors import BundleRefused
from shouxin.engines.policy.load import load
from shouxin.engines.policy.plain import evaluate
from shouxin.engines.policy.plan import MISSING, SPECIAL, VALUE, read_key
from shouxin.engines.policy.read import Facts, FactsRefused, read_facts
from tests.bundles import faults_of, policy_of
from tests.customers import AS_OF, random_facts
from tests.engines.policy.bundles import codes, found, only
from tests.engines.policy.cards import CARD, FITTED, fitted_bundle, fitted_policy
from tests.fuzz import SCOPE, rows
from tests.fuzz_cards import random_characteristic, random_pair

STEADY = {"worst_overdue_24m": 0, "line_use": 0.29, "monthly_income": 12000, "purpose": "car", "insured": True}
NOT_ASKED = {"bureau_status": "not_asked", "bureau_date": None, "worst_overdue_24m": None, "enquiries_6m": None}


@pytest.fixture(scope="module")
def policy(tmp_path_factory: pytest.TempPathFactory) -> Policy:
    """The starter bundle with the fitted card."""
    return fitted_policy(tmp_path_factory.mktemp("fitted"))


def facts_of(policy: Policy, **changes: Any) -> Facts:
    """The steady customer with changes."""
    return read_facts(policy.plan, {**policy.bundle.profiles["steady"], **STEADY, **changes})


def decide(policy: Policy, **changes: Any) -> Decision:
    """The decision on the steady customer with changes."""
    return Assessor(policy).assess(facts_of(policy, **changes), AS_OF)


# -- scores by hand ---------------------------------------------------------------------------------------------------

# (facts, points of overdue, line_use, income, purpose, insured, housing, overdue_by_use, purpose_by_housing; the customer rents)
BY_HAND: list[tuple[dict[str, Any], tuple[int, ...]]] = [
    ({}, (33, 20, 12, 8, 5, 1, 2, 1)),
    ({"worst_overdue_24m": 1}, (-20, 20, 12, 8, 5, 1, -3, 1)),
    ({"worst_overdue_24m": 31}, (-45, 20, 12, 8, 5, 1, -3, 1)),
    ({"worst_overdue_24m": 996}, (-40, 20, 12, 8, 5, 1, 0, 1)),
    ({"worst_overdue_24m": 998}, (-40, 20, 12, 8, 5, 1, 0, 1)),
    ({"worst_overdue_24m": 997}, (-45, 20, 12, 8, 5, 1, -3, 1)),
    ({"worst_overdue_24m": 1999}, (3, 20, 12, 8, 5, 1, -3, 1)),  # special in the card, and a large number in the pair
    (NOT_ASKED, (-12, 20, 12, 8, 5, 1, 0, 1)),
    ({**NOT_ASKED, "bureau_status": "no_record"}, (33, 20, 12, 8, 5, 1, 2, 1)),  # the bundle says that no record is 0 days
    ({"line_use": 0.3}, (33, 5, 12, 8, 5, 1, 0, 1)),
    ({"line_use": 0.9}, (33, -30, 12, 8, 5, 1, -1, 1)),
    ({"line_use": 1e300}, (33, -30, 12, 8, 5, 1, -1, 1)),
    ({"line_use": -1}, (33, 6, 12, 8, 5, 1, 2, 1)),
    ({"line_use": -9.5}, (33, 6, 12, 8, 5, 1, 2, 1)),
    ({"line_use": -9.4}, (33, 20, 12, 8, 5, 1, 2, 1)),
    ({"line_use": None}, (33, 0, 12, 8, 5, 1, 0, 1)),
    ({"monthly_income": "3000.49"}, (33, 20, -9, 8, 5, 1, 2, 1)),
    ({"monthly_income": "3000.50"}, (33, 20, 12, 8, 5, 1, 2, 1)),
    ({"monthly_income": "0.01"}, (33, 20, 7, 8, 5, 1, 2, 1)),
    ({"monthly_income": None}, (33, 20, -5, 8, 5, 1, 2, 1)),
    ({"purpose": "credit card"}, (33, 20, 12, 8, 5, 1, 2, -2)),
    ({"purpose": "small business"}, (33, 20, 12, -20, 5, 1, 2, -2)),
    ({"purpose": "other"}, (33, 20, 12, -3, 5, 1, 2, -2)),
    ({"purpose": "a boat"}, (33, 20, 12, -3, 5, 1, 2, -2)),
    ({"purpose": "auto"}, (33, 20, 12, 8, 5, 1, 2, 1)),
    ({"purpose": None}, (33, 20, 12, 0, 5, 1, 2, -1)),
    ({"insured": False}, (33, 20, 12, 8, -5, 1, 2, 1)),
    ({"insured": None}, (33, 20, 12, 8, 0, 1, 2, 1)),
    ({"housing": "owned"}, (33, 20, 12, 8, 5, 4, 2, 3)),
    ({"housing": "mortgaged", "purpose": None}, (33, 20, 12, 0, 5, 1, 2, 0)),
    ({**NOT_ASKED, "line_use": 0.95}, (-12, -30, 12, 8, 5, 1, -6, 1)),
    ({**NOT_ASKED, "line_use": None}, (-12, 0, 12, 8, 5, 1, 1, 1)),
    ({"worst_overdue_24m": 60, "line_use": None}, (-45, 0, 12, 8, 5, 1, -4, 1)),
]


@pytest.mark.parametrize(("changes", "points"), BY_HAND, ids=[str(each) for each, _ in BY_HAND])
def test_points_by_hand(policy: Policy, changes: dict[str, Any], points: tuple[int, ...]) -> None:
    decision = decide(policy, **changes)
    assert tuple(each for _, each in decision.points) == points
    assert decision.score == 640 + sum(points)


def test_the_score_is_held_within_the_scale(tmp_path: Path) -> None:
    low = fitted_policy(tmp_path, ("base: 640", "base: 300"))
    assert decide(low).score == 382 and decide(low, worst_overdue_24m=31, line_use=2.0).score == 350
    assert decide(fitted_policy(tmp_path, ("base: 640", "base: 900"))).score == 950


def by_reading(card: dict[str, Any], facts: Facts) -> int:
    """The sum of a card's points, read from its YAML."""

    def place(bins: list[dict[str, Any]], name: str) -> int:
        value: Any = facts[name] if not name.startswith("worst") else overdue
        if value is None:
            return -1
        value = Decimal(value) / 100 if name == "monthly_income" else value
        for index, each in enumerate(bins):
            within, below = each.get("in"), each.get("below")
            if within is not None and (value in within or (name == "monthly_income" and float(value) in within)):
                return index
            if below is not None and value < (Decimal(str(below)) if name == "monthly_income" else below):
                return index
        return len(bins) - 1

    answered = facts["bureau_status"] == "found" and facts["bureau_date"] is not None
    fresh = answered and AS_OF - dt.timedelta(days=30) <= facts["bureau_date"] <= AS_OF  # type: ignore[operator]
    overdue = 0 if facts["bureau_status"] == "no_record" else facts["worst_overdue_24m"] if fresh else None
    total = int(card["base"])
    for each in card["characteristics"].values():
        index = place(each["bins"], each["input"])
        total += each["missing"] if index < 0 else each["bins"][index]["points"]
    for each in card["pairs"].values():
        total += each["points"][place(each["down"]["bins"], each["down"]["input"])][
            place(each["across"]["bins"], each["across"]["input"])
        ]
    return total


def test_random_customers_score_what_the_card_says_when_it_is_read(policy: Policy) -> None:
    card, assessor, tracer = yaml.safe_load(FITTED), Assessor(policy), Tracer(policy)
    scores = set()
    for facts in random_facts(policy, 2_000, seed=51):
        decision = assessor.assess(facts, AS_OF)
        assert decision.score == min(max(by_reading(card, facts), 350), 950), dict(facts)
        scores.add(decision.score)
        if len(scores) < 20:
            assert tracer.trace(facts, AS_OF).result[0] == decision.score
    assert len(scores) > 60


def holds(each: dict[str, Any], value: Any) -> bool:
    if "in" in each:
        return value in each["in"]
    return "below" not in each or value < each["below"]


@pytest.mark.parametrize("seed", range(60))
def test_random_bins_and_pairs_give_what_a_plain_reading_gives(seed: int) -> None:
    """Characteristics and pairs over columns of every type; the first bin that holds a value counts."""
    source = random.Random(seed)
    shape, node = random_characteristic(SCOPE, source)
    pair, pair_node = random_pair(SCOPE, source)
    written: Any = shape.model_dump(by_alias=True, exclude_none=True)
    told: Any = pair.model_dump(by_alias=True, exclude_none=True)
    for row in rows(seed, 150):
        value = in_written_units(shape.input, row[shape.input])
        points = written["missing"] if value is None else next(each["points"] for each in written["bins"] if holds(each, value))
        assert evaluate(node, row) == points
        at = []
        for side in ("down", "across"):
            beside, bins = in_written_units(told[side]["input"], row[told[side]["input"]]), told[side]["bins"]
            at.append(-1 if beside is None else next(place for place, each in enumerate(bins) if holds(each, beside)))
        assert evaluate(pair_node, row) == told["points"][at[0]][at[1]]


def in_written_units(name: str, value: Any) -> Any:
    scale = {"money": 100, "bp": 100}.get(SCOPE.columns[name].type)
    return value if value is None or scale is None else Decimal(value) / scale


# -- reasons ----------------------------------------------------------------------------------------------------------


def test_points_lost_in_special_bins_have_a_reason_of_their_own(policy: Policy) -> None:
    assert decide(policy, worst_overdue_24m=998).score_reasons[0] == ("OVERDUE_UNSAID", "score", 73)
    assert decide(policy, worst_overdue_24m=40).score_reasons[0] == ("OVERDUE_HISTORY", "score", 78)
    assert decide(policy, **NOT_ASKED).score_reasons[0] == ("OVERDUE_MISSING", "score", 45)
    assert decide(policy, line_use=-1).score_reasons[0] == ("LINE_USE", "score", 14)  # no special reason of its own
    assert decide(policy, purpose=None).score_reasons[0] == ("PURPOSE_MISSING", "score", 8)


def test_the_kind_of_bin_is_in_the_ranking_key(policy: Policy) -> None:
    key = next(each.key for each in policy.plan.characteristics if each.name == "overdue")
    kinds = {value: read_key(int(str(evaluate(key, {"worst_overdue_24m": value}))))[2] for value in (996, 998, 1999, 0, 40, None)}
    assert kinds == {996: SPECIAL, 998: SPECIAL, 1999: SPECIAL, 0: VALUE, 40: VALUE, None: MISSING}
    listed = next(each.key for each in policy.plan.characteristics if each.name == "purpose")
    assert read_key(int(str(evaluate(listed, {"purpose": "small business"}))))[2] == VALUE  # words are no special values


def test_points_lost_in_a_pair_are_ranked_and_told_with_both_values(policy: Policy) -> None:
    decision = decide(policy, **{**STEADY, "worst_overdue_24m": 40, "line_use": 0.95})
    assert [(each.code, each.lost) for each in decision.score_reasons] == [
        ("OVERDUE_HISTORY", 78),
        ("LINE_USE", 50),
        ("OVERDUE_BY_USE", 14),
        ("HOUSING", 3),
    ]
    facts = facts_of(policy, worst_overdue_24m=40, line_use=0.95)
    told = {each.code: each for each in Explainer(policy, "en").reasons(decision, decision.products[0], facts)}
    pair = told["OVERDUE_BY_USE"]
    assert pair.because == (("longest overdue, days, 24 months", "40"), ("share of credit lines in use", "0.95"))
    assert pair.text == "Overdue payments with much of your credit lines in use."


def test_the_bundle_has_the_last_word_on_a_reason(policy: Policy) -> None:
    reasons = policy.bundle.reasons.reasons
    assert reasons["OVERDUE_HISTORY"].rank == 200 and "24 months" in reasons["OVERDUE_HISTORY"].en
    assert reasons["OVERDUE_UNSAID"].rank == 601


def test_a_file_of_reasons_goes_before_a_card(tmp_path: Path) -> None:
    more = {"reasons/own.yaml": "reasons:\n  LINE_USE: {rank: 7, zh: 本行自己的话, en: our own words}\n"}
    bundle = load(fitted_bundle(tmp_path, changes=more))
    assert bundle.reasons.reasons["LINE_USE"].en == "our own words"


# -- a frozen card in any bundle --------------------------------------------------------------------------------------


def test_what_is_fitted_is_kept_and_decides_nothing(policy: Policy, tmp_path: Path) -> None:
    fitted = policy.bundle.scorecards["persons"].fitted
    assert fitted is not None and fitted.data is not None and fitted.calibration is not None
    assert (fitted.data.rows, fitted.data.true_bad_rate) == (105_000, Decimal("0.175"))
    assert fitted.inputs["worst_overdue_24m"].missing_values == [-1, Decimal("0.5"), "none"]
    assert fitted.method == {"boosted": "stumps", "rounds": 300, "rate": Decimal("0.05"), "monotone": True}
    assert (fitted.calibration.bands[1].since, fitted.on) == (650, dt.date(2026, 6, 30))
    other = fitted_policy(tmp_path, ("rounds: 300", "rounds: 500"), ("rows: 99150, bads: 4561", "rows: 1, bads: 0"))
    assert other.source == policy.source and other.bundle.hash != policy.bundle.hash


def test_a_card_written_by_hand_states_missing_where_it_can_be_and_nowhere_else(tmp_path: Path) -> None:
    by_hand = FITTED[: FITTED.index("fitted:")]
    faults = faults_of(tmp_path, {"facts.yaml": ("  bureau_status:\n", FACTS_LINES), CARD: by_hand})
    assert [(each.code, each.text) for each in faults] == [
        ("E-BINS", "overdue: worst_overdue_24m"),
        ("E-BINS", "housing: housing"),
    ]
    assert "no_record" in faults[0].right and "never missing" in faults[1].right


def test_points_for_missing_count_only_where_it_can_be(policy: Policy) -> None:
    """99 points for missing housing are no best bin that others fall short of: it is never missing here."""
    best = {each.name: each.best for each in policy.plan.characteristics}
    assert (best["housing"], best["purpose_by_housing"]) == (4, 3)


def test_a_fitted_card_still_needs_points_where_the_value_can_be_missing(tmp_path: Path) -> None:
    fault = only_fault(tmp_path, ("    missing: -5\n", ""))
    assert (fault.code, fault.text) == ("E-BINS", "income: monthly_income") and "give `missing` its points" in fault.right


def test_points_for_no_record_go_before_the_value(tmp_path: Path) -> None:
    """A fitted card may have them too."""
    policy = fitted_policy(tmp_path, ("    missing: -12\n", "    missing: -12\n    no_record: 11\n"))
    assert dict(decide(policy, **{**NOT_ASKED, "bureau_status": "no_record"}).points)["overdue"] == 11


def test_the_scale_of_a_fitted_card_is_that_of_the_bundle(tmp_path: Path) -> None:
    fault = only_fault(tmp_path, ("points_to_double: 50}", "points_to_double: 40, calibrated: true}"))
    line = FITTED[: FITTED.index("  scale:")].count("\n") + 1
    assert (fault.file, fault.line, fault.code) == (CARD, line, "E-CARD")
    assert fault.text == "350-950, 650 = 30:1, +40 doubles, calibrated"
    assert "350-950, 650 = 30:1, +50 doubles, not calibrated" in fault.right


# -- faults -----------------------------------------------------------------------------------------------------------

FACTS_LINES = """\
  line_use: {type: double, if_absent: missing, source: profile, zh: x, en: x}
  purpose: {type: enum, values: [car, credit card, small business, other], if_absent: missing, source: profile, zh: x, en: x}
  insured: {type: bool, if_absent: missing, source: profile, zh: x, en: x}
  bureau_status:
"""


def only_fault(tmp_path: Path, *edits: tuple[str, str]) -> Any:
    """The one fault of the fitted card with edits."""
    with pytest.raises(BundleRefused) as refused:
        compile_policy(fitted_bundle(tmp_path, *edits))
    assert len(refused.value.faults) == 1, refused.value
    return refused.value.faults[0]


ALL_ACROSS = "across: {input: line_use, bins: [{below: 0.3}, {below: 0.9}, {}]}"
SPECIAL_BIN = "- {in: [996, 998], points: -40, rows: 199, bads: 103}"

# (what is changed, code, a part of the text, a part of what would be right)
FAULTS: list[tuple[str, tuple[str, str], str, str, str]] = [
    ("a special value in two bins", ("{in: [1999]", "{in: [1999, 998]"), "E-BINS", "[1999, 998]", "two bins"),
    ("a special value twice in a bin", ("{in: [1999]", "{in: [1999, 1999]"), "E-BINS", "[1999, 1999]", "twice in one"),
    ("a value in two spellings", ("[-1, -9.5]", "[-1, -1.0]"), "E-BINS", "line_use", "twice in one"),
    (
        "a special value after a range",
        ("{below: 0.9, points: 5}", "{in: [0.9], points: 5}"),
        "E-BINS",
        "line_use",
        "special values",
    ),
    ("special values and no more", ("{points: 12}]", "{in: [5], points: 12}]"), "E-BINS", "income", "says nothing"),
    ("both in one bin", ("{in: [1999],", "{in: [1999], below: 0,"), "E-BINS", "overdue", "stand before them"),
    ("no values", ("{in: [1999],", "{in: [],"), "E-SHAPE", "in", "at least 1"),
    ("a word among numbers", ("{in: [1999],", "{in: [many],"), "E-NUMBER", "many", "a number"),
    ("a flag among numbers", ("{in: [1999],", "{in: [true],"), "E-NUMBER", "true", "a number"),
    ("a part of a day", ("{in: [1999],", "{in: [1999.5],"), "E-NUMBER", "1999.5", "at most"),
    ("descending bounds", ("{below: 0.9, points: 5}", "{below: 0.2, points: 5}"), "E-BINS", "0.2", "ascend"),
    ("a word that the fact does not have", ("{in: [small business],", "{in: [boat],"), "E-VALUE", "boat", "is one of car"),
    ("a word in two bins", ("{in: [small business],", "{in: [car],"), "E-BINS", "['car']", "two bins"),
    ("too many points", ("{in: [1999], points: 3}", "{in: [1999], points: 601}"), "E-SHAPE", "601", "600"),
    ("fewer than no rows", ("rows: 199,", "rows: -1,"), "E-SHAPE", "-1", "greater than or equal to 0"),
    ("an unknown key of a bin", ("rows: 199,", "count: 199,"), "E-SHAPE", "199", "count"),
    (
        "a special reason without a text",
        (": OVERDUE_UNSAID\n", ": OVERDUE_UNSPOKEN\n"),
        "E-REASON",
        "OVERDUE_UNSPOKEN",
        "zh and en",
    ),
    ("a row too few", ("      - [0, 0, -6, 1]\n", ""), "E-SHAPE", "overdue_by_use", "points has 3 rows: it needs 4"),
    (
        "a column too few",
        ("[2, 0, -1, 0]", "[2, 0, 0]"),
        "E-SHAPE",
        "overdue_by_use",
        "row 2 of points has 3 columns: it needs 4",
    ),
    ("points out of range in a pair", ("[2, 0, -1, 0]", "[2, 0, -601, 0]"), "E-SHAPE", "-601", "-600"),
    (
        "a pair in both forms",
        ("    reason: OVERDUE_BY_USE\n", "    reason: OVERDUE_BY_USE\n    table: cash-line-limit\n"),
        "E-SHAPE",
        "overdue_by_use",
        "either `table`, or all of",
    ),
    ("a pair without one side", (f"    {ALL_ACROSS}\n", ""), "E-SHAPE", "overdue_by_use", "either `table`, or all of"),
    (
        "a side over no such fact",
        ("across: {input: line_use", "across: {input: line_usage"),
        "E-UNKNOWN",
        "line_usage",
        "line_use",
    ),
    (
        "a side with descending bounds",
        ("[{below: 0.3}, {below: 0.9}, {}]", "[{below: 0.9}, {below: 0.3}, {}]"),
        "E-BINS",
        "0.3",
        "ascend",
    ),
    (
        "a side without an end",
        ("[{below: 0.3}, {below: 0.9}, {}]", "[{below: 0.3}, {below: 0.9}, {below: 1}]"),
        "E-BINS",
        "line_use",
        "says nothing",
    ),
    ("a side with points", ("bins: [{in: [car]}, {}]", "bins: [{in: [car], points: 1}, {}]"), "E-SHAPE", "1", "points"),
    ("a pair called like a characteristic", ("  overdue_by_use:", "  income:"), "E-CARD", "income", "has this name"),
    ("a fingerprint that is none", ("e3b0c442", "E3B0C442"), "E-SHAPE", "E3B0C442", "fingerprint"),
    ("a rate above 1", ("true_bad_rate: 0.175", "true_bad_rate: 17.5"), "E-SHAPE", "true_bad_rate", "less than 1"),
    ("an unknown key of what is fitted", ("  segment: persons", "  segments: persons"), "E-SHAPE", "persons", "segments"),
    ("a fitted card without its scale", ("  scale: {lowest", "  ladder: {lowest"), "E-SHAPE", "ladder", "not permitted"),
]


@pytest.mark.parametrize(("edit", "code", "text", "right"), [each[1:] for each in FAULTS], ids=[each[0] for each in FAULTS])
def test_a_fault_of_a_fitted_card(tmp_path: Path, edit: tuple[str, str], code: str, text: str, right: str) -> None:
    with pytest.raises(BundleRefused) as refused:
        compile_policy(fitted_bundle(tmp_path, edit))
    faults = [each for each in refused.value.faults if each.file == CARD and each.line > 1 and each.code == code]
    assert [each for each in faults if text in each.text + each.right and right in each.right], refused.value


def test_no_more_rows_than_the_ranking_can_tell_apart(tmp_path: Path) -> None:
    pair = (
        "  p{0}: {{reason: HOUSING, down: {{input: housing, bins: [{{}}]}}, across: {{input: housing, bins: [{{}}]}}, "
        "points: [[{0}, 0], [0, 0]]}}\n"
    )
    pairs = "".join(pair.format(number) for number in range(56))
    policy = fitted_policy(tmp_path, ("pairs:\n", "pairs:\n" + pairs[: pairs.index("  p55:")]))
    assert len(policy.plan.characteristics) == 63
    facts = facts_of(policy, worst_overdue_24m=998)
    assert Assessor(policy).assess(facts, AS_OF).score_reasons[0].code == "OVERDUE_UNSAID"
    fault = only_fault(tmp_path, ("pairs:\n", "pairs:\n" + pairs))
    assert (fault.code, fault.text) == ("E-CARD", "64") and "at most 63" in fault.right


def test_a_pair_is_of_one_form() -> None:
    shape = PairShape(reason="X1", table="some-table")
    assert shape.down is None and shape.points is None
    with pytest.raises(ValueError, match="either `table`, or all of"):
        PairShape(reason="X1")


# -- checks -----------------------------------------------------------------------------------------------------------


def test_a_sound_fitted_card_is_clean(policy: Policy) -> None:
    """-40 before 33 is no step up, and the 3 points of 1999 no step between ranges: special values have no order."""
    assert found(check_bins, policy) == []


def test_the_direction_holds_for_the_ranges(tmp_path: Path) -> None:
    policy = fitted_policy(tmp_path, ("{below: 31, points: -20", "{below: 31, points: 34"))
    order = only(found(check_bins, policy), "C-BIN-ORDER", "error")
    assert order.text == "overdue: 34 points" and order.example == {"worst_overdue_24m": "1"}


def test_bins_that_nothing_reaches(tmp_path: Path) -> None:
    policy = fitted_policy(
        tmp_path,
        ("{in: [1999]", "{in: [2001, 2002]"),
        ("{in: [0.01], points: 7}, {below: 3000.50", "{in: [0], points: 7}, {below: 0.01"),
        ("down: {input: worst_overdue_24m, bins: [{in: [996, 998]}, {below: 1}, {}]}", DEAD_DOWN),
    )
    dead = found(check_bins, policy)
    assert codes(dead) == ["C-DEAD-BIN"] * 3
    assert [each.text for each in dead] == [
        "overdue: in: 2001, 2002",
        "income: below: 0.01",
        "overdue_by_use down: below: 0",
    ]
    assert "0 to 2000" in dead[0].right and len({each.line for each in dead}) == 3


DEAD_DOWN = "down: {input: worst_overdue_24m, bins: [{in: [996, 998]}, {below: 0}, {}]}"


def test_reasons_of_a_card_are_checked_where_they_stand(tmp_path: Path) -> None:
    policy = fitted_policy(
        tmp_path,
        ("en: Your income is low.", 'en: ""'),
        ("reasons:\n", "reasons:\n  NOBODY: {rank: 610, zh: 无人使用, en: Nobody gives this.}\n"),
    )
    findings = [(each.line, each.code, each.text) for each in found(check_reasons, policy) if each.file == CARD]
    nobody, income = (FITTED[: FITTED.index(text)].count("\n") + 2 for text in ("  OVERDUE_HISTORY:", "  INCOME:"))
    assert sorted(findings) == [(nobody - 1, "C-REASON-UNUSED", "NOBODY"), (income, "C-REASON-TEXT", "INCOME")]


# -- words that are not listed ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "read"),
    [("car", "car"), ("auto", "car"), ("boat", "other"), ("Car", "other"), (" ", "other"), (7, "other"), ("other", "other")],
)
def test_a_word_that_is_not_listed(policy: Policy, written: object, read: str) -> None:
    assert facts_of(policy, purpose=written)["purpose"] == read


@pytest.mark.parametrize("written", ["", True, 1.5, ["car"]])
def test_what_is_no_word_is_refused(policy: Policy, written: object) -> None:
    right = "one of car, credit card, small business, other, auto; any other text is read as other"
    with pytest.raises(FactsRefused, match=right):
        facts_of(policy, purpose=written)


@pytest.mark.parametrize(
    ("edit", "right"),
    [
        (
            ("{type: int, max: 720,", "{type: int, max: 720, otherwise: other,"),
            "otherwise: other is none of an enum's values: int",
        ),
        (
            ("rented, other],", "rented, other], otherwise: castle,"),
            "otherwise: castle is none of an enum's values: owned, mortgaged",
        ),
    ],
)
def test_otherwise_is_one_of_an_enums_values(tmp_path: Path, edit: tuple[str, str], right: str) -> None:
    (fault,) = faults_of(tmp_path, {"facts.yaml": edit})
    assert fault.code == "E-FACT" and fault.right.startswith(right)


@pytest.mark.parametrize("written", [0.1, Decimal("0.1"), -9.5, "0.1"])
def test_a_broken_number_can_mean_missing(tmp_path: Path, written: Any) -> None:
    edit = ("{type: int, max: 720,", "{type: double, missing_values: [0.1, -9.5],")
    policy = policy_of(tmp_path, {"facts.yaml": edit, CARD: ("{below: 6,", "{below: 0.2,")})
    steady = policy.bundle.profiles["steady"]
    assert read_facts(policy.plan, {**steady, "months_employed": written})["months_employed"] is None
    assert read_facts(policy.plan, {**steady, "months_employed": 0.11})["months_employed"] == 0.11
