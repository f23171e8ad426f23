"""A card validated: by hand on ten rows, whole on many, honest about weights, and what is refused."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from shouxin.desk.portfolio.columns import read_columns, read_inputs
from shouxin.engines.scoring.cards.card import Card, read_card
from shouxin.engines.scoring.cards.card_numpy import pd_of
from shouxin.engines.scoring.cards.score_one import cells
from shouxin.engines.scoring.measuring.measure_errors import OutcomeNotBinary, OutcomeOneClass
from shouxin.engines.scoring.measuring.resampling import Plan
from shouxin.engines.scoring.validating.validate import Other, Validation, validate
from shouxin.engines.scoring.validating.validate_errors import CutoffOutsideScale, DaysTooFarApart, GroupsTooMany, OutcomesTooFew
from shouxin.engines.scoring.validating.validate_groups import groups_of, periods_of
from tests.datasets import dataset
from tests.engines.scoring.validated import BAD, asked, everything, small, small_card

SCORES = np.array([620, 620, 620, 600, 600, 600, 580, 580, 580, 590])


def test_measures_by_hand() -> None:
    found = validate(small())
    assert found.measures.auc == pytest.approx(20 / 24) and found.measures.ks == pytest.approx(3 / 4 - 1 / 6)
    assert (found.measures.rows, found.measures.bads, found.measures.ks_risk) == (10, 4, -600)
    pd = pd_of(SCORES, small_card().fitted.scale)
    assert found.measures.brier == pytest.approx(float(((pd - BAD) ** 2).mean()))
    assert found.intervals.auc.value == found.measures.auc and found.intervals.auc.low <= found.measures.auc


def test_bins_by_hand() -> None:
    (each,) = validate(small()).characteristics
    told = [(bin_.label.en, bin_.points, bin_.rows, bin_.bads, bin_.fitted_rows, bin_.fitted_bads) for bin_ in each.bins]
    assert told == [
        ("below 1", 20, 3, 0, 100, 2),
        ("1 to below 2", 0, 3, 1, 100, 10),
        ("2 and above", -20, 3, 2, 100, 30),
        ("missing", -10, 1, 1, 5, 2),
    ]
    assert each.adds.auc_alone == pytest.approx(20 / 24) and each.adds.variance_share == 1 and each.against_direction == ()
    assert each.shift is not None and each.shift.shifts[3].current == 0.1
    assert each.stability is not None and each.stability.order_kept == 1  # missing is the worst then and now


def test_points_against_the_declared_direction() -> None:
    (each,) = validate(small(card=small_card("up"))).characteristics
    assert each.against_direction == ((0, 1), (1, 2)), "the bin of missing values has no place in the order"
    assert validate(small(card=small_card("either"))).characteristics[0].against_direction == ()


def test_distribution_and_cutoff_by_hand() -> None:
    found = validate(small())
    bands = [(each.low, each.last, each.goods, each.bads) for each in found.distribution]
    assert bands == [(570, 589, 1, 2), (590, 609, 2, 2), (610, 629, 3, 0)]
    cutoff = found.cutoff
    assert (cutoff.score, cutoff.given, cutoff.approved.value) == (600, False, 0.6), "as many are approved as are good"
    assert cutoff.bad_rate_approved is not None and cutoff.bad_rate_approved.value == pytest.approx(1 / 6)
    assert cutoff.bad_rate_declined is not None and cutoff.bad_rate_declined.value == 0.75
    given = validate(small(cutoff=950)).cutoff
    assert (given.score, given.given, given.approved.value, given.bad_rate_approved) == (950, True, 0, None)


def test_a_score_beside_the_card() -> None:
    found = validate(small(others={"same": Other(-SCORES), "coin": Other(np.zeros(10))}))
    same, coin = found.others
    assert same.difference.auc.value == same.difference.auc.low == same.difference.auc.high == 0 and same.p_value == 1
    assert coin.intervals.auc.value == 0.5 and coin.difference.auc.value == pytest.approx(20 / 24 - 0.5)
    assert coin.intervals.log_loss is None and set(found.roc) == {"card", "same", "coin"}


def test_weights_restore_the_true_bad_rate() -> None:
    plain, weighed = validate(small()), validate(small(card=small_card(true_bad_rate=0.1)))
    assert weighed.weighed is not None and (weighed.weighed.share, weighed.weighed.true) == (0.4, 0.1)
    assert plain.weighed is None and plain.calibration.test is not None and weighed.calibration.test is None
    assert weighed.measures.bad_rate == pytest.approx(0.1) and weighed.measures.auc == pytest.approx(plain.measures.auc)
    assert weighed.measures.ks == pytest.approx(plain.measures.ks) and weighed.measures.bads == 4
    pd, weight = pd_of(SCORES, small_card().fitted.scale), np.where(BAD == 1, 0.1 / 0.4, 0.9 / 0.6)
    assert weighed.measures.brier == pytest.approx(float((weight * (pd - BAD) ** 2).sum() / weight.sum()))
    assert weighed.characteristics[0].bins[1].rows == 3, "counts are of rows as they are"


def test_a_card_that_keeps_no_counts_has_nothing_to_compare_with() -> None:
    made = small_card()
    shape = made.shape.characteristics["x"]
    bare = shape.model_copy(update={"bins": [each.model_copy(update={"rows": None}) for each in shape.bins]})
    (each,) = validate(
        small(card=replace(made, shape=made.shape.model_copy(update={"characteristics": {"x": bare}})))
    ).characteristics
    assert each.stability is None and each.shift is None and each.bins[0].fitted_rate is None


def test_everything_at_once_is_for_programs_too_and_the_same_again() -> None:
    found = everything()
    written = json.dumps(found.to_dict(), allow_nan=False, sort_keys=True)
    assert written == json.dumps(validate(asked()).to_dict(), allow_nan=False, sort_keys=True)
    assert [each.name for each in found.segments] == ["new", "old", None]
    assert found.over_time is not None and found.over_time.period == "month" and found.over_time.measures[-1].rows == 3
    assert [(each.name, each.in_card) for each in found.protected] == [("sex", False), ("owns_home", True), ("heavy", False)]
    assert "owns_home" not in [each.characteristic for each in found.protected[1].proxies], "it is the attribute itself"
    assert [each.characteristic for each in found.protected[2].proxies if each.flagged] == ["line_use"]
    assert sum(row.rows for row in found.gains) == found.measures.rows == 1500
    assert found.left_out == 7


def test_pairs_are_counted_cell_by_cell() -> None:
    (pair,) = everything().pairs
    assert [len(each) for each in (pair.rows, pair.rows[0], pair.down_labels, pair.across_labels)] == [4, 4, 4, 4]
    assert sum(map(sum, pair.rows)) == 1500 and sum(map(sum, pair.bads)) == everything().measures.bads
    assert pair.points == ((0, 0, 0, 0), (2, 0, -1, 0), (-3, -8, -12, -4), (0, 0, 0, 1))


def test_the_ends_of_the_scale_are_counted() -> None:
    low = small_card()
    tight = replace(low, shape=low.shape.model_copy(update={"base": 945}))
    found = validate(small(card=tight))
    assert (found.distribution[-1].low, found.distribution[-1].last) == (930, 950), "the highest score is in the last band"
    assert (found.clipped.below, found.clipped.above, found.clipped.share) == (0, 3, 0.3)


@pytest.mark.parametrize(
    ("more", "refusal", "told"),
    [
        ({"bad": np.zeros(10)}, OutcomeOneClass, "bad: 0: at least one good and one bad outcome; here all 10 rows are the same"),
        ({"bad": np.array([1, *[0] * 9])}, OutcomesTooFew, "target: 1: bad rows of 10; at least two good and two bad"),
        ({"bad": np.array([2, *BAD[1:]])}, OutcomeNotBinary, "bad[0]: 2.0: 1 for a bad outcome"),
        ({"cutoff": 300}, CutoffOutsideScale, "cutoff: 300: a score from 350 to 950"),
    ],
    ids=["one class", "too few", "not binary", "cut-off"],
)
def test_what_is_refused(more: dict[str, object], refusal: type[Exception], told: str) -> None:
    with pytest.raises(refusal, match=told.replace("[", r"\[")):
        validate(small(**more))


def test_a_segment_of_too_many_words() -> None:
    with pytest.raises(GroupsTooMany, match="segment: 61: different values: at most 60"):
        groups_of("segment", np.array([f"w{each}" for each in range(61)], dtype=object))


def test_groups_of_numbers() -> None:
    assert groups_of("x", np.array([3.0, 10.0, 3.0, np.nan])).names == ("3", "10", None), "by value, not by text"
    assert groups_of("x", np.arange(13.0)).names[:2] == ("<3", "3–<5")


def test_the_period_is_as_fine_as_a_table_can_hold() -> None:
    day = np.datetime64("2020-01-01")
    assert periods_of("dates", day + np.arange(0, 700, 30))[0] == "month"
    assert periods_of("dates", day + np.arange(0, 2000, 30))[0] == "quarter"
    assert periods_of("dates", day + np.arange(0, 9000, 30))[0] == "year"
    with pytest.raises(DaysTooFarApart, match="dates: 83 years: days over at most 60 years; these go from 2020 to 2102"):
        periods_of("dates", day + np.arange(0, 30_000))


GMSC = {
    "line_use": ("RevolvingUtilizationOfUnsecuredLines", "[{below: 0.2, points: 60}, {below: 0.7, points: 0}, {points: -60}]"),
    "late": ("NumberOfTimes90DaysLate", "[{in: [96, 98], points: -90}, {below: 1, points: 30}, {points: -90}]"),
    "income": ("MonthlyIncome", "[{below: 3000, points: -10}, {points: 10}]"),
}


def gmsc_card() -> Card:
    """A card over three columns, with points by eye."""
    parts = "".join(f"  {name}: {{input: {name}, reason: ITEM, missing: 0, bins: {bins}}}\n" for name, (_, bins) in GMSC.items())
    read = "".join(f"    {name}: {{column: {column}, type: double, zh: 项, en: {name}}}\n" for name, (column, _) in GMSC.items())
    head = "zh: 卡\nen: Card\nbase: 560\nreasons: {ITEM: {rank: 600, zh: 项, en: item}}\n"
    return read_card(f"{head}characteristics:\n{parts}fitted:\n  scale: {{}}\n  inputs:\n{read}")


def test_real_borrowers() -> None:
    source = dataset("gmsc")
    made = gmsc_card()
    others = read_columns(source, ["SeriousDlqin2yrs", "age"]).arrays
    inputs = read_inputs(source, cells(made)).arrays
    found = validate(Validation(made, inputs, others["SeriousDlqin2yrs"], protected={"age": others["age"]}, plan=Plan(draws=5)))
    assert (found.measures.rows, found.measures.bads) == (150_000, 10_026)
    assert 0.78 < found.measures.auc < 0.84 and found.intervals.auc.low < found.measures.auc < found.intervals.auc.high
    rates = [row.bad_rate.value for row in found.gains]
    assert rates[0] > 8 * rates[-1] and len(found.protected[0].fairness.groups) == 5
