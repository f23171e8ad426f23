"""Passes `price`, `limits`, `allocation` and `economics`: what each product costs, how much of it, what is left.

Rooms are worked out product after product, in the bundle's order. What counts against a room:
    total line    other dedicated lines at max(limit, used), other pools at what is used     (design, section 6)
    purpose cap   other lines of the purpose at their limits, a pool once
    pool          the limit of the pool's lead
Products that exclude each other never take room from each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from shouxin.engines.loans import all_in_ppm, highest_rate_within, instalment_per_million
from shouxin.engines.policy.errors import Place
from shouxin.engines.policy.model import ProductFile
from shouxin.engines.policy.plan import APPROVE, DECLINE, REFER, LimitName, ProductPlan
from shouxin.engines.policy.ranges import nullable
from shouxin.engines.policy.stager import Stager, integer, least, minus, plus, possible, rounded_down, when, within
from shouxin.engines.policy.tree import Arith, Case, Cmp, Extreme, IDiv, IsNull, Lit, Node, Not, Ref, Type, and_, or_

MILLION = 1_000_000
OWN_CEILINGS = frozenset({"maximum", "affordability", "total_line", "purpose_cap", "pool", "room", "cap"})
NOTHING = integer(0, Type.MONEY)


@dataclass(frozen=True)
class _Line:
    """A product while the plan is being made."""

    code: str
    column: str
    shape: ProductFile
    place: Place
    limit: Ref | None = None


def stage_products(stager: Stager) -> tuple[ProductPlan, ...]:
    """All passes from price to economics; returns the products in the order of the bundle's `order`."""
    lines = _ordered(stager)
    prices = {line.code: _price(stager, line) for line in lines}
    stager.end("price")
    limits = {line.code: _own_limits(stager, line) for line in lines}
    stager.end("limits")
    done: list[_Line] = []
    plans = []
    for line in lines:
        names = limits[line.code] + _rooms(stager, line, done, lines)
        limit = _grant(stager, line, names)
        done.append(_Line(line.code, line.column, line.shape, line.place, limit))
        shape = line.shape
        plans.append(
            ProductPlan(
                code=line.code,
                column=line.column,
                zh=shape.zh,
                en=shape.en,
                purpose=shape.purpose,
                limits=tuple(names),
                minimum=shape.minimum,
                minimum_reason=shape.minimum_reason,
                terms=tuple((term.method, tuple(term.months)) for term in shape.terms),
                displaces=tuple(sorted(_excluded(stager, line.code, "displace"))),
                price=prices[line.code],
            )
        )
    _total_line(stager, done)
    stager.end("allocation")
    for line in done:
        _economics(stager, line)
    stager.end("economics")
    return tuple(plans)


def _ordered(stager: Stager) -> list[_Line]:
    products, order = stager.bundle.products, stager.bundle.exposure.order
    if sorted(order) != sorted(products):
        place = stager.bundle.place("exposure.yaml", "order")
        stager.refuse(place, "E-ORDER", ", ".join(order), f"each product exactly once: {', '.join(products)}")
    found = []
    for code in (each for each in order if each in products):
        shape, place = products[code], stager.bundle.place(f"products/{code}.yaml")
        if not 0 < shape.minimum <= shape.maximum or shape.step <= 0:
            stager.refuse(place, "E-PRODUCT", f"{shape.minimum}..{shape.maximum}", "0 < minimum <= maximum, and a step above 0")
        found.append(_Line(code, code.replace("-", "_"), shape, place))
    return found


# -- price ------------------------------------------------------------------------------------------------------------


def _price(stager: Stager, line: _Line) -> Node:
    """The annual rate from the product's table, clipped where the law's all-in cap is lower."""
    place = stager.bundle.place(f"products/{line.code}.yaml", "price")
    node = stager.table(line.shape.price.table, Type.PPM, place) or integer(0, Type.PPM)
    rates = sorted(value for value in possible(node) or () if isinstance(value, int))
    if rates and rates[0] < 0:
        stager.refuse(place, "E-PRICE", str(rates[0]), "a rate is never negative")
        rates = []
    name = _price_column(line)
    capped = [branch for rate in rates for branch in _clipped(stager, line, rate)]
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


def _price_column(line: _Line) -> str:
    return f"_{line.column}_price"


def _clipped(stager: Stager, line: _Line, rate: int) -> list[tuple[Node, int, int]]:
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


# -- limits -----------------------------------------------------------------------------------------------------------


