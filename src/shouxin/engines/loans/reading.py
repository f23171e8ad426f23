"""A JSON object read field by field, so that every refusal names its field."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from shouxin.engines.loans.errors import ConventionUnknown, DayOutOfRange, FileMalformed
from shouxin.engines.loans.periods import FIRST_DAY, LAST_DAY
from shouxin.foundation.days import read_day


class Reader:
    """A JSON object read field by field; every refusal names the field, and what no field asked for is known at the end."""

    def __init__(self, written: Any, where: str) -> None:
        if not isinstance(written, Mapping):
            raise FileMalformed(where, kind_of(written), right="an object")
        self.written, self.where, self.read = written, where, set[str]()

    def get(self, *names: str) -> Any:
        """The value of the first of some names that is there; None where none is."""
        self.read.update(names)
        return next((self.written[each] for each in names if self.written.get(each) is not None), None)

    def need(self, name: str) -> Any:
        """A value that must be there."""
        value = self.get(name)
        if value is None:
            raise FileMalformed(f"{self.where}.{name}", "missing", right="a value")
        return value

    def choice(self, name: str, known: Mapping[str, Any] | Sequence[str], default: str | None = None) -> Any:
        """One of some names; of a mapping what it stands for."""
        value = self.get(name)
        value = default if value is None else value
        if value is None or str(value) not in known:
            raise ConventionUnknown(f"{self.where}.{name}", "missing" if value is None else shown(value), known=", ".join(known))
        return known[str(value)] if isinstance(known, Mapping) else str(value)

    def whole(self, *names: str, default: int = 0) -> int:
        """A whole number."""
        value = self.get(*names)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int):
            raise FileMalformed(f"{self.where}.{names[0]}", shown(value), right="a whole number")
        return value

    def flag(self, name: str) -> bool | None:
        """true or false; None where it is not there."""
        value = self.get(name)
        if value is not None and not isinstance(value, bool):
            raise FileMalformed(f"{self.where}.{name}", shown(value), right="true or false")
        return value

    def rows(self, *names: str) -> list[Any] | None:
        """A list; None where it is not there."""
        value = self.get(*names)
        if value is not None and not isinstance(value, list):
            raise FileMalformed(f"{self.where}.{names[0]}", kind_of(value), right="a list")
        return value

    def unread(self) -> list[str]:
        """Names that stand in the object and that nothing asked for."""
        return [f"{self.where}.{name}" for name in self.written if name not in self.read]

    def day(self, name: str) -> dt.date:
        """A day that must be there, of the time in which loans are made."""
        day = read_day(shown(self.need(name)), f"{self.where}.{name}")
        if not FIRST_DAY <= day <= LAST_DAY:
            raise DayOutOfRange(f"{self.where}.{name}", day, first=FIRST_DAY, last=LAST_DAY)
        return day


def kind_of(value: Any) -> str:
    """What a JSON value is, in words."""
    if isinstance(value, bool):
        return "true or false"
    kinds = ((Mapping, "an object"), (list, "a list"), (str, "text"), (int | Decimal, "a number"))
    return next((word for kind, word in kinds if isinstance(value, kind)), "null")


def shown(value: Any) -> Any:
    """A JSON value as it was written; what is no single value by its kind."""
    if value is None or isinstance(value, Mapping | list):
        return kind_of(value)
    return str(value).lower() if isinstance(value, bool) else value
