"""A fitted card in a copy of the starter bundle: special values, an inline pair, other and unseen words."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from shouxin.engines.policy.compile import Policy, compile_policy
from tests.bundles import Change, copy_bundle

CARD = "scorecards/persons.yaml"
FACTS = """\
  line_use: {type: double, if_absent: missing, source: profile, zh: 授信额度使用率, en: share of credit lines in use}
  purpose:
    type: enum
    values: [car, credit card, small business, other]
    map: {auto: car}
    otherwise: other
    if_absent: missing
    source: profile
    zh: 贷款用途
    en: purpose of the loan
  insured: {type: bool, if_absent: missing, source: profile, zh: 已投保, en: insured}
"""
FITTED = """\
zh: 评分卡
en: Scorecard
base: 640
characteristics:
  overdue:
    input: worst_overdue_24m
    direction: down
    reason: OVERDUE_HISTORY
    special_reason: OVERDUE_UNSAID
    missing: -12
    missing_reason: OVERDUE_MISSING
    missing_rows: 199
    missing_bads: 103
    bins:
      - {in: [996, 998], points: -40, rows: 199, bads: 103}
      - {in: [1999], points: 3}
      - {below: 1, points: 33, rows: 99150, bads: 4561}
      - {below: 31, points: -20, rows: 3688, bads: 1232}
      - {points: -45, rows: 1963, bads: 1056}
  line_use:
    input: line_use
    direction: down
    reason: LINE_USE
    missing: 0
    bins: [{in: [-1, -9.5], points: 6}, {below: 0.3, points: 20}, {below: 0.9, points: 5}, {points: -30}]
  income:
    input: monthly_income
    direction: up
    reason: INCOME
    missing: -5
    bins: [{in: [0.01], points: 7}, {below: 3000.50, points: -9}, {points: 12}]
  purpose:
    input: purpose
    reason: PURPOSE
    missing: 0
    missing_reason: PURPOSE_MISSING
    bins:
      - {in: [car, credit card], points: 8}
      - {in: [small business], points: -20}
      - {points: -3}
  insured: {input: insured, direction: up, reason: INSURED, missing: 0, bins: [{in: [true], points: 5}, {points: -5}]}
  housing: {input: housing, reason: HOUSING, missing: 99, bins: [{in: [owned], points: 4}, {points: 1}]}
pairs:
  overdue_by_use:
    reason: OVERDUE_BY_USE
    down: {input: worst_overdue_24m, bins: [{in: [996, 998]}, {below: 1}, {}]}
    across: {input: line_use, bins: [{below: 0.3}, {below: 0.9}, {}]}
    points:
      - [0, 0, 0, 0]
      - [2, 0, -1, 0]
      - [-3, -8, -12, -4]
      - [0, 0, -6, 1]
  purpose_by_housing:
    reason: PURPOSE_BY_HOUSING
    down: {input: purpose, bins: [{in: [car]}, {}]}
    across: {input: housing, bins: [{in: [owned, mortgaged]}, {}]}
    points: [[3, 1, 50], [0, -2, 50], [0, -1, 50]]
reasons:
  OVERDUE_HISTORY: {rank: 500, zh: 这句话不会出现, en: the bundle has this code}
  OVERDUE_UNSAID: {rank: 601, zh: 逾期情况未说明, en: How long payments were overdue was not said.}
  OVERDUE_MISSING: {rank: 602, zh: 没有逾期信息, en: It is not known whether payments were overdue.}
  LINE_USE: {rank: 603, zh: 额度使用率较高, en: Much of your credit lines is in use.}
  INCOME: {rank: 604, zh: 收入较低, en: Your income is low.}
  PURPOSE: {rank: 605, zh: 贷款用途, en: What the loan is for.}
  PURPOSE_MISSING: {rank: 606, zh: 未说明贷款用途, en: It was not said what the loan is for.}
  INSURED: {rank: 607, zh: 未投保, en: You are not insured.}
  OVERDUE_BY_USE: {rank: 608, zh: 逾期与额度使用率, en: Overdue payments with much of your credit lines in use.}
  PURPOSE_BY_HOUSING: {rank: 609, zh: 贷款用途与住房情况, en: What the loan is for together with your housing.}
fitted:
  scale: {lowest: 350, highest: 950, anchor_score: 650, anchor_odds: 30, points_to_double: 50}
  inputs:
    worst_overdue_24m:
      column: overdue
      type: int
      zh: 最长逾期天数
      en: longest overdue, days
      missing_values: [-1, 0.5, none]
    line_use: {column: use, type: double, zh: 额度使用率, en: share of credit lines in use}
    monthly_income: {column: income, type: money, zh: 月收入, en: monthly income}
    purpose:
      column: purpose
      type: enum
      zh: 贷款用途
      en: purpose of the loan
      values: [car, credit card, small business, other]
      map: {"Auto (new)": car}
    insured: {column: insured, type: bool, zh: 已投保, en: insured}
    housing: {column: housing, type: enum, zh: 住房情况, en: housing, values: [owned, mortgaged, rented, other]}
  segment: persons
  target: {column: bad, bad: "1", definition: 90 days past due, performance_window: 24 months}
  data:
    name: persons.csv
    rows: 105000
    bads: 6952
    fingerprint: e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
    true_bad_rate: 0.175
  split: {method: random, seed: 0, test_share: 0.3}
  calibration:
    slope: 1.02
    intercept: -0.01
    bands:
      - {from: 350, to: 649, rows: 9000, bads: 4000, pd_ppm: 61000}
      - {from: 650, to: 950, rows: 96000, bads: 2952, pd_ppm: 20000}
  method: {boosted: stumps, rounds: 300, rate: 0.05, monotone: true}
  allowed: [use]
  versions: {shouxin: "0.1", python: "3.12"}
  on: 2026-06-30
"""


def fitted_bundle(to: Path, *edits: tuple[str, str], changes: Mapping[str, Change] | None = None) -> Path:
    """A copy of the starter bundle with the fitted card, edited: the old text of each edit must be there once."""
    text = FITTED
    for old, new in edits:
        assert text.count(old) == 1, f"the card holds {old!r} {text.count(old)} times"
        text = text.replace(old, new)
    return copy_bundle(to, {"facts.yaml": ("  bureau_status:\n", f"{FACTS}  bureau_status:\n"), CARD: text, **(changes or {})})


def fitted_policy(to: Path, *edits: tuple[str, str]) -> Policy:
    """The same, compiled."""
    return compile_policy(fitted_bundle(to, *edits))
