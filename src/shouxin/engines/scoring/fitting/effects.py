"""Main effects: one curve per column, mixed from boosting and from the classical card in the share that held-out rows like.

Boosting wins wherever there is much to learn; on small, noisy data the classical card does, or the two together. Which, is
asked of rows that neither has seen: five parts of a small data set in turn, three of the five of a large one. Among the
mixtures that those rows do not tell from the best, the one with most of the classical card is taken, since it is the simplest:
the rule of one standard error of Breiman et al., Classification and Regression Trees (1984), 3.4.3, with DeLong's test of the
difference.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from shouxin.engines.scoring.fitting.boosting import BAGS, Shapes, boosted
from shouxin.engines.scoring.fitting.coding import Coding
from shouxin.engines.scoring.fitting.learning import Learning, folds, total
from shouxin.engines.scoring.fitting.woe import Classical, Columns, as_shapes, classical
from shouxin.engines.scoring.measuring.delong import compare
from shouxin.engines.scoring.measuring.measures import auc
from shouxin.engines.scoring.measuring.sample import sample

SHARES = (0.0, 0.25, 0.5, 0.75)
SMALL, FOLDS, TURNS_OF_MANY = 50_000, 5, 3
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
class Part:
    """Curves that have not seen some of the rows. out: which"""

    out: NDArray[np.bool_]
    shapes: Shapes


@dataclass(frozen=True)
class Effects:
    """The curves of all columns, the baseline that was fitted on the way, and what was tried.

    shapes: per column, per code, log odds of being bad
    share:  of the classical card in them
    parts:  the same mixture on parts of the rows
    """

    shapes: Shapes
    share: float
    trials: tuple[Trial, ...]
    parts: tuple[Part, ...]
    baseline: Classical

    def only(self, places: Sequence[int]) -> Effects:
        """The curves of some of the columns."""
        parts = tuple(Part(each.out, tuple(each.shapes[place] for place in places)) for each in self.parts)
        return replace(self, shapes=tuple(self.shapes[place] for place in places), parts=parts)


@dataclass(frozen=True)
class _Turn:
    """Both models, fitted on all rows but some."""

    out: NDArray[np.bool_]
    boost: Shapes
    old: Shapes

    def part(self, share: float) -> Part:
        """Mixed."""
        return Part(self.out, _mixed(self.boost, self.old, share))


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
    turns = _turns(codings, columns, learning, directions, lambda share: step(share / 2))
    trials = _judged(turns, learning)
    share = max(each.share for each in trials if each.as_good)
    baseline = classical(columns, codings, learning, directions)
    boost = boosted(codings, learning, directions, BAGS, lambda done: step(0.5 + done / 2))
    shapes = _mixed(boost, as_shapes(baseline, columns, codings, learning), share)
    return Effects(shapes, share, trials, tuple(each.part(share) for each in turns), baseline)


def _turns(
    codings: Sequence[Coding],
    columns: Columns,
    learning: Learning,
    directions: Sequence[int],
    step: Callable[[float], None],
) -> tuple[_Turn, ...]:
    fold = folds(learning.bad, FOLDS, learning.seed)
    count = FOLDS if len(fold) <= SMALL else TURNS_OF_MANY
    found = []
    for turn in range(count):
        seen = fold != turn
        own, values = learning.take(seen), [each[seen] for each in columns]
        boost = boosted(codings, own, directions, BAGS_OF_A_TRIAL)
        old = as_shapes(classical(values, codings, own, directions), values, codings, own)
        found.append(_Turn(~seen, boost, old))
        step((turn + 1) / count)
    return tuple(found)


def _judged(turns: Sequence[_Turn], learning: Learning) -> tuple[Trial, ...]:
    held = [learning.take(each.out) for each in turns]
    bad, weight = (np.concatenate(each) for each in ([each.bad for each in held], [each.weight for each in held]))
    samples = {}
    for share in SHARES:
        risk = [total(turn.part(share).shapes, rows.codes) for turn, rows in zip(turns, held, strict=True)]
        samples[share] = sample(bad, np.concatenate(risk), weight=weight)
    aucs = {share: auc(bad > 0, each.risk, weight) for share, each in samples.items()}
    best = max(aucs, key=lambda share: aucs[share])
    found = []
    for share in SHARES:
        apart = compare(samples[best], samples[share].risk)
        found.append(Trial(share, aucs[share], apart is None or apart.difference.low <= 0))
    return tuple(found)


def _mixed(boost: Shapes, old: Shapes, share: float) -> Shapes:
    return tuple((1 - share) * one + share * two for one, two in zip(boost, old, strict=True))
