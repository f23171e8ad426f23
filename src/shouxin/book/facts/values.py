"""Values of facts as snapshots keep them: JSON, the same whichever bundle typed them. Read first: `plain_value`.

Money is kept in major units, as text, also where a bundle's files have minor units: another bundle may read the value later.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from shouxin.engines.policy.plan import Input
from shouxin.engines.policy.read import MISSING, read_value
from shouxin.engines.policy.tree import Type, Value
from shouxin.foundation.money import write_amount

BOOK = "book"


def plain_value(each: Input, value: Value) -> Any:
    """A stored value (money in minor units) as JSON."""
    if value is None:
        return None
    if each.column.type is Type.MONEY:
        return write_amount(int(str(value)))
    return value.isoformat() if isinstance(value, dt.date) else value


def by_source(inputs: Iterable[Input], written: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Facts as a bundle's files write them, as snapshots keep them: of each source, but for our own books.

    Raises ValueError as `read_value` does.
    """
    found: dict[str, dict[str, Any]] = {}
    for each in inputs:
        if each.source != BOOK and written.get(each.fact) is not None:
            found.setdefault(each.source, {})[each.fact] = plain_value(each, read_value(each, written[each.fact]))
    return found


def as_written(each: Input, plain: Any) -> Any:
    """What `plain_value` made, as `read_value` of this fact takes it."""
    if each.column.type is not Type.MONEY or each.unit == "major" or not isinstance(plain, str):
        return plain
    try:
        return int(Decimal(plain) * 100)
    except (InvalidOperation, OverflowError, ValueError):
        return plain  # no money: the bundle that kept it had a fact of another type, and `read_value` says so


def came_in(each: Input, written: Any = MISSING) -> Value:
    """What came in of a fact, as stored: the bundle's `if_absent` where nothing did; None where it has none, also of a fact that
    is required, and where the catalogue cannot take it."""
    try:
        return read_value(each, written)
    except ValueError:
        return None


def is_usable(each: Input, written: Any) -> bool:
    """Whether a catalogue takes a value that another bundle may have typed."""
    try:
        return read_value(each, written) is not None
    except ValueError:
        return False
