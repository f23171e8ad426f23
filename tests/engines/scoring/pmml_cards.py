"""Cards to exchange: one with everything that a card may have, and random ones; random rows of data for them."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from shouxin.engines.scoring.cards.card import Card, read_card

WHOLE = """\
# A card with everything: 特殊值, missing values, texts read as others, flags, pairs.
zh: 评分卡
en: Scorecard <"&">
base: 612
characteristics:
  times_late:
    input: times_late
    direction: down
    reason: TIMES__LATE
    special_reason: TIMES_LATE_SPECIAL
    missing: -12
    missing_reason: TIMES_LATE_MISSING
    missing_rows: 199
    missing_bads: 103
    bins:
      - {in: [96, 98], points: -40, rows: 199, bads: 103}
      - {below: 1, points: 33, rows: 99150, bads: 4561}
      - {below: 2, points: -20, rows: 3688, bads: 1232}
      - {points: -45, rows: 1963, bads: 1056}
  line_use:
    input: line_use
    direction: down
    reason: LINE_USE
    missing: 3
    bins: [{below: 0.3, points: 20}, {below: 0.9, points: 1}, {points: -30}]
  purpose:
    input: purpose
    reason: PURPOSE
    missing: 0
    bins:
      - {in: [car, credit card, debt cons], points: 8}
      - {in: [small business], points: -20}
      - {points: -3}
  owns_home:
    input: owns_home
    reason: OWNS_HOME
    missing: -1
    bins: [{in: [true], points: 5}, {points: -5}]
  employed:
    input: employed
    reason: EMPLOYED
    missing: 2
    bins: [{in: [false], points: -6}, {points: 6}]
pairs:
  late_by_line_use:
    reason: LATE_BY_LINE_USE
    down: {input: times_late, bins: [{in: [96, 98]}, {below: 1}, {}]}
    across: {input: line_use, bins: [{below: 0.3}, {below: 0.9}, {}]}
    points: [[0, 0, 0, 0], [2, 0, -1, 0], [-3, -8, -12, -4], [0, 0, 0, 7]]
  purpose_by_home:
    reason: PURPOSE_BY_HOME
    down: {input: purpose, bins: [{in: [car, debt cons]}, {in: [small business]}, {}]}
    across: {input: owns_home, bins: [{in: [true]}, {}]}
    points: [[1, 2, 3], [4, 5, 6], [7, 8, 9], [10, 11, 12]]
reasons:
  TIMES__LATE: {rank: 600, zh: 逾期次数较多, en: late often}
  TIMES_LATE_SPECIAL: {rank: 601, zh: 逾期次数为特殊值, en: special number of times late}
  TIMES_LATE_MISSING: {rank: 602, zh: 缺少逾期次数, en: times late is missing}
  LINE_USE: {rank: 603, zh: 额度使用率较高, en: high use of lines}
  PURPOSE: {rank: 604, zh: 贷款用途, en: purpose of the loan}
  OWNS_HOME: {rank: 605, zh: 住房情况, en: home}
  EMPLOYED: {rank: 606, zh: 就业情况, en: employment}
  LATE_BY_LINE_USE: {rank: 607, zh: 逾期与额度使用率, en: late and high use of lines}
  PURPOSE_BY_HOME: {rank: 608, zh: 用途与住房, en: purpose and home}
fitted:
  scale: {lowest: 500, highest: 650, anchor_score: 650, anchor_odds: 30, points_to_double: 50, calibrated: true}
  inputs:
    times_late:
      column: NumberOfTimes90DaysLate
      type: int
      zh: 逾期次数
      en: times late
      missing_values: [-1, -9.5, -9999999999999999999, none]
    line_use: {column: "Use of lines, % <", type: double, zh: 额度使用率, en: use of lines}
    purpose:
      column: score
      type: enum
      zh: 用途
      en: purpose
      values: [car, credit card, small business, medical, debt cons]
      map: {"Debt \\"(cons.)\\"": debt cons, " car ": car, medical: small business, 'back\\slash': car}
      missing_values: [N/A, 0]
    owns_home: {column: owns home, type: bool, zh: 自有住房, en: owns home}
    employed: {column: 就业, type: bool, zh: 就业, en: employed, map: {在职: "true", 失业: "false"}, missing_values: [不详]}
    never_read: {column: x, type: bool, zh: 不使用, en: not used}
