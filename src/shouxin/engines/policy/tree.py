"""The typed tree: what every expression of a bundle becomes, and what every emitter reads.

The tree is small on purpose. `BETWEEN`, `CASE x WHEN`, the macros and the families are rewritten into these nodes once,
so that Python, DuckDB and Spark cannot disagree on what they mean. NULL follows SQL's three-valued logic.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

Value: TypeAlias = int | float | bool | str | dt.date | None


class Type(StrEnum):
    """The type of an expression. The four scaled integers never mix by accident: money is minor units, bp is 1/10,000,
    ppm is 1/1,000,000. `double` is for the outputs of outside models and can only be compared."""

    INT = "int"
    MONEY = "money"
    BP = "bp"
    PPM = "ppm"
    BOOL = "bool"
    ENUM = "enum"
    DATE = "date"
    DOUBLE = "double"
    NULL = "null"


INTEGERS = frozenset({Type.INT, Type.MONEY, Type.BP, Type.PPM})
SCALED = frozenset({Type.MONEY, Type.BP, Type.PPM})


@dataclass(frozen=True, slots=True)
class Lit:
    """A constant. `value` is None for NULL."""

    value: Value
    type: Type


@dataclass(frozen=True, slots=True)
class Ref:
    """A column: a fact, a derived value, or a value of an earlier pass."""

    name: str
    type: Type


@dataclass(frozen=True, slots=True)
class Neg:
    """`-x`"""

    of: Node
    type: Type


@dataclass(frozen=True, slots=True)
class Arith:
    """`a + b`, `a - b`, `a * b`, and `a & b` on the engine's own masks. NULL when either side is."""

    op: str
    left: Node
    right: Node
    type: Type


@dataclass(frozen=True, slots=True)
class IDiv:
    """Integer division towards zero; NULL when either side is, or when the divisor is 0.

    guarded: the tree around it has already made sure that the divisor is positive.
    """

    left: Node
    right: Node
    type: Type
    guarded: bool = False


@dataclass(frozen=True, slots=True)
class Cmp:
    """`=`, `<>`, `<`, `<=`, `>`, `>=`. NULL when either side is."""

    op: str
    left: Node
    right: Node
    type: Type = Type.BOOL


@dataclass(frozen=True, slots=True)
class And:
    """TRUE when all are TRUE, FALSE when any is FALSE, else NULL."""

    args: tuple[Node, ...]
    type: Type = Type.BOOL


@dataclass(frozen=True, slots=True)
class Or:
    """TRUE when any is TRUE, FALSE when all are FALSE, else NULL."""

    args: tuple[Node, ...]
    type: Type = Type.BOOL


@dataclass(frozen=True, slots=True)
class Not:
    """NULL stays NULL."""

    of: Node
    type: Type = Type.BOOL


@dataclass(frozen=True, slots=True)
class IsNull:
    """TRUE or FALSE, never NULL."""

    of: Node
    type: Type = Type.BOOL


@dataclass(frozen=True, slots=True)
class In:
    """Membership in a list of constants, none of them NULL. NULL when `of` is."""

    of: Node
    values: tuple[Value, ...]
    type: Type = Type.BOOL


@dataclass(frozen=True, slots=True)
class Case:
    """The first branch whose condition is TRUE; a NULL condition is passed over."""

    whens: tuple[tuple[Node, Node], ...]
    default: Node
    type: Type


@dataclass(frozen=True, slots=True)
class Coalesce:
    """The first that is not NULL."""

    args: tuple[Node, ...]
    type: Type


@dataclass(frozen=True, slots=True)
class Extreme:
    """`LEAST` or `GREATEST`: NULLs are passed over; NULL only when all are."""

    op: str
    args: tuple[Node, ...]
    type: Type


@dataclass(frozen=True, slots=True)
class DatePart:
    """`YEAR`, `MONTH` or `DAY` of a date."""

    part: str
    of: Node
    type: Type = Type.INT


Node: TypeAlias = Lit | Ref | Neg | Arith | IDiv | Cmp | And | Or | Not | IsNull | In | Case | Coalesce | Extreme | DatePart

NULL = Lit(None, Type.NULL)
TRUE = Lit(True, Type.BOOL)
FALSE = Lit(False, Type.BOOL)
ZERO = Lit(0, Type.INT)

NEGATED = {"=": "<>", "<>": "=", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}


def children(node: Node) -> tuple[Node, ...]:
    """The direct parts of a node, left to right.

    >>> children(Cmp("<", Ref("age", Type.INT), Lit(18, Type.INT)))[0].name
    'age'
    """
    match node:
        case Lit() | Ref():
            return ()
        case Neg(of=of) | Not(of=of) | IsNull(of=of) | In(of=of) | DatePart(of=of):
            return (of,)
        case Arith(left=left, right=right) | IDiv(left=left, right=right) | Cmp(left=left, right=right):
            return (left, right)
        case And(args=args) | Or(args=args) | Coalesce(args=args) | Extreme(args=args):
            return args
        case Case(whens=whens, default=default):
            return (*(part for when in whens for part in when), default)


def walk(node: Node) -> Iterator[Node]:
    """The node and everything below it, depth first."""
    yield node
    for child in children(node):
        yield from walk(child)


def refs(node: Node) -> frozenset[str]:
    """The names of the columns that a tree reads."""
    return frozenset(part.name for part in walk(node) if isinstance(part, Ref))


def and_(*args: Node) -> Node:
    """A flat AND; the only argument itself when there is one, TRUE when there is none."""
    flat = tuple(inner for arg in args for inner in (arg.args if isinstance(arg, And) else (arg,)) if inner != TRUE)
    return TRUE if not flat else flat[0] if len(flat) == 1 else And(flat)


def or_(*args: Node) -> Node:
    """A flat OR; the only argument itself when there is one, FALSE when there is none."""
    flat = tuple(inner for arg in args for inner in (arg.args if isinstance(arg, Or) else (arg,)) if inner != FALSE)
    return FALSE if not flat else flat[0] if len(flat) == 1 else Or(flat)
