"""What can be drawn of each product, on the decision's limits, and what a draw of one leaves of the others.

The rules are those of a draw (`book/facilities/model.headroom`): within the product's limit, within its pool's, and all that
is used within the total line. The total line is never lowered by an application; opening a line raises it to what is then
promised, within the ceiling of the tier.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from shouxin.desk.advice.model import Barrier, Position
from shouxin.desk.decisions import Decision
from shouxin.engines.policy.load import Bundle


@dataclass(frozen=True, slots=True)
class Rooms:
    """Limits and what is used of them, in minor units.

    total:    the total line as it stands
    ceiling:  the most that it can be raised to
    limits:   by product: what the decision approves, else the line held, else 0
    used:     by product
    promised: by product that is held: a dedicated one at its limit, or at what is used where that is more; a pooled one at
              what is used
    pooled:   product -> (the limit of its pool, the products that share it)
    shut:     products that can no longer be drawn
    """

    total: int
    ceiling: int
    limits: Mapping[str, int]
    used: Mapping[str, int]
    promised: Mapping[str, int]
    pooled: Mapping[str, tuple[int, tuple[str, ...]]]
    shut: frozenset[str] = frozenset()

    def parts(self, product: str) -> dict[Barrier, int]:
        """What the limit, what is in use, and the total line leave of a product, each by itself; never below 0."""
        most, members = self.pooled.get(product, (self.limits[product], (product,)))
        in_use = min(self.limits[product] - self.used[product], most - sum(self.used[each] for each in members))
        found = {
            Barrier.LIMIT: min(self.limits[product], most),
            Barrier.IN_USE: in_use,
            Barrier.TOTAL_LINE: self.total_with(product) - sum(self.used.values()),
        }
        return {barrier: max(0, left) for barrier, left in found.items()}

    def of(self, product: str) -> int:
        """What can be drawn of a product."""
        return 0 if product in self.shut else min(self.parts(product).values())

    def total_with(self, product: str) -> int:
        """The total line once a product is open."""
        return max(self.total, min(self.ceiling, sum(self._promised_with(product).values())))

    def after(self, product: str, amount: int, apart: frozenset[str]) -> Rooms:
        """The rooms once a product is open and so much is drawn of it; what cannot be held beside it is shut."""
        promised = {code: most for code, most in self._promised_with(product, amount).items() if code not in apart}
        used = {**self.used, product: self.used[product] + amount}
        return replace(self, total=self.total_with(product), used=used, promised=promised, shut=self.shut | apart)

    def _promised_with(self, product: str, amount: int = 0) -> dict[str, int]:
        in_use = self.used[product] + amount
        most = in_use if product in self.pooled else max(self.limits[product], in_use)
        return {**self.promised, product: most}


def rooms_of(decision: Decision, bundle: Bundle, position: Position) -> Rooms:
    """The rooms of a customer on the limits of a decision."""
    approved = {each.product: each.limit for each in decision.products if each.outcome == "approve"}
    held = {product: line.limit for product, line in position.lines.items()}
    limits = {code: approved.get(code, held.get(code, 0)) for code in bundle.products}
    used = {code: position.lines[code].used if code in position.lines else 0 for code in bundle.products}
    promised = {code: max(0 if bundle.products[code].pool else held[code], used[code]) for code in held}
    pooled = {}
    for code, product in bundle.products.items():
        if product.pool is not None:
            lead = bundle.exposure.pools[product.pool].lead
            members = tuple(each for each, other in bundle.products.items() if other.pool == product.pool)
            pooled[code] = (limits[lead] if code == lead else held.get(lead, limits[lead]), members)
    tier = next(each.ceiling for each in bundle.tiers.tiers if each.name == decision.tier)
    ceiling = tier if position.ceiling is None else position.ceiling
    return Rooms(max(decision.total_line, position.total, sum(promised.values())), ceiling, limits, used, promised, pooled)


def apart_from(bundle: Bundle, product: str) -> frozenset[str]:
    """The products that cannot be held beside one, whichever gives way; scenarios of the same product always can."""
    groups = [each.products for each in bundle.exposure.exclusive if product in each.products]
    own = _base_of(bundle, product)
    return frozenset(other for group in groups for other in group if _base_of(bundle, other) != own)


def _base_of(bundle: Bundle, product: str) -> str:
    variant = bundle.variants.get(product)
    return variant.base if variant else product
