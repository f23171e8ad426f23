"""The plain evaluator: a tree and values -> a value, in the most direct way.

It is slow and simple. The emitted function is checked against it, traces are told by it, and it knows which facts are
to blame when an expression is NULL.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any

from shouxin.engines.policy.python_text import greatest, least
from shouxin.engines.policy.ranges import truncated
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
    Value,
    children,
    refs,
)

OPERATIONS: Mapping[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "&": operator.and_,
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def evaluate(node: Node, values: Mapping[str, Value]) -> Any:
    """The value of a tree; None is NULL.

    >>> from shouxin.engines.policy.tree import Type
    >>> evaluate(Cmp("<", Ref("age", Type.INT), Lit(18, Type.INT)), {"age": None}) is None
    True
    """
    match node:
        case Lit(value=value):
            return value
        case Ref(name=name):
            return values[name]
        case And(args=args):
            found = [evaluate(arg, values) for arg in args]
            return False if False in found else None if None in found else True
        case Or(args=args):
            found = [evaluate(arg, values) for arg in args]
            return True if True in found else None if None in found else False
        case IsNull(of=of):
            return evaluate(of, values) is None
        case Case(whens=whens, default=default):
            return evaluate(next((then for test, then in whens if evaluate(test, values) is True), default), values)
        case Coalesce(args=args):
            return next((value for arg in args if (value := evaluate(arg, values)) is not None), None)
        case Extreme(op=op, args=args):
            return (least if op == "LEAST" else greatest)(*(evaluate(arg, values) for arg in args))
        case _:
            return _strict(node, [evaluate(child, values) for child in children(node)])


def _strict(node: Node, parts: list[Any]) -> Any:
    """An operation that is NULL when any part is."""
    if None in parts:
        return None
    match node:
        case Neg():
            return -parts[0]
        case Not():
            return not parts[0]
        case In(values=values):
            return parts[0] in values
        case DatePart(part=part):
            return getattr(parts[0], part)
        case IDiv():
            return truncated(parts[0], parts[1]) if parts[1] else None
        case Arith(op=op) | Cmp(op=op):
            return OPERATIONS[op](parts[0], parts[1])
        case _:
            raise TypeError(type(node).__name__)


def absent(node: Node, values: Mapping[str, Value]) -> frozenset[str]:
    """The columns whose being NULL makes an expression NULL; none when it is not NULL.

    >>> from shouxin.engines.policy.tree import FALSE, Type
    >>> absent(And((FALSE, Cmp("<", Ref("age", Type.INT), Lit(18, Type.INT)))), {"age": None})
    frozenset()
    """
    if evaluate(node, values) is not None:
        return frozenset()
    match node:
        case Ref(name=name):
            return frozenset({name})
        case Case(whens=whens, default=default):
            tests = [test for test, _ in whens if evaluate(test, values) is None]
            chosen = next((then for test, then in whens if evaluate(test, values) is True), default)
            parts = [*tests, chosen]
            if not tests and isinstance(chosen, Lit):  # no ELSE: what the tests read is of no use here
                return frozenset(name for test, _ in whens for name in refs(test))
        case IDiv(left=left, right=right) if evaluate(right, values) == 0:
            return refs(right) | absent(left, values)
        case _:
            parts = list(children(node))
    return frozenset(name for part in parts for name in absent(part, values))


def culprits(node: Node, values: Mapping[str, Value]) -> frozenset[str]:
    """The columns because of which a condition is TRUE or FALSE: without them it could have come out otherwise.

    >>> from shouxin.engines.policy.tree import Type
    >>> age = Cmp("<", Ref("age", Type.INT), Lit(18, Type.INT))
    >>> sorted(culprits(Or((age, Ref("dead", Type.BOOL))), {"age": 17, "dead": False}))
    ['age']
    """
    found = evaluate(node, values)
    match node:
        case And(args=args) if found is False:
            parts = [arg for arg in args if evaluate(arg, values) is False]
        case Or(args=args) if found is True:
            parts = [arg for arg in args if evaluate(arg, values) is True]
        case Ref(name=name):
            return frozenset({name})
        case Coalesce(args=args):
            parts = [next((arg for arg in args if evaluate(arg, values) is not None), args[-1])]
        case Case(whens=whens, default=default):
            chosen = next(((test, then) for test, then in whens if evaluate(test, values) is True), None)
            parts = [test for test, _ in whens] + [default] if chosen is None else list(chosen)
        case _:
            parts = list(children(node))
    return frozenset(name for part in parts for name in culprits(part, values))
