"""Rows in groups: by a text, by the period of a date, by bands of a number. Groups keep the order in which a table shows them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from shouxin.engines.scoring.measuring.bands import band_of, bands_between
from shouxin.engines.scoring.measuring.sample import Codes

Period: TypeAlias = Literal["month", "quarter", "year"]


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """The group of each row.

    names: of the groups, in order; the last is None, for rows of which nothing is known
    place: of each row, the place of its group among the names
    """

    names: tuple[str | None, ...]
    place: Codes

    def members(self, rows: int) -> Iterator[tuple[str | None, Codes]]:
        """Each group that has rows, with their places. Raises ValueError where there are not so many rows."""
        if len(self.place) != rows:
            raise ValueError(f"groups: of {rows} rows, not of {len(self.place)}")
        order = np.argsort(self.place, kind="stable")
        starts = np.searchsorted(self.place[order], np.arange(len(self.names) + 1))
        for at, name in enumerate(self.names):
            if starts[at] < starts[at + 1]:
                yield name, order[starts[at] : starts[at + 1]]


def by_name(values: Sequence[object] | NDArray[np.object_]) -> Groups:
    """Groups of equal texts, in their order. None, NaN and empty texts are of the last group.

    >>> [(name, rows.tolist()) for name, rows in by_name(["b", "a", "", "b"]).members(4)]
    [('a', [1]), ('b', [0, 3]), (None, [2])]
    """
    texts = [None if value is None or value != value or value == "" else str(value) for value in values]
    known = sorted({text for text in texts if text is not None})
    places: dict[str | None, int] = {name: place for place, name in enumerate([*known, None])}
    return Groups((*known, None), np.array([places[text] for text in texts], dtype=np.intp))


def by_period(dates: ArrayLike, period: Period) -> Groups:
    """Groups of dates (datetime64) in one month `2024-03`, quarter `2024-Q1` or year `2024`. NaT is of the last group.

    >>> by_period(np.array(["2024-05-31", "NaT", "2023-01-01"], dtype="datetime64[D]"), "quarter").names
    ('2023-Q1', '2024-Q2', None)
    """
    months, place = np.unique(np.asarray(dates, dtype="datetime64[D]").astype("datetime64[M]"), return_inverse=True)
    labels = [None if np.isnat(month) else _label(str(month), period) for month in months]
    known = by_name(labels)  # such texts sort as the periods do
    return Groups(known.names, known.place[place])


def by_band(values: ArrayLike, cuts: Sequence[float]) -> Groups:
    """Groups of numbers in one band, the lowest first. NaN is of the last group.

    >>> groups = by_band([25, float("nan"), 45, 101], [30, 100])
    >>> groups.names, groups.place.tolist()
    (('<30', '30–<100', '≥100', None), [0, 3, 1, 2])
    """
    numbers = np.asarray(values, dtype=np.float64)
    labels = tuple(band.label for band in bands_between(cuts))
    return Groups((*labels, None), np.where(np.isnan(numbers), len(labels), band_of(numbers, cuts)))


def _label(month: str, period: Period) -> str:
    year, number = month.rsplit("-", 1)
    if period == "month":
        return month
    return year if period == "year" else f"{year}-Q{(int(number) + 2) // 3}"
