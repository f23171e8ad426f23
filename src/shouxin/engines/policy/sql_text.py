"""Write a typed tree as an SQL expression, for DuckDB, for Spark and for PostgreSQL.

Each engine has its own small class: what differs is written down there, and nothing is transpiled. Integers are 64 bits
from the first literal on, since an engine would otherwise compute `100000 * 100000` in 32.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from shouxin.engines.policy.tree import (
    INTEGERS,
    And,
    Arith,
    Case,
    Cmp,
    Coalesce,
    DatePart,
    Extreme,
    IDiv,
    In,
    IsNull,
    Lit,
    Neg,
    Node,
    Not,
    Or,
    Ref,
    Type,
    Value,
)

SQL_TYPES = {
    Type.INT: "BIGINT",
    Type.MONEY: "BIGINT",
    Type.BP: "BIGINT",
    Type.PPM: "BIGINT",
    Type.BOOL: "BOOLEAN",
    Type.DATE: "DATE",
    Type.DOUBLE: "DOUBLE",
}


class SqlText:
    """What the engines share. A subclass says how it quotes, divides and reads the parts of a date."""

    name = ""

    def quote(self, name: str) -> str:
        """A column name, quoted."""
        raise NotImplementedError

    def string(self, text: str) -> str:
        """A string constant."""
        raise NotImplementedError

    def divide(self, left: str, right: str) -> str:
        """Integer division towards zero; `right` is never 0."""
        raise NotImplementedError

    def date_part(self, part: str, of: str) -> str:
        """Year, month or day, as 64 bits."""
        raise NotImplementedError

    def pick(self, index: str, texts: Sequence[str | None]) -> str:
        """The text at a position, which counts from 0 and always exists."""
        raise NotImplementedError

    def choose(self, index: str, words: Sequence[str]) -> str:
        """One of a few different words, as a column of its own."""
        return self.pick(index, words)

    def bits(self, column: str, shift: int, mask: int) -> str:
        """Some bits of a mask that is never negative, as a number from 0 on."""
        raise NotImplementedError

    def matches(self, text: str, pattern: str) -> str:
        """Whether the whole of a text matches a pattern."""
        raise NotImplementedError

    def type(self, kind: Type) -> str:
        """The engine's name of a column type."""
        return SQL_TYPES.get(kind, "VARCHAR")

    def wide_constant(self, value: Value) -> str:
        """A constant as a column of its own: an integer is 64 bits."""
        return f"CAST({value} AS BIGINT)" if isinstance(value, int) and not isinstance(value, bool) else self.constant(value)

    def typed_null(self, kind: Type) -> str:
        """NULL as a column of a type."""
        return f"CAST(NULL AS {self.type(kind)})"

    def constant(self, value: Value) -> str:
        """A constant where a column stands beside it."""
        if value is None:
            return "NULL"
        if isinstance(value, bool):
            return "TRUE" if value else "FALSE"
        if isinstance(value, int):
            return str(value) if value >= 0 else f"({value})"
        if isinstance(value, float):
            return f"CAST('{value!r}' AS {self.type(Type.DOUBLE)})"
        if isinstance(value, dt.date):
            return f"DATE '{value.isoformat()}'"
        return self.string(value)

    def wide(self, node: Node) -> str:
        """An expression where nothing else would tell the engine to use 64 bits."""
        if isinstance(node, Lit) and isinstance(node.value, int):
            return self.wide_constant(node.value)
        if isinstance(node, Lit) and node.value is None and node.type in INTEGERS:
            return "CAST(NULL AS BIGINT)"
        return self.expression(node)

    def expression(self, node: Node) -> str:
        """The SQL text of a tree."""
        match node:
            case Lit(value=value):
                return self.constant(value)
            case Ref(name=name):
                return self.quote(name)
            case Neg(of=of):
                return f"(-{self.wide(of)})"
            case Arith(op=op, left=left, right=right):
                lead = self.wide(left) if isinstance(right, Lit) else self.expression(left)
                return f"({lead} {op} {self.expression(right)})"
            case IDiv():
                return self._divide(node)
            case Cmp(op=op, left=left, right=right):
                return f"({self.expression(left)} {op} {self.expression(right)})"
            case And(args=args):
                return f"({' AND '.join(self.expression(arg) for arg in args)})"
            case Or(args=args):
                return f"({' OR '.join(self.expression(arg) for arg in args)})"
            case Not(of=of):
                return f"(NOT {self.expression(of)})"
            case IsNull(of=of):
                return f"({self.expression(of)} IS NULL)"
            case In(of=of, values=values):
                return f"({self.expression(of)} IN ({', '.join(self.constant(each) for each in values)}))"
            case Case():
                return self._case(node)
            case Coalesce(args=args):
                return f"COALESCE({', '.join(self.wide(arg) for arg in args)})"
            case Extreme(op=op, args=args):
                return f"{op}({', '.join(self.wide(arg) for arg in args)})"
            case DatePart(part=part, of=of):
                return self.date_part(part, self.expression(of))

    def _divide(self, node: IDiv) -> str:
        left, right = self.wide(node.left), self.wide(node.right)
        safe = isinstance(node.right, Lit) and node.right.value != 0
        return self.divide(left, right if safe else f"NULLIF({right}, 0)")

    def _case(self, node: Case) -> str:
        whens = " ".join(f"WHEN {self.expression(when)} THEN {self.wide(then)}" for when, then in node.whens)
        ending = "" if isinstance(node.default, Lit) and node.default.value is None else f" ELSE {self.wide(node.default)}"
        return f"CASE {whens}{ending} END"


