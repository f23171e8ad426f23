"""What drawn money may be used for: the product's allowed and forbidden uses, the payee's trade, proof, entrusted payment."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from shouxin.desk.servicing import errors
from shouxin.engines.policy.model import ProductFile
from shouxin.engines.policy.product_shapes import PaperShape, ProofShape, UsesShape
from shouxin.foundation.money import show_amount, write_amount

SHA256 = re.compile(r"[0-9a-f]{64}")
ORDER = (
    errors.PurposeForbidden,
    errors.PurposeUnknown,
    errors.MerchantCategoryUnknown,
    errors.MerchantCategoryForbidden,
    errors.ProofOfUseMissing,
    errors.ProofKindNotNamed,
    errors.ProofKindUnknown,
    errors.ProofKindMissing,
    errors.PayeeMissing,
)


@dataclass(frozen=True, slots=True)
class Proof:
    """A document that proves the use. kind: of the papers that the product names; None where it names none."""

    sha256: str
    kind: str | None = None


class Use(Protocol):
    """What of a draw says what it is for."""

    @property
    def amount(self) -> int:
        """Minor units."""

    @property
    def purpose(self) -> str:
        """A use that the product names."""

    @property
    def payee(self) -> object | None:
        """Who is paid instead of the borrower."""

    @property
    def merchant_category(self) -> str | None:
        """The payee's trade."""

    @property
    def proof(self) -> Sequence[Proof]:
        """Documents."""


def check_use(product: ProductFile, use: Use) -> None:
    """Raises the refusals of `ORDER`, the first that applies."""
    uses, allowed = product.uses, ", ".join(product.uses.allowed)
    if use.purpose in uses.forbidden:
        raise errors.PurposeForbidden("purpose", use.purpose, allowed=allowed)
    if use.purpose not in uses.allowed:
        raise errors.PurposeUnknown("purpose", use.purpose, allowed=allowed)
    if use.merchant_category is not None:
        if not is_category(use.merchant_category):
            raise errors.MerchantCategoryUnknown("merchant_category", use.merchant_category)
        if use.merchant_category in uses.forbidden_categories:
            raise errors.MerchantCategoryForbidden("merchant_category", use.merchant_category, category=use.merchant_category)
    _check_proof(uses, use)
    if uses.entrusted_above is not None and use.amount > uses.entrusted_above and use.payee is None:
        raise errors.PayeeMissing("payee", write_amount(use.amount), above=show_amount(uses.entrusted_above))


def papers_wanted(uses: UsesShape, amount: int) -> list[ProofShape]:
    """The lines of papers of each of which a draw of that amount needs one; none where the product names no papers."""
    return [each for each in uses.proof if amount > each.above]


def _check_proof(uses: UsesShape, use: Use) -> None:
    unreadable = [each.sha256 for each in use.proof if SHA256.fullmatch(each.sha256) is None]
    unproven = not uses.proof and not use.proof and uses.proof_above is not None and use.amount > uses.proof_above
    if unreadable or unproven:
        above = show_amount(uses.proof_above or 0)
        raise errors.ProofOfUseMissing("proof", unreadable[0] if unreadable else write_amount(use.amount), above=above)
    papers = {kind: paper for each in uses.proof for kind, paper in each.papers.items()}
    for given in use.proof:
        if not papers and given.kind is not None:
            raise errors.ProofKindNotNamed("proof", given.kind)
        if papers and given.kind not in papers:
            raise errors.ProofKindUnknown("proof", given.kind or given.sha256, **_named(papers))
    kinds = {each.kind for each in use.proof}
    for wanted in papers_wanted(uses, use.amount):
        if not kinds & wanted.papers.keys():
            raise errors.ProofKindMissing(
                "proof", write_amount(use.amount), above=show_amount(wanted.above), **_named(wanted.papers)
            )


def _named(papers: Mapping[str, PaperShape]) -> dict[str, str]:
    """Kinds of paper in both languages, each with how it is written."""
    zh = "、".join(f"{kind}（{each.zh}）" for kind, each in papers.items())
    return {"kinds_zh": zh, "kinds_en": ", ".join(f"{kind} ({each.en})" for kind, each in papers.items())}


@lru_cache(maxsize=4096)
def is_category(code: str) -> bool:
    """Whether ISO 18245 has that merchant category code.

    >>> is_category("5411"), is_category("0001"), is_category("shop")
    (True, False, False)
    """
    import iso18245

    try:
        iso18245.get_mcc(code)
    except (ValueError, iso18245.InvalidMCC, iso18245.MCCNotFound):
        return False
    return True
