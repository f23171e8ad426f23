"""Sanctions screening, before every grant and every payout. Read first: `check_not_listed`.

A screening that cannot be done is an error and never "nobody was found". A lender without a list says so with `NoList`.
"""

from __future__ import annotations

import csv
import datetime as dt
import os
import unicodedata
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, TextIO

from shouxin.book.customers.errors import CustomerListed, ListUnreadable
from shouxin.book.customers.model import Person
from shouxin.foundation.days import read_day
from shouxin.foundation.errors import DayUnreadable

COLUMNS = ["name", "id_number", "list", "since"]
_PASSED_OVER = ("Z", "P", "C")  # spaces, punctuation, control and format characters


@dataclass(frozen=True, slots=True)
class Hit:
    """Somebody was found. by: `id_number` or `name`; a name alone may be another person's, and staff decide."""

    list: str
    since: dt.date
    by: str


class Screening(Protocol):
    """Where it is looked up whether somebody is listed."""

    def check(self, name: str, id_number: str | None) -> Hit | None:
        """The first entry with this identity number, else with this name. Raises ListUnreadable."""


class NoList:
    """A lender who screens elsewhere, and has said so in the settings."""

    def check(self, name: str, id_number: str | None) -> Hit | None:  # noqa: ARG002 - the protocol's arguments
        """Nobody is listed."""
        return None


@dataclass(slots=True)
class ListFile:
    """A list in a CSV file: `name,id_number,list,since`; one of the first two may be empty.

    It is read again whenever the file changed: put a new one in its place by renaming. A file that went missing or bad is an
    error; the old list is not used on.
    """

    path: Path
    _seen: tuple[int, ...] | None = field(default=None, init=False)
    _entries: Mapping[str, Hit] = field(default_factory=dict, init=False)

    def check(self, name: str, id_number: str | None) -> Hit | None:
        """As `Screening`. Names are compared without case, width, spaces and punctuation; simplified and traditional characters
        are not matched with each other: a list names both."""
        self._refresh()
        by_number = self._entries.get(_number(id_number)) if id_number else None
        return by_number or self._entries.get(_name(name))

    def _refresh(self) -> None:
        try:
            seen = _stamp(self.path.stat())
            if seen != self._seen:
                with self.path.open(encoding="utf-8-sig", newline="") as file:
                    entries = _read(file, self.path)
                    if _stamp(os.fstat(file.fileno())) != seen:
                        raise ListUnreadable("list", self.path, why="it changed while it was read")
                self._entries, self._seen = entries, seen
        except OSError as error:
            raise ListUnreadable("list", self.path, why=error.strerror) from None
        except (csv.Error, UnicodeDecodeError):
            raise ListUnreadable("list", self.path, why="not CSV in UTF-8") from None


def _stamp(found: os.stat_result) -> tuple[int, ...]:
    """What tells one state of a file from another; the time of its last change of any kind cannot be set back."""
    return found.st_ctime_ns, found.st_mtime_ns, found.st_size, found.st_ino


def listed(screening: Screening, person: Person) -> Hit | None:
    """Whether somebody is found by any identity number or by name. Raises what the screening raises. Linked persons are the
    caller's to ask for."""
    hits = (screening.check(person.name, number) for number in person.numbers or (None,))
    return next((each for each in hits if each), None)


def check_not_listed(screening: Screening, customer_id: uuid.UUID, person: Person) -> None:
    """Raises CustomerListed, which tells the customer nothing but that staff are needed; staff ask `listed` what was found."""
    if listed(screening, person):
        raise CustomerListed("customer", customer_id)


def normalised(name: str) -> str:
    """A name as names are compared: NFKC, without case, spaces and punctuation.

    >>> normalised("Ｏ’Brien,  Seán") == normalised("o'brien seán"), normalised("阿卜杜拉·买买提")
    (True, '阿卜杜拉买买提')
    """
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold())
    kept = "".join(each for each in apart if not unicodedata.category(each).startswith(_PASSED_OVER))
    return unicodedata.normalize("NFKC", kept)  # last: an accent finds its letter again where something stood between them


def _read(file: TextIO, path: Path) -> Mapping[str, Hit]:
    rows = csv.reader(file, strict=True)
    if next(rows, None) != COLUMNS:
        raise ListUnreadable("list", path, why="another first line")
    entries: dict[str, Hit] = {}
    for row in rows:
        for key, hit in _entries(row, f"line {rows.line_num} of {path}"):
            entries.setdefault(key, hit)
    if not entries:
        raise ListUnreadable("list", path, why="no rows")
    return entries


def _entries(row: list[str], where: str) -> Iterable[tuple[str, Hit]]:
    if len(row) != len(COLUMNS) or not row[2].strip():
        raise ListUnreadable("list", where, why="not four columns with the name of a list in the third")
    name, number, source, since = (each.strip() for each in row)
    if not normalised(name) and not normalised(number):
        raise ListUnreadable("list", where, why="neither name nor number")
    try:
        day = read_day(since)
    except DayUnreadable:
        raise ListUnreadable("list", where, why="since is not a day YYYY-MM-DD") from None
    found = {_number(number): Hit(source, day, "id_number"), _name(name): Hit(source, day, "name")}
    return [(key, hit) for key, hit in found.items() if len(key) > 1]


def _name(name: str) -> str:
    return "n" + normalised(name)


def _number(number: str) -> str:
    return "i" + normalised(number)
