"""Names and labels around a plot, laid out so that none is clipped and none runs into its neighbour.

Lengths are units of the viewBox; a chart is `WIDTH` wide. On a page the chart takes the width it is given. At 480 units a label
of 12 is still read on a phone of 360 pixels.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from shouxin.foundation.charts_measure import cut, longest_piece, one_line, text_width, wrap
from shouxin.foundation.charts_svg import Svg, element, number, text, words

WIDTH, SIZE, LINE, GAP = 480.0, 12.0, 15.0, 8.0
BASELINE = 4.0  # from the middle of a line of text down to its baseline
_LONGEST = 120.0


@dataclass(frozen=True, slots=True)
class NamesBelow:
    """The names of columns under their middles: on up to three lines each, or turned where that is too narrow.

    lines: for each column, its lines; none where its name is left out
    """

    lines: tuple[tuple[str, ...], ...]
    turned: bool
    height: float

    @property
    def widest(self) -> float:
        """The room of the widest line."""
        return max((text_width(each, SIZE) for lines in self.lines for each in lines), default=0.0)

    def drawn(self, middle: Callable[[int], float], y: float) -> Svg:
        """The names, from y downwards."""
        draw = _turned if self.turned else _centred
        return Svg("".join(draw(lines, middle(at), y) for at, lines in enumerate(self.lines) if lines))


def names_below(names: Sequence[str], slot: float) -> NamesBelow:
    """Names for columns `slot` wide. Where not even turned names have room, every second, third, ... is written."""
    room = slot - 6
    flat = tuple(wrap(each, SIZE, room, 9) for each in names)
    if all(len(lines) <= 3 and longest_piece(name, SIZE) <= room for name, lines in zip(names, flat, strict=True)):
        return NamesBelow(flat, turned=False, height=max(map(len, flat)) * LINE + 4)
    every, most = math.ceil(LINE / slot), min(3, max(1, int(slot / LINE)))
    kept = tuple(wrap(each, SIZE, _LONGEST, most) if at % every == 0 else () for at, each in enumerate(names))
    turned = NamesBelow(kept, turned=True, height=0.0)
    return replace(turned, height=turned.widest + GAP + 4)


def names_thinned(names: Sequence[str], slot: float) -> NamesBelow:
    """Names of an order, such as months, on one line each: as many as have room, evenly spaced."""
    every = max(1, math.ceil((widest_name(names) + GAP) / slot))
    kept = tuple((_short(each),) if at % every == 0 else () for at, each in enumerate(names))
    return NamesBelow(kept, turned=False, height=LINE + 4)


def widest_name(names: Sequence[str]) -> float:
    """The room of the widest of names on one line each."""
    return max(text_width(_short(each), SIZE) for each in names)


def label_height(label: str) -> float:
    """The height of an axis's label: of no, one or two lines."""
    return LINE * len(_label_lines(label))


def label_above(label: str, y: float) -> Svg:
    """The label of an axis that stands, above the axis, from y downwards."""
    return lines_of_text(_label_lines(label), 0, y + LINE / 2 + BASELINE, "start")


def label_below(label: str, y: float, ends: tuple[float, float]) -> Svg:
    """The label of an axis that lies, from y downwards, centred between the axis's ends as far as it has room there."""
    lines = _label_lines(label)
    half = max((text_width(each, SIZE) for each in lines), default=0.0) / 2
    middle = min(max((ends[0] + ends[1]) / 2, half), WIDTH - half)
    return lines_of_text(lines, middle, y + LINE, "middle")


def lines_of_text(lines: Sequence[str], x: float, y: float, anchor: str) -> Svg:
    """Lines below one another; y: the baseline of the first."""
    return Svg("".join(text(x, y + at * LINE, each, text_anchor=anchor) for at, each in enumerate(lines)))


def _short(name: str) -> str:
    return cut(one_line(name), SIZE, _LONGEST)


def _label_lines(label: str) -> tuple[str, ...]:
    return wrap(label, SIZE, WIDTH, 2)


def _centred(lines: tuple[str, ...], x: float, y: float) -> Svg:
    return lines_of_text(lines, x, y + LINE, "middle")


def _turned(lines: tuple[str, ...], x: float, y: float) -> Svg:
    """A name that reads upwards and ends below y; its lines from left to right."""
    first = x + BASELINE - LINE * (len(lines) - 1) / 2
    places = (f"translate({number(first + at * LINE)} {number(y + GAP)}) rotate(-90)" for at in range(len(lines)))
    drawn = zip(lines, places, strict=True)
    return Svg("".join(element("text", words(each), transform=place, text_anchor="end") for each, place in drawn))
