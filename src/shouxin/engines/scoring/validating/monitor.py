"""Monitor a card: whether the people who come now are those that it was made on, and whether it still ranks them.

    found = monitor(card, Rows(then, bad, name="2023"), Rows(now, name="2024"))
    found.score.index, found.alerts

Read `monitor_model.py` next: what is found, and from where on it is an alert.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from shouxin.engines.scoring.cards.card import Card
from shouxin.engines.scoring.cards.card_numpy import Inputs, Scored, card_points
from shouxin.engines.scoring.measuring.bands import equal_count_cuts
from shouxin.engines.scoring.measuring.delong import delong, judgeable
from shouxin.engines.scoring.measuring.groups import Groups
from shouxin.engines.scoring.measuring.intervals import Estimate, difference, wilson
from shouxin.engines.scoring.measuring.measures import measure
from shouxin.engines.scoring.measuring.sample import Flags, Sample, sample
from shouxin.engines.scoring.measuring.stability import Alert, alert, characteristic_stability, score_stability
from shouxin.engines.scoring.measuring.vintages import crossings, vintage_table
from shouxin.engines.scoring.validating.monitor_model import (
    CURRENT,
    REFERENCE,
    CharacteristicMoved,
    Monitored,
    OutcomesMoved,
    ShareMoved,
    Thresholds,
)
from shouxin.engines.scoring.validating.validate_bins import bin_labels
from shouxin.engines.scoring.validating.validate_errors import OutcomesTooFew
from shouxin.engines.scoring.validating.validate_groups import periods_of
from shouxin.foundation.texts import Text

BANDS = 5  # of the score, over vintages
DEFAULT = Thresholds()


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """One set of rows. Arrays have one element for each row.

    inputs: by the names of the card's inputs, as `desk.portfolio.columns.read_inputs` gives them
    bad:    1, 0 or NaN where the outcome is not known; nothing where none is known
    dates:  datetime64, for vintages
    name:   what the set is called
    """

    inputs: Inputs
    bad: ArrayLike | None = None
    dates: NDArray[Any] | None = None
    name: str = "data"


def monitor(card: Card, reference: Rows, current: Rows, thresholds: Thresholds = DEFAULT) -> Monitored:
    """What moved from the reference to the current rows. All rows count in shares; in outcomes those with a known one.

    Raises OutcomeNotBinary, OutcomeOneClass, OutcomesTooFew, DaysTooFarApart; ValueError without rows.
    """
    then, now = card_points(card, reference.inputs), card_points(card, current.inputs)
    score = score_stability(then.score, now.score)  # first, since it refuses a set without rows
    found = Monitored(
        card=Text(card.shape.zh, card.shape.en),
        reference=reference.name,
        current=current.name,
        reference_rows=len(then.score),
        current_rows=len(now.score),
        thresholds=thresholds,
        reference_mean=float(then.score.mean()),
        current_mean=float(now.score.mean()),
        score=score,
        characteristics=_characteristics(card, then, now),
        missing=_missing(card, reference, current),
        unseen=_unseen(card, reference, current),
        clipped=_moved("score", Text("评分", "score"), _beyond(card, then), _beyond(card, now)),
        outcomes=_outcomes((reference, then), (current, now)),
        alerts=(),
    )
    return replace(found, alerts=tuple(_alerts(found)))


def _characteristics(card: Card, then: Scored, now: Scored) -> tuple[CharacteristicMoved, ...]:
    found = []
    for at, (name, shape) in enumerate(card.shape.characteristics.items()):
        read, labels = card.fitted.inputs[shape.input], bin_labels(card, shape)
        before, after = (np.bincount(each.bins[:, at], minlength=len(labels)).tolist() for each in (then, now))
        points = [*(each.points for each in shape.bins), shape.missing or 0]
        stability = characteristic_stability(name, before, after, points, [each.en for each in labels])
        found.append(CharacteristicMoved(Text(read.zh, read.en), tuple(labels), stability))
    return tuple(found)


def _missing(card: Card, reference: Rows, current: Rows) -> tuple[ShareMoved, ...]:
    """The share of missing values of each input."""
    return tuple(
        _moved(name, Text(read.zh, read.en), *(_is_missing(each.inputs[name]) for each in (reference, current)))
        for name, read in card.inputs.items()
    )


def _unseen(card: Card, reference: Rows, current: Rows) -> tuple[ShareMoved, ...]:
    """The share of words that the card does not know, of each enum."""
    return tuple(
        _moved(name, Text(read.zh, read.en), *(_is_unseen(each.inputs[name], read.values) for each in (reference, current)))
        for name, read in card.inputs.items()
        if read.type == "enum"
    )


def _is_missing(values: NDArray[Any]) -> Flags:
    if values.dtype == object:
        return np.array([each is None for each in values], dtype=np.bool_)
    return np.asarray(np.isnan(values), dtype=np.bool_)


def _is_unseen(values: NDArray[Any], known: list[str]) -> Flags:
    words = {None, *known}
    return np.array([each not in words for each in values], dtype=np.bool_)


def _beyond(card: Card, scored: Scored) -> Flags:
    """The rows whose points go beyond the scale."""
    total = card.shape.base + scored.points.sum(axis=1)
    return np.asarray((total < card.fitted.scale.lowest) | (total > card.fitted.scale.highest), dtype=np.bool_)


def _moved(name: str, text: Text, then: Flags, now: Flags) -> ShareMoved:
    before, after = (wilson(float(each.sum()), len(each)) for each in (then, now))
    return ShareMoved(name, text, before, after, difference(after, before))


def _outcomes(reference: tuple[Rows, Scored], current: tuple[Rows, Scored]) -> OutcomesMoved | None:
    """Nothing where one of the sets has no outcomes."""
    if reference[0].bad is None or current[0].bad is None:
        return None
    before, after = _known(*reference), _known(*current)
    drop = difference(before.auc, after.auc)  # of different rows, so that the squares of the halves add up
    bad = np.concatenate((before.rows.bad, after.rows.bad))
    score = np.concatenate((-before.rows.risk, -after.rows.risk))
    cuts = equal_count_cuts(-before.rows.risk, BANDS)
    table = vintage_table(sample(bad, -score), score, cuts, _vintages(before, after))
    return OutcomesMoved(measure(before.rows), measure(after.rows), before.auc, after.auc, drop, table, crossings(table))


@dataclass(frozen=True, slots=True, eq=False)
class _Known:
    """The rows of a set whose outcome is known."""

    name: str
    rows: Sample
    auc: Estimate
    dates: NDArray[Any] | None


def _known(rows: Rows, scored: Scored) -> _Known:
    bad = np.asarray(rows.bad, dtype=np.float64)
    known = ~np.isnan(bad)
    found = sample(bad[known], -scored.score[known], scored.pd[known])
    auc = delong(found) if judgeable(found) else None
    if auc is None:
        raise OutcomesTooFew(f"{rows.name}: target", int(found.bad.sum()), rows=len(found.bad))
    return _Known(rows.name, found, auc, None if rows.dates is None else rows.dates[known])


def _vintages(before: _Known, after: _Known) -> Groups:
    """By the period of a date where both have one, else by set."""
    if before.dates is not None and after.dates is not None:
        return periods_of("dates", np.concatenate((before.dates, after.dates)))[1]
    sizes = len(before.rows.bad), len(after.rows.bad)
    return Groups((REFERENCE, CURRENT, None), np.repeat(np.arange(2), sizes))


def _alerts(found: Monitored) -> Iterator[Alert]:
    """The score first, then AUC, then the rest, the largest of each kind first."""
    limits = found.thresholds
    yield from _told(alert("psi", "score", found.score.index, limits.psi))
    if found.outcomes is not None and found.outcomes.drop.low > 0:
        yield from _told(alert("auc_drop", "score", found.outcomes.drop.value, limits.auc_drop))
    yield from _told(
        *(alert("csi", each.stability.name, each.stability.index, limits.csi) for each in found.characteristics),
    )
    yield from _told(*(alert("missing", each.name, each.gap.value, limits.missing) for each in found.missing))
    yield from _told(*(alert("unseen", each.name, each.gap.value, limits.unseen) for each in found.unseen))
    yield from _told(alert("clipped", "score", found.clipped.gap.value, limits.clipped))


def _told(*given: Alert | None) -> list[Alert]:
    return sorted((each for each in given if each is not None), key=lambda each: (-each.value, each.subject))
