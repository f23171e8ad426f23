"""The unknowns of z3 that stand for columns, within their declared ranges.

A condition is two formulas, "is TRUE" and "is FALSE"; a number is a value and "is NULL"; a date is year, month and day.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from types import ModuleType
from typing import Any, TypeAlias

from shouxin.engines.policy.scope import FIRST_DAY, LAST_DAY, Column
from shouxin.engines.policy.tree import Type

Formula: TypeAlias = Any  # z3 has no types of its own


@dataclass(frozen=True)
class Number:
    """A value that is not a condition. A date has three parts."""

    parts: tuple[Formula, ...]
    null: Formula


@dataclass(frozen=True)
class Truth:
    """A condition: NULL when neither formula holds."""

    true: Formula
    false: Formula


class Unknowns:
    """Makes unknowns; what is known of them is in `constraints`."""

    def __init__(self, z3: ModuleType) -> None:
        self.z3: Any = z3
        self.constraints: list[Formula] = []
        self._words: dict[str, int] = {}

    def of(self, column: Column) -> Number | Truth:
        """The unknown of a column."""
        z3, name = self.z3, column.name
        null = z3.Bool(f"{name}?") if column.nullable else z3.BoolVal(False)
        if column.type is Type.BOOL:
            value = z3.Bool(name)
            return Truth(z3.And(value, z3.Not(null)), z3.And(z3.Not(value), z3.Not(null)))
        if column.type is Type.DATE:
            return Number(self._day(name, column), null)
        if column.type is Type.DOUBLE:
            return Number((z3.Real(name),), null)
        number = z3.Int(name)
        if column.type is Type.ENUM and column.values:
            self.constraints.append(z3.Or([number == self.number_of(value) for value in column.values]))
        elif isinstance(column.low, int) and isinstance(column.high, int):
            self.constraints += [number >= column.low, number <= column.high]
        return Number((number,), null)

    def _day(self, name: str, column: Column) -> tuple[Formula, ...]:
        z3 = self.z3
        year, month, day = (z3.Int(f"{name}.{part}") for part in ("year", "month", "day"))
        low, high = column.low or FIRST_DAY, column.high or LAST_DAY
        assert isinstance(low, dt.date) and isinstance(high, dt.date)
        leap = z3.And(year % 4 == 0, z3.Or(year % 100 != 0, year % 400 == 0))
        short = z3.Or([month == each for each in (4, 6, 9, 11)])
        self.constraints += [
            month >= 1,
            month <= 12,
            day >= 1,
            day <= z3.If(month == 2, z3.If(leap, 29, 28), z3.If(short, 30, 31)),
            key((year, month, day)) >= key((low.year, low.month, low.day)),
            key((year, month, day)) <= key((high.year, high.month, high.day)),
        ]
        return year, month, day

    def number_of(self, word: str) -> int:
        """The number that stands for a value of an enum."""
        return self._words.setdefault(word, len(self._words))

    def word(self, number: int) -> str:
        """The value of an enum that stands for a number."""
        return list(self._words)[number]


def key(parts: tuple[Any, ...]) -> Any:
    """One number that orders values as their parts do."""
    return parts[0] if len(parts) == 1 else parts[0] * 10_000 + parts[1] * 100 + parts[2]
