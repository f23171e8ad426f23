"""What the checks look at: a compiled policy, its decision tables by use, and what declines whom."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from shouxin.engines.policy.compile import Policy
from shouxin.engines.policy.errors import Place
from shouxin.engines.policy.plan import Rule
from shouxin.engines.policy.proof import Prover, untrue
from shouxin.engines.policy.source import CsvFile
from shouxin.engines.policy.tables import Table, read_table
from shouxin.engines.policy.tree import Node, Type

_NOT_MONOTONE = re.compile(r"#\s*declared:\s*not monotone\b", re.IGNORECASE)


@dataclass(frozen=True)
class TableUse:
    """One decision table, for what it is used.

    kind:     `price`, `limit` or `points`
    products: those that use it so; empty for points
    """

    file: CsvFile
    table: Table
    kind: str
    products: tuple[str, ...]

    def place(self, row: int | None = None) -> Place:
        """Where a row stands; the header for None."""
        return self.file.place(row)

    def written(self, row: int) -> str:
        """A row as it was written."""
        return ",".join(self.file.rows[row])


@dataclass(frozen=True)
class Subject:
    """A policy under check."""

    policy: Policy
    prover: Prover

    @cached_property
    def tables(self) -> tuple[TableUse, ...]:
        """Every table that the policy uses, once for each kind of use."""
        found: dict[tuple[str, str], list[str]] = {}
        for kind, name, product in self._uses():
            found.setdefault((kind, name), []).extend([product] if product else [])
        return tuple(self._use(kind, name, products) for (kind, name), products in found.items())

    def _uses(self) -> Iterator[tuple[str, str, str]]:
        bundle = self.policy.bundle
        for code, product in bundle.products.items():
            yield "price", product.price.table, code
            yield from (("limit", limit.table, code) for limit in product.limits.values() if limit.table is not None)
        for card in bundle.scorecards.values():
            yield from (("points", pair.table, "") for pair in card.pairs.values() if pair.table is not None)

    def _use(self, kind: str, name: str, products: list[str]) -> TableUse:
        file = self.policy.bundle.tables[name]
        result = {"price": Type.PPM, "limit": Type.MONEY, "points": Type.INT}[kind]
        table = read_table(file, result, self.policy.plan.scope, [])
        assert table is not None, "the bundle was compiled with this table"
        return TableUse(file, table, kind, tuple(dict.fromkeys(products)))

    def not_declined(self, product: str) -> tuple[Node, ...]:
        """The conditions under which no knock-out declines a product."""
        position = list(self.policy.bundle.products).index(product)
        rules = [rule for rule in self.policy.plan.rules if position in rule.products and rule.effect == "decline"]
        return tuple(untrue(rule.node) for rule in rules)

    def place_of(self, rule: Rule) -> Place:
        """Where a rule was written."""
        file, _, line = rule.where.rpartition(":")
        return Place(file, int(line))

    def declared_not_monotone(self, file: str, line: int | None = None) -> bool:
        """Whether a file says `# declared: not monotone`: anywhere, or on a line or the one above it."""
        lines = self.policy.bundle.texts.get(file, "").splitlines()
        looked_at = lines if line is None else lines[max(0, line - 2) : line]
        return any(_NOT_MONOTONE.search(each) for each in looked_at)
