"""Fit a scorecard: from a table of outcomes and a specification to a frozen card of integer points.

    fitted = fit(table, spec, Wish(pairs=8))
    fitted.card.text                                the file

The steps, each in its own file:
    split    rows set aside to test on, before anything looks at an outcome        table.py
    screen   columns that know the outcome                                         leaks.py
    code     every column as small integers                                        coding.py
    curves   what each column adds, by boosting and by the classical card          effects.py, boosting.py, woe.py
    pairs    what two columns add together                                         pairs.py
    bins     curves cut into few bins, all fitted once more                        points.py, collapse.py
    sum      the two together, and how sure of itself it may be                    assembly.py
    points   integers on the scale                                                 points.py
Whatever is chosen (how much boosting, when it stops, which pairs) is chosen on parts of the training rows held out in turn; the
test rows are looked at by nothing here.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from shouxin.engines.policy.model import Scale
from shouxin.engines.scoring.cards.card import Card, read_card
from shouxin.engines.scoring.fitting.assembly import Plan, summed_up, sure_line
from shouxin.engines.scoring.fitting.card_text import card_text
from shouxin.engines.scoring.fitting.coding import Coding, Floats, code_numbers, code_texts
from shouxin.engines.scoring.fitting.effects import Effects, main_effects
from shouxin.engines.scoring.fitting.fit_errors import FitWarning, LeaksFound
from shouxin.engines.scoring.fitting.inputs import inputs_of
from shouxin.engines.scoring.fitting.leaks import Leak, screen
from shouxin.engines.scoring.fitting.learning import Learning, strongest
from shouxin.engines.scoring.fitting.pairs import PairTable
from shouxin.engines.scoring.fitting.points import Binned, Pointed, moved, pointed
from shouxin.engines.scoring.fitting.spec import ColumnSpec, Spec
from shouxin.engines.scoring.fitting.spec_check import check_spec
from shouxin.engines.scoring.fitting.table import Table, outcomes, split_rows
from shouxin.engines.scoring.fitting.written import Made, written_card
from shouxin.engines.scoring.measuring.sample import Codes

Progress: TypeAlias = Callable[[str, float], None]
MOST_CHARACTERISTICS = 24
POINTS_TO_DOUBLE, CUT_OFF = (50, 40, 30, 25, 20, 15, 10), 0.01


@dataclass(frozen=True)
class Wish:
    """What is asked beside the specification.

    pairs:   at most so many pair tables
    on:      the date that the card bears; none where it is not given
    allowed: columns that the screen for leaks named and that are used all the same
    segment: where the rows are those of one segment, its value
    """

    pairs: int = 0
    on: dt.date | None = None
    allowed: tuple[str, ...] = ()
    segment: str | None = None


@dataclass(frozen=True)
class Model:
    """What was fitted, before it is written: the columns that stayed, their coding, bins, tables and points."""

    names: tuple[str, ...]
    codings: tuple[Coding, ...]
    learning: Learning
    effects: Effects
    bins: tuple[Binned, ...]
    tables: tuple[PairTable, ...]
    scale: Scale
    points: Pointed


@dataclass(frozen=True)
class Fitted:
    """A fitted card and what it was made from.

    train, test: places of the rows
    bad:         1, 0, NaN where it is not known, for every row of the table
    leaks:       what the screen for leaks named: columns that are not used, and columns that were allowed
    warnings:    what is doubtful about the data or the specification
    """

    card: Card
    spec: Spec
    model: Model
    train: Codes
    test: Codes
    bad: Floats = field(repr=False)
    leaks: tuple[Leak, ...] = ()
    warnings: tuple[FitWarning, ...] = ()


def fit(table: Table, spec: Spec, wish: Wish | None = None, progress: Progress = lambda _what, _share: None) -> Fitted:
    """A card for the columns that the specification uses.

    The same table, specification and wish give the same card, byte for byte, with the same versions of the libraries.

    Raises the refusals of `check_spec` (fit_errors.py) where the data and the specification do not fit, and LeaksFound where a
    used column seems to know the outcome and is not among the allowed.
    """
    wish = wish or Wish()
    warnings = check_spec(spec, table)
    bad = outcomes(spec.target, table)
    train, test = split_rows(spec, table, bad)
    leaks = screen(table, spec, bad, train)
    if stopping := [each for each in leaks if each.column in spec.used and each.column not in wish.allowed]:
        found = "; ".join(f"{each.column}: {each.evidence.en}" for each in stopping)
        raise LeaksFound("columns", ", ".join(each.column for each in stopping), found=found)
    with threadpool_limits(1):  # one thread adds up in one order, and waits for no other on a busy machine
        model = _model(table, spec, train, bad, wish, progress)
    made = Made(table, spec, train, test, bad, wish.on, wish.allowed, wish.segment)
    text = card_text(written_card(model, made))
    if model.scale != Scale(calibrated=True) and spec.scale is None:
        warnings = (*warnings, _other_scale(model.scale))
    return Fitted(read_card(text, f"{spec.name}.yaml"), spec, model, train, test, bad, leaks, warnings)


def _model(table: Table, spec: Spec, train: Codes, bad: Floats, wish: Wish, progress: Progress) -> Model:
    values = values_of(spec, table.take(train))
    names = tuple(spec.used)
    codings = tuple(_coding(name, spec.columns[name], values[name]) for name in names)
    codes = tuple(coding.codes(values[name]) for name, coding in zip(names, codings, strict=True))
    weight = np.ones(len(train)) if spec.weights is None else table.numbers[spec.weights][train]
    learning = Learning(codes, bad[train], weight, spec.split.seed)
    plan = Plan(tuple(spec.columns[name] for name in names), codings, wish.pairs)

    def effects_of(own: Plan, rows: Learning) -> Effects:
        columns: list[NDArray[Any]] = [values[each.name] for each in own.codings]
        return main_effects(own.codings, columns, rows, own.directions, lambda share: progress("curves", share))

    effects = effects_of(plan, learning)
    spread = strongest(effects.shapes, learning.codes, len(names))
    kept = sorted(spread[:MOST_CHARACTERISTICS])
    plan, learning = plan.only(kept), learning.columns(kept)
    effects = effects.only(kept) if kept == sorted(spread) else effects_of(plan, learning)
    made = summed_up(plan, effects.shapes, learning, lambda done: progress("pairs", done))
    sure = sure_line(plan, made, effects, learning, lambda done: progress("calibration", done))
    to = moved(sure, learning, None if spec.true_bad_rate is None else float(spec.true_bad_rate))
    scale = spec.scale or roomy_scale(to.slope * made.log_odds(learning.codes) + to.intercept)
    points = pointed(made.bins, made.tables, to, scale, made.start)
    return Model(tuple(names[place] for place in kept), plan.codings, learning, effects, made.bins, made.tables, scale, points)


def _other_scale(scale: Scale) -> FitWarning:
    points = scale.points_to_double
    return FitWarning(
        "scale",
        f"按每 50 分翻倍，许多评分会超出 {scale.lowest}–{scale.highest}，已改为每 {points} 分翻倍；策略包须用同一标尺。"
        "如坏样本经过加抽，请在 spec 中写明 true_bad_rate",
        f"at 50 points to double the odds many scores would be cut off, so this card has {points}; a bundle that takes it "
        "needs the same scale. Where bads were sampled more often than they occur, state `true_bad_rate`",
    )


def values_of(spec: Spec, table: Table) -> dict[str, NDArray[Any]]:
    """The used columns: numbers and flags as float64 with NaN for missing, texts as str with None."""
    inputs = inputs_of(spec, table)
    return {name: inputs.texts[name] if name in inputs.texts else inputs.numbers[name] for name in spec.used}


def _coding(name: str, column: ColumnSpec, values: NDArray[Any]) -> Coding:
    if column.type == "enum":
        return code_texts(name, values)
    return code_numbers(name, values.astype(np.float64), [float(each) for each in column.special])


def roomy_scale(log_odds: Floats) -> Scale:
    """The house's scale, with as many points to double the odds as leave nearly all scores within its ends.

    >>> roomy_scale(np.array([-3.4, -1.0])).points_to_double, roomy_scale(np.array([-3.4, 2.0])).points_to_double
    (50, 30)
    """
    for points in POINTS_TO_DOUBLE:
        scale = Scale(points_to_double=points, calibrated=True)
        score = scale.anchor_score - points * (log_odds / math.log(2) + math.log2(scale.anchor_odds))
        if np.mean((score < scale.lowest) | (score > scale.highest)) <= CUT_OFF:
            break
    return scale
