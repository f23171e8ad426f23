"""`shouxin score monitor`: what moved between two sets of rows. What measures needs the extra `fit`, loaded when asked for."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from shouxin.faces.cli.card_file import CardFile
from shouxin.faces.cli.options import AsJson, Lang
from shouxin.faces.cli.report_file import ReportFile, check_report
from shouxin.faces.cli.score_fit import check_installed
from shouxin.faces.cli.score_validate import TARGET_HELP, DateColumn

ALERT = 1
USUAL = 0.25  # from which on an index is called an alert; Siddiqi (2006), Credit Risk Scorecards


def monitor(
    card: CardFile,
    reference: Annotated[Path, typer.Option("--reference", metavar="DATA", help="The rows to compare with.")],
    current: Annotated[Path, typer.Option("--current", metavar="DATA", help="The rows of now.")],
    target: Annotated[str | None, typer.Option("--target", metavar="COL[=BAD]", help=TARGET_HELP)] = None,
    date: DateColumn = None,
    psi_alert: Annotated[float, typer.Option(min=0.0, help="PSI of the score from which on it is an alert.")] = USUAL,
    csi_alert: Annotated[float, typer.Option(min=0.0, help="CSI of a characteristic from which on it is an alert.")] = USUAL,
    report: ReportFile = None,
    lang: Lang = "en",
    as_json: AsJson = False,
) -> None:
    """Compare two sets of rows: stability of score and characteristics and, with --target, what became of them.

    Exits with 1 where anything is an alert.
    """
    if date is not None and target is None:
        raise typer.BadParameter("only with --target: it parts what became of the rows into vintages", param_hint="--date")
    check_installed()
    check_report(report)
    from shouxin.faces.cli.score_monitored import Asked, run

    if run(Asked(card, reference, current, target, date, psi_alert, csi_alert), report, lang, as_json=as_json):
        raise typer.Exit(ALERT)
