"""Pass `knock-outs`: every rule of the bundle, the law, the products and their reopening, in one list with masks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from shouxin.engines.policy.errors import Place
from shouxin.engines.policy.model import RuleShape
from shouxin.engines.policy.plan import RULES_PER_MASK, Rule, Rules
from shouxin.engines.policy.product_shapes import ReopeningShape
from shouxin.engines.policy.scope import Column
from shouxin.engines.policy.stager import Stager, integer, when, within
from shouxin.engines.policy.tree import FALSE, And, Arith, Cmp, In, Lit, Node, Or, Ref, Type, and_, or_


@dataclass(frozen=True)
class _Draft:
    code: str
    node: Node
    effect: str
    products: tuple[str, ...]
    place: Place
    written: str = ""


def stage_rules(stager: Stager) -> tuple[Rule, ...]:
    """Evaluate all rules; then per product `_x_declined` and `_x_referred`."""
    codes = list(stager.bundle.products)
    drafts = [*_written(stager), *_of_law(stager), *_of_products(stager), *_reopening(stager), *_exclusive(stager)]
    _check_codes(stager, drafts)
    ranks = {code: shape.rank for code, shape in stager.bundle.reasons.reasons.items()}
    drafts.sort(key=lambda draft: ranks.get(draft.code, 0))  # so that bits, read upwards, tell reasons by rank
    rules = tuple(
        Rule(
            draft.code,
            draft.node,
            draft.effect,
            tuple(codes.index(each) for each in draft.products),
            index // RULES_PER_MASK,
            1 << (index % RULES_PER_MASK),
            f"{draft.place.file}:{draft.place.line}",
            draft.written,
        )
        for index, draft in enumerate(drafts)
    )
    masks = max(1, -(-len(rules) // RULES_PER_MASK))
    hits, nulls = (tuple(f"_{kind}{index}" for index in range(masks)) for kind in ("hit", "nul"))
    columns = [Column(name, Type.INT, False, 0, 2**RULES_PER_MASK) for name in (*hits, *nulls)]
    stager.step(Rules(rules, hits, nulls), *columns)
    for index, code in enumerate(codes):
        name = code.replace("-", "_")
        mine = [rule for rule in rules if index in rule.products]
        declining = [rule for rule in mine if rule.effect == "decline"]
        referring = [rule for rule in mine if rule.effect == "refer"]
        stager.add(f"_{name}_declined", _any(hits, declining), f"{code}: a knock-out fired")
        stager.add(f"_{name}_referred", or_(_any(hits, referring), _any(nulls, mine)), f"{code}: for a person to decide")
    stager.end("knock_outs")
    return rules


def _check_codes(stager: Stager, drafts: list[_Draft]) -> None:
    """One code, one reason: no two rules or ceilings of a product share it."""
    for code, product in stager.bundle.products.items():
        limits = [shape.reason for shape in product.limits.values()]
        limits += [product.maximum_reason, product.minimum_reason, stager.bundle.exposure.ceiling_reason]
        limits += [product.affordability.reason] if product.affordability else []
        seen = set(limits)
        if len(seen) < len(limits):
            stager.refuse(
                stager.bundle.place(f"products/{code}.yaml"),
                "E-CODE",
                ", ".join(limits),
                "each ceiling has a reason of its own",
            )
        for draft in (each for each in drafts if code in each.products):
            if draft.code in seen:
                right = f"another rule or ceiling of {code} has this code: join them with OR, or give it a code of its own"
                stager.refuse(draft.place, "E-CODE", draft.code, right)
            seen.add(draft.code)


def _any(masks: tuple[str, ...], rules: list[Rule]) -> Node:
    """Whether any of the rules is recorded in the masks."""
    tests = []
    for index, mask in enumerate(masks):
        bits = sum(rule.bit for rule in rules if rule.mask == index)
        if bits:
            tests.append(Cmp("<>", Arith("&", Ref(mask, Type.INT), integer(bits), Type.INT), integer(0)))
    return or_(*tests)


def _rule(stager: Stager, shape: RuleShape, place: Place, window: Node, default: tuple[str, ...]) -> Iterator[_Draft]:
    node = stager.compile(shape.when, place, Type.BOOL)
    products = tuple(shape.products or default)
    unknown = [code for code in products if code not in stager.bundle.products]
    if unknown:
        stager.refuse(place, "E-PRODUCT", ", ".join(unknown), f"products of this bundle: {', '.join(stager.bundle.products)}")
    elif node is not None:
        yield _Draft(shape.code, and_(window, node), shape.effect, products, place, shape.when)


def _written(stager: Stager) -> Iterator[_Draft]:
    for index, shape in enumerate(stager.bundle.rules.rules):
        place = stager.bundle.place("rules.yaml", "rules", index)
        yield from _rule(stager, shape, place, and_(), tuple(stager.bundle.products))


def _of_law(stager: Stager) -> Iterator[_Draft]:
    for name, file in stager.bundle.regulation.items():
        for index, shape in enumerate(file.rules):
            if stager.bundle.about.licence in shape.licences:
                place = stager.bundle.place(f"regulation/{name}.yaml", "rules", index)
                yield from _rule(stager, shape, place, within(shape.since, shape.until), tuple(stager.bundle.products))


def _of_products(stager: Stager) -> Iterator[_Draft]:
    """A product's own rules; its scenarios have them too, and are written into the same rule."""
    products, variants = stager.bundle.products, stager.bundle.variants
    for code, product in products.items():
        inherited = products[variants[code].base].eligibility if code in variants else []
        for index, shape in enumerate(product.eligibility):
            if any(shape is each for each in inherited):
                continue
            place = stager.bundle.place(f"products/{code}.yaml", "eligibility", index)
            if shape.products not in (None, [code]):
                stager.refuse(
                    place,
                    "E-PRODUCT",
                    str(shape.products),
                    "a product's own rule is about itself: leave `products` out",
                )
            yield from _rule(stager, shape, place, and_(), (code, *_scenarios(stager, code)))


