"""Scenarios: at load each becomes a product of its own, made from the product that it varies.

`business-loan` with the scenario `stocking` makes `business-loan-stocking`: the product's fields with the scenario's in
their place, its window and its trigger as knock-outs. From here on it is a product like any other, in Python, in SQL, in
checks, families and cases. What keeps a customer from the product keeps them from its scenarios: rules that name the
product name them too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_DOWN, Decimal, InvalidOperation
from typing import TypeVar

from shouxin.engines.policy.errors import Fault, fault
from shouxin.engines.policy.model import (
    CrossShape,
    ExposureFile,
    ProductFile,
    ReasonsFile,
    RegulationFile,
    RulesFile,
    RuleShape,
)
from shouxin.engines.policy.names import check_product
from shouxin.engines.policy.product_shapes import PriceShape, ScenarioShape, UsesShape
from shouxin.engines.policy.source import CsvFile, YamlFile
from shouxin.engines.policy.windows import closed_formula, words

R = TypeVar("R", bound=RuleShape)

WHOLE_BP = 10_000
MILLIONTH = Decimal("0.0001")  # of a percent: what a rate is rounded down to, in the customer's favour
WINDOW = "{window}"


@dataclass(frozen=True)
class Variant:
    """Where a product made from a scenario comes from."""

    base: str
    name: str
    scenario: ScenarioShape

    @property
    def code(self) -> str:
        """The product's code."""
        return f"{self.base}-{self.name}"


@dataclass(frozen=True)
class Parts:
    """The parts of a bundle to which scenarios add."""

    products: Mapping[str, ProductFile]
    exposure: ExposureFile
    rules: RulesFile
    regulation: Mapping[str, RegulationFile]
    reasons: ReasonsFile
    tables: Mapping[str, CsvFile]
    files: Mapping[str, YamlFile]
    variants: Mapping[str, Variant]


def with_scenarios(parts: Parts, faults: list[Fault]) -> Parts:
    """The same parts with a product for each scenario; what does not fit is added to the faults.

    In `order` a scenario stands last, and so takes the room that the products leave, unless it is written there.
    """
    variants: dict[str, Variant] = {}
    for each in _variants(parts.products):
        found = list(_faults(each, parts, variants))
        faults += [fault(parts.files[_file(each.base)].place("scenarios", each.name), "E-SCENARIO", *why) for why in found]
        if not found:
            variants[each.code] = each
    if not variants:
        return parts
    named = _Named(variants)
    exposure = parts.exposure
    return Parts(
        products={**parts.products, **{code: _product(each, parts) for code, each in variants.items()}},
        exposure=exposure.model_copy(
            update={
                "order": _completed(exposure.order, variants),
                "repayments": _completed(exposure.repayments, variants) if exposure.repayments else [],
                "exclusive": [
                    group.model_copy(update={"products": named.with_lines_of_their_own(group.products)})
                    for group in exposure.exclusive
                ],
                "cross": [named.cross(each) for each in exposure.cross],
            }
        ),
        rules=parts.rules.model_copy(update={"rules": [named.rule(each) for each in parts.rules.rules]}),
        regulation={
            name: file.model_copy(update={"rules": [named.rule(each) for each in file.rules]})
            for name, file in parts.regulation.items()
        },
        reasons=_reasons(parts, variants, faults),
        tables={**parts.tables, **dict(_tables(parts, variants))},
        files={**parts.files, **{_file(code): _places(each, parts) for code, each in variants.items()}},
        variants=variants,
    )


def own_rules(scenario: ScenarioShape) -> Iterator[tuple[tuple[str | int, ...], RuleShape]]:
    """The scenario's own knock-outs, each with where it is written: window, trigger, eligibility."""
    if scenario.window:
        yield ("window",), RuleShape(code=scenario.window.reason, when=closed_formula(scenario.window))
    if scenario.trigger:
        yield ("trigger",), RuleShape(code=scenario.trigger.reason, when=f"NOT ({scenario.trigger.when})")
    for index, rule in enumerate(scenario.eligibility):
        yield ("eligibility", index), rule


def _variants(products: Mapping[str, ProductFile]) -> Iterator[Variant]:
    for base, product in products.items():
        yield from (Variant(base, name, scenario) for name, scenario in product.scenarios.items())


def _file(code: str) -> str:
    return f"products/{code}.yaml"


def _faults(each: Variant, parts: Parts, earlier: Mapping[str, Variant]) -> Iterator[tuple[str, str]]:
    """(what stands there, what would be right) for all that is wrong with a scenario."""
    base, scenario, code = parts.products[each.base], each.scenario, each.code
    if code in parts.products or code in earlier or (scenario.price and scenario.price.reduction and code in parts.tables):
        yield code, "a product or a table of this bundle has the code of this scenario: rename one of them"
    try:
        check_product(code)
    except ValueError as error:
        yield code, str(error)
    if scenario.within == "line" and base.pool is None:
        yield "within: line", f"{each.base} has to lead a pool of exposure.yaml, which the scenario joins; or within: total_line"
    others = [use for use in scenario.uses or () if use not in base.uses.allowed]
    if others:
        yield ", ".join(others), f"uses that {each.base} allows: {', '.join(base.uses.allowed)}"
    for name, written in _inherited(base, scenario):
        if f"'{each.base}'" in written:
            yield name, f"{written!r} is about {each.base}: write {name} anew for this scenario"


