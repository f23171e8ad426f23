"""The columns that a card may use, read as the card will read them: types as declared, missing values missing.

used = inputs_of(spec, table)
used.numbers["income"]                          float64; used.texts["purpose"]: words; used.flags: those of 1 and 0
"""

from __future__ import annotations

import numpy as np

from shouxin.engines.policy.card_shapes import FittedInputShape
from shouxin.engines.scoring.cards.cells import Cell, Kind, cell_of
from shouxin.engines.scoring.fitting.fit_errors import CellsNotFlags, CellsNotNumbers, DaysUsed, InfiniteValues
from shouxin.engines.scoring.fitting.spec import ColumnSpec, Spec
from shouxin.engines.scoring.fitting.table import Table, Words
from shouxin.engines.scoring.measuring.sample import Floats


def inputs_of(spec: Spec, table: Table) -> Table:
    """The used columns by the data's own names.

    Raises DaysUsed, CellsNotNumbers, CellsNotFlags, InfiniteValues with the first column at fault.
    """
    numbers: dict[str, Floats] = {}
    texts: dict[str, Words] = {}
    for column, each in spec.used.items():
        cell = cell_for(column, each)
        if column in table.days:
            raise DaysUsed(column, "days")
        if cell.kind is Kind.WORD:
            texts[column] = _words(table, column, cell)
        else:
            numbers[column] = _numbers(table, column, cell)
            if cell.kind is Kind.NUMBER:
                _check_finite(column, numbers[column])
    flags = frozenset(column for column, each in spec.used.items() if each.type == "bool")
    return Table(table.rows, numbers, texts, {}, flags, tuple(spec.used), table.name, table.fingerprint)


def cell_for(column: str, each: ColumnSpec) -> Cell:
    """How the card reads a column."""
    shape = FittedInputShape(column=column, type=each.type, zh=each.zh, en=each.en, missing_values=each.missing_values)
    return cell_of(each.input, shape)


def numbers_of(table: Table, column: str, each: ColumnSpec) -> Floats:
    """A column of numbers or flags, NaN where it is missing; infinities stay.

    Raises CellsNotNumbers, CellsNotFlags.
    """
    return _numbers(table, column, cell_for(column, each))


def _numbers(table: Table, column: str, cell: Cell) -> Floats:
    """Numbers or flags; those that already are numbers in the data need only their missing values taken out."""
    if column in table.numbers and (cell.kind is Kind.NUMBER or column in table.flags):
        found = table.numbers[column]
        return np.where(np.isin(found, cell.missing_numbers), np.nan, found) if cell.missing_numbers else found
    values, codes = table.coded(column)
    read = np.full(len(values) + 1, np.nan)
    refused: list[int] = []
    for place, written in enumerate(values):
        try:
            value = cell.read(written)
        except ValueError:
            refused.append(place)
        else:
            assert value is None or isinstance(value, float | bool), "numbers and flags are read so"
            read[place] = np.nan if value is None else value
    if refused:
        count = int(np.isin(codes, refused).sum())
        kind = CellsNotNumbers if cell.kind is Kind.NUMBER else CellsNotFlags
        raise kind(column, ", ".join(repr(values[place]) for place in refused[:3]), count=count)
    return np.asarray(read[codes], dtype=np.float64)


def _words(table: Table, column: str, cell: Cell) -> Words:
    values, codes = table.coded(column)
    read = np.array([*(cell.read(each) for each in values), None], dtype=object)
    found: Words = read[codes]
    return found


def _check_finite(column: str, numbers: Floats) -> None:
    infinite = np.isinf(numbers)
    if infinite.any():
        written = [word for word, value in (("inf", np.inf), ("-inf", -np.inf)) if (numbers == value).any()]
        raise InfiniteValues(column, f"{int(infinite.sum()):,} infinite values", written=", ".join(written))
