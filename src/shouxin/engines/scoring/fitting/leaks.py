"""The screen for leaks: columns that seem to know the outcome, with the evidence. Read `screen` first.

    ranks     alone it ranks nearly as well as the outcome itself
    missing   it is missing for one outcome only
    form      its values are formed otherwise for one outcome: a loan's term is a multiple of 12 unless it ended early
    only      it has a value of its own for one outcome only: money recovered
    dates     its days are mostly later than the day of the decision
    copy      its values say the outcome
    compared  it is above another column for one outcome and below for the other: paid back against lent
    follows   it can be worked out from a column that the screen named

The screen looks at the training rows only. It is a warning by statistics: what it does not name may leak all the same.
Bounds were set so that no column known before the decision is named in the public data sets that the tests use.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from shouxin.engines.scoring.fitting.leak_forms import form_leak
from shouxin.engines.scoring.fitting.leak_relations import Related, compared_leaks, following_leaks
from shouxin.engines.scoring.fitting.leak_tests import copy_leak, dates_leak, missing_leak, only_leak, ranks_leak
from shouxin.engines.scoring.fitting.spec import Spec
from shouxin.engines.scoring.fitting.table import Table
from shouxin.engines.scoring.fitting.text_dates import days_in
from shouxin.engines.scoring.measuring.sample import Codes, Flags, Floats
from shouxin.foundation.texts import Text

LeakKind: TypeAlias = Literal["ranks", "missing", "only", "form", "dates", "copy", "compared", "follows"]


@dataclass(frozen=True, slots=True)
class Leak:
    """A column that seems to know the outcome, and what says so."""

    column: str
    kind: LeakKind
    evidence: Text


def screen(table: Table, spec: Spec, bad: Floats, rows: Codes) -> tuple[Leak, ...]:
    """The leaks among the columns that are used, or that an earlier screen named, in the order of the specification.

    bad:  1, 0, NaN where it is not known, for every row of the table
    rows: the training rows; their outcome is known
    """
    columns = [column for column, each in spec.columns.items() if each.use or each.leak]
    return screen_columns(table.take(rows), bad[rows], columns, spec.decision_date)


def screen_columns(table: Table, bad: Floats, columns: Sequence[str], decision_date: str | None) -> tuple[Leak, ...]:
    """The leaks among some columns of a table whose every row has an outcome."""
    outcome = np.asarray(bad == 1, dtype=np.bool_)
    if outcome.all() or not outcome.any():
        return ()
    decided = None if decision_date is None else days_in(table, decision_date)
    alone = {}
    for column in columns:
        days = days_in(table, column)
        tests: tuple[tuple[LeakKind, Text | None], ...] = (
            ("copy", copy_leak(table, column, outcome)),
            ("missing", missing_leak(table, column, outcome)),
            ("ranks", None if days is not None else ranks_leak(table, column, outcome)),
            ("only", None if days is not None else only_leak(table, column, outcome)),
            ("form", None if days is not None else form_leak(table, column, outcome)),
            ("dates", None if days is None or decided is None or column == decision_date else dates_leak(days, decided)),
        )
        first = next(((kind, text) for kind, text in tests if text is not None), None)
        if first is not None:
            alone[column] = Leak(column, *first)
    found = {**alone, **_related(table, outcome, [each for each in columns if each in table.numbers], list(alone))}
    return tuple(found[column] for column in columns if column in found)


def _related(table: Table, outcome: Flags, columns: Sequence[str], named: Sequence[str]) -> dict[str, Leak]:
    """Leaks that only another column shows: first by comparing, then those that follow from all that were named."""
    found: dict[str, Leak] = {}
    compared = compared_leaks(table, outcome, [each for each in columns if each not in named])
    found.update(_told(compared, "compared"))
    every = [*named, *found]
    leaking = [each for each in columns if each in every]
    found.update(_told(following_leaks(table, leaking, [each for each in columns if each not in every]), "follows"))
    return found


def _told(related: Sequence[Related], kind: LeakKind) -> dict[str, Leak]:
    return {each.column: Leak(each.column, kind, each.evidence) for each in related}