def _own_limits(stager: Stager, line: _Line) -> list[LimitName]:
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


def _affordability(stager: Stager, line: _Line) -> list[LimitName]:
    """The principal whose monthly instalment, at this customer's price, equals the capacity to pay."""
    shape = line.shape.affordability
    if shape is None:
        return []
    place = stager.bundle.place(f"products/{line.code}.yaml", "affordability")
    capacity = stager.compile(shape.capacity, place, Type.MONEY)
    rates = _final_rates(stager, line)
    if capacity is None or not rates:
        return []
    free = stager.add(f"_{line.column}_capacity", capacity, f"{line.code}: monthly capacity")
    rate = Ref(_price_column(line), Type.PPM)
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


def _final_rates(stager: Stager, line: _Line) -> list[int]:
    """Every rate that the product can have, after the caps."""
    node = stager.formulas.get(_price_column(line))
    listed = [value for value in (possible(node) or () if node is not None else ()) if isinstance(value, int) and value >= 0]
    lowered = [lower for rate in listed for _, _, lower in _clipped(stager, line, rate)]
    return sorted({*listed, *lowered})


# -- rooms and allocation ---------------------------------------------------------------------------------------------


def _rooms(stager: Stager, line: _Line, done: list[_Line], lines: list[_Line]) -> list[LimitName]:
    """What is left for this product under the total line, under the law's caps, and in its pool."""
    exposure = stager.bundle.exposure
    ceiling = integer_table([tier.ceiling for tier in stager.bundle.tiers.tiers])
    taken = _taken(stager, line, done, lines, total=True)
    column = f"_{line.column}_room"
    stager.add(column, _floor(stager, minus(ceiling, plus(taken, _also(stager)))), f"{line.code}: room under the total line")
    names = [LimitName("total_line", exposure.ceiling_reason, column)]
    names += _purpose_caps(stager, line, done, lines)
    pool = exposure.pools.get(line.shape.pool or "")
    if line.shape.pool is not None and pool is None:
        stager.refuse(line.place, "E-POOL", line.shape.pool, f"pools of exposure.yaml: {', '.join(exposure.pools) or 'none'}")
    elif pool is not None and pool.lead != line.code:
        lead = next((each for each in done if each.code == pool.lead and each.shape.pool == line.shape.pool), None)
        if lead is None or lead.limit is None:
            stager.refuse(line.place, "E-POOL", pool.lead, "the lead shares the pool and stands before this product in `order`")
            return names
        column = f"_{line.column}_pool"
        stager.add(column, _standing(stager, lead), f"{line.code}: the pool's limit")
        names.append(LimitName("pool", pool.reason, column))
    return names


def _also(stager: Stager) -> Node:
    text = stager.bundle.exposure.also_counts
    if text is None:
        return NOTHING
    return stager.compile(text, stager.bundle.place("exposure.yaml", "also_counts"), Type.MONEY) or NOTHING


def _purpose_caps(stager: Stager, line: _Line, done: list[_Line], lines: list[_Line]) -> list[LimitName]:
    """Caps that the law sets per borrower and purpose: the first whose window and condition hold."""
    branches: list[tuple[Node, Node]] = []
    reasons: list[str] = []
    for name, file in stager.bundle.regulation.items():
        for index, cap in enumerate(file.caps):
            if stager.bundle.about.licence not in cap.licences or cap.purpose != line.shape.purpose:
                continue
            place = stager.bundle.place(f"regulation/{name}.yaml", "caps", index)
            test = stager.compile(cap.when, place, Type.BOOL) if cap.when else None
            branches.append(
                (
                    and_(within(cap.since, cap.until), test if test is not None else and_()),
                    integer(cap.amount, Type.MONEY),
                )
            )
            reasons.append(cap.reason)
    if not branches:
        return []
    column, highest = f"_{line.column}_cap", integer(10**12, Type.MONEY)
    cap_value = stager.add(f"{column}_amount", when(*branches, otherwise=highest), f"{line.code}: cap for {line.shape.purpose}")
    taken = _taken(stager, line, done, lines, total=False)
    stager.add(column, _floor(stager, minus(cap_value, taken)), f"{line.code}: room under the cap")
    if len(set(reasons)) > 1:
        stager.refuse(line.place, "E-CAP", ", ".join(reasons), f"one reason code for all caps on {line.shape.purpose}")
    return [LimitName("purpose_cap", reasons[0], column)]


