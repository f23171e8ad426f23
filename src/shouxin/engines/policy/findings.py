"""What the static checks find: where, what stands there, what would be right, and a customer who shows it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, TypeAlias

from shouxin.engines.policy.errors import Place
from shouxin.engines.policy.scope import Scope
from shouxin.engines.policy.tree import Type, Value

Severity: TypeAlias = Literal["error", "warning", "note"]
_UNITS = {Type.MONEY: 100, Type.BP: 100, Type.PPM: 10_000}


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding about a bundle that could be loaded.

    severity: `error` contradicts itself or the law; `warning` is allowed and seldom meant; `note` was not decided, or
              is worth knowing
    code:     stable, e.g. `C-DEAD-RULE`
    text:     what stands there, cut to 80 characters
    right:    what would be right
    example:  facts that show it, as they are written in cases: money in major units, shares and rates in percent
    """

    severity: Severity
    code: str
    file: str
    line: int
    text: str
    right: str
    example: Mapping[str, str] = field(default_factory=dict, hash=False)

    def __str__(self) -> str:
        shown = ", ".join(f"{name}={value}" for name, value in self.example.items())
        head = f"{self.file}:{self.line}: {self.severity}: {self.code}: {self.text!r}: {self.right}"
        return f"{head}; for example {shown}" if shown else head


def finding(
    severity: Severity, code: str, place: Place, text: object, right: str, example: Mapping[str, str] | None = None
) -> Finding:
    """A finding at a place; long text is cut."""
    shown = str(text)
    shown = shown if len(shown) <= 80 else shown[:77] + "..."
    return Finding(severity, code, place.file, place.line, shown, right, dict(example or {}))


def undecided(code: str, place: Place, text: object, why: str) -> Finding:
    """The note that a check could not be decided."""
    return finding("note", code, place, text, f"not decided: {why}")


def readable(name: str, value: Value, scope: Scope) -> tuple[str, str]:
    """A column's name and value as a person writes them.

    >>> from shouxin.engines.policy.scope import Column
    >>> readable("income", 800_050, Scope({"income": Column("income", Type.MONEY)}))
    ('income', '8000.50')
    """
    for column in scope.columns.values():
        if column.ordinal == name and isinstance(value, int):
            return column.name, column.values[value]
    return name, amount(value, scope.columns[name].type)


def amount(value: Value, kind: Type) -> str:
    """A stored value as a person writes it: 300050 of money is `3000.50`, 73000 of ppm is `7.30`."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, int) and kind in _UNITS:
        scaled = Decimal(value) / _UNITS[kind]
        return f"{scaled:.2f}" if scaled == round(scaled, 2) else f"{scaled.normalize():f}"
    return str(value)