def _inherited(base: ProductFile, scenario: ScenarioShape) -> Iterator[tuple[str, str]]:
    """Formulas of the product that stand unchanged in the scenario."""
    for name, limit in base.limits.items():
        if name not in scenario.limits and limit.formula is not None:
            yield f"limits.{name}", limit.formula
    if base.affordability and not scenario.affordability:
        yield "affordability", base.affordability.capacity


def _product(each: Variant, parts: Parts) -> ProductFile:
    base, scenario = parts.products[each.base], each.scenario
    plain = ("zh", "en", "minimum", "maximum", "step", "terms", "affordability", "line_months")
    changed = {name: value for name in plain if (value := getattr(scenario, name)) is not None}
    return base.model_copy(
        update={
            **changed,
            "limits": {**base.limits, **scenario.limits},
            "eligibility": [*(rule for _, rule in own_rules(scenario)), *base.eligibility],
            "price": _price(each, base.price),
            "uses": _uses(scenario, base.uses),
            "pool": base.pool if scenario.within == "line" else None,
            "scenarios": {},
        }
    )


def _price(each: Variant, base: PriceShape) -> PriceShape:
    price = each.scenario.price
    return base if price is None else base.model_copy(update={"table": price.table or each.code})


def _uses(scenario: ScenarioShape, base: UsesShape) -> UsesShape:
    changed: dict[str, object] = {"allowed": scenario.uses} if scenario.uses else {}
    if scenario.proof:
        changed |= {"proof": scenario.proof, "proof_above": min(each.above for each in scenario.proof)}
    return base.model_copy(update=changed)


def _tables(parts: Parts, variants: Mapping[str, Variant]) -> Iterator[tuple[str, CsvFile]]:
    """A reduction makes a price table from the product's, of the same rows and lines."""
    for code, each in variants.items():
        price = each.scenario.price
        table = parts.tables.get(parts.products[each.base].price.table)
        if price and price.reduction and table:
            rows = tuple((*row[:-1], _reduced(row[-1], price.reduction)) for row in table.rows)
            yield code, replace(table, rows=rows)


def _reduced(rate: str, reduction_bp: int) -> str:
    try:
        lower = Decimal(rate) * (WHOLE_BP - reduction_bp) / WHOLE_BP
        return f"{lower.quantize(MILLIONTH, ROUND_DOWN).normalize():f}"
    except InvalidOperation:
        return rate  # no number: refused where the table is read


def _places(each: Variant, parts: Parts) -> YamlFile:
    """Where the product's values stand: in the base's file, in the scenario where they are written there."""
    base = parts.files[_file(each.base)]
    here = ("scenarios", each.name)
    lines = {path: line for path, line in base.lines.items() if path[:1] not in (("scenarios",), ("eligibility",))}
    written = {path[2:]: line for path, line in base.lines.items() if path[:2] == here}
    lines |= {path: line for path, line in written.items() if path[:1] != ("eligibility",)}
    for index, (path, _) in enumerate(own_rules(each.scenario)):
        lines["eligibility", index] = base.place(*here, *path).line
    return YamlFile(base.name, base.data, lines)


def _completed(order: list[str], variants: Mapping[str, Variant]) -> list[str]:
    return [*order, *(code for code in variants if code not in order)]


def _reasons(parts: Parts, variants: Mapping[str, Variant], faults: list[Fault]) -> ReasonsFile:
    """`{window}` in the texts of a window's reason becomes the window in words, so that they cannot disagree."""
    reasons, told = dict(parts.reasons.reasons), dict[str, object]()
    for each in variants.values():
        window = each.scenario.window
        shape = parts.reasons.reasons.get(window.reason) if window else None
        if window is None or shape is None:
            continue
        texts = {name: getattr(shape, name) for name in ("zh", "en", "do_zh", "do_en")}
        filled = {
            name: text.replace(WINDOW, words(window, "zh" if name.endswith("zh") else "en"))
            for name, text in texts.items()
            if text
        }
        if told.setdefault(window.reason, filled) != filled:
            place = parts.files[_file(each.base)].place("scenarios", each.name, "window")
            right = f"its text names the {WINDOW} of another scenario: give this one a reason of its own"
            faults.append(fault(place, "E-SCENARIO", window.reason, right))
        reasons[window.reason] = shape.model_copy(update=filled)
    return parts.reasons.model_copy(update={"reasons": reasons})


class _Named:
    """Lists of products, with the scenarios of those that they name."""

    def __init__(self, variants: Mapping[str, Variant]) -> None:
        self.variants = variants

    def all_of(self, products: list[str]) -> list[str]:
        return [*products, *(code for code, each in self.variants.items() if each.base in products and code not in products)]

    def with_lines_of_their_own(self, products: list[str]) -> list[str]:
        """Those that share the product's line come and go with it; the others are held, or not, by themselves."""
        own = [code for code, each in self.variants.items() if each.base in products and each.scenario.within == "total_line"]
        return [*products, *(code for code in own if code not in products)]

    def cross(self, rule: CrossShape) -> CrossShape:
        lists = {"suspends": rule.suspends, "closes": rule.closes}
        return rule.model_copy(update={name: self.all_of(each) for name, each in lists.items() if each != "all"})

    def rule(self, rule: R) -> R:
        return rule if rule.products is None else rule.model_copy(update={"products": self.all_of(rule.products)})
