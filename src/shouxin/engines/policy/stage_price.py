"""Passes `price` and `limits`: the rate of each product, clipped by the law's cap, and the ceilings it has of its own."""

from __future__ import annotations

from dataclasses import dataclass

from shouxin.engines.loans import all_in_ppm, highest_rate_within, instalment_per_million
from shouxin.engines.policy.errors import Place
from shouxin.engines.policy.model import ProductFile
from shouxin.engines.policy.plan import LimitName
from shouxin.engines.policy.ranges import nullable
from shouxin.engines.policy.stager import Stager, integer, possible, when, within
from shouxin.engines.policy.tree import Arith, Case, Cmp, Extreme, IDiv, IsNull, Lit, Node, Not, Ref, Type, and_

MILLION = 1_000_000
OWN_CEILINGS = frozenset({"maximum", "affordability", "total_line", "purpose_cap", "pool", "room", "cap"})
NOTHING = integer(0, Type.MONEY)


@dataclass(frozen=True)
class Line:
    """A product while the plan is being made."""

    code: str
    column: str
    shape: ProductFile
    place: Place
    limit: Ref | None = None


def price_of(stager: Stager, line: Line) -> Node:
    """The annual rate from the product's table, clipped where the law's all-in cap is lower."""
    place = stager.bundle.place(f"products/{line.code}.yaml", "price")
    node = stager.table(line.shape.price.table, Type.PPM, place) or integer(0, Type.PPM)
    rates = sorted(value for value in possible(node) or () if isinstance(value, int))
    if rates and rates[0] < 0:
        stager.refuse(place, "E-PRICE", str(rates[0]), "a rate is never negative")
        rates = []
    name = price_column(line)
    capped = [branch for rate in rates for branch in clipped(stager, line, rate)]
    stager.formulas[name] = node
    if not capped:
        stager.add(name, node, f"{line.code}: annual rate")
        return node
    listed = stager.add(f"_{line.column}_listed", node, f"{line.code}: rate before the cap")
    branches = [
        (and_(window, Cmp("=", listed, integer(rate, Type.PPM))), integer(lower, Type.PPM)) for window, rate, lower in capped
    ]
    stager.add(name, when(*branches, otherwise=listed), f"{line.code}: annual rate")
    return node


def price_column(line: Line) -> str:
    return f"_{line.column}_price"


def clipped(stager: Stager, line: Line, rate: int) -> list[tuple[Node, int, int]]:
    """(window, rate, the highest rate allowed then), for each cap that the rate would break on some term."""
    found = []
    for file in stager.bundle.regulation.values():
        for cap in file.all_in:
            if stager.bundle.about.licence not in cap.licences:
                continue
            fee = line.shape.price.upfront_fee
            terms = [(term.method, months) for term in line.shape.terms for months in term.months]
            if any(all_in_ppm(rate, months, method, fee) > cap.percent for method, months in terms):
                lower = min(highest_rate_within(cap.percent, months, method, fee) for method, months in terms)
                found.append((within(cap.since, cap.until), rate, lower))
    return found


def own_limits(stager: Stager, line: Line) -> list[LimitName]:
    """The product's own ceilings: its maximum, those that the bundle names, and affordability at its price."""
    file, names = f"products/{line.code}.yaml", []
    column = f"_{line.column}_maximum"
    stager.add(column, integer(line.shape.maximum, Type.MONEY), f"{line.code}: maximum")
    names.append(LimitName("maximum", line.shape.maximum_reason, column))
    for name, shape in line.shape.limits.items():
        place = stager.bundle.place(file, "limits", name)
        if name in OWN_CEILINGS:
            stager.refuse(place, "E-NAME", name, "the engine has a ceiling of this name: choose another")
            continue
        if (shape.formula is None) == (shape.table is None):
            stager.refuse(place, "E-LIMIT", name, "either `formula` or `table`")
            continue
        if shape.table is not None:
            node = stager.table(shape.table, Type.MONEY, place)
        else:
            node = stager.compile(shape.formula or "", place, Type.MONEY)
        if node is not None:
            column = f"_{line.column}_by_{name}"
            stager.formulas[f"{line.code}.{name}"] = node
            stager.add(column, node, f"{line.code}: {name}")
            names.append(LimitName(name, shape.reason, column))
    return names + _affordability(stager, line)


def _affordability(stager: Stager, line: Line) -> list[LimitName]:
    """The principal whose monthly instalment, at this customer's price, equals the capacity to pay."""
    shape = line.shape.affordability
    if shape is None:
        return []
    place = stager.bundle.place(f"products/{line.code}.yaml", "affordability")
    capacity = stager.compile(shape.capacity, place, Type.MONEY)
    rates = final_rates(stager, line)
    if capacity is None or not rates:
        return []
    free = stager.add(f"_{line.column}_capacity", capacity, f"{line.code}: monthly capacity")
    rate = Ref(price_column(line), Type.PPM)
    factors = [(Cmp("<=", rate, integer(each, Type.PPM)), integer(instalment_per_million(each, shape.months))) for each in rates]
    factor = stager.add(f"_{line.column}_factor", when(*factors), f"{line.code}: instalment per million")
    scaled = Arith("*", Extreme("GREATEST", (free, NOTHING), Type.MONEY), integer(MILLION), Type.MONEY)
    node: Node = IDiv(scaled, factor, Type.MONEY)
    if nullable(free, stager.scope):
        node = Case(((Not(IsNull(free)), node),), Lit(None, Type.MONEY), Type.MONEY)
    column = f"_{line.column}_by_affordability"
    stager.formulas[f"{line.code}.affordability"] = capacity
    stager.add(column, node, f"{line.code}: affordability")
    return [LimitName("affordability", shape.reason, column)]


def final_rates(stager: Stager, line: Line) -> list[int]:
    """Every rate that the product can have, after the caps."""
    node = stager.formulas.get(price_column(line))
    listed = [value for value in (possible(node) or () if node is not None else ()) if isinstance(value, int) and value >= 0]
    lowered = [lower for rate in listed for _, _, lower in clipped(stager, line, rate)]
    return sorted({*listed, *lowered})
