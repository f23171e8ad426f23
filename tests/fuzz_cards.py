"""Random bins of a card over the columns of a scope: characteristics with special values, and inline pairs."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from shouxin.engines.policy.card_shapes import CharacteristicShape, PairShape
from shouxin.engines.policy.scope import Column, Scope
from shouxin.engines.policy.stage_bins import branches, pair_points
from shouxin.engines.policy.stager import integer, when
from shouxin.engines.policy.tree import Node, Type

WHOLE = (-7, -3, -2, -1, 0, 1, 2, 3, 5, 8, 10, 100)
HALVES = tuple(Decimal(each) for each in ("-1", "0", "0.25", "0.5", "0.75", "2"))
DAYS = tuple(dt.date.fromisoformat(each) for each in ("1999-12-31", "2000-01-01", "2000-02-29", "2024-02-29", "2024-03-01"))
WRITTEN: dict[Type, Sequence[Any]] = {
    Type.INT: WHOLE,
    Type.MONEY: (*WHOLE, *HALVES[2:5]),
    Type.BP: WHOLE[4:],
    Type.DOUBLE: HALVES,
    Type.DATE: DAYS,
}


def random_characteristic(scope: Scope, source: random.Random) -> tuple[CharacteristicShape, Node]:
    """A characteristic, and its points as an expression."""
    column = source.choice(list(scope.columns.values()))
    bins = [{**each, "points": points(source)} for each in random_bins(column, source)]
    given = {"input": column.name, "reason": "SOME_REASON", "missing": points(source), "bins": bins}
    shape = CharacteristicShape.model_validate(given)
    *tested, last = branches(scope, shape, fitted=True)
    whens = [(each.test, integer(each.points)) for each in tested if each.test is not None]
    return shape, when(*whens, otherwise=integer(last.points))


def random_pair(scope: Scope, source: random.Random) -> tuple[PairShape, Node]:
    """An inline pair, and its points as an expression. Now and then all points of a row are the same."""
    down, across = (source.choice(list(scope.columns.values())) for _ in range(2))
    sides = [random_bins(each, source) for each in (down, across)]
    width = len(sides[1]) + 1
    rows = [source.choice((_different, _same))(source, width) for _ in range(len(sides[0]) + 1)]
    shape = PairShape.model_validate(
        {
            "reason": "SOME_REASON",
            "down": {"input": down.name, "bins": sides[0]},
            "across": {"input": across.name, "bins": sides[1]},
            "points": rows,
        }
    )
    return shape, pair_points(scope, shape)


def random_bins(column: Column, source: random.Random) -> list[dict[str, Any]]:
    """Bins that a column can have; the last is for all others."""
    if column.type is Type.BOOL:
        return [*source.choice(([], [{"in": [True]}], [{"in": [False]}])), {}]
    if column.type is Type.ENUM:
        return [*_lists(column.values, source), {}]
    written = WRITTEN[column.type]
    specials = _lists(written, source) if source.random() < 0.6 else []
    bounds = sorted(source.sample(written, source.randrange(5)))
    return [*specials, *({"below": each} for each in bounds), {}]


def _lists(values: Sequence[Any], source: random.Random) -> list[dict[str, Any]]:
    """Some of the values in lists of one to three; none stands twice."""
    left = source.sample(values, source.randrange(len(values)))
    found: list[dict[str, Any]] = []
    while left and len(found) < 3:
        size = source.choice((1, 1, 2, 3))
        found.append({"in": left[:size]})
        left = left[size:]
    return found


def points(source: random.Random) -> int:
    """Points of a bin."""
    return source.randrange(-60, 61)


def _different(source: random.Random, width: int) -> list[int]:
    return [points(source) for _ in range(width)]


def _same(source: random.Random, width: int) -> list[int]:
    return [points(source)] * width


MAKERS: tuple[Callable[[Scope, random.Random], tuple[CharacteristicShape | PairShape, Node]], ...] = (
    random_characteristic,
    random_pair,
)
