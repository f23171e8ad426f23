"""The data of a fit: its columns as arrays, which rows are bad, and which of them are set aside to test on.

A table comes from a file by `desk/portfolio/tables.py`; a row's place in it is its place in the file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from shouxin.engines.scoring.cards.cells import word_of
from shouxin.engines.scoring.fitting.spec import Spec, TargetSpec
from shouxin.engines.scoring.measuring.sample import Codes, Flags, Floats

Words: TypeAlias = NDArray[Any]
Days: TypeAlias = NDArray[np.datetime64]


@dataclass(frozen=True, eq=False)
class Table:
    """The columns of one file, all of the same number of rows.

    numbers:     float64, NaN where it is missing
    texts:       objects, str or None
    days:        datetime64[D], NaT where it is missing
    flags:       those of `numbers` that hold flags, 1 and 0
    names:       all columns, in the order of the file
    name:        the file's
    fingerprint: SHA-256 of what was read, as `desk/portfolio/columns.py` says it
    """

    rows: int
    numbers: Mapping[str, Floats]
    texts: Mapping[str, Words]
    days: Mapping[str, Days]
    flags: frozenset[str]
    names: tuple[str, ...]
    name: str
    fingerprint: str

    def take(self, index: Codes) -> Table:
        """The rows at these places, in their order; name and fingerprint stay those of the whole."""
        return Table(
            len(index),
            {name: each[index] for name, each in self.numbers.items()},
            {name: each[index] for name, each in self.texts.items()},
            {name: each[index] for name, each in self.days.items()},
            self.flags,
            self.names,
            self.name,
            self.fingerprint,
        )

    def missing(self, column: str) -> Flags:
        """Where a column has no value."""
        if column in self.numbers:
            return np.isnan(self.numbers[column])
        if column in self.days:
            return np.isnat(self.days[column])
        return np.array([each is None for each in self.texts[column]], dtype=np.bool_)

    def coded(self, column: str) -> tuple[list[str], Codes]:
        """The values of a column as text, in order, and for each row the place of its own; -1 where it is missing.

        Numbers are written as `cells.word_of` does, so 1.0 is `1`; flags are `true` and `false`.
        """
        values, codes = self.distinct(column)
        if column in self.texts:
            return values.tolist(), codes
        return [_written(each, column in self.flags) for each in values.tolist()], codes

    def distinct(self, column: str) -> tuple[NDArray[Any], Codes]:
        """The values of a column as they are, in order, and for each row the place of its own; -1 where it is missing."""
        if column in self.texts:
            return _distinct_texts(self.texts[column])
        array: NDArray[Any] = self.days[column] if column in self.days else self.numbers[column]
        there = ~self.missing(column)
        values, places = np.unique(array[there], return_inverse=True)
        codes = np.full(self.rows, -1, dtype=np.intp)
        codes[there] = places
        return values, codes


def outcomes(target: TargetSpec, table: Table) -> Floats:
    """For each row 1 where it was bad, 0 where it was good, NaN where the outcome is missing or indeterminate."""
    values, codes = table.coded(target.column)
    flag = target.column in table.flags
    meaning = np.zeros(len(values) + 1)
    meaning[[index for index, each in enumerate(values) if among(each, target.bad, flag)]] = 1
    meaning[[index for index, each in enumerate(values) if among(each, target.indeterminate, flag)]] = np.nan
    meaning[-1] = np.nan  # of -1, missing
    found: Floats = meaning[codes]
    return found


def split_rows(spec: Spec, table: Table, bad: Floats) -> tuple[Codes, Codes]:
    """The rows to fit on and the rows to test on, in the order of the file; rows without an outcome are in neither.

    random:      scikit-learn's `train_test_split` over the rows with an outcome, stratified by it, with the seed
    out_of_time: tested on the rows from the day `since` on; rows without a day are in neither
    none:        nothing is set aside

    bad: 1, 0, NaN where it is not known, as `outcomes` gives it
    """
    known = np.flatnonzero(~np.isnan(bad))
    if spec.split.method == "none":
        return known, known[:0]
    if spec.split.method == "out_of_time":
        assert spec.split.column is not None, "held by the shape"
        days = table.days[spec.split.column][known]
        later = days >= np.datetime64(str(spec.split.since), "D")  # a missing day is neither before nor after
        return known[~later & ~np.isnat(days)], known[later]
    from sklearn.model_selection import train_test_split

    share, seed = float(spec.split.test_share), spec.split.seed
    train, test = train_test_split(np.arange(len(known)), test_size=share, stratify=bad[known], random_state=seed)
    return known[np.sort(train)], known[np.sort(test)]


def _distinct_texts(texts: Words) -> tuple[Words, Codes]:
    values = sorted({each for each in texts if each is not None})
    places: dict[str | None, int] = {each: index for index, each in enumerate(values)} | {None: -1}
    return np.array(values, dtype=object), np.array([places[each] for each in texts], dtype=np.intp)


def _written(value: Any, flag: bool) -> str:
    written = word_of(bool(value) if flag else value)
    assert written is not None, "missing values were left out"
    return written


def among(value: str, wanted: Sequence[str], flag: bool) -> bool:
    """Whether a value of the data is meant; of a flag 1 and 0 are words too."""
    return value in wanted or (flag and {"true": "1", "false": "0"}[value] in wanted)
