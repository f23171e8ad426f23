"""`shouxin decide`: one customer, or a whole file."""

from __future__ import annotations

import json
import tempfile
from dataclasses import asdict
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import typer

from shouxin.desk.decisions import Assessor
from shouxin.desk.decisions.explain import LANGUAGES, Explainer
from shouxin.desk.decisions.trace import Tracer
from shouxin.desk.portfolio import Job, decide_file, decide_file_on_spark
from shouxin.engines.policy.compile import compile_policy
from shouxin.engines.policy.read import FactFault, FactsRefused, read_facts
from shouxin.faces.cli.options import AsJson
from shouxin.faces.cli.out import business_date, progress_bar, results
from shouxin.faces.cli.shown import show_decision, show_report

app = typer.Typer(no_args_is_help=True)

Bundle = Annotated[str, typer.Option("--bundle", help="A bundle's folder, or the name of a shipped one.")]
AsOf = Annotated[str | None, typer.Option("--as-of", help="The assessment's date, YYYY-MM-DD; today where left out.")]
MAX_FACTS_BYTES = 1_000_000


@app.command()
def one(
    facts_file: Annotated[Path, typer.Argument(metavar="FACTS.json", help="fact: value; money in major units.")],
    bundle: Bundle = "standard",
    as_of: AsOf = None,
    trace: Annotated[bool, typer.Option("--trace", help="Show every step with its values.")] = False,
    lang: Annotated[str, typer.Option(help="zh or en")] = "en",
    as_json: AsJson = False,
) -> None:
    """Decide one customer, and say why."""
    if lang not in LANGUAGES:
        raise typer.BadParameter(f"{lang!r}: zh or en", param_hint="--lang")
    policy = compile_policy(bundle)
    written = read_facts_file(facts_file)
    facts = read_facts(policy.plan, written, frozenset({policy.bundle.facts.key}))
    date = business_date(as_of, quiet=as_json)
    decision = Assessor(policy).assess(facts, date)
    tracer = Tracer(policy) if trace else None
    if as_json:
        plain = decision.to_dict()
        explainer = Explainer(policy, lang)
        for answer, shown in zip(decision.products, plain["products"], strict=True):
            shown["texts"] = [asdict(each) for each in explainer.reasons(decision, answer, facts)]
        if tracer:
            plain["trace"] = tracer.to_dict(tracer.trace(facts, date))
        print(json.dumps(plain, ensure_ascii=False, indent=1, sort_keys=True))
        return
    show_decision(policy, decision, facts, lang)
    if tracer:
        results.print()
        for line in tracer.lines(tracer.trace(facts, date)):
            results.print(line, soft_wrap=True)


def read_facts_file(path: Path) -> dict[str, Any]:
    """The facts of a JSON file, with exact decimals."""
    try:
        if path.stat().st_size > MAX_FACTS_BYTES:
            raise FactsRefused([FactFault(str(path), "too large", f"at most {MAX_FACTS_BYTES:,} bytes for one customer")])
        written = json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal, object_pairs_hook=_once)
    except OSError as error:
        raise typer.BadParameter(f"{path}: {error.strerror}", param_hint="FACTS.json") from None
    except (ValueError, RecursionError) as error:
        raise FactsRefused([FactFault(str(path), "not JSON", str(error))]) from None
    if not isinstance(written, dict):
        raise FactsRefused([FactFault(str(path), type(written).__name__, "an object: fact -> value")])
    return written


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _ in pairs]
    for name in names:
        if names.count(name) > 1:
            raise FactsRefused([FactFault(name, "twice", "each fact once")])
    return dict(pairs)


@app.command()
def batch(
    source: Annotated[Path, typer.Argument(metavar="INPUT", help="A .parquet or .csv file, one row per customer.")],
    bundle: Bundle = "standard",
    out: Annotated[Path | None, typer.Option("--out", help="Where the decisions go: .parquet or .csv.")] = None,
    as_of: AsOf = None,
    engine: Annotated[str, typer.Option(help="duckdb or spark")] = "duckdb",
    bad_rows: Annotated[Path | None, typer.Option("--bad-rows", help="A .csv for rows that cannot be used.")] = None,
    summary: Annotated[bool, typer.Option("--summary", help="Only count; no --out is needed.")] = False,
    as_json: AsJson = False,
) -> None:
    """Decide a whole file, and count what came out."""
    if out is None and not summary:
        raise typer.BadParameter("say where the decisions go, or ask for --summary only", param_hint="--out")
    if engine not in ("duckdb", "spark"):
        raise typer.BadParameter(f"{engine!r}: duckdb or spark", param_hint="--engine")
    policy = compile_policy(bundle)
    date = business_date(as_of)
    run = decide_file if engine == "duckdb" else decide_file_on_spark
    with tempfile.TemporaryDirectory() as folder, progress_bar() as progress:
        target = out if out is not None else Path(folder) / "decisions.parquet"
        report = run(Job(policy, source, target, date, bad_rows), progress)
    if as_json:
        print(json.dumps({"as_of": date.isoformat(), **asdict(report)}, ensure_ascii=False, indent=1))
        return
    show_report(report)
    if out is not None:
        results.print(f"decisions: {out}")
    if bad_rows is not None and report.refused:
        results.print(f"rows set aside: {bad_rows}")
