"""The names beside rows, on up to three lines each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from shouxin.foundation.charts_labels import BASELINE, LINE, SIZE, lines_of_text
from shouxin.foundation.charts_measure import text_width, wrap
from shouxin.foundation.charts_svg import Svg

_ROOM, _MOST_LINES = 160.0, 3


@dataclass(frozen=True, slots=True)
class RowNames:
    """The names of rows, each as lines."""

    lines: tuple[tuple[str, ...], ...]

    @property
    def width(self) -> float:
        """The room of the widest line."""
        return max((text_width(each, SIZE) for lines in self.lines for each in lines), default=0.0)

    @property
    def height(self) -> float:
        """The room of the name with the most lines."""
        return LINE * max(map(len, self.lines), default=0)

    def drawn(self, end: float, middle: Callable[[int], float]) -> Svg:
        """The names, each ending at `end` and centred on the middle of its row."""
        parts = []
        for at, lines in enumerate(self.lines):
            first = middle(at) - LINE * (len(lines) - 1) / 2 + BASELINE
            parts.append(lines_of_text(lines, end, first, "end"))
        return Svg("".join(parts))


def row_names(names: Sequence[str]) -> RowNames:
    """The names, wrapped."""
    return RowNames(tuple(wrap(each, SIZE, _ROOM, _MOST_LINES) for each in names))
