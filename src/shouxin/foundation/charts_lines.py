"""Lines over numbers or over named positions: ROC and KS curves, calibration, measures over time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise

from shouxin.foundation.charts_frame import Margins, blank, document, upright
from shouxin.foundation.charts_labels import GAP, label_below, label_height, names_thinned, widest_name
from shouxin.foundation.charts_legend import (
    Sample,
    comparison_sample,
    comparison_stroke,
    legend,
    line_sample,
    marked_line_sample,
    marker_sample,
)
from shouxin.foundation.charts_model import Axis, Heading, Reference, Series, Shape
from shouxin.foundation.charts_numbers import NUMBERS_HEIGHT, numbers_below, numbers_within, widest_number
from shouxin.foundation.charts_style import Look, whisker
from shouxin.foundation.charts_svg import Svg, element, line, places
from shouxin.foundation.charts_ticks import Scale, drawable, span

_MOST_MARKED = 30  # a line of more points is told by its dashes alone
_Point = tuple[float, float]


def line_chart(heading: Heading, x: Axis, y: Axis, series: Sequence[Series], references: Sequence[Reference] = ()) -> Svg:
    """Series of points over one another, with straight lines to compare with. A point without a place leaves a gap.

    >>> roc = Series("card", ((0.0, 0.0), (0.2, 0.7), (1.0, 1.0)))
    >>> svg = line_chart(Heading("roc", "ROC", "The curve.", "en"), Axis("false positives"), Axis("true positives"), [roc])
    >>> svg.count("<polyline"), "<title" in svg
    (1, True)
    """
    if not any(_drawable(point) for each in series for point in each.points):
        return blank(heading)
    key = legend([*_entries(series), *((each.name, comparison_sample(at)) for at, each in enumerate(references))])
    low, high = _reach(x, series, references)
    overhang = _widest_label(x, low, high) / 2
    plot = upright(y, _heights(series, references), key.height, Margins(left=overhang, right=max(GAP, overhang)))
    across, bottom = Scale(low, high, plot.left, plot.right), plot.y.start
    parts = [key.drawn, plot.drawn(), _labels(x, across, bottom)]
    parts.append(label_below(x.label, bottom + NUMBERS_HEIGHT, plot.ends))
    parts += [_reference(each, across, plot.y, at) for at, each in enumerate(references)]
    parts += [_drawn(each, across, plot.y, Look(at)) for at, each in enumerate(series)]
    return document(heading, bottom + NUMBERS_HEIGHT + label_height(x.label) + GAP, *parts)


def _reach(x: Axis, series: Sequence[Series], references: Sequence[Reference]) -> _Point:
    """From where to where the lying axis goes; a named position has half a step on both sides."""
    ends = (-0.5, len(x.names) - 0.5) if x.names else x.reach
    given = (each for one in series for each, _ in one.points)
    return span((*given, *(each[0] for one in references for each in (one.start, one.end)), *ends))


def _heights(series: Sequence[Series], references: Sequence[Reference]) -> Iterator[float]:
    for one in series:
        yield from (each for _, each in one.points)
        yield from (each for whisker_ends in one.whiskers for each in whisker_ends)
    yield from (each[1] for one in references for each in (one.start, one.end))


def _widest_label(x: Axis, low: float, high: float) -> float:
    return widest_name(x.names) if x.names else widest_number(x, low, high)


def _labels(x: Axis, across: Scale, bottom: float) -> Svg:
    if x.names:
        return names_thinned(x.names, across.at(1) - across.at(0)).drawn(lambda at: across.at(at), bottom + 3)
    return numbers_below(x, numbers_within(x, across), across, bottom)


def _entries(series: Sequence[Series]) -> Iterator[tuple[str, Sample]]:
    for at, each in enumerate(series):
        joined = marked_line_sample if _marked(each) else line_sample
        yield each.name, (marker_sample if each.shape is Shape.POINTS else joined)(Look(at))


def _marked(series: Series) -> bool:
    return series.shape is Shape.POINTS or (series.shape is Shape.STRAIGHT and len(series.points) <= _MOST_MARKED)


def _reference(reference: Reference, across: Scale, up: Scale, position: int) -> Svg:
    if not (_drawable(reference.start) and _drawable(reference.end)):
        return Svg("")
    ends = [(across.at(x), up.at(y)) for x, y in (reference.start, reference.end)]
    return line(ends[0], ends[1], **comparison_stroke(position))


def _drawn(series: Series, across: Scale, up: Scale, look: Look) -> Svg:
    """The line of a series, in as many parts as its gaps leave, its whiskers and its markers."""
    parts: list[str] = []
    if series.shape is not Shape.POINTS:
        for run in _runs(series):
            corners = places((across.at(x), up.at(y)) for x, y in run)
            parts.append(element("polyline", points=corners, fill="none", stroke_linejoin="round", **look.stroke))
    for (x, y), (low, high) in zip(series.points, series.whiskers, strict=False):
        if _drawable((x, y)) and _drawable((low, high)):
            parts.append(whisker((across.at(x), across.at(x)), (up.at(low), up.at(high)), look.colour))
    if _marked(series):
        parts += [look.marker(across.at(x), up.at(y)) for x, y in series.points if _drawable((x, y))]
    return Svg("".join(parts))


def _runs(series: Series) -> Iterator[list[_Point]]:
    """The corners of each part between gaps."""
    for known, run in groupby(series.points, _drawable):
        if known:
            points = list(run)
            yield _stairs(points) if series.shape is Shape.STEP else points


def _stairs(points: list[_Point]) -> list[_Point]:
    """Steps: level to the next x, then up or down."""
    corners = [corner for (_, y), (x, after) in pairwise(points) for corner in ((x, y), (x, after))]
    return [points[0], *corners]


def _drawable(point: _Point) -> bool:
    return drawable(point[0]) and drawable(point[1])