class DuckDbText(SqlText):
    """DuckDB. `/` is a float there and `//` divides integers; a backslash in a string is a backslash."""

    name = "duckdb"

    def quote(self, name: str) -> str:
        return '"' + name.replace('"', '""') + '"'

    def string(self, text: str) -> str:
        return "'" + text.replace("'", "''") + "'"

    def divide(self, left: str, right: str) -> str:
        return f"({left} // {right})"

    def date_part(self, part: str, of: str) -> str:
        return f"CAST({part}({of}) AS BIGINT)"

    def pick(self, index: str, texts: Sequence[str | None]) -> str:
        return f"([{', '.join(self.constant(text) for text in texts)}])[{index} + 1]"

    def choose(self, index: str, words: Sequence[str]) -> str:
        texts = ", ".join(self.string(word) for word in words)  # an ENUM is written as a dictionary, without copying texts
        return f"(CAST([{texts}] AS ENUM({texts})[]))[{index} + 1]"

    def bits(self, column: str, shift: int, mask: int) -> str:
        return f"(({column} >> {shift}) & {mask})"

    def matches(self, text: str, pattern: str) -> str:
        return f"regexp_full_match({text}, {self.string(pattern)})"


class SparkText(SqlText):
    """Spark, with ANSI on. A backslash in a string is an escape; the parts of a date are 32 bits."""

    name = "spark"

    def type(self, kind: Type) -> str:
        return SQL_TYPES.get(kind, "STRING")

    def quote(self, name: str) -> str:
        return "`" + name.replace("`", "``") + "`"

    def string(self, text: str) -> str:
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"

    def divide(self, left: str, right: str) -> str:
        return f"({left} div {right})"

    def date_part(self, part: str, of: str) -> str:
        return f"CAST({part}({of}) AS BIGINT)"

    def pick(self, index: str, texts: Sequence[str | None]) -> str:
        return f"element_at(array({', '.join(self.constant(text) for text in texts)}), CAST({index} + 1 AS INT))"

    def bits(self, column: str, shift: int, mask: int) -> str:
        return f"(shiftright({column}, {shift}) & {mask})"

    def matches(self, text: str, pattern: str) -> str:
        return f"({text} RLIKE {self.string(f'^(?:{pattern})' + chr(92) + 'z')})"


class PostgresText(SqlText):
    """PostgreSQL. It scores cards, and does not run policies: `DIALECTS` are the engines that do.

    A string with a backslash is written as an escape string, which means the same under every setting of the server.
    """

    name = "postgres"

    def type(self, kind: Type) -> str:
        return "DOUBLE PRECISION" if kind is Type.DOUBLE else SQL_TYPES.get(kind, "TEXT")

    def quote(self, name: str) -> str:
        return '"' + name.replace('"', '""') + '"'

    def string(self, text: str) -> str:
        quoted = "'" + text.replace("'", "''") + "'"
        return "E" + quoted.replace("\\", "\\\\") if "\\" in text else quoted

    def divide(self, left: str, right: str) -> str:
        return f"({left} / {right})"

    def date_part(self, part: str, of: str) -> str:
        return f"CAST(EXTRACT({part} FROM {of}) AS BIGINT)"

    def pick(self, index: str, texts: Sequence[str | None]) -> str:
        return f"(CAST(ARRAY[{', '.join(self.constant(text) for text in texts)}] AS TEXT[]))[{index} + 1]"

    def bits(self, column: str, shift: int, mask: int) -> str:
        return f"(({column} >> {shift}) & {mask})"

    def matches(self, text: str, pattern: str) -> str:
        return f"({text} ~ {self.string(f'^(?:{pattern})$')})"


DUCKDB, SPARK, POSTGRES = DuckDbText(), SparkText(), PostgresText()
DIALECTS = {each.name: each for each in (DUCKDB, SPARK)}
