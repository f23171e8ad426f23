"""Money that comes in, over what is owed: in the agreed order, to the cent, nothing lost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from shouxin.engines.loans.agreement import Component, Order, Sorting


@dataclass(frozen=True, slots=True)
class Item:
    """An amount that is owed: for what, since when, and in which instalment (0 where in none)."""

    component: Component
    due: dt.date
    number: int
    amount: int


@dataclass(frozen=True, slots=True)
class Allocation:
    """How an amount was divided: parts in order, and what is left when all is paid."""

    parts: tuple[Item, ...]
    rest: int


def allocate(amount: int, items: Iterable[Item], order: Order) -> Allocation:
    """Divide an amount over what is owed; items of equal rank keep their order.

    >>> day = dt.date(2026, 1, 15)
    >>> owed = [Item(Component.PRINCIPAL, day, 1, 500), Item(Component.INTEREST, day, 1, 90), Item(Component.PENALTY, day, 0, 7)]
    >>> [(str(part.component), part.amount) for part in allocate(200, owed, Order()).parts]
    [('penalty', 7), ('interest', 90), ('principal', 103)]
    """
    rank = {component: index for index, component in enumerate(order.components)}
    if order.sorting is Sorting.OLDEST_FIRST:
        ranked = sorted(items, key=lambda item: (item.due, rank[item.component]))
    else:
        ranked = sorted(items, key=lambda item: (rank[item.component], item.due))
    parts = []
    for item in ranked:
        part = min(amount, item.amount)
        if part:
            parts.append(Item(item.component, item.due, item.number, part))
            amount -= part
    return Allocation(tuple(parts), amount)
