"""A small bundle of three products, and what a steady customer is answered under it."""

from __future__ import annotations

import datetime as dt
import functools
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from shouxin.desk.advice import Matching, Need, match, position_of
from shouxin.desk.advice.told import Teller
from shouxin.desk.decisions import Assessor
from shouxin.engines.policy.compile import Policy
from shouxin.engines.policy.read import read_facts
from tests.bundles import Change, policy_of

DAY = dt.date(2026, 7, 1)
YUAN = 100

HOME = """\
zh: 家居贷
en: Home line
purpose: consumption
minimum: 500
maximum: 30000
step: 100
minimum_reason: BELOW_MINIMUM
maximum_reason: PRODUCT_MAXIMUM
terms:
  - {method: equal_principal, months: [12, 24]}
  - {method: interest_only, months: [12]}
price: {table: home-line-price, upfront_fee: 1}
affordability: {capacity: monthly_capacity, months: 24, reason: AFFORDABILITY}
eligibility:
  - {code: SCORE_LOW, when: score < 500}
uses: {allowed: [renovation, education], forbidden: [shares], proof_above: 10000, entrusted_above: 20000}
"""
TOOL = """\
zh: 备货贷
en: Tool line
purpose: business
minimum: 500
maximum: 10000
step: 100
minimum_reason: BELOW_MINIMUM
maximum_reason: PRODUCT_MAXIMUM
terms:
  - {method: equal_instalment, months: [12]}
price: {table: tool-line-price}
eligibility:
  - {code: NEW_IN_WORK, when: months_employed < 6, effect: refer}
uses: {allowed: [stock, renovation], forbidden: [shares, travel]}
"""
REASONS = """\
reasons:
  NEW_IN_WORK: {rank: 120, zh: 现职工作时间不满6个月。, en: In the present job for less than 6 months.}
  HELD_TOGETHER: {rank: 130, zh: 不能与正在使用的另一产品同时持有。, en: Not beside another one in use.}
"""
EXPOSURE = "order: [cash-line, home-line, tool-line]\nceiling_reason: TOTAL_LINE\n"
APART = EXPOSURE + "exclusive:\n  - {products: [home-line, tool-line], mode: displace, reason: HELD_TOGETHER}\n"
SHOP: dict[str, Change] = {
    "products/home-line.yaml": HOME,
    "products/tool-line.yaml": TOOL,
    "tables/home-line-price.csv": "# mark: A\ntier,rate\n,6.00\n",
    "tables/tool-line-price.csv": "# mark: A\ntier,rate\n,12.00\n",
    "reasons/shop.yaml": REASONS,
    "exposure.yaml": EXPOSURE,
}


@functools.cache
def shop(exposure: str = EXPOSURE) -> Policy:
    """The bundle; compiled once for each way in which its products stand to each other."""
    with tempfile.TemporaryDirectory() as folder:
        return policy_of(Path(folder), {**SHOP, "exposure.yaml": exposure})


def need(amount: int, purpose: str = "renovation", months: int | None = None) -> Need:
    """A need today, in yuan."""
    return Need(amount * YUAN, purpose, DAY, months)


def answered(wanted: Need, policy: Policy | None = None, **changes: Any) -> Matching:
    """The matching of the steady customer with changed facts."""
    return asked(wanted, policy or shop(), changes)[0]


def asked(wanted: Need, policy: Policy, changes: Mapping[str, Any], lang: str = "en") -> tuple[Matching, Teller]:
    """The matching of the steady customer with changed facts, and who tells it."""
    facts = read_facts(policy.plan, {**policy.bundle.profiles["steady"], **changes})
    decision = Assessor(policy).assess(facts, wanted.day)
    return match(policy, decision, wanted, position_of(policy, decision, facts)), Teller(policy, decision, facts, lang)
