"""Passes `resolve`, `expand families` and `type`: a whitelisted syntax tree -> the typed tree.

A bare number is never compared with money: write amount(3000) for 3,000.00. That one rule keeps yuan and fen apart.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from sqlglot import exp

from shouxin.engines.policy import macros
from shouxin.engines.policy.errors import ExpressionRefused
from shouxin.engines.policy.parse import is_date
from shouxin.engines.policy.ranges import describe
from shouxin.engines.policy.scope import FIRST_DAY, INT64_MAX, LAST_DAY, Scope
from shouxin.engines.policy.tree import (
    INTEGERS,
    NULL,
    And,
    Arith,
    Case,
    Cmp,
    Coalesce,
    DatePart,
    Extreme,
    In,
    IsNull,
    Lit,
    Neg,
    Node,
    Not,
    Ref,
    Type,
    Value,
    and_,
    or_,
    walk,
)

COMPARISONS: Mapping[type[exp.Expr], str] = {exp.EQ: "=", exp.NEQ: "<>", exp.GT: ">", exp.GTE: ">=", exp.LT: "<", exp.LTE: "<="}
ARITHMETIC: Mapping[type[exp.Expr], str] = {exp.Add: "+", exp.Sub: "-", exp.Mul: "*"}
PARTS: Mapping[type[exp.Expr], str] = {exp.Year: "year", exp.Month: "month", exp.Day: "day"}


def infer(tree: exp.Expr, scope: Scope) -> Node:
    """The typed tree of a whitelisted expression.

    Raises ExpressionRefused: `E-UNKNOWN`, `E-PRODUCT`, `E-TYPE`, `E-MONEY`, `E-NULL`, `E-VALUE`, `E-NUMBER`.
    """
    return _Typer(scope).node(tree)


class _Typer:
    """One walk over one syntax tree."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    def node(self, tree: exp.Expr) -> Node:
        if is_date(tree):
            return _date(tree.this.this)
        if isinstance(tree, exp.Paren):
            return self.node(tree.this)
        if isinstance(tree, exp.Column):
            column = self.scope.column(tree.name.lower())
            return Ref(column.name, column.type)
        if isinstance(tree, exp.Literal):
            return _literal(tree)
        if isinstance(tree, exp.Boolean):
            return Lit(bool(tree.this), Type.BOOL)
        if isinstance(tree, exp.Null):
            return NULL
        if isinstance(tree, exp.And | exp.Or):
            return self._connective(tree)
        if isinstance(tree, exp.Not):
            return Not(self._of(tree.this, Type.BOOL))
        if isinstance(tree, exp.Is):
            return self._is(tree)
        return self._other(tree)

    def _other(self, tree: exp.Expr) -> Node:
        if type(tree) in COMPARISONS:
            return self.compare(COMPARISONS[type(tree)], self.node(tree.this), self.node(tree.expression))
        if isinstance(tree, exp.Between):
            return self._between(tree)
        if isinstance(tree, exp.In):
            return self._in(tree)
        if type(tree) in ARITHMETIC:
            return arithmetic(ARITHMETIC[type(tree)], self.node(tree.this), self.node(tree.expression))
        if isinstance(tree, exp.Neg):
            return self._negative(tree)
        if isinstance(tree, exp.Case):
            return self._case(tree)
        if isinstance(tree, exp.Coalesce | exp.Least | exp.Greatest):
            return self._several(tree)
        if type(tree) in PARTS:
            return DatePart(PARTS[type(tree)], self._of(tree.this, Type.DATE))
        if isinstance(tree, exp.Anonymous):
            return self._call(tree)
        raise ExpressionRefused("E-CONSTRUCT", tree.sql("duckdb"), f"{type(tree).__name__} is not allowed here")

    def _of(self, tree: exp.Expr, wanted: Type) -> Node:
        node = self.node(tree)
        if node.type is not wanted:
            raise ExpressionRefused("E-TYPE", describe(node), f"is {node.type}; {wanted} is needed here")
        return node

    def _connective(self, tree: exp.And | exp.Or) -> Node:
        """Long chains lean to the left; they are unrolled without recursion."""
        kind, parts, rest = type(tree), [], tree
        while isinstance(rest, kind):
            parts.append(rest.expression)
            rest = rest.this
        parts.append(rest)
        args = [self._of(part, Type.BOOL) for part in reversed(parts)]
        return and_(*args) if kind is exp.And else or_(*args)

    def _is(self, tree: exp.Is) -> Node:
        if not isinstance(tree.expression, exp.Null):
            raise ExpressionRefused("E-CONSTRUCT", tree.sql("duckdb"), "only IS NULL and IS NOT NULL; write the flag itself")
        return IsNull(self.node(tree.this))

    def _between(self, tree: exp.Between) -> Node:
        value = self.node(tree.this)
        low, high = self.node(tree.args["low"]), self.node(tree.args["high"])
        return And((self.compare(">=", value, low), self.compare("<=", value, high)))

    def compare(self, op: str, left: Node, right: Node) -> Node:
        """A comparison of two typed trees."""
        if NULL in (left, right):
            raise ExpressionRefused("E-NULL", f"{describe(left)} {op} {describe(right)}", "is always NULL: write IS NULL")
        if {left.type, right.type} == {Type.ENUM}:
            return self._compare_strings(op, left, right)
        if Type.DOUBLE in (left.type, right.type):
            return Cmp(op, _as_double(left), _as_double(right))
        kind = common(left, right)
        if kind is Type.BOOL and op not in ("=", "<>"):
            raise ExpressionRefused("E-TYPE", f"{describe(left)} {op} {describe(right)}", "flags have no order: use = or NOT")
        return Cmp(op, left, right)

    def _compare_strings(self, op: str, left: Node, right: Node) -> Node:
        if op not in ("=", "<>"):
            raise ExpressionRefused(
                "E-TYPE", f"{describe(left)} {op} {describe(right)}", "values of an enum have no order: use =, <> or IN"
            )
        for one, other in ((left, right), (right, left)):
            if isinstance(one, Ref) and isinstance(other, Lit):
                (position,) = self._positions(one, (other.value,))
                return Cmp(op, self._stored(one), Lit(position, Type.INT if isinstance(position, int) else Type.ENUM))
        for part in (left, right):
            if isinstance(part, Ref) and self.scope.column(part.name).ordinal:
                raise ExpressionRefused("E-TYPE", part.name, "compare it with a written value, such as 'A'")
        return Cmp(op, left, right)

    def _stored(self, ref: Ref) -> Ref:
        ordinal = self.scope.column(ref.name).ordinal
        return Ref(ordinal, Type.INT) if ordinal else ref

    def _positions(self, ref: Ref, values: tuple[Value, ...]) -> tuple[Value, ...]:
        """The values as they are stored: themselves, or their position for an enum kept as a number."""
        column = self.scope.column(ref.name)
        for value in values:
            if value not in column.values:
                raise ExpressionRefused("E-VALUE", str(value), f"{ref.name} is one of {', '.join(column.values)}")
        return tuple(column.values.index(str(value)) for value in values) if column.ordinal else values

    def _in(self, tree: exp.In) -> Node:
        of = self.node(tree.this)
        if not tree.expressions:
            raise ExpressionRefused("E-CONSTRUCT", tree.sql("duckdb"), "IN takes a list of constants: IN ('a', 'b')")
        values = [self.node(each) for each in tree.expressions]
        for each in values:
            if not isinstance(each, Lit) or each == NULL:
                raise ExpressionRefused("E-VALUE", describe(each), "IN takes constants, and NULL is never equal to anything")
        found = tuple(each.value for each in values if isinstance(each, Lit))
        if of.type is Type.ENUM and all(each.type is Type.ENUM for each in values) and isinstance(of, Ref):
            return In(self._stored(of), self._positions(of, found))
        if of.type not in INTEGERS | {Type.DATE}:
            raise ExpressionRefused("E-TYPE", describe(of), f"is {of.type}; IN needs an enum, an integer or a date")
        for each in values:
            common(of, each)
        return In(of, found)

    def _negative(self, tree: exp.Neg) -> Node:
        of = self.node(tree.this)
        if isinstance(of, Lit) and isinstance(of.value, int | float) and not isinstance(of.value, bool):
            return Lit(-of.value, of.type)
        if of.type not in INTEGERS:
            raise ExpressionRefused("E-TYPE", describe(of), f"is {of.type}; only integers can be negated")
        return Neg(of, of.type)

    def _case(self, tree: exp.Case) -> Node:
        subject = self.node(tree.this) if tree.this is not None else None
        whens = []
        for branch in tree.args["ifs"]:
            test = branch.this
            when = self._of(test, Type.BOOL) if subject is None else self.compare("=", subject, self.node(test))
            whens.append((when, self.node(branch.args["true"])))
        default = self.node(tree.args["default"]) if tree.args.get("default") is not None else NULL
        results = [then for _, then in whens] + [default]
        return Case(tuple(whens), default, self._shared(results))

    def _several(self, tree: exp.Coalesce | exp.Least | exp.Greatest) -> Node:
        args = tuple(self.node(each) for each in (tree.this, *tree.expressions))
        kind = self._shared(list(args))
        if isinstance(tree, exp.Coalesce):
            return Coalesce(args, kind)
        op = "LEAST" if isinstance(tree, exp.Least) else "GREATEST"
        if kind not in INTEGERS | {Type.DATE}:
            raise ExpressionRefused("E-TYPE", f"{op}({describe(args[0])}, ...)", f"is of {kind}; needs integers or dates")
        return Extreme(op, args, kind) if len(args) > 1 else args[0]

    def _shared(self, results: list[Node]) -> Type:
        """The one type of several alternatives."""
        for each in results:
            if isinstance(each, Ref) and self.scope.column(each.name).ordinal:
                raise ExpressionRefused("E-TYPE", each.name, "compare it with a written value, such as 'A'")
        first = next((each for each in results if each != NULL), None)
        if first is None:
            raise ExpressionRefused("E-NULL", "NULL", "every alternative is NULL: nothing to choose from")
        kind = first.type
        for each in results:
            if each != NULL:
                kind = _joined(kind, first, each)
        return kind

    def _call(self, tree: exp.Anonymous) -> Node:
        name = str(tree.this).lower()
        if name in self.scope.families:
            return self._family(name, tree)
        if name == "no_record":
            return self._no_record(tree)
        if name in macros.LITERALS:
            return macros.LITERALS[name](_number(tree))
        if name not in macros.MACROS:
            if name in ("now", "today", "current_date", "getdate"):
                raise ExpressionRefused("E-FUNCTION", name, "time is an argument: write as_of")
            known = sorted([*macros.MACROS, *macros.LITERALS, "no_record", *self.scope.families])
            raise ExpressionRefused("E-FUNCTION", name, f"no such function; there are {', '.join(known)}")
        count, build = macros.MACROS[name]
        if len(tree.expressions) != count:
            raise ExpressionRefused("E-FUNCTION", tree.sql("duckdb"), f"{name} takes {count} arguments")
        return build(self.scope, *(self.node(each) for each in tree.expressions))

    def _family(self, name: str, tree: exp.Anonymous) -> Node:
        args = tree.expressions
        if len(args) != 1 or not isinstance(args[0], exp.Literal) or not args[0].is_string:
            raise ExpressionRefused("E-PRODUCT", tree.sql("duckdb"), f"write {name}('product-code')")
        column = self.scope.column(self.scope.member(name, args[0].this))
        return Ref(column.name, column.type)

    def _no_record(self, tree: exp.Anonymous) -> Node:
        args = tree.expressions
        fact = args[0].name.lower() if len(args) == 1 and isinstance(args[0], exp.Column) else tree.sql("duckdb")
        if fact not in self.scope.no_record:
            known = ", ".join(sorted(self.scope.no_record)) or "none here"
            raise ExpressionRefused("E-UNKNOWN", fact, f"facts whose source can answer `no record`: {known}")
        return self.scope.no_record[fact]


