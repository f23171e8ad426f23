"""What a matching is: every product of the catalogue, ranked for one customer and one need. Frozen; amounts in minor units."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from shouxin.engines.loans.quote import Quote


@dataclass(frozen=True, slots=True)
class Need:
    """What the customer needs money for.

    amount:  minor units
    purpose: a use that the products name, such as `renovation`
    day:     on which the money is wanted; costs are worked out from it
    months:  the term wished; None: any
    """

    amount: int
    purpose: str
    day: dt.date
    months: int | None = None


@dataclass(frozen=True, slots=True)
class HeldLine:
    """A line that the customer holds. used: owed and reserved."""

    limit: int
    used: int


@dataclass(frozen=True, slots=True)
class Position:
    """What the customer has with us, beside the decision.

    lines:    by product; also one that is closing and still owed
    total:    the total line in force; 0 where it is not known
    ceiling:  the most that the total line can be, linked persons taken off; None: the ceiling of the tier
    capacity: by product, what can be paid back each month, by its affordability; products may share one
    missing:  why a fact is missing, by fact: see `desk/decisions/missing.py`; those of `no_consent` are asked for as a consent
    """

    lines: Mapping[str, HeldLine] = field(default_factory=dict)
    total: int = 0
    ceiling: int | None = None
    capacity: Mapping[str, int] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Cost:
    """What an amount costs on one term.

    monthly: the equal monthly instalment over that term, by which affordability is measured, whatever the method
    within:  whether that is within the monthly capacity of the product's affordability; true where it has none
    """

    quote: Quote
    monthly: int
    within: bool


class Fit(StrEnum):
    """How far a product meets a need, best first."""

    WHOLE = "whole"
    PART = "part"
    PERSON = "person"
    NONE = "none"


class Wants(StrEnum):
    """What a product asks of the customer, or of us, before the money can be paid."""

    PROOF = "proof"
    PAYEE = "payee"
    PERSON = "person"
    CONSENT = "consent"
    FACTS = "facts"


@dataclass(frozen=True, slots=True)
class Requirement:
    """One thing that is needed.

    above:  for `proof` and `payee`, the amount above which it is needed
    papers: for `proof`, the codes of the papers of which one is enough; none where the product names none
    facts:  for `consent` and `facts`, those that are missing
    """

    wants: Wants
    above: int | None = None
    papers: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()


class Barrier(StrEnum):
    """Why a product does not meet a need, or only in part; told in this order.

    use_forbidden, use_not_served: the product's `uses`
    decided: a reason of the decision
    limit:   the product's limit is below the need
    in_use:  what is used of the line, or of the pool it shares, leaves still less
    total_line: what is used over all products leaves still less of the total line
    term:    the term wished is not on offer
    """

    USE_FORBIDDEN = "use_forbidden"
    USE_NOT_SERVED = "use_not_served"
    DECIDED = "decided"
    LIMIT = "limit"
    IN_USE = "in_use"
    TOTAL_LINE = "total_line"
    TERM = "term"


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One reason why a need is not met, or not in whole.

    code:   the reason code of the bundle, for `decided`, `limit` and `total_line`
    kind:   of a `decided` one, as in `desk/decisions/model.py`
    amount: what is left, for `limit`, `in_use` and `total_line`
    """

    barrier: Barrier
    code: str | None = None
    kind: str | None = None
    amount: int | None = None


@dataclass(frozen=True, slots=True)
class Room:
    """What can be drawn of another product, today and after the need was met from this one."""

    product: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Match:
    """One product against the need.

    amount:    what it can give of the need; 0 where a person decides, and where it cannot be had
    costs:     what that amount costs on each term that comes into question: first those within the monthly capacity, the
               cheapest first, then the others
    needs:     what is needed first
    displaces: lines held that opening it would close
    apart:     other products that cannot be held beside it
    rooms:     of the other products that are held or approved
    obstacles: why not, or why not in whole
    """

    product: str
    fit: Fit
    amount: int
    costs: tuple[Cost, ...] = ()
    needs: tuple[Requirement, ...] = ()
    displaces: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()
    rooms: tuple[Room, ...] = ()
    obstacles: tuple[Obstacle, ...] = ()


@dataclass(frozen=True, slots=True)
class Share:
    """What one of two products gives of a need, and at what cost."""

    product: str
    amount: int
    cost: Cost
    needs: tuple[Requirement, ...]
    displaces: tuple[str, ...]


class NoPair(StrEnum):
    """Why no two products are proposed.

    one_is_enough: a product meets the whole need
    none_fits:     fewer than two products serve it that may be held together
    too_little:    no two give the whole amount, within their limits, the total line, and what can be paid back each month
    """

    ONE_IS_ENOUGH = "one_is_enough"
    NONE_FITS = "none_fits"
    TOO_LITTLE = "too_little"


@dataclass(frozen=True, slots=True)
class Pair:
    """Two products that meet the need together."""

    shares: tuple[Share, Share]

    @property
    def cost(self) -> int:
        """Interest and fees of both."""
        return sum(each.cost.quote.cost for each in self.shares)


@dataclass(frozen=True, slots=True)
class Matching:
    """The answer: all products, best first; two together where one does not meet the need, or why not."""

    need: Need
    matches: tuple[Match, ...]
    pair: Pair | NoPair

    @property
    def met(self) -> bool:
        """Whether a product can be had now that meets at least a part of the need. `No` is an answer, with its reasons."""
        return self.matches[0].fit in (Fit.WHOLE, Fit.PART)

    def product(self, code: str) -> Match:
        """The match of one product; raises KeyError."""
        for each in self.matches:
            if each.product == code:
                return each
        raise KeyError(code)
