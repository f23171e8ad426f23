"""The sum of bins and tables, and how sure it is of itself on rows that it has not seen."""

from __future__ import annotations

import numpy as np

from shouxin.engines.scoring.fitting.assembly import Plan, Sum, summed_up, sure_line
from shouxin.engines.scoring.fitting.coding import code_numbers
from shouxin.engines.scoring.fitting.effects import Effects, main_effects
from shouxin.engines.scoring.fitting.learning import Learning
from shouxin.engines.scoring.fitting.points import line
from shouxin.engines.scoring.fitting.spec import ColumnSpec
from shouxin.engines.scoring.measuring.calibration import chances, recalibrate
from shouxin.engines.scoring.measuring.sample import sample

ROWS, COLUMNS = 1500, 6


def made() -> tuple[Plan, Sum, Effects, Learning, Learning]:
    """Six columns of which only the first tells something; half of the rows to learn from, half to look at."""
    draw = np.random.default_rng(3)
    values = [draw.normal(size=2 * ROWS).round(2) for _ in range(COLUMNS)]
    bad = (draw.random(2 * ROWS) < chances(0.8 * values[0] - 1.5)).astype(float)
    codings = tuple(code_numbers(f"x{place}", each[:ROWS], []) for place, each in enumerate(values))
    codes = tuple(coding.codes(each) for coding, each in zip(codings, values, strict=True))
    both = Learning(codes, bad, np.ones(2 * ROWS), 0)
    seen = np.arange(2 * ROWS) < ROWS
    own, other = both.take(seen), both.take(~seen)
    column = ColumnSpec(type="double", use=True, input="x", reason="ITEM", zh="项", en="x")
    plan = Plan((column,) * COLUMNS, codings, 4)
    effects = main_effects(codings, [each[:ROWS] for each in values], own, plan.directions)
    return plan, summed_up(plan, effects.shapes, own), effects, own, other


def test_on_few_rows_it_is_as_sure_as_it_is_right_elsewhere() -> None:
    plan, found, effects, own, other = made()
    fitted, sure = line(found.log_odds(own.codes), own), sure_line(plan, found, effects, own)
    assert sure.slope < fitted.slope  # its own rows flatter it
    log_odds = found.log_odds(other.codes)

    def slope(scale: float, shift: float) -> float:
        said = recalibrate(sample(other.bad, log_odds, chances(scale * log_odds + shift)))
        assert said.slope is not None
        return said.slope

    assert abs(slope(sure.slope, sure.intercept) - 1) < abs(slope(fitted.slope, fitted.intercept) - 1)


def test_some_of_the_columns() -> None:
    plan, _, effects, _, _ = made()
    part, curves = plan.only([0, 2]), effects.only([0, 2])
    assert [each.name for each in part.codings] == ["x0", "x2"] and len(part.columns) == 2
    assert curves.shapes[1] is effects.shapes[2] and curves.parts[0].shapes[1] is effects.parts[0].shapes[2]
