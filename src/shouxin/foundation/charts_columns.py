"""Columns over names, and the distribution of a number: points of bins, bad rates of tiers, scores of goods and bads."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from shouxin.foundation.charts_frame import Margins, Upright, blank, document, upright
from shouxin.foundation.charts_labels import GAP, LINE, SIZE, label_below, label_height, names_below
from shouxin.foundation.charts_legend import area_sample, comparison_stroke, legend
from shouxin.foundation.charts_model import Axis, Bars, Heading, Level
from shouxin.foundation.charts_numbers import NUMBERS_HEIGHT, numbers_below, numbers_within, widest_number
from shouxin.foundation.charts_slots import Slots, entries, outer_end, reach_of, some_value, written_values
from shouxin.foundation.charts_style import HALO, Look, whisker_on_bar
from shouxin.foundation.charts_svg import Svg, line, text
from shouxin.foundation.charts_ticks import Scale, drawable


def column_chart(heading: Heading, x: Axis, y: Axis, bars: Sequence[Bars], levels: Sequence[Level] = ()) -> Svg:
    """Columns from zero, one of each series over each of the names of x; their values over them where there is room.

    Raises ValueError unless each series has one value for each name.

    >>> tiers = Axis("tier", names=("A", "B"))
    >>> svg = column_chart(Heading("tiers", "Tiers", "By tier.", "en"), tiers, Axis("bad rate"), [Bars("test", (0.01, 0.04))])
    >>> ">0.01</text>" in svg
    True
    """
    if not some_value(x.names, bars):
        return blank(heading)
    key = legend(entries(bars, levels))
    plot = upright(y, reach_of(bars, levels), key.height, Margins(above=LINE))
    slots = Slots(plot.left, plot.width / len(x.names), len(bars))
    names = names_below(x.names, slots.size)
    under = plot.y.start + (LINE if any(value < 0 for one in bars for value in one.values) else 0.0)
    parts = [key.drawn, plot.drawn()]
    parts += [_columns(plot, slots, one, at) for at, one in enumerate(bars)]
    parts += [_level(plot, each, at) for at, each in enumerate(levels) if drawable(each.value)]
    parts += [_values(plot, slots, bars), names.drawn(slots.middle, under)]
    parts.append(label_below(x.label, under + names.height, plot.ends))
    return document(heading, under + names.height + label_height(x.label) + GAP, *parts)


def histogram(heading: Heading, x: Axis, y: Axis, edges: Sequence[float], bars: Sequence[Bars]) -> Svg:
    """The distribution of a number: for each series its outline over bands, value i between edges i and i + 1.

    Raises ValueError unless the edges ascend, with one value of each series between two of them.

    >>> share = Bars("goods", (0.2, 0.8))
    >>> svg = histogram(Heading("scores", "Scores", "By band.", "en"), Axis("score"), Axis("share"), (350, 650, 950), [share])
    >>> svg.count("<polygon")
    1
    """
    if any(after <= before for before, after in pairwise(edges)) or not all(map(drawable, edges)):
        raise ValueError("edges ascend")
    if not some_value([""] * (len(edges) - 1), bars):
        return blank(heading)
    key = legend([(each.name, area_sample(Look(at))) for at, each in enumerate(bars)])
    overhang = widest_number(x, edges[0], edges[-1]) / 2
    plot = upright(y, reach_of(bars, ()), key.height, Margins(left=overhang, right=max(GAP, overhang)))
    across, bottom = Scale(edges[0], edges[-1], plot.left, plot.right), plot.y.start
    numbers = numbers_below(x, numbers_within(x, across), across, bottom)
    parts = [key.drawn, plot.drawn(), numbers]
    parts.append(label_below(x.label, bottom + NUMBERS_HEIGHT, plot.ends))
    parts += [_outline(each, edges, (across, plot.y), at) for at, each in enumerate(bars)]
    return document(heading, bottom + NUMBERS_HEIGHT + label_height(x.label) + GAP, *parts)


def _columns(plot: Upright, slots: Slots, one: Bars, position: int) -> Svg:
    """The columns of one series, and their whiskers over them."""
    look, up = Look(position), plot.y
    parts: list[str] = []
    for at, value in enumerate(one.values):
        if drawable(value):
            top, bottom = sorted((up.at(value), up.at(0.0)))
            parts.append(look.bar((slots.edge(at, position), top), (slots.thickness, bottom - top)))
    for at, (low, high) in enumerate(one.whiskers):
        if drawable(low) and drawable(high):
            middle = slots.edge(at, position) + slots.thickness / 2
            parts.append(whisker_on_bar((middle, middle), (up.at(low), up.at(high))))
    return Svg("".join(parts))


def _values(plot: Upright, slots: Slots, bars: Sequence[Bars]) -> Svg:
    """The values beyond the ends of their columns, unless one would touch the next."""
    written = written_values(plot.axis, plot.ticks, bars)
    if written.widest > (slots.size if len(bars) == 1 else slots.thickness) - 2:
        return Svg("")
    parts = []
    for position, (one, texts) in enumerate(zip(bars, written.texts, strict=True)):
        for at, each in enumerate(texts):
            if each:
                end = plot.y.at(outer_end(one, at))
                y = end + SIZE + 1 if one.values[at] < 0 else end - 4
                parts.append(text(slots.edge(at, position) + slots.thickness / 2, y, each, text_anchor="middle", **HALO))
    return Svg("".join(parts))


def _level(plot: Upright, level: Level, position: int) -> Svg:
    y = plot.y.at(level.value)
    return line((plot.left, y), (plot.right, y), **comparison_stroke(position))


def _outline(one: Bars, edges: Sequence[float], scales: tuple[Scale, Scale], position: int) -> Svg:
    """The stairs over the bands, filled down to zero; a band without a value is empty."""
    (across, up), look = scales, Look(position)
    zero, corners, hatched = up.at(0.0), [(across.at(edges[0]), up.at(0.0))], []
    for (start, end), value in zip(pairwise(edges), one.values, strict=True):
        left, right, height = across.at(start), across.at(end), up.at(value if drawable(value) else 0.0)
        corners += (left, height), (right, height)
        hatched.append(look.hatched((left, min(zero, height)), (right - left, abs(height - zero))))
    return Svg("".join(hatched) + look.area([*corners, (across.at(edges[-1]), zero)]))
