"""Main effects: one curve per column, mixed from boosting and from the classical card in the share that held-out rows like.

Boosting wins wherever there is much to learn; on small, noisy data the classical card does, or the two together. Which, is
asked of rows that neither has seen: five parts of a small data set in turn, one part of a large one. Among the mixtures that
those rows do not tell from the best, the one with most of the classical card is taken, since it is the simplest: the rule of
one standard error of Breiman et al., Classification and Regression Trees (1984), 3.4.3, with DeLong's test of the difference.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shouxin.engines.scoring.fitting.boosting import BAGS, Shapes, boosted
from shouxin.engines.scoring.fitting.coding import Coding, Floats
from shouxin.engines.scoring.fitting.learning import Learning, folds, total
from shouxin.engines.scoring.fitting.woe import Classical, Columns, as_shapes, classical
from shouxin.engines.scoring.measuring.delong import compare
from shouxin.engines.scoring.measuring.measures import auc
from shouxin.engines.scoring.measuring.sample import sample

SHARES = (0.0, 0.25, 0.5, 0.75)
SMALL, FOLDS = 50_000, 5
BAGS_OF_A_TRIAL = 2


@dataclass(frozen=True)
class Trial:
    """A share of the classical card, and the AUC that the mixture has on rows held out.

    as_good: whether DeLong's test does not tell it from the best of the mixtures, at 95%
    """

    share: float
    auc: float
    as_good: bool


@dataclass(frozen=True)
class Effects:
    """The curves of all columns, the baseline that was fitted on the way, and what was tried.

    shapes: per column, per code, log odds of being bad
    share:  of the classical card in them
    """

    shapes: Shapes
    share: float
    trials: tuple[Trial, ...]
    baseline: Classical


def main_effects(
    codings: Sequence[Coding],
    columns: Columns,
    learning: Learning,
    directions: Sequence[int],
    step: Callable[[float], None] = lambda _share: None,
) -> Effects:
    """Fit both models on all rows, and mix them in the share that did best where neither had seen the rows.

    columns: the values behind the codes, for the classical card's own binning
    """
    trials = _trials(codings, columns, learning, directions, lambda share: step(share / 2))
    share = max(each.share for each in trials if each.as_good)
    baseline = classical(columns, codings, learning, directions)
    boost = boosted(codings, learning, directions, BAGS, lambda done: step(0.5 + done / 2))
    return Effects(_mixed(boost, as_shapes(baseline, columns, codings, learning), share), share, trials, baseline)


def _trials(
    codings: Sequence[Coding],
    columns: Columns,
    learning: Learning,
    directions: Sequence[int],
    step: Callable[[float], None],
) -> tuple[Trial, ...]:
    fold = folds(learning.bad, FOLDS, learning.seed)
    turns = range(FOLDS if len(fold) <= SMALL else 1)
    risks = {share: np.full(len(fold), np.nan) for share in SHARES}
    for turn in turns:
        seen, out = fold != turn, fold == turn
        own, other = learning.take(seen), learning.take(out)
        boost = boosted(codings, own, directions, BAGS_OF_A_TRIAL)
        values = _rows(columns, seen)
        old = as_shapes(classical(values, codings, own, directions), values, codings, own)
        for share in SHARES:
            risks[share][out] = total(_mixed(boost, old, share), other.codes)
        step((turn + 1) / len(turns))
    return _judged(risks, learning.take(np.isin(fold, turns)), np.isin(fold, turns))


def _judged(risks: dict[float, Floats], held: Learning, rows: NDArray[np.bool_]) -> tuple[Trial, ...]:
    samples = {share: sample(held.bad, risk[rows], weight=held.weight) for share, risk in risks.items()}
    aucs = {share: auc(held.bad > 0, each.risk, held.weight) for share, each in samples.items()}
    best = max(aucs, key=lambda share: aucs[share])
    found = []
    for share in SHARES:
        apart = compare(samples[best], samples[share].risk)
        found.append(Trial(share, aucs[share], apart is None or apart.difference.low <= 0))
    return tuple(found)


def _rows(columns: Columns, rows: NDArray[np.bool_]) -> Columns:
    return [each[rows] for each in columns]


def _mixed(boost: Shapes, old: tuple[Floats, ...], share: float) -> Shapes:
    return tuple((1 - share) * one + share * two for one, two in zip(boost, old, strict=True))
