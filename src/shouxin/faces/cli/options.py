"""Options that many commands have, the same everywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from shouxin.foundation.texts import LANGUAGES


def language(lang: str) -> str:
    """An option's language; wrong usage where it is neither."""
    if lang not in LANGUAGES:
        raise typer.BadParameter(f"{lang!r}: {' or '.join(LANGUAGES)}")
    return lang


Data = Annotated[
    Path | None,
    typer.Option("--data", metavar="FOLDER", help="The data folder; else DATABASE_URL, SHOUXIN_DATA or ./var/shouxin."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Lang = Annotated[str, typer.Option(help="zh or en", callback=language)]
