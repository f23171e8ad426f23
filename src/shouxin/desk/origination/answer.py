"""From a decision to what is done with each product that was asked for. Pure.

The decision says how much the policy would give. What can be given is also bound by the lines that the customer has: an offer
must fit into the total line, which a grant may raise up to the ceiling of the customer's tier and never lowers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from shouxin.book.facilities.acts import Offer
from shouxin.book.facilities.model import Facility, Standing, exposure
from shouxin.desk.decisions.model import Decision, Reason
from shouxin.engines.policy.load import Bundle
from shouxin.engines.policy.model import ProductFile


@dataclass(frozen=True, slots=True)
class Grant:
    """A product that is offered. displaces: products of the customer that opening it will close"""

    offer: Offer
    displaces: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What is done with each product that was asked for.

    total:    the total line afterwards, minor units
    grants:   offered, by product
    referred: for a person to decide
    declined: why not, by product
    """

    total: int
    grants: Mapping[str, Grant]
    referred: tuple[str, ...]
    declined: Mapping[str, tuple[Reason, ...]]


def answer(decision: Decision, standing: Standing, bundle: Bundle, products: Sequence[str]) -> Answer:
    """What is done with the products, in the order in which they were asked for."""
    grants: dict[str, Grant] = {}
    declined: dict[str, tuple[Reason, ...]] = {}
    referred = []
    total = standing.line.total if standing.line else 0
    most, facilities, promised, pooled = max(total, ceiling_of(bundle, decision.tier)), standing.facilities, 0, 0
    for code in products:
        each = decision.product(code)
        if each.outcome == "refer":
            referred.append(code)
        elif each.outcome == "decline":
            declined[code] = each.reasons
        else:
            facilities = without(facilities, each.displaces)
            taken = exposure(facilities) + promised
            limit = fitting(bundle.products[code], each.limit, most - taken)
            if limit is None:
                declined[code] = (Reason(bundle.exposure.ceiling_reason, "limit"),)
                continue
            grants[code] = Grant(Offer(code, limit, each.rate_ppm or 0, each.terms), each.displaces)
            promised, pooled = (promised, pooled + limit) if bundle.products[code].pool else (promised + limit, pooled)
            total = max(total, min(most, needed(facilities) + promised + pooled))
    return Answer(total, grants, tuple(referred), declined)


def needed(facilities: Sequence[Facility]) -> int:
    """The total line under which all lines can be drawn up to their limits; a pool counts once, by its lead.

    It is more than their exposure, since a shared pool is at stake only as far as it is used.
    """
    leads = [each for each in facilities if each.leads and each.commits]
    unused = sum(max(0, lead.most - sum(each.in_use for each in facilities if each.pool == lead.pool)) for lead in leads)
    return exposure(facilities) + unused


def without(facilities: Sequence[Facility], products: Sequence[str]) -> tuple[Facility, ...]:
    """The facilities that are left when those of some products are closed."""
    return tuple(each for each in facilities if each.product not in products)


def standing_without(standing: Standing, products: Sequence[str]) -> Standing:
    """The standing when the lines of some products are closed."""
    return replace(standing, facilities=without(standing.facilities, products))


def ceiling_of(bundle: Bundle, tier: str) -> int:
    """The most that a customer of a tier may owe over all products, minor units."""
    return next(each.ceiling for each in bundle.tiers.tiers if each.name == tier)


def fitting(product: ProductFile, limit: int, room: int) -> int | None:
    """The limit that fits into what is left of the total line, in steps of the product; None where that is below its minimum.

    A product that shares a pool takes room only when it is drawn.
    """
    fits = limit if product.pool else min(limit, room)
    fits -= fits % product.step
    return fits if fits >= product.minimum else None
