"""Curves keep their ends, their area and their KS when they are thinned."""

from __future__ import annotations

import math
from itertools import pairwise

from hypothesis import given

from shouxin.engines.scoring.measuring.curves import MOST_POINTS, ks_curve, roc
from shouxin.engines.scoring.measuring.measures import measure
from shouxin.engines.scoring.measuring.sample import Sample
from tests.engines.scoring.samples import LAW, Drawn, drawn, large


def area(rows: Sample) -> float:
    points = roc(rows)
    return sum((two.goods - one.goods) * (one.bads + two.bads) / 2 for one, two in pairwise(points))


@LAW
@given(drawn())
def test_the_area_is_the_auc(given_rows: Drawn) -> None:
    rows = given_rows.rows
    points = roc(rows)
    assert (points[0].goods, points[0].bads) == (0, 0) and (points[-1].goods, points[-1].bads) == (1, 1)
    assert all(one.goods <= two.goods + 1e-12 and one.bads <= two.bads + 1e-12 for one, two in pairwise(points))
    assert math.isclose(area(rows), measure(rows).auc, abs_tol=1e-12)


@LAW
@given(drawn())
def test_the_widest_step_is_the_ks(given_rows: Drawn) -> None:
    rows = given_rows.rows
    found, points = measure(rows), ks_curve(rows)
    widest = next(point for point in points if point.risk == found.ks_risk)
    assert math.isclose(abs(widest.goods - widest.bads), found.ks, abs_tol=1e-12)
    assert math.isclose(points[-1].goods, 1) and math.isclose(points[-1].bads, 1)


def test_thinned_curves() -> None:
    rows, _ = large()
    points = roc(rows)
    assert 150 < len(points) <= MOST_POINTS and 150 < len(ks_curve(rows)) <= MOST_POINTS
    assert math.isclose(area(rows), measure(rows).auc, abs_tol=0.001)
    assert any(point.risk == measure(rows).ks_risk for point in ks_curve(rows))
