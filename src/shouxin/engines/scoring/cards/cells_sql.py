"""How a card's inputs are read from the columns of a table: the SQL of what `cells.py` does with one value.

The type of a column, in the engine's own words, says how much there is to do: a number needs no reading, a text does.
"""

from __future__ import annotations

import re
from enum import StrEnum

from shouxin.engines.policy.sql_text import DUCKDB, POSTGRES, SqlText
from shouxin.engines.policy.tree import Type
from shouxin.engines.scoring.cards.cells import NO, NUMBER, NUMBER_WORDS, RIGHT, WHOLE_UP_TO, YES, Cell, Kind


class Family(StrEnum):
    """What the types of columns have in common."""

    WHOLE = "whole"
    EXACT = "exact"
    FLOAT = "float"
    FLAG = "flag"
    TEXT = "text"
    DAY = "day"


FAMILIES = {
    Family.WHOLE: "tinyint smallint integer int bigint hugeint utinyint usmallint uinteger ubigint uhugeint int2 int4 int8 "
    "byte short long",
    Family.EXACT: "decimal",
    Family.FLOAT: "double float real float4 float8 numeric",  # the numeric of PostgreSQL can be NaN
    Family.FLAG: "boolean bool",
    Family.TEXT: "varchar string text char character bpchar name enum",
    Family.DAY: "date",
}
_BY_WORD = {word: family for family, words in FAMILIES.items() for word in words.split()}


def family(column_type: str) -> Family | None:
    """The family of a column type of DuckDB, Spark or PostgreSQL; None for lists, times and others that no card reads.

    >>> family("DECIMAL(18,2)"), family("double precision"), family("character varying(20)"), family("INTEGER[]")
    (<Family.EXACT: 'exact'>, <Family.FLOAT: 'float'>, <Family.TEXT: 'text'>, None)
    """
    if column_type.rstrip().endswith("]"):
        return None
    found = re.match(r"[a-z0-9]+", column_type.strip().lower())
    return _BY_WORD.get(found[0]) if found else None


def natural(kind: Kind) -> Family:
    """The family that a column is taken to be of where its type is not known."""
    return {Kind.NUMBER: Family.FLOAT, Kind.WORD: Family.TEXT, Kind.FLAG: Family.FLAG}[kind]


class CellSql:
    """Writes the reading of cells for one engine."""

    def __init__(self, engine: SqlText) -> None:
        self.engine = engine
        self.double = engine.type(Type.DOUBLE)
        self.text = engine.type(Type.ENUM)

    def value(self, cell: Cell, of: Family) -> str:
        """What the card compares; NULL where the cell is missing, or cannot be read."""
        if cell.kind is Kind.NUMBER:
            return self._number(cell, of)
        return self._word(cell, of) if cell.kind is Kind.WORD else self._flag(cell, of)

    def wrong(self, cell: Cell, of: Family) -> str | None:
        """TRUE where a cell holds something that cannot be read; None where every cell of the family can be.

        Raises ValueError, which says what would be right, for a family that cannot hold the input.
        """
        if of is Family.DAY and cell.kind is not Kind.WORD:
            raise ValueError(RIGHT[cell.kind])
        if cell.kind is Kind.WORD or of is Family.FLAG or (cell.kind is Kind.NUMBER and of is not Family.TEXT):
            return None
        if cell.kind is Kind.FLAG:
            return f"({self._plain_word(cell, of)} IS NOT NULL AND {self._flag(cell, of)} IS NULL)"
        text = self._trimmed(cell)
        given = [f"{text} <> ''", *([f"{text} NOT IN ({self._strings(cell.missing_texts)})"] if cell.missing_texts else [])]
        return f"({' AND '.join(given)} AND NOT {self._is_number(text)})"

    def _column(self, cell: Cell) -> str:
        return self.engine.quote(cell.column)

    def _as_text(self, cell: Cell) -> str:
        return f"CAST({self._column(cell)} AS {self.text})"

    def _trimmed(self, cell: Cell) -> str:
        return f"TRIM({self._as_text(cell)})"

    def _strings(self, texts: tuple[str, ...]) -> str:
        return ", ".join(self.engine.string(each) for each in texts)

    def _is_number(self, text: str) -> str:
        return self.engine.matches(f"LOWER({text})", f"{NUMBER}|{NUMBER_WORDS}")

    def _number(self, cell: Cell, of: Family) -> str:
        column = self._column(cell)
        if of is Family.TEXT:
            text = self._trimmed(cell)
            value = f"CASE WHEN {self._is_number(text)} THEN {self._cast(text)} END"
        elif of is Family.FLAG:
            value = f"CAST(CAST({column} AS INTEGER) AS {self.double})"
        else:
            value = f"CAST({column} AS {self.double})"
        if of in (Family.TEXT, Family.FLOAT):
            value = f"NULLIF({value}, CAST('NaN' AS {self.double}))"
        for each in cell.missing_numbers:
            value = f"NULLIF({value}, {self.engine.constant(each)})"
        return value

    def _cast(self, text: str) -> str:
        """A text that was found to be a number. An engine may look at rows that the test around it leaves out."""
        return f"{'CAST' if self.engine is POSTGRES else 'TRY_CAST'}({text} AS {self.double})"

    def _plain_word(self, cell: Cell, of: Family) -> str:
        """The text of a cell as it stands in the file, NULL where it is missing."""
        text = self._trimmed(cell) if cell.kind is Kind.FLAG and of is Family.TEXT else self._as_text(cell)
        if of in (Family.EXACT, Family.FLOAT):
            text = self._digits(self._column(cell), text)
        text = f"NULLIF({text}, '')" if of is Family.TEXT else text
        for each in cell.missing_texts:
            text = f"NULLIF({text}, {self.engine.string(each)})"
        return text

    def _digits(self, number: str, text: str) -> str:
        """The text of a number: a whole one without a point; NULL for NaN, which is above every number or beside them all."""
        whole = f"CAST(CAST({number} AS BIGINT) AS {self.text})"
        value = f"CASE WHEN ABS({number}) < {WHOLE_UP_TO} AND {number} = FLOOR({number}) THEN {whole} ELSE {text} END"
        return f"NULLIF({value}, {self.engine.string('nan' if self.engine is DUCKDB else 'NaN')})"

    def _word(self, cell: Cell, of: Family) -> str:
        text = self._plain_word(cell, of)
        if not cell.words:
            return text
        whens = " ".join(
            f"WHEN {self.engine.string(written)} THEN {self.engine.string(word)}" for written, word in cell.words.items()
        )
        return f"CASE {text} {whens} ELSE {text} END"

    def _flag(self, cell: Cell, of: Family) -> str:
        if of is Family.FLAG and not (cell.words or cell.missing_texts):
            return self._column(cell)
        word = f"LOWER({self._word(cell, of)})"
        return f"CASE WHEN {word} IN ({self._strings(YES)}) THEN TRUE WHEN {word} IN ({self._strings(NO)}) THEN FALSE END"
