"""How the commands of `shouxin score` are given a card: the argument, and the card that is read from it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from shouxin.engines.scoring.cards.card import Card, read_card
from shouxin.faces.cli.written import text_of

CardFile: TypeAlias = Annotated[Path, typer.Argument(metavar="CARD", help="A fitted card, card.yaml.")]
DataFile: TypeAlias = Annotated[Path, typer.Argument(metavar="DATA", help="A .parquet or .csv file.")]
MAX_CARD_BYTES = 2_000_000


def card_in(path: Path) -> Card:
    """The card of a file; raises FileUnreadable, FileMalformed, CardRefused."""
    return read_card(text_of(path, "CARD", MAX_CARD_BYTES), str(path))
