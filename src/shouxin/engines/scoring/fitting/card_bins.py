"""The fitted bins as a card writes them: which values, how many training rows and bads, how many points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeAlias

import numpy as np

from shouxin.engines.scoring.fitting.coding import Codes, Coding
from shouxin.engines.scoring.fitting.learning import Learning

Test: TypeAlias = dict[str, object]


@dataclass(frozen=True)
class Bin:
    """One bin: `test` is what the card writes, `below` or `in` or nothing; `segment` is its number in the fit."""

    test: Test
    segment: int
    points: int = 0
    rows: int = 0
    bads: int = 0


@dataclass(frozen=True)
class Words:
    """How a column's codes are written. words: level of the data -> word of the card."""

    coding: Coding
    is_flag: bool = False
    words: Mapping[str, str] = field(default_factory=dict)

    def bins(self, segment: Codes) -> list[Bin]:
        """The bins of a grouping of codes, in the card's order: special values, then values; the last has no test."""
        if self.is_flag:
            return [Bin({"in": [True]}, int(segment[1])), Bin({}, int(segment[0]))]
        return self._of_text(segment) if self.coding.is_text else self._of_number(segment)

    def missing(self, segment: Codes) -> int:
        """The segment of a missing value."""
        return int(segment[self.coding.missing])

    def _of_number(self, segment: Codes) -> list[Bin]:
        coding = self.coding
        found = [
            Bin({"in": [number(special)]}, int(segment[coding.plain + place])) for place, special in enumerate(coding.specials)
        ]
        for code, edge in enumerate(coding.edges):
            if segment[code] != segment[code + 1]:
                found.append(Bin({"below": plain(edge)}, int(segment[code])))
        return [*found, Bin({}, int(segment[coding.plain - 1]))]

    def _of_text(self, segment: Codes) -> list[Bin]:
        other = int(segment[len(self.coding.levels)])
        groups: dict[int, list[str]] = {}
        for code, level in enumerate(self.coding.levels):
            groups.setdefault(int(segment[code]), []).append(self.words[level])
        groups.pop(other, None)
        return [*(Bin({"in": words}, place) for place, words in sorted(groups.items())), Bin({}, other)]


def counted(bins: Sequence[Bin], segment: Codes, points: Codes, column: int, learning: Learning) -> list[Bin]:
    """The bins with their training rows, bads and points; neighbours that get the same points become one."""
    place = segment[learning.codes[column]]
    rows = np.bincount(place, minlength=len(points))
    bads = np.bincount(place, learning.bad, len(points))
    full = [
        Bin(each.test, each.segment, int(points[each.segment]), int(rows[each.segment]), int(bads[each.segment])) for each in bins
    ]
    return _merged(full)


def _merged(bins: list[Bin]) -> list[Bin]:
    """Neighbours of one kind with the same points as one bin."""
    found: list[Bin] = []
    for each in bins:
        last = found[-1] if found else None
        if last is not None and last.points == each.points and (test := _together(last.test, each.test)) is not None:
            found[-1] = Bin(test, each.segment, each.points, last.rows + each.rows, last.bads + each.bads)
        else:
            found.append(each)
    return found


def _together(one: Test, two: Test) -> Test | None:
    if "below" in one and "in" not in two:
        return two
    first, second = one.get("in"), two.get("in")
    if isinstance(first, list) and isinstance(second, list) and first != [True]:
        return {"in": [*first, *second]}
    return None


def number(value: float) -> int | Decimal:
    """A number as YAML has it."""
    return plain(Decimal(repr(value)))


def plain(value: Decimal) -> int | Decimal:
    """A whole number as an integer."""
    return int(value) if value == value.to_integral_value() else value
