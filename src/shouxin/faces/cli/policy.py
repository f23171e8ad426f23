"""`shouxin policy`: write, check, test and read policy bundles."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Annotated, Any

import typer

from shouxin.desk.advice.answers import answer_cases
from shouxin.desk.decisions.cases import run_cases
from shouxin.desk.portfolio.edge import edge_select
from shouxin.engines.policy.check import check_policy
from shouxin.engines.policy.compile import Policy, compile_policy
from shouxin.engines.policy.emit_sql import sql_statement, sql_steps
from shouxin.engines.policy.load import SHIPPED
from shouxin.engines.policy.sql_text import DIALECTS
from shouxin.faces.cli.options import AsJson
from shouxin.faces.cli.out import business_date, errors, results
from shouxin.faces.cli.shown import show_policy

app = typer.Typer(no_args_is_help=True)

SHOWN = {"within", "window", "trigger"}  # of a scenario, in JSON

Bundle = Annotated[str, typer.Argument(help="A bundle's folder, or the name of a shipped one: standard, exclusive ...")]


@app.command()
def new(folder: Annotated[Path, typer.Argument(help="A folder that does not exist yet, or is empty.")]) -> None:
    """Write a small working bundle to begin with."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise typer.BadParameter(f"{folder} exists and is not empty", param_hint="DIR")
    shutil.copytree(SHIPPED / "starter", folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    results.print(f"A first policy is in {folder}. Change it, then:")
    results.print(f"  shouxin policy check {folder}\n  shouxin policy test {folder}")


@app.command()
def check(
    bundle: Bundle,
    seconds: Annotated[float, typer.Option(help="Time for what needs a solver.")] = 20.0,
    as_json: AsJson = False,
) -> int:
    """Look for dead and implied rules, gaps and overlaps in tables, prices above the cap, missing texts and more."""
    findings = check_policy(compile_policy(bundle), seconds=seconds, cases=answer_cases())
    if as_json:
        print(json.dumps([_finding(each) for each in findings], ensure_ascii=False, indent=1))
    for each in findings if not as_json else ():
        colour = {"error": "red", "warning": "yellow"}.get(each.severity, "dim")
        results.print(str(each), style=colour, soft_wrap=True)
    count = {kind: sum(each.severity == kind for each in findings) for kind in ("error", "warning", "note")}
    if not as_json:
        results.print(f"{count['error']} errors, {count['warning']} warnings, {count['note']} notes")
    return 1 if count["error"] else 0


def _finding(each: Any) -> dict[str, Any]:
    return {name: getattr(each, name) for name in each.__dataclass_fields__}


@app.command("test")
def run(bundle: Bundle, as_json: AsJson = False) -> int:
    """Run the bundle's cases: facts and what is expected of them."""
    policy = compile_policy(bundle)
    done = run_cases(policy)
    failed = [each for each in done if each.faults]
    if as_json:
        rows = [{"file": each.file, "line": each.line, "name": each.name, "faults": each.faults} for each in done]
        print(json.dumps(rows, ensure_ascii=False, indent=1))
        return 1 if failed or not done else 0
    for each in failed:
        for fault in each.faults:
            results.print(f"{each.file}:{each.line}: {each.name}: {fault}", soft_wrap=True)
    if not done:
        errors.print("The bundle has no cases: add cases/*.csv.", style="bold red")
        return 1
    results.print(f"{len(done) - len(failed)} cases as expected, {len(failed)} not")
    return 1 if failed else 0


@app.command()
def show(bundle: Bundle, lang: Annotated[str, typer.Option(help="zh or en")] = "en", as_json: AsJson = False) -> None:
    """Print the bundle: facts, cards, tiers, rules, products, in the order in which they decide."""
    if lang not in ("zh", "en"):
        raise typer.BadParameter(f"{lang!r}: zh or en", param_hint="--lang")
    policy = compile_policy(bundle)
    if as_json:
        print(json.dumps(_described(policy), ensure_ascii=False, indent=1))
        return
    show_policy(policy, lang)


def _described(policy: Policy) -> dict[str, Any]:
    about = policy.bundle.about
    return {
        "name": about.name,
        "version": about.version,
        "hash": policy.bundle.hash,
        "licence": about.licence,
        "facts": [each.fact for each in policy.plan.inputs],
        "tiers": list(policy.plan.tiers),
        "rules": [
            {"code": each.code, "when": each.written, "effect": each.effect, "where": each.where} for each in policy.plan.rules
        ],
        "products": [each.code for each in policy.plan.products],
        "scenarios": [
            {"product": each.code, "of": each.base, **each.scenario.model_dump(mode="json", include=SHOWN, by_alias=True)}
            for each in policy.bundle.variants.values()
        ],
        "cross": [
            {"reason": each.code, "when": each.written, "suspends": list(each.suspends), "closes": list(each.closes)}
            for each in policy.plan.cross
        ],
    }


@app.command()
def sql(
    bundle: Bundle,
    engine: Annotated[str, typer.Option(help="duckdb or spark")] = "duckdb",
    as_of: Annotated[str | None, typer.Option("--as-of", help="The assessment's date; today where left out.")] = None,
) -> None:
    """Print the one statement that decides a whole table called `input`."""
    if engine not in DIALECTS:
        raise typer.BadParameter(f"{engine!r}: {' or '.join(DIALECTS)}", param_hint="--engine")
    policy, text = compile_policy(bundle), DIALECTS[engine]
    key = policy.bundle.facts.key
    steps = sql_steps(policy.plan, text, business_date(as_of), "input", [key])
    print(sql_statement(steps, edge_select(policy, text, key)))
