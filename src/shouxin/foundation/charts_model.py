"""What a chart shows, as frozen values. A value that is not finite (nan: not known) leaves a gap."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from shouxin.foundation.charts_ticks import NumberStyle

_ID = re.compile(r"[a-z][a-z0-9-]{0,59}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Heading:
    """What names a chart to a page and to those who do not see it.

    id:          unique on its page: a letter, then letters a-z, digits and hyphens
    title:       what is shown
    description: what there is to see, in a sentence
    lang:        `zh` or `en`
    """

    id: str
    title: str
    description: str
    lang: str

    def __post_init__(self) -> None:
        checked_id(self.id)


@dataclass(frozen=True, slots=True)
class Axis:
    """An axis. With `names` its positions are 0, 1, 2, ... and carry those names; else it is of numbers.

    label: what is measured, with its unit
    reach: values which the axis covers at least, such as (0, 1) for shares
    """

    label: str = ""
    style: NumberStyle = NumberStyle.PLAIN
    reach: tuple[float, ...] = ()
    names: tuple[str, ...] = ()


class Shape(Enum):
    """How the points of a series are joined: straight, in steps that hold a value until the next x, or not at all."""

    STRAIGHT = "straight"
    STEP = "step"
    POINTS = "points"


@dataclass(frozen=True, slots=True)
class Series:
    """Points (x, y) in the order in which they are joined; whiskers: from and to on y, a pair for each point, or none at all."""

    name: str
    points: tuple[tuple[float, float], ...]
    whiskers: tuple[tuple[float, float], ...] = ()
    shape: Shape = Shape.STRAIGHT

    def __post_init__(self) -> None:
        _one_each("whiskers", self.whiskers, len(self.points))


@dataclass(frozen=True, slots=True)
class Reference:
    """A thin straight line to compare with, from one point (x, y) to another: the diagonal, a cut-off."""

    name: str
    start: tuple[float, float]
    end: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Bars:
    """One bar for each name of the axis, from zero; whiskers: from and to, one pair for each bar, or none at all."""

    name: str
    values: tuple[float, ...]
    whiskers: tuple[tuple[float, float], ...] = ()

    def __post_init__(self) -> None:
        _one_each("whiskers", self.whiskers, len(self.values))


@dataclass(frozen=True, slots=True)
class Level:
    """A thin line across bars at a value to compare with: a threshold."""

    name: str
    value: float


def checked_id(given: str) -> str:
    """The id, or ValueError that says what one looks like.

    >>> checked_id("roc-test")
    'roc-test'
    """
    if not _ID.fullmatch(given):
        raise ValueError(f"an id is a letter a-z, then at most 59 of a-z, 0-9 and hyphen, not {given!r}")
    return given


def _one_each(what: str, given: tuple[object, ...], count: int) -> None:
    if given and len(given) != count:
        raise ValueError(f"{what}: one for each of {count}, not {len(given)}")
