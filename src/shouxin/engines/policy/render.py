"""Write a typed tree back as a formula of the policy language, for traces, tables and messages."""

from __future__ import annotations

from decimal import Decimal

from shouxin.engines.policy.tree import (
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


def render(node: Node) -> str:
    """The formula of a tree.

    >>> render(Cmp("<", Ref("income", Type.MONEY), Lit(200000, Type.MONEY)))
    'income < amount(2000)'
    """
    match node:
        case Lit(value=value, type=kind):
            return constant(value, kind)
        case Ref(name=name):
            return name
        case Neg(of=of):
            return f"-{_inner(of)}"
        case Arith(op=op, left=left, right=right) | Cmp(op=op, left=left, right=right):
            return f"{_inner(left)} {op} {_inner(right)}"
        case IDiv(left=left, right=right):
            return f"idiv({render(left)}, {render(right)})"
        case And(args=args):
            return " AND ".join(_inner(arg) for arg in args)
        case Or(args=args):
            return " OR ".join(_inner(arg) for arg in args)
        case Not(of=of):
            return f"NOT {_inner(of)}"
        case IsNull(of=of):
            return f"{_inner(of)} IS NULL"
        case In(of=of, values=values):
            return f"{_inner(of)} IN ({', '.join(constant(value, of.type) for value in values)})"
        case Case(whens=whens, default=default):
            parts = [f"WHEN {render(test)} THEN {render(then)}" for test, then in whens]
            return f"CASE {' '.join(parts)} ELSE {render(default)} END"
        case Coalesce(args=args):
            return f"COALESCE({', '.join(render(arg) for arg in args)})"
        case Extreme(op=op, args=args):
            return f"{op}({', '.join(render(arg) for arg in args)})"
        case DatePart(part=part, of=of):
            return f"{part.upper()}({render(of)})"


def constant(value: Value, kind: Type) -> str:
    """A constant as it is written in a formula."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, str):
        return f"'{value}'"
    if isinstance(value, int | float):
        return f"amount({plain(Decimal(value) / 100)})" if kind is Type.MONEY and value else str(value)
    return f"DATE '{value}'"


def plain(value: Decimal) -> str:
    """A decimal without an exponent and without zeros at the end.

    >>> plain(Decimal("2000.00")), plain(Decimal("0.50"))
    ('2000', '0.5')
    """
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _inner(node: Node) -> str:
    text = render(node)
    return f"({text})" if isinstance(node, And | Or | Arith | Cmp | Not | Neg) else text
