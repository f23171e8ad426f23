"""Passes `parse` and `whitelist`: the text of one expression -> a syntax tree of sqlglot that holds nothing unexpected.

What is allowed is listed; everything else is refused with the construct's name and what to write instead.
"""

from __future__ import annotations

import re

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from shouxin.engines.policy.errors import ExpressionRefused

MAX_LENGTH = 4_000
MAX_NODES = 600
MAX_DEPTH = 60

ALLOWED: frozenset[type[exp.Expr]] = frozenset[type[exp.Expr]](
    {exp.Column, exp.Identifier, exp.Literal, exp.Boolean, exp.Null, exp.And, exp.Or, exp.Not, exp.Paren}
    | {exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Is, exp.In, exp.Between}
    | {exp.Add, exp.Sub, exp.Mul, exp.Neg, exp.Case, exp.If, exp.Coalesce, exp.Least, exp.Greatest}
    | {exp.Year, exp.Month, exp.Day, exp.Anonymous}
)

INSTEAD = {
    "Div": "`/` divides differently on every engine: write idiv(a, b) or ratio_bp(a, b)",
    "IntDiv": "write idiv(a, b)",
    "Mod": "remainders of negative numbers differ between engines: leave `%` out",
    "Round": "ROUND differs between engines: use scaled integers and idiv(a, b)",
    "Cast": "casts round differently between engines: declare the fact with the type you need",
    "TryCast": "casts round differently between engines: declare the fact with the type you need",
    "DateDiff": "month and year differences differ between engines: write months_elapsed(from, to) or age_years(birth, on)",
    "TsOrDsDiff": "month and year differences differ between engines: write months_elapsed(from, to)",
    "Interval": "intervals are not part of the language: compare months_elapsed(from, to)",
    "CurrentDate": "time is an argument: write as_of",
    "CurrentTimestamp": "time is an argument: write as_of",
    "Array": "lists are not part of the language: write IN (...) or a table",
    "DPipe": "strings are only compared, never built",
    "Subquery": "an expression reads one customer's values: no queries",
    "Select": "an expression reads one customer's values: no queries",
    "NullSafeEQ": "write x = y OR (x IS NULL AND y IS NULL)",
    "NullSafeNEQ": "write the cases with IS NULL",
    "Like": "strings are only compared whole: write = or IN",
    "Star": "name the column",
    "Placeholder": "name the fact",
    "Parameter": "name the fact",
}

# Everything else that a node can carry changes its meaning, such as SYMMETRIC after BETWEEN
PARTS = frozenset(
    {"this", "expression", "expressions", "ifs", "default", "true", "low", "high", "quoted", "is_string", "ignore_nulls"}
)

_STRING = re.compile(r"'(?:[^']|'')*'")
# What the parser understands but would silently turn into something else, or leave out
_OTHER_WORDS = re.compile(r"\bin\s*\[|!(?!=)|\b(unknown|ifnull|nvl|isnull|notnull|symmetric)\b", re.IGNORECASE)
_OTHER_RIGHT = "one expression of the language: IS NULL, IS NOT NULL, COALESCE, NOT, IN (...)"
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}\Z")


