"""Read one customer's facts, as written in JSON or YAML, into the values that a policy computes with.

Every fault is reported at once, each with the fact, the value and what would be right.
"""

from __future__ import annotations

import datetime as dt
import difflib
import hashlib
import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from shouxin.engines.policy.plan import Input, Plan
from shouxin.engines.policy.tree import Type, Value
from shouxin.foundation.days import read_day
from shouxin.foundation.errors import DayUnreadable

MISSING = object()
MONEY = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,2}0*)?\Z")


@dataclass(frozen=True, slots=True)
class FactFault:
    """One fact that cannot be used."""

    fact: str
    value: str
    right: str

    def __str__(self) -> str:
        return f"{self.fact}: {self.value}: {self.right}"


class FactsRefused(Exception):
    """Facts that do not fit the bundle's catalogue; carries every fault."""

    def __init__(self, faults: list[FactFault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(each) for each in faults))


class Facts(Mapping[str, Value]):
    """One customer's facts in stored values, checked against a catalogue. Immutable.

    values: in the order of the plan's inputs; money in minor units, NULL as None
    """

    __slots__ = ("_hash", "_names", "values_in_order")

    _names: Mapping[str, int]
    values_in_order: tuple[Value, ...]
    _hash: str | None

    def __init__(self, names: Mapping[str, int], values: tuple[Value, ...]) -> None:
        object.__setattr__(self, "_names", names)
        object.__setattr__(self, "values_in_order", values)
        object.__setattr__(self, "_hash", None)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"facts are immutable: {name}")

    def __reduce__(self) -> tuple[Any, ...]:
        return Facts, (dict(self._names), self.values_in_order)

    def __getitem__(self, name: str) -> Value:
        return self.values_in_order[self._names[name]]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    @property
    def hash(self) -> str:
        """SHA-256 of the canonical bytes, worked out when first read."""
        if self._hash is None:
            object.__setattr__(self, "_hash", hashlib.sha256(self.canonical()).hexdigest())
        assert self._hash is not None
        return self._hash

    def canonical(self) -> bytes:
        """Names in order with their values, as JSON without spaces."""
        plain = {name: _plain(self[name]) for name in sorted(self._names)}
        return json.dumps(plain, separators=(",", ":"), ensure_ascii=False).encode()


def _plain(value: Value) -> object:
    return value.isoformat() if isinstance(value, dt.date) else value


def read_facts(plan: Plan, written: Mapping[str, Any], also: frozenset[str] = frozenset()) -> Facts:
    """Facts from a mapping fact -> value as written.

    Money is in major units (an integer, or a decimal as a string), unless its fact says `unit: minor`. A fact that is
    absent takes the bundle's `if_absent`, else it is missing. Names in `also` are allowed and not read.

    Raises FactsRefused.
    """
    names = {each.fact: index for index, each in enumerate(plan.inputs)}
    faults = [_unknown(name, names) for name in written if name not in names and name not in also]
    values: list[Value] = []
    for each in plan.inputs:
        try:
            values.append(read_value(each, written.get(each.fact, MISSING)))
        except ValueError as error:
            shown = written.get(each.fact, "absent")
            faults.append(FactFault(each.fact, repr(shown)[:60] if shown != "absent" else shown, str(error)))
    if faults:
        raise FactsRefused(faults)
    return Facts(names, tuple(values))


def _unknown(name: str, known: Mapping[str, int]) -> FactFault:
    close = difflib.get_close_matches(name, list(known), n=1)
    return FactFault(name, "unknown", f"no such fact in this bundle{f'; did you mean {close[0]}?' if close else ''}")


def read_value(each: Input, written: Any) -> Value:
    """One value as stored; raises ValueError that says what would be right."""
    if written is MISSING:
        written = None
        if each.if_absent is not None:
            return each.if_absent
    if written is None or _is_missing(each, written):
        if not each.column.nullable:
            raise ValueError(f"{each.en} is required: {expected(each)}")
        return None
    value = _converted(each, written)
    column = each.column
    if column.low is not None and column.high is not None and not column.low <= value <= column.high:
        raise ValueError(f"out of range: {expected(each)}")
    return value  # type: ignore[no-any-return]


def _is_missing(each: Input, written: Any) -> bool:
    if isinstance(written, bool) or not each.missing_values:
        return False
    if written in each.missing_values:
        return True
    if isinstance(written, float):  # 0.1 is not exactly a tenth
        return any(not isinstance(value, str) and float(value) == written for value in each.missing_values)
    try:
        return each.column.type is not Type.ENUM and Decimal(written) in each.missing_values
    except (InvalidOperation, TypeError, ValueError):
        return False


def _converted(each: Input, written: Any) -> Any:
    kind = each.column.type
    if kind is Type.BOOL and isinstance(written, bool):
        return written
    if kind is Type.ENUM and isinstance(written, str | int) and not isinstance(written, bool):
        return _word(each, str(written))
    if kind is Type.DATE:
        return _date(each, written)
    if isinstance(written, bool):
        raise ValueError(expected(each))
    if kind is Type.DOUBLE and isinstance(written, int | float | Decimal) and math.isfinite(written):
        return float(written)
    if kind is Type.MONEY and each.unit == "major":
        return _money(each, written)
    if kind in (Type.INT, Type.BP, Type.PPM, Type.MONEY) and isinstance(written, int):
        return written
    raise ValueError(expected(each))


def _word(each: Input, written: str) -> str:
    """A value of an enum. An empty text is no word: `otherwise` does not stand for it."""
    word = dict(each.mapping).get(written, written)
    if word in each.column.values:
        return word
    if each.otherwise is not None and written:
        return each.otherwise
    raise ValueError(expected(each))


def _date(each: Input, written: Any) -> dt.date:
    if isinstance(written, dt.date) and not isinstance(written, dt.datetime):
        return written
    try:
        return read_day(written, each.fact)
    except DayUnreadable:
        raise ValueError(expected(each)) from None


def _money(each: Input, written: Any) -> int:
    if isinstance(written, float) or not isinstance(written, int | str | Decimal):
        raise ValueError(f"{expected(each)}; an integer, or a decimal in quotes")
    text = written if isinstance(written, str) else str(written) if isinstance(written, int) else _digits(written)
    if not MONEY.match(text):
        raise ValueError(f"{expected(each)}; digits, with at most two decimals")
    return int(Decimal(text) * 100)


def _digits(value: Decimal) -> str:
    """A decimal written out; nothing for what is too long to be money."""
    return f"{value:f}" if value.is_finite() and abs(value.adjusted()) < 30 else ""


def expected(each: Input) -> str:
    """What a value of this fact looks like.

    `money between 0.00 and 10000000.00`, `one of owned, rented`, `a day written YYYY-MM-DD ...`
    """
    column = each.column
    if column.type is Type.ENUM:
        words = f"one of {', '.join((*column.values, *dict(each.mapping)))}"
        return words if each.otherwise is None else f"{words}; any other text is read as {each.otherwise}"
    if column.type is Type.BOOL:
        return "true or false"
    if column.type is Type.DOUBLE:
        return "a finite number" if column.low is None else f"a number between {column.low} and {column.high}"
    if column.type is Type.DATE:
        return f"a day written YYYY-MM-DD, from {column.low} to {column.high}"
    low, high = int(str(column.low)), int(str(column.high))
    if column.type is Type.MONEY and each.unit == "major":
        return f"money between {low // 100} and {high // 100}"
    unit = {Type.MONEY: "minor units", Type.BP: "1/10,000", Type.PPM: "1/1,000,000"}.get(column.type)
    return f"an integer{f' ({unit})' if unit else ''} between {low} and {high}"
