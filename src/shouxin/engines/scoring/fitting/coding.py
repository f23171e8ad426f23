"""Columns as small integers: what fitting works on. Ordinary values first, then special values, then missing.

number:  bins between round bounds, at most FINEST of them; a bin's bound is exclusive, as in the card
text:    one code per level with enough rows, and one for all others, which unseen levels get too
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

FINEST = 128
DECIMALS = 9
DIGITS = 15
LEVEL_SHARE, LEVEL_ROWS = 0.002, 15

Codes = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Coding:
    """How the values of one column become codes.

    edges:    exclusive upper bounds of a number's bins, ascending; none for a text
    levels:   the levels of a text that have a code of their own; none for a number
    specials: values of a number that stand outside its order
    """

    name: str
    edges: tuple[Decimal, ...] = ()
    levels: tuple[str, ...] = ()
    specials: tuple[float, ...] = ()
    is_text: bool = False

    @property
    def plain(self) -> int:
        """Codes of ordinary values; the last one of a text is `other`."""
        return len(self.levels if self.is_text else self.edges) + 1

    @property
    def missing(self) -> int:
        """The code of a missing value: the last one."""
        return self.plain + len(self.specials)

    @property
    def count(self) -> int:
        """How many codes there are."""
        return self.missing + 1

    def codes(self, values: NDArray[Any]) -> Codes:
        """The code of every value."""
        return self._of_texts(values) if self.is_text else self._of_numbers(values)

    def _of_numbers(self, values: NDArray[Any]) -> Codes:
        bounds = np.array([float(each) for each in self.edges])
        found = np.searchsorted(bounds, values, side="right")
        for place, special in enumerate(self.specials):
            found = np.where(values == special, self.plain + place, found)
        return np.where(np.isnan(values), self.missing, found).astype(np.int64)

    def _of_texts(self, values: NDArray[Any]) -> Codes:
        known: dict[Any, int] = {level: place for place, level in enumerate(self.levels)}
        known[None] = self.missing
        other = len(self.levels)
        return np.fromiter((known.get(each, other) for each in values), dtype=np.int64, count=len(values))


def code_numbers(name: str, values: Floats, specials: Sequence[float] = ()) -> Coding:
    """The coding of a number column, from its training values."""
    own = values[~np.isnan(values) & ~np.isin(values, list(specials))]
    return Coding(name, _edges(own), (), tuple(specials))


def code_texts(name: str, values: NDArray[Any]) -> Coding:
    """The coding of a text column, from its training values: levels too rare to learn from share a code."""
    counts = Counter(each for each in values if each is not None)
    least = max(LEVEL_ROWS, LEVEL_SHARE * len(values))
    kept = tuple(sorted(level for level, count in counts.items() if count >= least))
    return Coding(name, (), kept, (), True)


def _edges(values: Floats) -> tuple[Decimal, ...]:
    """Round bounds that part the values into at most FINEST bins of about as many rows each."""
    distinct = np.unique(values)
    gaps = list(pairwise(distinct)) if len(distinct) <= FINEST else _gaps_at_quantiles(values, distinct)
    found = {edge for low, high in gaps if (edge := round_between(float(low), float(high))) is not None}
    return tuple(sorted(found))


def _gaps_at_quantiles(values: Floats, distinct: Floats) -> list[tuple[float, float]]:
    """(below, above): between them a bound may lie anywhere. A quantile's neighbourhood; both sides of a value with many rows."""
    steps = np.arange(1, FINEST) / FINEST
    around = 0.25 / FINEST
    low, high = (np.quantile(values, np.clip(steps + shift, 0, 1), method="nearest") for shift in (-around, around))
    gaps = [(float(one), float(two)) for one, two in zip(low, high, strict=True) if one < two]
    for value in np.unique(low[low == high]):
        place = int(np.searchsorted(distinct, value))
        gaps += [(float(distinct[at]), float(distinct[at + 1])) for at in (place - 1, place) if 0 <= at < len(distinct) - 1]
    return gaps


def round_between(low: float, high: float) -> Decimal | None:
    """The roundest number above `low` and not above `high`; None where it would need more digits than a card writes.

    >>> round_between(39.0, 41.0), round_between(0.0, 1.0), round_between(0.1234, 0.1271)
    (Decimal('40'), Decimal('1'), Decimal('0.125'))
    """
    below, above = Decimal(repr(low)), Decimal(repr(high))
    for exponent in range(DIGITS, -DECIMALS - 1, -1):
        for half in (1, 2):
            step = Decimal(10) ** exponent / half
            found = (above / step).to_integral_value(rounding="ROUND_FLOOR") * step
            if found > below and abs(found) < 10**DIGITS:
                return _plain(found)
    return None


def _plain(number: Decimal) -> Decimal | None:
    """Without exponent and needless zeros; None where that needs more decimals than a card has."""
    shown = Decimal(f"{number:f}".rstrip("0").rstrip(".") or "0") if "." in f"{number:f}" else Decimal(f"{number:f}")
    digits = f"{shown:f}".partition(".")[2]
    return shown if len(digits) <= DECIMALS else None
