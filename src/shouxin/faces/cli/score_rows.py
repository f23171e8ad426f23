"""The rows that `shouxin score validate` and `monitor` measure: a card's inputs, who turned out bad, and columns beside them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shouxin.desk.portfolio.columns import read_inputs
from shouxin.desk.portfolio.job import Progress
from shouxin.engines.scoring.cards.card import Card
from shouxin.engines.scoring.cards.card_numpy import Inputs
from shouxin.engines.scoring.cards.score_one import cells
from shouxin.engines.scoring.fitting.draft_target import draft_target
from shouxin.engines.scoring.fitting.fit_errors import nearest
from shouxin.engines.scoring.fitting.spec import TargetSpec
from shouxin.engines.scoring.fitting.table import Table, outcomes
from shouxin.engines.scoring.fitting.text_dates import days_in
from shouxin.engines.scoring.measuring.sample import Flags, Floats
from shouxin.faces.cli.score_fit import target_of
from shouxin.foundation.refusal import Refusal

TARGET_HELP = "The column of the outcome, and its value that is bad; of 1 and 0, 1 is bad. With =BAD, every other value is good."
BETWEEN = ", "  # the values of a card's target, where it has several


class ColumnAbsent(Refusal):
    """An option that names a column which the file does not have."""

    en = "a column of {data}{near_en}"
    zh = "须为 {data} 中的列{near_zh}"


class DateColumnUnreadable(Refusal):
    """A column that holds no days."""

    en = "a column of days; as text they are written YYYY-MM-DD"
    zh = "须为日期列；文本日期请写作 YYYY-MM-DD"


def inputs_in(path: Path, card: Card, progress: Progress) -> Inputs:
    """What a card reads of a file. Raises InputRefused."""
    return read_inputs(path, cells(card), progress).arrays


def outcome_in(table: Table, target: str, card: Card) -> tuple[Floats, TargetSpec]:
    """1, 0, NaN for every row, and which value is bad: of COL=BAD the one that is said, else that with which the card was fitted.

    Raises ColumnAbsent, and the refusals of `draft_target`.
    """
    column, bad = target_of(target)
    _check_there(table, "--target", column)
    fitted = card.fitted.target
    if bad is None and fitted is not None and fitted.column == column:
        neither = fitted.indeterminate.split(BETWEEN) if fitted.indeterminate else []
        spec = TargetSpec(column=column, bad=fitted.bad.split(BETWEEN), indeterminate=neither)
    else:
        spec, _ = draft_target(table, column, bad)
    return outcomes(spec, table), spec


def column_in(table: Table, option: str, name: str) -> NDArray[Any]:
    """A column of words, numbers or flags; days are words. Raises ColumnAbsent."""
    _check_there(table, option, name)
    if name in table.days:
        return np.array([None if np.isnat(day) else str(day) for day in table.days[name]], dtype=object)
    return table.texts[name] if name in table.texts else table.numbers[name]


def days_of(table: Table, name: str) -> NDArray[Any]:
    """A column of days. Raises ColumnAbsent, DateColumnUnreadable."""
    _check_there(table, "--date", name)
    days = days_in(table, name)
    if days is None:
        raise DateColumnUnreadable("--date", name)
    return days


def known(bad: Floats) -> Flags:
    """The rows whose outcome is known."""
    return ~np.isnan(bad)


def _check_there(table: Table, option: str, name: str) -> None:
    if name not in table.names:
        near = nearest(name, table.names)
        raise ColumnAbsent(option, name, data=table.name, near_en=near.en, near_zh=near.zh)
