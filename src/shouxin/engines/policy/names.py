"""Names and codes that a bundle may give. They become column names and parts of generated code, so the rule is narrow."""

from __future__ import annotations

import builtins
import keyword
import re

_NAME = re.compile(r"[a-z][a-z0-9_]{0,47}\Z")
_PRODUCT = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*\Z")
_REASON = re.compile(r"[A-Z][A-Z0-9_]{1,47}\Z")
_VALUE = re.compile(r"[\w][\w .:/+<>=%-]{0,63}\Z")

SQL_WORDS = frozenset(
    """
    all and any array as asc between both by case cast check column constraint create cross date day default desc distinct
    div do else end except exists false fetch for foreign from full function grant group having in inner insert intersect
    interval into is join lateral leading left like limit month natural not null offset on only or order outer primary
    references right row rows select set some table then time timestamp to true union unique update user using values when
    where window with year
    """.split()  # noqa: SIM905 - words read better than a list of strings
)
RESERVED = frozenset(
    {"as_of", "score", "pd_ppm", "tier", "tier_no", "total_line", "no_record", "idiv", "ratio_bp", "amount", "pct"}
)


def check_name(name: str) -> str:
    """Return the name, or raise ValueError that says what a name looks like."""
    if not _NAME.match(name):
        raise ValueError("a name is a-z, 0-9 and _, begins with a letter and has at most 48 characters")
    if name in SQL_WORDS or keyword.iskeyword(name) or hasattr(builtins, name) or name in RESERVED:
        raise ValueError("this word is taken by SQL, by Python or by the language itself; add to it, such as x_flag")
    return name


def check_product(code: str) -> str:
    """Return a code such as `consumer-line`, or raise ValueError."""
    if not _PRODUCT.match(code) or len(code) > 40:
        raise ValueError("a code is a-z and 0-9 with single hyphens, such as consumer-line, at most 40 characters")
    return code


def check_reason(code: str) -> str:
    """Return a code such as `AGE_UNDER_18`, or raise ValueError."""
    if not _REASON.match(code):
        raise ValueError("a reason code is A-Z, 0-9 and _, such as AGE_UNDER_18, at most 48 characters")
    return code


def check_value(value: str) -> str:
    """Return a value of an enum, or raise ValueError."""
    if not _VALUE.match(value):
        raise ValueError("a value is letters, digits, spaces and _.:/+<>=%-, at most 64 characters")
    return value


def column_of(product: str) -> str:
    """The column name of a product code: `consumer-line` -> `consumer_line`."""
    return product.replace("-", "_")
