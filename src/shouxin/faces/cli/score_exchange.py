"""`shouxin score export` and `shouxin score import`: cards to and from PMML, the exchange format of scorecards."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from shouxin.engines.policy.load import load
from shouxin.engines.scoring.pmml.errors import PmmlTooLarge
from shouxin.engines.scoring.pmml.importing import exactly, import_pmml
from shouxin.engines.scoring.pmml.write import write_pmml
from shouxin.engines.scoring.pmml.xml import MAX_BYTES
from shouxin.faces.cli.card_file import CardFile, card_in
from shouxin.faces.cli.options import Lang
from shouxin.faces.cli.out import errors, results
from shouxin.faces.cli.whole_file import write_whole
from shouxin.faces.cli.written import FileUnreadable


def export_card(
    card: CardFile,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="The PMML file.")],
) -> None:
    """Write a card as a PMML 4.4 Scorecard, which gives the same scores in any PMML engine."""
    read = card_in(card)
    write_whole(out, write_pmml(read))
    results.print(f"{out}: PMML 4.4 Scorecard, {len(read.parts)} characteristics and pairs", soft_wrap=True)


def import_card(
    pmml: Annotated[Path, typer.Argument(metavar="PMML", help="A PMML 4.0 to 4.4 file with a Scorecard.")],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="The card's file.")],
    bundle: Annotated[
        str | None,
        typer.Option(help="For a file of others: take this bundle's scale; else one as wide as the points add up to."),
    ] = None,
    adapt: Annotated[
        bool, typer.Option("--adapt", help="Take what a card can hold and tell each difference; else nothing is written.")
    ] = False,
    lang: Lang = "en",
) -> None:
    """Read a PMML Scorecard as a card. A file that `shouxin score export` wrote gives back the very card."""
    imported = import_pmml(_bytes_of(pmml), pmml.name, None if bundle is None else load(bundle).about.scale)
    card = imported.card if adapt else exactly(imported, pmml.name)
    for each in imported.losses:
        errors.print(each.in_language(lang), style="yellow", soft_wrap=True)
    write_whole(out, card.text)
    results.print(f"{out}: {len(card.parts)} characteristics and pairs, {len(imported.losses)} differences", soft_wrap=True)


def _bytes_of(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise PmmlTooLarge("PMML", f"{path}: {path.stat().st_size:,} bytes", most=f"{MAX_BYTES:,}")
        return path.read_bytes()
    except OSError as error:
        raise FileUnreadable("PMML", path, why=error.strerror) from None