def _scenarios(stager: Stager, code: str) -> list[str]:
    return [each.code for each in stager.bundle.variants.values() if each.base == code]


def _reopening(stager: Stager) -> Iterator[_Draft]:
    """A product may be opened again once the wait after its closing is over; the wait depends on why it was closed.

    A scenario waits for its product's closing as well as for its own.
    """
    waits: dict[str, Node | None] = {}
    for code, product in stager.bundle.products.items():
        if product.reopening is None:
            continue
        place = stager.bundle.place(f"products/{code}.yaml", "reopening")
        waits[code] = _waiting(stager, code, product.reopening, place)
        variant = stager.bundle.variants.get(code)
        tests = [each for each in (waits.get(variant.base) if variant else None, waits[code]) if each is not None]
        if tests:  # closed for a reason that makes one wait, but not known when: a person decides
            yield _Draft(product.reopening.reason, or_(*tests), "decline", (code,), place)


def _waiting(stager: Stager, code: str, shape: ReopeningShape, place: Place) -> Node | None:
    """Whether a product's wait is not over; None where there is none."""
    days = _member(stager, "days_since_closed", code, place)
    why = _member(stager, "closed_because", code, place)
    if days is None or why is None:
        return None
    known = stager.scope.columns[why.name].values
    unknown = set(shape.waits) - set(known)
    if unknown:
        stager.refuse(place, "E-VALUE", ", ".join(sorted(unknown)), f"closed_because is one of {known}")
        return None
    waits = {name: wait for name, wait in shape.waits.items() if wait}
    branches = [(Cmp("=", why, Lit(name, Type.ENUM)), Cmp("<", days, integer(wait))) for name, wait in waits.items()]
    # asked first, because it is seldom so, and cheaper than all branches
    return and_(In(why, tuple(waits)), when(*branches, otherwise=FALSE)) if branches else None


def _exclusive(stager: Stager) -> Iterator[_Draft]:
    """A product is blocked while one that it cannot be held with is held; under `displace`, only while that one is in use."""
    for index, group in enumerate(stager.bundle.exposure.exclusive):
        place = stager.bundle.place("exposure.yaml", "exclusive", index)
        unknown = [code for code in group.products if code not in stager.bundle.products]
        if unknown:
            stager.refuse(place, "E-PRODUCT", ", ".join(unknown), f"products of this bundle: {', '.join(stager.bundle.products)}")
            continue
        for code in group.products:
            tests: list[Node] = []
            for other in (each for each in group.products if base_of(stager, each) != base_of(stager, code)):
                held = _member(stager, "held", other, place)
                members = [_member(stager, "used", each, place) for each in _sharing(stager, other)]
                used = [each for each in members if each is not None]
                if held is None or len(used) < len(members):
                    return
                in_use = or_(*(Cmp(">", each, integer(0, Type.MONEY)) for each in used))
                tests.append(held if group.mode == "refuse" else And((held, in_use)))
            yield _Draft(group.reason, tests[0] if len(tests) == 1 else Or(tuple(tests)), "decline", (code,), place)


def base_of(stager: Stager, code: str) -> str:
    """The product that a scenario varies; any other product itself."""
    variant = stager.bundle.variants.get(code)
    return variant.base if variant else code


def _sharing(stager: Stager, code: str) -> list[str]:
    """A product and those that share its pool: they go with it."""
    pool = stager.bundle.products[code].pool
    return [other for other, shape in stager.bundle.products.items() if other == code or (pool and shape.pool == pool)]


def _member(stager: Stager, family: str, code: str, place: Place) -> Ref | None:
    name = stager.scope.families.get(family, {}).get(code)
    if name is None or name not in stager.scope.columns:
        stager.refuse(place, "E-FAMILY", family, f"facts.yaml declares no family `{family}` over the products of this bundle")
        return None
    return Ref(name, stager.scope.columns[name].type)
