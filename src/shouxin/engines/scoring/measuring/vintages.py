"""The bad rate of each score band, vintage by vintage: whether the score still parts good from bad, and at the same level."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

import numpy as np
from numpy.typing import ArrayLike

from shouxin.engines.scoring.measuring.bands import Band, band_of, bands_between
from shouxin.engines.scoring.measuring.groups import Groups
from shouxin.engines.scoring.measuring.intervals import Estimate, difference, share_of
from shouxin.engines.scoring.measuring.sample import Sample, risks_of


@dataclass(frozen=True, slots=True)
class VintageBand:
    """The rows of one vintage in one band of the score. `bad_rate` is weighted, with Wilson's interval."""

    vintage: str | None
    band: Band
    rows: int
    bads: int
    bad_rate: Estimate


@dataclass(frozen=True, slots=True)
class Crossing:
    """Two neighbouring bands of a vintage of which the one with higher scores went bad more often, more than chance explains."""

    vintage: str | None
    lower: Band
    higher: Band
    gap: Estimate


def vintage_table(rows: Sample, score: ArrayLike, cuts: Sequence[float], vintages: Groups) -> tuple[VintageBand, ...]:
    """By vintage (see `groups.by_period`), then by band from the lowest score; bands without rows are left out.

    Rows whose performance window has not passed have no outcome and do not belong here.

    >>> from shouxin.engines.scoring.measuring.groups import by_name
    >>> from shouxin.engines.scoring.measuring.sample import sample
    >>> vintages = by_name(["2023", "2023", "2024", "2024"])
    >>> table = vintage_table(sample([1, 0, 0, 1], [2, 1, 1, 2]), [500, 700, 710, 520], [600], vintages)
    >>> [(each.vintage, each.band.label, each.rows, each.bad_rate.value) for each in table]
    [('2023', '<600', 1, 1.0), ('2023', '≥600', 1, 0.0), ('2024', '<600', 1, 1.0), ('2024', '≥600', 1, 0.0)]
    """
    bands, places = bands_between(cuts), band_of(risks_of(score, len(rows.bad)), cuts)
    found = []
    for name, members in vintages.members(len(rows.bad)):
        for place in np.unique(places[members]):
            here = rows.take(members[places[members] == place])
            rate = share_of(here.bad, here.weight)
            found.append(VintageBand(name, bands[place], len(here.bad), int(here.bad.sum()), rate))
    return tuple(found)


def crossings(table: Sequence[VintageBand]) -> tuple[Crossing, ...]:
    """Where a higher band of a vintage table is worse than the one below it, and Newcombe's interval leaves zero out."""
    found = []
    for vintage, bands in groupby(table, key=lambda each: each.vintage):
        ordered = list(bands)
        for lower, higher in pairwise(ordered):
            gap = difference(higher.bad_rate, lower.bad_rate)
            if gap.low > 0:
                found.append(Crossing(vintage, lower.band, higher.band, gap))
    return tuple(found)
