"""A JSON object read field by field, so that every refusal names its field."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from shouxin.engines.loans.errors import ConventionUnknown, DayOutOfRange, FileMalformed
from shouxin.engines.loans.periods import FIRST_DAY, LAST_DAY
from shouxin.foundation.days import read_day


class Reader:
    """A JSON object read field by field; every refusal names the field, and what no field asked for is known at the end."""

    def __init__(self, written: Any, where: str) -> None:
        if not isinstance(written, Mapping):
            raise FileMalformed(where, type(written).__name__, right="an object")
        self.written, self.where, self.read = written, where, set[str]()

    def get(self, *names: str) -> Any:
        """The value of the first of some names that is there; None where none is."""
        self.read.update(names)
        return next((self.written[each] for each in names if self.written.get(each) is not None), None)

    def need(self, name: str) -> Any:
        """A value that must be there."""
        value = self.get(name)
        if value is None:
            raise FileMalformed(f"{self.where}.{name}", "missing", right="a value: see the vectors for the names")
        return value

    def choice(self, name: str, known: Mapping[str, Any] | Sequence[str], default: str | None = None) -> Any:
        """One of some names; of a mapping what it stands for."""
        value = self.get(name)
        value = default if value is None else value
        if value is None or str(value) not in known:
            raise ConventionUnknown(f"{self.where}.{name}", value, known=", ".join(known))
        return known[str(value)] if isinstance(known, Mapping) else str(value)

    def whole(self, *names: str, default: int = 0) -> int:
        """A whole number."""
        value = self.get(*names)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int):
            raise FileMalformed(f"{self.where}.{names[0]}", value, right="a whole number")
        return value

    def day(self, name: str) -> dt.date:
        """A day that must be there, of the time in which loans are made."""
        day = read_day(self.need(name), f"{self.where}.{name}")
        if not FIRST_DAY <= day <= LAST_DAY:
            raise DayOutOfRange(f"{self.where}.{name}", day, first=FIRST_DAY, last=LAST_DAY)
        return day
