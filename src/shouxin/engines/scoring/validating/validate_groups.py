"""The groups that a column of a data file makes: of its words, of its numbers, of its days."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from shouxin.engines.scoring.cards.cells import word_of
from shouxin.engines.scoring.measuring.bands import equal_count_cuts
from shouxin.engines.scoring.measuring.groups import Groups, Period, by_band, by_name, by_period
from shouxin.engines.scoring.validating.validate_errors import DaysTooFarApart, GroupsTooMany

MOST_GROUPS = 60
MOST_NUMBERS = 12  # different numbers that are groups of their own, such as codes
BANDS = 5
MOST_PERIODS = 24


def groups_of(field: str, values: NDArray[Any]) -> Groups:
    """Groups of equal words; of numbers too where there are few, else five bands with about as many rows each.

    Raises GroupsTooMany for more than 60 words.

    >>> groups_of("age", np.arange(100.0)).names
    ('<20', '20–<40', '40–<60', '60–<80', '≥80', None)
    >>> groups_of("children", np.array([2.0, 0.0, np.nan])).names
    ('0', '2', None)
    """
    if values.dtype == object:
        groups = by_name(values)
    elif len(np.unique(values[~np.isnan(values)])) > MOST_NUMBERS:
        groups = by_band(values, equal_count_cuts(values, BANDS))
    else:
        groups = _of_numbers(values)
    if len(groups.names) - 1 > MOST_GROUPS:
        raise GroupsTooMany(field, len(groups.names) - 1, most=MOST_GROUPS)
    return groups


def _of_numbers(values: NDArray[Any]) -> Groups:
    """Groups of equal numbers, ascending."""
    known, places = np.unique(values, return_inverse=True)  # NaN is the last
    names = [word_of(float(each)) for each in known]
    if names and names[-1] is None:
        return Groups(tuple(names), places)
    return Groups((*names, None), places)


def periods_of(field: str, dates: NDArray[Any]) -> tuple[Period, Groups]:
    """The finest of month, quarter and year that makes at most 24 groups, with its groups; year where none does.

    Raises DaysTooFarApart.
    """
    periods: tuple[Period, ...] = ("month", "quarter", "year")
    for period in periods:
        groups = by_period(dates, period)
        if len(groups.names) - 1 <= MOST_PERIODS:
            break
    named = [name for name in groups.names if name is not None]
    if len(named) > MOST_GROUPS:
        raise DaysTooFarApart(field, f"{len(named)} years", most=MOST_GROUPS, first=named[0], last=named[-1])
    return period, groups
