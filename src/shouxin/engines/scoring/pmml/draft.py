"""A card from what a PMML Scorecard says, and what a card cannot say of it.

A card gives points to every value; in PMML a value for which no attribute is true, or that is invalid, gives no score. A card
has one reason code for a characteristic, one for its special values and one for missing; in PMML every attribute may have its
own. A card's score is clipped to a scale. Each such difference is a loss, told in words (losses.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from shouxin.engines.policy.model import Scale
from shouxin.engines.scoring.pmml import losses
from shouxin.engines.scoring.pmml.bins import GAP, Bin, Binned, binned
from shouxin.engines.scoring.pmml.errors import CodeNotUsable
from shouxin.engines.scoring.pmml.fields import InputField
from shouxin.engines.scoring.pmml.names import code_of, name_of, value_of
from shouxin.engines.scoring.pmml.pairs import Cells, Side
from shouxin.engines.scoring.pmml.predicates import holds
from shouxin.engines.scoring.pmml.read import Characteristic, Scorecard
from shouxin.foundation.texts import Text

MOST_TEXT = 400
MOST_DECIMALS = 9
FIRST_RANK = 600
LOWEST, HIGHEST, NARROWEST = 0, 2_000, 10
MISSING, SPECIAL = Text(zh="：缺失", en=": missing"), Text(zh="：特殊值", en=": special value")
NOTHING = Text(zh="", en="")


@dataclass(frozen=True)
class Draft:
    """A card as plain data in the shape of its file, and what it does not say of the PMML."""

    data: Mapping[str, Any]
    losses: tuple[Text, ...]


def draft_card(scorecard: Scorecard, scale: Scale | None) -> Draft:
    """A card; on the given scale, or on one as wide as its points add up to.

    Raises CodeNotUsable.
    """
    return _Drafter(scorecard).draft(scale)


@dataclass
class _Drafter:
    """Collects the parts of a card."""

    scorecard: Scorecard
    inputs: dict[str, str] = field(default_factory=dict)
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    reasons: dict[str, dict[str, Any]] = field(default_factory=dict)
    losses: list[Text] = field(default_factory=list)
    low: int = 0
    high: int = 0

    def draft(self, scale: Scale | None) -> Draft:
        for name in self.scorecard.inputs:
            self.inputs[name] = name_of(name, self.inputs.values())
            self.values[name] = {}
        self.low = self.high = self.scorecard.base
        characteristics: dict[str, Any] = {}
        pairs: dict[str, Any] = {}
        for each in self.scorecard.characteristics:
            name = name_of(each.name, {*characteristics, *pairs})
            if each.field in self.scorecard.cells:
                pairs[name] = self._pair(each, self.scorecard.cells[each.field])
            else:
                characteristics[name] = self._characteristic(each)
        about = (self.scorecard.name or "scorecard")[:MOST_TEXT]
        data = {"zh": about, "en": about, "base": self.scorecard.base, "characteristics": characteristics}
        data |= {"pairs": pairs} if pairs else {}
        data |= {"reasons": self.reasons, "fitted": self._fitted(scale)}
        self.losses += [losses.output(each) for each in self.scorecard.transformed]
        self.losses += [losses.points_above()] if self.scorecard.ranks_reasons and self.scorecard.points_above else []
        return Draft(data, tuple(self.losses))

    def _fitted(self, scale: Scale | None) -> dict[str, Any]:
        if scale is None:
            lowest = min(max(self.low, LOWEST), HIGHEST - NARROWEST)
            scale = Scale(lowest=lowest, highest=max(lowest + NARROWEST, min(self.high, HIGHEST)))
        if self.low < scale.lowest or self.high > scale.highest:
            self.losses.append(losses.clipped(self.low, self.high, scale.lowest, scale.highest))
        inputs = {self.inputs[name]: self._input(each) for name, each in self.scorecard.inputs.items()}
        method = {"source": f"PMML {self.scorecard.version} Scorecard", "model": self.scorecard.name}
        return {"scale": scale.model_dump(), "inputs": inputs, "method": method}

    def _input(self, each: InputField) -> dict[str, Any]:
        if each.single:
            self.losses.append(losses.single_precision(each.name))
        text = each.text[:MOST_TEXT]
        found: dict[str, Any] = {"column": each.name, "type": each.kind, "zh": text, "en": text}
        if each.kind == "enum":
            for valid in sorted(map(str, each.valid)):
                self._value(each.name, valid)
            found |= self._words(self.values[each.name])
        found["missing_values"] = [value for value in each.missing if value != ""]
        return {key: value for key, value in found.items() if value not in ([], {})}

    @staticmethod
    def _words(words: Mapping[str, str]) -> dict[str, Any]:
        """The values, and the texts that are read as them.

        Where a text cannot be a value and a shorter one stands for it, that shorter one in the data is a text like any other.
        """
        mapped = {text: word for text, word in words.items() if text != word}
        short = [word for word in mapped.values() if word not in words]
        spare = [value_of("other", {*words, *words.values()})] if short or not words else []
        return {"values": [*words.values(), *spare], "map": mapped | {word: other for word in short for other in spare}}

    def _value(self, name: str, text: str) -> str:
        words = self.values[name]
        if text not in words:
            words[text] = value_of(text, words.values())
        return words[text]

    # -- one characteristic ----------------------------------------------------------------------------------------------

    def _characteristic(self, each: Characteristic) -> dict[str, Any]:
        about = self.scorecard.inputs[each.field]
        found = binned(about, [attribute.predicate for attribute in each.attributes])
        lowest = min(attribute.points for attribute in each.attributes)
        points = {place: attribute.points for place, attribute in enumerate(each.attributes)} | {GAP: lowest}
        if gaps := list(found.gaps()):
            self.losses.append(losses.gap(each.path, gaps, lowest))
        bins = [{**self._place(about, bin_), "points": points[bin_.attribute]} for bin_ in found.bins]
        self._count(each, [points[found.missing], *(bin_["points"] for bin_ in bins)])
        reasons = self._reasons(each, found, about)
        return {"input": self.inputs[each.field], **reasons, "missing": points[found.missing], "bins": bins}

    def _place(self, about: InputField, bin_: Bin) -> dict[str, Any]:
        if bin_.within:
            return {"in": [self._written(about, value) for value in bin_.within]}
        return {} if bin_.below is None else {"below": self._number(about, bin_.below)}

    def _written(self, about: InputField, value: Decimal | str) -> Any:
        if about.kind == "enum":
            return self._value(about.name, str(value))
        return self._number(about, value) if isinstance(value, Decimal) else value == "true"

    def _number(self, about: InputField, value: Decimal) -> Decimal:
        """A number as a bin of a card may have it."""
        kept = round(value, MOST_DECIMALS)
        told = losses.rounded(about.name, value, kept)
        if kept != value and told not in self.losses:
            self.losses.append(told)
        return value if kept == value else kept

    def _count(self, each: Characteristic, points: list[int]) -> None:
        best = max(points)
        self.low, self.high = self.low + min(points), self.high + best
        ranked = self.scorecard.ranks_reasons and not self.scorecard.points_above
        if ranked and each.baseline is not None and each.baseline != best:
            self.losses.append(losses.baseline(each.path, each.baseline, best))

    # -- reason codes ----------------------------------------------------------------------------------------------------

    def _reasons(self, each: Characteristic, found: Binned, about: InputField) -> dict[str, str]:
        numbers = about.kind in ("double", "int")
        usual = {bin_.attribute for bin_ in found.bins if not (bin_.within and numbers)} - {GAP, found.missing}
        special = {bin_.attribute for bin_ in found.bins} - usual - {GAP, found.missing}
        codes = self._own_codes(each, usual)
        kept = each.reason or (next(iter(codes)) if len(codes) == 1 else each.name)
        reasons = {"reason": self._code(kept, about, NOTHING)}
        lost = sorted(codes - {kept})
        for key, places, note in (("special_reason", special, SPECIAL), ("missing_reason", {found.missing} - {GAP}, MISSING)):
            own = self._own_codes(each, places)
            if len(own) == 1 and own != {kept}:
                reasons[key] = self._code(next(iter(own)), about, note)
            lost += sorted(own - {kept}) if len(own) > 1 else []
        if lost and self.scorecard.ranks_reasons:
            self.losses.append(losses.reason(each.path, lost, reasons["reason"]))
        return reasons

    @staticmethod
    def _own_codes(each: Characteristic, places: set[int]) -> set[str]:
        return {code for place in places if (code := each.attributes[place].reason or each.reason)}

    def _code(self, written: str, about: InputField, note: Text) -> str:
        code = code_of(written)
        if self.codes.setdefault(code, written) != written:
            raise CodeNotUsable("reasonCode", written, other=self.codes[code], code=code)
        text = about.text[:MOST_TEXT]
        shown = {"rank": FIRST_RANK + len(self.reasons), "zh": f"{text}{note.zh}", "en": f"{text}{note.en}"}
        self.reasons.setdefault(code, shown)
        return code

    # -- one pair --------------------------------------------------------------------------------------------------------

    def _pair(self, each: Characteristic, cells: Cells) -> dict[str, Any]:
        down, across = self._side(cells.down), self._side(cells.across)
        lowest = min(attribute.points for attribute in each.attributes)
        points: list[list[int]] = []
        gaps: list[str] = []
        for row in _places(cells.down):
            points.append([])
            for column in _places(cells.across):
                cell = None if row is None or column is None else row * cells.width + column
                found = next((a for a in each.attributes if cell is not None and holds(a.predicate, Decimal(cell))), None)
                points[-1].append(lowest if found is None else found.points)
                gaps += [f"row {len(points)}, column {len(points[-1])}"] if found is None else []
        if gaps:
            self.losses.append(losses.gap(each.path, gaps, lowest))
        self._count(each, [value for row in points for value in row])
        return {"reason": self._pair_code(each, cells), "down": down, "across": across, "points": points}

    def _side(self, side: Side) -> dict[str, Any]:
        about = self.scorecard.inputs[side.field]
        return {"input": self.inputs[side.field], "bins": [self._place(about, bin_) for bin_ in side.binned.bins]}

    def _pair_code(self, each: Characteristic, cells: Cells) -> str:
        own = {attribute.reason for attribute in each.attributes if attribute.reason} - {each.reason}
        kept = each.reason or each.name
        texts = [self.scorecard.inputs[name].text for name in (cells.down.field, cells.across.field)]
        code = self._code(kept, InputField(each.name, "int", " x ".join(texts)), NOTHING)
        if own and self.scorecard.ranks_reasons:
            self.losses.append(losses.reason(each.path, sorted(own), code))
        return code


def _places(side: Side) -> list[int | None]:
    """The row or column of each bin of a side, missing last; None where the field gives no score."""
    order = [*(bin_.attribute for bin_ in side.binned.bins), side.binned.missing]
    return [None if place == GAP else side.places[place] for place in order]
