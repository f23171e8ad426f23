"""Validate a card on rows whose outcome is known: everything that a validation report tells, as one frozen value.

    found = validate(Validation(card, inputs, bad))
    found.intervals.auc, found.others[0].difference.auc, found.to_dict()

Read `validate_model.py` next: what is found. `validate_bins.py` looks at each characteristic, `validate_cutoff.py` at a cut-off
and at protected attributes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from shouxin.engines.scoring.cards.card import Card
from shouxin.engines.scoring.cards.card_numpy import Inputs, Scored, card_points
from shouxin.engines.scoring.measuring.bands import band_of, bands_between, equal_count_cuts, fixed_cuts
from shouxin.engines.scoring.measuring.calibration import calibration_bands, hosmer_lemeshow, recalibrate
from shouxin.engines.scoring.measuring.curves import ks_curve, roc
from shouxin.engines.scoring.measuring.delong import compare, judgeable
from shouxin.engines.scoring.measuring.gains import concentration, gains_table
from shouxin.engines.scoring.measuring.measures import measure
from shouxin.engines.scoring.measuring.resampling import Plan, Resampled, resample
from shouxin.engines.scoring.measuring.sample import Floats, Sample, outcomes_of, sample
from shouxin.engines.scoring.measuring.segments import measure_groups
from shouxin.engines.scoring.measuring.vintages import crossings, vintage_table
from shouxin.engines.scoring.validating.validate_bins import added_by, characteristics_found, pairs_found
from shouxin.engines.scoring.validating.validate_cutoff import cutoff_of, protected_found
from shouxin.engines.scoring.validating.validate_errors import CutoffOutsideScale, OutcomesTooFew
from shouxin.engines.scoring.validating.validate_groups import groups_of, periods_of
from shouxin.engines.scoring.validating.validate_model import (
    CARD,
    Calibrated,
    Clipped,
    Compared,
    OverTime,
    ScoreBand,
    Validated,
    Weighed,
)
from shouxin.foundation.texts import Text

POINTS_OF_A_BAND = 20  # of the distribution of scores
BANDS_OVER_TIME = 5


@dataclass(frozen=True, slots=True, eq=False)
class Other:
    """Another score of the same rows. risk: higher is worse; pd: probability of default from 0 to 1, where it gives one."""

    risk: ArrayLike
    pd: ArrayLike | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Validation:
    """What is validated, on which rows. Arrays have one element for each row.

    inputs:    by the names of the card's inputs, as `desk.portfolio.columns.read_inputs` gives them
    bad:       1 for a bad outcome, 0 for a good one
    others:    scores to compare with, by name
    segment:   texts or numbers that part the rows into segments
    dates:     datetime64, for measures over time
    protected: attributes that are not in the card, by name; they are measured and decide nothing
    cutoff:    scores from here on are approved; where there is none, `validate_cutoff.default_cutoff` sets one
    data:      what the data is called; fingerprint: of its contents; bad_is: which outcome is bad, in words
    left_out:  rows of the data that are not here because their outcome is not known
    """

    card: Card
    inputs: Inputs
    bad: ArrayLike
    others: Mapping[str, Other] = field(default_factory=dict)
    segment: NDArray[Any] | None = None
    dates: NDArray[Any] | None = None
    protected: Mapping[str, NDArray[Any]] = field(default_factory=dict)
    cutoff: int | None = None
    plan: Plan = field(default_factory=Plan)
    data: str = "data"
    fingerprint: str = ""
    bad_is: str = ""
    left_out: int = 0


def validate(asked: Validation) -> Validated:
    """Everything that is found. The same question gives the same answer.

    Where the card states the true bad rate of its portfolio (`fitted.data.true_bad_rate`), its data was sampled by outcome, and
    these rows are taken to be sampled in the same way: weights restore the true rate. AUC, Gini and KS do not change by that;
    Brier, log loss, calibration, shares and bad rates do.

    Raises OutcomeNotBinary, OutcomeOneClass, OutcomesTooFew, GroupsTooMany, DaysTooFarApart, CutoffOutsideScale; ValueError
    where lengths differ.
    """
    _check_cutoff(asked)
    scored = card_points(asked.card, asked.inputs)
    weighed = _weighed(asked)
    rows = sample(asked.bad, -scored.score, scored.pd, None if weighed is None else weighed[1])
    if not judgeable(rows):
        raise OutcomesTooFew("target", int(rows.bad.sum()), rows=len(rows.bad))
    resampled, others = _compared(asked, rows)
    added = added_by(asked.card, rows, scored)
    cutoff = cutoff_of(rows, scored.score, asked.cutoff)
    return Validated(
        card=Text(asked.card.shape.zh, asked.card.shape.en),
        data=asked.data,
        fingerprint=asked.fingerprint,
        bad_is=asked.bad_is,
        left_out=asked.left_out,
        weighed=None if weighed is None else weighed[0],
        plan=asked.plan,
        measures=measure(rows),
        intervals=resampled.of(CARD),
        others=others,
        roc={CARD: roc(rows), **{name: roc(_other(rows, each)) for name, each in asked.others.items()}},
        ks=ks_curve(rows),
        gains=gains_table(rows, scored.score, equal_count_cuts(scored.score)),
        distribution=_distribution(rows, scored, asked.card),
        concentration=concentration(scored.score, rows.weight),
        clipped=_clipped(scored, asked.card),
        calibration=_calibrated(rows),
        segments=() if asked.segment is None else measure_groups(rows, groups_of("segment", asked.segment)),
        over_time=None if asked.dates is None else _over_time(rows, scored, asked.dates),
        characteristics=characteristics_found(asked.card, rows, scored, added),
        pairs=pairs_found(asked.card, rows, scored, added),
        cutoff=cutoff,
        protected=protected_found(asked.card, rows, scored, cutoff.score, asked.protected),
    )


def _check_cutoff(asked: Validation) -> None:
    scale = asked.card.fitted.scale
    if asked.cutoff is not None and not scale.lowest <= asked.cutoff <= scale.highest:
        raise CutoffOutsideScale("cutoff", asked.cutoff, lowest=scale.lowest, highest=scale.highest)


def _weighed(asked: Validation) -> tuple[Weighed, Floats] | None:
    """Weights of mean 1 that give the bad rows the share which the portfolio has; King and Zeng (2001), Logistic Regression in
    Rare Events Data, Political Analysis 9, section 4.1.
    """
    data = asked.card.fitted.data
    if data is None or data.true_bad_rate is None:
        return None
    bad, true = outcomes_of(asked.bad), float(data.true_bad_rate)
    share = float(bad.mean()) if len(bad) else 0.0
    if share in (0.0, 1.0):
        return None  # one class: refused by `sample`, which says so
    return Weighed(share, true), np.where(bad, true / share, (1 - true) / (1 - share))


def _other(rows: Sample, other: Other) -> Sample:
    return sample(rows.bad, other.risk, other.pd, rows.weight)


def _compared(asked: Validation, rows: Sample) -> tuple[Resampled, tuple[Compared, ...]]:
    """All scores on the same draws, and each other score beside the card."""
    others = {name: _other(rows, each) for name, each in asked.others.items()}
    resampled = resample({CARD: rows, **others}, asked.plan)
    found = []
    for name, each in others.items():
        delong = compare(rows, each.risk)
        assert delong is not None, "there are two rows of each class"
        found.append(Compared(name, resampled.of(name), resampled.difference(CARD, name), delong.p_value))
    return resampled, tuple(found)


def _distribution(rows: Sample, scored: Scored, card: Card) -> tuple[ScoreBand, ...]:
    """The shares of good and of bad rows in bands of 20 points, from the lowest band that holds a row to the highest."""
    cuts = fixed_cuts(card.fitted.scale.lowest, card.fitted.scale.highest, POINTS_OF_A_BAND)
    places, bands = band_of(scored.score, cuts), bands_between(cuts)
    bads, goods = (np.bincount(places[chosen], minlength=len(bands)) for chosen in (rows.bad, ~rows.bad))
    ends = [card.fitted.scale.lowest, *(int(cut) for cut in cuts), card.fitted.scale.highest]
    found = []
    for place in range(int(places.min()), int(places.max()) + 1):
        good, bad = int(goods[place]), int(bads[place])
        shares = good / int(goods.sum()), bad / int(bads.sum())
        high = ends[place + 1]
        last = high if high == ends[-1] else high - 1
        found.append(ScoreBand(ends[place], high, last, good, bad, *shares))
    return tuple(found)


def _clipped(scored: Scored, card: Card) -> Clipped:
    """How many rows the ends of the scale cut off."""
    total, scale = card.shape.base + scored.points.sum(axis=1), card.fitted.scale
    return Clipped(int((total < scale.lowest).sum()), int((total > scale.highest).sum()), len(total))


def _calibrated(rows: Sample) -> Calibrated:
    bands = calibration_bands(rows)
    equal = bool((rows.weight == 1).all())  # the test counts rows, which weights would make up
    return Calibrated(bands, recalibrate(rows), hosmer_lemeshow(bands) if equal else None)


def _over_time(rows: Sample, scored: Scored, dates: NDArray[Any]) -> OverTime:
    period, groups = periods_of("dates", dates)
    vintages = vintage_table(rows, scored.score, equal_count_cuts(scored.score, BANDS_OVER_TIME), groups)
    return OverTime(period, measure_groups(rows, groups), vintages, crossings(vintages))
