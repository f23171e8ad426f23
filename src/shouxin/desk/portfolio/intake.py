"""What a file must hold, and how each of its columns is read into the value that a policy computes with.

Every check is one SQL condition per column, told apart by what is wrong: NULL where none may be, a value of another type,
a value out of range. The same text runs in DuckDB and in Spark.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from shouxin.engines.policy.plan import Input, Plan
from shouxin.engines.policy.read import expected
from shouxin.engines.policy.sql_text import SqlText
from shouxin.engines.policy.tree import INTEGERS, Type

WHOLE = (
    "TINYINT",
    "SMALLINT",
    "INTEGER",
    "BIGINT",
    "HUGEINT",
    "UTINYINT",
    "USMALLINT",
    "UINTEGER",
    "UBIGINT",
    "UHUGEINT",
)
LARGEST = "1.7976931348623157e308"


@dataclass(frozen=True, slots=True)
class Reading:
    """How one fact is read from a file.

    value: SQL of the stored value; NULL where the cell is missing or cannot be read
    wrong: SQL, TRUE where the cell cannot be used; None where every cell of the column's type can be
    right: what would be right
    """

    each: Input
    column: str | None
    value: str
    wrong: str | None
    right: str


class ColumnsRefused(Exception):
    """Columns that a file lacks, or whose type cannot hold the fact."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(faults))


def readings(plan: Plan, columns: Mapping[str, str], engine: SqlText) -> tuple[Reading, ...]:
    """How every input of a plan is read from columns (name -> DuckDB type).

    Raises ColumnsRefused with every column that is missing or of a type that cannot be read.
    """
    found, faults = [], []
    for each in plan.inputs:
        kind = columns.get(each.source_column)
        if kind is not None:
            try:
                found.append(_reading(each, kind.upper(), engine))
            except ValueError as error:
                faults.append(f"{each.source_column}: is {kind}; {error}")
        elif each.if_absent is not None:
            found.append(Reading(each, None, engine.wide_constant(each.if_absent), None, expected(each)))
        elif each.optional:
            found.append(Reading(each, None, engine.typed_null(each.column.type), None, expected(each)))
        else:
            close = difflib.get_close_matches(each.source_column, list(columns), n=1)
            hint = f"; did you mean {close[0]}?" if close else ""
            faults.append(f"{each.source_column}: missing column for {each.en} ({expected(each)}){hint}")
    if faults:
        raise ColumnsRefused(faults)
    return tuple(found)


def _reading(each: Input, kind: str, engine: SqlText) -> Reading:
    cell = engine.quote(each.source_column)
    value, sound = _value(each, kind, cell, engine)
    empty = _empty(each, kind, cell, engine)
    if each.missing_values or kind == "VARCHAR":
        value = f"CASE WHEN {empty} THEN NULL ELSE {value} END"
    tests = [] if each.column.nullable else [empty]
    outside = _outside(each, value, engine)
    if sound or outside:
        parts = [part for part in (sound, outside) if part]
        tests.append(f"(NOT {empty} AND ({' OR '.join(parts)}))")
    return Reading(each, each.source_column, value, " OR ".join(tests) or None, expected(each))


def _empty(each: Input, kind: str, cell: str, engine: SqlText) -> str:
    """TRUE where a cell holds no value."""
    tests = [f"{cell} IS NULL"]
    if kind == "VARCHAR" and each.column.type is not Type.ENUM:
        tests.append(f"{cell} = ''")
    for written in each.missing_values:
        if kind == "VARCHAR":
            tests.append(f"{cell} = {engine.string(str(written))}")
            if isinstance(written, int | Decimal) and each.column.type is not Type.ENUM:
                tests.append(f"COALESCE(TRY_CAST({cell} AS DOUBLE) = {written}, FALSE)")
        elif isinstance(written, int | Decimal):
            tests.append(f"{cell} = {written}")
    return f"({' OR '.join(tests)})"


def _value(each: Input, kind: str, cell: str, engine: SqlText) -> tuple[str, str | None]:
    """(the stored value, the condition under which the cell cannot be read or None)."""
    column = each.column.type
    if column is Type.BOOL:
        return _flag(kind, cell)
    if column is Type.ENUM:
        return _word(each, kind, cell, engine)
    if column is Type.DATE:
        return _day(kind, cell, engine)
    if column is Type.DOUBLE:
        return _double(kind, cell)
    if column in INTEGERS:
        return _whole(kind, cell, engine, scale=100 if each.unit == "major" else 1)
    raise ValueError(expected(each))


def _flag(kind: str, cell: str) -> tuple[str, str | None]:
    if kind == "BOOLEAN":
        return cell, None
    if kind in WHOLE:
        return f"({cell} = 1)", f"{cell} NOT IN (0, 1)"
    if kind == "VARCHAR":
        return f"(lower({cell}) = 'true')", f"lower({cell}) NOT IN ('true', 'false')"
    raise ValueError("a flag is BOOLEAN, 0 and 1, or true and false")


