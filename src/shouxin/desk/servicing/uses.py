"""What drawn money may be used for: the product's allowed and forbidden uses, the payee's trade, proof, entrusted payment."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Protocol

from shouxin.desk.servicing import errors
from shouxin.engines.policy.model import ProductFile
from shouxin.foundation.money import show_amount, write_amount

SHA256 = re.compile(r"[0-9a-f]{64}")
ORDER = (
    errors.PurposeForbidden,
    errors.PurposeUnknown,
    errors.MerchantCategoryUnknown,
    errors.MerchantCategoryForbidden,
    errors.ProofOfUseMissing,
    errors.PayeeMissing,
)


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
    def proof(self) -> str | None:
        """SHA-256 of a document."""


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
    proven = use.proof is not None and SHA256.fullmatch(use.proof) is not None
    if (use.proof is not None or (uses.proof_above is not None and use.amount > uses.proof_above)) and not proven:
        above = show_amount(uses.proof_above or 0)
        raise errors.ProofOfUseMissing("proof", use.proof or write_amount(use.amount), above=above)
    if uses.entrusted_above is not None and use.amount > uses.entrusted_above and use.payee is None:
        raise errors.PayeeMissing("payee", write_amount(use.amount), above=show_amount(uses.entrusted_above))


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
