"""Pass `allocation`, first part: what is left for a product under the total line, the law's caps and its pool.

Rooms are worked out product after product, in the bundle's order. What counts against a room:
    total line    other dedicated lines at max(limit, used), other pools at what is used
    purpose cap   other lines of the purpose at their limits, a pool once
    pool          the limit of the pool's lead
Products that exclude each other never take room from each other.
"""

from __future__ import annotations

from shouxin.engines.policy.plan import REFER, LimitName
from shouxin.engines.policy.ranges import nullable
from shouxin.engines.policy.stage_price import NOTHING, Line
from shouxin.engines.policy.stage_rules import base_of
from shouxin.engines.policy.stager import Stager, integer, minus, plus, when, within
from shouxin.engines.policy.tree import Case, Cmp, Extreme, Lit, Node, Ref, Type, and_


def rooms_of(stager: Stager, line: Line, done: list[Line], lines: list[Line]) -> list[LimitName]:
    """What is left for this product under the total line, under the law's caps, and in its pool."""
    exposure = stager.bundle.exposure
    ceiling = integer_table([tier.ceiling for tier in stager.bundle.tiers.tiers])
    taken = _taken(stager, line, done, lines, total=True)
    column = f"_{line.column}_room"
    stager.add(
        column, at_least_zero(stager, minus(ceiling, plus(taken, also_counts(stager)))), f"{line.code}: room under the total line"
    )
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


def also_counts(stager: Stager) -> Node:
    text = stager.bundle.exposure.also_counts
    if text is None:
        return NOTHING
    return stager.compile(text, stager.bundle.place("exposure.yaml", "also_counts"), Type.MONEY) or NOTHING


def _purpose_caps(stager: Stager, line: Line, done: list[Line], lines: list[Line]) -> list[LimitName]:
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
    stager.add(column, at_least_zero(stager, minus(cap_value, taken)), f"{line.code}: room under the cap")
    if len(set(reasons)) > 1:
        stager.refuse(line.place, "E-CAP", ", ".join(reasons), f"one reason code for all caps on {line.shape.purpose}")
    return [LimitName("purpose_cap", reasons[0], column)]


def _taken(stager: Stager, line: Line, done: list[Line], lines: list[Line], *, total: bool) -> Node:
    """What the customer's other products take from a room."""
    apart = excluded(stager, line.code)
    parts = []
    for other in lines:
        pooled = other.shape.pool is not None
        if other.code == line.code or other.code in apart or (pooled and other.shape.pool == line.shape.pool and not total):
            continue
        if total and pooled:
            parts.append(_member(stager, "used", other))
        elif total or (other.shape.purpose == line.shape.purpose and _counts_for_pool(stager, other)):
            granted = next((each.limit for each in done if each.code == other.code), None)
            parts.append(_counted(stager, other, granted))
    return plus(*parts)


def _counts_for_pool(stager: Stager, line: Line) -> bool:
    """A pool is counted once, by its lead."""
    pool = stager.bundle.exposure.pools.get(line.shape.pool or "")
    return pool is None or pool.lead == line.code


def _counted(stager: Stager, line: Line, granted: Ref | None) -> Node:
    """A line held counts at max(limit, used); one about to be granted at what was granted before it."""
    held = _member(stager, "held", line)
    new: Node = granted if granted is not None else NOTHING
    if held == NOTHING:
        return new
    standing = Extreme("GREATEST", (_member(stager, "line", line), _member(stager, "used", line)), Type.MONEY)
    return Case(((held, standing),), new, Type.MONEY)


def _standing(stager: Stager, line: Line) -> Node:
    """The limit of a pool: of its lead as held, or as granted now; not known while a person decides on the lead."""
    assert line.limit is not None
    referred = Cmp("=", Ref(f"{line.column}_outcome", Type.INT), integer(REFER))
    granted = Case(((referred, Lit(None, Type.MONEY)),), line.limit, Type.MONEY)
    held = _member(stager, "held", line)
    return granted if held == NOTHING else Case(((held, _member(stager, "line", line)),), granted, Type.MONEY)


def _member(stager: Stager, family: str, line: Line) -> Node:
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


def excluded(stager: Stager, code: str, mode: str | None = None) -> set[str]:
    """The products that cannot be held with a product; never those that vary the same product."""
    groups = [group for group in stager.bundle.exposure.exclusive if code in group.products and mode in (None, group.mode)]
    own = base_of(stager, code)
    return {other for group in groups for other in group.products if base_of(stager, other) != own}


def at_least_zero(stager: Stager, node: Node) -> Node:
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