def arithmetic(op: str, left: Node, right: Node) -> Node:
    """`+`, `-` or `*` of two typed trees."""
    shown = f"{describe(left)} {op} {describe(right)}"
    if NULL in (left, right):
        raise ExpressionRefused("E-NULL", shown, "is always NULL")
    if left.type not in INTEGERS or right.type not in INTEGERS:
        raise ExpressionRefused("E-TYPE", shown, f"is {left.type} {op} {right.type}; only integers are computed with")
    if op != "*":
        return Arith(op, left, right, common(left, right))
    if Type.INT in (left.type, right.type):
        return Arith(op, left, right, right.type if left.type is Type.INT else left.type)
    if Type.MONEY in (left.type, right.type) and left.type is not right.type:
        return Arith(op, left, right, Type.MONEY)
    raise ExpressionRefused("E-TYPE", shown, f"{left.type} times {right.type} has no meaning")


def common(left: Node, right: Node) -> Type:
    """The type in which two trees can be compared or added; raises ExpressionRefused (`E-TYPE`, `E-MONEY`)."""
    return _joined(left.type, left, right)


def _joined(kind: Type, left: Node, right: Node) -> Type:
    if kind is right.type:
        return kind
    for scaled, plain in ((kind, right), (right.type, left)):
        if plain.type is not Type.INT or not _constant(plain):
            continue
        if scaled in (Type.BP, Type.PPM) or plain == Lit(0, Type.INT):
            return scaled
        if scaled is Type.MONEY:
            raise ExpressionRefused("E-MONEY", describe(plain), f"a bare number is not money: write amount({describe(plain)})")
    raise ExpressionRefused("E-TYPE", f"{describe(left)} with {describe(right)}", f"{kind} and {right.type} do not mix")


