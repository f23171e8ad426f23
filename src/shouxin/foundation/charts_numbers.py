"""The lying axis of numbers: as many ticks as have labels that do not touch, each with its number below."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from shouxin.foundation.charts_labels import GAP, LINE, SIZE
from shouxin.foundation.charts_measure import text_width
from shouxin.foundation.charts_model import Axis
from shouxin.foundation.charts_style import FAINT
from shouxin.foundation.charts_svg import Svg, line, text
from shouxin.foundation.charts_ticks import Scale, Ticks, span, ticks_around, ticks_within

NUMBERS_HEIGHT = LINE + 6
_MOST = 8


def widest_number(axis: Axis, low: float, high: float) -> float:
    """The room of the widest label that the axis may get: that of its finest ticks."""
    return widest_of(axis, ticks_within(low, high, _MOST))


def widest_of(axis: Axis, ticks: Ticks) -> float:
    """The room of the widest label."""
    return max((text_width(each, SIZE) for each in ticks.written(axis.style)), default=0.0)


def numbers_within(axis: Axis, across: Scale) -> Ticks:
    """The ticks between the ends of a scale; one where two labels have no room."""
    for most in range(_MOST, 1, -1):
        ticks = ticks_within(across.low, across.high, most)
        if _apart(axis, ticks, across):
            return ticks
    return replace(ticks, values=ticks.values[:1])


def numbers_around(axis: Axis, values: Iterable[float], width: float) -> Ticks:
    """The ticks around values, for a plot of a width; only the outer two where three labels have no room."""
    low, high = span((*values, *axis.reach))
    for most in range(_MOST, 2, -1):
        ticks = ticks_around(low, high, most)
        if _apart(axis, ticks, Scale(ticks.values[0], ticks.values[-1], 0.0, width)):
            return ticks
    return replace(ticks, values=(ticks.values[0], ticks.values[-1]))


def numbers_below(axis: Axis, ticks: Ticks, across: Scale, bottom: float) -> Svg:
    """Each tick's number, with a short mark, below a plot that ends at `bottom`."""
    drawn = []
    for value, written in zip(ticks.values, ticks.written(axis.style), strict=True):
        place = across.at(value)
        drawn.append(line((place, bottom), (place, bottom + 4), stroke=FAINT))
        drawn.append(text(place, bottom + LINE + 2, written, text_anchor="middle"))
    return Svg("".join(drawn))


def _apart(axis: Axis, ticks: Ticks, across: Scale) -> bool:
    step = across.at(ticks.values[1]) - across.at(ticks.values[0]) if len(ticks.values) > 1 else across.end - across.start
    return step >= widest_of(axis, ticks) + GAP
