"""`shouxin score profile` and `fit`: draft a specification, fit a card. Fitting needs the extra `fit`, loaded when asked for."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import Annotated

import typer

from shouxin.faces.cli.card_file import DataFile
from shouxin.faces.cli.options import AsJson, Lang
from shouxin.faces.cli.out import business_date
from shouxin.faces.cli.report_file import ReportFile, check_report
from shouxin.faces.cli.whole_file import write_whole
from shouxin.foundation.refusal import Refusal

NEEDED = ("numpy", "sklearn", "lightgbm", "optbinning")

Target = Annotated[
    str, typer.Option("--target", metavar="COL[=BAD]", help="The column with the outcome, and its value that means bad.")
]


class FitNotInstalled(Refusal):
    """The packages that fitting needs are not there."""

    en = "the packages of the extra `fit`: pip install 'shouxin[fit]'"
    zh = "需要 `fit` 扩展的软件包：pip install 'shouxin[fit]'"


def profile(
    data: DataFile,
    target: Target,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Where the specification goes, spec.yaml.")],
    lang: Lang = "en",
    as_json: AsJson = False,
) -> None:
    """Draft the specification of a fit from the data: read it, correct it, then `shouxin score fit`."""
    check_installed()
    from shouxin.desk.portfolio.tables import table_of
    from shouxin.engines.scoring.fitting.profile import draft
    from shouxin.engines.scoring.fitting.spec_text import spec_text
    from shouxin.faces.cli.score_fit_shown import plain_draft, show_draft

    column, bad = target_of(target)
    drafted = draft(table_of(data), column, bad)
    write_whole(out, spec_text(drafted.spec))
    if as_json:
        print(json.dumps({**plain_draft(drafted, lang), "out": str(out)}, ensure_ascii=False, indent=1))
    else:
        show_draft(drafted, out, lang)


def fit(
    data: DataFile,
    target: Target,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Where the card goes, card.yaml.")],
    spec: Annotated[
        Path | None, typer.Option("--spec", metavar="FILE", help="The specification; else one is drafted, as `profile` does.")
    ] = None,
    pairs: Annotated[int, typer.Option(min=0, max=30, help="At most so many pair tables, where they gain anything.")] = 0,
    allow: Annotated[
        list[str] | None,
        typer.Option("--allow", metavar="COL", help="Use a column that the screen for leaks names; the card records it."),
    ] = None,
    on: Annotated[str | None, typer.Option("--on", metavar="DATE", help="The date that the card bears.")] = None,
    draws: Annotated[int, typer.Option(min=20, max=10_000, help="Bootstrap draws, for the intervals.")] = 200,
    report: ReportFile = None,
    lang: Lang = "en",
    as_json: AsJson = False,
) -> None:
    """Fit a card of integer points, and test it on rows set aside beside a classical card and LightGBM."""
    check_installed()
    check_report(report)
    date = None if on is None else business_date(on, option="--on")
    from shouxin.faces.cli.score_fitting import AskedFit, run

    asked = AskedFit(data, target_of(target), out, spec, pairs, tuple(allow or ()), date, draws)
    run(asked, report, lang, as_json=as_json)


def target_of(written: str) -> tuple[str, str | None]:
    """The column and its bad value, if that is said.

    >>> target_of("loan_status=Charged Off"), target_of("default"), target_of("a=b=c")
    (('loan_status', 'Charged Off'), ('default', None), ('a=b', 'c'))
    """
    column, equals, bad = written.rpartition("=")
    if not equals:
        return written, None
    if not column or not bad:
        raise typer.BadParameter(f"{written!r}: a column, or COL=BAD such as status=default", param_hint="--target")
    return column, bad


def check_installed() -> None:
    """Raises FitNotInstalled where a package is not there."""
    absent = [each for each in NEEDED if importlib.util.find_spec(each) is None]
    if absent:
        raise FitNotInstalled("shouxin score", ", ".join(absent))
