"""Checks that better customers are treated no worse: by a better tier or score no lower limit and no higher price."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from shouxin.engines.policy.check_tables import MAX_STEPS, Axis, TooManyRegions, axes
from shouxin.engines.policy.check_uses import Subject, TableUse
from shouxin.engines.policy.customer import constants
from shouxin.engines.policy.cuts import by_cuts, regions
from shouxin.engines.policy.errors import Place
from shouxin.engines.policy.findings import Finding, amount, finding, readable, undecided
from shouxin.engines.policy.plan import ProductPlan
from shouxin.engines.policy.tree import Case, Cmp, Lit, Node, Ref, Type, Value, children, refs, walk

BEST_FIRST = {"tier_no": True, "score": False, "pd_ppm": True}
DECLARE = "or write `# declared: not monotone` above it"


@dataclass(frozen=True)
class Step:
    """Two neighbouring values of a tier or score, the better first."""

    better: Value
    worse: Value
    better_rows: int = 0
    worse_rows: int = 0


def check_limits(subject: Subject) -> Iterator[Finding]:
    """A better tier or score never gets a lower limit, all else equal, unless declared."""
    yield from _tables(subject, "limit", "C-LIMIT-ORDER")
    yield from _ceilings(subject)
    for product in subject.policy.plan.products:
        yield from _formulas(subject, product)


def check_prices(subject: Subject) -> Iterator[Finding]:
    """A better tier or score never pays a higher price, all else equal, unless declared."""
    yield from _tables(subject, "price", "C-PRICE-ORDER")


# -- tables -----------------------------------------------------------------------------------------------------------


def _tables(subject: Subject, kind: str, code: str) -> Iterator[Finding]:
    for use in (each for each in subject.tables if each.kind == kind):
        if subject.declared_not_monotone(use.file.name):
            continue
        all_axes = axes(use.table, subject.policy.plan.scope)
        ordering = [axis for axis in all_axes if axis.name in BEST_FIRST]
        if len(ordering) > 1:
            yield undecided(
                code, use.place(), ",".join(use.file.header), "tier, score and pd_ppm follow from each other; keep one"
            )
        elif ordering:
            others = [axis for axis in all_axes if axis is not ordering[0]]
            try:
                yield from _compared(subject, use, ordering[0], others, code)
            except TooManyRegions:
                yield undecided(code, use.place(), ",".join(use.file.header), "too many combinations; split the table")


def _compared(subject: Subject, use: TableUse, axis: Axis, others: list[Axis], code: str) -> Iterator[Finding]:
    results, told = use.table.rows, set[tuple[int, int]]()
    for step in _steps(axis):
        for (better, worse), point in _pairs(step, others).items():
            if not better or not worse:
                continue
            first, second = ((rows & -rows).bit_length() - 1 for rows in (better, worse))
            gain, less = results[first].result, results[second].result
            assert isinstance(gain, int) and isinstance(less, int)
            if (gain >= less if use.kind == "limit" else gain <= less) or (first, second) in told:
                continue
            told.add((first, second))
            scope = subject.policy.plan.scope
            name, best = readable(axis.name, step.better, scope)
            _, next_best = readable(axis.name, step.worse, scope)
            word = "a lower limit" if use.kind == "limit" else "a higher price"
            shown = [amount(value, use.table.result) for value in (gain, less)]
            right = f"{name} {best} gets {word} than {next_best} ({shown[0]} and {shown[1]}), all else equal: mend it, {DECLARE}"
            example = dict(readable(each, value, scope) for each, value in {axis.name: step.better, **point}.items())
            yield finding("warning", code, use.place(first), use.written(first), right, example)


def _steps(axis: Axis) -> list[Step]:
    """All pairs of a few values; neighbours of many. Regions that the same rows admit count once."""
    values = [each for each in axis.values if each[0] is not None]
    if not BEST_FIRST[axis.name]:
        values.reverse()
    kept = [group[0] for _, group in ((key, list(each)) for key, each in itertools.groupby(values, key=lambda each: each[1]))]
    pairs = itertools.combinations(kept, 2) if len(kept) <= 16 else itertools.pairwise(kept)
    return [Step(better, worse, better_rows, worse_rows) for (better, better_rows), (worse, worse_rows) in pairs]


def _pairs(step: Step, others: list[Axis]) -> Mapping[tuple[int, int], Mapping[str, Value]]:
    """The rows that fit the better and the worse customer, for each combination of what else the table reads."""
    states: dict[tuple[int, int], Mapping[str, Value]] = {(step.better_rows, step.worse_rows): {}}
    steps = 0
    for axis in others:
        after: dict[tuple[int, int], Mapping[str, Value]] = {}
        for (better, worse), point in states.items():
            steps += len(axis.values)
            if steps > MAX_STEPS:
                raise TooManyRegions
            for value, rows in axis.values:
                after.setdefault((better & rows, worse & rows), {**point, axis.name: value})
        states = after
    return states


# -- ceilings and formulas --------------------------------------------------------------------------------------------


def _ceilings(subject: Subject) -> Iterator[Finding]:
    bundle = subject.policy.bundle
    for index, (better, worse) in enumerate(itertools.pairwise(bundle.tiers.tiers)):
        place = bundle.place("tiers.yaml", "tiers", index)
        if better.ceiling < worse.ceiling and not subject.declared_not_monotone(place.file):
            shown = [amount(tier.ceiling, Type.MONEY) for tier in (better, worse)]
            right = f"tier {better.name} has a lower ceiling than {worse.name} ({shown[0]} and {shown[1]}): mend it, {DECLARE}"
            yield finding("warning", "C-LIMIT-ORDER", place, f"ceiling of {better.name}", right, {"tier": better.name})


def _formulas(subject: Subject, product: ProductPlan) -> Iterator[Finding]:
    """Limits by formula: the formula for the better against the formula for the worse, over all customers."""
    bundle, file = subject.policy.bundle, f"products/{product.code}.yaml"
    for name, shape in bundle.products[product.code].limits.items():
        node = subject.policy.plan.formulas.get(f"{product.code}.{name}")
        place = bundle.place(file, "limits", name)
        if shape.formula is None or node is None or subject.declared_not_monotone(file, place.line):
            continue
        for ordering in sorted(refs(node) & BEST_FIRST.keys()):
            yield from _formula(subject, place, shape.formula, node, ordering)


def _formula(subject: Subject, place: Place, text: str, node: Node, ordering: str) -> Iterator[Finding]:
    scope = subject.policy.plan.scope
    if not _only_compared(node, ordering):
        yield undecided("C-LIMIT-ORDER", place, text, f"{ordering} is computed with, not only compared with constants")
        return
    values = list(regions(scope.columns[ordering], constants([node]).get(ordering, ())))
    for better, worse in itertools.pairwise(values if BEST_FIRST[ordering] else values[::-1]):
        kind = scope.columns[ordering].type
        gain, less = (_with_value(node, ordering, Lit(value, kind)) for value in (better, worse))
        answer = subject.prover.exists(Cmp("<", gain, less))
        (name, best), (_, next_best) = (readable(ordering, value, scope) for value in (better, worse))
        if answer.open:
            yield undecided("C-LIMIT-ORDER", place, text, answer.why)
            return
        if answer.customer is not None:
            right = f"{name} {best} gets a lower limit than {next_best}, all else equal: mend it, {DECLARE}"
            example = {name: best, **subject.prover.shown(answer.customer, sorted(refs(gain) | refs(less)))}
            yield finding("warning", "C-LIMIT-ORDER", place, text, right, example)
            return


def _only_compared(node: Node, name: str) -> bool:
    """Whether a column stands only in comparisons with constants."""
    inside = sum(isinstance(part, Ref) and part.name == name for part in walk(node))
    tests = [part for part in walk(node) if part.type is Type.BOOL and not isinstance(part, Case) and by_cuts(part)]
    compared = sum(isinstance(child, Ref) and child.name == name for part in tests for child in children(part))
    return inside == compared


def _with_value(node: Node, name: str, value: Lit) -> Node:
    """The tree with a constant in place of a column."""

    def inside(part: Any) -> Any:
        if isinstance(part, tuple):
            return tuple(inside(each) for each in part)
        return _with_value(part, name, value) if isinstance(part, Node) else part

    if isinstance(node, Ref):
        return value if node.name == name else node
    return replace(node, **{each.name: inside(getattr(node, each.name)) for each in fields(node)})
