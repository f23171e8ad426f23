"""`shouxin score validate`: a card on rows whose outcome is known. What measures needs the extra `fit`, loaded when asked for."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from shouxin.faces.cli.card_file import CardFile, DataFile
from shouxin.faces.cli.options import AsJson, Lang
from shouxin.faces.cli.report_file import ReportFile, check_report
from shouxin.faces.cli.score_fit import check_installed

TARGET_HELP = "The outcome's column, and its value that is bad: then every other value is good. Of 1 and 0, 1 is bad."

DateColumn: TypeAlias = Annotated[
    str | None, typer.Option("--date", metavar="COL", help="A column of days, to measure over time.")
]


def validate(
    card: CardFile,
    data: DataFile,
    target: Annotated[str, typer.Option("--target", metavar="COL[=BAD]", help=TARGET_HELP)],
    against: Annotated[
        list[Path] | None, typer.Option("--against", metavar="CARD", help="Another card, on the same rows; repeat it.")
    ] = None,
    segment: Annotated[str | None, typer.Option("--segment", metavar="COL", help="Measure apart for each of its values.")] = None,
    date: DateColumn = None,
    protected: Annotated[
        list[str] | None,
        typer.Option("--protected", metavar="COL", help="An attribute that must not matter, such as sex; repeat it."),
    ] = None,
    cutoff: Annotated[
        int | None, typer.Option("--cutoff", metavar="N", help="Scores from N on are approved; else as many are as are good.")
    ] = None,
    draws: Annotated[int, typer.Option(min=20, max=10_000, help="Bootstrap draws, for the intervals.")] = 200,
    seed: Annotated[int, typer.Option(min=0, help="The seed of the draws.")] = 0,
    report: ReportFile = None,
    lang: Lang = "en",
    as_json: AsJson = False,
) -> None:
    """Measure a card on rows whose outcome is known: how well it ranks, whether its probabilities hold, where it is weak."""
    check_installed()
    check_report(report)
    from shouxin.faces.cli.score_validated import Asked, run

    others, attributes = tuple(against or ()), tuple(protected or ())
    asked = Asked(card, data, target, others, segment, date, attributes, cutoff, draws, seed)
    run(asked, report, lang, as_json=as_json)
