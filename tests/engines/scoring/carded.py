"""Cards to score with, and rows full of what can stand in a data file: at and beside every bound, missing, special, unseen."""

from __future__ import annotations

import functools
import json
import math
import random
from collections.abc import Sequence
from typing import Any

from shouxin.engines.scoring.cards.card import Card, read_card

CARD = r"""
zh: 评分卡
en: Scorecard
base: 612
characteristics:
  times_late_90:
    input: times_late_90
    direction: down
    reason: TIMES_LATE_90
    special_reason: TIMES_LATE_90_SPECIAL
    missing: -12
    missing_reason: TIMES_LATE_90_MISSING
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
    missing: 0
    bins:
      - {below: 0.3, points: 40, rows: 5000, bads: 100}
      - {below: 0.9, points: 10, rows: 4000, bads: 300}
      - {points: -35, rows: 1000, bads: 250}
  purpose:
    input: purpose
    direction: either
    reason: PURPOSE
    missing: 0
    missing_reason: PURPOSE_MISSING
    bins:
      - {in: [car, credit card], points: 8, rows: 100, bads: 10}
      - {in: [small business], points: -20, rows: 50, bads: 20}
      - {points: -3, rows: 12, bads: 2}
  owns_home:
    input: owns_home
    reason: OWNS_HOME
    missing: 1
    bins: [{in: [true], points: 5}, {points: -5}]
pairs:
  late_90_by_line_use:
    reason: LATE_90_BY_LINE_USE
    down: {input: times_late_90, bins: [{in: [96, 98]}, {below: 1}, {}]}
    across: {input: line_use, bins: [{below: 0.3}, {below: 0.9}, {}]}
    points:
      - [0, 0, 0, 0]
      - [2, 0, -1, 0]
      - [-3, -8, -12, -4]
      - [0, 0, 0, 1]
reasons:
  TIMES_LATE_90: {rank: 600, zh: 曾有逾期90天以上的记录。, en: Payments were 90 or more days late.}
  TIMES_LATE_90_SPECIAL: {rank: 601, zh: 逾期记录含义不明。, en: The record of late payments has a code.}
  TIMES_LATE_90_MISSING: {rank: 602, zh: 缺少逾期记录。, en: There is no record of late payments.}
  LINE_USE: {rank: 610, zh: 额度使用率较高。, en: Much of the line is used.}
  PURPOSE: {rank: 620, zh: 借款用途。, en: The purpose of the loan.}
  PURPOSE_MISSING: {rank: 621, zh: 未填写用途。, en: No purpose was given.}
  OWNS_HOME: {rank: 630, zh: 没有自有住房。, en: No home is owned.}
  LATE_90_BY_LINE_USE: {rank: 640, zh: 逾期记录与额度使用率。, en: Late payments together with use of the line.}
fitted:
  scale: {lowest: 350, highest: 950, anchor_score: 650, anchor_odds: 30, points_to_double: 50, calibrated: true}
  inputs:
    times_late_90: {column: NumberOfTimes90DaysLate, type: int, zh: 逾期90天及以上次数, en: 90 days late, missing_values: [99]}
    line_use: {column: Line Use, type: double, zh: 额度使用率, en: use of the line, missing_values: [-1, NA]}
    purpose:
      column: purpose
      type: enum
      zh: 用途
      en: purpose
      values: [car, credit card, small business, medical, debt cons]
      map: {"Debt (cons.)": debt cons, "O'Card \\ x": credit card}
      missing_values: [unknown]
    owns_home: {column: owns_home, type: bool, zh: 自有住房, en: owns a home, map: {Y: "true", N: "false"}}
  target: {column: bad, bad: "1", definition: 90 days late within 2 years}
  data: {name: gmsc, rows: 105000, bads: 7018, fingerprint: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa}
  split: {method: random, seed: 0, test_share: 0.3}
  calibration:
    slope: 1.02
    intercept: -0.03
    bands: [{from: 350, to: 549, rows: 100, bads: 30, pd_ppm: 250000}, {from: 550, to: 950, rows: 1000, bads: 30, pd_ppm: 30000}]
  versions: {shouxin: 0.1.0, lightgbm: 4.6.0}
  on: 2026-07-01
"""
NUMBERS = [None, math.nan, 0.0, -0.0, 1.0, 0.5, 2.0, 96.0, 97.0, 98.0, 99.0, -1.0, -5.0, 1e300, math.inf, -math.inf]
WORDS = [None, "", "car", "credit card", "small business", "medical", "debt cons", "Debt (cons.)", "O'Card \\ x", "unknown"]
UNSEEN = ["boat", "CAR", " car", "car ", "授信", "car\n", "null", "'; DROP TABLE t; --", "\\", "%", "0"]
VALUES: dict[str, Sequence[Any]] = {
    "NumberOfTimes90DaysLate": [None, 0, 1, 2, 3, 95, 96, 97, 98, 99, -5, 2**53 + 1, -(2**62)],
    "Line Use": [*NUMBERS, 0.3, math.nextafter(0.3, 0), math.nextafter(0.3, 1), 0.1 + 0.2, 0.9, math.nextafter(0.9, 0), 5e-324],
    "purpose": [*WORDS, *UNSEEN],
    "owns_home": [None, True, False],
}
TEXTS: dict[str, Sequence[str | None]] = {
    "NumberOfTimes90DaysLate": [
        None,
        "",
        " ",
        "0",
        "1",
        "1.0",
        " 2 ",
        "96",
        "98.00",
        "99",
        "99.0",
        "+1",
        "-5",
        "1e0",
        "9.6E+1",
        "nan",
    ],
    "Line Use": [
        "NA",
        " NA",
        "-1",
        "-1.00",
        "0.3",
        ".3",
        "0.30000",
        "3e-1",
        "0.9",
        "1.",
        "inf",
        "-Infinity",
        "NaN",
        "+INF",
        "",
        None,
    ],
    "purpose": [*WORDS, *UNSEEN],
    "owns_home": [None, "", "Y", "N", "true", "FALSE", " True ", "1", "0", "1.0", "0.0"],
}


