"""Ticks of an axis at 1, 2 or 5 times a power of ten, and numbers as a chart writes them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

FURTHEST = 1e15  # beyond it a double has no fractions, and no axis here shows it
_FINEST = 1e-9  # a span this small beside its values is one value
_MOST_DECIMALS = 9
_NEAR = 1e-9  # of a step: a value this near a tick is on it


class NumberStyle(Enum):
    """How numbers are written: with thousands, with a sign (points), or a share as percent."""

    PLAIN = "plain"
    SIGNED = "signed"
    PERCENT = "percent"


@dataclass(frozen=True, slots=True)
class Ticks:
    """Evenly spaced values of an axis, ascending; their step is a multiple of 10^exponent."""

    values: tuple[float, ...]
    exponent: int

    def written(self, style: NumberStyle) -> tuple[str, ...]:
        """The ticks as text, with the decimals that their step needs."""
        return tuple(write_number(each, style, self.exponent) for each in self.values)


@dataclass(frozen=True, slots=True)
class Scale:
    """How the values of an axis become places: `low` lies at `start`, `high` at `end`."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """The place of a value."""
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)


def drawable(value: float) -> bool:
    """Whether a value has a place: finite, and at most 10^15 from zero."""
    return math.isfinite(value) and abs(value) <= FURTHEST


def span(values: Iterable[float]) -> tuple[float, float]:
    """The least and the greatest of values that can be drawn, moved apart where they are one; of none, 0 and 1.

    >>> span([0.2, float("nan"), 0.5]), span([10.0]), span([])
    ((0.2, 0.5), (9.0, 11.0), (0.0, 1.0))
    """
    known = [each for each in values if drawable(each)]
    low, high = (min(known), max(known)) if known else (0.0, 1.0)
    largest = max(abs(low), abs(high))
    if high - low > _FINEST * largest and high - low > 1e-12:
        return low, high
    return (low - 0.1 * largest, high + 0.1 * largest) if largest > 1e-9 else (min(low, 0.0), 1.0)


def ticks_within(low: float, high: float, most: int) -> Ticks:
    """At most `most` ticks (2 or more) that lie between two values.

    >>> ticks_within(350, 950, 8).values
    (400.0, 500.0, 600.0, 700.0, 800.0, 900.0)
    """
    for step in _steps(low, high, most):
        first, last = math.ceil(low / step.size - _NEAR), math.floor(high / step.size + _NEAR)
        if last - first < most:
            return step.ticks(first, last)
    raise AssertionError("a step of ten times the span has at most two ticks in it")


def ticks_around(low: float, high: float, most: int) -> Ticks:
    """At most `most` ticks (3 or more), the first at or below `low` and the last at or above `high`.

    >>> ticks_around(0.03, 0.41, 6)
    Ticks(values=(0.0, 0.1, 0.2, 0.3, 0.4, 0.5), exponent=-1)
    """
    for step in _steps(low, high, most):
        first, last = math.floor(low / step.size + _NEAR), math.ceil(high / step.size - _NEAR)
        if last - first < most:
            return step.ticks(first, last)
    raise AssertionError("a step of ten times the span has at most three ticks around it")


def write_number(value: float, style: NumberStyle, exponent: int) -> str:
    """A number to 10^exponent, as a chart writes it.

    >>> write_number(0.125, NumberStyle.PERCENT, -3), write_number(12000, NumberStyle.PLAIN, 3)
    ('12.5%', '12,000')
    >>> write_number(7, NumberStyle.SIGNED, 0), write_number(-7, NumberStyle.SIGNED, 0)
    ('+7', '-7')
    """
    percent = style is NumberStyle.PERCENT
    shown, decimals = (value * 100, max(0, -exponent - 2)) if percent else (value, max(0, -exponent))
    text = f"{shown:,.{decimals}f}" if decimals <= _MOST_DECIMALS else f"{shown:.2e}"
    if not text.strip("-0.,"):
        text = text.removeprefix("-")
    elif style is NumberStyle.SIGNED and shown > 0:
        text = "+" + text
    return text + "%" if percent else text


def exponent_beside(values: Iterable[float], exponent: int) -> int:
    """The exponent for values written beside ticks of an exponent: one digit finer, but whole where all are whole.

    >>> exponent_beside([1.0, 5.0], 0), exponent_beside([0.123], -1)
    (0, -2)
    """
    return 0 if _whole(values) else exponent - 1


def exponent_of(values: Sequence[float]) -> int:
    """The exponent for values written by themselves: whole where all are, else to a hundredth of the largest.

    >>> exponent_of([-12, 30]), exponent_of([0.0312, 0.25])
    (0, -3)
    """
    if _whole(values):
        return 0
    return int(f"{max(map(abs, values)):e}".partition("e")[2]) - 2


@dataclass(frozen=True, slots=True)
class _Step:
    factor: int
    exponent: int

    @property
    def size(self) -> float:
        return float(f"{self.factor}e{self.exponent}")

    def ticks(self, first: int, last: int) -> Ticks:
        """The multiples from one to another. From text: 3 x 0.1 is 0.3, not a digit beside it."""
        return Ticks(tuple(float(f"{each * self.factor}e{self.exponent}") for each in range(first, last + 1)), self.exponent)


def _steps(low: float, high: float, most: int) -> Iterator[_Step]:
    """From too fine to coarse. The exponent is read from a written number: a logarithm may differ between machines."""
    exponent = int(f"{(high - low) / most:e}".partition("e")[2])
    return (_Step(factor, each) for each in range(exponent, exponent + 4) for factor in (1, 2, 5))


def _whole(values: Iterable[float]) -> bool:
    return all(float(each).is_integer() for each in values if drawable(each))
