"""Write a fitted card as the file that it is: readable, with one line for a bin, and the same bytes for the same fit."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from shouxin.engines.scoring.fitting.card_bins import Bin

HEAD = "# Written by `shouxin score fit`. Frozen: fit anew rather than edit. `shouxin score show` prints it as a table.\n"
_PLAIN = re.compile(r"[A-Za-z\u4e00-\u9fff][\w\u4e00-\u9fff ./()+-]*\Z")
_WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n", "~"})


@dataclass(frozen=True)
class WrittenCharacteristic:
    """A characteristic as the card writes it; the missing bin apart."""

    name: str
    direction: str
    reason: str
    special: bool
    bins: Sequence[Bin]
    missing: Bin


@dataclass(frozen=True)
class WrittenPair:
    """A pair table: inputs, bins of each side, points by row and column, missing last."""

    name: str
    inputs: tuple[str, str]
    down: Sequence[Bin]
    across: Sequence[Bin]
    points: Sequence[Sequence[int]]


@dataclass(frozen=True)
class WrittenCard:
    """Everything that a card's file holds."""

    zh: str
    en: str
    when: str | None
    base: int
    characteristics: Sequence[WrittenCharacteristic]
    pairs: Sequence[WrittenPair]
    reasons: Mapping[str, Mapping[str, Any]]
    fitted: Mapping[str, Any]


def card_text(card: WrittenCard) -> str:
    """The file's text."""
    return HEAD + "\n".join(_lines(card)) + "\n"


def _lines(card: WrittenCard) -> Iterator[str]:
    yield f"zh: {scalar(card.zh)}"
    yield f"en: {scalar(card.en)}"
    if card.when is not None:
        yield f"when: {scalar(card.when)}"
    yield f"base: {card.base}"
    yield "characteristics:"
    for each in card.characteristics:
        yield from _characteristic(each)
    if card.pairs:
        yield "pairs:"
    for pair in card.pairs:
        yield from _pair(pair)
    yield "reasons:"
    for code, reason in card.reasons.items():
        yield f"  {code}: {flow(reason)}"
    yield "fitted: # what the card was made of; nothing here decides, but the scale must be the bundle's"
    yield from _block(card.fitted, 1)


def _characteristic(each: WrittenCharacteristic) -> Iterator[str]:
    yield f"  {each.name}:"
    yield f"    input: {each.name}"
    yield f"    direction: {each.direction}"
    yield f"    reason: {each.reason}"
    if each.special:
        yield f"    special_reason: {each.reason}_SPECIAL"
    yield f"    missing: {each.missing.points}"
    yield f"    missing_reason: {each.reason}_MISSING"
    yield f"    missing_rows: {each.missing.rows}"
    yield f"    missing_bads: {each.missing.bads}"
    yield "    bins:"
    for one in each.bins:
        yield f"      - {flow({**one.test, 'points': one.points, 'rows': one.rows, 'bads': one.bads})}"


def _pair(each: WrittenPair) -> Iterator[str]:
    yield f"  {each.name}:"
    yield f"    reason: {each.name.upper()}"
    for side, name, bins in (("down", each.inputs[0], each.down), ("across", each.inputs[1], each.across)):
        yield f"    {side}: {flow({'input': name, 'bins': [one.test for one in bins]})}"
    yield "    points:"
    width = max(len(str(value)) for row in each.points for value in row)
    for row in each.points:
        yield f"      - [{', '.join(str(value).rjust(width) for value in row)}]"


def _block(data: Mapping[str, Any], depth: int) -> Iterator[str]:
    """A mapping, one line per key; what it holds in turn is written in one line from the second level on."""
    for key, value in data.items():
        if isinstance(value, Mapping) and depth < 2 and key == "inputs":
            yield f"{'  ' * depth}{scalar(key)}:"
            yield from _block(value, depth + 1)
        elif isinstance(value, list) and value and isinstance(value[0], Mapping):
            yield f"{'  ' * depth}{scalar(key)}:"
            yield from (f"{'  ' * (depth + 1)}- {flow(each)}" for each in value)
        else:
            yield f"{'  ' * depth}{scalar(key)}: {flow(value)}"


def flow(value: Any) -> str:
    """A value on one line.

    >>> flow({"below": Decimal("0.35"), "in": ["a b", "yes", 96], "on": True})
    '{below: 0.35, in: [a b, "yes", 96], "on": true}'
    """
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{scalar(str(key))}: {flow(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(flow(each) for each in value)}]"
    return scalar(value)


def scalar(value: Any) -> str:
    """A plain value; text in quotes wherever YAML might read it as something else."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "null"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, int | dt.date):
        return str(value)
    text = str(value)
    plain = _PLAIN.match(text) and text.strip() == text and text.lower() not in _WORDS
    return text if plain else json.dumps(text, ensure_ascii=False)
