"""What an expression may name: columns with their types and ranges, and families over the products."""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from shouxin.engines.policy.errors import ExpressionRefused
from shouxin.engines.policy.tree import Node, Type

Bound: TypeAlias = int | float | dt.date | None

INT64_MIN, INT64_MAX = -(2**63), 2**63 - 1
FIRST_DAY, LAST_DAY = dt.date(1900, 1, 1), dt.date(2200, 12, 31)

type_bounds: Mapping[Type, tuple[int, int]] = {
    Type.INT: (-(10**9), 10**9),
    Type.MONEY: (-(10**13), 10**13),
    Type.BP: (-(10**9), 10**9),
    Type.PPM: (-(10**9), 10**9),
}


@dataclass(frozen=True, slots=True)
class Column:
    """One name that expressions can read.

    low, high: inclusive range, for numbers and dates.
    values:    the allowed strings of an enum.
    ordinal:   for an enum that is stored as a number (the tier): the column that holds its position in `values`.
    """

    name: str
    type: Type
    nullable: bool = False
    low: Bound = None
    high: Bound = None
    values: tuple[str, ...] = ()
    ordinal: str | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """Names in reach of an expression.

    families:  family name -> product -> column name
    no_record: fact -> the condition "its source answered that there is no record"
    """

    columns: Mapping[str, Column]
    families: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    no_record: Mapping[str, Node] = field(default_factory=dict)

    def column(self, name: str) -> Column:
        """The column of that name; raises ExpressionRefused (`E-UNKNOWN`) with the nearest names."""
        found = self.columns.get(name)
        if found is None:
            raise ExpressionRefused("E-UNKNOWN", name, f"no such fact or derived value here{_nearest(name, self.columns)}")
        return found

    def member(self, family: str, product: str) -> str:
        """The column of a family for a product; raises ExpressionRefused (`E-PRODUCT`)."""
        members = self.families[family]
        if product not in members:
            raise ExpressionRefused("E-PRODUCT", product, f"no such product{_nearest(product, members)}")
        return members[product]

    def having(self, *columns: Column) -> Scope:
        """The same scope with more columns."""
        return replace(self, columns={**self.columns, **{each.name: each for each in columns}})


def _nearest(name: str, known: Mapping[str, object]) -> str:
    close = difflib.get_close_matches(name, list(known), n=2)
    return f"; did you mean {' or '.join(close)}?" if close else ""
