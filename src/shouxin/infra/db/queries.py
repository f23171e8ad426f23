"""Named SQL: a room keeps its statements in `queries.sql`, each below a line with its name and a line that says what it does.

-- customer_locked: the customer's row, held until the end of the transaction.
SELECT ... FROM customer WHERE customer_id = %s FOR NO KEY UPDATE;
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib import resources
from types import MappingProxyType

_HEAD = re.compile(r"^-- ([a-z][a-z0-9_]*): (.+)$", re.MULTILINE)


class QueriesUnreadable(Exception):
    """A file of named statements that breaks its own form; a fault in the code, not in an input."""


def load_queries(package: str, file: str = "queries.sql") -> Mapping[str, str]:
    """The statements of a package by name. Raises QueriesUnreadable for a name twice or a statement without a name."""
    return read_queries(resources.files(package).joinpath(file).read_text("utf-8"))


def read_queries(text: str) -> Mapping[str, str]:
    """Statements by name.

    >>> dict(read_queries("-- one: the number one.\\nSELECT 1;\\n"))
    {'one': 'SELECT 1'}
    """
    heads = list(_HEAD.finditer(text))
    if text[: heads[0].start() if heads else None].replace("--", "").strip() and not text.lstrip().startswith("--"):
        raise QueriesUnreadable("text before the first name")
    found: dict[str, str] = {}
    for head, following in zip(heads, [*heads[1:], None], strict=True):
        name, body = head[1], text[head.end() : following.start() if following else len(text)]
        if name in found:
            raise QueriesUnreadable(f"twice: {name}")
        found[name] = body.strip().removesuffix(";")
    return MappingProxyType(found)
