"""The words in which a card writes the levels of a text column: those that a bundle may hold."""

from __future__ import annotations

import re
from collections.abc import Sequence

from shouxin.engines.policy.names import check_value

LONGEST = 56
_ODD = re.compile(r"[^\w .:/+<>=%-]+")


def words_for(levels: Sequence[str]) -> dict[str, str]:
    """Level of the data -> a word that a bundle may hold; itself where it may, and no two the same.

    >>> words_for(["car", "Debt (cons.)", "-2"])
    {'car': 'car', 'Debt (cons.)': 'Debt cons.', '-2': 'x-2'}
    """
    found: dict[str, str] = {}
    taken = {level for level in levels if _allowed(level)}
    for level in levels:
        word = level if _allowed(level) else _changed(level)
        number = 2
        while word in found.values() or (word != level and word in taken):
            word = f"{_changed(level)[:LONGEST]}.{number}"
            number += 1
        found[level] = word
    return found


def _allowed(level: str) -> bool:
    try:
        return check_value(level) == level and level != "missing" and level.strip() == level
    except ValueError:
        return False


def _changed(level: str) -> str:
    word = " ".join(_ODD.sub(" ", level).split())[:LONGEST].strip()
    if not word or word == "missing":
        return f"x {word}".strip()
    return word if re.match(r"\w", word) else f"x{word}"
