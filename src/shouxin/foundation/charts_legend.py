"""The legend: what each line, bar and level is, in rows above the plot, never on it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from shouxin.foundation.charts_labels import BASELINE, GAP, LINE, SIZE, WIDTH, lines_of_text
from shouxin.foundation.charts_measure import text_width, wrap
from shouxin.foundation.charts_style import FAINT, Look
from shouxin.foundation.charts_svg import Svg, line

SAMPLE = 24.0  # the width of a sample

Sample = Callable[[float, float], Svg]
"""Draws a sample from its left end and its middle line."""


@dataclass(frozen=True, slots=True)
class Legend:
    """The legend, drawn from the top of the chart; height: what it takes, with the gap below."""

    height: float
    drawn: Svg


def legend(entries: Sequence[tuple[str, Sample]]) -> Legend:
    """The legend of names and samples. Of one entry, none: the axis says what it is."""
    if len(entries) < 2:
        return Legend(0.0, Svg(""))
    x, y, rows = 0.0, 0.0, 1
    drawn: list[str] = []
    for name, sample in entries:
        lines = wrap(name, SIZE, WIDTH - SAMPLE - GAP, 2)
        width = SAMPLE + GAP + max((text_width(each, SIZE) for each in lines), default=0.0)
        if x > 0 and x + width > WIDTH:
            x, y, rows = 0.0, y + rows * LINE + 3, 1
        middle = y + LINE / 2
        drawn += sample(x, middle), lines_of_text(lines, x + SAMPLE + GAP, middle + BASELINE, "start")
        x, rows = x + width + 2 * GAP, max(rows, len(lines))
    return Legend(y + rows * LINE + GAP, Svg("".join(drawn)))


def bar_sample(look: Look) -> Sample:
    """The sample of bars."""
    return lambda x, y: look.bar((x + 4, y - 6), (16, 12))


def area_sample(look: Look) -> Sample:
    """The sample of an outlined area."""

    def sample(x: float, y: float) -> Svg:
        left, top, right, bottom = x + 1, y - 5, x + SAMPLE - 1, y + 5
        outline = look.area(((left, top), (right, top), (right, bottom), (left, bottom)))
        return Svg(look.hatched((left, top), (SAMPLE - 2, 10)) + outline)

    return sample


def line_sample(look: Look) -> Sample:
    """The sample of a line."""
    return lambda x, y: line((x, y), (x + SAMPLE, y), **look.stroke)


def marker_sample(look: Look) -> Sample:
    """The sample of points that are not joined."""
    return lambda x, y: look.marker(x + SAMPLE / 2, y)


def marked_line_sample(look: Look) -> Sample:
    """The sample of a line with markers."""
    return lambda x, y: Svg(line_sample(look)(x, y) + marker_sample(look)(x, y))


def comparison_sample(position: int) -> Sample:
    """The sample of a line to compare with."""
    return lambda x, y: line((x, y), (x + SAMPLE, y), **comparison_stroke(position))


def comparison_stroke(position: int) -> dict[str, str | float]:
    """How lines to compare with are drawn: thin and grey, each with its own dashes."""
    return {"stroke": FAINT, "stroke_width": 1.0, "stroke_dasharray": ("4 3", "1 3", "8 2 1 2")[position % 3]}
