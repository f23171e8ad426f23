"""The gains table: what each band of the score holds, and what is reached by declining up to it. Where scores pile up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from shouxin.engines.scoring.measuring.bands import Band, band_of, bands_between
from shouxin.engines.scoring.measuring.intervals import Estimate, share_of
from shouxin.engines.scoring.measuring.sample import Floats, Sample, inner, risks_of, weight_in, weights_of

POINTS_OF_A_BAND = 10  # in which piling up is looked for


@dataclass(frozen=True, slots=True)
class GainsRow:
    """A band of the score, and all bands up to it from the riskiest one on. Siddiqi (2006), Credit Risk Scorecards.

    rows, bads, goods: counts of rows
    share:             weighted share of all rows
    bad_rate:          weighted, with Wilson's interval
    lift:              bad rate over that of all rows
    cumulative_...:    weighted shares of all rows, all bad and all good rows that lie in this band or a riskier one
    cumulative_lift:   bad rate of those over that of all rows
    ks:                distance of the two cumulative shares; the largest is the KS statistic as far as the bands show it
    """

    band: Band
    rows: int
    bads: int
    goods: int
    share: float
    bad_rate: Estimate
    lift: float
    cumulative_share: float
    cumulative_bads: float
    cumulative_goods: float
    cumulative_lift: float
    ks: float


def gains_table(rows: Sample, score: ArrayLike, cuts: Sequence[float]) -> tuple[GainsRow, ...]:
    """The bands that the cuts make of the score (higher is better), lowest first; bands without rows are left out.

    `bands.equal_count_cuts` cuts deciles, `bands.fixed_cuts` the scale.

    >>> from shouxin.engines.scoring.measuring.sample import sample
    >>> table = gains_table(sample([1, 1, 0, 0], [4, 3, 2, 1]), [500, 550, 600, 700], [580, 650])
    >>> [(row.band.label, row.bads, row.lift, row.cumulative_bads, row.ks) for row in table]
    [('<580', 2, 2.0, 1.0, 1.0), ('580–<650', 0, 0.0, 1.0, 0.5), ('≥650', 0, 0.0, 1.0, 0.0)]
    """
    places = band_of(risks_of(score, len(rows.bad)), cuts)
    found = bands_between(cuts)
    bads, goods = (weight_in(places, rows.weight * chosen, len(found)) for chosen in (rows.bad, ~rows.bad))
    totals = _Totals(bads, goods)
    return tuple(
        totals.row(place, band, rows.take(np.flatnonzero(places == place)))
        for place, band in enumerate(found)
        if (places == place).any()
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Totals:
    """Weight of the bad and of the good rows in each band, the riskiest first."""

    bads: Floats
    goods: Floats

    def row(self, place: int, band: Band, rows: Sample) -> GainsRow:
        bads, goods = float(self.bads.sum()), float(self.goods.sum())
        bads_so_far, goods_so_far = float(self.bads[: place + 1].sum()), float(self.goods[: place + 1].sum())
        overall, here = bads / (bads + goods), float(self.bads[place] + self.goods[place])
        count, bad = len(rows.bad), int(rows.bad.sum())
        return GainsRow(
            band=band,
            rows=count,
            bads=bad,
            goods=count - bad,
            share=here / (bads + goods),
            bad_rate=share_of(rows.bad, rows.weight),
            lift=float(self.bads[place]) / here / overall,
            cumulative_share=(bads_so_far + goods_so_far) / (bads + goods),
            cumulative_bads=bads_so_far / bads,
            cumulative_goods=goods_so_far / goods,
            cumulative_lift=bads_so_far / (bads_so_far + goods_so_far) / overall,
            ks=abs(bads_so_far / bads - goods_so_far / goods),
        )


@dataclass(frozen=True, slots=True)
class Concentration:
    """How far scores pile up. A pile at one score cannot be told apart by any cut-off.

    score, score_share: the score that most rows have, and their weighted share; the lowest of several
    band, band_share:   the same of bands of 10 points
    herfindahl:         sum of the squared shares of those bands: 1 where all rows lie in one, 1/n where n hold the same
    """

    score: float
    score_share: float
    band: Band
    band_share: float
    herfindahl: float


def concentration(score: ArrayLike, weight: ArrayLike | None = None) -> Concentration:
    """How far scores pile up. Raises ValueError without rows.

    >>> found = concentration([600, 600, 601, 615])
    >>> found.score, found.score_share, found.band.label, found.band_share, found.herfindahl
    (600.0, 0.5, '600–<610', 0.75, 0.625)
    """
    scores = risks_of(score, np.size(score))
    if not len(scores):
        raise ValueError("score: at least one row")
    weights = weights_of(weight, len(scores))
    values, shares = _shares(scores, weights)
    starts, banded = _shares(np.floor(scores / POINTS_OF_A_BAND) * POINTS_OF_A_BAND, weights)
    most, widest = int(np.argmax(shares)), int(np.argmax(banded))
    start = float(starts[widest])
    return Concentration(
        score=float(values[most]),
        score_share=float(shares[most]),
        band=Band(start, start + POINTS_OF_A_BAND),
        band_share=float(banded[widest]),
        herfindahl=inner(banded, banded),
    )


def _shares(values: Floats, weight: Floats) -> tuple[Floats, Floats]:
    found, which = np.unique(values, return_inverse=True)
    weights = weight_in(which, weight, len(found))
    return found, weights / weights.sum()
