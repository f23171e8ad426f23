"""Curves made into a sum of bins and pair tables, and how sure that sum may be of itself.

A sum that is fitted on few rows is too sure of itself on others. How much, is seen by doing all of it again without a part of
the rows, from curves that have not seen them either (effects.py), and looking at that part.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from shouxin.engines.scoring.fitting.coding import Codes, Coding, Floats
from shouxin.engines.scoring.fitting.effects import SMALL, Effects
from shouxin.engines.scoring.fitting.learning import Learning, total
from shouxin.engines.scoring.fitting.pairs import PairTable, pair_tables
from shouxin.engines.scoring.fitting.points import Binned, Line, binned, line, monotone, settled
from shouxin.engines.scoring.fitting.spec import ColumnSpec
from shouxin.engines.scoring.measuring.calibration import chances

DIRECTIONS = {"up": -1, "down": 1, "either": 0}

Step = Callable[[float], None]


@dataclass(frozen=True)
class Plan:
    """What is made of curves: the columns as the specification has them, as codes, and at most how many pair tables."""

    columns: tuple[ColumnSpec, ...]
    codings: tuple[Coding, ...]
    pairs: int

    @property
    def directions(self) -> list[int]:
        """1 where risk rises with the value, -1 where it falls, else 0."""
        return [DIRECTIONS[each.direction] for each in self.columns]

    def only(self, places: Sequence[int]) -> Plan:
        """For some of the columns."""
        return Plan(tuple(self.columns[place] for place in places), tuple(self.codings[place] for place in places), self.pairs)


@dataclass(frozen=True)
class Sum:
    """Bins and tables that add up to log odds of being bad. start: log odds of nobody"""

    start: float
    bins: tuple[Binned, ...]
    tables: tuple[PairTable, ...]

    def log_odds(self, codes: Sequence[Codes]) -> Floats:
        """Of every row."""
        parts = [each.of(codes) for each in self.bins] + [each.of(codes) for each in self.tables]
        return np.asarray(self.start + np.sum(parts, axis=0), dtype=np.float64)


def summed_up(plan: Plan, shapes: Sequence[Floats], learning: Learning, step: Step = lambda _share: None) -> Sum:
    """Curves as bins, with pair tables where asked, under the directions and rules for missing values that are declared."""
    share = float(np.average(learning.bad, weights=learning.weight))
    start = float(np.log(share / (1 - share)))
    before = start + total(shapes, learning.codes)
    p = chances(before)
    curve = learning.weight * p * (1 - p)
    curves = enumerate(zip(plan.codings, shapes, strict=True))
    bins = tuple(binned(place, coding, shape, learning, curve) for place, (coding, shape) in curves)
    tables: tuple[PairTable, ...] = ()
    if plan.pairs:
        tables = pair_tables(plan.codings, shapes, learning, before, plan.pairs, step)
        bins, tables = settled(bins, tables, learning, start)
    return Sum(start, tuple(_ruled(each, plan, learning) for each in bins), tables)


def sure_line(plan: Plan, made: Sum, effects: Effects, learning: Learning, step: Step = lambda _share: None) -> Line:
    """The line from the sum to the log odds that are meant, so that it is as sure on other rows as it may be.

    Few rows: fitted on every row's log odds from a sum that was made without it. Many rows: on the rows themselves, since there
    the two are the same.
    """
    if len(learning.bad) > SMALL:
        return line(made.log_odds(learning.codes), learning)
    log_odds = np.full(len(learning.bad), np.nan)
    for number, part in enumerate(effects.parts):
        other = summed_up(plan, part.shapes, learning.take(~part.out))
        log_odds[part.out] = other.log_odds(learning.take(part.out).codes)
        step((number + 1) / len(effects.parts))
    return line(log_odds, learning)


def _ruled(each: Binned, plan: Plan, learning: Learning) -> Binned:
    """The declared direction and the rule for missing values, on the bins."""
    coding, column = plan.codings[each.column], plan.columns[each.column]
    ordered = int(each.bin[: coding.plain].max()) + 1
    found = monotone(each, ordered, 0 if coding.is_text else DIRECTIONS[column.direction], learning)
    if column.missing == "own":
        return found
    values, missing = found.values.copy(), int(found.bin[coding.missing])
    rows = np.bincount(found.bin[learning.codes[each.column]], learning.weight, len(values))
    rows[missing] = 0.0
    others = np.delete(values, missing)
    values[missing] = others.max() if column.missing == "worst" else float(np.average(values, weights=rows))
    return Binned(each.column, found.bin, values)