def _constant(node: Node) -> bool:
    return not any(isinstance(part, Ref) for part in walk(node))


def _as_double(node: Node) -> Node:
    if node.type is Type.DOUBLE:
        return node
    if isinstance(node, Lit) and node.type is Type.INT and isinstance(node.value, int):
        return Lit(float(node.value), Type.DOUBLE)
    raise ExpressionRefused("E-TYPE", describe(node), "a double is compared with a written number or another double only")


def _date(text: str) -> Lit:
    try:
        value = dt.date.fromisoformat(text)
    except ValueError:
        raise ExpressionRefused("E-NUMBER", text, "no such day; write DATE 'YYYY-MM-DD'") from None
    if not FIRST_DAY <= value <= LAST_DAY:
        raise ExpressionRefused("E-NUMBER", text, f"dates lie between {FIRST_DAY} and {LAST_DAY}")
    return Lit(value, Type.DATE)


def _literal(tree: exp.Literal) -> Lit:
    text = tree.this
    if tree.is_string:
        return Lit(text, Type.ENUM)
    if text.isascii() and text.isdigit():
        if int(text) > INT64_MAX:
            raise ExpressionRefused("E-NUMBER", text, "an integer of 64 bits")
        return Lit(int(text), Type.INT)
    return Lit(float(_decimal(text)), Type.DOUBLE)


def _decimal(text: str) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise ExpressionRefused("E-NUMBER", text, "a number such as 12 or 0.35") from None
    if len(value.as_tuple().digits) > 15 or "e" in text.lower():
        raise ExpressionRefused("E-NUMBER", text, "at most 15 digits, without exponent")
    return value


def _number(tree: exp.Anonymous) -> Decimal:
    args = tree.expressions
    sign, arg = (-1, args[0].this) if args and isinstance(args[0], exp.Neg) else (1, args[0] if args else None)
    if len(args) != 1 or not isinstance(arg, exp.Literal) or arg.is_string:
        raise ExpressionRefused("E-NUMBER", tree.sql("duckdb"), f"write {tree.this}(3000) or {tree.this}(12.50)")
    return sign * _decimal(arg.this)
