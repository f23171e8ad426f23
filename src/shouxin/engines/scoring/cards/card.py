"""A fitted scorecard, read from its file and checked: the one value that everything about a card works on.

    card = read_card(Path("card.yaml").read_text(encoding="utf-8"), "card.yaml")
    score_one(card, {"age": 35, "purpose": "car"})  # score_one.py
    card_sql(card, DUCKDB, "applications")  # card_sql.py

What a card decides is in its points; what it was made of is under `fitted`, and of that only the inputs and the scale are used.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from shouxin.engines.policy.card_shapes import FittedInputShape, FittedShape, ScorecardFile
from shouxin.engines.policy.compile import Policy
from shouxin.engines.policy.errors import BundleRefused, Fault, fault
from shouxin.engines.policy.source import YamlFile, read_yaml
from shouxin.engines.scoring.cards.embed import CARD_FILE, FACTS_FILE, NUMBERS, compiled, shape_of


@dataclass(frozen=True)
class Card:
    """A fitted card that can be scored.

    name: the file's name, as it is told in messages
    text: the file as it is
    file: its plain data, with the line of every value
    """

    name: str
    text: str
    shape: ScorecardFile = field(compare=False, repr=False)
    file: YamlFile = field(compare=False, repr=False)

    @property
    def fitted(self) -> FittedShape:
        """What the card was made of."""
        assert self.shape.fitted is not None
        return self.shape.fitted

    @property
    def inputs(self) -> Mapping[str, FittedInputShape]:
        """The inputs that its points depend on, in the order of `fitted.inputs`; what else stands there is not read."""
        used = {name for _, name in _uses(self.shape)}
        return {name: each for name, each in self.fitted.inputs.items() if name in used}

    @property
    def policy(self) -> Policy:
        """The card in a policy of its own, compiled once."""
        return _policy_of(self)

    @property
    def parts(self) -> tuple[str, ...]:
        """The names of what gives points, in order: characteristics, then pairs."""
        return (*self.shape.characteristics, *self.shape.pairs)


class CardRefused(BundleRefused):
    """A card that cannot be used. Carries every fault found, in order of line."""


@functools.lru_cache(maxsize=64)
def _policy_of(card: Card) -> Policy:
    return compiled(card.text, card.shape)


def read_card(text: str, name: str = "card.yaml") -> Card:
    """The card of a file's text.

    Raises CardRefused with every fault that is found: file and line, what stands there, what would be right. Faults of
    form (YAML, keys, kinds of values) come first, together; then those of bins, inputs and reasons, together.
    """
    faults: list[Fault] = []
    file = read_yaml(name, text, faults)
    if file is None or faults:
        raise CardRefused(faults)
    fitted = file.data.get("fitted") if isinstance(file.data, dict) else None
    if not isinstance(fitted, dict):
        right = "a fitted card, with its inputs under `fitted`, as `shouxin score fit` writes it; an expert's card has a bundle"
        raise CardRefused([fault(file.place("fitted"), "E-CARD", name if fitted is None else fitted, right)])
    scale = fitted.get("scale")
    try:
        shape = shape_of(text, scale if isinstance(scale, dict) else {})
        card = Card(name, text, shape, file)
        faults += _faults_of_inputs(card)
        _policy_of(card)
    except BundleRefused as refused:
        faults += _at_card(refused.faults, file)
    if faults:
        raise CardRefused(faults)
    return card


def _at_card(faults: tuple[Fault, ...], file: YamlFile) -> Iterator[Fault]:
    """Faults of the bundle around a card, told as faults of the card's file."""
    own = [each for each in faults if each.file in (CARD_FILE, FACTS_FILE)]
    for each in own or faults:
        if each.code == "E-UNKNOWN":  # an input that is not there is told by `_faults_of_inputs`
            continue
        if each.file == CARD_FILE:
            right = each.right.replace("reasons.yaml has no such code: give it", "`reasons` has no such code: give it")
            yield replace(each, file=file.name, right=right)
        else:
            place = file.place("fitted", "inputs", each.text) if each.file == FACTS_FILE else file.place()
            yield replace(each, file=place.file, line=place.line)


def _faults_of_inputs(card: Card) -> Iterator[Fault]:
    """What a bundle does not ask of its facts: how the card's inputs are read from a file, and that all are there."""
    known = card.fitted.inputs
    for path, name in _uses(card.shape):
        if name not in known:
            right = f"one of the inputs under `fitted`: {', '.join(known)}"
            yield fault(card.file.place(*path, "input"), "E-INPUT", name, right)
    for name, each in known.items():
        place = card.file.place("fitted", "inputs", name)
        allowed = each.values if each.type == "enum" else ["true", "false"] if each.type == "bool" else []
        for written, word in each.map.items():
            if word not in allowed:
                right = f"a map leads to {', '.join(allowed)}" if allowed else "numbers have no map"
                yield fault(place, "E-INPUT", f"{name}: {written}: {word}", right)
    yield from _specials_that_are_missing(card)


def _specials_that_are_missing(card: Card) -> Iterator[Fault]:
    for name, each in card.shape.characteristics.items():
        read = card.fitted.inputs.get(each.input)
        for index, part in enumerate(each.bins if read is not None and read.type in NUMBERS else ()):
            for value in part.within or ():
                if read is not None and value in read.missing_values:
                    place = card.file.place("characteristics", name, "bins", index)
                    yield fault(place, "E-BINS", value, f"special, or among the missing values of {each.input}; not both")


def _uses(shape: ScorecardFile) -> Iterator[tuple[tuple[str, ...], str]]:
    """(place, input) of every characteristic and every side of a pair."""
    for name, each in shape.characteristics.items():
        yield ("characteristics", name), each.input
    for name, pair in shape.pairs.items():
        for side, axis in (("down", pair.down), ("across", pair.across)):
            if axis is not None:
                yield ("pairs", name, side), axis.input
