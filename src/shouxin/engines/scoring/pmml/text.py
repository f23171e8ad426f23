"""A drafted card as the text of its file: blocks for what is long, one line for each bin, row of points, input and reason."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

_PLAIN = re.compile(r"[^\W\d_][\w -]*\Z")
_WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})
WIDTH = 120


def card_text(data: Mapping[str, Any], remark: str) -> str:
    """The file's text, with a remark on its first line."""
    return "\n".join([f"# {remark}", *_block(data, "")]) + "\n"


def _block(data: Mapping[str, Any], indent: str) -> Iterator[str]:
    for key, value in data.items():
        head, line = f"{indent}{_scalar(key)}:", _flow(value)
        if len(indent + head + line) <= WIDTH and not _is_long(value):
            yield f"{head} {line}"
        elif isinstance(value, Mapping):
            yield head
            yield from _block(value, indent + "  ")
        elif isinstance(value, Sequence) and not isinstance(value, str):
            yield head
            yield from (f"{indent}  - {_flow(each)}" for each in value)
        else:
            yield f"{head} {line}"


def _is_long(value: Any) -> bool:
    """Whether it holds rows or parts of its own."""
    parts: Any = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    return any(isinstance(part, Mapping | list) for part in parts)


def _flow(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_scalar(key)}: {_flow(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_flow(each) for each in value) + "]"
    return _scalar(value)


def _scalar(value: Any) -> str:
    """A word, a number, a flag, or a text in quotes.

    >>> [_scalar(each) for each in ("credit card", "no", "1", Decimal("1E+2"), True)]
    ['credit card', '"no"', '"1"', '100', 'true']
    """
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, int):
        return str(value)
    if _PLAIN.match(value) and value.casefold() not in _WORDS and value == value.strip():
        return str(value)
    return json.dumps(value, ensure_ascii=not value.isprintable())
