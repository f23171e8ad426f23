"""How series are told apart: by colour, and without colour by dashes, markers and hatching.

The colours keep their distance for the usual kinds of colour blindness (after Okabe and Ito, 2008, "Color universal design",
darkened until each stands out on white by 3:1 or more, as WCAG 2.2 asks of graphics).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from shouxin.foundation.charts_hatch import hatching
from shouxin.foundation.charts_svg import Svg, element, line, number, places

INK, FAINT, GRID = "#1a1a1a", "#595959", "#d9d9d9"
COLOURS = ("#0060a8", "#c44e00", "#007a5a", "#a03d7d", "#8a6d00", "#3d3d3d")
_DASHES = ("", "7 3", "2 2", "9 3 2 3", "12 4")
LINE_WIDTH = 1.75
HALO: dict[str, str | float] = {"stroke": "#ffffff", "stroke_width": 3, "paint_order": "stroke"}
"""The attributes of a text that may lie on a line: white around it."""


@dataclass(frozen=True, slots=True)
class Look:
    """The look of the series at a position: 0, 1, 2, ..."""

    position: int

    @property
    def colour(self) -> str:
        """Of lines, outlines and hatching."""
        return COLOURS[self.position % len(COLOURS)]

    @property
    def stroke(self) -> dict[str, str | float]:
        """The attributes of its line."""
        dash = _DASHES[self.position % len(_DASHES)]
        return {"stroke": self.colour, "stroke_width": LINE_WIDTH, **({"stroke_dasharray": dash} if dash else {})}

    def marker(self, x: float, y: float) -> Svg:
        """Its marker: circle, square, triangle, diamond, cross."""
        match self.position % 5:
            case 0:
                return element("circle", cx=x, cy=y, r=3, fill=self.colour)
            case 1:
                return element("rect", x=x - 2.75, y=y - 2.75, width=5.5, height=5.5, fill=self.colour)
            case 2:
                return self._polygon((x, y - 4), (x + 3.75, y + 3), (x - 3.75, y + 3))
            case 3:
                return self._polygon((x, y - 4), (x + 4, y), (x, y + 4), (x - 4, y))
        first = line((x - 3, y - 3), (x + 3, y + 3), stroke=self.colour, stroke_width=LINE_WIDTH)
        return element("g", first, line((x - 3, y + 3), (x + 3, y - 3), stroke=self.colour, stroke_width=LINE_WIDTH))

    def bar(self, corner: tuple[float, float], size: tuple[float, float]) -> Svg:
        """A bar: full of its colour, or white and hatched, with an outline; corner: left and top, size: width and height."""
        (x, y), (width, height) = corner, size
        fill = "#ffffff" if self.position else self.colour
        stroke: dict[str, str | float] = {"stroke": self.colour, "stroke_width": 0.75}
        return Svg(element("rect", x=x, y=y, width=width, height=height, fill=fill, **stroke) + self.hatched(corner, size))

    def area(self, corners: Sequence[tuple[float, float]]) -> Svg:
        """An outline that others may lie under or over: the first is tinted, the others are to be `hatched`."""
        fill: dict[str, str | float] = {"fill": "none"} if self.position else {"fill": self.colour, "fill_opacity": 0.25}
        return element("polygon", points=places(corners), **fill, **self.stroke)

    def hatched(self, corner: tuple[float, float], size: tuple[float, float]) -> Svg:
        """The lines that fill a rectangle; none of the first look."""
        path = hatching(self.position - 1, corner, size) if self.position else ""
        return element("path", d=path, stroke=self.colour, stroke_width=1, fill="none") if path else Svg("")

    def _polygon(self, *corners: tuple[float, float]) -> Svg:
        return element("polygon", points=places(corners), fill=self.colour)


def shade(share: float) -> str:
    """The colour of a heat map's cell: -1 dark orange, 0 white, 1 dark blue.

    >>> shade(0), shade(1), shade(-1)
    ('#ffffff', '#0060a8', '#c44e00')
    """
    deep = COLOURS[0] if share >= 0 else COLOURS[1]
    mixed = (255 + (int(deep[at : at + 2], 16) - 255) * abs(share) for at in (1, 3, 5))
    return "#" + "".join(f"{round(each):02x}" for each in mixed)


def ink_on(share: float) -> str:
    """The colour of a text on `shade(share)`."""
    return "#ffffff" if abs(share) > 0.6 else INK


def whisker(x: tuple[float, float], y: tuple[float, float], colour: str, width: float = 1.2) -> Svg:
    """An interval with caps, upright or lying, between two places; x: from, to; y: from, to."""
    cap_x, cap_y = (3, 0) if x[0] == x[1] else (0, 3)
    path = "M{},{} L{},{} M{},{} L{},{} M{},{} L{},{}".format(
        *map(number, (x[0], y[0], x[1], y[1])),
        *map(number, (x[0] - cap_x, y[0] - cap_y, x[0] + cap_x, y[0] + cap_y)),
        *map(number, (x[1] - cap_x, y[1] - cap_y, x[1] + cap_x, y[1] + cap_y)),
    )
    return element("path", d=path, stroke=colour, stroke_width=width, fill="none")


def whisker_on_bar(x: tuple[float, float], y: tuple[float, float]) -> Svg:
    """The same in ink with white around it, seen on a bar and beyond it."""
    return Svg(whisker(x, y, "#ffffff", 3.5) + whisker(x, y, INK))