def parse(text: str) -> exp.Expr:
    """Parse one expression.

    Raises ExpressionRefused (`E-EMPTY`, `E-LONG`, `E-SYNTAX`).
    """
    if not text.strip():
        raise ExpressionRefused("E-EMPTY", text, "write an expression, such as age < 18")
    if len(text) > MAX_LENGTH:
        raise ExpressionRefused("E-LONG", text, f"at most {MAX_LENGTH} characters; name parts in derived.yaml")
    if "\x00" in text:
        raise ExpressionRefused("E-SYNTAX", text, "the text holds a NUL character")
    bare = _STRING.sub("''", text)
    if ";" in bare:
        raise ExpressionRefused("E-SYNTAX", text, "write exactly one expression, without `;`")
    if found := _OTHER_WORDS.search(bare):
        raise ExpressionRefused("E-CONSTRUCT", found[0], _OTHER_RIGHT)
    if text.count("(") - text.count(")") or _deepest(text) > MAX_DEPTH:
        raise ExpressionRefused("E-SYNTAX", text, f"brackets must match and nest at most {MAX_DEPTH} deep")
    try:
        trees = sqlglot.parse(text, read="duckdb")
    except (SqlglotError, RecursionError, ValueError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise ExpressionRefused("E-SYNTAX", text, f"not an SQL expression ({reason})") from None
    if len(trees) != 1 or not isinstance(trees[0], exp.Expr):
        raise ExpressionRefused("E-SYNTAX", text, "write exactly one expression, without `;`")
    return trees[0]


def _deepest(text: str) -> int:
    depth = deepest = 0
    for char in text:
        depth += (char == "(") - (char == ")")
        deepest = max(deepest, depth)
    return deepest


def whitelist(tree: exp.Expr, text: str) -> exp.Expr:
    """Return the tree when every node of it is allowed.

    Raises ExpressionRefused (`E-CONSTRUCT`, `E-QUOTED`, `E-COMMENT`, `E-BIG`), for the first node that is not.
    """
    nodes = 0
    if _depth(tree) > MAX_DEPTH:
        raise ExpressionRefused("E-BIG", text, f"nested at most {MAX_DEPTH} deep; name parts in derived.yaml")
    for node in tree.walk():
        nodes += 1
        if nodes > MAX_NODES:
            raise ExpressionRefused("E-BIG", text, f"at most {MAX_NODES} parts; name some in derived.yaml")
        if node.comments:
            raise ExpressionRefused("E-COMMENT", text, "comments belong to the YAML, after #")
        if is_date(node) or (node.parent is not None and is_date(node.parent)):
            continue
        if type(node) not in ALLOWED:
            _refuse(node, text)
        extra = [name for name, value in node.args.items() if value and name not in PARTS]
        if extra and not isinstance(node, exp.Column) and type(node) in ALLOWED:
            right = INSTEAD.get(type(node.args[extra[0]]).__name__, f"{extra[0].upper()} is not part of the language")
            raise ExpressionRefused("E-CONSTRUCT", text, right)
        if isinstance(node, exp.Column) and len(node.parts) > 1:
            raise ExpressionRefused("E-CONSTRUCT", node.sql(), "a name has no table before it")
        if isinstance(node, exp.Identifier) and node.args.get("quoted"):
            raise ExpressionRefused("E-QUOTED", node.sql(), "names are not quoted; a string stands in 'single' quotes")
        if isinstance(node, exp.If) and not isinstance(node.parent, exp.Case):
            raise ExpressionRefused("E-CONSTRUCT", node.sql(), "write CASE WHEN ... THEN ... ELSE ... END")
    return tree


def _depth(tree: exp.Expr) -> int:
    """How deep an expression nests; a chain of ANDs, or of ORs, is one level."""
    deepest, waiting = 0, [(tree, 1)]
    while waiting:
        node, depth = waiting.pop()
        deepest = max(deepest, depth)
        for child in node.iter_expressions():
            chained = isinstance(node, exp.And | exp.Or) and type(child) is type(node)
            waiting.append((child, depth if chained else depth + 1))
    return deepest


def is_date(node: exp.Expr) -> bool:
    """Whether a node is a date written out: DATE '2026-01-31'."""
    return (
        isinstance(node, exp.Cast)
        and not isinstance(node, exp.TryCast)
        and node.to.is_type(exp.DataType.Type.DATE)
        and isinstance(node.this, exp.Literal)
        and node.this.is_string
        and _DATE.match(node.this.this) is not None
    )


def _refuse(node: exp.Expr, text: str) -> None:
    name = type(node).__name__
    right = INSTEAD.get(name, f"{name} is not part of the language; see docs/reference/policy-language.md")
    try:
        shown = node.sql("duckdb")
    except Exception:  # a node sqlglot cannot print back is refused all the same
        shown = text
    raise ExpressionRefused("E-CONSTRUCT", shown, right)
