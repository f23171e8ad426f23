"""From a PMML document to a card: the very card where the document was written from one, else a card that says the same.

imported = import_pmml(Path("others.pmml").read_bytes(), "others.pmml")
imported.losses         what a card cannot say of it, in words; `exactly` refuses where there is anything
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shouxin.engines.policy.model import Scale
from shouxin.engines.scoring.cards.card import Card, read_card
from shouxin.engines.scoring.pmml.draft import draft_card
from shouxin.engines.scoring.pmml.errors import CardInsideDiffers, ScoresWouldDiffer
from shouxin.engines.scoring.pmml.read import Scorecard, read_scorecard
from shouxin.engines.scoring.pmml.text import card_text
from shouxin.engines.scoring.pmml.write import write_pmml
from shouxin.engines.scoring.pmml.xml import Element, parse_xml
from shouxin.foundation.texts import Text

COMPARED = ("base", "characteristics", "pairs", "fitted")


@dataclass(frozen=True)
class Imported:
    """A card and what it does not say of the PMML. Without losses it gives every score that the PMML gives."""

    card: Card
    losses: tuple[Text, ...]


def import_pmml(data: bytes, name: str, scale: Scale | None = None) -> Imported:
    """The card of a PMML document.

    scale: the scale of the card; where none is given, one as wide as the points add up to, not calibrated. A card that the
    document was written from keeps its own.

    Raises the refusals of errors.py; BundleRefused for a card that goes beyond what a card may hold, such as 40 bins.
    """
    root = parse_xml(data, name)
    scorecard = read_scorecard(root)
    if scorecard.inside is not None:
        return Imported(_inside(root, scorecard, scorecard.inside, name), ())
    draft = draft_card(scorecard, scale)
    remark = f"Read by `shouxin score import` from a PMML {scorecard.version} Scorecard. Frozen: import anew rather than edit."
    return Imported(read_card(card_text(draft.data, remark), f"card of {name}"), draft.losses)


def exactly(imported: Imported, name: str) -> Card:
    """The card, which gives every score that the PMML gives. Raises ScoresWouldDiffer where there are losses."""
    if imported.losses:
        shown = {lang: "; ".join(each.in_language(lang) for each in imported.losses) for lang in ("en", "zh")}
        raise ScoresWouldDiffer(name, f"{len(imported.losses)} differences", losses=shown["en"], losses_zh=shown["zh"])
    return imported.card


def _inside(root: Element, scorecard: Scorecard, text: str, name: str) -> Card:
    """The card inside. Raises CardInsideDiffers where the elements around it say something else."""
    card = read_card(text, f"card inside {name}")
    again = parse_xml(write_pmml(card).encode(), name)
    said, meant = _compared(scorecard), _compared(read_scorecard(again))
    for key in COMPARED:
        if said[key] != meant[key]:
            raise CardInsideDiffers(f"{name}: {key}", _first_difference(said[key], meant[key]))
    if _outputs(root) != _outputs(again):
        raise CardInsideDiffers(f"{name}: Output", "Output")
    return card


def _compared(scorecard: Scorecard) -> dict[str, Any]:
    """What decides, in one form, however the predicates are put."""
    data = dict(draft_card(scorecard, Scale()).data)
    return {"base": data["base"], "pairs": None, **data, "fitted": data["fitted"]["inputs"]}


def _first_difference(said: Any, meant: Any) -> str:
    if isinstance(said, Mapping) and isinstance(meant, Mapping):
        for key in (*said, *meant):
            if said.get(key) != meant.get(key):
                return f"{key}: {_first_difference(said.get(key), meant.get(key))}"
    return f"{said}, and in the card {meant}"


def _outputs(root: Element) -> list[tuple[object, ...]]:
    return [each.plain() for each in root.one("Scorecard").of("Output")]
