"""`shouxin demo`: a population is made and decided in batch and one by one; one person's answer is told in two languages; some
of those who were approved are lent to."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import duckdb
import typer

from shouxin.desk.decisions import Assessor
from shouxin.desk.portfolio import Job, decide_file
from shouxin.desk.portfolio.agreement import compare, facts_of
from shouxin.engines.policy.compile import Policy, compile_policy
from shouxin.faces.cli.demo_lending import lend
from shouxin.faces.cli.demo_story import tell_story
from shouxin.faces.cli.out import progress_bar, results
from shouxin.faces.cli.shown import show_decision, show_report
from shouxin.simulation import write_population

AS_OF = dt.date(2026, 7, 1)
CUSTOMERS = 100_000
EVERY = 50
TOLD = "C00000057"


def demo(
    folder: Annotated[Path, typer.Option("--out", help="Where the files go.")] = Path("var/demo"),
    customers: Annotated[int, typer.Option(min=100, help="How many customers.")] = CUSTOMERS,
) -> int:
    """Decide a made-up population with the bundle `standard`, prove that online and batch agree, and lend to some of them."""
    folder.mkdir(parents=True, exist_ok=True)
    source, out = folder / "customers.parquet", folder / "decisions.parquet"
    policy = compile_policy("standard")
    results.print(f"1. {customers:,} made-up customers as of {AS_OF}", style="bold")
    write_population(source, customers, AS_OF)
    results.print(f"   {source}\n")
    results.print(f"2. Decided in batch with the bundle {policy.bundle.about.name}", style="bold")
    with progress_bar() as progress:
        report = decide_file(Job(policy, source, out, AS_OF), progress)
    show_report(report)
    results.print(f"   {out}\n")
    results.print(f"3. One in {EVERY} decided again, one by one", style="bold")
    agreement = compare(policy, source, out, AS_OF, EVERY)
    results.print(
        f"   {agreement.customers:,} customers, {agreement.cells:,} cells compared: {len(agreement.differences)} differ\n",
        highlight=False,
    )
    for difference in agreement.differences:
        results.print(f"   {difference}", soft_wrap=True)
    results.print(f"4. One customer, {TOLD}", style="bold")
    tell_one(policy, source)
    results.print(f"\n5. Five of them are lent to, for ten weeks from {AS_OF}", style="bold")
    sound = lend(folder, policy, source, AS_OF)
    results.print("\n6. 先批后关 and other answers: six customers at the counter", style="bold")
    tell_story(folder, AS_OF)
    return 1 if agreement.differences or not sound else 0


def tell_one(policy: Policy, source: Path) -> None:
    """One customer's decision in Chinese and in English."""
    with duckdb.connect() as connection:
        found = connection.execute(f"SELECT * FROM '{source}' WHERE customer_id = ?", [TOLD])
        columns = [each[0] for each in found.description or ()]
        row = found.fetchone()
    assert row is not None, TOLD
    facts = facts_of(policy, dict(zip(columns, row, strict=True)))
    decision = Assessor(policy).assess(facts, AS_OF)
    for lang in ("zh", "en"):
        results.rule(lang, style="dim")
        show_decision(policy, decision, facts, lang)
