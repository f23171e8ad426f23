"""Hatching: parallel lines within a rectangle, each family of lines the same wherever the rectangle lies.

The lines are drawn as lines, not as an SVG pattern: browsers write a pattern into a PDF many times over.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from shouxin.foundation.charts_svg import number

_APART = 6.0
_FAMILIES = ("/", "-", "\\", "-|", "/\\")
_Line = tuple[tuple[float, float], tuple[float, float]]


def hatching(kind: int, corner: tuple[float, float], size: tuple[float, float]) -> str:
    """The path of the lines of a kind (0, 1, 2, ...; five in turn) in a rectangle; corner: left and top, size: width and height.

    >>> hatching(1, (0, 1), (20, 12))
    'M0,6 L20,6 M0,12 L20,12'
    """
    ends = corner[0] + size[0], corner[1] + size[1]
    lines = (each for family in _FAMILIES[kind % len(_FAMILIES)] for each in _lines(family, corner, ends))
    return " ".join(f"M{number(a)},{number(b)} L{number(c)},{number(d)}" for (a, b), (c, d) in lines)


def _lines(family: str, corner: tuple[float, float], ends: tuple[float, float]) -> Iterator[_Line]:
    """Lines on which x, y, x + y or x - y is a multiple of the distance."""
    (left, top), (right, bottom) = corner, ends
    match family:
        case "-":
            yield from (((left, at), (right, at)) for at in _multiples(top, bottom))
        case "|":
            yield from (((at, top), (at, bottom)) for at in _multiples(left, right))
        case "/":
            for total in _multiples(left + top, right + bottom):
                first, last = max(left, total - bottom), min(right, total - top)
                yield (first, total - first), (last, total - last)
        case _:
            for difference in _multiples(left - bottom, right - top):
                first, last = max(left, top + difference), min(right, bottom + difference)
                yield (first, first - difference), (last, last - difference)


def _multiples(low: float, high: float) -> Iterator[float]:
    return (at * _APART for at in range(math.floor(low / _APART) + 1, math.ceil(high / _APART)))
