"""Checks of decision tables: values that no row covers, rows that nothing reaches, rows that contradict each other.

A cell is a condition on one column, so a row is a box. The columns' cuts are walked one after the other with the set of
rows that are still possible; what is left at the end says which rows hit there. Columns that depend on each other (the
tier and the income) make more customers there than exist: what the walk finds is then shown by a customer.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass

from shouxin.engines.policy.check_uses import Subject, TableUse
from shouxin.engines.policy.customer import constants
from shouxin.engines.policy.cuts import regions
from shouxin.engines.policy.findings import Finding, Severity, finding, undecided
from shouxin.engines.policy.plain import evaluate
from shouxin.engines.policy.proof import Answer, untrue
from shouxin.engines.policy.scope import Scope
from shouxin.engines.policy.tables import Table
from shouxin.engines.policy.tree import IsNull, Node, Not, Ref, Value, and_

MAX_STEPS = 300_000
SHOWN_ROWS = 5


class TooManyRegions(Exception):
    """A table with more combinations of regions than are looked at."""


@dataclass(frozen=True)
class Axis:
    """One column of a table: for each value that stands for a region, the rows whose cells admit it, as bits."""

    name: str
    values: tuple[tuple[Value, int], ...]

    def distinct(self, alive: int) -> dict[tuple[int, bool], Value]:
        """(rows still possible, value is NULL) -> a value."""
        found: dict[tuple[int, bool], Value] = {}
        for value, rows in self.values:
            found.setdefault((alive & rows, value is None), value)
        return found


@dataclass(frozen=True)
class Leaf:
    """A combination of values: the rows that hit, as bits, whether one of the values is NULL, and the values."""

    alive: int
    null: bool
    point: Mapping[str, Value]


def axes(table: Table, scope: Scope) -> tuple[Axis, ...]:
    """The columns of a table, by the name under which they are stored; one named twice is one axis."""
    cells: dict[str, list[list[Node]]] = {}
    for position, column in enumerate(table.columns):
        rows = cells.setdefault(column.ordinal or column.name, [[] for _ in table.rows])
        for mine, row in zip(rows, table.rows, strict=True):
            mine.append(row.cells[position])
    return tuple(_axis(name, [and_(*each) for each in rows], scope) for name, rows in cells.items())


def _axis(name: str, rows: list[Node], scope: Scope) -> Axis:
    cells: dict[Node, int] = {}
    for index, row in enumerate(rows):
        cells[row] = cells.get(row, 0) | 1 << index
    distinct = list(cells.items())
    values = regions(scope.columns[name], constants(rows).get(name, ()))
    return Axis(name, tuple((value, _admitting(distinct, name, value)) for value in values))


def _admitting(cells: list[tuple[Node, int]], name: str, value: Value) -> int:
    found = 0
    for cell, rows in cells:
        if evaluate(cell, {name: value}) is True:
            found |= rows
    return found


def leaves(table: Table, scope: Scope) -> list[Leaf]:
    """Every set of rows that can hit together, with values; raises TooManyRegions."""
    states: dict[tuple[int, bool], Mapping[str, Value]] = {((1 << len(table.rows)) - 1, False): {}}
    steps = 0
    for axis in axes(table, scope):
        after: dict[tuple[int, bool], Mapping[str, Value]] = {}
        for (alive, null), point in states.items():
            steps += len(axis.values)
            if steps > MAX_STEPS:
                raise TooManyRegions
            for (left, is_null), value in axis.distinct(alive).items():
                after.setdefault((left, null or is_null), {**point, axis.name: value})
        states = after
    return [Leaf(alive, null, point) for (alive, null), point in states.items()]


def check_tables(subject: Subject) -> Iterator[Finding]:
    """Gaps, unreachable rows, and rows that overlap with another result, of every table."""
    for use in subject.tables:
        try:
            found = leaves(use.table, subject.policy.plan.scope)
        except TooManyRegions:
            yield undecided("C-TABLE", use.place(), use.file.name, "too many combinations; split the table")
            continue
        yield from _gaps(subject, use, found)
        dead = yield from _unreachable(subject, use, found)
        yield from _overlaps(subject, use, found, dead)


# -- gaps -------------------------------------------------------------------------------------------------------------


def _gaps(subject: Subject, use: TableUse, found: list[Leaf]) -> Iterator[Finding]:
    """Values that no row covers, for a customer who is not declined anyway."""
    if all(leaf.alive for leaf in found):
        return
    columns = [Ref(name, subject.policy.plan.scope.columns[name].type) for name in _stored(use.table)]
    nullable = [ref for ref in columns if subject.policy.plan.scope.columns[ref.name].nullable]
    known = tuple(Not(IsNull(ref)) for ref in nullable)
    gap = IsNull(use.table.node())
    answer = _for_some_product(subject, use, (gap, *known))
    effect = "0 points" if use.kind == "points" else f"no {use.kind}: the product is referred"
    if answer.customer is not None:
        example = subject.prover.shown(answer.customer, [ref.name for ref in columns])
        severity: Severity = "warning" if use.kind == "points" else "error"
        right = f"no row fits some values, which gives {effect}; add a row for them"
        yield finding(severity, "C-TABLE-GAP", use.place(), ",".join(use.file.header), right, example)
        return
    if answer.open:
        yield undecided("C-TABLE-GAP", use.place(), ",".join(use.file.header), answer.why)
    answer = _for_some_product(subject, use, (gap,)) if nullable else Answer(never=True)
    if answer.customer is not None:
        example = subject.prover.shown(answer.customer, [ref.name for ref in columns])
        right = f"where a value is missing no row fits, which gives {effect}; a row with `null` or an empty cell says otherwise"
        yield finding("note", "C-TABLE-NULL", use.place(), ",".join(use.file.header), right, example)


def _for_some_product(subject: Subject, use: TableUse, conditions: tuple[Node, ...]) -> Answer:
    """Whether the conditions can hold where the table's answer matters."""
    answers = []
    for product in use.products or (None,):
        allowed = subject.not_declined(product) if product is not None else ()
        answers.append(subject.prover.exists(*conditions, *allowed))
        if answers[-1].customer is not None:
            return answers[-1]
    return next((answer for answer in answers if answer.open), answers[0])


