"""A heat map: the cells of a table of two axes, each with its number on a colour, such as the points of a pair table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from shouxin.foundation.charts_frame import blank, document
from shouxin.foundation.charts_labels import BASELINE, GAP, LINE, SIZE, WIDTH, label_above, label_below, label_height, names_below
from shouxin.foundation.charts_measure import text_width
from shouxin.foundation.charts_model import Axis, Heading
from shouxin.foundation.charts_rows import row_names
from shouxin.foundation.charts_style import FAINT, GRID, ink_on, shade
from shouxin.foundation.charts_svg import Svg, element, line, text
from shouxin.foundation.charts_ticks import NumberStyle, drawable, exponent_of, write_number

_LEAST_ROW = 28.0
_SWATCHES = 7
_KEY = LINE + GAP  # the height of the key of colours
Cells = Sequence[Sequence[float]]
"""One sequence for each row."""


def heat_map(heading: Heading, rows: Axis, columns: Axis, style: NumberStyle, values: Cells) -> Svg:
    """Rows and columns by their names, numbers in the cells where they have room. A value without a place: a crossed cell.

    Colours run from white to blue; with values on both sides of zero, from orange over white at zero to blue.
    Raises ValueError unless there is one sequence for each row, with one value for each column.

    >>> axis = Axis("bin", names=("low", "high"))
    >>> svg = heat_map(Heading("pair", "Pair", "Points.", "en"), axis, axis, NumberStyle.SIGNED, ((-5, 0), (3, 12)))
    >>> ">+12</text>" in svg
    True
    """
    _one_each(rows, columns, values)
    known = [value for row in values for value in row if drawable(value)]
    if not known:
        return blank(heading)
    shades, exponent, names = _Shades(min(known), max(known)), exponent_of(known), row_names(rows.names)
    left, top = names.width + GAP, _KEY + label_height(rows.label) + 2
    grid = _Grid(left, top, (WIDTH - left - 1) / len(columns.names), max(_LEAST_ROW, names.height + 4))
    below, bottom = names_below(columns.names, grid.width), top + grid.height * len(rows.names)
    parts = [_key(shades, style, exponent), label_above(rows.label, _KEY)]
    parts.append(label_below(columns.label, bottom + below.height, (left, WIDTH)))
    parts += [names.drawn(names.width, grid.middle_of_row), below.drawn(grid.middle_of_column, bottom)]
    written = _written(values, style, exponent, grid.width - 3)
    for at, row in enumerate(values):
        parts += [grid.cell((at, column), shades.share(value), written[at][column]) for column, value in enumerate(row)]
    return document(heading, bottom + below.height + label_height(columns.label) + GAP, *parts)


@dataclass(frozen=True, slots=True)
class _Shades:
    """Which colour values get, between the least and the greatest."""

    low: float
    high: float

    def share(self, value: float) -> float:
        """-1 to 1 for `shade`; nan for a value without a place.

        >>> _Shades(-4, 8).share(-4), _Shades(-4, 8).share(8), _Shades(2, 6).share(4)
        (-0.5, 1.0, 0.5)
        """
        if not drawable(value):
            return float("nan")
        if self.low < 0:
            return value / max(-self.low, self.high)
        return (value - self.low) / (self.high - self.low) if self.high > self.low else 0.5


@dataclass(frozen=True, slots=True)
class _Grid:
    left: float
    top: float
    width: float
    height: float

    def middle_of_row(self, at: int) -> float:
        return self.top + (at + 0.5) * self.height

    def middle_of_column(self, at: int) -> float:
        return self.left + (at + 0.5) * self.width

    def cell(self, place: tuple[int, int], share: float, written: str) -> Svg:
        """A cell; place: row and column."""
        x, y = self.left + place[1] * self.width, self.top + place[0] * self.height
        if not drawable(share):
            cross = line((x, y), (x + self.width, y + self.height), stroke=FAINT)
            return Svg(element("rect", x=x, y=y, width=self.width, height=self.height, fill="none", stroke=GRID) + cross)
        fill = shade(share)
        drawn = element("rect", x=x, y=y, width=self.width, height=self.height, fill=fill, stroke=GRID)
        middle = x + self.width / 2, y + self.height / 2 + BASELINE
        return Svg(drawn + (text(*middle, written, text_anchor="middle", fill=ink_on(share)) if written else ""))


def _written(values: Cells, style: NumberStyle, exponent: int, room: float) -> list[list[str]]:
    """The numbers of the cells; nowhere any where one has no room."""
    texts = [[write_number(value, style, exponent) if drawable(value) else "" for value in row] for row in values]
    fit = all(text_width(each, SIZE) <= room for row in texts for each in row)
    return texts if fit else [[""] * len(row) for row in texts]


def _key(shades: _Shades, style: NumberStyle, exponent: int) -> Svg:
    """The least and the greatest value, and the colours between them."""
    low, high = (write_number(each, style, exponent) for each in (shades.low, shades.high))
    left = text_width(low, SIZE) + GAP
    parts: list[str] = [text(0, LINE / 2 + BASELINE, low), text(left + _SWATCHES * 18 + GAP, LINE / 2 + BASELINE, high)]
    for at in range(_SWATCHES):
        value = shades.low + (shades.high - shades.low) * at / (_SWATCHES - 1)
        fill = shade(shades.share(value))
        parts.append(element("rect", x=left + at * 18, y=1, width=18, height=13, fill=fill, stroke=GRID))
    return Svg("".join(parts))


def _one_each(rows: Axis, columns: Axis, values: Cells) -> None:
    if [len(row) for row in values] != [len(columns.names)] * len(rows.names):
        raise ValueError(f"{len(rows.names)} rows of {len(columns.names)} values each")
