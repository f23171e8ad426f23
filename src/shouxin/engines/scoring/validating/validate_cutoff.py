"""What happens at a cut-off, and to whom: approval, and the groups of protected attributes that the card does not read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shouxin.engines.scoring.cards.card import Card
from shouxin.engines.scoring.cards.card_numpy import Points, Scored
from shouxin.engines.scoring.measuring.fairness import fairness
from shouxin.engines.scoring.measuring.intervals import Estimate, share_of
from shouxin.engines.scoring.measuring.proxies import proxies
from shouxin.engines.scoring.measuring.sample import Flags, Sample, weight_in
from shouxin.engines.scoring.validating.validate_groups import groups_of
from shouxin.engines.scoring.validating.validate_model import Cutoff, ProtectedFound


def cutoff_of(rows: Sample, score: Points, given: int | None) -> Cutoff:
    """The cut-off that was given, or the default one, and what it does to these rows."""
    at = default_cutoff(rows, score) if given is None else given
    approved = score >= at
    return Cutoff(
        score=at,
        given=given is not None,
        approved=share_of(approved, rows.weight),
        bad_rate_approved=_bad_rate(rows, approved),
        bad_rate_declined=_bad_rate(rows, ~approved),
    )


def default_cutoff(rows: Sample, score: Points) -> int:
    """The score at which about as many rows are declined as turned out bad: the approval rate is nearest to the share of good
    rows, weighted. It depends on no policy, and a perfect score would make no error there.

    >>> from shouxin.engines.scoring.measuring.sample import sample
    >>> default_cutoff(sample([1, 0, 0, 0], [4, 3, 2, 1]), np.array([500, 550, 600, 650]))
    550
    """
    scores, places = np.unique(score, return_inverse=True)
    weight = weight_in(places, rows.weight, len(scores))
    approved = np.cumsum(weight[::-1])[::-1] / weight.sum()
    good = float(rows.weight[~rows.bad].sum() / rows.weight.sum())
    return int(scores[int(np.argmin(np.abs(approved - good)))])


def protected_found(
    card: Card, rows: Sample, scored: Scored, cutoff: int, attributes: Mapping[str, NDArray[Any]]
) -> tuple[ProtectedFound, ...]:
    """Each protected attribute: how its groups fare at the cut-off, and which parts of the card tell the groups.

    Raises GroupsTooMany.
    """
    columns = {name: card.fitted.inputs[shape.input].column for name, shape in card.shape.characteristics.items()}
    bins = {name: scored.bins[:, at] for at, name in enumerate(columns)}
    read = {each.column for each in card.inputs.values()}
    found = []
    for name, values in attributes.items():
        groups = groups_of(name, values)
        others = {each: places for each, places in bins.items() if columns[each] != name}
        treated = fairness(rows, scored.score >= cutoff, groups)
        found.append(ProtectedFound(name, name in read, treated, proxies(groups, others)))
    return tuple(found)


def _bad_rate(rows: Sample, chosen: Flags) -> Estimate | None:
    return share_of(rows.bad[chosen], rows.weight[chosen]) if chosen.any() else None
