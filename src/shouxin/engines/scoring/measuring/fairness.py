"""How a cut-off treats the groups of a protected attribute: who is approved, who is wrongly declined, and whether the score
ranks and says the same in each.

The measures contradict each other where groups differ in bad rate, so none of them alone is a verdict: Chouldechova (2017),
Fair prediction with disparate impact, Big Data 5, 153-163. `groups.by_band` makes groups of an attribute that is a number.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from shouxin.engines.scoring.measuring.delong import delong
from shouxin.engines.scoring.measuring.groups import Groups
from shouxin.engines.scoring.measuring.intervals import Estimate, difference, share_of
from shouxin.engines.scoring.measuring.sample import Flags, Sample

FOUR_FIFTHS = 0.8  # of the highest approval rate: 29 CFR 1607.4(D), Uniform Guidelines on Employee Selection Procedures (EEOC)
FEWEST_ROWS, FEWEST_BADS = 100, 10  # below these a group is too small to judge


@dataclass(frozen=True, slots=True)
class Treatment:
    """What happens to a group, or to a part of it: the share approved, and its distance from that of the reference group.

    rate:    weighted share approved, with Wilson's interval; nothing where the part holds no rows
    gap:     rate less the reference group's, with Newcombe's interval; nothing for the reference itself, or without one
    """

    rate: Estimate | None
    gap: Estimate | None


@dataclass(frozen=True, slots=True)
class GroupFairness:
    """One group of the protected attribute at the cut-off.

    name:            the group; nothing for rows that have none
    all:             approvals of all its rows
    goods:           of those that turned out good: the true positive rate, approval being the positive answer (equal
                     opportunity: Hardt, Price and Srebro 2016)
    bads:            of those that turned out bad: the false positive rate
    ratio:           approval rate over that of the reference group; nothing without one, or where nobody there is approved
    auc:             within the group, with DeLong's interval; nothing with fewer than two rows of a class
    bad_rate:        weighted, with Wilson's interval
    mean_pd:         weighted mean of the probabilities; in the interval of the bad rate where they hold for the group
    too_small:       fewer than 100 rows or fewer than 10 bad ones: its numbers are shown and are no ground for a judgement
    """

    name: str | None
    rows: int
    bad_rows: int
    all: Treatment
    goods: Treatment
    bads: Treatment
    ratio: float | None
    auc: Estimate | None
    bad_rate: Estimate
    mean_pd: float | None
    too_small: bool

    @property
    def below_four_fifths(self) -> bool:
        """Whether the approval rate is below four fifths of the highest; never said of a group too small to judge."""
        return self.ratio is not None and self.ratio < FOUR_FIFTHS and not self.too_small


@dataclass(frozen=True, slots=True)
class Fairness:
    """All groups of an attribute.

    reference: the group with the highest approval rate of those large enough to judge; nothing where none is. Every group is
               compared with it, as the four-fifths rule does
    """

    reference: str | None
    groups: tuple[GroupFairness, ...]


def fairness(rows: Sample, approved: ArrayLike, groups: Groups) -> Fairness:
    """The groups of an attribute that have rows, in their order; rows of which it is not known are never the reference.

    approved: a flag for each row: whether it reaches the cut-off

    >>> from shouxin.engines.scoring.measuring.groups import by_name
    >>> from shouxin.engines.scoring.measuring.sample import sample
    >>> bad, names = ([1] * 20 + [0] * 80) * 2, ["a"] * 100 + ["b"] * 100
    >>> approved = [0] * 50 + [1] * 50 + [0] * 10 + [1] * 90
    >>> found = fairness(sample(bad, range(200)), approved, by_name(names))
    >>> found.reference, [(each.name, round(each.ratio, 3), each.below_four_fifths) for each in found.groups]
    ('b', [('a', 0.556, True), ('b', 1.0, False)])
    """
    flags = np.asarray(approved, dtype=np.bool_)
    if flags.shape != rows.bad.shape:
        raise ValueError(f"approved: {len(rows.bad)} flags, one for each row, not an array of shape {flags.shape}")
    parts = tuple(_Part(name, rows.take(places), flags[places]) for name, places in groups.members(len(rows.bad)))
    named = [part for part in parts if part.name is not None and not part.too_small]
    best = max(named, key=lambda part: part.approval.value, default=None)
    return Fairness(None if best is None else best.name, tuple(part.beside(best) for part in parts))


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """The rows of one group, and which of them are approved."""

    name: str | None
    rows: Sample
    approved: Flags

    @property
    def approval(self) -> Estimate:
        return share_of(self.approved, self.rows.weight)

    @property
    def too_small(self) -> bool:
        return len(self.approved) < FEWEST_ROWS or int(self.rows.bad.sum()) < FEWEST_BADS

    @property
    def rates(self) -> tuple[Estimate | None, Estimate | None, Estimate | None]:
        """Approval rates of all rows, of the good ones and of the bad ones."""
        bad = self.rows.bad
        return self.approval, self._rate(~bad), self._rate(bad)

    def _rate(self, chosen: Flags) -> Estimate | None:
        return share_of(self.approved[chosen], self.rows.weight[chosen]) if chosen.any() else None

    def beside(self, reference: _Part | None) -> GroupFairness:
        rows, theirs = self.rows, (None, None, None) if reference is None or reference is self else reference.rates
        everybody, goods, bads = (_treatment(rate, other) for rate, other in zip(self.rates, theirs, strict=True))
        highest = reference.approval.value if reference is not None else 0.0
        return GroupFairness(
            name=self.name,
            rows=len(rows.bad),
            bad_rows=int(rows.bad.sum()),
            all=everybody,
            goods=goods,
            bads=bads,
            ratio=self.approval.value / highest if highest > 0 else None,
            auc=delong(rows),
            bad_rate=share_of(rows.bad, rows.weight),
            mean_pd=None if rows.pd is None else float(np.average(rows.pd, weights=rows.weight)),
            too_small=self.too_small,
        )


def _treatment(rate: Estimate | None, reference: Estimate | None) -> Treatment:
    return Treatment(rate, None if rate is None or reference is None else difference(rate, reference))
