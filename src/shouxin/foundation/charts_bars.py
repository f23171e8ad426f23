"""Bars that lie, one below another, with room for long names: importance, stability indices, points of bins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from shouxin.foundation.charts_frame import blank, document
from shouxin.foundation.charts_labels import BASELINE, GAP, LINE, WIDTH, label_above, label_below, label_height
from shouxin.foundation.charts_legend import comparison_stroke, legend
from shouxin.foundation.charts_model import Axis, Bars, Heading, Level
from shouxin.foundation.charts_numbers import NUMBERS_HEIGHT, numbers_around, numbers_below, widest_of
from shouxin.foundation.charts_rows import RowNames, row_names
from shouxin.foundation.charts_slots import Slots, Written, entries, outer_end, reach_of, some_value, written_values
from shouxin.foundation.charts_style import FAINT, GRID, HALO, Look, whisker_on_bar
from shouxin.foundation.charts_svg import Svg, line, text
from shouxin.foundation.charts_ticks import Scale, Ticks, drawable

_LEAST_WIDTH = 160.0  # of the plot: the ticks are chosen for it, and values that would leave less are not written


def bar_chart(heading: Heading, names: Axis, values: Axis, bars: Sequence[Bars], levels: Sequence[Level] = ()) -> Svg:
    """Lying bars from zero, one of each series beside each name, with its value beyond its end. Reads from above.

    Raises ValueError unless each series has one value for each name.

    >>> names = Axis(names=("utilisation", "age"))
    >>> svg = bar_chart(Heading("gain", "Gain", "What each adds.", "en"), names, Axis("AUC"), [Bars("AUC", (0.021, 0.004))])
    >>> ">0.021</text>" in svg
    True
    """
    if not some_value(names.names, bars):
        return blank(heading)
    key, rows = legend(entries(bars, levels)), row_names(names.names)
    top = key.height + label_height(names.label)
    slots = Slots(top, max(LINE * len(bars), rows.height) / 0.8, len(bars))
    plot = _lying(values, rows, bars, levels)
    bottom = top + slots.size * len(names.names)
    parts = [key.drawn, label_above(names.label, key.height), rows.drawn(rows.width, slots.middle)]
    parts += [_grid(plot, (top, bottom)), numbers_below(values, plot.ticks, plot.across, bottom)]
    parts += [_bars(plot, slots, one, at) for at, one in enumerate(bars)]
    parts += [_level(plot, level, (top, bottom), at) for at, level in enumerate(levels) if drawable(level.value)]
    ends = plot.across.start, plot.across.end
    parts += [_values(plot, slots, bars), label_below(values.label, bottom + NUMBERS_HEIGHT, ends)]
    return document(heading, bottom + NUMBERS_HEIGHT + label_height(values.label) + GAP, *parts)


@dataclass(frozen=True, slots=True)
class _Lying:
    """Where values lie from left to right."""

    across: Scale
    ticks: Ticks
    written: Written


def _lying(values: Axis, rows: RowNames, bars: Sequence[Bars], levels: Sequence[Level]) -> _Lying:
    """The plot to the right of the names, with room for the values beyond the bars on both sides."""
    ticks = numbers_around(values, reach_of(bars, levels), _LEAST_WIDTH)
    written = written_values(values, ticks, bars)
    beyond = written.widest + 6
    negative = any(value < 0 for one in bars for value in one.values)
    names, overhang = rows.width + GAP, widest_of(values, ticks) / 2
    if WIDTH - names - beyond * (1 + negative) < _LEAST_WIDTH:
        written, beyond = Written(((),) * len(bars)), 0.0
    left, right = max(names + beyond * negative, overhang), WIDTH - max(beyond, overhang)
    return _Lying(Scale(ticks.values[0], ticks.values[-1], left, right), ticks, written)


def _grid(plot: _Lying, ends: tuple[float, float]) -> Svg:
    """An upright line at each tick, a stronger one at zero."""
    return Svg("".join(_upright(plot, value, ends, {"stroke": GRID if value else FAINT}) for value in plot.ticks.values))


def _upright(plot: _Lying, value: float, ends: tuple[float, float], stroke: dict[str, str | float]) -> Svg:
    x = plot.across.at(value)
    return line((x, ends[0]), (x, ends[1]), **stroke)


def _level(plot: _Lying, level: Level, ends: tuple[float, float], position: int) -> Svg:
    return _upright(plot, level.value, ends, comparison_stroke(position))


def _bars(plot: _Lying, slots: Slots, one: Bars, position: int) -> Svg:
    """The bars of one series, and their whiskers over them."""
    look, across = Look(position), plot.across
    parts: list[str] = []
    for at, value in enumerate(one.values):
        if drawable(value):
            left, right = sorted((across.at(value), across.at(0.0)))
            parts.append(look.bar((left, slots.edge(at, position)), (right - left, slots.thickness)))
    for at, (low, high) in enumerate(one.whiskers):
        if drawable(low) and drawable(high):
            middle = slots.edge(at, position) + slots.thickness / 2
            parts.append(whisker_on_bar((across.at(low), across.at(high)), (middle, middle)))
    return Svg("".join(parts))


def _values(plot: _Lying, slots: Slots, bars: Sequence[Bars]) -> Svg:
    parts = []
    for position, (one, texts) in enumerate(zip(bars, plot.written.texts, strict=True)):
        for at, each in enumerate(texts):
            if each:
                end, negative = plot.across.at(outer_end(one, at)), one.values[at] < 0
                y = slots.edge(at, position) + slots.thickness / 2 + BASELINE
                parts.append(text(end - 4 if negative else end + 4, y, each, text_anchor="end" if negative else "start", **HALO))
    return Svg("".join(parts))