def _taken(stager: Stager, line: _Line, done: list[_Line], lines: list[_Line], *, total: bool) -> Node:
    """What the customer's other products take from a room."""
    excluded = _excluded(stager, line.code)
    parts = []
    for other in lines:
        pooled = other.shape.pool is not None
        if other.code == line.code or other.code in excluded or (pooled and other.shape.pool == line.shape.pool and not total):
            continue
        if total and pooled:
            parts.append(_member(stager, "used", other))
        elif total or (other.shape.purpose == line.shape.purpose and _counts_for_pool(stager, other)):
            granted = next((each.limit for each in done if each.code == other.code), None)
            parts.append(_counted(stager, other, granted))
    return plus(*parts)


def _counts_for_pool(stager: Stager, line: _Line) -> bool:
    """A pool is counted once, by its lead."""
    pool = stager.bundle.exposure.pools.get(line.shape.pool or "")
    return pool is None or pool.lead == line.code


def _counted(stager: Stager, line: _Line, granted: Ref | None) -> Node:
    """A line held counts at max(limit, used); one about to be granted at what was granted before it."""
    held = _member(stager, "held", line)
    new: Node = granted if granted is not None else NOTHING
    if held == NOTHING:
        return new
    standing = Extreme("GREATEST", (_member(stager, "line", line), _member(stager, "used", line)), Type.MONEY)
    return Case(((held, standing),), new, Type.MONEY)


def _standing(stager: Stager, line: _Line) -> Node:
    """The limit of a pool: of its lead as held, or as granted now; not known while a person decides on the lead."""
    assert line.limit is not None
    referred = Cmp("=", Ref(f"{line.column}_outcome", Type.INT), integer(REFER))
    granted = Case(((referred, Lit(None, Type.MONEY)),), line.limit, Type.MONEY)
    held = _member(stager, "held", line)
    return granted if held == NOTHING else Case(((held, _member(stager, "line", line)),), granted, Type.MONEY)


def _member(stager: Stager, family: str, line: _Line) -> Node:
    """A family's column for a product; nothing where the bundle has no such family."""
    name = stager.scope.families.get(family, {}).get(line.code)
    if name is None or name not in stager.scope.columns:
        return NOTHING
    column = stager.scope.columns[name]
    if column.nullable:
        stager.refuse(
            stager.bundle.place("facts.yaml", "families", family),
            "E-FAMILY",
            family,
            "must be `required: true`: it decides exposure",
        )
    return Ref(name, column.type)


def _excluded(stager: Stager, code: str, mode: str | None = None) -> set[str]:
    groups = [group for group in stager.bundle.exposure.exclusive if code in group.products and mode in (None, group.mode)]
    return {other for group in groups for other in group.products if other != code}


def _floor(stager: Stager, node: Node) -> Node:
    """At least 0; what is not known stays not known."""
    if nullable(node, stager.scope):
        return Case(((Cmp("<", node, NOTHING), NOTHING),), node, Type.MONEY)
    return Extreme("GREATEST", (node, NOTHING), Type.MONEY)


def integer_table(by_tier: list[int]) -> Node:
    """An amount by tier; only tiers whose amounts differ are told apart."""
    tier = Ref("tier_no", Type.INT)
    branches: list[tuple[Node, Node]] = []
    for index, value in enumerate(by_tier[:-1]):
        if value != by_tier[index + 1]:
            branches.append((Cmp("<=", tier, integer(index)), integer(value, Type.MONEY)))
    return when(*branches, otherwise=integer(by_tier[-1], Type.MONEY))