def _stored(table: Table) -> list[str]:
    return list(dict.fromkeys(column.ordinal or column.name for column in table.columns))


# -- rows -------------------------------------------------------------------------------------------------------------


def _first_hit(table: Table, row: int, found: list[Leaf]) -> tuple[Node, ...]:
    """The conditions under which a row is the first that fits; rows that never fit together with it are left out."""
    together = 0
    for leaf in found:
        together |= leaf.alive if leaf.alive >> row & 1 else 0
    before = [table.rows[each].cells for each in _bits(together & ((1 << row) - 1))]
    return (*table.rows[row].cells, *(untrue(and_(*cells)) for cells in before))


def _unreachable(subject: Subject, use: TableUse, found: list[Leaf]) -> Generator[Finding, None, set[int]]:
    """Rows that are never the first that fits; returns them."""
    table, dead = use.table, set[int]()
    reached = {_lowest(leaf.alive) for leaf in found if leaf.alive}
    fitting = 0
    for leaf in found:
        fitting |= leaf.alive
    free = all(name in subject.prover.inputs for name in _stored(table))
    unsure, why = list[int](), ""
    for row in range(len(table.rows)):
        if row in reached and free:
            continue
        answer = subject.prover.exists(*_first_hit(table, row, found)) if row in reached else Answer(never=True)
        if answer.open:
            unsure.append(row)
            why = answer.why
        elif answer.never:
            dead.add(row)
            right = _why_dead(use, row, found, fits=bool(fitting >> row & 1), shown=row not in reached)
            yield finding("error", "C-DEAD-ROW", use.place(row), use.written(row), right)
    if unsure:
        lines = ", ".join(str(use.place(row).line) for row in unsure[:SHOWN_ROWS])
        more = f" and {len(unsure) - SHOWN_ROWS} more" if len(unsure) > SHOWN_ROWS else ""
        open_rows = f"whether any customer reaches line {lines}{more}: {why}"
        yield undecided("C-DEAD-ROW", use.place(unsure[0]), use.written(unsure[0]), open_rows)
    return dead


def _why_dead(use: TableUse, row: int, found: list[Leaf], *, fits: bool, shown: bool) -> str:
    if not fits:
        return "fits no value within the declared ranges: mend the cell, or leave the row out"
    if not shown:
        return "no customer has these values together and comes as far as this row: leave it out"
    cover = next((first for first in range(row) if _within(found, row, first)), None)
    above = f"line {use.place(cover).line} fits" if cover is not None else "the rows above together fit"
    return f"never reached, {above} all of it first: leave it out, or move it up"


def _overlaps(subject: Subject, use: TableUse, found: list[Leaf], dead: set[int]) -> Iterator[Finding]:
    """Rows that fit the same values with another result.

    A special row above a more general one is how tables are written, and not told.
    """
    rows, told, asked = use.table.rows, set[int](), set[tuple[int, int]]()
    for leaf in sorted(found, key=lambda each: (each.null, _lowest(each.alive))):
        first = _lowest(leaf.alive)
        for row in _bits(leaf.alive & (leaf.alive - 1)):
            if row in told or (first, row) in asked or dead & {row, first} or rows[row].result == rows[first].result:
                continue
            asked.add((first, row))
            if _within(found, first, row):
                continue
            answer = subject.prover.exists(*_first_hit(use.table, first, found), *rows[row].cells)
            if answer.never:
                continue
            told.add(row)
            yield _overlap(subject, use, first, row, answer, leaf)


def _overlap(subject: Subject, use: TableUse, first: int, row: int, answer: Answer, leaf: Leaf) -> Finding:
    if answer.customer is None:
        return undecided("C-OVERLAP", use.place(row), use.written(row), answer.why)
    won = f"line {use.place(first).line} fits too, which wins with {use.file.rows[first][-1]}"
    example = subject.prover.shown(answer.customer, leaf.point)
    return finding("warning", "C-OVERLAP", use.place(row), use.written(row), f"fits values that {won}; part them", example)


def _within(found: list[Leaf], inner: int, outer: int) -> bool:
    """Whether every value that one row fits, another fits too."""
    return all(leaf.alive >> outer & 1 for leaf in found if leaf.alive >> inner & 1)


def _lowest(rows: int) -> int:
    return (rows & -rows).bit_length() - 1


def _bits(rows: int) -> Iterator[int]:
    while rows:
        yield _lowest(rows)
        rows &= rows - 1
