"""The facts that a guarantee names: what may still speak against a product that was approved beforehand. Pure.

Named are the facts that knock-outs of the product read, but for those that judge the score: limit and price are guaranteed
whatever the score does.
"""

from __future__ import annotations

from collections.abc import Iterator

from shouxin.desk.decisions.missing import all_values
from shouxin.desk.decisions.model import Decision
from shouxin.engines.policy.compile import Policy
from shouxin.engines.policy.plain import culprits
from shouxin.engines.policy.plan import Input, Rule
from shouxin.engines.policy.read import Facts
from shouxin.engines.policy.stage_score import depends_on_score
from shouxin.engines.policy.tree import Node, refs


def named_facts(policy: Policy, product: str) -> tuple[Input, ...]:
    """The named facts of a product, in the order of the catalogue."""
    read = {name for rule in _rules(policy, product) for name in _facts_read(policy, rule.node)}
    return tuple(each for each in policy.plan.inputs if each.name in read or each.fact in read)


def speaking_against(policy: Policy, product: str, decision: Decision, facts: Facts) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What speaks against a product: reason codes of knock-outs that do not judge the score, and the facts behind them."""
    rules = {rule.code: rule for rule in _rules(policy, product)}
    fired = [each.code for each in decision.product(product).reasons if each.kind == "knock_out" and each.code in rules]
    values = all_values(policy, facts, decision.as_of)
    names = {name for code in fired for name in culprits(rules[code].node, values)}
    return tuple(fired), tuple(sorted(name for name in names if name != "as_of" and not name.startswith("_")))


def _rules(policy: Policy, product: str) -> Iterator[Rule]:
    place = next(number for number, each in enumerate(policy.plan.products) if each.code == product)
    formulas = dict(policy.plan.formulas)
    for rule in policy.plan.rules:
        if place in rule.products and not depends_on_score(rule.node, formulas):
            yield rule


def _facts_read(policy: Policy, node: Node) -> set[str]:
    """The columns that come in, behind a formula."""
    found: set[str] = set()
    for name in refs(node):
        inner = policy.columns.get(name)
        found |= _facts_read(policy, inner) if inner is not None else {name}
    return found