def _grant(stager: Stager, line: _Line, names: list[LimitName]) -> Ref:
    """Outcome, limit and the ceiling that binds. Precedence: decline, refer, approve."""
    prefix, code = line.column, line.code
    parts = [Ref(each.column, Type.MONEY) for each in names]
    price = Ref(_price_column(line), Type.PPM)
    absent = [(index, IsNull(part)) for index, part in enumerate((*parts, price)) if nullable(part, stager.scope)]
    bits = [Case(((test, integer(1 << index)),), integer(0), Type.INT) for index, test in absent]
    declined = Ref(f"_{prefix}_declined", Type.BOOL)
    known = Case(((declined, integer(0)),), _sum(bits), Type.INT) if bits else integer(0)
    unknown_bits = stager.add(f"{prefix}_unknown", known, f"{code}: ceilings that are not known")
    raw = stager.add(f"_{prefix}_lowest", least(*parts), f"{code}: the lowest ceiling")
    floored = stager.add(f"_{prefix}_offer", rounded_down(raw, line.shape.step), f"{code}: rounded down to the step")
    nothing_known = [Cmp("<>", unknown_bits, integer(0))] if bits else []
    unknown = or_(Ref(f"_{prefix}_referred", Type.BOOL), *nothing_known)
    small = Cmp("<", floored, integer(line.shape.minimum, Type.MONEY))
    outcome = when(
        (declined, integer(DECLINE)),
        (unknown, integer(REFER)),
        (small, integer(DECLINE)),
        otherwise=integer(APPROVE),
    )
    decided = stager.add(f"{prefix}_outcome", outcome, f"{code}: outcome")
    branches: list[tuple[Node, Node]] = [(declined, integer(0))]
    branches += [(Cmp("=", raw, part), integer(index)) for index, part in enumerate(parts[:-1])]
    stager.add(f"{prefix}_binding", when(*branches, otherwise=integer(len(parts) - 1)), f"{code}: which ceiling binds")
    approved = Cmp("=", decided, integer(APPROVE))
    stager.add(f"{prefix}_rate", Case(((approved, price),), Lit(None, Type.PPM), Type.PPM), f"{code}: rate")
    return stager.add(f"{prefix}_limit", Case(((approved, floored),), NOTHING, Type.MONEY), f"{code}: limit")


def _sum(parts: Sequence[Node]) -> Node:
    found: Node = integer(0)
    for part in parts:
        found = part if found == integer(0) else Arith("+", found, part, Type.INT)
    return found


def _total_line(stager: Stager, done: list[_Line]) -> None:
    """The lower of the approved limits' sum and the tier's ceiling; pools and exclusive products count once."""
    groups: list[list[_Line]] = []
    for line in done:
        linked = [
            group
            for group in groups
            if any(
                other.code in _excluded(stager, line.code) or (line.shape.pool and other.shape.pool == line.shape.pool)
                for other in group
            )
        ]
        groups = [group for group in groups if group not in linked] + [[line, *(each for group in linked for each in group)]]
    sums = []
    for group in groups:
        limits: tuple[Node, ...] = tuple(line.limit for line in group if line.limit is not None)
        sums.append(limits[0] if len(limits) == 1 else Extreme("GREATEST", limits, Type.MONEY))
    ceiling = integer_table([tier.ceiling for tier in stager.bundle.tiers.tiers])
    left = stager.add(
        "_ceiling_left", _floor(stager, minus(ceiling, _also(stager))), "ceiling of the tier, less what else counts"
    )
    stager.add("total_line", least(plus(*sums), left), "total line")


def _economics(stager: Stager, line: _Line) -> None:
    """Expected loss and margin of a year, in minor units, if the line is used as the credit conversion says.

    exposure at default = limit x conversion; expected loss = PD x LGD x EAD (Basel Committee, CRE31 and CRE35);
    margin = EAD x (rate - funding - servicing - capital) - expected loss.
    """
    shape = stager.bundle.economics
    prefix, limit = line.column, Ref(f"{line.column}_limit", Type.MONEY)
    if shape is None:
        stager.add(f"{prefix}_expected_loss", NOTHING, f"{line.code}: expected loss")
        stager.add(f"{prefix}_margin", NOTHING, f"{line.code}: margin")
        return
    bp, million = integer(10_000), integer(MILLION)
    at_default = stager.add(
        f"_{prefix}_ead", IDiv(Arith("*", limit, integer(shape.credit_conversion), Type.MONEY), bp, Type.MONEY)
    )
    lost = IDiv(Arith("*", at_default, integer(shape.loss_given_default), Type.MONEY), bp, Type.MONEY)
    expected = IDiv(Arith("*", lost, Ref("pd_ppm", Type.PPM), Type.MONEY), million, Type.MONEY)
    loss = stager.add(f"{prefix}_expected_loss", expected, f"{line.code}: expected loss")
    costs = shape.funding + shape.capital + shape.servicing.get(line.shape.purpose, 0)
    rate = Ref(f"{prefix}_rate", Type.PPM)
    known: Node = rate if not nullable(rate, stager.scope) else Case(((Not(IsNull(rate)), rate),), integer(0, Type.PPM), Type.PPM)
    spread = Arith("-", known, integer(costs, Type.PPM), Type.PPM)
    earned = IDiv(Arith("*", at_default, spread, Type.MONEY), million, Type.MONEY)
    stager.add(f"{prefix}_margin", minus(earned, loss), f"{line.code}: margin")