@functools.cache
def card() -> Card:
    """A card with everything: special values, missing values, words that are mapped, a pair."""
    return read_card(CARD, "card.yaml")


def rows_of(values: dict[str, Sequence[Any]], count: int, seed: int) -> list[dict[str, Any]]:
    """Random rows: every value of every column somewhere, since `count` is far more than there are values."""
    source = random.Random(seed)
    return [{name: source.choice(each) for name, each in values.items()} for _ in range(count)]


def random_card(seed: int) -> tuple[Card, dict[str, Sequence[Any]]]:
    """A random card of up to ten characteristics and three pairs, and for each of its columns the values to draw from."""
    source = random.Random(seed)
    kinds = [source.choice(["double", "int", "money", "enum", "codes", "bool"]) for _ in range(source.randint(2, 10))]
    made = [_MAKERS.get(kind, _number)(source) for kind in kinds]
    names = [f"x{index}" for index in range(len(kinds))]
    characteristics = {}
    inputs: dict[str, Any] = {}
    for name, kind, (bins, reading, _) in zip(names, kinds, made, strict=True):
        scored = [{**each, "points": source.randint(-60, 60)} for each in bins]
        characteristics[name] = {"input": name, "reason": "ONE", "missing": source.randint(-60, 60), "bins": scored}
        kind = "enum" if kind == "codes" else kind
        inputs[name] = {"column": f"Column {name}", "type": kind, "zh": "项", "en": "item", **reading}
    pairs = {}
    for index in range(source.randint(0, 3)):
        down, across = source.randrange(len(names)), source.randrange(len(names))
        matrix = [[source.randint(-9, 9) for _ in range(len(made[across][0]) + 1)] for _ in range(len(made[down][0]) + 1)]
        axes = {side: {"input": names[at], "bins": made[at][0]} for side, at in (("down", down), ("across", across))}
        pairs[f"p{index}"] = {"reason": "TWO", "points": matrix, **axes}
    reasons = {code: {"rank": 600, "zh": "项", "en": "item"} for code in ("ONE", "TWO")}
    fitted = {"scale": {"lowest": 300, "highest": 900, "points_to_double": 40}, "inputs": inputs}
    data = {"zh": "卡", "en": "card", "base": source.randint(400, 800), "characteristics": characteristics}
    text = json.dumps({**data, "pairs": pairs, "reasons": reasons, "fitted": fitted}, ensure_ascii=False)  # JSON is YAML
    return read_card(text, f"card-{seed}.yaml"), {f"Column {name}": each[2] for name, each in zip(names, made, strict=True)}


Made = tuple[list[dict[str, Any]], dict[str, Any], list[Any]]


def _number(source: random.Random) -> Made:
    """Bounds anywhere, and up to fourteen special values, zero among them."""
    bounds = sorted(source.sample([-5, -1, 0, 0.1, 0.3, 1, 2, 30, 1000000.5], source.randint(0, 6)))
    specials = source.sample([0, -3, 7, 0.2, 1, 11, 12, 13, 14, 15, 16, 17, 18, 19], source.choice([0, 0, 2, 14]))
    bins = [{"in": specials}] if specials else []
    values = [near for at in [*bounds, *specials] for near in (float(at), math.nextafter(at, -9e9), math.nextafter(at, 9e9))]
    return [*bins, *({"below": each} for each in bounds), {}], {"missing_values": [99, -99.5]}, [*values, *NUMBERS, -99.5]


def _word(source: random.Random) -> Made:
    known = [f"word {index}" for index in range(source.randint(1, 30))]
    cuts = sorted(source.sample(range(len(known) + 1), source.randint(0, 1)))
    groups = [group for group in (known[: cuts[0]], known[cuts[0] :]) if group] if cuts else [known]
    reading = {"values": known, "map": {"Word": known[0]}, "missing_values": ["?"]}
    return [*({"in": group} for group in groups), {}], reading, [*known, "Word", "?", None, "", "never seen", "'"]


def _code(source: random.Random) -> Made:
    """Codes that the file keeps as whole numbers in a column of doubles; those below zero have another name in the card."""
    codes = source.sample(range(-2, 40), source.randint(1, 12))
    names = {code: f"minus {-code}" if code < 0 else str(code) for code in codes}
    renamed = {str(code): name for code, name in names.items() if code < 0}
    reading = {"values": list(names.values()), "map": renamed, "missing_values": [41]}
    return [{"in": list(names.values())}, {}], reading, [*map(float, codes), 41.0, 77.0, None, math.nan, -0.0, 4e14, 0.5]


def _flag(source: random.Random) -> Made:
    return [{"in": [source.choice([True, False])]}, {}], {}, [True, False, None]


_MAKERS = {"enum": _word, "codes": _code, "bool": _flag}