"""


def whole_card() -> Card:
    """The card with everything."""
    return read_card(WHOLE, "whole-card.yaml")


TEXTS = [
    "car",
    " car ",
    "credit card",
    "small business",
    "medical",
    "debt cons",
    'Debt "(cons.)"',
    "back\\slash",
    "N/A",
    "",
    "0",
    "?",
]
WHOLE_VALUES: dict[str, Sequence[Any]] = {
    "NumberOfTimes90DaysLate": [None, math.nan, 96, 98, 97, 0, 1, 0.999, 2, 1.5, -1, -9.5, -9, -1e19, 1e300, math.inf, -math.inf],
    "Use of lines, % <": [None, math.nan, 0.3, 0.2999999999999999, 0.30000000000000004, 0.9, 0, 5e-324, math.inf, -math.inf],
    "score": [None, *TEXTS],
    "owns home": [None, True, False],
    "就业": [None, "在职", "失业", "true", "false", "", "不详", "1", "0"],
}


def rows_of(values: dict[str, Sequence[Any]], count: int, seed: int) -> list[dict[str, Any]]:
    """Random rows of these values."""
    chance = random.Random(seed)
    return [{name: chance.choice(each) for name, each in values.items()} for _ in range(count)]


def random_card(seed: int) -> tuple[Card, dict[str, Sequence[Any]]]:
    """A random card, and values for each of its columns at, beside and between the bounds of its bins."""
    chance = random.Random(seed)
    values: dict[str, Sequence[Any]] = {}
    inputs: list[str] = []
    axes: list[tuple[str, list[str]]] = []
    rows: list[str] = []
    for place in range(chance.randint(1, 5)):
        kind = chance.choice(["double", "int", "money", "enum", "bool"])
        name = f"x{place}"
        make = {"enum": _words, "bool": _flags}.get(kind, _numbers)
        bins, more, values[f"Column {place}"] = make(chance)
        inputs.append(f"    {name}: {{column: Column {place}, type: {kind}, zh: 项, en: item{more}}}")
        axes.append((name, bins))
        points = [f"{{{', '.join(part for part in (each, f'points: {chance.randint(-60, 60)}') if part)}}}" for each in bins]
        missing = chance.randint(-60, 60)
        rows.append(f"  {name}: {{input: {name}, reason: R_{place}, missing: {missing}, bins: [{', '.join(points)}]}}")
    text = ["zh: 卡", "en: card", f"base: {chance.randint(300, 900)}", "characteristics:", *rows, *_pairs(chance, axes)]
    codes = [f"  R_{place}: {{rank: {600 + place}, zh: 项, en: item}}" for place in range(9)]
    text += ["reasons:", *codes, "fitted:", "  scale: {lowest: 350, highest: 950}", "  inputs:", *inputs]
    return read_card("\n".join(text), f"card-{seed}.yaml"), values


def _numbers(chance: random.Random) -> tuple[list[str], str, list[Any]]:
    known = [Decimal(each) for each in ("-5", "0", "1", "2", "30", "0.1", "0.3", "1000000.5")]
    bounds = sorted(chance.sample(known, chance.randint(0, 5)))
    specials = chance.sample([Decimal(each) for each in ("-3", "7", "0.2", "1")], chance.randint(0, 2))
    bins = [f"in: [{', '.join(str(each) for each in specials)}]"] if specials else []
    bins += [f"below: {each}" for each in bounds]
    values: list[Any] = [None, math.nan, math.inf, -math.inf, -99, 0.15, *map(float, specials)]
    for each in map(float, bounds):
        values += [each, math.nextafter(each, math.inf), math.nextafter(each, -math.inf)]
    return [*bins, ""], chance.choice(["", ", missing_values: [-99]"]), values


def _words(chance: random.Random) -> tuple[list[str], str, list[Any]]:
    words = chance.sample(["a", "b c", "d-e", "否", "f"], chance.randint(2, 5))
    listed = words[: chance.randint(1, len(words))]
    cut = chance.randint(0, len(listed))
    bins = [f"in: [{', '.join(part)}]" for part in (listed[:cut], listed[cut:]) if part]
    more = f", values: [{', '.join(words)}]" + chance.choice(["", f", map: {{Z Z: {words[0]}, {words[0]}: {words[1]}}}"])
    return [*bins, ""], more, [None, "", "unseen", "Z Z", *words]


def _flags(chance: random.Random) -> tuple[list[str], str, list[Any]]:
    return chance.choice([["in: [true]", ""], ["in: [false]", ""], [""]]), "", [None, True, False]


def _axis(name: str, bins: list[str]) -> str:
    return f"{{input: {name}, bins: [{', '.join(f'{{{each}}}' for each in bins)}]}}"


def _pairs(chance: random.Random, axes: list[tuple[str, list[str]]]) -> list[str]:
    if len(axes) < 2:
        return []
    (down, rows), (across, columns) = chance.sample(axes, 2)
    points = [[chance.randint(-20, 20) for _ in range(len(columns) + 1)] for _ in range(len(rows) + 1)]
    sides = _axis(down, rows), _axis(across, columns)
    return ["pairs:", f"  p: {{reason: R_8, down: {sides[0]}, across: {sides[1]}, points: {points}}}"]
