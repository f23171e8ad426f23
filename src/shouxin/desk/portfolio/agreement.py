"""Do the online and the batch answer agree? Decide customers of a file one by one, and compare every cell."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from shouxin.desk.decisions import Assessor, Decision, ProductDecision
from shouxin.desk.portfolio.edge import output_columns
from shouxin.engines.policy.compile import Policy
from shouxin.engines.policy.read import Facts, read_facts
from shouxin.engines.policy.sql_text import DUCKDB


@dataclass(frozen=True)
class Agreement:
    """customers compared, cells compared, and the first differences as text."""

    customers: int
    cells: int
    differences: tuple[str, ...]


def row_of(key: object, decision: Decision) -> tuple[Any, ...]:
    """The cells that a batch run writes for a decision, in the order of `output_columns`."""
    reasons = ",".join(each.code for each in decision.score_reasons)
    cells: list[Any] = [key, decision.score, decision.tier, Decimal(decision.total_line) / 100, reasons]
    for answer in decision.products:
        cells += _product_cells(answer)
    return tuple(cells)


def _product_cells(answer: ProductDecision) -> Iterator[Any]:
    yield answer.outcome
    yield Decimal(answer.limit) / 100
    yield None if answer.rate_ppm is None else Decimal(answer.rate_ppm) / 10_000
    yield answer.binding
    yield ",".join(f"{each.code}?" if each.kind == "undecided" else each.code for each in answer.reasons if each.kind != "score")


def facts_of(policy: Policy, row: Mapping[str, Any]) -> Facts:
    """The facts of a row of an input file: column -> cell."""
    written = {each.fact: row[each.source_column] for each in policy.plan.inputs if each.source_column in row}
    return read_facts(policy.plan, written)


def compare(policy: Policy, source: Path, decisions: Path, as_of: dt.date, every: int) -> Agreement:
    """Decide each `every`-th customer of a Parquet file online, and compare with what a batch run wrote."""
    key, names = policy.bundle.facts.key, output_columns(policy, policy.bundle.facts.key)
    quoted = ", ".join(f"decided.{DUCKDB.quote(name)}" for name in names)
    query = (
        f"SELECT {quoted}, source.* FROM (SELECT *, row_number() OVER () AS _row FROM {DUCKDB.string(str(source))}) AS source "
        f"JOIN {DUCKDB.string(str(decisions))} AS decided USING ({DUCKDB.quote(key)}) WHERE _row % {int(every)} = 0 ORDER BY _row"
    )
    assessor, customers = Assessor(policy), 0
    differences: list[str] = []
    with duckdb.connect() as connection:
        found = connection.execute(query)
        columns = [each[0] for each in found.description or ()][len(names) :]
        while rows := found.fetchmany(2_000):
            for row in rows:
                batch, cells = row[: len(names)], dict(zip(columns, row[len(names) :], strict=True))
                online = row_of(batch[0], assessor.assess(facts_of(policy, cells), as_of))
                customers += 1
                if online != batch and len(differences) < 10:
                    pairs = zip(names, online, batch, strict=True)
                    told = "; ".join(f"{name}: online {a}, batch {b}" for name, a, b in pairs if a != b)
                    differences.append(f"{batch[0]}: {told}")
    return Agreement(customers, customers * len(names), tuple(differences))
