"""What came out of a run, in counts: outcomes and tiers per product, and the most frequent reasons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from shouxin.desk.portfolio.running import rows_of
from shouxin.engines.policy.compile import Policy
from shouxin.engines.policy.plan import OUTCOMES
from shouxin.engines.policy.sql_text import DUCKDB

TOP = 8


@dataclass(frozen=True)
class ProductSummary:
    """Counts of one product.

    outcomes: outcome -> customers
    by_tier:  tier -> outcome -> customers
    limits:   the sum of the limits granted, in major units, as text
    reasons:  (code, customers), most frequent first; a code that ends in ? could not be decided
    """

    product: str
    outcomes: Mapping[str, int]
    by_tier: Mapping[str, Mapping[str, int]]
    limits: str
    reasons: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Summary:
    """Counts of a run."""

    rows: int
    tiers: Mapping[str, int]
    products: tuple[ProductSummary, ...]


def summarize(connection: duckdb.DuckDBPyConnection, policy: Policy, decisions: Path) -> Summary:
    """Count the decisions in a file that a run wrote (Parquet or CSV), or in a folder of Parquet files."""
    path = str(decisions / "*.parquet") if decisions.is_dir() else str(decisions)
    table = f"read_csv({DUCKDB.string(path)}, header = true)" if path.endswith(".csv") else DUCKDB.string(path)
    tiers = dict.fromkeys(policy.plan.tiers, 0)
    tiers.update(_pairs(connection, f"SELECT tier, count(*) FROM {table} GROUP BY 1"))
    products = []
    for product in policy.plan.products:
        column = product.column
        rows = rows_of(connection, f"SELECT {column}_outcome, tier, count(*), sum({column}_limit) FROM {table} GROUP BY 1, 2")
        outcomes = {name: sum(count for outcome, _, count, _ in rows if outcome == name) for name in OUTCOMES}
        by_tier = {tier: dict.fromkeys(OUTCOMES, 0) for tier in policy.plan.tiers}
        for outcome, tier, count, _ in rows:
            by_tier[tier][outcome] = count
        split = f"SELECT unnest(string_split({column}_reasons, ',')) AS code FROM {table} WHERE {column}_outcome <> 'approve'"
        reasons = _pairs(
            connection,
            f"SELECT code, count(*) FROM ({split}) WHERE code <> '' GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {TOP}",
        )
        products.append(ProductSummary(product.code, outcomes, by_tier, str(sum(total for *_, total in rows)), tuple(reasons)))
    return Summary(sum(tiers.values()), tiers, tuple(products))


def _pairs(connection: duckdb.DuckDBPyConnection, query: str) -> list[tuple[str, int]]:
    return [(str(name), int(count)) for name, count in rows_of(connection, query)]
