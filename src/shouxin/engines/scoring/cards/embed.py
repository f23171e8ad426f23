"""A card as a complete policy bundle: the least that the policy compiler takes around it.

The card's text stands in it unchanged. Its inputs are facts that may be missing, and its numbers are compared as doubles in
the unit of the data file, without bounds; so the compiler that makes Python, DuckDB and Spark of policies makes them of cards.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from shouxin.engines.policy.card_shapes import FittedInputShape, ScorecardFile
from shouxin.engines.policy.compile import Policy, compile_policy
from shouxin.engines.policy.load import Bundle, from_texts
from shouxin.engines.policy.model import Scale

CODE = "card"
CARD_FILE = f"scorecards/{CODE}.yaml"
FACTS_FILE = "facts.yaml"
PRODUCT = "no-product-of-a-card"
NUMBERS = ("double", "int", "money", "bp", "ppm")

_AROUND = {
    "rules.yaml": "rules: []",
    "exposure.yaml": f"{{order: [{PRODUCT}], ceiling_reason: OF_A_CARD_1}}",
    "reasons.yaml": f"reasons: {{{', '.join(f'OF_A_CARD_{each}: {{rank: 9999, zh: 无, en: none}}' for each in (1, 2, 3))}}}",
    f"products/{PRODUCT}.yaml": "{zh: 无, en: none, purpose: consumption, minimum: 1, maximum: 1, step: 1, "
    "minimum_reason: OF_A_CARD_2, maximum_reason: OF_A_CARD_3, terms: [{method: flexible, months: [1]}], "
    f"price: {{table: {PRODUCT}}}, uses: {{allowed: [], forbidden: []}}}}",
    f"tables/{PRODUCT}.csv": "tier,rate\nA,0\nB,0",
}


def shape_of(text: str, scale: Mapping[str, Any]) -> ScorecardFile:
    """The card's text in its shape, checked against the scale that it states itself.

    Raises BundleRefused with every fault of form; those of the card are at CARD_FILE.
    """
    return from_texts(_texts(text, scale, {})).scorecards[CODE]


def compiled(text: str, shape: ScorecardFile) -> Policy:
    """The card's policy; its characteristics, and its passes up to `score`, are those of any bundle that holds the card.

    A condition `when` says to whom a bundle applies the card; alone, it applies to everybody.

    Raises BundleRefused with every fault of bins, inputs and reason codes.
    """
    assert shape.fitted is not None
    bundle = from_texts(_texts(text, shape.fitted.scale.model_dump(), shape.fitted.inputs))
    return compile_policy(_for_everybody(bundle, shape))


def _for_everybody(bundle: Bundle, shape: ScorecardFile) -> Bundle:
    return replace(bundle, scorecards={CODE: shape.model_copy(update={"when": None})})


def _texts(text: str, scale: Mapping[str, Any], inputs: Mapping[str, FittedInputShape]) -> dict[str, str]:
    """The bundle's files by name. JSON is YAML too."""
    about = {"name": CODE, "version": "1", "licence": "bank", "zh": "评分卡", "en": "card", "scale": dict(scale)}
    facts = {
        "key": "key_of_a_card",
        "sources": {"file": {"zh": "文件", "en": "file"}},
        "facts": {name: _fact(each) for name, each in inputs.items()},
    }
    lowest = scale.get("lowest", Scale().lowest)
    starts = {"A": 9_999, "B": lowest}
    tiers = [{"name": name, "from": start, "ceiling": 0, "zh": "无", "en": "none"} for name, start in starts.items()]
    written = {"bundle.yaml": about, FACTS_FILE: facts, "tiers.yaml": {"tiers": tiers}}
    return {**{name: json.dumps(each, default=str) for name, each in written.items()}, **_AROUND, CARD_FILE: text}


def _fact(each: FittedInputShape) -> dict[str, Any]:
    kind = "double" if each.type in NUMBERS else each.type
    fact: dict[str, Any] = {"type": kind, "source": "file", "zh": each.zh, "en": each.en}
    return {**fact, "values": each.values} if kind == "enum" else fact
