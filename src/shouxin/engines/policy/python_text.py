"""Write a typed tree as a Python expression.

Python has no NULL, so each boolean is written in two forms, apart: "is TRUE" and "is FALSE". A rule that only asks
whether it fires never pays for the third value. Strings and dates reach the text only as names of bound constants.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence

from shouxin.engines.policy.ranges import bounds, nullable, truncated
from shouxin.engines.policy.scope import Scope
from shouxin.engines.policy.tree import (
    NEGATED,
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
    walk,
)

_SIMPLE = re.compile(r"-?\w+\Z")
_OPERATORS = {"=": "==", "<>": "!="}


def least(*args: int | None) -> int | None:
    """The smallest that is not None; None when there is none."""
    known = [each for each in args if each is not None]
    return min(known) if known else None


def greatest(*args: int | None) -> int | None:
    """The largest that is not None; None when there is none."""
    known = [each for each in args if each is not None]
    return max(known) if known else None


def _members(values: tuple[Value, ...]) -> tuple[Value, ...] | frozenset[Value]:
    """Words to look one up among: a set, where there are several, is faster than comparing with each."""
    return frozenset(values) if len(values) > 2 and all(isinstance(each, str) for each in values) else values


LONGEST_CHAIN = 40
RUNTIME = {"_div": truncated, "_least": least, "_greatest": greatest, "_min": min, "_max": max}


class PythonText:
    """Writes trees over one scope; collects the constants they need in `constants`.

    given: expressions whose value already has a name
    """

    def __init__(self, scope: Scope, given: Mapping[Node, str] | None = None) -> None:
        self.scope = scope
        self._given = given or {}
        self.constants: dict[str, object] = {}
        self._names: dict[object, str] = {}
        self._temporaries = 0
        self._known: frozenset[str] = frozenset()

    def constant(self, values: tuple[Value, ...]) -> str:
        """The name of a bound constant."""
        name = f"_c{len(self.constants)}"
        self.constants[name] = values
        return name

    def value(self, node: Node) -> str:
        """A Python expression for the value; None stands for NULL."""
        if self._given and not isinstance(node, Ref | Lit) and node in self._given:
            return self._given[node]
        match node:
            case Lit():
                return self._literal(node.value)
            case Ref(name=name):
                return name
            case Case():
                return f"({self._case(node.whens, node.default)})"
            case Coalesce(args=(first, Lit(value=False))):
                return self.true(first)
            case Coalesce():
                return self._coalesce(node)
            case Extreme():
                return self._extreme(node)
            case Neg(of=of):
                return self._strict([of], lambda x: f"-{x}", "None")
            case DatePart(part=part, of=of):
                return self._strict([of], lambda x: f"{x}.{part}", "None")
            case Arith(op=op, left=left, right=right):
                return self._strict([left, right], lambda x, y: f"{x} {op} {y}", "None")
            case IDiv():
                return self._divide(node)
            case Cmp() | In():
                return self._test(node, "None")
            case _:
                if not self._nullable(node):
                    return self.true(node)
                return f"(True if {self.true(node)} else False if {self.false(node)} else None)"

    def _case(self, whens: tuple[tuple[Node, Node], ...], default: Node) -> str:
        """Branches after `x IS NULL` know that x is not, and do not ask again."""
        if not whens:
            return self.value(default)
        if len(whens) > LONGEST_CHAIN:  # Python nests each branch in the one before: a long table goes by groups
            first, later = whens[:LONGEST_CHAIN], whens[LONGEST_CHAIN:]
            hit = " or ".join(self.true(test) for test, _ in first)
            return f"({self._case(first, Lit(None, default.type))}) if ({hit}) else {self._case(later, default)}"
        (when, then), rest = whens[0], whens[1:]
        before = self._known
        if isinstance(when, Not) and isinstance(when.of, IsNull) and isinstance(when.of.of, Ref):
            self._known |= {when.of.of.name}
        head = f"{self.value(then)} if "
        self._known = before
        head += f"{self.true(when)} else "
        if isinstance(when, IsNull) and isinstance(when.of, Ref):
            self._known |= {when.of.name}
        tail = self._case(rest, default)
        self._known = before
        return head + tail

    def _nullable(self, node: Node) -> bool:
        if isinstance(node, Ref) and node.name in self._known:
            return False
        return nullable(node, self.scope)

    def true(self, node: Node) -> str:
        """A Python condition: the value is TRUE (not FALSE, not NULL)."""
        if self._given and not isinstance(node, Ref | Lit) and node in self._given:
            return f"({self._given[node]} is True)"
        match node:
            case Coalesce(args=(first, Lit(value=False))):
                return self.true(first)
            case And(args=args):
                return f"({' and '.join(self.true(arg) for arg in args)})"
            case Or(args=args):
                return f"({' or '.join(self.true(arg) for arg in args)})"
            case Not(of=of):
                return self.false(of)
            case IsNull(of=of):
                return f"({self.value(of)} is None)" if self._nullable(of) else "False"
            case Cmp() | In():
                return self._test(node, "False")
            case _:
                text = self.value(node)
                return f"({text} is True)" if self._nullable(node) else text

    def false(self, node: Node) -> str:
        """A Python condition: the value is FALSE (not TRUE, not NULL)."""
        if self._given and not isinstance(node, Ref | Lit) and node in self._given:
            return f"({self._given[node]} is False)"
        match node:
            case And(args=args):
                return f"({' or '.join(self.false(arg) for arg in args)})"
            case Or(args=args):
                return f"({' and '.join(self.false(arg) for arg in args)})"
            case Not(of=of):
                return self.true(of)
            case IsNull(of=of):
                return f"({self.value(of)} is not None)" if self._nullable(of) else "True"
            case Cmp(op=op, left=left, right=right):
                return self._test(Cmp(NEGATED[op], left, right), "False")
            case In():
                return self._test(node, "False", negated=True)
            case _:
                text = self.value(node)
                return f"({text} is False)" if self._nullable(node) else f"(not {text})"

    def _test(self, node: Cmp | In, otherwise: str, *, negated: bool = False) -> str:
        if isinstance(node, Cmp):
            operator = _OPERATORS.get(node.op, node.op)
            return self._strict([node.left, node.right], lambda x, y: f"{x} {operator} {y}", otherwise)
        operator = "not in" if negated else "in"
        return self._strict([node.of], lambda x: f"{x} {operator} {self._bound(_members(node.values))}", otherwise)

    def _strict(self, args: Sequence[Node], write: Callable[..., str], otherwise: str) -> str:
        """An operation that is NULL when any argument is: arguments are tested for None first, each once."""
        tests: list[str] = []
        body = write(*(self._operand(arg, tests) for arg in args))
        if not tests:
            return f"({body})"
        checked = " and ".join(dict.fromkeys(tests))
        return f"({checked} and {body})" if otherwise == "False" else f"({body} if {checked} else {otherwise})"

    def _operand(self, node: Node, tests: list[str]) -> str:
        """The text of an operand that is not NULL once `tests` hold."""
        if not self._nullable(node):
            return self.value(node)
        if isinstance(node, Ref):
            tests.append(f"{node.name} is not None")
            return node.name
        if self._plain(node):
            tests += [f"{part.name} is not None" for part in walk(node) if isinstance(part, Ref) and self._nullable(part)]
            return self._raw(node)
        name = self._temporary()
        tests.append(f"({name} := {self.value(node)}) is not None")
        return name

    def _plain(self, node: Node) -> bool:
        """Whether an expression is NULL exactly when one of its columns is."""
        return all(self._plain_part(part) for part in walk(node))

    def _plain_part(self, node: Node) -> bool:
        if isinstance(node, IDiv):
            low, high = bounds(node.right, self.scope)
            return not low <= 0 <= high
        return isinstance(node, Ref | Neg | Arith | DatePart) or (isinstance(node, Lit) and node.value is not None)

    def strict(self, node: Node) -> bool:
        """Whether a comparison is NULL exactly when one of its columns is."""
        parts = (node.left, node.right) if isinstance(node, Cmp) else (node.of,) if isinstance(node, In) else ()
        return bool(parts) and all(self._plain(part) for part in parts)

    def _raw(self, node: Node) -> str:
        if self._given and not isinstance(node, Ref | Lit) and node in self._given:
            return self._given[node]
        match node:
            case Neg(of=of):
                return f"(-{self._raw(of)})"
            case Arith(op=op, left=left, right=right):
                return f"({self._raw(left)} {op} {self._raw(right)})"
            case DatePart(part=part, of=of):
                return f"{self._raw(of)}.{part}"
            case IDiv(left=left, right=right):
                return f"({self._quotient(node)(self._raw(left), self._raw(right))})"
            case _:
                return self.value(node)

    def _quotient(self, node: IDiv) -> Callable[[str, str], str]:
        """`//` where no sign can turn floor into something else than truncation."""
        positive = node.guarded or bounds(node.right, self.scope)[0] > 0
        if positive and bounds(node.left, self.scope)[0] >= 0:
            return lambda x, y: f"{x} // {y}"
        if isinstance(node.right, Lit) and positive:  # towards zero without a call
            name = self._temporary()
            return lambda x, y: f"({name} // {y} if ({name} := {x}) >= 0 else -(-{name} // {y}))"
        return lambda x, y: f"_div({x}, {y})"

    def _divide(self, node: IDiv) -> str:
        low, high = bounds(node.right, self.scope)
        write = self._quotient(node)
        if node.guarded or not low <= 0 <= high:
            return self._strict([node.left, node.right], write, "None")
        tests: list[str] = []
        left, divisor = self._operand(node.left, tests), self._temporary()
        tests.append(f"({divisor} := {self.value(node.right)})")  # neither None nor 0
        return f"({write(left, divisor)} if {' and '.join(tests)} else None)"

    def _coalesce(self, node: Coalesce) -> str:
        text = self.value(node.args[-1])
        for arg in reversed(node.args[:-1]):
            if not self._nullable(arg):
                text = self.value(arg)
            elif isinstance(arg, Ref):
                text = f"({arg.name} if {arg.name} is not None else {text})"
            else:
                name = self._temporary()
                text = f"({name} if ({name} := {self.value(arg)}) is not None else {text})"
        return text

    def _extreme(self, node: Extreme) -> str:
        args = [self.value(arg) for arg in node.args]
        if any(self._nullable(arg) for arg in node.args):
            return f"_{node.op.lower()}({', '.join(args)})"
        operator = "<" if node.op == "LEAST" else ">"
        if len(args) == 2 and all(_SIMPLE.match(arg) for arg in args):
            return f"({args[0]} if {args[0]} {operator} {args[1]} else {args[1]})"
        return f"{'_min' if node.op == 'LEAST' else '_max'}({', '.join(args)})"

    def _literal(self, value: Value) -> str:
        if value is None or isinstance(value, bool | int | float):
            return repr(value)
        return self._bound(value)

    def _bound(self, value: object) -> str:
        if isinstance(value, tuple) and all(isinstance(each, int) for each in value):
            return repr(value)
        key = (type(value).__name__, value)
        if key not in self._names:
            kind = "d" if isinstance(value, dt.date) else "s"
            self._names[key] = name = f"_{kind}{len(self._names)}"
            self.constants[name] = value
        return self._names[key]

    def _temporary(self) -> str:
        self._temporaries += 1
        return f"_t{self._temporaries}"
