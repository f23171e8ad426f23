"""Which papers a draw needs: of every line of papers that its amount is above, one."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from shouxin.desk.servicing import errors
from shouxin.desk.servicing.uses import Proof, check_use, papers_wanted
from shouxin.foundation.refusal import Refusal
from tests.desk.servicing.lender import BUNDLE, YUAN

STOCKING, PLAIN = BUNDLE.products["business-loan-stocking"], BUNDLE.products["consumer-line"]
HASH = "ab" * 32
ORDER, INVOICE, FORECAST = (Proof(HASH, kind) for kind in ("purchase_order", "stock_invoice", "receipts_forecast"))


@dataclass(frozen=True)
class Use:
    """A draw, as far as its use goes."""

    amount: int
    proof: tuple[Proof, ...] = ()
    purpose: str = "stock"
    payee: object | None = None
    merchant_category: str | None = None


@pytest.mark.parametrize(
    ("yuan", "proof"),
    [
        (10_000, ()),
        (10_000, (FORECAST,)),  # not needed, and known
        (10_001, (ORDER,)),
        (100_000, (INVOICE,)),
        (100_000, (INVOICE, INVOICE)),
        (100_001, (INVOICE, FORECAST)),
        (100_001, (FORECAST, ORDER, INVOICE)),
    ],
)
def test_papers_that_are_enough(yuan: int, proof: tuple[Proof, ...]) -> None:
    check_use(STOCKING, Use(yuan * YUAN, proof))


@pytest.mark.parametrize(
    ("yuan", "proof", "refusal"),
    [
        (10_001, (Proof("AB" * 32, "stock_invoice"),), errors.ProofOfUseMissing),
        (10_001, (Proof(HASH),), errors.ProofKindUnknown),
        (1, (Proof(HASH),), errors.ProofKindUnknown),
        (10_001, (INVOICE, Proof(HASH, "medical_bill")), errors.ProofKindUnknown),
        (10_001, (), errors.ProofKindMissing),
        (10_001, (FORECAST,), errors.ProofKindMissing),
        (100_001, (INVOICE, ORDER), errors.ProofKindMissing),
    ],
)
def test_papers_that_are_not(yuan: int, proof: tuple[Proof, ...], refusal: type[Refusal]) -> None:
    with pytest.raises(Refusal) as refused:
        check_use(STOCKING, Use(yuan * YUAN, proof))
    assert type(refused.value) is refusal and refused.value.field == "proof"


def test_what_is_missing_is_named_in_both_languages() -> None:
    with pytest.raises(errors.ProofKindMissing) as refused:
        check_use(STOCKING, Use(150_000 * YUAN, (INVOICE,)))
    assert (
        refused.value.right("zh") == "单笔支用超过 100,000.00 须提供以下材料中的任意一项：receipts_forecast（往年同期销售流水）"
    )
    assert refused.value.right("en") == (
        "for draws above 100,000.00, one of receipts_forecast (the receipts of the same weeks a year ago)"
    )
    with pytest.raises(errors.ProofKindUnknown) as unknown:
        check_use(STOCKING, Use(1, (Proof(HASH, "bill"),)))
    assert "purchase_order（采购订单或采购合同）、stock_invoice（进货发票）、receipts_forecast" in unknown.value.right("zh")


def test_a_product_that_names_no_papers_takes_any_document() -> None:
    check_use(PLAIN, Use(50_001 * YUAN, (Proof(HASH), Proof("cd" * 32)), "shopping"))
    for proof, refusal in (((), errors.ProofOfUseMissing), ((INVOICE,), errors.ProofKindNotNamed)):
        with pytest.raises(refusal):
            check_use(PLAIN, Use(50_001 * YUAN, proof, "shopping"))


def test_the_lines_of_papers_that_an_amount_is_above() -> None:
    found = [len(papers_wanted(STOCKING.uses, yuan * YUAN)) for yuan in (10_000, 10_001, 100_000, 100_001)]
    assert found == [0, 1, 1, 2]
    assert papers_wanted(PLAIN.uses, 10**10) == []
