"""The classical scorecard: optimal bins, weight of evidence, logistic regression. It is the baseline of every report, and on
small or noisy data a part of the card itself: what it says is a sum of curves too, so the two can be mixed.

optbinning (Navas-Palencia, Optimal binning: mathematical programming formulation, 2020) and Siddiqi, Credit Risk Scorecards
(2006), ch. 6.
"""

from __future__ import annotations

import signal
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shouxin.engines.scoring.fitting.coding import Coding, Floats
from shouxin.engines.scoring.fitting.learning import Learning

MISSING_LEVEL = "\0missing"
TRENDS = {1: "ascending", -1: "descending"}

Columns = Sequence[NDArray[Any]]


@dataclass(frozen=True)
class Classical:
    """A fitted baseline, with a weight for each of its columns."""

    names: tuple[str, ...]
    process: Any
    weights: Floats
    intercept: float
    is_text: tuple[bool, ...]

    def parts(self, columns: Columns) -> Floats:
        """What each column adds to the log odds of being bad: rows by columns."""
        found: Floats = _evidence(self.process, _frame(columns, self.is_text)) * self.weights
        return found

    def log_odds(self, values: Mapping[str, NDArray[Any]]) -> Floats:
        """Log odds of being bad, from columns by name."""
        found: Floats = self.parts([values[name] for name in self.names]).sum(axis=1) + self.intercept
        return found


def classical(columns: Columns, codings: Sequence[Coding], learning: Learning, directions: Sequence[int]) -> Classical:
    """Fit the baseline: the library's own defaults, with the directions that the spec declares."""
    from optbinning import BinningProcess
    from sklearn.linear_model import LogisticRegression

    is_text = tuple(each.is_text for each in codings)
    frame = _frame(columns, is_text)
    names = list(frame.columns)
    trends = {
        name: {"monotonic_trend": TRENDS[direction]} for name, direction in zip(names, directions, strict=True) if direction
    }
    texts = [name for name, text in zip(names, is_text, strict=True) if text]
    process = BinningProcess(names, categorical_variables=texts, binning_fit_params=trends or None, n_jobs=1)
    outcome = learning.bad.astype(int)
    with warnings.catch_warnings(), _interrupts_kept():
        warnings.simplefilter("ignore")  # the library warns of its own calls of scikit-learn and pandas
        process.fit(frame, outcome, sample_weight=learning.weight)
        evidence = _evidence(process, frame)
        model = LogisticRegression(max_iter=1000).fit(evidence, outcome, sample_weight=learning.weight)
    return Classical(tuple(each.name for each in codings), process, model.coef_[0], float(model.intercept_[0]), is_text)


@contextmanager
def _interrupts_kept() -> Iterator[None]:
    """The solver under optbinning leaves interrupts as the system has them: one would end the process without a word."""
    before = signal.getsignal(signal.SIGINT)
    try:
        yield
    finally:
        with suppress(ValueError):  # only the main thread may, and only there it was changed for good
            signal.signal(signal.SIGINT, before)


def as_shapes(model: Classical, columns: Columns, codings: Sequence[Coding], learning: Learning) -> tuple[Floats, ...]:
    """The baseline as one curve per column: the mean of what it says of each code's rows, around its mean over all."""
    parts = model.parts(columns)
    shapes = []
    for place, (coding, codes) in enumerate(zip(codings, learning.codes, strict=True)):
        rows = np.bincount(codes, minlength=coding.count)
        sums = np.bincount(codes, parts[:, place], coding.count)
        mean = sums.sum() / rows.sum()
        shapes.append(np.where(rows > 0, sums / np.maximum(rows, 1) - mean, 0.0))
    return tuple(shapes)


def _frame(columns: Columns, is_text: Sequence[bool]) -> Any:
    import pandas

    series = {}
    for place, (values, text) in enumerate(zip(columns, is_text, strict=True)):
        if text:
            values = np.array([MISSING_LEVEL if each is None else str(each) for each in values], dtype=object)
        series[f"c{place}"] = pandas.Series(values, dtype=object if text else float)
    return pandas.DataFrame(series)


def _evidence(process: Any, frame: Any) -> Floats:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = process.transform(frame, metric="woe", metric_missing="empirical", metric_special="empirical")
    evidence: Floats = np.asarray(found, dtype=np.float64)
    return evidence
