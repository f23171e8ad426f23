"""`shouxin score`: fitted cards, shown, applied to a file, and written as SQL."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from shouxin.desk.portfolio.scored import ScoreJob, score_file
from shouxin.engines.policy.sql_text import SqlText
from shouxin.engines.scoring.cards.card_sql import ENGINES, Wanted, card_sql
from shouxin.engines.scoring.cards.score_one import cells
from shouxin.faces.cli.card_file import CardFile, DataFile, card_in
from shouxin.faces.cli.options import AsJson, Lang
from shouxin.faces.cli.out import progress_bar
from shouxin.faces.cli.score_monitor import monitor
from shouxin.faces.cli.score_shown import plain, show_card, show_scored
from shouxin.faces.cli.score_validate import validate

app = typer.Typer(no_args_is_help=True)
app.command("validate")(validate)
app.command("monitor")(monitor)

Keep = Annotated[
    list[str] | None, typer.Option("--keep", metavar="COL", help="A column that stands beside the score; repeat it.")
]
WithPoints = Annotated[bool, typer.Option("--points", help="The points of each characteristic and pair too.")]


@app.command()
def show(card: CardFile, lang: Lang = "en", as_json: AsJson = False) -> None:
    """Print a card: its bins with counts and points, its pairs, what it was fitted on."""
    read = card_in(card)
    if as_json:
        print(json.dumps(plain(read), ensure_ascii=False, indent=1))
    else:
        show_card(read, lang)


@app.command()
def table(
    data: DataFile,
    card: CardFile,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Where the scores go: .parquet or .csv.")],
    keep: Keep = None,
    points: WithPoints = False,
    as_json: AsJson = False,
) -> None:
    """Score every row of a file, in its order."""
    read = card_in(card)
    with progress_bar() as progress:
        report = score_file(ScoreJob(read, data, out, tuple(keep or ()), read.parts if points else ()), progress)
    if as_json:
        print(json.dumps({**asdict(report), "out": str(out)}, ensure_ascii=False, indent=1))
    else:
        show_scored(report, out)


@app.command()
def sql(
    card: CardFile,
    engine: Annotated[str, typer.Option(help=", ".join(ENGINES))] = "duckdb",
    table: Annotated[str, typer.Option("--table", metavar="NAME", help="The table, such as risk.applications.")] = "applications",
    keep: Keep = None,
    points: WithPoints = False,
    text: Annotated[
        list[str] | None, typer.Option("--text", metavar="COL", help="A number or flag that the table keeps as text; repeat it.")
    ] = None,
) -> None:
    """Print one SELECT that scores a table. It needs nothing else, and gives the scores that every engine gives."""
    if engine not in ENGINES:
        raise typer.BadParameter(f"{engine!r}: one of {', '.join(ENGINES)}", param_hint="--engine")
    read, writer = card_in(card), ENGINES[engine]
    columns = [each.column for each in cells(read)]
    for name in text or ():
        if name not in columns:
            raise typer.BadParameter(f"{name!r}: a column that the card reads: {', '.join(columns)}", param_hint="--text")
    wanted = Wanted(tuple(keep or ()), read.parts if points else ())
    print(card_sql(read, writer, _table(writer, table), dict.fromkeys(text or (), "text"), wanted) + ";")


def _table(engine: SqlText, name: str) -> str:
    """A table's name with its schema, quoted part by part."""
    parts = name.split(".")
    if not all(parts):
        raise typer.BadParameter(f"{name!r}: a name such as applications or risk.applications", param_hint="--table")
    return ".".join(engine.quote(part) for part in parts)
