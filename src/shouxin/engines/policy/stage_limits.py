"""Passes `price`, `limits`, `allocation` and `economics`: what each product costs, how much of it, what is left.

Read `stage_price.py` for prices and a product's own ceilings, `stage_rooms.py` for what other products leave of a room.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from shouxin.engines.policy.plan import APPROVE, DECLINE, REFER, LimitName, ProductPlan
from shouxin.engines.policy.ranges import nullable
from shouxin.engines.policy.stage_price import MILLION, NOTHING, Line, own_limits, price_column, price_of
from shouxin.engines.policy.stage_rooms import also_counts, at_least_zero, excluded, integer_table, rooms_of
from shouxin.engines.policy.stage_rules import base_of
from shouxin.engines.policy.stager import Stager, integer, least, minus, plus, rounded_down, when
from shouxin.engines.policy.tree import Arith, Case, Cmp, Extreme, IDiv, IsNull, Lit, Node, Not, Ref, Type, or_


def stage_products(stager: Stager) -> tuple[ProductPlan, ...]:
    """All passes from price to economics; returns the products in the order of the bundle's `order`."""
    lines = _ordered(stager)
    prices = {line.code: price_of(stager, line) for line in _in_turn(stager, lines)}
    stager.end("price")
    limits = {line.code: own_limits(stager, line) for line in _in_turn(stager, lines)}
    stager.end("limits")
    done: list[Line] = []
    plans = []
    for line in _in_turn(stager, lines):
        names = limits[line.code] + rooms_of(stager, line, done, lines)
        limit = _grant(stager, line, names)
        done.append(Line(line.code, line.column, line.shape, line.place, limit))
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
                displaces=tuple(sorted(excluded(stager, line.code, "displace"))),
                price=prices[line.code],
            )
        )
    _total_line(stager, done)
    stager.end("allocation")
    for line in _in_turn(stager, done):
        _economics(stager, line)
    stager.end("economics")
    return tuple(plans)


def _in_turn(stager: Stager, lines: Sequence[Line]) -> Iterator[Line]:
    """Each line, while the columns being added are about it."""
    for line in lines:
        stager.product = line.code
        yield line
    stager.product = ""


def _ordered(stager: Stager) -> list[Line]:
    products, order = stager.bundle.products, stager.bundle.exposure.order
    if sorted(order) != sorted(products):
        place = stager.bundle.place("exposure.yaml", "order")
        stager.refuse(place, "E-ORDER", ", ".join(order), f"each product exactly once: {', '.join(products)}")
    found = []
    for code in (each for each in order if each in products):
        shape, place = products[code], stager.bundle.place(f"products/{code}.yaml")
        if not 0 < shape.minimum <= shape.maximum or shape.step <= 0:
            stager.refuse(place, "E-PRODUCT", f"{shape.minimum}..{shape.maximum}", "0 < minimum <= maximum, and a step above 0")
        found.append(Line(code, code.replace("-", "_"), shape, place))
    return found


def _grant(stager: Stager, line: Line, names: list[LimitName]) -> Ref:
    """Outcome, limit and the ceiling that binds. Precedence: decline, refer, approve."""
    prefix, code = line.column, line.code
    parts = [Ref(each.column, Type.MONEY) for each in names]
    price = Ref(price_column(line), Type.PPM)
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


def _total_line(stager: Stager, done: list[Line]) -> None:
    """The lower of the approved limits' sum and the tier's ceiling; pools and exclusive products count once."""
    groups: list[list[Line]] = []
    lines = [line for line in done if not _beside(stager, line)]
    for line in lines:
        linked = [
            group
            for group in groups
            if any(
                other.code in excluded(stager, line.code) or (line.shape.pool and other.shape.pool == line.shape.pool)
                for other in group
            )
        ]
        groups = [group for group in groups if group not in linked] + [[line, *(each for group in linked for each in group)]]
    sums = []
    for group in groups:
        limits = [plus(*(each.limit for each in (line, *_scenarios_beside(stager, line, done)) if each.limit)) for line in group]
        sums.append(limits[0] if len(limits) == 1 else Extreme("GREATEST", tuple(limits), Type.MONEY))
    ceiling = integer_table([tier.ceiling for tier in stager.bundle.tiers.tiers])
    left = stager.add(
        "_ceiling_left", at_least_zero(stager, minus(ceiling, also_counts(stager))), "ceiling of the tier, less what else counts"
    )
    stager.add("total_line", least(plus(*sums), left), "total line")


def _beside(stager: Stager, line: Line) -> bool:
    """Whether a product is a scenario with a limit of its own, which stands beside that of the product it varies."""
    variant = stager.bundle.variants.get(line.code)
    return variant is not None and variant.scenario.within == "total_line"


def _scenarios_beside(stager: Stager, line: Line, done: list[Line]) -> list[Line]:
    return [each for each in done if _beside(stager, each) and base_of(stager, each.code) == line.code]


def _economics(stager: Stager, line: Line) -> None:
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
