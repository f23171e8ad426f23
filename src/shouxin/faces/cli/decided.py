"""A decision of `shouxin decide one --json` as an offer. Read first: `read_offer`.

It counts only for what it was made for: the bundle that is in force, a product that it approved.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from shouxin.book.facilities.acts import Offer
from shouxin.engines.loans.errors import FileMalformed
from shouxin.engines.policy.load import Bundle
from shouxin.faces.cli.written import text_of
from shouxin.foundation.refusal import Refusal

MOST_BYTES = 1_000_000


class DecisionOfAnotherBundle(Refusal):
    """A decision by other rules than those in force."""

    en = "a decision by the bundle in force, {name} {hash}: decide again"
    zh = "须依据当前生效的策略包 {name}（{hash}）作出结论，请重新审批"


class ProductNotApproved(Refusal):
    """The decision does not approve that product."""

    en = "a product that the decision approves: {approved}"
    zh = "须为审批结论通过的产品：{approved}"


ORDER = (FileMalformed, DecisionOfAnotherBundle, ProductNotApproved)


def read_offer(path: Path, product: str, bundle: Bundle) -> Offer:
    """What a decision grants of a product. Raises FileUnreadable, and the refusals of `ORDER`."""
    plain = _decision(path)
    if plain.get("bundle_hash") != bundle.hash:
        limits = {"name": bundle.about.name, "hash": bundle.hash[:12]}
        raise DecisionOfAnotherBundle("decision", str(plain.get("bundle_hash"))[:12], **limits)
    try:
        approved = {each["product"]: each for each in plain["products"] if each["outcome"] == "approve"}
        if product not in approved:
            raise ProductNotApproved("product", product, approved=", ".join(approved) or "-")
        return _offer(approved[product])
    except (KeyError, TypeError, ValueError):
        raise FileMalformed("decision", path, right="what `shouxin decide one --json` prints") from None


def _offer(answer: Mapping[str, Any]) -> Offer:
    terms = tuple((str(method), tuple(int(each) for each in months)) for method, months in answer["terms"])
    if type(answer["limit"]) is not int or type(answer["rate_ppm"]) is not int:
        raise TypeError("no whole number")
    return Offer(str(answer["product"]), answer["limit"], answer["rate_ppm"], terms)


def _decision(path: Path) -> Mapping[str, Any]:
    try:
        plain = json.loads(text_of(path, "decision", MOST_BYTES))
    except (ValueError, RecursionError):
        plain = None
    if not isinstance(plain, dict):
        raise FileMalformed("decision", path, right="what `shouxin decide one --json` prints")
    return plain
