"""What all charts share: the document, the chart of no data, and a plot with its value axis upright."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from shouxin.foundation.charts_labels import BASELINE, GAP, SIZE, WIDTH, label_above, label_height
from shouxin.foundation.charts_measure import text_width
from shouxin.foundation.charts_model import Axis, Heading
from shouxin.foundation.charts_style import FAINT, GRID, INK
from shouxin.foundation.charts_svg import NAMESPACE, Svg, element, line, text, words
from shouxin.foundation.charts_ticks import Scale, Ticks, span, ticks_around
from shouxin.foundation.texts import Text

PLOT_HEIGHT = 260.0
_EDGE = 2  # around the chart: a glyph may reach a little beyond its advance
_FONTS = "system-ui, -apple-system, 'Segoe UI', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif"
_NO_DATA = Text("无数据", "No data")


def document(heading: Heading, height: float, *parts: str) -> Svg:
    """The whole chart, with the title and the description that a screen reader reads."""
    title, description = f"{heading.id}-title", f"{heading.id}-desc"
    return element(
        "svg",
        element("title", words(heading.title), id=title),
        element("desc", words(heading.description), id=description),
        *parts,
        xmlns=NAMESPACE,
        viewBox=f"{-_EDGE} {-_EDGE} {WIDTH + 2 * _EDGE:.0f} {math.ceil(height) + 2 * _EDGE}",
        role="img",
        aria_labelledby=f"{title} {description}",
        font_family=_FONTS,
        font_size=SIZE,
        fill=INK,
    )


def blank(heading: Heading) -> Svg:
    """The chart where there is nothing to draw: it says so."""
    border = element("rect", x=1, y=1, width=WIDTH - 2, height=78, fill="none", stroke=FAINT, stroke_dasharray="4 4")
    return document(heading, 80, border, text(WIDTH / 2, 44, _NO_DATA.in_language(heading.lang), text_anchor="middle"))


@dataclass(frozen=True, slots=True)
class Margins:
    """Room to keep around a plot: left and right for half a label, above for the values of columns."""

    left: float = 0.0
    right: float = GAP
    above: float = 0.0


@dataclass(frozen=True, slots=True)
class Upright:
    """A plot whose value axis stands upright. y: where values lie; y counts downwards, as in SVG.

    top: where the label of the axis begins
    """

    axis: Axis
    ticks: Ticks
    top: float
    left: float
    right: float
    y: Scale

    @property
    def ends(self) -> tuple[float, float]:
        """Left and right of the plot."""
        return self.left, self.right

    @property
    def width(self) -> float:
        """The width of the plot."""
        return self.right - self.left

    def drawn(self) -> Svg:
        """Label, level lines, ticks, and a stronger line at zero, or at the bottom where zero is not shown."""
        parts: list[str] = [label_above(self.axis.label, self.top)]
        base = 0.0 if 0.0 in self.ticks.values else self.ticks.values[0]
        for value, written in zip(self.ticks.values, self.ticks.written(self.axis.style), strict=True):
            y = self.y.at(value)
            parts.append(line((self.left, y), (self.right, y), stroke=FAINT if value == base else GRID))
            parts.append(text(self.left - 6, y + BASELINE, written, text_anchor="end"))
        return Svg("".join(parts))


def upright(axis: Axis, values: Iterable[float], top: float, margins: Margins) -> Upright:
    """The plot below `top`, with ticks around all values and the axis's reach."""
    ticks = ticks_around(*span((*values, *axis.reach)), 7)
    widest = max(text_width(each, SIZE) for each in ticks.written(axis.style))
    plot_top = top + label_height(axis.label) + GAP + 4 + margins.above
    scale = Scale(ticks.values[0], ticks.values[-1], plot_top + PLOT_HEIGHT, plot_top)
    return Upright(axis, ticks, top, max(widest + GAP, margins.left), WIDTH - margins.right, scale)
