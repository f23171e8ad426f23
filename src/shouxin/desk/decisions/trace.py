"""How a decision came about: every pass, rule and ceiling with what it read and what came out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from shouxin.engines.policy.compile import Policy
from shouxin.engines.policy.emit_trace import TraceNode, compile_trace
from shouxin.engines.policy.read import Facts
from shouxin.engines.policy.render import plain
from shouxin.engines.policy.tree import Type


class Tracer:
    """Traces decisions of one policy. The function that does it is generated when first needed."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self._trace, self.source = compile_trace(policy.plan)

    def trace(self, facts: Facts, as_of: dt.date) -> TraceNode:
        """The tree of one assessment; the root's result is the tuple that `Policy.evaluate` returns."""
        return self._trace(as_of, *facts.values_in_order, *self.policy.fresh_days(as_of))

    def lines(self, node: TraceNode, depth: int = 0) -> Iterator[str]:
        """The tree as indented text."""
        label = node.label
        if depth:
            name = f"{label.name}: " if label.name and label.formula else label.name
            reads = ", ".join(f"{n} = {self.show(n, value)}" for n, value in zip(label.reads, node.values, strict=True))
            result = f"  ->  {node.skipped or self.show_result(node)}" if label.formula else ""
            formula = label.formula if len(label.formula) <= 160 else label.formula[:157] + "..."
            yield f"{'  ' * (depth - 1)}{name}{formula}{result}{f'   [{reads}]' if reads else ''}"
        for child in node.children:
            yield from self.lines(child, depth + 1)

    def show(self, name: str, value: Any) -> str:
        """A column's value as people write it."""
        column = self.policy.plan.scope.columns.get(name)
        return show_value(value, column.type if column else Type.INT)

    def show_result(self, node: TraceNode) -> str:
        """What came out, as people write it."""
        return show_value(node.result, node.label.type)

    def to_dict(self, node: TraceNode) -> dict[str, Any]:
        """The tree as plain values, for JSON."""
        reads = dict(zip(node.label.reads, (_plain(value) for value in node.values), strict=True))
        result = None if node.label.name == "decision" else _plain(node.result)
        return {
            "name": node.label.name,
            "formula": node.label.formula,
            "values": reads,
            "result": result,
            "skipped": node.skipped,
            "children": [self.to_dict(child) for child in node.children],
        }


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value


def show_value(value: Any, kind: Type) -> str:
    """A stored value for a person: 3000.00 for money, 40% for bp, yes and no for flags."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if kind is Type.MONEY:
        return f"{Decimal(value) / 100:,.2f}"
    if kind in (Type.BP, Type.PPM):
        return f"{plain(Decimal(value) / (100 if kind is Type.BP else 10_000))}%"
    return str(value)
