"""A fit from end to end on made-up applications whose truth is known: what it finds, what it keeps to, and that it repeats."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import numpy as np
import pytest

from shouxin.engines.policy.model import Scale
from shouxin.engines.scoring.cards.card_numpy import card_points
from shouxin.engines.scoring.cards.score_one import score_one
from shouxin.engines.scoring.fitting.fit import Fitted, Wish, fit, values_of
from shouxin.engines.scoring.fitting.fit_errors import LeaksFound, ProtectedUsed
from shouxin.engines.scoring.fitting.fit_story import BASELINE, CHALLENGER, on_test_rows, story
from shouxin.engines.scoring.fitting.spec import Spec
from shouxin.engines.scoring.fitting.table import Table
from shouxin.engines.scoring.fitting.written import scores_of
from shouxin.engines.scoring.measuring.measures import auc
from shouxin.engines.scoring.reports.fit import fit_report
from shouxin.engines.scoring.reports.report import render
from tests.engines.scoring.fits import changed, column, drafted, made_up, with_column


@pytest.fixture(scope="module")
def table() -> Table:
    return made_up()


@pytest.fixture(scope="module")
def spec(table: Table) -> Spec:
    """Declared as a person would who knows the columns."""
    spec = column(drafted(table), "late", direction="down", special=[99])
    return column(column(spec, "use", direction="down"), "income", direction="up")


@pytest.fixture(scope="module")
def plain(table: Table, spec: Spec) -> Fitted:
    return fit(table, spec)


@pytest.fixture(scope="module")
def paired(table: Table, spec: Spec) -> Fitted:
    return fit(table, spec, Wish(pairs=3, on=dt.date(2026, 7, 1)))


def scores(fitted: Fitted, table: Table) -> tuple[float, np.ndarray[tuple[int], np.dtype[np.int64]]]:
    """(AUC, scores) of the test rows."""
    values = values_of(fitted.spec, table.take(fitted.test))
    codes = [coding.codes(values[name]) for name, coding in zip(fitted.model.names, fitted.model.codings, strict=True)]
    found = scores_of(fitted.model, codes)
    return auc(fitted.bad[fitted.test] > 0, -found), found


def test_the_same_fit_gives_the_same_bytes(table: Table, spec: Spec, paired: Fitted) -> None:
    assert fit(table, spec, Wish(pairs=3, on=dt.date(2026, 7, 1))).card.text == paired.card.text
    assert '"on": 2026-07-01' in paired.card.text


def test_it_finds_what_was_put_in(plain: Fitted) -> None:
    shape = plain.card.shape.characteristics
    late = shape["late"]
    special, *rest = late.bins
    assert special.within == [99] and special.points < rest[0].points
    points = [each.points for each in rest]
    assert points == sorted(points, reverse=True) and points[0] - points[-1] > 40
    incomes = [each.points for each in shape["income"].bins]
    assert incomes == sorted(incomes) and (shape["income"].missing or 0) < max(incomes)
    owner = shape["owner"]
    assert owner.bins[0].within == [True] and owner.bins[0].points > owner.bins[1].points
    assert sum(each.rows or 0 for each in late.bins) + (late.missing_rows or 0) == len(plain.train)
    assert sum(each.bads or 0 for each in late.bins) == plain.bad[plain.train].sum()


def test_a_pair_says_what_curves_cannot(table: Table, plain: Fitted, paired: Fitted) -> None:
    first = next(iter(paired.card.shape.pairs.values()))
    assert first.down is not None and first.across is not None
    assert {first.down.input, first.across.input} == {"use", "town"}
    assert scores(paired, table)[0] > scores(plain, table)[0] + 0.01


@pytest.mark.parametrize("which", ["plain", "paired"])
def test_the_card_gives_the_scores_that_were_fitted(which: str, table: Table, request: pytest.FixtureRequest) -> None:
    fitted: Fitted = request.getfixturevalue(which)
    part = table.take(fitted.test)
    _, expected = scores(fitted, table)
    inputs = values_of(fitted.spec, part)
    assert (card_points(fitted.card, inputs).score == expected).all()
    for row in range(0, part.rows, 97):
        cells = {name: (part.texts if name in part.texts else part.numbers)[name][row] for name in inputs}
        assert score_one(fitted.card, cells).score == expected[row]


def test_a_probability_is_what_it_says(table: Table, plain: Fitted) -> None:
    values = values_of(plain.spec, table.take(plain.test))
    pd = card_points(plain.card, values).pd
    bad = plain.bad[plain.test]
    assert abs(pd.mean() - bad.mean()) < 2 * np.sqrt(bad.mean() * (1 - bad.mean()) / len(bad))


def test_a_true_rate_moves_the_base_alone(table: Table, spec: Spec, plain: Fitted) -> None:
    rarer = changed(spec, true_bad_rate=Decimal("0.02"), scale=plain.card.fitted.scale.model_dump())
    moved = fit(table, rarer).card.shape
    assert moved.base > plain.card.shape.base
    assert moved.characteristics == plain.card.shape.characteristics


def test_missing_rules(table: Table, spec: Spec) -> None:
    worst = fit(table, column(spec, "income", missing="worst")).card.shape.characteristics["income"]
    assert worst.missing == min(each.points for each in worst.bins)
    neutral = fit(table, column(spec, "income", missing="neutral")).card.shape.characteristics["income"]
    assert neutral.missing is not None
    assert min(each.points for each in neutral.bins) < neutral.missing < max(each.points for each in neutral.bins)


def test_weights_count(table: Table, spec: Spec) -> None:
    """Goods that weigh three times as much: the base rises by the points of three to one."""
    weighted = with_column(table, "w", np.where(table.numbers["bad"] > 0, 1.0, 3.0))
    unused = spec.columns["late"].model_copy(update={"use": False, "input": "w", "special": [], "reason": "W"})
    more = spec.model_copy(update={"columns": {**spec.columns, "w": unused}, "weights": "w", "scale": Scale(calibrated=True)})
    one, two = fit(table, spec.model_copy(update={"scale": Scale(calibrated=True)})), fit(weighted, more)
    average = [each.card.shape.base for each in (one, two)]
    assert 50 < average[1] - average[0] < 110  # 50 points double the odds: log2(3) x 50 = 79


def test_a_leak_stops_the_fit_unless_it_is_allowed(table: Table, spec: Spec) -> None:
    bad = table.numbers["bad"]
    leaking = with_column(table, "recovered", np.where(bad > 0, np.random.default_rng(3).integers(1, 900, table.rows), 0))
    found = drafted(leaking)
    assert not found.columns["recovered"].use and found.columns["recovered"].leak
    used = column(found, "recovered", use=True)
    with pytest.raises(LeaksFound, match="recovered"):
        fit(leaking, used)
    let_in = fit(leaking, used, Wish(allowed=("recovered",)))
    assert let_in.card.fitted.allowed == ["recovered"]
    assert "recovered" not in fit(leaking, found).card.inputs


def test_a_protected_column_is_never_used(table: Table, spec: Spec) -> None:
    with pytest.raises(ProtectedUsed, match="owner"):
        fit(table, changed(spec, protected=["owner"]))


def test_scores_are_not_cut_off_where_bads_are_many(table: Table, spec: Spec) -> None:
    """The house's 50 points to double are kept where they fit, and told where they do not."""
    assert all(each.column != "scale" for each in fit(table, changed(spec, true_bad_rate=Decimal("0.02"))).warnings)
    many = fit(table, changed(spec, true_bad_rate=Decimal("0.6")))
    assert many.card.fitted.scale.points_to_double < 50
    assert [each.column for each in many.warnings if each.column == "scale"] == ["scale"]
    _, found = scores(many, table)
    assert np.mean((found == 350) | (found == 950)) < 0.03


def test_the_report_tells_of_baseline_and_challenger(table: Table, paired: Fitted) -> None:
    found = on_test_rows(paired, table, 20)
    assert [each.name for each in found.others] == [BASELINE, CHALLENGER]
    assert found.measures.auc == pytest.approx(scores(paired, table)[0])
    assert found.measures.auc >= found.others[0].intervals.auc.value
    pages = {lang: render(fit_report(story(paired, found), lang)) for lang in ("zh", "en")}
    assert "本评分仅供本机构授信使用，不是征信评分" in pages["zh"]
    assert all(BASELINE in page and "<script" not in page for page in pages.values())
    assert render(fit_report(story(paired, found), "zh")) == pages["zh"]
