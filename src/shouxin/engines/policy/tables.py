"""Decision tables: CSV rows, first hit wins; the last column is the result.

A cell of a condition column is one of: empty (anything, also NULL), `null`, a value, `a|b`, `< 5`, `>= 5`, `5..9` (from 5 up to
but not including 9). Numbers are in the unit a person writes: money in major units, bp in percent... as their column is typed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from shouxin.engines.policy.errors import ExpressionRefused, Fault, fault
from shouxin.engines.policy.scope import Column, Scope
from shouxin.engines.policy.source import CsvFile
from shouxin.engines.policy.tree import INTEGERS, NULL, TRUE, Case, Cmp, In, IsNull, Lit, Node, Ref, Type, Value, and_
from shouxin.foundation.days import read_day
from shouxin.foundation.errors import DayUnreadable

MAX_ROWS = 2_000
_COMPARED = re.compile(r"(<=|>=|<|>)\s*(.+)\Z")
_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,9})?\Z")
_SPAN = re.compile(r"(.+?)\.\.(.+)\Z")
_SCALES = {Type.INT: 1, Type.MONEY: 100, Type.BP: 100, Type.PPM: 10_000}


@dataclass(frozen=True)
class Row:
    """One row: its condition, cell by cell, and its result."""

    cells: tuple[Node, ...]
    result: Value
    line: int


@dataclass(frozen=True)
class Table:
    """A parsed decision table."""

    name: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    result: Type

    def node(self) -> Node:
        """The table as one expression; NULL where no row hits."""
        return _nested([(row.cells, Lit(row.result, self.result)) for row in self.rows], self.columns, self.result)


def read_number(text: str, kind: Type) -> int:
    """A written number in the units of a type: `3000.50` of money is 300050; `7.3` of ppm (percent) is 73000.

    >>> read_number("3000.50", Type.MONEY), read_number("7.3", Type.PPM)
    (300050, 73000)
    """
    if not _NUMBER.match(text):
        raise ExpressionRefused("E-NUMBER", text, f"a number such as 12 or 0.5 ({kind})")
    scaled = Decimal(text) * _SCALES[kind]
    if scaled != scaled.to_integral_value() or abs(scaled) > 10**13:
        raise ExpressionRefused(
            "E-NUMBER", text, f"{kind} has at most {len(str(_SCALES[kind])) - 1} decimals, and is not beyond 10^13"
        )
    return int(scaled)


def read_value(text: str, column: Column) -> Value:
    """A written value of a column's type, as it is stored."""
    if column.type in INTEGERS:
        return read_number(text, column.type)
    if column.type is Type.BOOL:
        if text not in ("true", "false"):
            raise ExpressionRefused("E-VALUE", text, "true or false")
        return text == "true"
    if column.type is Type.DATE:
        try:
            return read_day(text)
        except DayUnreadable:
            raise ExpressionRefused("E-VALUE", text, "a day written YYYY-MM-DD") from None
    if column.type is Type.DOUBLE:
        if not _NUMBER.match(text):
            raise ExpressionRefused("E-NUMBER", text, "a number such as 0.35")
        return float(Decimal(text))
    if text not in column.values:
        raise ExpressionRefused("E-VALUE", text, f"{column.name} is one of {', '.join(column.values)}")
    return column.values.index(text) if column.ordinal else text


def read_table(file: CsvFile, result: Type, scope: Scope, faults: list[Fault]) -> Table | None:
    """Parse a table over the names of a scope; faults are added to the list."""
    columns, before = [], len(faults)
    if len(file.header) < 2 or not file.rows or len(file.rows) > MAX_ROWS:
        faults.append(fault(file.place(), "E-TABLE", file.name, f"condition columns, a result column, 1 to {MAX_ROWS} rows"))
        return None
    for name in file.header[:-1]:
        try:
            columns.append(scope.column(name))
        except ExpressionRefused as error:
            faults.append(fault(file.place(), error.code, error.text, error.right))
    if len(faults) > before:
        return None
    rows = []
    for index, cells in enumerate(file.rows):
        try:
            nodes = tuple(_cell(text, column) for text, column in zip(cells[:-1], columns, strict=True))
            rows.append(Row(nodes, read_number(cells[-1], result), file.lines[index]))
        except ExpressionRefused as error:
            faults.append(fault(file.place(index), error.code, error.text, error.right))
    return Table(file.name, tuple(columns), tuple(rows), result) if len(faults) == before else None


def _cell(text: str, column: Column) -> Node:
    """The condition of one cell; TRUE for an empty one."""
    ref = Ref(column.ordinal, Type.INT) if column.ordinal else Ref(column.name, column.type)
    if not text:
        return TRUE
    if text == "null":
        return IsNull(ref)

    def constant(part: str) -> Lit:
        value = read_value(part.strip(), column)
        return Lit(value, Type.INT if column.ordinal else column.type)

    ordered = column.type not in (Type.ENUM, Type.BOOL)
    if ordered and (found := _COMPARED.match(text)):
        return Cmp(found[1], ref, constant(found[2]))
    if ordered and (found := _SPAN.match(text)):
        low, high = constant(found[1]), constant(found[2])
        if not low.value < high.value:  # type: ignore[operator]
            raise ExpressionRefused("E-TABLE", text, "the lower bound comes first; the upper one is not included")
        return and_(Cmp(">=", ref, low), Cmp("<", ref, high))
    if "|" in text and column.type is not Type.BOOL:
        return In(ref, tuple(constant(part).value for part in text.split("|")))
    if column.type is Type.BOOL:
        return Cmp("=", ref, constant(text))
    return Cmp("=", ref, constant(text))


def _nested(rows: list[tuple[tuple[Node, ...], Node]], columns: tuple[Column, ...], kind: Type) -> Node:
    """Rows as CASE; rows that share their first cell are tested once, where that cannot change which row hits first."""
    groups: list[tuple[Node, list[tuple[tuple[Node, ...], Node]]]] = []
    for cells, result in rows:
        if groups and cells and groups[-1][0] == cells[0]:
            groups[-1][1].append((cells[1:], result))
        else:
            groups.append((cells[0] if cells else TRUE, [(cells[1:], result)]))
    firsts = [first for first, _ in groups]
    if not rows[0][0] or not (_apart(firsts) or len(groups) == 1):
        return _flat(rows, kind)
    whens = tuple((first, _nested(group, columns[1:], kind)) for first, group in groups)
    if len(whens) == 1 and firsts[0] == TRUE:
        return whens[0][1]
    if columns[0].values and not columns[0].nullable and _listed(firsts) == len(columns[0].values):
        return Case(whens[:-1], whens[-1][1], kind) if len(whens) > 1 else whens[0][1]
    return Case(whens, NULL, kind)


def _listed(firsts: list[Node]) -> int:
    """How many values the first cells name."""
    return sum(len(first.values) if isinstance(first, In) else 1 for first in firsts)


def _flat(rows: list[tuple[tuple[Node, ...], Node]], kind: Type) -> Node:
    whens: list[tuple[Node, Node]] = []
    for cells, result in rows:
        test = and_(*cells)
        if test == TRUE:
            return Case(tuple(whens), result, kind) if whens else result
        whens.append((test, result))
    return Case(tuple(whens), NULL, kind)


def _apart(firsts: list[Node]) -> bool:
    """Whether no two first cells can both be true: different constants of one column."""
    seen: set[Value] = set()
    for first in firsts:
        match first:
            case Cmp(op="=", right=Lit(value=value)):
                values: tuple[Value, ...] = (value,)
            case In(values=found):
                values = found
            case _:
                return False
        if seen & set(values):
            return False
        seen |= set(values)
    return True
