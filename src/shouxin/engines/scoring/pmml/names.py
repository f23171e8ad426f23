"""Names, codes and values as a card may have them, from those of a file written by others."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection

from shouxin.engines.policy.names import check_name, check_reason, check_value

MOST_NAME, MOST_VALUE = 40, 56


def name_of(text: str, taken: Collection[str]) -> str:
    """A name of an input or characteristic, unlike those that are taken; the text itself where it can be one.

    >>> name_of("Months since 1st loan", ()), name_of("age", {"age"}), name_of("score", ()), name_of("年龄", ())
    ('months_since_1st_loan', 'age_2', 'score_x', 'x')
    """
    if text not in taken and _passes(check_name, text):
        return text
    plain = _words(text).lower()
    plain = plain if plain[:1].isalpha() else f"x_{plain}".rstrip("_")
    return _unlike(plain[:MOST_NAME].rstrip("_"), taken, check_name, "_")


def value_of(text: str, taken: Collection[str]) -> str:
    """A value of an enum; the text itself where it can be one.

    >>> value_of("credit card", ()), value_of("Debt (cons.)", ()), value_of("?", ())
    ('credit card', 'Debt cons.', 'x')
    """
    if text not in taken and _passes(check_value, text):
        return text
    plain = re.sub(r"[^\w .:/+<>=%-]+", "", text)
    plain = re.sub(r" +", " ", plain).strip(" .:/+<>=%-" if not plain[:1].isalnum() else " ")
    return _unlike(plain[:MOST_VALUE].rstrip() or "x", taken, check_value, " ")


def code_of(text: str) -> str:
    """A reason code; the text itself where it can be one.

    >>> code_of("RC2_3"), code_of("rc-01"), code_of("7"), code_of("年龄")
    ('RC2_3', 'RC_01', 'R_7', 'R_')
    """
    if _passes(check_reason, text):
        return text
    plain = _words(text).upper()[:MOST_NAME].rstrip("_")
    return check_reason(plain if len(plain) > 1 and plain[0].isalpha() else f"R_{plain}")


def _passes(check: Callable[[str], str], text: str) -> bool:
    try:
        check(text)
    except ValueError:
        return False
    return True


def _words(text: str) -> str:
    """Its letters a-z and digits, the rest as single underscores."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9]+", "_", plain).strip("_")


def _unlike(plain: str, taken: Collection[str], check: Callable[[str], str], joint: str) -> str:
    if not _passes(check, plain):
        plain = f"{plain}{joint}x"
    found, count = plain, 1
    while found in taken:
        count += 1
        found = f"{plain}{joint}{count}"
    return check(found)
