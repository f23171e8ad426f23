"""Where bars stand: one slot for each name, in it one bar for each series, side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from shouxin.foundation.charts_labels import SIZE
from shouxin.foundation.charts_legend import Sample, bar_sample, comparison_sample
from shouxin.foundation.charts_measure import text_width
from shouxin.foundation.charts_model import Axis, Bars, Level
from shouxin.foundation.charts_style import Look
from shouxin.foundation.charts_ticks import Ticks, drawable, exponent_beside, write_number


@dataclass(frozen=True, slots=True)
class Slots:
    """Slots of one size, one after another, each with `count` bars and a fifth of it empty."""

    start: float
    size: float
    count: int

    @property
    def thickness(self) -> float:
        """Of a bar."""
        return self.size * 0.8 / self.count

    def middle(self, at: int) -> float:
        """The middle of a slot."""
        return self.start + (at + 0.5) * self.size

    def edge(self, at: int, position: int) -> float:
        """Where the bar of the series at `position` begins in the slot."""
        return self.start + at * self.size + 0.1 * self.size + position * self.thickness


@dataclass(frozen=True, slots=True)
class Written:
    """The values of bars as they are written beside them; a value without a place is not written."""

    texts: tuple[tuple[str, ...], ...]

    @property
    def widest(self) -> float:
        """The room of the widest."""
        return max((text_width(each, SIZE) for one in self.texts for each in one), default=0.0)


def written_values(axis: Axis, ticks: Ticks, bars: Sequence[Bars]) -> Written:
    """Each series' values as text, one digit finer than the ticks."""
    exponent = exponent_beside((value for one in bars for value in one.values), ticks.exponent)
    style = axis.style
    return Written(tuple(tuple(write_number(v, style, exponent) if drawable(v) else "" for v in one.values) for one in bars))


def reach_of(bars: Sequence[Bars], levels: Sequence[Level]) -> Iterator[float]:
    """All that the axis of values has to show; zero, where bars begin, is with it."""
    yield 0.0
    for one in bars:
        yield from one.values
        yield from (end for ends in one.whiskers for end in ends)
    yield from (each.value for each in levels)


def outer_end(bars: Bars, at: int) -> float:
    """The end of a bar or of its whisker, whichever is further from zero: beyond it its value is written."""
    value = bars.values[at]
    ends = [value, *(each for each in bars.whiskers[at] if drawable(each))] if bars.whiskers else [value]
    return min(ends) if value < 0 else max(ends)


def some_value(names: Sequence[str], bars: Sequence[Bars]) -> bool:
    """Whether there is anything to draw; ValueError unless each series has one value for each name."""
    for one in bars:
        if len(one.values) != len(names):
            raise ValueError(f"{one.name}: one value for each of {len(names)} names, not {len(one.values)}")
    return any(drawable(value) for one in bars for value in one.values)


def entries(bars: Sequence[Bars], levels: Sequence[Level]) -> list[tuple[str, Sample]]:
    """What the legend names."""
    compared = [(each.name, comparison_sample(at)) for at, each in enumerate(levels)]
    return [*((each.name, bar_sample(Look(at))) for at, each in enumerate(bars)), *compared]
