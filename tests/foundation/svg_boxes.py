"""Where the texts of a chart lie, by the same measure of width that drew them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import combinations
from xml.etree import ElementTree

from shouxin.foundation.charts_measure import text_width

NAMESPACE = "{http://www.w3.org/2000/svg}"
SIZE, ASCENT, DESCENT = 12.0, 10.0, 3.0
_TURNED = re.compile(r"translate\((\S+) (\S+)\) rotate\(-90\)")


@dataclass(frozen=True, slots=True)
class Box:
    """A text and the rectangle that it takes."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


def parsed(svg: str) -> ElementTree.Element:
    """The chart as a tree; raises where it is not well-formed."""
    return ElementTree.fromstring(svg)


def boxes(svg: str) -> list[Box]:
    """Every text of the chart, but not its title and description."""
    return [_box(each) for each in parsed(svg).iter(NAMESPACE + "text")]


def clipped(svg: str) -> list[Box]:
    """The texts that reach beyond the viewBox."""
    left, top, width, height = map(float, parsed(svg).attrib["viewBox"].split())
    seen = Box("", left, top, left + width, top + height)
    return [each for each in boxes(svg) if not _within(each, seen)]


def touching(svg: str) -> list[tuple[str, str]]:
    """Pairs of texts that lie on one another."""
    pairs = combinations([each for each in boxes(svg) if each.text], 2)
    return [(one.text, other.text) for one, other in pairs if _overlap(one, other)]


def _within(one: Box, other: Box) -> bool:
    wide = other.left <= one.left and one.right <= other.right
    return wide and other.top <= one.top and one.bottom <= other.bottom


def _overlap(one: Box, other: Box) -> bool:
    wide = min(one.right, other.right) - max(one.left, other.left)
    high = min(one.bottom, other.bottom) - max(one.top, other.top)
    return wide > 0.05 and high > 0.05


def _box(element: ElementTree.Element) -> Box:
    text = element.text or ""
    width = text_width(text, SIZE)
    before = {"start": 0.0, "middle": width / 2, "end": width}[element.attrib.get("text-anchor", "start")]
    turned = _TURNED.fullmatch(element.attrib.get("transform", ""))
    if turned:
        x, y = float(turned[1]), float(turned[2])
        return Box(text, x - ASCENT, y - (width - before), x + DESCENT, y + before)
    x, y = float(element.attrib["x"]), float(element.attrib["y"])
    return Box(text, x - before, y - ASCENT, x - before + width, y + DESCENT)
