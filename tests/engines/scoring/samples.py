"""Samples to measure: drawn by hypothesis, and a larger one from a seed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st

from shouxin.engines.scoring.measuring.sample import Floats, Sample, sample

LAW = settings(deadline=None)  # of a property: a busy machine is no failure


@dataclass(frozen=True)
class Drawn:
    """Outcomes, risks with many ties, probabilities and whole weights, as lists."""

    bad: list[int]
    risk: list[int]
    pd: list[float]
    weight: list[int]

    @property
    def rows(self) -> Sample:
        """The sample with its weights."""
        return sample(self.bad, self.risk, self.pd, self.weight)

    @property
    def repeated(self) -> Sample:
        """The sample with every row as often as its weight says, and no weights."""
        bad, risk, pd = (np.repeat(each, self.weight) for each in (self.bad, self.risk, self.pd))
        return sample(bad, risk, pd)


@st.composite
def drawn(draw: st.DrawFn, least: int = 1) -> Drawn:
    """Up to 40 rows, at least so many of each class."""
    classes = [1] * least + [0] * least + draw(st.lists(st.integers(0, 1), max_size=40 - 2 * least))
    bad = draw(st.permutations(classes))
    rows = len(bad)
    return Drawn(
        bad=bad,
        risk=draw(st.lists(st.integers(-6, 6), min_size=rows, max_size=rows)),
        pd=draw(st.lists(st.floats(0, 1, width=32), min_size=rows, max_size=rows)),
        weight=draw(st.lists(st.integers(1, 4), min_size=rows, max_size=rows)),
    )


def large(rows: int = 4000, seed: int = 7) -> tuple[Sample, Floats]:
    """A sample whose probabilities are true, about 12% bad, and a second risk which knows less."""
    random = np.random.default_rng(seed)
    log_odds = random.normal(-2.3, 1.0, rows)
    pd = 1 / (1 + np.exp(-log_odds))
    return sample(random.random(rows) < pd, pd, pd), log_odds + random.normal(0, 1.0, rows)