def _word(each: Input, kind: str, cell: str, engine: SqlText) -> tuple[str, str | None]:
    if kind not in ("VARCHAR", *WHOLE) and not kind.startswith("ENUM"):
        raise ValueError(f"text is needed: {expected(each)}")
    text = cell if kind == "VARCHAR" else f"CAST({cell} AS {engine.type(Type.ENUM)})"
    words = {word: word for word in each.column.values} | dict(each.mapping)
    known = ", ".join(engine.string(word) for word in words)
    whens = " ".join(f"WHEN {engine.string(written)} THEN {engine.string(word)}" for written, word in each.mapping)
    value = f"CASE {text} {whens} ELSE {text} END" if each.mapping else text
    if each.otherwise is None:
        return value, f"{text} NOT IN ({known})"
    other = f"{text} IS NOT NULL AND {text} NOT IN ({known})"
    empty = f"{text} = ''" if "" not in words else None
    return f"CASE WHEN {other} THEN {engine.string(each.otherwise)} ELSE {value} END", empty


def _day(kind: str, cell: str, engine: SqlText) -> tuple[str, str | None]:
    if kind == "DATE":
        return cell, None
    if kind == "VARCHAR":
        value = f"TRY_CAST({cell} AS DATE)"
        return value, f"(NOT {engine.matches(cell, '[0-9]{4}-[0-9]{2}-[0-9]{2}')} OR {value} IS NULL)"
    if kind.startswith("TIMESTAMP"):
        value = f"CAST({cell} AS DATE)"
        return value, f"CAST({value} AS TIMESTAMP) <> CAST({cell} AS TIMESTAMP)"
    raise ValueError("a day is DATE, or text written YYYY-MM-DD")


def _double(kind: str, cell: str) -> tuple[str, str | None]:
    if kind in WHOLE or kind.startswith("DECIMAL"):
        return f"CAST({cell} AS DOUBLE)", None
    if kind in ("DOUBLE", "FLOAT"):
        value = f"CAST({cell} AS DOUBLE)"
        return value, f"(isnan({value}) OR NOT {value} BETWEEN -{LARGEST} AND {LARGEST})"
    if kind == "VARCHAR":
        value = f"TRY_CAST({cell} AS DOUBLE)"
        return value, f"({value} IS NULL OR isnan({value}) OR NOT {value} BETWEEN -{LARGEST} AND {LARGEST})"
    raise ValueError("a number is needed")


def _whole(kind: str, cell: str, engine: SqlText, scale: int) -> tuple[str, str | None]:
    """An integer in stored units; `scale` is 100 where the column holds major units."""
    if kind in WHOLE:
        value = f"CAST({cell} AS BIGINT)" if "HUGE" not in kind and kind != "UBIGINT" else f"TRY_CAST({cell} AS BIGINT)"
        return _times(value, scale), f"{value} IS NULL" if value.startswith("TRY") else None
    if kind == "VARCHAR":
        pattern = "-?[0-9]{1,15}" + (r"([.][0-9]{1,2})?" if scale > 1 else "")
        exact = f"TRY_CAST({cell} AS DECIMAL(18, 2))" if scale > 1 else f"TRY_CAST({cell} AS BIGINT)"
        value = f"CAST({exact} * 100 AS BIGINT)" if scale > 1 else exact
        return value, f"(NOT {engine.matches(cell, pattern)} OR {value} IS NULL)"
    if kind.startswith("DECIMAL"):
        value = f"TRY_CAST({cell} * {scale} AS BIGINT)"
        return value, f"({value} IS NULL OR {value} <> {cell} * {scale})"
    if kind in ("DOUBLE", "FLOAT"):
        # a number of at most two decimals times 100 lies within a rounding error of an integer, never near a half
        rounded = f"TRY_CAST(round(CAST({cell} AS DOUBLE) * {scale}) AS BIGINT)"
        exact = f"CAST({cell} AS DOUBLE) * {scale}"
        apart = f"abs({exact} - {rounded}) > 1e-9 + 1e-15 * abs({exact})"
        return rounded, f"(isnan({cell}) OR {rounded} IS NULL OR {apart})"
    raise ValueError("an integer is needed" if scale == 1 else "a number with at most two decimals is needed")


def _times(value: str, scale: int) -> str:
    return value if scale == 1 else f"{value} * {scale}"


def _outside(each: Input, value: str, engine: SqlText) -> str | None:
    column = each.column
    if column.low is None or column.high is None:
        return None
    return f"NOT {value} BETWEEN {engine.constant(column.low)} AND {engine.constant(column.high)}"
