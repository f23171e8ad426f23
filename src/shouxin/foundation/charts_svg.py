"""Writing SVG: elements with numbers of fixed form and escaped text, so that one chart is always the same bytes.

No `style` attribute, no script, nothing from outside: a page with a strict Content-Security-Policy shows it.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import NewType

from shouxin.foundation.charts_measure import one_line

Svg = NewType("Svg", str)
"""SVG that this house wrote, every text in it escaped; only such goes into a page as it is."""

NAMESPACE = "http://www.w3.org/2000/svg"


def number(value: float) -> str:
    """A coordinate, to hundredths.

    >>> number(12.0), number(0.125), number(-0.001)
    ('12', '0.12', '0')
    """
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def element(tag: str, *content: str, **attributes: str | float) -> Svg:
    """An element around content that is SVG already. An attribute's `_` is written `-`; a text is escaped, a number rounded.

    >>> element("rect", width=2.5, stroke_width=1)
    '<rect width="2.5" stroke-width="1"/>'
    """
    written = "".join(f' {name.replace("_", "-")}="{_attribute(value)}"' for name, value in attributes.items())
    inside = "".join(content)
    return Svg(f"<{tag}{written}>{inside}</{tag}>" if inside else f"<{tag}{written}/>")


def words(content: str) -> Svg:
    """A text as the content of an element: on one line, escaped."""
    return Svg(escape(one_line(content)))


def text(x: float, y: float, content: str, **attributes: str | float) -> Svg:
    """A text with its baseline at y. Anchor: `text_anchor`, `start` where not given."""
    return element("text", words(content), x=x, y=y, **attributes)


def line(start: tuple[float, float], end: tuple[float, float], **attributes: str | float) -> Svg:
    """A straight line between two places."""
    return element("line", x1=start[0], y1=start[1], x2=end[0], y2=end[1], **attributes)


def places(points: Iterable[tuple[float, float]]) -> str:
    """Places as the attribute `points`; a place that is written like the one before it is left out.

    >>> places([(0, 0), (0.001, 0), (1, 2)])
    '0,0 1,2'
    """
    written: list[str] = []
    for x, y in points:
        place = f"{number(x)},{number(y)}"
        if written[-1:] != [place]:
            written.append(place)
    return " ".join(written)


def _attribute(value: str | float) -> str:
    return escape(one_line(value)) if isinstance(value, str) else number(value)
